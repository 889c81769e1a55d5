"""`python -m resolver.cli`."""

from resolver.cli import main

main()

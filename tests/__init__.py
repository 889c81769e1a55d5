"""The tests: a small world built in each test, values in, values out."""

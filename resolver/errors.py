"""What can go wrong, as one tree.

* ResolverError                 caught once, in `cli`: one line on stderr, exit status 1
  x InputError                  a file or argument of the user's that must be mended: names file, row and column
  + ListError                   a publisher's list that cannot come in tonight: yesterday's data stays in force
    - FetchError                it could not be fetched
    - LayoutError               its columns, elements or encoding are not the ones the list was written for
    - CountError                too few rows, a canary missing, or too many rows set aside
  + StoreError                  the data folder cannot be read or written
    - EmptyStoreError           nothing was ever fetched
* RowError                      one row that cannot be read: set aside and counted by `record.each`, never raised further

`refresh` catches ListError, `record` catches RowError, `cli` catches ResolverError, nobody else catches.
"""


class ResolverError(Exception):
    """Any error whose message is one line for the user: what was wrong, where, and what to do."""


class InputError(ResolverError):
    """A file or an argument of the user's that a person must mend."""


class ListError(ResolverError):
    """A public list or registry that cannot come in; the last good data stays in force."""


class FetchError(ListError):
    """The publisher's file could not be fetched."""


class LayoutError(ListError):
    """The publisher's file is not in the layout that the list was written for."""


class CountError(ListError):
    """Too few rows, a missing canary, or too many rows set aside."""


class StoreError(ResolverError):
    """The data folder cannot be read or written."""


class EmptyStoreError(StoreError):
    """Nothing was ever fetched into the data folder."""


class RowError(Exception):
    """One row of a source that cannot be read. The message is the reason it is set aside for."""

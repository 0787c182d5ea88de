# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What goes wrong, as exceptions."""

from __future__ import annotations


class Error(Exception):
    """A store that cannot be opened, a node that is gone, a search that was interrupted."""


class QueryError(Error):
    """A mistake in a query, and where it is.

    >>> import vrc
    >>> graph = vrc.from_edges([("main", "work")])
    >>> try:
    ...     graph.functions("main | work")
    ... except vrc.QueryError as error:
    ...     print(error)
    '|' is not expected here
      main | work
           ^
    """

    def __init__(self, message: str, offset: int, text: str) -> None:
        super().__init__(message, offset, text)
        #: what is wrong, in words
        self.message = message
        #: of the first character of what is wrong, in ``text``
        self.offset = offset
        #: the query
        self.text = text

    def __str__(self) -> str:
        # Only the line with the mistake, and tabs stay tabs, so that the caret stands below it.
        start = self.text.rfind("\n", 0, self.offset) + 1
        line = self.text[start:].split("\n", 1)[0]
        before = line[: self.offset - start]
        blanks = "".join(c if c == "\t" else " " for c in before)
        blanks += " " * (self.offset - start - len(before))
        return f"{self.message}\n  {line}\n  {blanks}^"

"""One grid for all that has cells: tables with the texts that stand between them.

Every front end (xlsx, docx, html, csv, pdf) turns its document into a `Grid`; one reader
of forms (`forms/grid`) works on it.  A grid holds what is shown and where, no meaning.
"""

from dataclasses import dataclass

from audit_utils.records import Quote


@dataclass(frozen=True, slots=True)
class GridCell:
    """One cell as it is shown; a merged area is one cell at its top left.

    `text` keeps inner line breaks as newlines; it is empty for an empty cell.  `row` and
    `column` count from 1 in the table, through all pages that the table runs over; `rows`
    and `columns` are the cell's span.  `page` is the page, or the number of the sheet.
    `line` is the row that people count: its number in the sheet (xlsx, csv), else a
    running number of rows and text lines through the document; (page, line) is unique in
    a document for a row.  Where a text gives each cell its own lines, it is the first of
    these, and `line_end` the last (0: a row is a line).  `address` is the place for people
    (`C12`, `自评表!C12`), unique within a page.  `note` says why the cell had to be inferred,
    `doubt` why the text may not be what the cell shows; both are empty else.
    """

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1
    page: int = 1
    line: int = 0
    address: str = ""
    line_end: int = 0
    note: str = ""
    doubt: str = ""

    @property
    def bottom(self) -> int:
        """The last row that the cell covers."""
        return self.row + self.rows - 1

    @property
    def right(self) -> int:
        """The last column that the cell covers."""
        return self.column + self.columns - 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table, one even if it runs over pages.

    `cells` are sorted by row, then column, and do not overlap.  An empty cell may be left
    out unless it is merged; where a document shows the box of an empty cell (pdf, docx,
    html) it is better given.  `before` are the lines of text that stand between the table
    before (or the start of the document, or of the sheet) and this one, outside of any
    table: title, year, unit of money, who filled it in, each with its page and line.

    In a table that runs over pages, columns are aligned through all of them (a column of
    one page is the same column on the next), and rows are numbered through.  What a page
    break cuts stays as each page shows it: the two parts of a row are two rows, a merged
    cell has a part (often an empty one) on either page.  The reader of forms joins them,
    because it takes the columns' meaning to tell a cut row from two rows.
    """

    cells: tuple[GridCell, ...]
    before: tuple[Quote, ...] = ()


@dataclass(frozen=True, slots=True)
class Grid:
    """A document as tables in their order; `after` are the texts behind the last one."""

    tables: tuple[Table, ...] = ()
    after: tuple[Quote, ...] = ()

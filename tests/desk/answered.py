"""A workbook of the RNC as somebody answers it: cells typed beside a file, then saved again."""

from datetime import datetime
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from desk import answer_book, letters
from desk.taken_back import Given
from tests.cast import Cast
from tests.desk.filing import kept
from tests.jobs.post import RNC_DAY, begun, look

COLUMN = answer_book.COLUMNS


def listed(cast: Cast) -> None:
    """November's RNC has left on Monday the 23rd."""
    begun(cast)
    look(cast, RNC_DAY)


def mail_to(cast: Cast, address: str = "travaux@prevost.test", month: str = "2026-11") -> dict[str, Any]:
    """The line of the ledger of that person's list."""
    (run,) = kept(cast, "list_runs", kind="RNC", month=month)
    return dict(kept(cast, "mails", run=run["id"], to_address=address)[0])


def answered(content: bytes, *rows: dict[str, Any], strange: Any = None) -> bytes:
    """The workbook with, for each of ``rows``, its cells (by their name in the grid) beside its ``number``.

    ``strange`` is given the book before it is saved, to do what it likes.
    """
    book = load_workbook(BytesIO(content))
    page = book.worksheets[0]
    places = {str(cell.value): at for at, cell in enumerate(page[1], start=1)}
    for row in rows:
        at = place_of(page, row["number"])
        for name, value in row.items():
            if name != "number":
                page.cell(at, places[COLUMN[name]]).value = value
    if strange:
        strange(book)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def place_of(page: Any, number: str) -> int:
    """The row of a file in the sheet."""
    return next(line for line in range(2, page.max_row + 1) if page.cell(line, 2).value == number)


def brought(
    cast: Cast,
    at: datetime,
    *rows: dict[str, Any],
    address: str = "travaux@prevost.test",
    strange: Any = None,
) -> Given:
    """What the desk is handed by that person: the list as it was mailed, so answered."""
    mail = mail_to(cast, address)
    content = letters.read(mail["message"])[1].attachments[0].content
    return Given("rnc-2026-11.xlsx", answered(content, *rows, strange=strange), mail["id"], at)

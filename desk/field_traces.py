"""What a field report leaves besides its row: photographs, and what the desk began to type over it."""

from sqlalchemy import delete

from desk import drafts
from desk.visits import Counter
from sync.schema import SQL
from sync.store import Row, Writing

_FORM = "terrain-"  # how the token of a form in which a report is accepted begins


def token_of(report: str) -> str:
    """The token of the form in which that report is accepted."""
    return f"{_FORM}{report}"


def report_of(token: str) -> str:
    """The report that is accepted in the form of that token; empty when it is another form."""
    return token.removeprefix(_FORM) if token.startswith(_FORM) else ""


def drop(counter: Counter[Writing], report: Row) -> None:
    """Forget its photographs, and the drafts of every account over it."""
    drop_photos(counter, report)
    typed = SQL["drafts"].c.record == drafts.of_call(token_of(report["id"]))
    counter.tx.connection.execute(delete(SQL["drafts"]).where(typed))


def drop_photos(counter: Counter[Writing], report: Row) -> None:
    """Forget its photographs."""
    photos = SQL["report_photos"]
    theirs = (photos.c.token == report["token"]) & (photos.c.added_by == report["author"])
    counter.tx.connection.execute(delete(photos).where(theirs))

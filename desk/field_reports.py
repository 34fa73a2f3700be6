"""What an employee notes in the field (P §4.3): kept as a draft, with its photos, then sent to the desk.

An employee sees his or her own reports and what became of them, nobody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from desk import drafts
from desk.contents import Content, all_checked, size_words
from desk.scope import NotFound
from desk.visits import Counter, Visit
from policy.classification import tidy
from policy.counter_words import ReportState
from policy.field_reports import ARTICLE, ELSEWHERE, Noted, check_report, missing
from policy.field_reports import MOST_PHOTOS as MOST_PHOTOS
from policy.field_reports import NATURES as NATURES
from policy.reasons import Ground, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.towntime import town_day
from policy.words import OPEN_STATES, Nature, State
from sync.schema import SQL
from sync.store import Reading, Row, Writing

OFFERED = (*NATURES, *ELSEWHERE)  # what a report may be said to be, what is not noted here last
PICTURES = ("jpg", "jpeg", "png", "webp", "heic", "heif")
LATEST = 30  # reports shown of one person
_KEPT = tuple(Noted.__dataclass_fields__)


@dataclass(frozen=True)
class Photo:
    """One photograph, without its content."""

    id: str
    name: str
    media_type: str
    size: int

    @property
    def size_words(self) -> str:
        """« 1,4 Mo »."""
        return size_words(self.size)


@dataclass(frozen=True)
class Report:
    """A report as its author sees it: what was noted, and what became of it.

    ``number`` and ``file_state`` are those of its file, as long as it is an ordinary one; ``reason`` the
    desk's words when it was declined.
    """

    id: str
    sent_at: datetime
    noted: Noted
    state: ReportState
    number: str
    file_state: State | None
    reason: str
    missing: tuple[Ground, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody still works on it."""
        return self.state is ReportState.WAITING or self.file_state in OPEN_STATES


def elsewhere(nature: Nature | None) -> Ground | None:
    """P §4.4, P §4.6: what is said of a nature that is not noted here; nothing of the others."""
    return ELSEWHERE.get(nature) if nature is not None else None


def lacking(visit: Visit, noted: Noted) -> tuple[Ground, ...]:
    """P §4.3: what is missing of what was noted so far, on the day of the visit in town."""
    return missing(noted, town_day(visit.at))


def send(visit: Visit, token: str, noted: Noted) -> Report:
    """P §4.3: hand what was noted to the desk; what is missing is said, nothing of it refuses.

    A second click sends nothing twice. Raises ``Refused`` for what is not for here, for nothing at all, for a
    text too long to be kept.
    """
    if not token:
        raise ValueError("a report needs the token of its form")
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.NOTE_IN_FIELD)
        sent = counter.tx.first("field_reports", token=token)
        if sent is None:
            refuse_all(check_report(noted, len(_photos(counter, token))))
            values = {name: getattr(noted, name) for name in _KEPT}
            tidied = {name: tidy(each) if isinstance(each, str) else each for name, each in values.items()}
            sent = counter.tx.insert_once(
                "field_reports",
                {
                    **tidied,
                    "token": token,
                    "author": counter.person.id,
                    "sent_at": counter.at,
                    "state": ReportState.WAITING,
                },
                counter.by("signaler une demande sur le terrain"),
            )
            sent = sent or counter.tx.first("field_reports", token=token)  # the second click, at once
        if sent is None or sent["author"] != counter.person.id:
            raise NotFound
        drafts.drop_in(counter, drafts.of_report(token))
        return shown(counter, sent)


def mine(visit: Visit) -> tuple[Report, ...]:
    """The latest reports of this person, the newest first; none for who notes nothing in the field."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.NOTE_IN_FIELD):
            return ()
        reports = SQL["field_reports"]
        query = select(reports).where(reports.c.author == counter.person.id)
        rows = counter.tx.rows(query.order_by(reports.c.sent_at.desc(), reports.c.id.desc()).limit(LATEST))
        return tuple(shown(counter, row) for row in rows)


def add_photos(visit: Visit, token: str, documents: Iterable[tuple[str, bytes]]) -> tuple[Photo, ...]:
    """Keep photographs (name, content) with the report being typed: all of them, or none.

    The same one a second time changes nothing, so that what a lost network made one send again is kept once.
    Raises ``Refused`` with what stands in the way of each.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.NOTE_IN_FIELD)
    brought = all_checked(documents, visit.house.attachment_most)
    refuse_all(
        Ground(f"« {each.name} » n'est pas une photo.", ARTICLE, "photos")
        for each in brought
        if not each.media_type.startswith("image/")
    )
    with visit.writing() as counter:
        if counter.tx.first("field_reports", token=token) is not None:
            raise refused("Ce signalement est déjà envoyé : commencez-en un autre.", ARTICLE, "photos")
        for each in brought:
            _keep_photo(counter, token, each)
        return tuple(_photo(row) for row in _photos(counter, token))


def photos(visit: Visit, token: str) -> tuple[Photo, ...]:
    """The photographs this person has kept with the report being typed."""
    with visit.reading() as counter:
        return tuple(_photo(row) for row in _photos(counter, token))


def read_photo(visit: Visit, id: str) -> tuple[Photo, bytes]:
    """A photograph and its content: for who took it; once sent, for the desk too. Raises ``NotFound``."""
    with visit.reading() as counter:
        row = counter.tx.get("report_photos", id)
        if row is None or not _is_theirs(counter, row):
            raise NotFound
        return _photo(row), row["content"]


def remove_photo(visit: Visit, id: str) -> None:
    """Take a photograph off a report that is not sent yet. Raises ``NotFound``."""
    with visit.writing() as counter:
        row = counter.tx.get("report_photos", id)
        if row is None or row["added_by"] != counter.person.id or _sent(counter.tx, row["token"]):
            raise NotFound
        counter.tx.delete("report_photos", row["id"])


def discard(visit: Visit, token: str) -> None:
    """Forget a report begun and not sent: its draft and its photographs.

    P §4.4, R-29: so is forgotten what is not for here, such as a complaint.
    """
    with visit.writing() as counter:
        drafts.drop_in(counter, drafts.of_report(token))
        if _sent(counter.tx, token) is None:
            table = SQL["report_photos"]
            mine = (table.c.token == token) & (table.c.added_by == counter.person.id)
            counter.tx.connection.execute(delete(table).where(mine))


def begun(visit: Visit) -> tuple[drafts.Call, ...]:
    """The reports this person has begun and not sent, from whatever telephone, the newest first."""
    return drafts.calls(visit, drafts.FIELD)


def shown(counter: Counter[Any], row: Row) -> Report:
    """A row as a report; the caller has judged who asks."""
    file = counter.tx.get("files", row["file"])
    return Report(
        id=row["id"],
        sent_at=row["sent_at"],
        noted=noted(row),
        state=row["state"],
        number=file["number"] if file else "",
        file_state=file["state"] if file else None,
        reason=row["reason"] or "",
        missing=missing(noted(row), counter.today),
    )


def noted(row: Row) -> Noted:
    """What a row says."""
    plain = ("nature", "received_on")
    said: dict[str, Any] = {name: row[name] if name in plain else row[name] or "" for name in _KEPT}
    return Noted(**said)


def _keep_photo(counter: Counter[Writing], token: str, brought: Content) -> None:
    once = f"{counter.person.id}:{token}:{brought.digest}"
    if counter.tx.first("report_photos", once=once) is not None:
        return
    there = SQL["report_photos"]
    if counter.tx.scalar(select(func.count()).where(there.c.token == token)) >= MOST_PHOTOS:
        raise refused(f"{MOST_PHOTOS} photos au plus : retirez-en une d'abord.", ARTICLE, "photos")
    row = {
        "token": token,
        "added_by": counter.person.id,
        "added_at": counter.at,
        "name": brought.name,
        "media_type": brought.media_type,
        "size": brought.size,
        "once": once,
        "content": brought.content,
    }
    counter.tx.insert("report_photos", row, counter.by("joindre une photo"))


def _photos(counter: Counter[Any], token: str) -> list[Row]:
    """This person's, without their contents."""
    table = SQL["report_photos"].c
    query = select(table.id, table.name, table.media_type, table.size, table.token, table.added_by)
    query = query.where(table.token == token, table.added_by == counter.person.id).order_by(table.id)
    rows: list[Row] = counter.tx.rows(query)
    return rows


def _is_theirs(counter: Counter[Any], row: Row) -> bool:
    if row["added_by"] == counter.person.id:
        return True
    return may(counter.person, Deed.ENTER_DEMAND) and _sent(counter.tx, row["token"]) is not None


def _sent(tx: Reading, token: str) -> Row | None:
    return tx.first("field_reports", token=token)


def _photo(row: Row) -> Photo:
    return Photo(row["id"], row["name"], row["media_type"], row["size"])

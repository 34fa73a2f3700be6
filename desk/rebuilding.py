"""Giving the store back what it lost, from what a table outside still holds."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk import citizens, dates, inbound_settings, search
from desk.visits import Counter
from policy.classification import normalise_phone, tidy
from policy.delays import Pause
from policy.numbering import parse
from policy.reasons import Refused, refuse_all, refused
from policy.spelling import bare
from policy.towntime import town_day
from policy.words import Nature, State
from sync.fields import Kind
from sync.file_tables import FILES
from sync.outside import CARRIED, SETTINGS
from sync.store import Reading, Row, Writing
from sync.tables import TABLES
from sync.values import cleaned

ACT = "reconstituer la fiche depuis la table"
LOST = "(perdu avec la base de données)"

# What tells the rows of these tables apart, for the people who read them.
_CALLED: Mapping[str, Sequence[str]] = {
    "departments": ("name",),
    "categories": ("name",),
    "delays": ("category", "valid_from", "season_start", "season_end"),
    "codes": ("code",),
    "council": ("name", "starts_on"),
    "closings": ("day",),
    "rules": ("name", "valid_from"),
    "guides": ("name",),
    "answer_templates": ("name",),
    "designations": ("department", "duty", "person", "starts_on"),
}


def rebuild(
    counter: Counter[Writing], table: str, record: str, values: Mapping[str, Any], act: str = ACT
) -> None:
    """Insert the lost record under its id; one that is there already is left as it is. ``act`` signs it.

    No mail leaves, no task is made, no number is given; the number it bears is never given again. What never
    left the house cannot come back: internal notes, mails and tasks, the history, attachments, private
    files, who closed a file; and, before the privacy assessment is dated, facts and citizens, for which
    ``LOST`` stands. A wait begins again on the day of the last gesture. Rows that others point to come first
    (an original before its duplicates): a reference to what is not there is left empty. Raises ``Refused``.
    """
    if table not in CARRIED:
        raise KeyError(table)
    if counter.tx.get(table, record) is not None:
        return
    given = _with_references(counter, table, inbound_settings.plain(table, values))
    match table:
        case "files":
            _file(counter, record, given, act)
        case "citizens":
            row = {**given, "id": record, "phone_digits": _digits(given.get("phone"))}
            citizens.index(counter, counter.tx.insert("citizens", row, counter.by(ACT)))
        case _:
            _plain(counter, table, record, given)


def namesakes(tx: Reading, table: str, values: Mapping[str, Any]) -> list[str]:
    """The ids of the rows of what the town decides that are called as these values say, oldest first."""
    names = _CALLED.get(table, ())
    if not any(values.get(name) for name in names):
        return []
    wanted = [_folded(values.get(name)) for name in names]
    return [row["id"] for row in tx.find(table) if [_folded(row[name]) for name in names] == wanted]


def _folded(value: Any) -> Any:
    return bare(tidy(value)) if isinstance(value, str) else value


def _plain(counter: Counter[Writing], table: str, record: str, given: Mapping[str, Any]) -> None:
    told = {name: value for name, value in given.items() if value is not None}
    row = cleaned(TABLES[table], {**_unticked(table), **told}, whole=True)
    if table in SETTINGS:
        refuse_all(inbound_settings.grounds(counter, table, row, row))
    counter.tx.insert(table, {**row, "id": record}, counter.by(ACT))


def _file(counter: Counter[Writing], record: str, given: Mapping[str, Any], act: str) -> None:
    number = parse(given.get("number") or "")
    if number is None:
        raise refused("Sans son numéro, ce dossier ne peut pas être reconstitué.", "R-1", "number")
    if given.get("nature") in (Nature.COMPLAINT, Nature.ACCESS):
        raise refused("Un dossier privé ne vient d'aucune table.", "R-33", "nature")
    blank = dict.fromkeys(field.name for field in FILES.fields)
    row = {**blank, **_unticked("files"), **given, "number": str(number)}
    row |= {"facts": row["facts"] or LOST, "moved_at": row["moved_at"] or counter.at}
    _check(row)
    pauses = [Pause(town_day(row["moved_at"]))] if row["state"] is State.WAITING else []
    row |= dates.computed(dates.Settings.read(counter.tx), row, pauses)
    counter.tx.jump_past(number.series.value, number.year, number.n)
    counter.tx.insert("files", {**row, "id": record}, counter.by(act))
    for pause in pauses:
        counter.tx.insert("pauses", {"file": record, "starts_on": pause.starts_on}, counter.by(act))
    search.index(counter, record)


def _check(row: Row) -> None:
    """What its dates are counted from is there; the store asks for the rest."""
    asked = {name: row[name] for name in ("nature", "channel", "received_at", "priority", "state")}
    cleaned(FILES, asked, whole=False)


def _unticked(table: str) -> dict[str, bool]:
    """A service may say nothing of a box that is not ticked."""
    return {field.name: False for field in TABLES[table].fields if field.kind is Kind.BOOL and field.required}


def _with_references(counter: Counter[Writing], table: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """A reference to a record that is not there is left out; an account is told there by its name only."""
    found = dict(values)
    for field in TABLES[table].fields:
        if field.ref and found.get(field.name):
            outside = field.ref not in CARRIED
            if outside or counter.tx.get(field.ref, found[field.name]) is None:
                found[field.name] = None
    return found


def _digits(phone: str | None) -> str:
    try:
        return normalise_phone(phone) if phone else ""
    except Refused:  # it is kept as it was written there
        return ""

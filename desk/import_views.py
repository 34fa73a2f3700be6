"""What is seen of the imports: where each stands, its first rows as they would be, what does not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from desk import import_fields
from desk.import_fields import WHO, Profile
from desk.import_rows import Fit, Judge, Judged, Known, Wrong
from desk.imports import WORKING, refuse_stranger, there
from desk.visits import Visit
from policy.words import State
from sync.adopt import lists
from sync.adopt_plan import Match
from sync.schema import SQL
from sync.states import ImportState
from sync.store import Reading, Row
from sync.workbook import Sheet, workbook

__all__ = ["Match", "Preview", "Touched", "View"]

SHOWN = 12  # rows of a preview, reasons of a summary
LATEST = 30  # imports of the list


@dataclass(frozen=True)
class View:
    """What the screen shows of an import. ``profiles`` and ``matches``: while columns are matched."""

    row: Row
    profiles: Mapping[str, Profile]
    matches: Sequence[Match]

    @property
    def id(self) -> str:
        """Its id."""
        return str(self.row["id"])

    @property
    def state(self) -> ImportState:
        """Where it stands."""
        return ImportState(self.row["state"])

    @property
    def is_working(self) -> bool:
        """Whether the clock has something to do with it."""
        return self.state in WORKING

    @property
    def headers(self) -> Sequence[str]:
        """The headers of its columns."""
        return tuple(self.row["headers"] or ())

    @property
    def share(self) -> float:
        """How much of what is under way is done, from 0 to 1."""
        return min(1.0, self.row["done"] / self.row["total"]) if self.row["total"] else 0.0

    def match(self, header: str) -> Match | None:
        """What a column is."""
        return next((match for match in self.matches if match.header == header), None)


@dataclass(frozen=True)
class Preview:
    """One of the first rows as it would be: its file and who asked, in words, or why it does not fit."""

    line: int
    told: Mapping[str, str]
    wrong: Sequence[Wrong]
    known: str = ""  # the number of its file, when it is there already


@dataclass(frozen=True)
class Touched:
    """A file that stayed when its import was undone: somebody had worked on it since."""

    number: str
    state: State


def listed(visit: Visit) -> tuple[View, ...]:
    """The imports, the newest first; those that nothing came of are left out."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        imports = SQL["imports"]
        query = select(imports).where(imports.c.state != ImportState.DROPPED).order_by(imports.c.id.desc())
        return tuple(View(row, {}, ()) for row in counter.tx.rows(query.limit(LATEST)))


def opened(visit: Visit, lot: str) -> View:
    """One import. Raises ``Refused`` when it is not there."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        return _view(counter.tx, there(counter.tx.get("imports", lot)))


def preview(visit: Visit, lot: str, count: int = SHOWN) -> tuple[Preview, ...]:
    """The first rows as they would be."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        view = _view(counter.tx, there(counter.tx.get("imports", lot)))
        part = counter.tx.first("import_parts", lot=lot, rank=0)
        if part is None or not view.matches:
            return ()
        judge = Judge.of(counter.tx, view.headers, view.profiles, view.row["matching"] or {}, counter.at)
        return tuple(
            _shown(view, line, cells, judge.judge(line, cells)) for line, cells in part["rows"][:count]
        )


def touched(visit: Visit, lot: str, limit: int = 50) -> tuple[Touched, ...]:
    """The files of an undone import that stayed."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        files = SQL["files"].c
        query = select(files.number, files.state).where(files.brought_in == lot).order_by(files.number)
        return tuple(Touched(row["number"], row["state"]) for row in counter.tx.rows(query.limit(limit)))


def words(visit: Visit, field: str) -> tuple[str, ...]:
    """Our words for a field of a closed list, or the names of the town's table that it points to."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        columns = [column for column in import_fields.columns() if column.name == field]
        return tuple(lists(counter.tx, columns).get(field, ()))


def asides(visit: Visit, lot: str, limit: int | None = None) -> list[Wrong]:
    """Each reason why a row does not fit, in the order of the file."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        told = SQL["import_asides"]
        query = select(told).where(told.c.lot == lot).order_by(told.c.line, told.c.id).limit(limit)
        return [
            Wrong(row["line"], row["number"] or "", row["header"] or "", row["value"] or "", row["why"])
            for row in counter.tx.rows(query)
        ]


def reasons(visit: Visit, lot: str) -> tuple[tuple[str, str, int], ...]:
    """The reasons by column, the most frequent first, each with how many rows: what to put right first."""
    with visit.reading() as counter:
        refuse_stranger(counter.person)
        told = SQL["import_asides"].c
        count = func.count()
        query = select(told.header, told.why, count.label("times")).where(told.lot == lot)
        query = query.group_by(told.header, told.why).order_by(count.desc(), told.why).limit(SHOWN)
        return tuple((row["header"] or "", row["why"], row["times"]) for row in counter.tx.rows(query))


def report(visit: Visit, lot: str) -> bytes:
    """Every row that does not fit, as .xlsx."""
    rows = [(each.line, each.number, each.header, each.value, each.why) for each in asides(visit, lot)]
    headers = ("Ligne", "Numéro d’origine", "Colonne", "Valeur", "Pourquoi")
    return workbook([Sheet("Lignes à corriger", headers, rows)])


def _view(tx: Reading, row: Row) -> View:
    held = tx.row(select(SQL["import_contents"].c.profile).where(SQL["import_contents"].c.lot == row["id"]))
    profiles = {header: Profile(**told) for header, told in ((held or {}).get("profile") or {}).items()}
    if not profiles or row["state"] is not ImportState.READ:
        return View(row, {}, ())
    return View(row, profiles, import_fields.matches(tx, row["headers"], profiles, row["matching"] or {}))


def _shown(view: View, line: int, cells: Sequence[str], judged: Judged) -> Preview:
    said = dict(zip(view.headers, cells, strict=False))
    told = {match.column.label: said.get(match.header, "") for match in view.matches}
    if isinstance(judged, Fit):
        labels = {match.column.label: match for match in view.matches}
        told = {label: _words(judged, labels[label], text) for label, text in told.items()}
    known = judged.number if isinstance(judged, Known) else ""
    return Preview(line, told, judged if isinstance(judged, tuple) else (), known)


def _words(fit: Fit, match: Match, text: str) -> str:
    """A value as it will be: a day as it was read, a word as it was understood."""
    name = match.column.name
    if match.meanings:
        return match.meanings.get(text) or ""
    value = fit.file.get(name)
    if isinstance(value, datetime):
        from desk import french

        return french.moment(value)
    return str(value) if value is not None and not name.startswith(WHO) else text

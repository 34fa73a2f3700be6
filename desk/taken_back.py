"""The answered workbook of the RNC taken back by the desk: judged line by line, shown, recorded (R-22)."""

from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from desk import answer_book, answers, grid, letters, postbook, rnc, timeline
from desk.acts import held
from desk.answer_book import Book, Line
from desk.answers import ARTICLE, Brought, Window
from desk.grid import Edit
from desk.scope import NotFound
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.months import Month
from policy.reasons import Ground, Refused, refused
from policy.roles import Deed, refuse_unless
from policy.spelling import bare
from policy.towntime import town_day
from policy.wording import moment_words
from policy.words import Answer, ListKind
from sync.schema import SQL
from sync.states import RunOutcome
from sync.store import Reading, Row, Writing

# What the answer of a Responsable was based on: a change of any of these since the list makes it stale.
BASIS = frozenset({"state", "department", "nature", "duplicate_of", *grid.HANDLED, *grid.CLOSED_WITH})

UNSAID = ("réponse notée", "enregistré")  # that a line is recorded goes without saying


class Verdict(StrEnum):
    """What becomes of a line."""

    READY = "Sera enregistrée"
    STALE = "Périmée : le dossier a changé depuis la liste"
    REFUSED = "Refusée"
    KNOWN = "Déjà enregistrée"
    BLANK = "Sans réponse"


@dataclass(frozen=True)
class Asked:
    """Somebody who received the list: ``mail`` is the line of the ledger."""

    mail: str
    name: str
    address: str


@dataclass(frozen=True)
class Open:
    """The list whose answers may be taken back, and from whom."""

    month: Month
    drawn_at: datetime
    people: tuple[Asked, ...]


@dataclass(frozen=True)
class Given:
    """A workbook as the desk brings it: whose it is (the mail he or she received), and when it arrived."""

    name: str
    content: bytes
    mail: str
    received_at: datetime


@dataclass(frozen=True)
class Judged:
    """One line: what it says, what becomes of it; ``since`` what changed in the file after the list.

    ``cells`` what was written in it besides the answer; ``told`` what else is done when it is recorded;
    ``version`` that of the file when it was judged.
    """

    at: int
    number: str
    answer: str
    verdict: Verdict
    cells: tuple[str, ...] = ()
    told: str = ""
    grounds: tuple[Ground, ...] = ()
    since: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    version: int = 0
    recorded: bool = False


@dataclass(frozen=True)
class Report:
    """A workbook judged: of which month, in whose name, each of its lines."""

    month: Month
    person: str
    lines: tuple[Judged, ...]
    remarks: tuple[str, ...] = ()

    def having(self, *verdicts: Verdict) -> tuple[Judged, ...]:
        """The lines of these verdicts."""
        return tuple(line for line in self.lines if line.verdict in verdicts)

    @property
    def recorded(self) -> int:
        """How many lines were written."""
        return sum(line.recorded for line in self.lines)


@dataclass(frozen=True)
class _Case:
    """All that the lines of one workbook are judged by."""

    settings: Town
    window: Window
    brought: Brought
    drawn_at: datetime
    sent: Mapping[str, Line]  # the lines of the list as they left, by number
    twice: frozenset[str] = field(default=frozenset())


class _Undone(Exception):
    """Ends a transaction that was only there to see what would come of it."""


def open_list(visit: Visit) -> Open | None:
    """The last RNC that left, and who received it: whose answers the desk may be handed."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.TAKE_BACK_ANSWERS)
        run = _last_run(counter.tx)
        if run is None:
            return None
        mails = SQL["mails"].c
        found: dict[str, Asked] = {}
        for row in counter.tx.rows(postbook.lines().where(mails.run == run["id"]).order_by(mails.id)):
            asked = Asked(row["id"], row["to_name"] or row["to_address"], row["to_address"])
            found.setdefault(row["to_address"].casefold(), asked)
    people = sorted(found.values(), key=lambda each: bare(each.name))
    return Open(Month.parse(run["month"]), run["drawn_at"], tuple(people))


def check(visit: Visit, given: Given) -> Report:
    """What would become of each line; nothing is written.

    Raises ``Refused`` for a workbook that is not that of the list, of another month, received out of time.
    """
    return _each(visit, given, None)


def record(visit: Visit, given: Given, stale: Mapping[str, int] | None = None) -> Report:
    """Record each line as the answer of who received the list, each in its own transaction.

    ``stale``: the numbers of the stale lines to record all the same, with the version of the file that was
    shown; one that changed again is left. A second time finds each line « déjà enregistrée ».
    """
    return _each(visit, given, stale or {})


def _each(visit: Visit, given: Given, stale: Mapping[str, int] | None) -> Report:
    book = answer_book.read(given.name, given.content)
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.TAKE_BACK_ANSWERS)
        case = _case(counter, given, book)
    told = tuple(_one(visit, case, line, stale) for line in book.lines)
    remarks = tuple(f"Colonne « {each} » : laissée de côté." for each in book.strange)
    return Report(book.month, case.brought.name, told, remarks)


def _case(counter: Counter[Reading], given: Given, book: Book) -> _Case:
    run = _last_run(counter.tx)
    if run is None:
        raise refused("Aucune liste RNC n'est encore partie.", ARTICLE)
    if str(book.month) != run["month"]:
        raise refused(
            f"Ce classeur est celui {book.month.of_words} ; les réponses attendues sont celles "
            f"{Month.parse(run['month']).of_words}.",
            ARTICLE,
        )
    mail = counter.tx.get("mails", given.mail)
    if mail is None or mail["run"] != run["id"]:
        raise refused("Choisissez au nom de qui ces réponses sont données.", ARTICLE, "mail")
    window = _window(counter, given.received_at, run)
    numbers = Tally(line.number for line in book.lines if line.number)
    return _Case(
        settings=town(counter.tx, counter.today),
        window=window,
        brought=Brought(mail["to_name"] or mail["to_address"], given.received_at),
        drawn_at=run["drawn_at"],
        sent=_sent(mail),
        twice=frozenset(number for number, count in numbers.items() if count > 1),
    )


def _window(counter: Counter[Reading], received_at: datetime, run: Row) -> Window:
    """P §4.2.3: what counts is when the answers reached the desk, not when it takes them in."""
    if received_at > counter.at:
        raise refused("Le moment de réception est dans le futur.", ARTICLE, "received_at")
    if town_day(received_at) < town_day(run["drawn_at"]):
        raise refused("Ces réponses auraient été reçues avant la liste.", ARTICLE, "received_at")
    window = answers.window(counter, at=received_at)
    if window is None or str(window.month) != run["month"]:
        raise refused(
            f"Reçues le {moment_words(received_at)}, ces réponses arrivent après le délai : elles ne sont "
            "plus celles de la liste. Inscrivez ce qu'elles disent dans chaque dossier.",
            ARTICLE,
            "received_at",
        )
    return window


def _sent(mail: Row) -> dict[str, Line]:
    """The lines of the list as this person received it."""
    if not mail["message"]:
        raise refused("Le courriel de cette liste a été effacé : ses réponses ne peuvent plus être reprises.")
    joined = letters.read(mail["message"])[1].attachments
    if not joined:
        raise refused("Aucun classeur n'accompagnait ce courriel.")
    return {line.number: line for line in answer_book.read(joined[0].name, joined[0].content).lines}


def _one(visit: Visit, case: _Case, line: Line, stale: Mapping[str, int] | None) -> Judged:
    told = Judged(
        line.at, line.number, str(line.typed.get("answer", "")), Verdict.REFUSED, answer_book.cells(line)
    )
    if not line.typed and not line.trouble:
        return replace(told, verdict=Verdict.BLANK)
    if grounds := _strange(line, case):
        return replace(told, grounds=grounds)
    told = replace(told, remarks=_altered(line, case.sent[line.number]))
    with _perhaps(visit) as (counter, keep):
        told = _judged(counter, case, line, told)
        wanted = told.verdict is Verdict.READY or (
            told.verdict is Verdict.STALE and (stale or {}).get(line.number) == told.version
        )
        if stale is not None and wanted:
            keep()
            told = replace(told, recorded=True)
    return told


def _strange(line: Line, case: _Case) -> tuple[Ground, ...]:
    """What the line is wrong in by itself, all at once."""
    grounds = [Ground(each) for each in line.trouble]
    sent = case.sent.get(line.number)
    if not line.number:
        grounds.append(Ground("Cette ligne n'a pas de numéro de dossier."))
    elif line.number in case.twice:
        grounds.append(Ground("Ce numéro est deux fois dans le classeur : gardez une seule ligne."))
    elif sent is None:
        grounds.append(Ground(f"Ce numéro n'était pas dans la liste de {case.brought.name}.", ARTICLE))
    elif line.department != sent.department:
        grounds.append(
            Ground(
                f"Le service a été changé (« {line.department} » ; la liste disait « {sent.department} »)."
            )
        )
    if not line.typed.get("answer") and not line.trouble:
        grounds.append(Ground("Choisissez la réponse : complétée, en attente ou action à venir.", ARTICLE))
    return tuple(grounds)


def _judged(counter: Counter[Writing], case: _Case, line: Line, told: Judged) -> Judged:
    """The grid's own judgment, and what happened to the file since the list."""
    try:
        file = _file(counter, line.number)
    except NotFound as no:
        return replace(told, grounds=no.grounds)
    kept = answers.given(counter, case.window.month, [file["id"]]).get(file["id"])
    told = replace(told, since=_since(counter, file, kept, case, line), version=file["version"])
    try:
        _refuse_moved(file, told.since, case, line)
        edit = Edit(file["id"], {}, _typed(line, case.settings))
        outcome = grid.save_in(counter, file, edit, case.window, case.brought)
    except Refused as no:
        return replace(told, grounds=no.grounds)
    said = outcome.message.partition(" : ")[2].rstrip(".")
    if said == grid.NOTHING:
        return replace(told, verdict=Verdict.KNOWN, since=())
    done = ", ".join(each for each in said.split(", ") if each not in UNSAID)
    return replace(told, verdict=Verdict.STALE if told.since else Verdict.READY, told=done)


def _refuse_moved(file: Row, since: tuple[str, ...], case: _Case, line: Line) -> None:
    """R-22: whoever answered has the file no more, and could not answer of it in the grid either."""
    now = case.settings.departments.get(file["department"] or "")
    if since and (now is None or now.name != case.sent[line.number].department):
        where = (
            f"Le dossier est passé à {now.name}" if now else "Le dossier est revenu au service aux citoyens"
        )
        raise refused(f"{where} depuis la liste.", ARTICLE)


def _file(counter: Counter[Writing], number: str) -> Row:
    found = counter.tx.first("files", number=number)
    return held(counter, found["id"] if found else "")


def _since(
    counter: Counter[Writing], file: Row, kept: Row | None, case: _Case, line: Line
) -> tuple[str, ...]:
    """What changed in the file after the list left, and the answer that somebody has given meanwhile."""
    told: tuple[str, ...] = ()
    if file["moved_at"] and file["moved_at"] > case.drawn_at:
        told = timeline.changed_since(counter, file, case.drawn_at, BASIS)
    if kept is None or (kept["answer"], kept["words"] or "") == (
        line.typed.get("answer"),
        line.typed.get("words") or "",
    ):
        return told
    by = timeline.called(counter.tx, "accounts", kept["answered_by"]) if kept["answered_by"] else "le service"
    words = f" — {kept['words']}" if kept["words"] else ""
    return (*told, f"Déjà répondu par {by} : {kept['answer']}{words}")


def _typed(line: Line, settings: Town) -> dict[str, Any]:
    """The cells as the grid takes them: the code by its row, the words where each answer keeps them."""
    typed = dict(line.typed)
    words = typed.get("words")
    if typed.get("answer") == Answer.WAITING and words:
        typed["wait_words"] = words
    if typed.get("answer") == Answer.ACTION and words:
        typed["next_action"] = words
    if "code" in typed:
        wanted = str(typed["code"]).split(maxsplit=1)[0]
        code = next((each for each in settings.codes.values() if each.code == wanted and each.active), None)
        if code is None:
            raise refused("Choisissez un code d'intervention en usage.", "annexe A, point 1", "code")
        typed["code"] = code.id
    return typed


def _altered(line: Line, sent: Line) -> tuple[str, ...]:
    """The grey cells that were changed: nothing is read of them."""
    pairs = zip(rnc.HEADERS, sent.listed, line.listed, strict=True)
    changed = [header for header, before, after in pairs if _text(before) != _text(after)]
    return (f"Changé dans le classeur et laissé de côté : {', '.join(changed)}.",) if changed else ()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _last_run(tx: Reading) -> Row | None:
    runs = tx.find("list_runs", order_by=("month",), kind=ListKind.RNC, outcome=RunOutcome.DRAWN)
    return runs[-1] if runs else None


@contextmanager
def _perhaps(visit: Visit) -> Iterator[tuple[Counter[Writing], Callable[[], None]]]:
    """A transaction that is undone unless what is yielded second is called."""
    kept: list[bool] = []
    try:
        with visit.writing() as counter:
            yield counter, lambda: kept.append(True)
            if not kept:
                raise _Undone
    except _Undone:
        return

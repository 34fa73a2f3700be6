"""The letters of each monthly list, addressed: who receives which sections, as of now (R-20 to R-24)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk import addressees, answer_book, answers, council, registry, rnc
from desk import town as towns
from desk.house import House
from desk.letters import Attachment, Letter, Recipient, many, plain_day, render
from desk.town import Department, Town
from policy.monthly import answers_close_at
from policy.months import Month
from policy.reasons import refused
from policy.sending import DueList
from policy.towntime import town_day
from policy.wording import moment_words
from policy.words import ListKind
from sync.store import Reading
from sync.workbook import workbook

SHOWN = 150  # files of a section in the body of a mail; all of them are in the workbook
UNROUTED = "Pas encore acheminées"
NOBODY = "Personne à qui l'adresser : la liste attend une désignation, un compte ou le courriel du service."


@dataclass(frozen=True)
class Draft:
    """One mail of a list, exactly as it would leave."""

    to: Recipient
    letter: Letter


@dataclass(frozen=True)
class Composed:
    """The mails of a list; ``note`` says what is particular, ``orphans`` the departments without anyone.

    ``unaddressed``: there is something to say and nobody at all to whom (R-24): the list waits for somebody.
    """

    drafts: tuple[Draft, ...]
    note: str = ""
    orphans: tuple[str, ...] = ()
    unaddressed: bool = False


UNADDRESSED = Composed((), NOBODY, unaddressed=True)


@dataclass(frozen=True)
class Section:
    """One department in one mail."""

    department: str
    lines: Sequence[rnc.Line]
    total: int
    more: int
    note: str = ""


@dataclass(frozen=True)
class DoneSection:
    """One department among what was completed."""

    department: str
    rows: Sequence[tuple[str, ...]]
    total: int
    more: int


def compose(house: House, tx: Reading, due: DueList, at: datetime) -> Composed:
    """The mails of that list as of ``at``; nothing is written."""
    town = towns.town(tx, town_day(at))
    match due.kind:
        case ListKind.RNC:
            return _rnc(house, tx, town, due)
        case ListKind.COUNCIL:
            return _council(house, tx, town, due)
        case ListKind.REMINDER:
            return _reminder(house, tx, town, due)
        case ListKind.MISSING:
            return _missing(house, tx, town, due)


def _rnc(house: House, tx: Reading, town: Town, due: DueList) -> Composed:
    """P §4.1, P §4.2.3 (R-20, R-21): one mail a person, one section a department, a line for an empty one."""
    lines = rnc.outstanding(tx, town, rnc.last_list(tx, ListKind.RNC, due.month))
    people, orphans = addressees.of_the_rnc(tx, town, lines)
    if not people:
        return UNADDRESSED
    books: dict[tuple[str, ...], Attachment] = {}
    drafts = []
    for each in people:
        ids = tuple(department.id for department, _ in each.shares)
        if ids not in books:
            rows = [(department.name, lines.get(department.id, ())) for department, _ in each.shares]
            books[ids] = Attachment(f"rnc-{due.month}.xlsx", answer_book.made(due.month, rows, town))
        shown = [_section(of.name, lines.get(of.id, ()), note) for of, note in each.shares]
        letter = render(
            house,
            town.rules,
            "rnc",
            _subject(due, f"Requêtes non complétées — {due.month.words} — {_of(each)}"),
            (books[ids],),
            name=each.to.name,
            asked=each.answers,
            answer_by=_answer_by(due.month, town),
            total=sum(section.total for section in shown),
            sections=shown,
            **_dates(due, town),
        )
        drafts.append(Draft(each.to, letter))
    return Composed(tuple(drafts), addressees.orphans_noted(town, orphans), orphans)


def _council(house: House, tx: Reading, town: Town, due: DueList) -> Composed:
    """P §4.1 (R-23): the RNC of the day and what was completed in the month; copy to the director."""
    members, copies = addressees.of_council(tx, town)
    if not (members or copies):
        return UNADDRESSED
    outstanding = rnc.outstanding(tx, town, rnc.last_list(tx, ListKind.COUNCIL, due.month))
    done = council.completed(tx, town, due.month)
    names = _names(town, {*outstanding, *done})
    book = workbook(
        [
            rnc.sheet("Non complétées", [(name, outstanding.get(id, ())) for id, name in names]),
            council.sheet("Complétées", [(name, done.get(id, ())) for id, name in names]),
        ]
    )
    letter = render(
        house,
        town.rules,
        "council",
        _subject(due, f"Listes du conseil — {due.month.words}"),
        (Attachment(f"conseil-{due.month}.xlsx", book),),
        completed=sum(map(len, done.values())),
        outstanding=sum(map(len, outstanding.values())),
        summary=[_summary(name, done.get(id, ()), outstanding.get(id, ())) for id, name in names],
        counted=_counted(council.counts(tx, due.month)),
        sections=[_section(name, outstanding.get(id, ())) for id, name in names],
        done=[_done_section(name, done.get(id, ())) for id, name in names],
        **_dates(due, town),
    )
    note = "" if members else "Aucun membre du conseil n'est en fonction."
    return Composed(tuple(Draft(to, letter) for to in (*members, *copies)), note)


def _reminder(house: House, tx: Reading, town: Town, due: DueList) -> Composed:
    """P §4.2.3 (R-22): to who has not answered, the files without an answer."""
    unanswered = _unanswered(tx, town, due.month)
    people, orphans = addressees.of_the_reminder(tx, town, unanswered)
    if unanswered and not people:
        return UNADDRESSED
    drafts = []
    for each in people:
        shown = [_section(of.name, unanswered[of.id], note) for of, note in each.shares]
        letter = render(
            house,
            town.rules,
            "reminder",
            _subject(due, f"Rappel : réponses à la liste {due.month.of_words}"),
            name=each.to.name,
            answer_by=_answer_by(due.month, town),
            total=sum(section.total for section in shown),
            sections=shown,
            **_dates(due, town),
        )
        drafts.append(Draft(each.to, letter))
    note = addressees.orphans_noted(town, orphans) if drafts else "Aucune réponse ne manque : pas de rappel."
    return Composed(tuple(drafts), note, orphans)


def _missing(house: House, tx: Reading, town: Town, due: DueList) -> Composed:
    """P §4.2.3 (R-22): to the Technicien, what is still without an answer when the delay is over."""
    unanswered = _unanswered(tx, town, due.month)
    shown = [
        _section(department.name, unanswered[department.id], _in_charge(tx, department, town))
        for department in town.departments.values()
        if department.id in unanswered
    ]
    if not shown:
        return Composed((), "Aucune réponse ne manque.")
    people = addressees.desk(tx, town)
    if not people:
        return UNADDRESSED
    letter = render(
        house,
        town.rules,
        "missing",
        _subject(due, f"Réponses manquantes — {due.month.words}"),
        total=sum(section.total for section in shown),
        sections=shown,
        **_dates(due, town),
    )
    return Composed(tuple(Draft(to, letter) for to in people))


def _dates(due: DueList, town: Town) -> dict[str, Any]:
    return {
        "month": due.month.words,
        "of_month": due.month.of_words,
        "today": town.day,
        "due_on": due.due_on,
        "late": due.late,
    }


def _subject(due: DueList, words: str) -> str:
    return f"Envoi tardif : {words}" if due.late else words


def _of(each: addressees.Addressee) -> str:
    return each.shares[0][0].name if len(each.shares) == 1 else f"{len(each.shares)} services"


def _unanswered(tx: Reading, town: Town, month: Month) -> dict[str, tuple[rnc.Line, ...]]:
    """The files of the month's RNC that are still open and that nobody said anything about."""
    asked = answers.unanswered(month, answers.drawn_at(tx, month))
    found = rnc.outstanding(tx, town, rnc.last_list(tx, ListKind.RNC, month), asked)
    return {department: lines for department, lines in found.items() if department is not None}


def _in_charge(tx: Reading, department: Department, town: Town) -> str:
    names = registry.responsables(tx, department.id, town.day)
    return f"Responsable : {', '.join(names)}." if names else "Aucun Responsable n'est désigné."


def _answer_by(month: Month, town: Town) -> str:
    """« au plus tard le lundi 30 novembre 2026 à 16 h 30 »."""
    moment = answers_close_at(month, town.calendar)
    if moment is None:
        raise refused(f"{month.words} n'a aucun jour ouvré.", "P §4.2.3")
    return f"au plus tard le {moment_words(moment)}"


def _names(town: Town, present: Iterable[str | None]) -> list[tuple[str | None, str]]:
    """The departments in service or concerned, in the town's order; what none has received comes last."""
    present = set(present)
    names: list[tuple[str | None, str]] = [
        (each.id, each.name) for each in town.departments.values() if each.active or each.id in present
    ]
    return [*names, (None, UNROUTED)] if None in present else names


def _section(department: str, lines: Sequence[rnc.Line], note: str = "") -> Section:
    return Section(department, lines[:SHOWN], len(lines), max(0, len(lines) - SHOWN), note)


def _done_section(department: str, lines: Sequence[council.Done]) -> DoneSection:
    rows = [
        (
            line.number,
            line.category,
            line.place,
            plain_day(line.completed_on),
            many(line.took, "jour ouvré", "jours ouvrés"),
        )
        for line in lines[:SHOWN]
    ]
    return DoneSection(department, rows, len(lines), max(0, len(lines) - SHOWN))


def _summary(
    department: str, done: Sequence[council.Done], outstanding: Sequence[rnc.Line]
) -> tuple[str, int, int, int]:
    return department, len(done), len(outstanding), sum(1 for line in outstanding if line.late)


def _counted(counts: council.Counts) -> str:
    cancelled = many(counts.cancelled, "demande annulée", "demandes annulées")
    duplicates = many(counts.duplicates, "doublon compté à part", "doublons comptés à part")
    first = many(counts.first_contact, "réglée", "réglées")
    return f"Parmi les complétées, {first} au premier contact. En outre : {cancelled}, {duplicates}."

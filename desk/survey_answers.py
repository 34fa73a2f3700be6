"""Answers to the town's satisfaction survey (R-19): brought in by a file or a paste, judged line by line."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from desk import drafts, town
from desk.visits import Counter, Visit
from policy.confidentiality import may_see_file
from policy.numbering import parse
from policy.reasons import Ground, Refused, refuse_all, refused
from policy.roles import Deed, may, refuse_unless
from policy.surveys import ARTICLE, Answer, check_day, check_file, read
from policy.towntime import town_day
from sync import csv_files, orders, table_files, words
from sync.schema import SQL
from sync.store import Reading, Row, Writing

ACT = "inscrire une réponse au sondage"
PAGE = 50
MOST = 2_000  # lines brought in at once
DRAFT, TYPED = "sondage", "text"  # what is pasted and not entered yet

# How the columns of a form's export are told apart, by a word of their header.
COLUMNS: Mapping[str, frozenset[str]] = {
    "number": frozenset({"numero", "dossier", "no"}),
    "satisfaction": frozenset({"satisfaction", "satisfait", "note", "cote", "etoiles"}),
    "received_on": frozenset({"date", "recu", "recue", "horodateur", "horodatage", "heure"}),
    "words": frozenset({"commentaire", "commentaires", "mots", "precision", "precisions", "pourquoi"}),
}
OTHERS = frozenset({"telephone", "courriel", "civique"})  # « Numéro de téléphone »
ORDER = ("number", "received_on", "satisfaction", "words")  # of what is typed without a header

ANSWERS, FILES = SQL["survey_answers"].c, SQL["files"].c


@dataclass(frozen=True)
class Judged:
    """One line brought: what it says, and what became of it; ``grounds`` empty when it can be entered."""

    line: int
    number: str
    answer: Answer | None
    grounds: tuple[Ground, ...] = ()
    already: bool = False  # entered before


@dataclass(frozen=True)
class Report:
    """Every line brought, in its order."""

    lines: tuple[Judged, ...]

    @property
    def good(self) -> tuple[Judged, ...]:
        """Those that can be entered, and are not yet."""
        return tuple(each for each in self.lines if not each.grounds and not each.already)

    @property
    def wrong(self) -> tuple[Judged, ...]:
        """Those that cannot."""
        return tuple(each for each in self.lines if each.grounds)

    @property
    def already(self) -> int:
        """How many were entered before."""
        return sum(each.already for each in self.lines)


@dataclass(frozen=True)
class Told:
    """One answer as it is read; ``number`` only for who may open the file."""

    id: str
    received_on: date
    satisfaction: int
    words: str
    department: str
    category: str
    number: str


@dataclass(frozen=True)
class Survey:
    """What the survey has told: the latest answers, how many in all; the form's address in force."""

    latest: tuple[Told, ...]
    total: int
    form: str
    brings: bool  # whether who asks may bring answers in
    settles: bool  # whether who asks gives the form's address


Brought = Sequence[tuple[int, Mapping[str, str]]]


def typed(text: str) -> Brought:
    """The lines of a paste: tabs, semicolons or commas; with a header, else in the order of ``ORDER``.

    Raises ``Refused`` for what cannot be cut in cells, or is too much.
    """
    sign = next((each for each in "\t;" if each in text), ",")
    rows = list(csv_files.rows(text, sign))
    if not rows:
        return ()
    columns = _columns(rows[0][1])
    if {"number", "satisfaction"} <= columns.keys():
        return _lines(rows[1:], columns)
    last = len(ORDER) - 1  # what was typed of the words may hold the sign itself
    whole = ((line, [*cells[:last], sign.join(cells[last:])]) for line, cells in rows)
    return _lines(whole, {name: at for at, name in enumerate(ORDER)})


def in_file(name: str, content: bytes) -> Brought:
    """The lines of a .csv or of the first sheet of an .xlsx, by their headers. Raises ``Refused``."""
    opened = table_files.opened(name, content)
    columns = _columns(opened.headers)
    missing = {"number": "le numéro du dossier", "received_on": "la date", "satisfaction": "la satisfaction"}
    lacking = [words for each, words in missing.items() if each not in columns]
    if lacking:
        raise refused(
            f"Aucune colonne ne dit {', '.join(lacking)}. Nommez-les dans la première ligne : numéro, date, "
            "satisfaction, commentaire.", ARTICLE, "file",
        )  # fmt: skip
    return _lines(opened.rows, columns)


def check(visit: Visit, brought: Brought) -> Report:
    """R-19: what would become of each line; nothing is written. Raises ``Refused`` for who may not."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.BRING_SURVEY)
        return Report(tuple(_judged(counter, brought)))


def record(visit: Visit, brought: Brought, pasted: bool = False) -> Report:
    """R-19: enter every line that can be, in one transaction; a second time nothing more.

    A number that is not a closed request's is told, the same whether it is unknown or private (R-33), or
    still open for who may not open the file. Once all that was ``pasted`` is entered, its draft is forgotten.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.BRING_SURVEY)
        counter.tx.alone(ACT)
        report = Report(tuple(_judged(counter, brought)))
        for each in report.good:
            _enter(counter, each)
        if pasted and not report.wrong:
            drafts.drop_in(counter, DRAFT)
        return report


def is_theirs(visit: Visit) -> bool:
    """Whether this person reads the answers."""
    with visit.reading() as counter:
        return may(counter.person, Deed.READ_SURVEY)


def remove(visit: Visit, answer: str) -> None:
    """Take away an answer entered by mistake, its words out of the history too; twice changes nothing."""
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.BRING_SURVEY)
        if counter.tx.lock("survey_answers", answer) is not None:
            counter.tx.shred("survey_answers", answer, counter.by("retirer une réponse au sondage"))


def told(visit: Visit) -> Survey:
    """The latest answers first. Raises ``Refused`` for who may not read them."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.READ_SURVEY)
        joined = SQL["survey_answers"].join(SQL["files"], ANSWERS.file == FILES.id)
        query = select(ANSWERS.id, ANSWERS.received_on, ANSWERS.satisfaction, ANSWERS.words, FILES.number,
                       FILES.nature, FILES.department, FILES.category).select_from(joined)  # fmt: skip
        rows = counter.tx.rows(query.order_by(ANSWERS.received_on.desc(), ANSWERS.id.desc()).limit(PAGE))
        now = town.town(counter.tx, counter.today)
        return Survey(
            latest=tuple(_told(counter, now, row) for row in rows),
            total=int(counter.tx.scalar(select(func.count()).select_from(SQL["survey_answers"]))),
            form=now.rules.survey_url,
            brings=may(counter.person, Deed.BRING_SURVEY),
            settles=may(counter.person, Deed.CHANGE_SETTINGS),
        )


def _judged(counter: Counter[Any], brought: Brought) -> Iterator[Judged]:
    seen: set[tuple[str, Answer]] = set()
    for line, cells in brought:
        said = {name: cells.get(name, "") for name in ORDER}
        number = parse(said["number"])
        file = counter.tx.first("files", number=str(number)) if number else None
        grounds = list(check_file(file, file is not None and may_see_file(counter.person, file)))
        if not grounds and file is not None and orders.outlined(counter.tx, "files", file["id"]):
            grounds.append(Ground("Ce dossier a été rendu anonyme : rien ne s'y ajoute.", "R-81", "number"))
        answer = None
        try:
            answer = read(said["received_on"], said["satisfaction"], said["words"], counter.today)
        except Refused as no:
            grounds += no.grounds
        if answer is not None and file is not None and not grounds:
            grounds += check_day(answer, town_day(file["received_at"]))
        already = False
        if answer is not None and file is not None and not grounds:
            already = (file["id"], answer) in seen or _is_there(counter.tx, file["id"], answer)
            seen.add((file["id"], answer))
        shown = str(number) if number else said["number"][:20]
        yield Judged(line, shown, answer, tuple(grounds), already)


def _is_there(tx: Reading, file: str, answer: Answer) -> bool:
    same = tx.find("survey_answers", file=file, received_on=answer.received_on,
                   satisfaction=answer.satisfaction)  # fmt: skip
    return any((row["words"] or "") == answer.words for row in same)


def _enter(counter: Counter[Writing], judged: Judged) -> None:
    file = counter.tx.first("files", number=judged.number)
    if file is None or judged.answer is None:
        raise ValueError("only a line that was judged good is entered")
    counter.tx.insert(
        "survey_answers",
        {
            "file": file["id"],
            "received_on": judged.answer.received_on,
            "satisfaction": judged.answer.satisfaction,
            "words": judged.answer.words or None,
            "brought_by": counter.person.id,
        },
        counter.by(ACT),
    )


def _told(counter: Counter[Reading], now: town.Town, row: Row) -> Told:
    department, category = now.departments.get(row["department"]), now.categories.get(row["category"])
    return Told(
        id=row["id"],
        received_on=row["received_on"],
        satisfaction=row["satisfaction"],
        words=row["words"] or "",
        department=department.name if department else "",
        category=category.name if category else "",
        number=row["number"] if may_see_file(counter.person, row) else "",
    )


def _columns(headers: Sequence[str]) -> dict[str, int]:
    """Where each column stands, the first header that has one of its words."""
    found: dict[str, int] = {}
    for at, header in enumerate(headers):
        told = set(words.normalise(header))
        if told & OTHERS:
            continue
        for name, known in COLUMNS.items():
            if name not in found and at not in found.values() and told & known:
                found[name] = at
    return found


def _lines(rows: Iterable[tuple[int, Sequence[str]]], columns: Mapping[str, int]) -> Brought:
    found = []
    for line, cells in rows:
        found.append((line, {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}))
        if len(found) > MOST:
            refuse_all([Ground(f"Plus de {MOST} lignes : partagez-les en plusieurs.", ARTICLE, "file")])
    return tuple(found)

"""The .xlsx that goes with the RNC, and comes back answered (R-21, R-22): one form, written and read here."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from desk import contents, rnc
from desk.town import Town
from policy.months import Month
from policy.reasons import refused
from policy.words import Answer, WaitReason
from sync.returned import Formula, returned
from sync.workbook import Input, Sheet, workbook

MOST = 3 * 1024 * 1024  # bytes of a workbook taken back
DEPARTMENT, NUMBER = rnc.HEADERS[0], rnc.HEADERS[1]

# The columns to fill in, by the name each value has in the grid.
COLUMNS: Mapping[str, str] = {
    "answer": "Réponse",
    "wait_reason": "Raison de l'attente",
    "words": "Précision ou action à venir",
    "planned_on": "Date prévue",
    "code": "Code d'intervention",
    "done_on": "Effectuée le",
    "done_extension": "Numéro de poste",
    "note": "Note interne",
    "citizen_text": "Information pour le demandeur",
}
DAYS = frozenset({"planned_on", "done_on"})
SHOWN = 200  # characters of a cell, where it is only told

HOW = (
    "Répondez de chaque dossier dans les colonnes jaunes, puis retournez ce classeur au service aux citoyens "
    "en répondant au courriel.",
    "Réponse : « Complétée », « En attente » ou « Action à venir ». Une ligne vide reste sans réponse.",
    "En attente : choisissez la raison de l'attente ; « Autre » se précise.",
    "Action à venir : écrivez laquelle, ou sa date prévue.",
    "Complétée (annexe A) : la date effectuée, le numéro de poste de qui l'a faite et la note interne ; le "
    "code d'intervention s'il n'est pas 238. L'information pour le demandeur lui sera transmise.",
    "N'écrivez dans la note interne que ce qu'il faut : ce classeur voyage par courriel.",
    "Les colonnes grises, les titres et le nom de la feuille ne se changent pas ; les dates s'écrivent "
    "AAAA-MM-JJ ; aucune formule n'est lue.",
)


@dataclass(frozen=True)
class Line:
    """One row that came back: ``at`` its place in the sheet, ``typed`` the values by their name in the grid.

    ``trouble`` says what of it cannot be read, by column; ``listed`` its grey cells.
    """

    at: int
    number: str
    department: str
    typed: Mapping[str, Any]
    listed: tuple[Any, ...]
    trouble: tuple[str, ...] = ()


@dataclass(frozen=True)
class Book:
    """What came back: the month its sheet names, its rows, the columns that are none of ours."""

    month: Month
    lines: tuple[Line, ...]
    strange: tuple[str, ...] = field(default=())


def made(month: Month, sections: Iterable[tuple[str, Sequence[rnc.Line]]], town: Town) -> bytes:
    """The workbook of a list: its files, the columns to answer in, how to."""
    sheet = rnc.sheet(title(month), sections, _inputs(town))
    how = Sheet("Comment répondre", ("Comment répondre à cette liste",), [(line,) for line in HOW], (110,))
    return workbook([sheet, how])


def title(month: Month) -> str:
    """The name of its sheet, which says of which list it is."""
    return f"RNC {month}"


def read(name: str, content: bytes) -> Book:
    """The rows of a workbook that came back. Raises ``Refused`` unless it is one of ours, titles and all."""
    checked = contents.checked(name, content, MOST)
    if not checked.name.lower().endswith(".xlsx"):
        raise refused("Reprenez le classeur Excel (.xlsx) qui accompagnait la liste.")
    page = returned(checked.content, re.compile(r"RNC \d{4}-(?:0[1-9]|1[0-2])"))
    if page is None or not page.rows:
        raise refused(
            "Ce classeur n'est pas celui d'une liste RNC : sa feuille « RNC 2026-11 » (le mois de la liste) "
            "est introuvable."
        )
    places, strange = _places(page.rows[0][1])
    lines = [_line(at, row, places) for at, row in page.rows[1:]]
    return Book(
        Month.parse(page.title[4:]), tuple(line for line in lines if line.number or line.typed), strange
    )


def cells(line: Line) -> tuple[str, ...]:
    """What was written in a row besides its answer: « Effectuée le : 2026-11-20 »."""
    return tuple(
        f"{COLUMNS[name]} : {value[:SHOWN]}{'…' if len(value) > SHOWN else ''}"
        for name, value in line.typed.items()
        if name != "answer"
    )


def _inputs(town: Town) -> Mapping[str, Input]:
    codes = [f"{code.code} {code.label}" for code in town.codes.values() if code.active]
    choices = {
        "answer": tuple(answer.value for answer in Answer),
        "wait_reason": tuple(reason.value for reason in WaitReason),
        "code": tuple(codes),
    }
    return {header: Input(choices.get(name, ()), name in DAYS) for name, header in COLUMNS.items()}


def _places(headers: Sequence[Any]) -> tuple[dict[str, int], tuple[str, ...]]:
    """Where each of our columns is now. Raises ``Refused`` when one is gone, renamed or there twice."""
    found: dict[str, list[int]] = {}
    for at, header in enumerate(headers):
        if header is not None:
            found.setdefault(" ".join(str(header).split()), []).append(at)
    ours = (*rnc.HEADERS, *COLUMNS.values())
    if gone := [header for header in ours if header not in found]:
        raise refused(
            f"Titres de colonnes changés ou retirés : {_named(gone)}. Reprenez le classeur tel qu'il a été "
            "envoyé, ou remettez-y ces titres."
        )
    if twice := [header for header in ours if len(found[header]) > 1]:
        raise refused(f"Colonnes en double : {_named(twice)}.")
    strange = tuple(header[:60] for header in found if header not in ours)
    return {header: found[header][0] for header in ours}, strange


def _line(at: int, row: Sequence[Any], places: Mapping[str, int]) -> Line:
    def cell(header: str) -> Any:
        return row[places[header]] if places[header] < len(row) else None

    typed: dict[str, Any] = {}
    trouble: list[str] = []
    for name, header in COLUMNS.items():
        value = cell(header)
        if value is None:
            continue
        if isinstance(value, Formula):
            trouble.append(f"« {header} » contient une formule : écrivez la valeur elle-même.")
            continue
        typed[name] = _plain(value)
        if name in DAYS and isinstance(value, int | float):
            trouble.append(f"« {header} » n'est pas une date (AAAA-MM-JJ).")
    listed = tuple(cell(header) for header in rnc.HEADERS)
    return Line(at, _word(cell(NUMBER)), _word(cell(DEPARTMENT)), typed, listed, tuple(trouble))


def _plain(value: Any) -> Any:
    """A cell as the grid would send it: a day as ISO text, a number as its digits."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else str(value)


def _word(value: Any) -> str:
    return "" if value is None or isinstance(value, Formula) else str(value).strip()


def _named(headers: Iterable[str]) -> str:
    return ", ".join(f"« {header} »" for header in headers)

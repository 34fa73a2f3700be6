"""Work orders on paper: what a crew needs of files, and nothing of who asked for it (P §4.2)."""

from collections.abc import Mapping, Sequence
from typing import Any

from desk import french, printing, town
from desk.scope import file_in_sight
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from policy.words import State
from sync.store import Reading, Row

MOST = 50  # pages of one printing
OVER = frozenset({State.DONE, State.CANCELLED})


def printed(visit: Visit, numbers: Sequence[str]) -> bytes:
    """One page a file, in that order (PDF): number, category, place, dates, facts, and what to fill in.

    Raises ``NotFound`` when one is not theirs to see, ``Refused`` for a file that is over, or past ``MOST``.
    """
    asked = list(dict.fromkeys(number.strip() for number in numbers if number.strip()))
    if not asked:
        raise refused("Choisissez au moins un dossier.")
    if len(asked) > MOST:
        raise refused(f"Un tirage compte {MOST} bons de travail au plus : choisissez moins de dossiers.")
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.WORK_QUEUE)
        files = [file_in_sight(counter, number) for number in asked]
        over = [file["number"] for file in files if file["state"] in OVER]
        if over:
            raise refused(f"Plus rien n'est à faire pour {', '.join(over)} : dossier fermé ou annulé.")
        return printing.letter(counter, "bon_travail", {"orders": [_order(counter, file) for file in files]})


def _order(counter: Counter[Reading], file: Row) -> Mapping[str, Any]:
    category = town.category(counter.tx, file["category"])
    department = town.departments(counter.tx).get(file["department"] or "")
    street = " ".join(part for part in (file["civic"], file["street"]) if part)
    told = (
        ("Service", department.name if department else ""),
        ("Lieu", street),
        ("Secteur", file["sector"]),
        ("Précision du lieu", file["place_note"]),
        ("Demande reçue le", french.day_of(file["received_at"])),
        ("À faire au plus tard le", french.day(file["target_on"], weekday=True) if file["target_on"] else ""),
        ("Prévue le", french.day(file["planned_on"], weekday=True) if file["planned_on"] else ""),
        ("Prochaine action", file["next_action"]),
    )
    return {
        "number": file["number"],
        "title": category.name if category else file["nature"].value,
        "priority": file["priority"].value,
        "rows": [(label, value) for label, value in told if value],
        "facts": file["facts"],
    }

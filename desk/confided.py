"""R-60: what is confided to a substitute, now and to come, as its Responsable sees it and takes it back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from desk import absences, substitute_mails, town
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.roles import Deed, may, refuse_unless
from policy.words import Duty
from sync.history import entries
from sync.store import Row, Writing

ACT = "reprendre ce qui était confié"


@dataclass(frozen=True)
class Substitution:
    """Some departments confided to one person, from a day to another, both included."""

    designations: tuple[str, ...]  # ids
    departments: tuple[str, ...]
    person: str
    starts_on: date
    ends_on: date
    begun: bool
    own: bool  # confided by whoever asks, who may take it back; else named by the desk


def mine(visit: Visit) -> tuple[Substitution, ...]:
    """What this person confided, and what of his or her requests others did; the first to begin first."""
    with visit.reading() as counter:
        if not may(counter.person, Deed.NAME_SUBSTITUTE):
            return ()
        names = town.departments(counter.tx)
        received = {row["department"] for row in absences.held(counter, counter.today)}
        rows = [
            (row, _is_own(counter, row))
            for row in counter.tx.find("designations", duty=Duty.SUBSTITUTE)
            if _still(row, counter.today)
        ]
        shown = sorted(
            ((row, own) for row, own in rows if own or row["department"] in received),
            key=lambda each: (*_alike(each[0]), each[1]),
        )
        return tuple(
            Substitution(
                tuple(row["id"] for row in alike),
                tuple(names[row["department"]].name for row in alike),
                person,
                starts_on,
                ends_on,
                starts_on <= counter.today,
                own,
            )
            for (starts_on, ends_on, person, _, own), alike in _together(shown)
        )


def take_back(visit: Visit, designations: Sequence[str]) -> str:
    """R-60: from today on nothing of this is confided any more; the days already past stay as they were.

    By who confided it, and the substitute is told. What had not begun before today leaves the registry (its
    history stays), the rest ends on the eve. A second click changes nothing. Returns what to say, in French.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.NAME_SUBSTITUTE)
        found = (counter.tx.lock("designations", each) for each in designations)
        rows = [row for row in found if row is not None and row["duty"] is Duty.SUBSTITUTE]
        if not all(_is_own(counter, row) for row in rows):
            raise refused(
                "Ce remplacement a été inscrit par quelqu'un d'autre : demandez-le au service aux citoyens.",
                "R-60",
            )
        rows = [row for row in rows if _still(row, counter.today)]
        for row in rows:
            _end(counter, row)
        for _, alike in _together([(row, True) for row in sorted(rows, key=_alike)]):
            substitute_mails.tell_taken_back(counter, alike)
    return "Vous recevez de nouveau vos requêtes : rien de cela n’est plus confié."


def _end(counter: Counter[Writing], row: Row) -> None:
    from_day = max(row["starts_on"], counter.today)
    signed = counter.tx.first("signed_forms", designation=row["id"])
    if row["starts_on"] >= counter.today and signed is None:
        counter.tx.delete("designations", row["id"], counter.by(ACT))
    else:
        counter.tx.update(
            "designations", row["id"], {"ends_on": from_day - timedelta(days=1)}, counter.by(ACT)
        )


def _still(row: Row, today: date) -> bool:
    """Whether it holds today or will."""
    return row["ends_on"] is None or row["ends_on"] >= max(today, row["starts_on"])


def _is_own(counter: Counter[Any], row: Row) -> bool:
    """Whether whoever asks wrote it in the registry: its history says."""
    told = entries(counter.tx, "designations", row["id"])
    return bool(told) and told[0].who == counter.person.id


def _alike(row: Row) -> tuple[date, date, str, str]:
    return row["starts_on"], row["ends_on"] or date.max, row["person"], row["email"]


def _together(
    rows: Iterable[tuple[Row, bool]],
) -> Iterable[tuple[tuple[date, date, str, str, bool], list[Row]]]:
    """Sorted rows, those of one absence together."""
    for key, several in groupby(rows, key=lambda each: (*_alike(each[0]), each[1])):
        yield key, [row for row, _ in several]

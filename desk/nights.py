"""How the nights go: the copies of the store and the seals, for who keeps the machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from desk.visits import Visit
from policy.roles import Deed, refuse_unless
from policy.wording import moment_words
from sync import nights, seals
from sync.seals import Seal
from sync.states import NightState, NightWork
from sync.store import Reading

LATE = timedelta(hours=36)  # without a copy for so long, something does not work


@dataclass(frozen=True)
class Health:
    """``folder``: none when no copy is made by itself; ``last`` and ``words``: of the last one that is good.

    ``trouble`` is a French sentence, empty when all goes well.
    """

    folder: Path | None
    last: datetime | None
    words: str
    trouble: str
    seal: Seal | None


def health(visit: Visit) -> Health:
    """How copies and seals go. Raises ``Refused`` for who does not keep the machine."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_COPIES)
        return of(counter.tx, counter.house.copies_folder, counter.at)


def of(tx: Reading, folder: Path | None, at: datetime) -> Health:
    """The same, for a command that has no visit."""
    good = nights.latest(tx, NightWork.COPY, NightState.DONE)
    last = good["done_at"] if good else None
    return Health(
        folder,
        last,
        (good["words"] or "") if good else "",
        _trouble(tx, last, at) if folder is not None else "",
        seals.latest(tx),
    )


def _trouble(tx: Reading, last: datetime | None, at: datetime) -> str:
    row = nights.latest(tx, NightWork.COPY)
    since = (
        f"la dernière qui est bonne est du {moment_words(last)}" if last else "il n'y en a aucune de bonne"
    )
    if row is not None and row["state"] is NightState.FAILED:
        return f"La copie de sauvegarde a échoué ; {since}. {row['words']}"
    if last is None or last < at - LATE:
        return f"Aucune copie de sauvegarde depuis plus d'un jour ; {since}. Vérifiez que l'horloge marche."
    return ""

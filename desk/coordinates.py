"""The coordinates of who asked, put right from a file (« Corriger les coordonnées »)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from desk import citizens, drafts, readdressing
from desk.acts import Outcome, standing
from desk.citizens import Caller
from desk.scope import file_in_sight
from desk.visits import Counter, Visit
from policy.circuits import Party
from policy.classification import Stated, check_coordinates, check_particulars
from policy.confidentiality import may_see
from policy.moves import parties
from policy.reasons import refuse_all, refused
from policy.words import Sight
from sync import versions
from sync.file_tables import CITIZENS
from sync.schema import SQL
from sync.store import Reading, Row

# As a form names them beside the place of the demand (``Stated``), and as they are kept.
KEPT: Mapping[str, str] = {
    "name": "name",
    "phone": "phone",
    "email": "email",
    "home_civic": "civic",
    "home_street": "street",
    "home_city": "city",
    "home_postal_code": "postal_code",
}


@dataclass(frozen=True)
class Coordinates:
    """As they stand, by the name of the form; nothing when they are not this person's to correct."""

    fields: Mapping[str, str] = field(default_factory=dict)
    files: int = 0  # how many files they serve


def of_file(counter: Counter[Reading], file: Row) -> Coordinates:
    """Of a file in sight."""
    citizen = counter.tx.get("citizens", file["citizen"]) if _is_theirs(counter, file) else None
    if citizen is None:
        return Coordinates()
    own = SQL["files"].c
    count = select(func.count()).select_from(SQL["files"]).where(own.citizen == citizen["id"])
    return Coordinates(_shown(citizen), int(counter.tx.scalar(count)))


def correct(visit: Visit, file_id: str, typed: Mapping[str, Any], seen: Mapping[str, Any]) -> Outcome:
    """P §4.3: the desk puts right how the person of a file is reached, whatever the state of the file.

    Judged as at intake; ``seen`` is what stood there when typing began: what another changed meanwhile is
    given back as differences, and nothing is written. What waits to be told follows. A second click changes
    nothing. Raises ``NotFound``, or ``Refused`` with every ground.
    """
    with visit.writing() as counter:
        file = file_in_sight(counter, file_id)
        if not _is_theirs(counter, file):
            raise refused("Seul le service aux citoyens corrige les coordonnées de la personne.", "P §4.3")
        before = counter.tx.lock("citizens", file["citizen"]) if file["citizen"] else None
        if before is None:
            raise refused("Personne n'a laissé ses coordonnées dans ce dossier.", "P §4.3")
        stands = _shown(before)
        merge = versions.merge(stands, seen, _read(typed))
        if merge.differences:
            return Outcome(file["id"], differences=merge.differences)
        drafts.drop_in(counter, file["id"], KEPT)
        if not merge.changes:
            return Outcome(file["id"], f"Dossier {file['number']} : c'était déjà fait.", file["version"])
        lenient = file["first_contact"] or file["brought_in"] is not None
        refuse_all(check_coordinates(Stated(**{**stands, **merge.changes}, first_contact=lenient)))
        told = _told(counter, before, merge.changes)
        citizens.correct_in(counter, before["id"], {KEPT[name]: new for name, new in merge.changes.items()})
        message = f"Dossier {file['number']} : coordonnées corrigées.{told}"
        return Outcome(file["id"], message, file["version"])


def label(name: str) -> str:
    """What the form calls a field; empty when it is none of these."""
    return CITIZENS.field(KEPT[name]).label if name in KEPT else ""


def _is_theirs(counter: Counter[Any], file: Row) -> bool:
    """P §2.3, P §4.1: the desk, which corrects what was said, and only who may see identities."""
    desk = Party.DESK in parties(counter.person, standing(counter, file))
    return desk and may_see(counter.person, Sight.IDENTITY, file)


def _shown(citizen: Row) -> dict[str, str]:
    return {name: citizen[kept] or "" for name, kept in KEPT.items()}


def _read(typed: Mapping[str, Any]) -> dict[str, str]:
    """As they would be kept: the same number typed otherwise is no edit. Raises ``Refused``."""
    given = {name: str(typed[name] or "") for name in KEPT if name in typed}
    refuse_all(check_particulars(Stated(phone=given.get("phone", ""), email=given.get("email", ""))))
    kept = citizens.typed(Caller(**{KEPT[name]: value for name, value in given.items()}))
    return {name: kept[KEPT[name]] for name in given}


def _told(counter: Counter[Any], before: Row, changes: Mapping[str, Any]) -> str:
    """What becomes of the mails, where the address is another."""
    if "email" not in changes:
        return ""
    told = ""
    if readdressing.waits(counter.tx, before):
        told = (
            " Ce qui attendait de partir part à la nouvelle adresse."
            if changes["email"]
            else " Ce qui attendait de partir est à dire autrement : voyez « Courriels »."
        )
    if changes["email"] and readdressing.was_refused(counter.tx, before):
        told += " Ce qui avait été refusé se renvoie depuis « Courriels »."
    return told

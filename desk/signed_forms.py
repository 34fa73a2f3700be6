"""P annexe C: the form that was printed, signed by both and scanned back, kept with its designation."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from desk.contents import checked
from desk.visits import Visit
from policy.reasons import refused
from policy.roles import Deed, refuse_unless
from sync.store import Row

PAPER = ("application/pdf", "image/")  # what a scanner makes


@dataclass(frozen=True)
class SignedForm:
    """One scan, without its content."""

    id: str
    designation: str
    name: str
    media_type: str
    added_at: datetime


def keep(visit: Visit, designation: str, name: str, content: bytes) -> SignedForm:
    """Keep the scan, and mark the designation signed by both. The same designation may have several.

    Raises ``Refused`` for who does not keep the registry, and for what is neither a PDF nor a picture.
    """
    brought = checked(name, content, visit.house.attachment_most)
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = counter.tx.lock("designations", designation)
        if row is None:
            raise refused("Cette désignation n'existe pas.", "P annexe C")
        if not brought.media_type.startswith(PAPER):
            raise refused("Un formulaire numérisé est un PDF ou une image.", "P annexe C")
        by = counter.by("joindre le formulaire signé")
        told = {
            "designation": designation, "name": brought.name, "media_type": brought.media_type,
            "size": len(brought.content), "added_by": counter.person.id, "added_at": counter.at,
        }  # fmt: skip
        kept = counter.tx.insert("signed_forms", told, by)
        counter.tx.insert("signed_form_contents", {"form": kept["id"], "content": brought.content}, by)
        signed = {"employee_signed": True, "director_signed": True}
        day = {} if row["signed_on"] else {"signed_on": counter.today}
        counter.tx.update("designations", designation, signed | day, by)
        return _form(kept)


def of(visit: Visit) -> Mapping[str, SignedForm]:
    """The latest scan of each designation that has one, by its id."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_REGISTRY)
        rows = counter.tx.find("signed_forms", order_by=("added_at",))
    return {row["designation"]: _form(row) for row in rows}


def read(visit: Visit, id: str) -> tuple[SignedForm, bytes]:
    """One scan and its content. Raises ``Refused`` for who does not keep the registry."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = counter.tx.get("signed_forms", id)
        held = counter.tx.first("signed_form_contents", form=id)
        if row is None or held is None:
            raise refused("Ce formulaire n'existe pas.", "P annexe C")
        return _form(row), held["content"]


def _form(row: Row) -> SignedForm:
    return SignedForm(row["id"], row["designation"], row["name"], row["media_type"], row["added_at"])

"""P annexe C: the form that was printed, signed by both and scanned back, kept with its designation.

One put on the wrong designation is taken off: the signatures are again what they were before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from desk.contents import checked
from desk.timeline import called
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.registry import is_signed
from policy.roles import Deed, refuse_unless
from sync.store import Reading, Row, Writing

PAPER = ("application/pdf", "image/")  # what a scanner makes


@dataclass(frozen=True)
class SignedForm:
    """One scan, without its content; of one that was taken off, when, by whom and why."""

    id: str
    designation: str
    name: str
    media_type: str
    added_at: datetime
    removed_at: datetime | None = None
    removed_by: str = ""
    removed_why: str = ""


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
            "before": None if is_signed(row) else _signatures(row),
        }  # fmt: skip
        kept = counter.tx.insert("signed_forms", told, by)
        counter.tx.insert("signed_form_contents", {"form": kept["id"], "content": brought.content}, by)
        signed = {"employee_signed": True, "director_signed": True}
        day = {} if row["signed_on"] else {"signed_on": counter.today}
        counter.tx.update("designations", designation, signed | day, by)
        return _form(counter.tx, kept)


def remove(visit: Visit, id: str, reason: str) -> bool:
    """Take a scan off: its content is erased, that it was there and why it went stays told.

    Without another scan the signatures are what they were before; whether the designation is still signed.
    A second click changes nothing. Raises ``Refused`` for who does not keep the registry, without a reason.
    """
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        known = counter.tx.get("signed_forms", id)
        designation = counter.tx.lock("designations", known["designation"]) if known else None
        row = counter.tx.lock("signed_forms", id)
        if row is None or designation is None:
            raise refused("Ce formulaire n'existe pas.", "P annexe C")
        if row["removed_at"] is not None:
            return is_signed(designation)
        if not reason.strip():
            raise refused("Dites pourquoi le formulaire est retiré.", "P annexe C", "reason")
        gone = {
            "removed_at": counter.at, "removed_by": counter.person.id, "removed_why": reason.strip(),
            "before": None,
        }  # fmt: skip
        counter.tx.update("signed_forms", id, gone, counter.by("retirer le formulaire signé"))
        held = counter.tx.first("signed_form_contents", form=id)
        if held is not None:
            counter.tx.delete("signed_form_contents", held["id"])
        return is_signed(_follow(counter, designation, row["before"]))


def of(visit: Visit) -> Mapping[str, tuple[SignedForm, ...]]:
    """Every scan of each designation that has or had one, by its id, the latest first."""
    found: dict[str, tuple[SignedForm, ...]] = {}
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_REGISTRY)
        for row in counter.tx.find("signed_forms", order_by=("-added_at", "-id")):
            found[row["designation"]] = (*found.get(row["designation"], ()), _form(counter.tx, row))
    return found


def read(visit: Visit, id: str) -> tuple[SignedForm, bytes]:
    """One scan and its content. Raises ``Refused`` for who does not keep the registry."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.DESIGNATE)
        row = counter.tx.get("signed_forms", id)
        held = counter.tx.first("signed_form_contents", form=id)
        if row is None or held is None:
            raise refused("Ce formulaire n'existe pas.", "P annexe C")
        return _form(counter.tx, row), held["content"]


def _follow(counter: Counter[Writing], designation: Row, before: Mapping[str, Any] | None) -> Row:
    """The signatures that the scan taken off had put: kept by another scan that is there, or as before."""
    if before is None or not is_signed(designation):
        return designation
    others = counter.tx.find("signed_forms", ("added_at",), designation=designation["id"], removed_at=None)
    by = counter.by("retirer le formulaire signé")
    if others:
        counter.tx.update("signed_forms", others[0]["id"], {"before": before}, by)
        return designation
    day = before["signed_on"]
    marks = {**before, "signed_on": date.fromisoformat(day) if day else None}
    return counter.tx.update("designations", designation["id"], marks, by)


def _signatures(designation: Row) -> dict[str, Any]:
    """As JSON holds them."""
    day = designation["signed_on"]
    return {
        "employee_signed": bool(designation["employee_signed"]),
        "director_signed": bool(designation["director_signed"]),
        "signed_on": day.isoformat() if day else None,
    }


def _form(tx: Reading, row: Row) -> SignedForm:
    return SignedForm(
        row["id"], row["designation"], row["name"], row["media_type"], row["added_at"], row["removed_at"],
        called(tx, "accounts", row["removed_by"]) if row["removed_by"] else "", row["removed_why"] or "",
    )  # fmt: skip

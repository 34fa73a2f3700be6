"""R-81 for what is private, for the lists, and for a store restored from before."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from desk import (
    claims,
    courtesy,
    holds,
    keeping,
    keeping_work,
    private_documents,
)  # fmt: skip
from desk.scope import NotFound
from policy.keeping import KeptKind
from policy.private_words import AccessState, ComplaintState, PrivateKind
from policy.reasons import Refused
from policy.words import Nature
from sync import audit, orders
from sync.link_tables import TOMBSTONES
from sync.schema import SQL
from sync.store import Row
from tests.cast import Cast, moment
from tests.desk.documents import PDF
from tests.desk.filing import BY, TEN, filed, kept
from tests.desk.test_forgotten import restored
from tests.desk.test_keeping import LATER, NOW, agreed, calendar, carry_out, close, due, measured, old
from tests.desk.test_purge import WORD, columns_that_hold
from tests.jobs.post import RNC_DAY, look
from tests.sync.backups import taken
from tests.sync.private_rows import complaint

__all__ = ["calendar", "old"]


def test_a_claim_goes_with_its_file_its_documents_and_its_key(cast: Cast, calendar: None) -> None:
    file = filed(cast, "2026-00060", nature=Nature.CLAIM)
    clerk = cast.visit("clerk", TEN)
    claims.save(clerk, file["number"], {"damage_words": f"{WORD}dommage", "insurer": f"{WORD}assureur"})
    (claim,) = kept(cast, "claims")
    private_documents.add(clerk, PrivateKind.CLAIM, claim["id"], [(f"{WORD}facture.pdf", PDF)])
    close(cast, file, closed_at=moment("Mon 2020-01-06 09:00"), completed_at=moment("Mon 2020-01-06 09:00"))
    keys = sealed_key(cast, "claims")
    assert agreed(cast, KeptKind.CLAIM) == 1 and carry_out(cast) == 1
    (after,) = kept(cast, "claims")
    assert (after["damage_words"], after["insurer"]) == (None, None)
    assert kept(cast, "private_documents") == kept(cast, "private_contents") == []
    assert sealed_key(cast, "claims") != keys
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []


def sealed_key(cast: Cast, table: str) -> list[str]:
    with cast.house.store.reading() as tx:
        return [row["sealed_key"] for row in tx.rows(sa.select(SQL[table].c.sealed_key))]


def test_a_complaint_waits_for_who_investigates_it_and_nobody_else_knows(cast: Cast, calendar: None) -> None:
    with cast.house.store.writing() as tx:
        made = complaint(7) | {"investigator": cast.accounts["director"], "state": ComplaintState.CONCLUDED,
                               "concluded_at": TEN, "answered_on": TEN.date()}  # fmt: skip
        row = tx.insert("complaints", made, BY)
        person = tx.insert("complaint_people", {"complaint": row["id"], "part": "Visée par la plainte",
                                                "name": f"{WORD} Roy"}, BY)  # fmt: skip
        step = {"complaint": row["id"], "person": person["id"], "kind": "Rencontre", "noted_at": TEN,
                "words": f"{WORD} dit"}  # fmt: skip
        tx.insert("complaint_steps", step, BY)
        entered = {"complaint": row["id"], "person": person["id"], "entered_at": TEN, "name": "Roy",
                   "incident": "x", "measure": "Avis verbal"}  # fmt: skip
        tx.insert("personnel", entered, BY)
    keeping_work.review(cast.house, NOW)
    for who in ("clerk", "general", "technician", "admin", "planner"):
        assert KeptKind.COMPLAINT not in {each.kind for each in keeping.counts(cast.visit(who, LATER))}
        with pytest.raises(Refused, match="pas à vous"):
            keeping.agree_to_all(cast.visit(who, LATER), KeptKind.COMPLAINT)
    with pytest.raises(NotFound):
        holds.place(cast.visit("clerk", LATER), row["number"], "x")
    before = sealed_key(cast, "complaints")
    assert keeping.agree_to_all(cast.visit("director", LATER), KeptKind.COMPLAINT) == 1
    assert carry_out(cast) == 1
    (after,) = kept(cast, "complaints")
    assert (after["number"], after["state"]) == (row["number"], ComplaintState.CONCLUDED)
    assert (after["name"], after["facts"]) == (None, "—") and sealed_key(cast, "complaints") != before
    assert kept(cast, "complaint_people") == kept(cast, "complaint_steps") == []
    (entry,) = kept(cast, "personnel")
    assert (entry["complaint"], entry["person"], entry["name"]) == (None, None, "Roy"), "R-32"
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []


def test_access_requests_and_refusals_of_service_have_their_terms(cast: Cast, old: Row) -> None:
    with cast.house.store.writing() as tx:
        asked = {"number": "A2026-0001", "state": AccessState.ANSWERED, "received_at": TEN,
                 "channel": "Courriel", "answered_on": TEN.date(), "name": f"{WORD} Roy",
                 "words": f"{WORD} dossier"}  # fmt: skip
        tx.insert("access_requests", asked, BY)
    with cast.house.store.writing() as tx:
        refusal = {"citizen": old["citizen"], "starts_on": TEN.date(), "ends_on": TEN.date(), "reason": WORD}
        tx.insert("service_refusals", refusal, BY)
    assert agreed(cast, KeptKind.ACCESS) == 1
    assert agreed(cast, KeptKind.SERVICE_REFUSAL, "director") == 1
    assert agreed(cast) == 1 and carry_out(cast) == 3
    (access,) = kept(cast, "access_requests")
    assert (access["number"], access["name"], access["words"]) == ("A2026-0001", None, "—")
    assert courtesy.refusals(cast.visit("director", LATER)) == ()
    assert kept(cast, "citizens") == [] and columns_that_hold(cast, WORD) == []


def test_old_lists_go_by_whole_months_and_stay_in_the_ledger(cast: Cast, calendar: None) -> None:
    filed(cast, "2026-00021", street=f"rue {WORD}")
    look(cast, RNC_DAY)
    before = [(row["key"], row["state"], row["run"]) for row in kept(cast, "mails")]
    assert agreed(cast, KeptKind.MAILS) == 1 and carry_out(cast) == 1
    assert [(row["key"], row["state"], row["run"]) for row in kept(cast, "mails")] == before
    assert {row["message"] for row in kept(cast, "mails")} == {b""}
    assert due(cast, kind=KeptKind.MAILS) == []


def test_a_restored_store_makes_anonymous_again_what_was(cast: Cast, old: Row, tmp_path: Path) -> None:
    before = measured(cast)
    taken(cast.house.store, tmp_path / "copie.zip")
    agreed(cast)
    carry_out(cast)
    restored(cast, tmp_path / "copie.zip")
    assert columns_that_hold(cast, WORD) == [] and measured(cast) == before
    with cast.house.store.reading() as tx:
        assert audit.verify(tx) == []
        assert orders.outlined(tx, "files", old["id"]) is not None
        assert tx.scalar(sa.select(sa.func.count()).select_from(TOMBSTONES)) > 1
    assert keeping_work.review(cast.house, NOW).found == 0

"""Rows typed in a table outside wait in the desk's inbox until a person accepts them."""

import json
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from desk import drafts, inbox
from desk.acts import Outcome
from desk.citizens import Caller
from desk.demand import Demand
from desk.inbox import Said
from desk.visits import Visit
from policy.reasons import Refused
from policy.words import Channel, Priority
from sync import orders
from sync.link_tables import HELD, LINKS, REMOTE_NOTICES, REMOTES, Tie
from sync.schema import SQL
from tests.cast import Cast
from tests.desk.filing import NINE, TEN, kept
from tests.desk.outside import Table, ledger, link, remote, row_there
from tests.desk.test_together import at_once

LATER = TEN + timedelta(minutes=5)
MARIE = Caller(name="Marie Roy", phone="450 555-0199")


@pytest.fixture
def row(cast: Cast) -> str:
    """A pothole that the director typed in the table."""
    remote(cast)
    typed = {
        "street": "rue du Lac",
        "category": cast.categories["Nid-de-poule"],
        "priority": "Haute",
        "next_action": "Appeler l'entrepreneur",
        "state": "Nouvelle",
    }
    there = {**typed, "category": ["recNid"], "number": "à donner", "id": "", "note_of_sync": "reçue"}
    raw = {name: there[name] for name in typed}
    extras = {"Vu par": "Denis", "Photos": ["a.jpg", "b.jpg"]}
    return row_there(cast, there=there, agreed=typed, raw=raw, extras=extras, told="copie de 2026-00003")


def filled(cast: Cast, row: str) -> Demand:
    found = inbox.prefill(cast.visit("technician", TEN), row)
    return replace(found, channel=Channel.EMAIL, facts="Un trou devant le quai.", caller=MARIE)


def test_a_row_is_shown_as_it_was_typed(cast: Cast, row: str) -> None:
    (arrival,) = inbox.waiting(cast.visit("technician", TEN))
    assert (arrival.link, arrival.remote, arrival.since) == (row, "Airtable", NINE)
    assert arrival.told == "copie de 2026-00003"
    assert set(arrival.said) == {
        Said("Rue ou lieu", "rue du Lac"),
        Said("Catégorie", "Nid-de-poule"),
        Said("Priorité", "Haute"),
        Said("Prochaine action", "Appeler l'entrepreneur"),
        Said("État", "Nouvelle"),
        Said("Numéro", "à donner"),
    }
    assert arrival.extras == (Said("Vu par", "Denis"), Said("Photos", "a.jpg, b.jpg"))


@pytest.mark.parametrize("who", ["secretary", "experience", "general", "outsider", "admin"])
def test_nobody_else_sees_or_takes_what_waits(cast: Cast, row: str, who: str) -> None:
    assert inbox.waiting(cast.visit(who, TEN)) == []
    demand = filled(cast, row)
    for act in (
        lambda: inbox.prefill(cast.visit(who, TEN), row),
        lambda: inbox.accept(cast.visit(who, TEN), row, demand),
        lambda: inbox.decline(cast.visit(who, TEN), row, "non"),
    ):
        with pytest.raises(Refused, match="inscrire une demande"):
            act()
    assert link(cast, row).tie is Tie.PROPOSED and kept(cast, "files") == []


def test_the_form_is_filled_and_its_clock_starts_when_the_row_came(cast: Cast, row: str) -> None:
    demand = inbox.prefill(cast.visit("technician", TEN), row)
    assert (demand.street, demand.category) == ("rue du Lac", cast.categories["Nid-de-poule"])
    assert (demand.priority, demand.received_at, demand.facts) == (Priority.HIGH, NINE, "")


def test_an_accepted_row_is_a_numbered_file_tied_to_it(cast: Cast, row: str) -> None:
    opened = inbox.accept(cast.visit("technician", TEN), row, filled(cast, row))
    assert opened.number == "2026-00001"
    (file,) = kept(cast, "files")
    assert (file["street"], file["priority"], file["department"]) == (
        "rue du Lac",
        Priority.HIGH,
        cast.departments["Travaux publics"],
    )
    tied = link(cast, row)
    assert (tied.record, tied.tie, tied.open, tied.told) == (file["id"], Tie.LINKED, True, None)
    assert inbox.waiting(cast.visit("technician", TEN)) == []
    assert ledger(cast, REMOTES)[0]["woken_at"] == TEN


def test_what_the_form_does_not_ask_is_offered_to_the_counter_afterwards(cast: Cast, row: str) -> None:
    inbox.accept(cast.visit("technician", TEN), row, filled(cast, row))
    tied = link(cast, row)
    assert tied.agreed["next_action"] is None and "next_action" not in tied.raw
    assert tied.there["next_action"] == "Appeler l'entrepreneur"


def test_what_the_desk_corrects_stays_told(cast: Cast, row: str) -> None:
    inbox.accept(cast.visit("technician", TEN), row, replace(filled(cast, row), street="chemin du Lac"))
    told = {held["field"]: held for held in ledger(cast, HELD)}
    assert told.keys() == {"street", "state"}
    assert json.loads(told["street"]["raw"]) == "rue du Lac"
    assert told["street"]["settled_at"] == TEN
    tied = link(cast, row)
    assert tied.agreed["street"] == "rue du Lac"  # ours differs: it goes there


def test_a_second_click_opens_nothing_twice(cast: Cast, row: str) -> None:
    demand = filled(cast, row)
    first = inbox.accept(cast.visit("technician", TEN), row, demand)
    again = inbox.accept(cast.visit("director", LATER), row, demand)
    assert (again.number, again.again) == (first.number, True)
    assert len(kept(cast, "files")) == 1
    with pytest.raises(Refused, match="différent"):
        inbox.accept(cast.visit("technician", LATER), row, replace(demand, facts="Autre chose."))


def test_two_people_at_the_same_row_open_one_file(cast: Cast, row: str) -> None:
    demand = filled(cast, row)

    def click(visit: Visit) -> Outcome:
        return Outcome(inbox.accept(visit, row, demand).number)

    clicks = [partial(click, cast.visit(who, TEN)) for who in ("technician", "director")]
    assert at_once(clicks) == [Outcome("2026-00001")] * 2
    assert len(kept(cast, "files")) == 1


def test_an_incomplete_demand_is_refused_and_the_row_still_waits(cast: Cast, row: str) -> None:
    with pytest.raises(Refused) as no:
        inbox.accept(cast.visit("technician", TEN), row, inbox.prefill(cast.visit("technician", TEN), row))
    assert {"channel", "facts", "name"} <= {ground.field for ground in no.value.grounds}
    assert link(cast, row).tie is Tie.PROPOSED and kept(cast, "files") == []


def test_a_declined_row_says_why_there_and_can_no_longer_be_accepted(cast: Cast, row: str) -> None:
    demand = filled(cast, row)
    with pytest.raises(Refused, match="motif"):
        inbox.decline(cast.visit("technician", TEN), row, "  ")
    for _ in range(2):
        inbox.decline(cast.visit("technician", TEN), row, "Déjà connu.")
    told = link(cast, row)
    assert told.tie is Tie.DECLINED
    assert told.told == "refusée par Luc Tremblay le 16 novembre 2026 : Déjà connu."
    with pytest.raises(Refused, match="déjà été"):
        inbox.accept(cast.visit("technician", LATER), row, demand)
    with pytest.raises(Refused, match="déjà été"):
        inbox.prefill(cast.visit("technician", LATER), row)
    assert kept(cast, "files") == []


def test_an_accepted_row_is_not_declined_afterwards(cast: Cast, row: str) -> None:
    inbox.accept(cast.visit("technician", TEN), row, filled(cast, row))
    with pytest.raises(Refused, match="déjà été"):
        inbox.decline(cast.visit("director", LATER), row, "Trop tard.")
    assert link(cast, row).tie is Tie.LINKED


def test_a_choice_that_is_none_of_ours_does_not_stop_the_form(cast: Cast) -> None:
    remote(cast)
    id = row_there(cast, there={"channel": "Pigeon"}, agreed={"channel": "Pigeon", "street": "rue du Lac"})
    assert inbox.prefill(cast.visit("technician", TEN), id).channel is None
    (arrival,) = inbox.waiting(cast.visit("technician", TEN))
    assert Said("Provenance", "Pigeon") in arrival.said


def test_an_accepted_row_that_is_purged_leaves_no_trace_of_what_was_typed(cast: Cast, row: str) -> None:
    opened = inbox.accept(cast.visit("technician", TEN), row, replace(filled(cast, row), street="rue X"))
    with cast.house.store.writing() as tx:
        assert orders.purge(tx, "files", opened.id, LATER)
    assert ledger(cast, HELD) == []
    (left,) = ledger(cast, LINKS)
    assert "rue du Lac" not in str(left)


def test_rows_pasted_together_are_one_group_and_are_declined_in_one_gesture(cast: Cast) -> None:
    remote(cast)
    lone = row_there(cast, "rec0", at=NINE - timedelta(hours=1), agreed={"street": "rue seule"})
    rows = [
        row_there(cast, f"rec{n}", at=NINE + timedelta(seconds=n), agreed={"street": f"rue {n}"})
        for n in range(1, 9)
    ]
    first, pasted = inbox.groups(inbox.waiting(cast.visit("technician", TEN)))
    assert ([one.link for one in first], [one.link for one in pasted]) == ([lone], rows)
    inbox.decline(cast.visit("director", TEN), rows[0], "Essai.")
    with pytest.raises(Refused, match="motif"):
        inbox.decline_all(cast.visit("technician", TEN), rows, "")
    with pytest.raises(Refused, match="réservé"):
        inbox.decline_all(cast.visit("secretary", TEN), rows, "Collage par erreur.")
    assert inbox.decline_all(cast.visit("technician", TEN), rows, "Collage par erreur.") == 7
    assert inbox.decline_all(cast.visit("technician", LATER), rows, "Encore.") == 0
    assert [one.link for one in inbox.waiting(cast.visit("technician", LATER))] == [lone]
    assert "Essai" in (link(cast, rows[0]).told or "")


def test_a_few_rows_typed_one_after_the_other_stay_apart(cast: Cast) -> None:
    remote(cast)
    for n in range(4):
        row_there(cast, f"rec{n}", at=NINE + timedelta(seconds=n), agreed={"street": f"rue {n}"})
    found = inbox.groups(inbox.waiting(cast.visit("technician", TEN)))
    assert [len(group) for group in found] == [1, 1, 1, 1]


def test_what_waits_is_counted_for_those_who_take_it(cast: Cast, row: str) -> None:
    counts = {who: inbox.count(cast.visit(who, TEN)) for who in ("technician", "director", "secretary")}
    assert counts == {"technician": 1, "director": 1, "secretary": 0}
    arrival = inbox.one(cast.visit("technician", TEN), row)
    assert arrival is not None and arrival.link == row
    assert inbox.one(cast.visit("secretary", TEN), row) is None
    inbox.decline(cast.visit("technician", TEN), row, "Déjà connu.")
    assert inbox.one(cast.visit("technician", LATER), row) is None
    assert inbox.link_of(inbox.token_of(row)) == row and inbox.link_of("0123") == ""


def test_a_complaint_typed_in_the_table_is_erased_there_and_nothing_of_it_is_kept_here(cast: Cast) -> None:
    table = Table(cast)
    table.service.add("files", {"street": "rue du Lac", "next_action": "Sentinelle de la plainte"})
    table.run()
    (arrival,) = inbox.waiting(cast.visit("technician", table.now))
    call = drafts.of_call(inbox.token_of(arrival.link))
    drafts.keep(cast.visit("technician", table.now), call, "facts", "Sentinelle")
    for who in ("secretary", "outsider", "admin"):
        with pytest.raises(Refused, match="inscrire une demande"):
            inbox.erase(cast.visit(who, table.now), arrival.link)
    assert "plainte" in inbox.erase(cast.visit("technician", table.now), arrival.link)
    assert "s’efface déjà" in inbox.erase(cast.visit("director", table.now), arrival.link)
    assert inbox.waiting(cast.visit("technician", table.now)) == []
    with pytest.raises(Refused, match="accueillie ou refusée"):
        inbox.prefill(cast.visit("technician", table.now), arrival.link)
    table.run()
    table.run()
    assert not table.service.rows("files")
    assert not [each for each in ledger(cast) if each["table_name"] == "files"]
    assert "Sentinelle" not in str([ledger(cast, each) for each in (HELD, REMOTE_NOTICES, SQL["drafts"])])


def test_a_row_erased_before_it_was_deleted_there_never_comes_back_to_the_inbox(cast: Cast) -> None:
    table = Table(cast)
    key = table.service.add("files", {"street": "rue du Lac"})
    table.run()
    (arrival,) = inbox.waiting(cast.visit("technician", table.now))
    inbox.erase(cast.visit("technician", table.now), arrival.link)
    table.service.edit("files", key, {"street": "rue de la Gare"})  # somebody goes on typing
    table.run()
    assert inbox.waiting(cast.visit("technician", table.now)) == []
    table.run()
    assert not table.service.rows("files") and kept(cast, "files") == []

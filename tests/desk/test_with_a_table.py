"""The counter and its table together: what the director types there is done here, and told there."""

from dataclasses import replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from desk import inbox
from desk.citizens import Caller
from desk.purge import become_complaint
from policy.words import Channel, Nature, Priority, State
from sync.link_tables import HELD, REMOTE_NOTICES
from sync.outside import CARRIED
from sync.remote import ID, NOTE
from sync.schema import METADATA
from sync.states import MailKind
from sync.status import status
from tests.cast import Cast, day
from tests.desk.demands import opened
from tests.desk.filing import filed, items, kept, stands
from tests.desk.outside import Table, ledger
from tests.remotes.memory import InMemory

MARIE = Caller(name="Marie Roy", phone="450 555-0199")


def forget(cast: Cast, *names: str) -> None:
    """These tables are emptied, as if the database had been lost."""
    with cast.house.store.writing() as tx:
        for name in names:
            tx.connection.execute(sa.delete(METADATA.tables[name]))


def quiet(table: Table) -> bool:
    """Whether one more exchange writes nothing."""
    before = table.service.writes
    table.run()
    return table.service.writes == before


def test_the_director_closes_a_file_in_the_table(cast: Cast) -> None:
    file = {"id": opened(cast).id}
    table = Table(cast)
    table.run()
    there = table.type(
        "files",
        file["id"],
        state="Complétée",
        code=table.key("codes", cast.codes["238"]),
        done_on="2026-11-16",
        done_extension="2200",
        citizen_text="Le trou est bouché.",
        last_reason="Asphalte froid.",
    )
    assert stands(cast, file)["state"] is State.DONE
    assert there["closed_at"] and NOTE not in there
    assert len(kept(cast, "mails", kind=MailKind.CLOSING)) == 1
    assert quiet(table)


def test_what_the_counter_refuses_stays_there_with_its_reason_and_another_try_clears_it(cast: Cast) -> None:
    file = filed(cast, state=State.TO_CLOSE, **items(cast))
    table = Table(cast)
    table.run()
    there = table.type("files", file["id"], state="Annulée")
    assert "Écrivez le motif." in there[NOTE] and there["state"] == "Annulée"
    assert stands(cast, file)["state"] is State.TO_CLOSE
    assert quiet(table)
    there = table.type("files", file["id"], last_reason="Doublon d'un appel.")
    assert NOTE not in there
    assert stands(cast, file)["state"] is State.CANCELLED


def test_a_state_that_no_act_of_the_table_reaches_is_refused_in_words(cast: Cast) -> None:
    file = filed(cast)
    table = Table(cast)
    table.run()
    assert "à l'écran" in table.type("files", file["id"], state="Nouvelle")[NOTE]
    assert NOTE not in table.type("files", file["id"], state="Prise en charge")
    assert stands(cast, file)["state"] is State.TAKEN


def test_another_category_brings_back_its_priority_and_its_target(cast: Cast) -> None:
    file = filed(cast, priority=Priority.LOW)
    table = Table(cast)
    table.run()
    there = table.type("files", file["id"], category=table.key("categories", cast.categories["Nid-de-poule"]))
    now = stands(cast, file)
    assert (there["priority"], there["target_on"]) == (now["priority"].value, now["target_on"].isoformat())
    assert quiet(table)


def test_a_closing_typed_in_the_table_moves_the_targets_in_the_same_exchange(cast: Cast) -> None:
    file = filed(cast)
    table = Table(cast)
    table.run()
    table.service.add("closings", {"day": "2026-11-17", "label": "Tempête"})
    table.run()
    now = stands(cast, file)["target_on"]
    assert now > file["target_on"]
    assert table.row("files", file["id"])["target_on"] == now.isoformat()
    assert quiet(table)


def waiting(cast: Cast, at: datetime) -> tuple[int, int]:
    """What is still to be told there, and how many notices wait to be read."""
    with cast.house.store.reading() as tx:
        found = status(tx, InMemory.name, at)
    assert found is not None
    return found.waiting, found.unread


def test_a_row_of_which_a_cell_does_not_read_waits_for_the_desk_all_the_same(cast: Cast) -> None:
    table = Table(cast)
    table.run()
    key = table.service.add("files", {"street": "rue du Lac", "planned_on": "bientôt"})
    assert table.run().rejected == 1
    (arrival,) = inbox.waiting(cast.visit("technician", table.now))
    assert "bientôt" in arrival.wrong and ("Date prévue", "bientôt") in [
        (each.label, each.text) for each in arrival.said
    ]
    row = table.service.rows("files")[key]
    assert row["planned_on"] == "bientôt" and "accueillera" in row[NOTE] and "bientôt" in row[NOTE]
    assert quiet(table) and waiting(cast, table.now) == (0, 0)
    table.service.edit("files", key, {"planned_on": "2026-11-20"})
    table.run()
    (arrival,) = inbox.waiting(cast.visit("technician", table.now))
    assert arrival.wrong == "" and "bientôt" not in table.service.rows("files")[key][NOTE]


def test_what_did_not_read_is_refused_with_its_reason_once_the_demand_is_accepted(cast: Cast) -> None:
    table = Table(cast)
    table.run()
    key = table.service.add("files", {"street": "rue du Lac", "planned_on": "bientôt"})
    table.run()
    technician = cast.visit("technician", table.now)
    (arrival,) = inbox.waiting(technician)
    asked = replace(
        inbox.prefill(technician, arrival.link), channel=Channel.PHONE, nature=Nature.REQUEST, caller=MARIE,
        category=cast.categories["Nid-de-poule"], facts="Un trou.",
    )  # fmt: skip
    inbox.accept(technician, arrival.link, asked)
    table.run()
    assert table.service.rows("files")[key]["planned_on"] == "bientôt"
    assert [row["field"] for row in ledger(cast, HELD)] == ["planned_on"]
    assert kept(cast, "files")[0]["planned_on"] is None


def test_a_row_of_settings_that_is_not_taken_is_told_to_who_keeps_the_table(cast: Cast) -> None:
    table = Table(cast)
    table.run()
    key = table.service.add("departments", {"name": "Cour municipale", "circuit": "Z"})
    assert table.run().rejected == 1
    assert "refus" in table.service.rows("departments")[key][NOTE].lower()
    assert quiet(table) and waiting(cast, table.now) == (0, 1)
    (notice,) = ledger(cast, REMOTE_NOTICES)
    assert "« Cour municipale »" in notice["words"] and "« Z »" in notice["words"]
    table.service.edit("departments", key, {"circuit": "A"})
    table.run()
    assert "Cour municipale" in [row["name"] for row in kept(cast, "departments")]


def test_a_row_typed_there_waits_for_the_desk_and_becomes_its_file(cast: Cast) -> None:
    table = Table(cast)
    table.run()
    category = table.key("categories", cast.categories["Nid-de-poule"])
    key = table.service.add(
        "files", {"street": "rue du Lac", "category": category, "planned_on": "2026-11-20", "Photo": "a.jpg"}
    )
    table.run()
    assert kept(cast, "files") == kept(cast, "mails") == []
    visit = replace(cast.visit("technician", table.now + timedelta(minutes=1)))
    (arrival,) = inbox.waiting(visit)
    demand = replace(
        inbox.prefill(visit, arrival.link), channel=Channel.EMAIL, facts="Un trou.", caller=MARIE, civic="12"
    )
    number = inbox.accept(visit, arrival.link, demand).number
    table.run()
    there = table.service.rows("files")[key]
    (file,) = kept(cast, "files")
    assert (there["number"], there[ID], there["civic"]) == (number, file["id"], "12")
    assert (file["state"], file["planned_on"]) == (State.PLANNED, day("Fri 2026-11-20"))
    assert (there["state"], there["Photo"]) == ("Planifiée", "a.jpg")
    assert len(table.service.rows("files")) == 1
    assert quiet(table)


def test_a_declined_row_is_told_why_and_stays_the_directors(cast: Cast) -> None:
    table = Table(cast)
    table.run()
    key = table.service.add("files", {"street": "rue du Lac"})
    table.run()
    visit = cast.visit("technician", table.now)
    (arrival,) = inbox.waiting(visit)
    inbox.decline(visit, arrival.link, "Hors de la ville.")
    table.run()
    assert "Hors de la ville." in table.service.rows("files")[key][NOTE]
    assert kept(cast, "files") == [] and quiet(table)


def test_a_file_that_was_a_complaint_leaves_the_table_and_no_undo_brings_it_back(cast: Cast) -> None:
    told = opened(cast)
    table = Table(cast)
    table.run()
    key, before = table.key("files", told.id), table.row("files", told.id)
    become_complaint(cast.visit("technician", table.now), told.id, "C'est une plainte.")
    for _ in range(3):
        table.run()
    assert table.service.by_id("files", told.id) == []
    assert told.citizen and table.service.by_id("citizens", told.citizen) == []
    table.service.restore("files", key, before)
    for _ in range(3):
        table.run()
    assert table.service.by_id("files", told.id) == []
    assert "devant l'église" not in str(ledger(cast))


def test_a_lost_store_comes_back_from_its_table(cast: Cast) -> None:
    told = opened(cast)
    twin = filed(cast, "2026-00005", duplicate_of=told.id)
    table = Table(cast)
    table.run()
    before = {name: {row["id"]: row for row in kept(cast, name)} for name in CARRIED}
    ours = {name: table.service.rows(name) for name in CARRIED}
    forget(cast, "mails", "tasks", "notices", "pauses", "drafts", "history", *reversed(CARRIED))
    forget(cast, "links", "moved", "remotes")
    again = Table(cast, table.service, now=table.now + timedelta(hours=1))
    again.run(rebuilding=True)
    assert {name: {row["id"] for row in kept(cast, name)} for name in CARRIED} == {
        name: set(rows) for name, rows in before.items()
    }
    assert stands(cast, twin)["duplicate_of"] == told.id
    assert kept(cast, "mails") == kept(cast, "tasks") == []
    again.run()
    assert {name: again.service.rows(name) for name in CARRIED} == ours
    assert quiet(again)
    assert opened(cast, at=again.now).number == "2026-00006"


def test_a_setting_in_use_that_disappears_is_put_back(cast: Cast) -> None:
    filed(cast)
    table = Table(cast)
    table.run()
    record = cast.categories["Éclairage de rue"]
    table.service.delete("categories", table.key("categories", record))
    for _ in range(3):
        table.run()
    assert table.row("categories", record)["name"] == "Éclairage de rue"

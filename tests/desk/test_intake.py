"""Intake (R-1 to R-5, R-18): everything that is wrong at once, one file a form, its number and its dates."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from desk import drafts
from desk.citizens import Caller
from desk.intake import Demand, check, open_file, preview
from policy.reasons import Refused
from policy.words import Channel, Circuit, Nature, Priority, State
from sync.history import entries
from sync.store import Row
from tests.cast import CAST, TAXES, WORKS, Cast, day, moment
from tests.desk.demands import MARIE, NINE, demand, opened


def row(cast: Cast, table: str, record: str) -> Row:
    with cast.house.store.reading() as tx:
        found = tx.get(table, record)
    assert found is not None
    return found


def count(cast: Cast, table: str) -> int:
    with cast.house.store.reading() as tx:
        return len(tx.find(table))


def grounds(cast: Cast, typed: Demand) -> dict[str, str]:
    return {ground.field: ground.message for ground in check(cast.visit("technician", NINE), typed)}


def test_a_demand_gets_its_number_its_department_its_responsables_and_its_dates_at_once(cast: Cast) -> None:
    told = opened(cast)
    assert told.number == "2026-00001"
    assert told.department_name == WORKS
    assert told.responsables == ("Julie Gagnon", "Réal Savard")
    assert told.target is not None
    assert told.target.due == day("Mon 2026-11-23")
    assert "P §4.1" in told.target.articles
    assert told.acknowledgement is not None
    assert told.acknowledgement.due == moment("Tue 2026-11-17 09:00")
    assert told.told
    assert not told.closed
    file = row(cast, "files", told.id)
    assert (file["state"], file["department"]) == (State.ROUTED, cast.departments[WORKS])
    assert (file["priority"], file["target_on"]) == (Priority.HIGH, day("Mon 2026-11-23"))
    assert file["ack_due_at"] == moment("Tue 2026-11-17 09:00")


def test_numbers_follow_each_other_in_the_year_of_reception(cast: Cast) -> None:
    assert [opened(cast).number for _ in range(3)] == ["2026-00001", "2026-00002", "2026-00003"]
    eve, morning = moment("Thu 2026-12-31 23:30"), moment("Fri 2027-01-01 00:30")
    assert opened(cast, at=morning).number == "2027-00001"
    assert opened(cast, at=morning, received_at=eve, channel=Channel.EMAIL).number == "2026-00004"


def test_a_claim_keeps_the_series_of_requests(cast: Cast) -> None:
    opened(cast)
    assert opened(cast, nature=Nature.CLAIM).number == "2026-00002"


def test_the_creation_and_the_routing_are_signed_by_the_technician(cast: Cast) -> None:
    told = opened(cast)
    with cast.house.store.reading() as tx:
        history = entries(tx, "files", told.id)
    assert [(entry.name, entry.act) for entry in history] == [
        (CAST["technician"].name, "inscrire la demande"),
        (CAST["technician"].name, "acheminer le dossier"),
    ]


def test_an_empty_form_is_told_everything_it_lacks_at_once(cast: Cast) -> None:
    typed = Demand(token="vide")
    assert set(grounds(cast, typed)) == {"nature", "channel", "facts", "name", "phone"}
    with pytest.raises(Refused) as refusal:
        open_file(cast.visit("technician", NINE), typed)
    assert len(refusal.value.grounds) == 5
    assert all(ground.message and ground.article for ground in refusal.value.grounds)
    assert count(cast, "files") == count(cast, "citizens") == 0


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"received_at": NINE + timedelta(minutes=1)}, "received_at"),
        ({"caller": replace(MARIE, phone="bonjour")}, "phone"),
        ({"caller": replace(MARIE, email="marie chez exemple")}, "email"),
        ({"caller": replace(MARIE, citizen="personne")}, "citizen"),
        ({"facts": " \n "}, "facts"),
        ({"facts": "x" * 100_000}, "facts"),
        ({"street": "x" * 201}, "street"),
        ({"channel": Channel.COUNCIL}, "forwarded_by"),
        ({"channel": Channel.COUNCIL, "forwarded_by": "inconnu"}, "forwarded_by"),
        ({"category": "inconnue"}, "category"),
        ({"department": "inconnu"}, "department"),
        ({"duplicate_of": "2026-00999"}, "duplicate_of"),
        ({"nature": Nature.INFORMATION}, "first_contact"),
        ({"anonymous": True}, "anonymous"),
        ({"first_contact": True}, "answer"),
    ],
)
def test_what_is_wrong_is_told_under_its_field_and_loses_nothing(
    cast: Cast, typed: dict[str, Any], field: str
) -> None:
    visit = cast.visit("technician", NINE)
    drafts.keep(visit, drafts.NEW, "facts", "Ce que la personne disait")
    form = demand(cast, **typed)
    assert set(grounds(cast, form)) == {field}
    with pytest.raises(Refused):
        open_file(visit, form)
    assert count(cast, "files") == count(cast, "citizens") == 0
    assert drafts.recall(visit, drafts.NEW)["facts"].value == "Ce que la personne disait"
    assert opened(cast).number == "2026-00001", "a refused demand uses up no number"


@pytest.mark.parametrize(
    ("nature", "words"), [(Nature.COMPLAINT, "Déposer une plainte"), (Nature.ACCESS, "Accès aux documents")]
)
def test_a_complaint_and_an_access_request_are_refused_in_words(
    cast: Cast, nature: Nature, words: str
) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        opened(cast, nature=nature)
    assert [ground.field for ground in refusal.value.grounds] == ["nature"]


@pytest.mark.parametrize("who", [who for who in CAST if who not in ("technician", "director")])
def test_only_the_desk_enters_demands(cast: Cast, who: str) -> None:
    visit = cast.visit(who, NINE)
    for act in (preview, check, open_file):
        with pytest.raises(Refused, match="inscrire une demande"):
            act(visit, demand(cast))
    assert count(cast, "files") == 0


def test_a_second_click_opens_nothing_twice(cast: Cast) -> None:
    visit, typed = cast.visit("technician", NINE), demand(cast)
    first = open_file(visit, typed)
    second = open_file(visit, typed)
    assert (second.number, second.again, first.again) == (first.number, True, False)
    assert (second.target, second.responsables) == (first.target, first.responsables)
    assert count(cast, "files") == count(cast, "citizens") == 1


def test_two_tabs_saved_at_the_same_instant_open_one_file(cast: Cast) -> None:
    visit, typed = cast.visit("technician", NINE), demand(cast)
    with ThreadPoolExecutor(4) as tabs:
        told = [each.result() for each in [tabs.submit(open_file, visit, typed) for _ in range(4)]]
    assert {each.number for each in told} == {"2026-00001"}
    assert sorted(each.again for each in told) == [False, True, True, True]
    assert count(cast, "files") == count(cast, "citizens") == 1


def test_a_form_changed_after_its_save_is_not_taken_for_the_same(cast: Cast) -> None:
    visit, typed = cast.visit("technician", NINE), demand(cast)
    first = open_file(visit, typed)
    with pytest.raises(Refused, match=first.number) as refusal:
        open_file(visit, replace(typed, facts="Une tout autre affaire."))
    assert [ground.field for ground in refusal.value.grounds] == ["token"]
    assert count(cast, "files") == 1


def test_the_draft_of_this_call_goes_with_the_save_and_that_of_another_stays(cast: Cast) -> None:
    visit, typed = cast.visit("technician", NINE), demand(cast)
    drafts.keep(visit, drafts.of_call(typed.token), "facts", "Un nid-de-poule")
    drafts.keep(visit, drafts.of_call("autre"), "facts", "Un arbre")
    opened = open_file(visit, typed)
    assert [call.token for call in drafts.calls(visit)] == ["autre"]
    with cast.house.store.reading() as tx:
        file = tx.get("files", opened.id)
    assert file is not None and opened.citizen == file["citizen"]


def test_an_answer_given_on_the_spot_opens_and_closes_in_one_gesture(cast: Cast) -> None:
    told = opened(
        cast,
        nature=Nature.INFORMATION,
        category=cast.categories["Renseignement général"],
        caller=Caller(),
        first_contact=True,
        answer="Ouvert jusqu'à 16 h 30.",
    )
    assert told.closed
    assert (told.target, told.acknowledgement) == (None, None)
    assert "premier contact" in told.told
    file = row(cast, "files", told.id)
    assert (file["state"], file["open"], file["first_contact"]) == (State.DONE, False, True)
    assert (file["code"], file["done_on"]) == (cast.codes["238"], NINE.date())
    assert (file["done_extension"], file["note"]) == (CAST["technician"].extension, "Ouvert jusqu'à 16 h 30.")
    assert file["completed_at"] == file["closed_at"] == file["first_closed_at"] == NINE
    assert (file["closed_by"], file["citizen"]) == (cast.accounts["technician"], None)
    assert file["department"] == cast.departments["Expérience citoyen"]
    assert count(cast, "mails") == count(cast, "notices") == count(cast, "tasks") == 0


def test_without_an_extension_of_ones_own_the_form_asks_for_it(cast: Cast) -> None:
    with cast.visit("director", NINE).writing() as counter:
        counter.tx.update(
            "accounts", cast.accounts["technician"], {"extension": ""}, counter.by("modifier un compte")
        )
    settled = {"first_contact": True, "answer": "C'est fait."}
    assert set(grounds(cast, demand(cast, **settled))) == {"extension"}
    assert opened(cast, **settled, extension="2201").closed


def test_an_anonymous_demand_keeps_nobody_and_is_not_acknowledged(cast: Cast) -> None:
    told = opened(cast, anonymous=True, caller=Caller())
    assert told.acknowledgement is None
    file = row(cast, "files", told.id)
    assert (file["anonymous"], file["citizen"], file["ack_due_at"]) == (True, None, None)
    assert count(cast, "citizens") == 0


def test_a_demand_forwarded_by_the_council_keeps_its_member(cast: Cast) -> None:
    member = cast.council["Guy Ouellet"]
    told = opened(cast, channel=Channel.COUNCIL, forwarded_by=member)
    assert row(cast, "files", told.id)["forwarded_by"] == member


def test_without_a_department_the_file_waits_to_be_routed_and_its_clock_runs(cast: Cast) -> None:
    told = opened(cast, category="")
    assert (told.department_name, told.responsables) == ("", ())
    assert told.acknowledgement is not None
    file = row(cast, "files", told.id)
    assert (file["state"], file["department"], file["open"]) == (State.NEW, None, True)


def test_the_department_chosen_goes_before_the_categorys(cast: Cast) -> None:
    told = opened(cast, department=cast.departments[TAXES])
    assert (told.department_name, told.responsables) == (TAXES, ())


def test_emoji_and_line_breaks_are_kept_and_what_cannot_be_read_is_dropped(cast: Cast) -> None:
    told = opened(cast, facts=" Un trou 🕳️\nprofond\x00 de 30 cm\u200b ")
    assert row(cast, "files", told.id)["facts"].startswith("Un trou 🕳️\nprofond de 30 cm")


def test_a_citizen_chosen_is_corrected_and_not_doubled(cast: Cast) -> None:
    first = row(cast, "files", opened(cast).id)["citizen"]
    moved = replace(MARIE, citizen=first, phone="514 555 0100", civic="9", street="chemin du Lac")
    assert row(cast, "files", opened(cast, caller=moved).id)["citizen"] == first
    citizen = row(cast, "citizens", first)
    assert (citizen["phone"], citizen["phone_digits"]) == ("514 555-0100", "5145550100")
    assert (citizen["civic"], citizen["postal_code"]) == ("9", "J0R 1T0")
    assert count(cast, "citizens") == 1


def test_a_demand_that_repeats_an_open_file_is_linked_to_it(cast: Cast) -> None:
    first = opened(cast)
    second = opened(cast, duplicate_of=" 2026-1 ")
    assert row(cast, "files", second.id)["duplicate_of"] == first.id
    assert set(grounds(cast, demand(cast, duplicate_of=second.number))) == {"duplicate_of"}


def test_a_demand_is_not_linked_to_a_closed_file(cast: Cast) -> None:
    closed = opened(cast, first_contact=True, answer="C'est fait.")
    assert "fermé" in grounds(cast, demand(cast, duplicate_of=closed.number))["duplicate_of"]


def test_the_preview_says_what_the_save_will_promise(cast: Cast) -> None:
    typed = demand(cast)
    proposal = preview(cast.visit("technician", NINE), typed)
    told = open_file(cast.visit("technician", NINE), typed)
    assert (proposal.department_name, proposal.responsables) == (told.department_name, told.responsables)
    assert (proposal.target, proposal.acknowledgement) == (told.target, told.acknowledgement)
    assert (proposal.circuit, proposal.priority, proposal.nature) == (
        Circuit.B,
        Priority.HIGH,
        Nature.REQUEST,
    )


def test_the_preview_of_an_empty_form_refuses_nothing(cast: Cast) -> None:
    proposal = preview(cast.visit("technician", NINE), Demand(token=""))
    assert (proposal.department, proposal.responsables, proposal.target) == ("", (), None)


def test_many_desks_at_once_never_give_a_number_twice(cast: Cast) -> None:
    visit = cast.visit("technician", NINE)
    typed = [demand(cast, caller=replace(MARIE, name=f"Citoyen {rank}")) for rank in range(12)]
    with ThreadPoolExecutor(6) as desks:
        numbers = list(desks.map(lambda form: open_file(visit, form).number, typed))
    assert sorted(numbers) == [f"2026-{rank:05}" for rank in range(1, 13)]

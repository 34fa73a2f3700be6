"""Drafts (architecture 10): what a person has begun outlives sessions, never another person's."""

from datetime import timedelta

import pytest

from desk import drafts
from desk.drafts import NEW
from desk.visits import SignedOut
from policy.reasons import Refused
from tests.cast import Cast, moment

NINE = moment("Mon 2026-11-16 09:00")
TEN = NINE + timedelta(hours=1)


def values(cast: Cast, who: str, record: str = NEW) -> dict[str, object]:
    return {field: draft.value for field, draft in drafts.recall(cast.visit(who, TEN), record).items()}


def test_a_draft_is_recalled_from_another_session_and_after_the_first_expired(cast: Cast) -> None:
    first = cast.visit("technician", NINE)
    drafts.keep_all(first, NEW, {"facts": "Un trou 🕳️ devant chez moi", "anonymous": True})
    expired = type(first)(first.house, NINE + timedelta(hours=13), session=first.session)
    with pytest.raises(SignedOut):
        drafts.recall(expired, NEW)
    again = cast.visit("technician", NINE + timedelta(days=3))
    recalled = drafts.recall(again, NEW)
    assert {field: draft.value for field, draft in recalled.items()} == {
        "facts": "Un trou 🕳️ devant chez moi",
        "anonymous": True,
    }
    assert recalled["facts"].typed_at == NINE


def test_a_draft_is_seen_by_its_author_alone(cast: Cast) -> None:
    drafts.keep(cast.visit("secretary", NINE), "un-dossier", "next_action", "Passer mardi")
    assert values(cast, "other_secretary", "un-dossier") == {}
    assert values(cast, "director", "un-dossier") == {}
    drafts.drop(cast.visit("other_secretary", NINE), "un-dossier")
    assert values(cast, "secretary", "un-dossier") == {"next_action": "Passer mardi"}


def test_the_value_seen_first_stays_while_one_types_on(cast: Cast) -> None:
    visit = cast.visit("secretary", NINE)
    drafts.keep(visit, "un-dossier", "state", "Planifiée", based_on="Acheminée")
    drafts.keep(visit, "un-dossier", "state", "En attente", based_on="Prise en charge")
    draft = drafts.recall(visit, "un-dossier")["state"]
    assert (draft.value, draft.based_on) == ("En attente", "Acheminée")


def test_a_field_typed_back_to_what_it_was_is_no_draft(cast: Cast) -> None:
    visit = cast.visit("secretary", NINE)
    drafts.keep(visit, "un-dossier", "state", "Planifiée", based_on="Acheminée")
    drafts.keep(visit, "un-dossier", "state", "Acheminée")
    drafts.keep(visit, "un-dossier", "planned_on", None)
    assert values(cast, "secretary", "un-dossier") == {}


def test_the_rows_of_a_grid_are_recalled_together(cast: Cast) -> None:
    visit = cast.visit("secretary", NINE)
    drafts.keep(visit, "a", "state", "Planifiée")
    drafts.keep(visit, "b", "planned_on", "2026-11-20")
    drafts.keep(visit, "c", "state", "Annulée")
    recalled = drafts.recall_all(visit, ["a", "b", "d"])
    assert {record: list(fields) for record, fields in recalled.items()} == {
        "a": ["state"],
        "b": ["planned_on"],
    }
    assert drafts.recall_all(visit, []) == {}


def test_a_draft_is_dropped_whole_or_by_its_fields(cast: Cast) -> None:
    visit = cast.visit("secretary", NINE)
    drafts.keep_all(visit, "a", {"state": "Planifiée", "planned_on": "2026-11-20", "next_action": "x"})
    drafts.drop(visit, "a", ["state"])
    assert set(values(cast, "secretary", "a")) == {"planned_on", "next_action"}
    drafts.drop(visit, "a", [])
    assert set(values(cast, "secretary", "a")) == {"planned_on", "next_action"}
    drafts.drop(visit, "a")
    assert values(cast, "secretary", "a") == {}


def test_a_draft_goes_with_the_save_or_stays_with_its_failure(cast: Cast) -> None:
    visit = cast.visit("secretary", NINE)
    drafts.keep(visit, "a", "state", "Planifiée")
    with pytest.raises(ZeroDivisionError), visit.writing() as counter:
        drafts.drop_in(counter, "a")
        raise ZeroDivisionError
    assert values(cast, "secretary", "a") == {"state": "Planifiée"}
    with visit.writing() as counter:
        drafts.drop_in(counter, "a")
    assert values(cast, "secretary", "a") == {}


def test_a_hundred_thousand_characters_are_kept(cast: Cast) -> None:
    drafts.keep(cast.visit("technician", NINE), NEW, "facts", "é" * 100_000)
    assert values(cast, "technician") == {"facts": "é" * 100_000}


def test_what_is_too_large_is_refused_and_the_rest_is_kept(cast: Cast) -> None:
    visit = cast.visit("technician", NINE)
    with pytest.raises(Refused) as refusal:
        drafts.keep_all(visit, NEW, {"facts": "x" * 300_000, "name": "Ève Roy"})
    assert [ground.field for ground in refusal.value.grounds] == ["facts"]
    assert values(cast, "technician") == {"name": "Ève Roy"}


def test_a_sign_that_no_database_holds_does_not_cost_what_was_typed_around_it(cast: Cast) -> None:
    drafts.keep_all(cast.visit("secretary", NINE), NEW, {"facts": "Un\x00 trou\ud83d", "street": "rue Morin"})
    assert values(cast, "secretary") == {"facts": "Un trou", "street": "rue Morin"}


def test_nobody_fills_the_store_with_drafts(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "MOST", 3)
    visit = cast.visit("technician", NINE)
    drafts.keep_all(visit, NEW, {"a": 1, "b": 2, "c": 3})
    drafts.keep(visit, NEW, "a", 4)
    with pytest.raises(Refused, match="saisies commencées"):
        drafts.keep(visit, NEW, "d", 4)
    drafts.keep(cast.visit("secretary", NINE), NEW, "d", 4)


def test_two_calls_at_once_are_two_drafts_and_a_cut_one_is_found_again_newest_first(cast: Cast) -> None:
    cut, other = cast.visit("technician", NINE), cast.visit("technician", NINE + timedelta(minutes=12))
    drafts.keep(cut, drafts.of_call("aa"), "name", "Rose Roy")
    drafts.keep(other, drafts.of_call("bb"), "name", "Ève Côté")
    drafts.keep(other, drafts.of_call("aa"), "facts", "Un arbre tombé")
    drafts.keep(other, "un-dossier", "note", "Autre chose")
    begun = drafts.calls(cast.visit("technician", TEN))
    assert [(call.token, call.begun_at) for call in begun] == [("bb", other.at), ("aa", NINE)]
    assert begun[1].fields == {"name": "Rose Roy", "facts": "Un arbre tombé"}
    assert drafts.calls(cast.visit("director", TEN)) == ()

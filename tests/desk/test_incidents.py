"""R-82: the register of incidents: by whom it is kept, once a token, two people at once, its export."""

import io
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from desk import incidents
from desk.scope import NotFound
from policy.private_words import PrivateKind
from policy.reasons import Refused
from sync.schema import HISTORY, SQL
from tests.cast import CAST, Cast, day
from tests.desk.filing import TEN, kept
from tests.desk.paper import paper

KEEPERS = ("general", "clerk")
BEGUN: dict[str, Any] = {
    "found_on": "2026-11-12",
    "what": "=Une liste de noms envoyée au mauvais destinataire.",
    "information": "Noms et téléphones de citoyens.",
}
REST: dict[str, Any] = {
    "occurred": "le 10 novembre",
    "people": "12",
    "sensitivity": "Faible.",
    "consequences": "Sollicitation.",
    "likelihood": "Faible.",
    "serious": True,
    "measures": "Rappel du courriel.",
}


@pytest.fixture
def entry(cast: Cast) -> str:
    return incidents.enter(cast.visit("clerk", TEN), BEGUN, "jeton-1")


def test_an_entry_says_what_it_lacks_and_who_must_be_told(cast: Cast, entry: str) -> None:
    clerk, general = cast.visit("clerk", TEN), cast.visit("general", TEN)
    assert len(incidents.open(clerk, entry).missing) == 7
    assert incidents.amend(general, entry, REST).done
    view = incidents.open(clerk, entry)
    assert view.missing == () and view.seen["people"] == 12
    assert [each.field for each in view.due] == ["commission_on", "persons_on"]
    assert view.kept_until == day("Wed 2031-11-12")
    with pytest.raises(Refused) as no:
        incidents.close(clerk, entry)
    assert [ground.field for ground in no.value.grounds] == ["commission_on", "persons_on"]
    told = {"commission_on": day("Mon 2026-11-16"), "no_notice": "Enquête policière en cours."}
    assert incidents.amend(clerk, entry, told).done
    assert incidents.close(clerk, entry).done
    assert incidents.open(general, entry).closed_on == TEN.date()


def test_completing_a_closed_entry_opens_it_again(cast: Cast, entry: str) -> None:
    clerk = cast.visit("clerk", TEN)
    incidents.amend(clerk, entry, {**REST, "serious": False})
    incidents.close(clerk, entry)
    assert incidents.amend(clerk, entry, {"people": "12"}).done
    assert incidents.open(clerk, entry).closed_on is not None  # nothing was changed
    assert incidents.amend(clerk, entry, {"people": "13"}).done
    assert incidents.open(clerk, entry).closed_on is None


def test_a_second_click_enters_nothing_twice(cast: Cast) -> None:
    clerk = cast.visit("clerk", TEN)
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(lambda _: incidents.enter(clerk, BEGUN, "le même"), range(4)))
    assert len(found) == len(kept(cast, "incidents")) == 1
    incidents.enter(clerk, BEGUN, "un autre")
    assert len(incidents.register(clerk)) == 2


@pytest.mark.parametrize("who", sorted(set(CAST) - set(KEEPERS)))
def test_the_register_is_nobody_else_s_and_an_entry_is_told_as_if_not_there(
    cast: Cast, entry: str, who: str
) -> None:
    visit = cast.visit(who, TEN)
    for act in (
        lambda: incidents.register(visit),
        lambda: incidents.exported(visit),
        lambda: incidents.enter(visit, BEGUN, "jeton-2"),
    ):
        with pytest.raises(Refused, match="réservé"):
            act()
    for one in (entry, "inconnu"):
        for acted in (incidents.open, incidents.close, lambda v, i: incidents.amend(v, i, {"what": "x"})):
            with pytest.raises(NotFound):
                acted(visit, one)
    assert len(kept(cast, "incidents")) == 1 and kept(cast, "readings") == []


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({}, {"found_on", "what", "information"}),
        ({**BEGUN, "found_on": "2026-11-17"}, {"found_on"}),
        ({**BEGUN, "people": "-3"}, {"people"}),
        ({**BEGUN, "people": "douze"}, {"people"}),
        ({**BEGUN, "serious": "oui"}, {"serious"}),
        ({**BEGUN, "closed_on": "2026-11-16"}, {"closed_on"}),
        ({**BEGUN, "what": "x" * 20_001}, {"what"}),
        ({**BEGUN, "persons_on": "2026-11-11"}, {"persons_on"}),
    ],
)
def test_what_cannot_be_so_is_refused_and_nothing_is_kept(
    cast: Cast, typed: dict[str, Any], fields: set[str]
) -> None:
    with pytest.raises(Refused) as no:
        incidents.enter(cast.visit("clerk", TEN), typed, "jeton")
    assert {ground.field for ground in no.value.grounds} == fields
    assert kept(cast, "incidents") == []


def test_two_people_s_edits_merge_and_of_one_field_both_are_shown(cast: Cast, entry: str) -> None:
    clerk, general = cast.visit("clerk", TEN), cast.visit("general", TEN)
    seen = incidents.open(clerk, entry).seen
    assert incidents.amend(general, entry, {"people": "4"}, seen).done
    assert incidents.amend(clerk, entry, {"measures": "Rappel."}, seen).done
    outcome = incidents.amend(clerk, entry, {"people": "5"}, seen)
    assert [(each.yours, each.theirs) for each in outcome.differences] == [(5, 4)]


def test_the_export_holds_every_entry_as_text_and_taking_it_is_recorded(cast: Cast, entry: str) -> None:
    incidents.amend(cast.visit("clerk", TEN), entry, {**REST, "people": "0"})
    book = load_workbook(io.BytesIO(incidents.exported(cast.visit("general", TEN))))
    headers, row = ([cell.value for cell in line] for line in book.worksheets[0].iter_rows())
    told = dict(zip(headers, row, strict=True))
    assert told["Circonstances"] == BEGUN["what"]
    assert told["Nombre de personnes concernées"] == 0
    assert told["Risque de préjudice sérieux"] == "Oui"
    assert book.worksheets[0]["C2"].data_type == "s"
    (reading,) = kept(cast, "readings", kind_of_file=PrivateKind.INCIDENT)
    assert (reading["what"], reading["account"]) == ("Registre exporté", cast.accounts["general"])


def test_the_notice_to_the_persons_tells_what_the_register_says(cast: Cast, entry: str) -> None:
    clerk = cast.visit("clerk", TEN)
    with pytest.raises(Refused) as no:
        incidents.notice(clerk, entry)
    assert {ground.field for ground in no.value.grounds} == {"occurred", "measures"}
    incidents.amend(clerk, entry, REST)
    read = paper(incidents.notice(clerk, entry))
    assert read.tagged and read.universal
    for words in ("mauvais destinataire", "Noms et téléphones", "Rappel du courriel.", "63.8"):
        assert words in read.words
    assert "Sollicitation" not in read.words  # how the town judged the risk is not for the notice
    assert {row["what"] for row in kept(cast, "readings")} == {"Avis aux personnes"}
    for one in (entry, "inconnu"):
        with pytest.raises(NotFound):
            incidents.notice(cast.visit("technician", TEN), one)


def test_nothing_of_an_incident_lies_open(cast: Cast, entry: str) -> None:
    incidents.amend(cast.visit("clerk", TEN), entry, REST)
    with cast.house.store.reading() as tx:
        lying = str(tx.rows(select(SQL["incidents"]))) + str(tx.rows(select(HISTORY)))
    for sentinel in ("mauvais destinataire", "Noms et téléphones", "Sollicitation"):
        assert sentinel not in lying


def test_the_open_entries_come_first_then_the_newest(cast: Cast, entry: str) -> None:
    clerk = cast.visit("clerk", TEN)
    older = incidents.enter(clerk, {**BEGUN, "found_on": "2026-11-02"}, "jeton-2")
    incidents.amend(clerk, entry, {**REST, "serious": False})
    incidents.close(clerk, entry)
    assert [line.id for line in incidents.register(clerk)] == [older, entry]

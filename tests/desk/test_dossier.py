"""One file on its screen: fields by sight, dates with their reasons, moves and why not, the time line."""

from dataclasses import fields
from datetime import timedelta

import pytest

from desk import closing, drafts, files, moves, routing
from desk.files import NotFound, View
from desk.timeline import UNTOLD
from policy import confidentiality
from policy.words import Move, Nature, Role, Sight, State, WaitReason
from sync.file_tables import FILES
from sync.history import erase
from sync.store import Row
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.filing import BY, NINE, TEN, filed, items

SENTINELS = {
    "name": "Rose Bouchard",
    "phone": "450 555-0199",
    "email": "rose@exemple.test",
    "civic": "77",
    "street": "rue des Sentinelles",
}


@pytest.fixture
def citizen(cast: Cast) -> Row:
    with cast.house.store.writing() as tx:
        return tx.insert("citizens", SENTINELS, BY)


def told(view: View) -> str:
    return "\n".join("\n".join((moment.sentence, *moment.changes)) for moment in view.timeline)


def shown(view: View, name: str) -> str:
    every = (*view.demand, *view.handling, *view.closing)
    return next(each.text for each in every if each.name == name)


def test_everything_is_shown_in_french(cast: Cast, citizen: Row) -> None:
    filed(cast, citizen=citizen["id"])
    view = files.open(cast.visit("secretary", TEN), "2026-00001")
    assert shown(view, "received_at") == "lundi 16 novembre 2026 à 9 h"
    assert shown(view, "department") == "Travaux publics"
    assert shown(view, "category") == "Éclairage de rue"
    assert shown(view, "anonymous") == "non"
    assert shown(view, "planned_on") == "—"
    assert [each.value for each in view.citizen][:2] == ["Rose Bouchard", "450 555-0199"]


def test_each_date_answers_why(cast: Cast) -> None:
    filed(cast, received_at=moment("Mon 2026-12-21 09:00"))
    later = moment("Mon 2027-01-18 09:00")
    target, acknowledgement = files.open(cast.visit("secretary", later), "2026-00001").dates
    assert target.label == "Cible"
    assert target.text == "vendredi 8 janvier 2027"
    assert target.late
    whole = " ".join(target.sentences)
    assert "Délai de la grille : 10 jours ouvrés" in whole
    assert "Ne compte pas : vendredi 25 décembre 2026" in whole
    assert "P §4.1" in whole
    assert acknowledgement.text == "mardi 22 décembre 2026 à 9 h"
    assert acknowledgement.late


def test_without_a_delay_it_says_so(cast: Cast) -> None:
    filed(cast, category=None)
    (target, _) = files.open(cast.visit("secretary", TEN), "2026-00001").dates
    assert (target.text, target.late) == ("—", False)
    assert target.sentences == ("Aucun délai n'est fixé pour cette demande.",)


def test_the_moves_are_all_there_each_allowed_or_with_why_not(cast: Cast) -> None:
    filed(cast, department=PLANNING)
    view = files.open(cast.visit("planner", TEN), "2026-00001")
    assert [each.move for each in view.moves] == list(Move)
    allowed = {each.move for each in view.moves if each.allowed}
    assert allowed == {Move.RETURN, Move.TAKE, Move.PLAN, Move.PAUSE, Move.HAND_OVER, Move.ESCALATE}
    for each in view.moves:
        assert each.allowed or (each.refusal is not None and each.refusal.grounds[0].message)


def test_what_was_seen_goes_back_with_the_act(cast: Cast) -> None:
    file = filed(cast)
    view = files.open(cast.visit("secretary", NINE), "2026-00001")
    moves.amend(cast.visit("other_secretary", TEN), file["id"], {"next_action": "Appeler"})
    outcome = moves.amend(cast.visit("secretary", TEN), file["id"], {"next_action": "Passer"}, view.seen)
    assert [each.theirs for each in outcome.differences] == ["Appeler"]


def test_the_closing_form_is_filled_for_who_opens_it(cast: Cast) -> None:
    filed(cast)
    view = files.open(cast.visit("other_secretary", TEN), "2026-00001")
    assert view.closing_items["done_extension"] == "2311"
    assert view.codes[view.closing_items["code"]].startswith("238 ")
    assert closing.close(cast.visit("other_secretary", TEN), view.id, {
        **view.closing_items, "note": "Fait"
    }, view.seen).done  # fmt: skip


def test_the_time_line_tells_every_change_as_a_sentence(cast: Cast) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    moves.take(secretary, file["id"])
    moves.plan(secretary, file["id"], day("Fri 2026-11-20"))
    moves.pause(cast.visit("secretary", TEN + timedelta(hours=1)), file["id"], WaitReason.PARTS, "Ampoule")
    moves.cancel(cast.visit("technician", TEN + timedelta(hours=2)), file["id"], "Réglée")
    view = files.open(cast.visit("secretary", TEN + timedelta(days=1)), "2026-00001")
    assert [each.sentence for each in view.timeline] == [
        "L'import a inscrit la demande.",
        "Julie Gagnon a pris en charge le dossier.",
        "Julie Gagnon a planifié l'intervention.",
        "Julie Gagnon a mis en attente le dossier.",
        "Luc Tremblay a annulé le dossier.",
    ]
    assert view.timeline[2].changes == (
        "État : Planifiée (avant : Prise en charge)",
        "Date prévue : vendredi 20 novembre 2026",
    )
    assert "Motif d'attente : Pièces ou matériel" in view.timeline[3].changes
    assert "Motif d'attente : — (avant : Pièces ou matériel)" in view.timeline[4].changes
    assert view.pauses == ((day("Mon 2026-11-16"), day("Mon 2026-11-16")),)


def test_the_time_line_calls_things_by_their_names_and_keeps_bookkeeping_to_itself(cast: Cast) -> None:
    file = filed(cast)
    routing.route(cast.visit("technician", TEN), file["id"], cast.departments[PLANNING], "Permis")
    story = told(files.open(cast.visit("technician", TEN), "2026-00001"))
    assert "Service : Urbanisme (avant : Travaux publics)" in story
    assert cast.departments[PLANNING] not in story
    for label in ("Rang dans la file", "Jour de tri", "Pourquoi", "Jeton"):
        assert label not in story


def test_an_erased_value_is_told_as_erased(cast: Cast) -> None:
    file = filed(cast, facts="Un secret à oublier")
    with cast.house.store.writing() as tx:
        tx.update("files", file["id"], {"facts": "Effacé"}, BY)
        erase(tx, "files", file["id"], ["facts"], BY)
    story = told(files.open(cast.visit("technician", TEN), "2026-00001"))
    assert "Un secret" not in story
    assert "Exposé des faits : valeur effacée selon la règle." in story


def test_duplicates_show_each_other(cast: Cast) -> None:
    filed(cast, "2026-00001")
    twin = filed(cast, "2026-00002")
    technician = cast.visit("technician", TEN)
    routing.link_duplicate(technician, twin["id"], "2026-00001")
    assert [(each.number, each.relation) for each in files.open(technician, "2026-00001").twins] == [
        ("2026-00002", "A pour doublon")
    ]
    assert [(each.number, each.relation) for each in files.open(technician, "2026-00002").twins] == [
        ("2026-00001", "Doublon de")
    ]


def test_a_duplicate_of_another_department_is_not_named(cast: Cast) -> None:
    filed(cast, "2026-00001")
    twin = filed(cast, "2026-00002", department=PLANNING)
    routing.link_duplicate(cast.visit("technician", TEN), twin["id"], "2026-00001")
    view = files.open(cast.visit("planner", TEN), "2026-00002")
    assert view.twins == ()


def test_what_one_began_to_type_is_shown_beside_what_another_wrote(cast: Cast) -> None:
    file = filed(cast)
    secretary = cast.visit("secretary", TEN)
    drafts.keep(secretary, file["id"], "next_action", "Passer mardi", None)
    drafts.keep(secretary, file["id"], "planned_on", "2026-11-20", None)
    moves.amend(cast.visit("other_secretary", TEN), file["id"], {"next_action": "Appeler Hydro"})
    view = files.open(secretary, "2026-00001")
    assert [(each.field, each.yours, each.theirs) for each in view.differences] == [
        ("next_action", "Passer mardi", "Appeler Hydro")
    ]


ENTITLED = {
    Nature.REQUEST: {"technician", "director", "secretary", "other_secretary"},
    Nature.CLAIM: {"technician", "director", "secretary", "other_secretary", "clerk"},
    Nature.COMMENT: {"technician", "director", "secretary", "other_secretary", "experience"},
    Nature.INFORMATION: {"technician", "director", "secretary", "other_secretary", "experience"},
    Nature.COMPLAINT: set(),
    Nature.ACCESS: set(),
}


@pytest.mark.parametrize("nature", Nature)
def test_who_opens_a_file_of_each_nature_and_to_whom_it_is_not_to_be_found(
    cast: Cast, nature: Nature
) -> None:
    number = "2026-00001"
    filed(cast, number, nature=nature)
    for who in cast.accounts:
        visit = cast.visit(who, TEN)
        if who in ENTITLED[nature]:
            assert files.open(visit, number).number == number
            continue
        with pytest.raises(NotFound) as there:
            files.open(visit, number)
        with pytest.raises(NotFound) as never:
            files.open(visit, "2026-09999")
        assert str(there.value) == str(never.value) == "Dossier introuvable."


def test_the_citizen_is_hidden_from_whom_identities_are_not_theirs(
    cast: Cast, citizen: Row, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = filed(cast, citizen=citizen["id"], note="Note à taire")
    plain = frozenset({Sight.LISTED, Sight.WORK})
    monkeypatch.setattr(confidentiality, "SIGHTS", {**confidentiality.SIGHTS, Role.RESPONSABLE: plain})
    view = files.open(cast.visit("secretary", TEN), file["number"])
    assert view.citizen == ()
    assert view.note is None
    everything = repr([getattr(view, each.name) for each in fields(view)])
    for sentinel in (*list(SENTINELS.values())[:3], "Note à taire"):
        assert sentinel not in everything


def test_every_field_of_a_file_is_shown_somewhere_or_kept_back_on_purpose() -> None:
    placed = {*files.DEMAND, *files.HANDLING, *files.CLOSING, *files.SEEN}
    elsewhere = {"citizen", "duplicate_of", "target_on", "ack_due_at", "acknowledged_at"}
    assert {field.name for field in FILES.fields} == placed | elsewhere | UNTOLD


def test_a_closed_file_says_who_closed_it_and_how(cast: Cast) -> None:
    file = filed(cast, department=WORKS)
    closing.close(cast.visit("secretary", TEN), file["id"], items(cast))
    view = files.open(cast.visit("secretary", TEN), "2026-00001")
    assert view.state is State.DONE
    assert shown(view, "closed_by") == "Julie Gagnon"
    assert shown(view, "code").startswith("238 ")
    assert view.note == items(cast)["note"]
    assert "Julie Gagnon a fermé le dossier." in told(view)

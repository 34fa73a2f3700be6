"""Dossier: a request that is a complaint becomes one by a gesture that says what it does (R-29)."""

from datetime import timedelta

from policy.words import Move, Nature
from tests.cast import Cast
from tests.desk.filing import filed, kept, stands
from tests.pages.conftest import NINE, Sit, press, run, said
from tests.pages.test_dossier import gesture

LATER = NINE + timedelta(hours=1)


def test_the_desk_is_warned_then_told_the_new_number_once(sit: Sit, cast: Cast) -> None:
    file = filed(cast, facts="Le préposé sentinelle a crié.")
    screen = sit("dossier", "technician", at=LATER, numero=file["number"])
    gesture(screen, file["id"], Move.RECLASSIFY.value)
    screen.selectbox(key=f"do_{file['id']}_nature").set_value(Nature.COMPLAINT.value)
    run(screen)
    assert "ne se défait pas" in said(screen)
    press(screen, "do-RECLASSIFY")  # without its reason
    assert "motif" in screen.error[0].value and stands(cast, file)["nature"] is Nature.REQUEST
    screen.text_input(key=f"do_{file['id']}_last_reason").set_value("Plainte contre un employé")
    run(screen)
    press(screen, "do-RECLASSIFY")
    assert "P2026-0001" in said(screen) and screen.error[0].value == "Dossier introuvable."
    run(screen)
    assert "P2026-0001" not in said(screen) and "sentinelle" not in said(screen)
    assert not kept(cast, "drafts")


def test_a_secretary_is_not_offered_it(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    screen = sit("dossier", "secretary", at=LATER, numero=file["number"])
    assert Move.RECLASSIFY.value not in screen.pills(key=f"do_gesture_{file['id']}").options

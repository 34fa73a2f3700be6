"""Acts are signed with an infinitive; the time line tells them in the past (R-80)."""

import pytest

from desk.moves import ACTS
from desk.timeline import sentence


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("inscrire la demande", "Luc Tremblay a inscrit la demande."),
        ("prendre en charge le dossier", "Luc Tremblay a pris en charge le dossier."),
        ("remettre le dossier pour fermeture", "Luc Tremblay a remis le dossier pour fermeture."),
        ("rouvrir le dossier", "Luc Tremblay a rouvert le dossier."),
        ("suivre le dossier d'origine", "Luc Tremblay a suivi le dossier d'origine."),
        ("fermer", "Luc Tremblay a fermé."),
        ("accuser réception", "Luc Tremblay a accusé réception."),
        ("faire relire le texte", "Luc Tremblay a fait relire le texte."),
    ],
)
def test_an_act_reads_in_the_past(act: str, told: str) -> None:
    assert sentence("Luc Tremblay", act) == told


def test_the_clock_and_the_import_have_their_names() -> None:
    assert sentence("horloge", "recalculer les dates") == "L'horloge a recalculé les dates."
    assert sentence("import", "inscrire la demande") == "L'import a inscrit la demande."


@pytest.mark.parametrize("act", [act for act, _ in ACTS.values()])
def test_no_move_is_told_with_its_infinitive(act: str) -> None:
    verb = act.split()[0]
    assert f" {verb}" not in sentence("Luc", act)

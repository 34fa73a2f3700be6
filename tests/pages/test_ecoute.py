"""À l'écoute: the thanks of whom they are for, the answers the director brings in, the watch."""

from desk import drafts, watch
from desk.survey_answers import DRAFT, TYPED
from pages import remerciement
from policy.thanks import Thanked
from policy.words import Channel, Nature, State
from tests.cast import CAST, WORKS, Cast
from tests.desk.demands import MARIE
from tests.desk.filing import NINE, filed, kept
from tests.desk.test_comments import commented
from tests.desk.test_thanks import NOON, WORDS, give
from tests.desk.test_watch import noted
from tests.pages.conftest import Sit, press, run, said
from tests.pages.test_dossier import gesture
from tests.pages.test_nouvelle_demande import field, type_in


def test_a_comment_is_marked_as_a_thanks_while_it_is_typed(sit: Sit, cast: Cast) -> None:
    screen = sit("nouvelle_demande")
    assert not any(each.key == "nd_thanks" for each in screen.toggle)
    type_in(
        screen, name=MARIE.name, nature=Nature.COMMENT.value, department=cast.departments[WORKS], thanks=True,
        facts="Elle remercie l'équipe.", answer="Transmis.", thanks_words=f"Merci de {MARIE.name}",
    )  # fmt: skip
    press(screen, "nd-save")
    assert "dit qui remercie" in said(screen) and kept(cast, "thanks") == []
    assert field(screen, "thanks_words").value == f"Merci de {MARIE.name}"
    type_in(screen, thanks_words=WORDS, thanked=cast.accounts["outsider"])
    press(screen, "nd-save")
    (row,) = kept(cast, "thanks")
    assert (row["employee"], row["words"]) == (cast.accounts["outsider"], WORDS)


def test_each_reads_the_thanks_that_are_theirs_and_nobody_a_name(sit: Sit, cast: Cast) -> None:
    number = give(cast, Thanked(employee=cast.accounts["outsider"], words=WORDS))
    for who in ("outsider", "secretary", "experience", "director"):
        told = said(sit("ecoute", who, at=NOON))
        assert WORDS in told and str(MARIE.name) not in told
        assert (number in told) is (who != "outsider")
    assert "Aucun remerciement" in said(sit("ecoute", "planner", at=NOON))
    assert "Remerciement" in said(sit("dossier", "secretary", at=NOON, numero=number))


def test_the_comments_of_the_week_come_first_each_with_its_file(sit: Sit, cast: Cast) -> None:
    commented(cast, "2026-00001", 1, facts="Le parc est *plus* propre.")
    commented(cast, "2026-00002", 9)
    for who in ("experience", "technician"):
        told = said(sit("ecoute", who, at=NOON, vue="commentaires"))
        assert "Depuis sept jours : 1" in told and "Le parc est *plus* propre." in told
        assert told.index("numero=2026-00001") < told.index("numero=2026-00002")
    assert "2026-00001" not in said(sit("ecoute", "secretary", at=NOON, vue="commentaires"))


def test_whom_a_comment_thanks_is_put_right_from_its_file(sit: Sit, cast: Cast) -> None:
    number = give(cast, None)
    (file,) = kept(cast, "files")
    screen = sit("dossier", at=NOON, numero=number)
    gesture(screen, file["id"], remerciement.MARK)
    screen.text_area(key=f"do_{file['id']}_thanks_words").set_value(f"Merci de {MARIE.name}")
    press(run(screen), "do-thanks")
    assert "dit qui remercie" in said(screen) and kept(cast, "thanks") == []
    screen.text_area(key=f"do_{file['id']}_thanks_words").set_value(WORDS)
    press(run(screen), "do-thanks")
    assert "le remerciement est inscrit" in said(screen)
    gesture(screen, file["id"], remerciement.CORRECT)
    assert screen.text_area(key=f"do_{file['id']}_thanks_words").value == WORDS
    screen.selectbox(key=f"do_{file['id']}_thanked").set_value(cast.accounts["outsider"])
    press(run(screen), "do-thanks")
    assert kept(cast, "thanks")[0]["employee"] == cast.accounts["outsider"]
    assert CAST["outsider"].name in said(screen)
    gesture(screen, file["id"], remerciement.CORRECT)
    press(screen, "do-no-thanks")
    assert kept(cast, "thanks") == [] and kept(cast, "drafts") == []


def test_the_director_sees_what_each_line_would_become_then_enters_them(sit: Sit, cast: Cast) -> None:
    filed(cast, state=State.DONE, open=False, completed_at=NINE, closed_at=NINE)
    screen = sit("ecoute", "director", at=NOON, vue="sondage")
    assert "personne n’y est invité" in said(screen) and "Aucune réponse encore" in said(screen)
    screen.text_area(key="ec_text").set_value("2026-1;2026-11-16;4;Bien\n2026-00099;2026-11-16;4")
    run(screen)
    assert "1 réponse à inscrire, 1 à corriger" in said(screen)
    assert "Ligne 2" in said(screen) and "requête fermée" in said(screen)
    assert drafts.recall(cast.visit("director", NOON), DRAFT)[TYPED].value.startswith("2026-1;")
    press(screen, "ec-enter")
    assert "1 réponse inscrite" in said(screen) and "elles restent ici" in said(screen)
    assert len(kept(cast, "survey_answers")) == 1
    screen.text_area(key="ec_text").set_value("2026-1;2026-11-16;4;Bien")
    run(screen)
    assert "1 déjà inscrite" in said(screen)
    told = said(sit("ecoute", "experience", at=NOON, vue="sondage"))
    assert "4 sur 5" in told and "2026-00001" not in told


def test_what_is_seen_is_noted_and_kept_while_it_is_typed(sit: Sit, cast: Cast) -> None:
    screen = sit("ecoute", "experience", at=NOON, vue="veille")
    assert "Rien n’a encore été noté" in said(screen)
    screen.text_area(key="ec_w_words").set_value("La patinoire est-elle ouverte ?")
    run(screen)
    press(screen, "ec-note")
    assert "Choisissez le réseau" in said(screen)
    again = sit("ecoute", "experience", at=NOON, vue="veille")
    assert again.text_area(key="ec_w_words").value == "La patinoire est-elle ouverte ?"
    screen.selectbox(key="ec_w_network").set_value("Facebook")
    press(run(screen), "ec-note")
    assert "Noté à la veille" in said(screen) and "patinoire" in said(screen)
    assert screen.text_area(key="ec_w_words").value == ""
    assert len(kept(cast, "watch")) == 1


def test_a_line_of_the_watch_is_put_right_where_it_stands(sit: Sit, cast: Cast) -> None:
    entry = noted(cast)
    screen = sit("ecoute", "experience", at=NOON, vue="veille")
    press(screen, f"ec-correct-{entry}")
    screen.text_area(key=f"ec_w_{entry}_words").set_value("")
    screen.text_input(key=f"ec_w_{entry}_address").set_value("exemple.test")
    press(run(screen), "ec-corrected")
    assert "commence par https" in screen.error[0].value
    again = sit("ecoute", "experience", at=NOON, vue="veille")
    press(again, f"ec-correct-{entry}")
    assert again.text_input(key=f"ec_w_{entry}_address").value == "exemple.test"
    screen.text_input(key=f"ec_w_{entry}_address").set_value("https://exemple.test/autre")
    press(run(screen), "ec-corrected")
    assert "La ligne est corrigée." in said(screen)
    assert kept(cast, "watch")[0]["address"] == "https://exemple.test/autre"
    press(screen, f"ec-correct-{entry}")
    screen.text_area(key=f"ec_w_{entry}_words").set_value("Laissé là.")
    press(run(screen), "ec-as-it-was")
    assert kept(cast, "watch")[0]["words"] is None and kept(cast, "drafts") == []


def test_one_gesture_lays_it_in_a_new_demand_which_bears_its_number(sit: Sit, cast: Cast) -> None:
    entry = noted(cast)
    screen = sit("nouvelle_demande", saisie=watch.token_of(entry))
    assert "Vu sur Facebook" in said(screen)
    assert field(screen, "channel").value == Channel.SOCIAL.value
    type_in(screen, nature=Nature.INFORMATION.value, anonymous=True, answer="Oui, jusqu'à 21 h.")
    press(screen, "nd-save")
    (row,) = kept(cast, "watch")
    (file,) = kept(cast, "files")
    assert (row["file"], file["channel"]) == (file["id"], Channel.SOCIAL)
    assert file["number"] in said(sit("ecoute", "technician", at=NOON, vue="veille"))

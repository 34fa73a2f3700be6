"""At the counter: a call noted again, a text inserted and read before it leaves, guides as one types."""

from desk import closing, courtesy, proofs
from policy.words import State
from sync.states import MailKind
from tests.cast import Cast, day
from tests.desk.demands import opened
from tests.desk.filing import NINE, TEN, filed, items, kept
from tests.pages.conftest import Sit, press, run, said


def test_a_call_about_an_open_file_is_noted_on_it_from_the_intake(sit: Sit, cast: Cast) -> None:
    before = opened(cast)
    screen = sit("nouvelle_demande", at=TEN)
    screen.text_input(key="nd_civic").set_value("88")
    screen.text_input(key="nd_street").set_value("rue Principale")
    screen.text_input(key="nd_name").set_value("Zoé Picard")
    run(screen)
    press(screen, f"nd-again-{before.id}")
    assert screen.button(key="nd-save").label == f"Noter l’appel au dossier {before.number}"
    press(screen, "nd-save")
    assert "Écrivez ce que la personne a dit cette fois" in screen.error[0].value
    screen.text_area(key="nd_facts").set_value("Encore plus profond.")
    run(screen)
    press(screen, "nd-save")
    assert screen.metric[0].value == before.number and "1e" not in screen.success[0].value
    assert "sera avisée de la fermeture" in screen.success[0].value
    assert len(kept(cast, "files")) == 1 and kept(cast, "drafts") == []
    press(screen, "nd-new")
    assert screen.text_area(key="nd_facts").value == ""
    told = said(sit("dossier", "secretary", at=TEN, numero=before.number)).replace("\\", "")
    assert "Nouveaux appels" in told and "Encore plus profond." in told and "Zoé Picard" in told


def test_a_call_can_be_noted_from_the_file_and_what_is_missing_is_said(sit: Sit, cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    screen = sit("dossier", "secretary", at=TEN, numero=file["number"])
    screen.pills(key=f"do_gesture_{file['id']}").set_value("Noter un nouvel appel")
    run(screen)
    press(screen, "do-again")
    assert "Indiquez par où" in screen.error[0].value
    screen.selectbox(key=f"do_{file['id']}_again_channel").set_value("Courriel")
    screen.text_area(key=f"do_{file['id']}_again_words").set_value("Toujours là.")
    run(screen)
    press(screen, "do-again")
    (call,) = kept(cast, "contacts")
    assert call["words"] == "Toujours là." and kept(cast, "drafts") == []


def test_guides_show_beside_the_demand_and_what_is_not_the_towns_stands_out(sit: Sit, cast: Cast) -> None:
    screen = sit("nouvelle_demande", at=TEN)
    screen.text_area(key="nd_facts").set_value("La clôture mitoyenne du voisin est tombée.")
    run(screen)
    assert "Hors compétence : Litige entre voisins" in screen.warning[0].value.replace("\\", "")
    screen.text_input(key="nd_guide").set_value("zzzz")
    run(screen)
    assert "Aucun guide ne correspond" in said(screen)


def test_a_template_is_inserted_filled_then_the_text_is_read_before_it_leaves(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    screen = sit("dossier", "secretary", at=TEN, numero=file.number)
    screen.pills(key=f"do_gesture_{file.id}").set_value("Fermer")
    run(screen)
    template = screen.selectbox(key=f"do_insert_template_{file.id}")
    assert template.options[0] == "Nid-de-poule réparé"
    with cast.house.store.reading() as tx:
        id = tx.first("answer_templates", name="Nid-de-poule réparé")["id"]  # type: ignore[index]
    template.set_value(id)
    run(screen)
    text = str(screen.text_area(key=f"do_{file.id}_citizen_text").value)
    assert "(88, rue Principale) a été réparé le 16 novembre 2026" in text
    screen.text_area(key=f"do_{file.id}_note").set_value("Asphalte à froid.")
    run(screen)
    press(screen, "do-proof-read")
    assert "relit le texte" in screen.success[0].value
    assert "En relecture" in said(screen)
    desk = sit("relecture", at=TEN)
    (proof,) = proofs.waiting(cast.visit("technician", TEN))
    press(desk, f"rl-back-{proof.id}")
    assert "Écrivez ce qu'il faut reprendre" in desk.error[0].value
    press(desk, f"rl-approve-{proof.id}")
    assert "approuvé" in desk.success[0].value and "Aucun texte n’attend." in said(desk)
    assert len(kept(cast, "mails", kind=MailKind.CLOSING)) == 1


def test_who_wrote_a_text_sent_back_reads_why_and_proposes_it_anew(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    text = items(cast, citizen_text="Reparé.")
    closing.close(cast.visit("secretary", NINE), file.id, text, proof_read=True)
    (proof,) = proofs.waiting(cast.visit("technician", TEN))
    proofs.send_back(cast.visit("technician", TEN), proof.id, "Une faute.")
    screen = sit("relecture", "secretary", at=TEN)
    assert "Une faute" in screen.warning[0].value
    screen.text_area(key=f"rl_text_{proof.id}").set_value("Réparé.")
    run(screen)
    press(screen, f"rl-again-{proof.id}")
    (again,) = proofs.waiting(cast.visit("technician", TEN))
    assert again.text == "Réparé." and "Aucun texte n’attend." in said(screen)


def test_what_is_typed_over_a_text_to_read_is_kept_and_another_s_text_is_shown(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    text = items(cast, citizen_text="Reparé.")
    closing.close(cast.visit("secretary", NINE), file.id, text, proof_read=True)
    (proof,) = proofs.waiting(cast.visit("technician", TEN))
    first = sit("relecture", at=TEN)
    first.text_area(key=f"rl_text_{proof.id}").set_value("Réparé ce matin.")
    run(first)
    screen = sit("relecture", at=TEN)
    assert screen.text_area(key=f"rl_text_{proof.id}").value == "Réparé ce matin."
    proofs.send_back(cast.visit("director", TEN), proof.id, "Une faute.")
    proofs.propose_again(cast.visit("secretary", TEN), proof.id, "Réparé hier.", "Reparé.")
    press(screen, f"rl-approve-{proof.id}")
    assert kept(cast, "mails", kind=MailKind.CLOSING) == []
    assert "récrit ce texte" in said(screen) and "Réparé hier." in said(screen)
    press(screen, f"rl-theirs-{proof.id}")
    assert screen.text_area(key=f"rl_text_{proof.id}").value == "Réparé hier."
    press(screen, f"rl-approve-{proof.id}")
    assert len(kept(cast, "mails", kind=MailKind.CLOSING)) == 1
    assert kept(cast, "drafts", record=file.id) == []
    press(first, f"rl-approve-{proof.id}")
    assert "Votre version n'a pas été envoyée" in said(first) and "« Réparé ce matin" in said(first)


def test_the_desk_sees_at_the_intake_that_service_is_refused_and_nothing_of_why(sit: Sit, cast: Cast) -> None:
    file = opened(cast)
    courtesy.refuse(cast.visit("director", NINE), file.citizen, "sentinellemotif", day("Wed 2026-12-16"))
    screen = sit("nouvelle_demande", at=TEN)
    screen.text_input(key="nd_name").set_value("Marie-Ève")
    run(screen)
    assert "Service refusé jusqu’au mercredi 16 décembre 2026" in screen.warning[0].value
    assert "sentinellemotif" not in said(screen)

"""Pièces jointes of the Dossier: several at once, refused in words, taken off with a reason."""

from desk import attachments
from tests.cast import Cast
from tests.desk.documents import PDF, PNG
from tests.desk.filing import filed, kept
from tests.pages.conftest import NINE, Sit, press, run, said


def test_several_documents_are_joined_at_once_and_the_uploader_is_empty_again(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    screen = sit("dossier", "secretary", numero=file["number"])
    assert "Aucune pièce n’est jointe" in said(screen)
    screen.file_uploader[0].set_value([("avis.pdf", PDF, "application/pdf"), ("plan [1].png", PNG, "x/y")])
    run(screen)
    press(screen, "pj-add")
    assert "Jointes au dossier" in screen.success[0].value
    names = [each.name for each in attachments.listed(cast.visit("secretary", NINE), file["number"])]
    assert names == ["avis.pdf", "plan [1].png"]
    assert "plan \\[1\\]\\.png](/telecharger/document?id=" in said(screen)
    assert "Julie Gagnon a joint la pièce" in said(screen).replace("\\", "")
    assert not screen.file_uploader[0].value


def test_a_refused_document_is_named_and_the_others_wait(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    screen = sit("dossier", "secretary", numero=file["number"])
    screen.file_uploader[0].set_value([("avis.pdf", PDF, "application/pdf"), ("plan.png", PDF, "image/png")])
    run(screen)
    press(screen, "pj-add")
    assert "plan.png" in screen.error[0].value.replace("\\", "") and "Rien n’a été" in screen.error[0].value
    assert not kept(cast, "attachments") and len(screen.file_uploader[0].value) == 2


def test_a_document_is_taken_off_with_its_reason_only(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    (avis,) = attachments.add(cast.visit("technician", NINE), file["number"], [("avis.pdf", PDF)])
    screen = sit("dossier", "technician", numero=file["number"])
    press(screen, f"pj-remove-{avis.id}")
    assert "Dites pourquoi" in screen.error[0].value
    screen.text_input(key=f"pj_why_{avis.id}").set_value("Mauvais dossier")
    run(screen)
    press(screen, f"pj-remove-{avis.id}")
    assert "Retirée du dossier" in screen.success[0].value and not kept(cast, "attachment_contents")
    assert "Aucune pièce n’est jointe" in said(screen)

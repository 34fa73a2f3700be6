"""Documents of a private file: brought and taken off by who handles it, nothing for anybody else."""

import pytest
from streamlit.testing.v1 import AppTest

from desk import private_documents
from policy.private_words import PrivateKind
from tests.cast import Cast
from tests.desk.complaining import complaint, deposited
from tests.desk.documents import PDF, PNG
from tests.desk.filing import kept
from tests.pages.conftest import NINE, Desk, press, run, said


def drawn(cast: Cast, who: str, record: str) -> AppTest:
    return AppTest.from_function(_script, args=(Desk(cast, who), record), default_timeout=30).run()


def _script(here: object, record: str) -> None:
    from pages import private_documents
    from policy.private_words import PrivateKind

    private_documents.part(here, PrivateKind.COMPLAINT, record)  # type: ignore[arg-type]


def test_who_handles_the_file_brings_several_and_takes_one_off(cast: Cast) -> None:
    record = complaint(cast, deposited(cast).number)["id"]
    screen = drawn(cast, "director", record)
    assert "Aucun document n’est joint" in said(screen)
    screen.file_uploader[0].set_value([("avis.pdf", PDF, "application/pdf"), ("plan.png", PNG, "image/png")])
    run(screen)
    press(screen, "dp-add")
    assert screen.success[0].value == "2 documents joints."
    found = private_documents.listed(cast.visit("director", NINE), PrivateKind.COMPLAINT, record)
    assert {each.name for each in found} == {"avis.pdf", "plan.png"}
    assert f"/telecharger/document-prive?id={found[0].id}" in said(screen)
    press(screen, f"dp-remove-{found[0].id}")
    assert "Dites pourquoi" in screen.error[0].value
    screen.text_input(key=f"dp_why_{found[0].id}").set_value("Remis")
    run(screen)
    press(screen, f"dp-remove-{found[0].id}")
    assert screen.success[0].value == "Le document est retiré."
    assert len(kept(cast, "private_contents")) == 1


@pytest.mark.parametrize("who", ["technician", "general", "clerk", "admin"])
def test_nobody_else_sees_that_there_is_any(cast: Cast, who: str) -> None:
    record = complaint(cast, deposited(cast).number)["id"]
    screen = drawn(cast, who, record)
    assert screen.error[0].value == "Dossier introuvable."
    assert not screen.file_uploader and "Aucun document" not in said(screen)

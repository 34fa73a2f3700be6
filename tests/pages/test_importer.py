"""Importer on screen: a messy register brought in, its words told, what does not fit left aside, undone."""

from streamlit.testing.v1 import AppTest

from desk import import_views, imports
from sync.states import ImportState
from tests.cast import Cast
from tests.desk.registers import csv, files, row, work
from tests.pages.conftest import NINE, Sit, press, run, said


def clock(cast: Cast, screen: AppTest) -> AppTest:
    """The clock does what waits, and the screen looks again."""
    work(cast, NINE)
    return run(screen)


def lot_of(screen: AppTest) -> str:
    return "".join(screen.query_params["import"])


def test_a_register_goes_from_the_file_to_the_queue_and_back(sit: Sit, cast: Cast) -> None:
    screen = sit("importer", "director")
    content = csv(row("1"), row("2", department="Voirie"), row("3", day="hier"), row("4", state="Nouveau"))
    screen.file_uploader[0].set_value(("registre 2024.csv", content, "text/csv"))
    press(run(screen), "im-read")
    assert "quitter cet écran" in said(screen)
    clock(cast, screen)
    lot = lot_of(screen)
    assert screen.selectbox(key=f"im_col_{lot}_0").value == "source_id"
    screen.selectbox(key=f"im_word_{lot}_2_1").set_value("Travaux publics")
    run(screen)
    press(screen, "im-check")
    clock(cast, screen)
    assert "1 ligne ne convient pas" in said(screen)
    press(screen, "im-go")
    assert "restent de côté" in screen.error[0].value
    assert not files(cast)
    screen.checkbox[0].check()
    run(screen)
    press(screen, "im-go")
    clock(cast, screen)
    assert "3 dossiers ajoutés, 1 ligne laissée de côté" in screen.success[0].value
    assert [each.proto.url for each in screen.get("link_button")] == [f"/telecharger/import.xlsx?id={lot}"]
    press(screen, "im-undo")
    clock(cast, screen)
    assert "3 dossiers sur 3" in said(screen)
    assert not files(cast)


def test_what_was_chosen_is_there_again_in_another_tab(sit: Sit, cast: Cast) -> None:
    lot = imports.receive(cast.visit("director", NINE), "registre.csv", csv(row("1", state="Mystère")))
    work(cast, NINE)
    first = sit("importer", "director", **{"import": lot})
    first.selectbox(key=f"im_col_{lot}_7").set_value("note")
    run(first)
    first.selectbox(key=f"im_word_{lot}_3_0").set_value("Complétée")
    run(first)
    other = sit("importer", "director", **{"import": lot})
    assert other.selectbox(key=f"im_col_{lot}_7").value == "note"
    assert other.selectbox(key=f"im_word_{lot}_3_0").value == "Complétée"


def test_without_a_column_of_days_nothing_is_checked(sit: Sit, cast: Cast) -> None:
    lot = imports.receive(cast.visit("director", NINE), "registre.csv", csv(row("1")))
    work(cast, NINE)
    screen = sit("importer", "director", **{"import": lot})
    screen.selectbox(key=f"im_col_{lot}_1").set_value("")
    run(screen)
    press(screen, "im-check")
    assert "Reçue le" in screen.error[0].value
    assert import_views.opened(cast.visit("director", NINE), lot).state is ImportState.READ


def test_a_file_that_is_none_is_refused_in_words(sit: Sit) -> None:
    screen = sit("importer", "director")
    screen.file_uploader[0].set_value(("vieux.csv", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "text/csv"))
    press(run(screen), "im-read")
    assert "mot de passe" in screen.error[0].value
    assert "import" not in screen.query_params


def test_a_broken_file_is_told_and_given_up(sit: Sit, cast: Cast) -> None:
    content = b'No;Date;Description\n1;2024-03-14;"Nid-de-poule\n2;2024-03-15;Eau\n'
    lot = imports.receive(cast.visit("director", NINE), "registre.csv", content)
    work(cast, NINE)
    screen = sit("importer", "director", **{"import": lot})
    assert "jamais fermé" in screen.error[0].value
    press(screen, "im-drop")
    assert "abandonné" in said(screen)
    assert "registre.csv" not in said(screen)

"""The queue on screen: who sees what of it, what its address says, what one more run costs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from streamlit.runtime.scriptrunner import StopException
from streamlit.testing.v1 import AppTest

from desk import drafts, queue
from desk.queue import Edit
from desk.search import texts
from pages import cells
from pages.tab import Tab
from policy.reasons import refused
from policy.words import Priority, State
from sync import words
from sync.store import Row
from tests.cast import PLANNING, WORKS, Cast, moment
from tests.desk.filing import BY, filed, stands
from tests.pages.conftest import Sit, press, run, said

SCREEN = "file_du_service"
FRIDAY = moment("Fri 2026-11-20 09:00")
RNC_DAY = moment("Mon 2026-11-23 09:00")


def sheet(screen: AppTest) -> cells.Sheet:
    """The sheet it shows."""
    found: cells.Sheet | None = screen.session_state["fi-tab"].sheet
    assert found is not None
    return found


def numbers(screen: AppTest) -> list[str]:
    """The files it shows."""
    return [line.number for line in sheet(screen).page.rows]


def typed(screen: AppTest, edited: dict[int, dict[str, Any]]) -> None:
    """What the browser says was typed in the grid."""
    state = {"edited_rows": edited, "added_rows": [], "deleted_rows": []}
    screen.session_state[sheet(screen).key] = state


@pytest.fixture
def two_queues(cast: Cast) -> Cast:
    """Two files of Travaux publics, one of Urbanisme, one that nobody received."""
    filed(cast, "2026-00001", state=State.TAKEN)
    filed(cast, "2026-00002", state=State.TAKEN, priority=Priority.LOW)
    filed(cast, "2026-00003", department=PLANNING)
    filed(cast, "2026-00004", department=None)
    with cast.house.store.writing() as tx:
        for file in tx.find("files"):
            words.index(tx, "files", file["id"], texts(file, None))
    return cast


def test_a_responsable_of_one_department_chooses_none(sit: Sit, two_queues: Cast) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY)
    assert numbers(screen) == ["2026-00001", "2026-00002"]
    assert [box.label for box in screen.selectbox] == ["Catégorie", "Ouvrir un dossier à côté de la liste"]
    assert "À acheminer" not in str(screen.button_group[0].options)
    assert [each.key for each in screen.multiselect] == ["fi_orders"]  # none that sends elsewhere


def test_a_responsable_of_two_departments_chooses_between_them(sit: Sit, two_queues: Cast) -> None:
    both = [two_queues.departments[WORKS], two_queues.departments[PLANNING]]
    with two_queues.house.store.writing() as tx:
        tx.update("accounts", two_queues.accounts["secretary"], {"departments": both}, BY)
    screen = sit(SCREEN, "secretary", FRIDAY)
    assert set(numbers(screen)) == {"2026-00001", "2026-00002", "2026-00003"}
    service = screen.selectbox(key="fi_service")
    assert set(service.options) == {"Tous mes services", WORKS, PLANNING}
    service.select(both[1])
    run(screen)
    assert numbers(screen) == ["2026-00003"]
    assert screen.query_params["service"] == both[1]


def test_the_technician_sees_every_department_and_what_none_received(sit: Sit, two_queues: Cast) -> None:
    screen = sit(SCREEN, "technician", FRIDAY)
    assert set(numbers(screen)) == {"2026-00001", "2026-00002", "2026-00003", "2026-00004"}
    assert "À acheminer (1)" in str(screen.button_group[0].options)
    assert numbers(sit(SCREEN, "technician", FRIDAY, voir="nouvelles")) == ["2026-00004"]


def test_the_address_alone_says_what_is_shown_and_follows_the_filters(sit: Sit, two_queues: Cast) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY, texte="00002")
    assert numbers(screen) == ["2026-00002"]
    assert screen.text_input(key="fi_texte").value == "00002"
    screen.text_input(key="fi_texte").set_value("")
    run(screen)
    assert numbers(screen) == ["2026-00001", "2026-00002"]
    assert "texte" not in screen.query_params
    screen.button_group(key="fi_voir").set_value("attente")
    run(screen)
    assert screen.query_params["voir"] == "attente"
    assert "Rien n’est en attente." in said(screen)
    press(screen, "fi-widen")
    assert numbers(screen) == ["2026-00001", "2026-00002"]


ADDRESSES = {
    "another department": {"service": "inconnu"},
    "no category": {"categorie": "inconnue"},
    "no view": {"voir": "everything"},
    "a page too far": {"page": "99"},
    "an answer before the RNC": {"voir": "repondre"},
    "what a secretary does not route": {"voir": "nouvelles"},
    "marks": {"texte": "'; DROP TABLE files; -- <b>%_*"},
}


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_typed_by_hand_breaks_nothing_and_shows_nothing_more(
    sit: Sit, two_queues: Cast, name: str
) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY, **ADDRESSES[name])
    assert set(numbers(screen)) <= {"2026-00001", "2026-00002"}


def test_an_empty_queue_is_said_kindly(sit: Sit, cast: Cast) -> None:
    assert "La file est vide : tout est fait." in said(sit(SCREEN, "secretary", FRIDAY))


def test_what_is_closed_is_read_and_not_typed_in(sit: Sit, cast: Cast) -> None:
    filed(cast, state=State.DONE, closed_at=FRIDAY)
    screen = sit(SCREEN, "secretary", FRIDAY, voir="fermees")
    assert numbers(screen) == ["2026-00001"]
    grid: Any = screen.get("dataframe")[0]
    assert json.loads(grid.proto.columns)["state"]["disabled"] is True
    assert "planned_on" not in grid.value.columns


def test_pages_turn_in_the_address_and_what_is_typed_on_one_is_saved_from_another(
    sit: Sit, cast: Cast
) -> None:
    for n in range(1, 53):
        filed(cast, f"2026-{n:05}", state=State.TAKEN, received_at=moment(f"Mon 2026-11-16 09:{n:02}"))
    screen = sit(SCREEN, "secretary", FRIDAY)
    assert len(numbers(screen)) == 50
    typed(screen, {0: {"next_action": "Passer"}})
    screen.query_params["page"] = "2"
    first = sheet(screen)
    drafts.keep(cast.visit("secretary", FRIDAY), first.page.rows[0].id, "next_action", "Passer")
    run(screen)
    assert numbers(screen) == ["2026-00051", "2026-00052"]
    typed(screen, {1: {"next_action": "Appeler"}})
    press(screen, "fi-save")
    assert "2 lignes enregistrées" in said(screen)
    assert stands(cast, {"id": first.page.rows[0].id})["next_action"] == "Passer"
    assert stands(cast, {"id": sheet(screen).page.rows[1].id})["next_action"] == "Appeler"


def test_a_save_leaves_the_rows_where_they_are_and_refresh_puts_them_in_order_again(
    sit: Sit, cast: Cast
) -> None:
    first = filed(cast, "2026-00001", state=State.TAKEN)
    second = filed(cast, "2026-00002", state=State.TAKEN, priority=Priority.LOW)
    screen = sit(SCREEN, "secretary", FRIDAY)
    typed(screen, {0: {"wait_reason": "Météo ou saison"}})
    press(screen, "fi-save")
    key = sheet(screen).key
    assert numbers(screen) == ["2026-00001", "2026-00002"]
    assert sheet(screen).laid[first["id"]]["state"] == "En attente"
    run(screen)
    assert "1 ligne enregistrée." in said(screen)  # until something else is done
    press(screen, "fi-refresh")
    assert numbers(screen) == ["2026-00002", "2026-00001"]  # the paused last
    assert sheet(screen).key != key
    assert stands(cast, second)["state"] is State.TAKEN
    assert "enregistrée" not in said(screen)


def test_rows_of_a_department_that_is_no_longer_ones_own_are_not_shown_again(
    sit: Sit, two_queues: Cast
) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY)
    with two_queues.house.store.writing() as tx:
        moved = {"departments": [two_queues.departments[PLANNING]]}
        tx.update("accounts", two_queues.accounts["secretary"], moved, BY)
    run(screen)
    assert numbers(screen) == ["2026-00003"]


def test_a_row_sent_elsewhere_meanwhile_leaves_the_sheet_and_its_text_is_still_there(
    sit: Sit, two_queues: Cast
) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY)
    gone = sheet(screen).page.rows[0].id
    with two_queues.house.store.writing() as tx:
        tx.update("files", gone, {"department": two_queues.departments[PLANNING]}, BY)
    typed(screen, {0: {"next_action": "Passer"}, 1: {"next_action": "Appeler"}})
    press(screen, "fi-save")
    assert numbers(screen) == ["2026-00002"]
    assert "Dossier introuvable" in said(screen)
    assert "Un dossier qui n’est plus à vous" in " ".join(str(text.value) for text in screen.markdown)


def test_the_day_of_the_rnc_brings_its_columns_and_its_view(sit: Sit, two_queues: Cast) -> None:
    before, after = sit(SCREEN, "secretary", FRIDAY), sit(SCREEN, "secretary", RNC_DAY)
    assert "answer" not in sheet(before).columns
    assert {"answer", "code", "done_on", "note"} <= set(sheet(after).columns)
    assert "RNC à répondre (2)" in str(after.button_group[0].options)
    assert "répondez d'ici le lundi 30 novembre 2026" in said(after)
    early = sit(SCREEN, "secretary", FRIDAY, voir="repondre")  # the link of a mail, on another day
    assert numbers(early) == ["2026-00001", "2026-00002"]
    assert "Aucune réponse à la liste RNC n’est attendue aujourd’hui." in said(early)


def test_a_cell_of_a_row_in_another_order_is_kept_on_its_own_file(sit: Sit, cast: Cast) -> None:
    times = [moment(f"Mon 2026-11-16 09:0{n}") for n in range(3)]
    files = [
        filed(cast, f"2026-0000{n}", state=State.TAKEN, received_at=at) for n, at in enumerate(times, start=1)
    ]
    screen = sit(SCREEN, "secretary", FRIDAY)
    filed(cast, "2026-00009", priority=Priority.URGENT)  # it comes first from now on, not on this sheet
    queue.save(cast.visit("other_secretary", FRIDAY), [_waiting(files[0])])
    typed(screen, {1: {"next_action": "Passer"}})
    press(screen, "fi-save")
    assert stands(cast, files[1])["next_action"] == "Passer"
    assert [stands(cast, file)["next_action"] for file in (files[0], files[2])] == [None, None]


def test_one_more_run_asks_the_store_for_the_session_and_the_drafts_alone(sit: Sit, two_queues: Cast) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY)
    with counted() as asked:
        run(screen)
    assert [table for table in asked if table in ("files", "drafts", "categories")] == ["drafts"]
    assert len(asked) <= 3
    with counted() as asked:
        screen.query_params["voir"] = "retard"
        run(screen)
    assert asked.count("drafts") == 1
    assert len(asked) <= 20


def test_a_second_press_of_save_hides_nothing_of_what_the_first_said(sit: Sit, two_queues: Cast) -> None:
    screen = sit(SCREEN, "secretary", FRIDAY)
    typed(screen, {0: {"next_action": "Passer"}})
    press(screen, "fi-save")
    press(screen, "fi-save")
    assert "1 ligne enregistrée" in said(screen)
    assert "Rien à enregistrer" not in said(screen)
    press(screen, "fi-refresh")
    press(screen, "fi-save")
    assert "Rien à enregistrer : aucune case n’a changé." in said(screen)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The tables that are read meanwhile, one entry a statement."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement.partition("FROM ")[2].split()[0])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def _waiting(file: Row) -> Edit:
    return Edit(file["id"], {"wait_reason": None}, {"wait_reason": "Météo ou saison"})


def test_a_gesture_on_the_file_leaves_what_was_begun_of_it_in_the_grid(sit: Sit, cast: Cast) -> None:
    file = filed(cast)
    visit = cast.visit("secretary", FRIDAY)
    drafts.keep_all(visit, file["id"], {"next_action": "Passer mardi", "planned_on": "2026-11-27"})
    screen = sit("dossier", "secretary", FRIDAY, numero=file["number"])
    screen.pills(key=f"do_gesture_{file['id']}").set_value("Prendre en charge")
    run(screen)
    press(screen, "do-TAKE")
    assert stands(cast, file)["state"] is State.TAKEN
    assert set(drafts.recall(visit, file["id"])) == {"next_action", "planned_on"}


def test_an_act_that_is_cut_short_is_done_at_the_next_run_and_a_bug_is_not() -> None:
    tab, done = Tab(), []

    def cut_once() -> None:
        done.append("tried")
        if len(done) == 1:
            raise StopException

    tab.ask(cut_once)
    with pytest.raises(StopException):
        tab.settle()
    tab.settle()
    tab.settle()
    assert done == ["tried", "tried"]

    def broken() -> None:
        raise ValueError

    tab.ask(broken)
    with pytest.raises(ValueError):
        tab.settle()
    tab.settle()

    def refusing() -> None:
        raise refused("Pas maintenant.")

    tab.ask(refusing)
    tab.settle()
    assert str(tab.note) == "Pas maintenant."

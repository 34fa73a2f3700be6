"""Tableaux: the grid and the form of each table, drafts, refusals, what would change, adoption, holidays."""

from datetime import date, time
from typing import Any

import pytest
from sqlalchemy import delete, extract
from streamlit.testing.v1 import AppTest

from desk import drafts, recounting, settings_sheet
from desk.visits import Visit
from policy.roles import System
from sync.schema import SQL
from sync.tables import TABLES
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.filing import BY, filed, kept, stands
from tests.pages.conftest import NINE, Sit, press, run, said

SETTINGS = [name for name, table in TABLES.items() if table.setting]


def plain(screen: AppTest) -> str:
    return said(screen).replace("\\", "")


def in_grid(screen: AppTest, record: str, **cells: Any) -> AppTest:
    """Cells typed in the grid, as the browser says it."""
    grid = screen.session_state["ta-tab"].grid
    place = list(grid.laid).index(record)
    screen.session_state[grid.key] = {"edited_rows": {place: cells}, "added_rows": [], "deleted_rows": []}
    return run(screen)


def opened(screen: AppTest, record: str) -> AppTest:
    screen.selectbox(key="ta_line").set_value(record)
    return run(screen)


def new_line(screen: AppTest) -> str:
    """« Ajouter une ligne »: its record, whose form is open."""
    press(screen, "ta-add")
    return str(screen.session_state["ta-tab"].open)


@pytest.mark.parametrize("table", SETTINGS)
def test_each_table_of_the_address_is_drawn_and_each_row_opens_as_a_form(
    sit: Sit, cast: Cast, table: str
) -> None:
    screen = sit("tableaux", "director", table=table)
    assert screen.segmented_control(key="ta_table").value == table
    if table == "rules":
        assert "Heures d'ouverture" in plain(screen)
        return
    record = screen.session_state["ta-tab"].sheet.lines[0].id
    opened(screen, record)
    kinds = ("text_input", "text_area", "selectbox", "number_input", "date_input", "checkbox")
    labels = [each.label for kind in kinds for each in getattr(screen, kind)]
    for field in TABLES[table].fields:
        assert any(label.startswith(field.label) for label in labels), field.label


def test_an_unknown_table_in_the_address_is_the_first_one(sit: Sit, cast: Cast) -> None:
    assert sit("tableaux", "director", table="files").session_state["ta-tab"].table == "departments"


def test_cells_typed_in_the_grid_are_kept_and_saved_together(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="departments")
    in_grid(screen, cast.departments[WORKS], email="travaux@ville.test", rank=3)
    assert screen.button(key="ta-save").label == "Enregistrer (1 ligne)"
    again = sit("tableaux", "director", table="departments")
    assert "travaux@ville.test" in plain(again), "another tab finds the draft"
    key = again.session_state["ta-tab"].grid.key
    assert run(again).session_state["ta-tab"].grid.key == key, "a grid that shows what it should stays"
    press(again, "ta-save")
    assert "Travaux publics : enregistrée" in plain(again)
    (row,) = kept(cast, "departments", id=cast.departments[WORKS])
    assert (row["email"], row["rank"]) == ("travaux@ville.test", 3)
    press(again, "ta-save")
    assert "Rien à enregistrer" in plain(again) or "enregistrée" in plain(again)


def test_a_refusal_stands_with_its_row_and_what_was_typed_stays(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="departments")
    in_grid(screen, cast.departments[WORKS], email="travaux(at)ville", rank=-1)
    press(screen, "ta-save")
    told = screen.error[0].value.replace("\\", "")
    assert "Travaux publics" in told and "n'est pas une adresse" in told and "à partir de 0" in told
    opened(screen, cast.departments[WORKS])
    assert screen.text_input(key=f"ta_{cast.departments[WORKS]}_email").value == "travaux(at)ville"


def test_a_forged_message_of_the_grid_changes_nothing(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="departments")
    grid = screen.session_state["ta-tab"].grid
    screen.session_state[grid.key] = {
        "edited_rows": {0: {"id": "x", "version": 9}, 99: {"name": "Nulle part"}, "x": {"name": "y"}},
        "added_rows": [{"name": "Faux"}],
        "deleted_rows": [0],
    }
    screen.run()  # Streamlit itself stumbles on the row that is not there
    assert settings_sheet.sheet(cast.visit("director", NINE), "departments").begun == ()


def test_the_form_alone_adds_changes_and_takes_away(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="codes")
    record = new_line(screen)
    screen.text_input(key=f"ta_{record}_code").set_value("901")
    run(screen)
    press(screen, "ta-save")
    assert "« Libellé » est obligatoire" in plain(screen)
    screen.text_input(key=f"ta_{record}_label").set_value("Renvoyée au ministère")
    press(run(screen), "ta-save")
    (row,) = kept(cast, "codes", code="901")
    opened(screen, row["id"])
    screen.checkbox(key=f"ta_{row['id']}_met").set_value(False)
    press(run(screen), "ta-save")
    assert kept(cast, "codes", code="901")[0]["met"] is False
    opened(screen, row["id"])
    press(screen, "ta-remove")
    press(screen, "ta-save")
    assert kept(cast, "codes", code="901") == []


def test_a_row_in_use_is_not_taken_away_and_the_screen_says_what_to_do(sit: Sit, cast: Cast) -> None:
    filed(cast)
    screen = sit("tableaux", "director", table="categories")
    opened(screen, cast.categories["Éclairage de rue"])
    press(screen, "ta-remove")
    assert "Décochez plutôt « En usage »" in plain(screen)


def test_two_directors_choose_between_their_values(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="departments")
    planning = cast.departments[PLANNING]
    in_grid(screen, planning, rank=9)
    with cast.house.store.writing() as tx:
        tx.update("departments", planning, {"rank": 4}, BY)
    press(screen, "ta-save")
    assert "quelqu’un d’autre a changé cette case" in plain(screen)
    press(screen, f"ta-mine-{planning}-rank")
    press(screen, "ta-save")
    assert kept(cast, "departments", id=planning)[0]["rank"] == 9


def test_a_closing_is_adopted_only_after_what_would_change_and_the_clock_then_counts(
    sit: Sit, cast: Cast
) -> None:
    file = filed(cast)
    recounting.recount(Visit(cast.house, NINE, system=System.CLOCK))
    screen = sit("tableaux", "director", table="closings")
    record = new_line(screen)
    screen.date_input(key=f"ta_{record}_day").set_value(day("Thu 2026-11-19"))
    screen.text_input(key=f"ta_{record}_label").set_value("Tempête")
    press(run(screen), "ta-foresee")
    told = plain(screen)
    assert "1 dossier ouvert sur 1 changerait de date" in told
    assert f"[{file['number']}](/dossier?numero={file['number']})" in told
    assert "lundi 30 novembre 2026" in told and "**mardi 1er décembre 2026**" in told
    assert kept(cast, "closings", day=day("Thu 2026-11-19")) == []
    press(screen, "ta-adopt")
    assert "ajoutée" in plain(screen)
    assert "l’horloge va recalculer" in plain(screen)
    recounting.recount(Visit(cast.house, NINE, system=System.CLOCK))
    assert stands(cast, file)["target_on"] == day("Tue 2026-12-01")
    assert "1 dossier a une autre cible" in plain(sit("tableaux", "director", table="closings"))


def test_what_is_typed_after_the_look_asks_for_another_look(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="closings")
    record = new_line(screen)
    screen.date_input(key=f"ta_{record}_day").set_value(day("Thu 2026-11-19"))
    screen.text_input(key=f"ta_{record}_label").set_value("Tempête")
    press(run(screen), "ta-foresee")
    screen.text_input(key=f"ta_{record}_label").set_value("Verglas")
    run(screen)
    assert "regardez de nouveau" in plain(screen)
    assert not [each for each in screen.button if each.key == "ta-adopt"]


def test_a_rule_gets_a_new_dated_value_and_the_old_one_stays(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="rules", regle="rnc_reading")
    press(screen, "ta-new-value")
    record = screen.session_state["ta-tab"].sheet.begun[0].id
    screen.radio(key=f"ta_{record}_value").set_value("derniere_semaine")
    screen.date_input(key=f"ta_{record}_valid_from").set_value(day("Tue 2026-12-01"))
    press(run(screen), "ta-foresee")
    assert "jours des listes mensuelles changeraient" in plain(screen)
    press(screen, "ta-adopt")
    assert "À venir, le 1er décembre 2026" in plain(screen)
    rows = {row["valid_from"]: row["value"] for row in kept(cast, "rules", name="rnc_reading")}
    assert len(rows) == 2 and rows[day("Tue 2026-12-01")] == "derniere_semaine"
    coming = next(
        row["id"] for row in kept(cast, "rules", name="rnc_reading") if row["value"] == "derniere_semaine"
    )
    press(screen, f"ta-withdraw-{coming}")
    press(screen, "ta-foresee")
    press(screen, "ta-adopt")
    assert len(kept(cast, "rules", name="rnc_reading")) == 1


@pytest.mark.parametrize(
    ("rule", "widget", "suffix", "given", "text"),
    [
        ("opening_hours", "text_input", "value_vendredi", "8h à 12h", None),
        ("sending_hour", "time_input", "value", "07:30", "07:30"),
        ("rnc_min_days", "number_input", "value", 2, "2"),
        ("council_lists", "radio", "value", "non", "non"),
        ("privacy_assessment", "date_input", "value", "2026-11-01", "2026-11-01"),
        ("desk_email", "text_input", "value", "accueil@ville.test", "accueil@ville.test"),
    ],
)
def test_each_kind_of_rule_is_typed_in_a_widget_of_its_kind(
    sit: Sit, cast: Cast, rule: str, widget: str, suffix: str, given: Any, text: str | None
) -> None:

    screen = sit("tableaux", "director", table="rules", regle=rule)
    press(screen, "ta-new-value")
    record = screen.session_state["ta-tab"].sheet.begun[0].id
    value = given
    if widget == "time_input":
        value = time.fromisoformat(given)
    if widget == "date_input":
        value = date.fromisoformat(given)
    getattr(screen, widget)(key=f"ta_{record}_{suffix}").set_value(value)
    screen.date_input(key=f"ta_{record}_valid_from").set_value(day("Tue 2026-12-01"))
    press(run(screen), "ta-foresee")
    press(screen, "ta-adopt")
    rows = [
        row["value"] for row in kept(cast, "rules", name=rule) if row["valid_from"] == day("Tue 2026-12-01")
    ]
    assert len(rows) == 1
    assert rows[0] == text if text else "vendredi 8h à 12h" in rows[0]


def test_hours_that_do_not_read_are_refused_and_stay_as_they_were_typed(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="rules", regle="opening_hours")
    press(screen, "ta-new-value")
    record = screen.session_state["ta-tab"].sheet.begun[0].id
    screen.text_input(key=f"ta_{record}_value_lundi").set_value("du matin au soir")
    press(run(screen), "ta-foresee")
    assert "ne se lit pas comme des heures" in plain(screen)
    assert screen.text_input(key=f"ta_{record}_value_lundi").value == "du matin au soir"
    press(screen, "ta-adopt")
    assert len(kept(cast, "rules", name="opening_hours")) == 1


def test_next_years_holidays_are_chosen_then_adopted(sit: Sit, cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        closings = SQL["closings"]
        tx.connection.execute(delete(closings).where(extract("year", closings.c.day) >= 2027))
    screen = sit("tableaux", "director", table="closings")
    assert "Jours proposés pour 2027" in plain(screen)
    screen.checkbox(key="ta_holiday_2027-01-02").set_value(False)
    press(run(screen), "ta-holidays")
    assert "12 jours dans le brouillon" in plain(screen)
    press(screen, "ta-foresee")
    press(screen, "ta-adopt")
    days = {row["day"] for row in kept(cast, "closings") if row["day"].year == 2027}
    assert len(days) == 12 and day("Mon 2027-05-24") in days
    assert "Jours proposés" not in plain(sit("tableaux", "director", table="closings"))


def test_an_empty_table_says_so(sit: Sit, cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        tx.connection.execute(delete(SQL["council"]))
    assert "Rien n’y est encore inscrit" in plain(sit("tableaux", "director", table="council"))


def test_past_years_are_left_out_until_asked(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", at=moment("Mon 2026-11-16 09:00"), table="closings")
    shown = len(screen.session_state["ta-tab"].sheet.lines)
    screen.checkbox(key="ta_past").set_value(True)
    assert len(run(screen).session_state["ta-tab"].sheet.lines) > shown


def test_leaving_everything_behind_forgets_it(sit: Sit, cast: Cast) -> None:
    screen = sit("tableaux", "director", table="departments")
    in_grid(screen, cast.departments[WORKS], rank=3)
    press(screen, "ta-undo-all")
    assert drafts.recall(cast.visit("director", NINE), cast.departments[WORKS]) == {}
    assert screen.button(key="ta-save").label == "Enregistrer"

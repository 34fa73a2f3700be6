"""Tableaux: what is begun in a table of settings, saved together, each row alone, judged as anywhere else."""

from typing import Any

import pytest

from desk import drafts, foreseen, settings_saving, settings_sheet
from desk.settings_saving import MEANWHILE, Saved
from desk.settings_sheet import Line, Sheet
from desk.visits import Visit
from policy.reasons import Refused
from sync.history import Author, Whence, entries
from sync.store import Row
from sync.tables import TABLES
from tests.cast import CAST, PLANNING, WORKS, Cast
from tests.desk.filing import NINE, TEN, filed, kept

AIRTABLE = Author("synchronisation", "Airtable", Whence.TABLE, NINE, "modifier la ligne dans la table")
SETTINGS = [name for name, table in TABLES.items() if table.setting]


def director(cast: Cast) -> Visit:
    return cast.visit("director", NINE)


def the_sheet(cast: Cast, table: str) -> Sheet:
    return settings_sheet.sheet(director(cast), table, past=True)


def line(cast: Cast, table: str, record: str) -> Line:
    return next(each for each in the_sheet(cast, table).lines if each.id == record)


def type_(cast: Cast, table: str, record: str, **cells: Any) -> None:
    """The cells typed over what is shown."""
    seen = line(cast, table, record).values
    drafts.keep_rows(director(cast), {record: cells}, {record: {name: seen[name] for name in cells}})


def saved(cast: Cast, table: str) -> tuple[Saved, ...]:
    visit = director(cast)
    stamp = foreseen.foresee(visit, table).stamp if table in settings_sheet.FORESEEN else ""
    return settings_saving.save(visit, table, stamp)


def row(cast: Cast, table: str, **equals: Any) -> Row:
    (found,) = kept(cast, table, **equals)
    return found


@pytest.mark.parametrize("table", SETTINGS)
def test_every_table_of_settings_is_a_grid_whose_columns_come_from_its_definition(
    cast: Cast, table: str
) -> None:
    shown = the_sheet(cast, table)
    assert [column.label for column in shown.columns] == [field.label for field in TABLES[table].fields]
    assert all(each.title for each in shown.lines)
    for column, field in zip(shown.columns, TABLES[table].fields, strict=True):
        pointed = {each.values[column.name] for each in shown.lines} - {None}
        assert not (field.ref or field.choices) or pointed <= set(column.choices)


def test_several_rows_are_saved_together_and_the_refused_one_alone_stays_begun(cast: Cast) -> None:
    works, planning = cast.departments[WORKS], cast.departments[PLANNING]
    type_(cast, "departments", works, email="travaux@ville.test")
    type_(cast, "departments", planning, email="pas une adresse")
    found = {one.id: one for one in saved(cast, "departments")}
    assert found[works].done and "Travaux publics : enregistrée." in found[works].message
    assert "adresse courriel" in found[planning].grounds[0].message
    assert row(cast, "departments", id=works)["email"] == "travaux@ville.test"
    assert [each.id for each in the_sheet(cast, "departments").begun] == [planning]
    assert saved(cast, "departments")[0].grounds, "the second click is refused the same"


def test_what_is_begun_is_there_in_another_session_and_not_for_another_person(cast: Cast) -> None:
    type_(cast, "codes", cast.codes["238"], label="Demande réglée")
    later = settings_sheet.sheet(cast.visit("director", TEN), "codes")
    assert [each.shown["label"] for each in later.begun] == ["Demande réglée"]


def test_a_new_row_is_begun_filled_and_added_once(cast: Cast) -> None:
    record = settings_sheet.begin(director(cast), "codes")
    assert line(cast, "codes", record).shown["active"] is True, "as an empty cell would mean"
    (no,) = saved(cast, "codes")
    assert {ground.field for ground in no.grounds} == {"code", "label"}
    type_(cast, "codes", record, code="901", label="Renvoyée au ministère")
    assert saved(cast, "codes")[0].done
    assert row(cast, "codes", code="901")["met"] is True
    assert saved(cast, "codes") == ()


def test_a_name_that_another_row_bears_is_refused_as_it_is_from_the_table(cast: Cast) -> None:
    settings_sheet.begin(director(cast), "departments", {"name": "urbanisme", "circuit": "A"})
    (no,) = saved(cast, "departments")
    assert no.grounds[0].message == f"Une autre ligne s'appelle déjà « {PLANNING} »."


@pytest.mark.parametrize(
    ("table", "cells", "told"),
    [
        ("departments", {"circuit": "Z"}, "n'est pas un choix offert"),
        ("departments", {"rank": 2.5}, "est un nombre entier"),
        ("departments", {"active": "oui"}, "ne se lit pas"),
        ("categories", {"department": "n'existe pas"}, "cette ligne n'est pas dans « Services »"),
        ("council", {"email": "helene"}, "n'est pas une adresse"),
        ("council", {"starts_on": "2026-02-31"}, "n'est pas une date"),
        ("council", {"starts_on": "2026-06-01", "ends_on": "2026-05-01"}, "La fin vient avant le début"),
        ("codes", {"code": "9" * 21}, "20 au plus"),
        ("delays", {"season_start": "31-12"}, "début et une fin"),
        ("delays", {"working_days": -3}, "de 0 à 2000"),
    ],
)
def test_forged_or_wrong_cells_are_refused_beside_their_row_and_stay_typed(
    cast: Cast, table: str, cells: dict[str, Any], told: str
) -> None:
    record = the_sheet(cast, table).lines[0].id
    type_(cast, table, record, **cells)
    (no,) = saved(cast, table)
    assert told in str(Refused(no.grounds))
    assert line(cast, table, record).typed.keys() == cells.keys()


def test_two_directors_merge_different_cells_and_choose_between_the_same(cast: Cast) -> None:
    works = cast.departments[WORKS]
    type_(cast, "departments", works, email="travaux@ville.test", rank=9)
    with cast.house.store.writing() as tx:
        tx.update("departments", works, {"rank": 4, "active": False}, AIRTABLE)
    (found,) = saved(cast, "departments")
    (clash,) = found.clashes
    assert (clash.label, clash.yours, clash.theirs) == ("Ordre", "9", "4")
    assert "Airtable" in clash.by
    assert row(cast, "departments", id=works)["email"] != "travaux@ville.test", "nothing before a choice"
    drafts.rebase(director(cast), works, "rank", clash.plain)
    assert saved(cast, "departments")[0].done
    now = row(cast, "departments", id=works)
    assert (now["rank"], now["email"], now["active"]) == (9, "travaux@ville.test", False)


def test_a_row_in_use_stays_and_what_to_do_is_said(cast: Cast) -> None:
    filed(cast)
    for table, record, told in (
        ("departments", cast.departments[WORKS], "Décochez plutôt « En service »"),
        ("categories", cast.categories["Éclairage de rue"], "Décochez plutôt « En usage »"),
        ("codes", cast.codes["238"], "Décochez plutôt « En usage »"),
        ("delays", the_sheet(cast, "delays").lines[0].id, "Ajoutez plutôt une ligne"),
        ("rules", the_sheet(cast, "rules").lines[0].id, "Ajoutez plutôt une ligne"),
    ):
        with pytest.raises(Refused, match=told):
            settings_saving.mark_removed(director(cast), table, record)


def test_a_row_that_nothing_needs_is_taken_away_and_its_history_stays(cast: Cast) -> None:
    member = cast.council["Guy Ouellet"]
    settings_saving.mark_removed(director(cast), "council", member)
    assert line(cast, "council", member).removed == 1
    assert saved(cast, "council")[0].message == "Guy Ouellet : retirée."
    assert kept(cast, "council", id=member) == []
    with cast.house.store.reading() as tx:
        last = entries(tx, "council", member)[-1]
    assert (last.name, last.act) == (CAST["director"].name, "retirer le réglage")


def test_a_row_that_came_into_use_or_was_changed_meanwhile_is_not_taken_away(cast: Cast) -> None:
    member = cast.council["Guy Ouellet"]
    settings_saving.mark_removed(director(cast), "council", member)
    with cast.house.store.writing() as tx:
        tx.update("council", member, {"district": "3"}, AIRTABLE)
    (no,) = saved(cast, "council")
    assert no.grounds[0].message == MEANWHILE
    filed(cast, forwarded_by=member)
    drafts.drop(director(cast), member)
    with pytest.raises(Refused, match="Jusqu'au"):
        settings_saving.mark_removed(director(cast), "council", member)


@pytest.mark.parametrize("table", sorted(settings_sheet.FORESEEN))
def test_nothing_that_dates_hang_on_is_adopted_before_what_would_change_was_read(
    cast: Cast, table: str
) -> None:
    record = the_sheet(cast, table).lines[0].id
    cells: dict[str, dict[str, Any]] = {
        "closings": {"label": "Autre"},
        "delays": {"working_days": 12},
        "rules": {"article": "Autre"},
    }
    type_(cast, table, record, **cells[table])
    with pytest.raises(Refused, match="Regardez d'abord"):
        settings_saving.save(director(cast), table)
    stamp = foreseen.foresee(director(cast), table).stamp
    settings_sheet.begin(director(cast), table)
    with pytest.raises(Refused, match="Regardez d'abord"):
        settings_saving.save(director(cast), table, stamp)


def test_the_history_of_a_row_says_who_changed_what_and_whence(cast: Cast) -> None:
    light = cast.categories["Éclairage de rue"]
    type_(cast, "categories", light, department=cast.departments[PLANNING])
    assert saved(cast, "categories")[0].done
    told = settings_sheet.history(director(cast), "categories", light)
    assert told[0].who == f"{CAST['director'].name} (écran)"
    assert told[0].what == (f"Service : {WORKS} → {PLANNING}",)
    assert len(told) == 2 and "commande" in told[1].who


@pytest.mark.parametrize("who", [who for who in CAST if who != "director"])
def test_nobody_else_sees_or_changes_the_settings(cast: Cast, who: str) -> None:
    visit, record = cast.visit(who, NINE), cast.departments[WORKS]
    for act in (
        lambda: settings_sheet.tables(visit),
        lambda: settings_sheet.sheet(visit, "departments"),
        lambda: settings_sheet.history(visit, "departments", record),
        lambda: settings_saving.save(visit, "departments"),
        lambda: settings_saving.mark_removed(visit, "departments", record),
        lambda: foreseen.foresee(visit, "closings"),
    ):
        with pytest.raises(Refused, match="modifier les tables"):
            act()


@pytest.mark.parametrize("table", ["files", "citizens", "designations", "accounts", "nulle part"])
def test_what_is_no_table_of_settings_is_not_opened_here(cast: Cast, table: str) -> None:
    with pytest.raises(Refused, match="pas une table de réglages"):
        settings_sheet.sheet(director(cast), table)

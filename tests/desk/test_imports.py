"""A register brought in on screen: matched, checked row by row, all there at once or not at all, undone."""

from datetime import timedelta

import pytest

from desk import holds, import_views, imports
from desk.queue import Query, page
from desk.search import search
from policy.reasons import Refused
from policy.words import State
from sync import table_files
from sync.audit import verify
from sync.history import Author, Did, Whence, entries
from sync.states import ImportState
from tests.cast import Cast
from tests.desk.registers import NOW, brought_in, checked, csv, files, numbers, row, work, xlsx


def test_what_fits_becomes_files_with_our_numbers_and_its_own_beside(cast: Cast) -> None:
    content = csv(
        row("24-7", day="2024-05-02", phone="450 224-8888"),
        row("24-2", day="2024-03-14", state="Nouveau"),
        row("23-9", day="2023-11-30 16:30"),
    )
    view = brought_in(cast, content)
    assert (view.state, view.row["added"]) == (ImportState.DONE, 3)
    found = files(cast)
    assert numbers(found) == ["2023-00001", "2024-00001", "2024-00002"]
    assert [each["source_id"] for each in found] == ["23-9", "24-2", "24-7"]
    assert [each["state"] for each in found] == [State.DONE, State.ROUTED, State.DONE]
    assert {(each["civic"], each["street"]) for each in found} == {("12", "rue des Érables")}


def test_nobody_is_written_to_and_no_acknowledgement_is_due(cast: Cast) -> None:
    brought_in(cast, csv(row("1", state="Nouveau", phone="450 224-8888")))
    (file,) = files(cast)
    assert file["citizen"] is not None
    assert (file["ack_due_at"], file["acknowledged_at"]) == (None, None)
    with cast.house.store.reading() as tx:
        assert not tx.find("mails") and not tx.find("tasks")


def test_the_history_says_who_brought_it_in_and_whence_and_still_holds(cast: Cast) -> None:
    brought_in(cast, csv(row("1"), row("2")))
    with cast.house.store.reading() as tx:
        told = [entries(tx, "files", each["id"]) for each in files(cast)]
        people = [entries(tx, "citizens", each["id"]) for each in tx.find("citizens")]
        assert not verify(tx)
    for (entry,) in (*told, *people):
        assert (entry.name, entry.whence, entry.did) == ("Denis Bélanger", Whence.IMPORT, Did.CREATED)


def test_what_was_brought_in_is_found_and_stands_in_the_queue(cast: Cast) -> None:
    brought_in(cast, csv(row("1", state="En cours", who="Léa Thibodeau", facts="Un castor dans le fossé.")))
    director = cast.visit("director", NOW)
    (file,) = files(cast)
    assert [hit.id for hit in search(director, "castor")] == [file["id"]]
    assert [hit.id for hit in search(director, "thibodeau")] == [file["id"]]
    assert [line.id for line in page(director, Query()).rows] == [file["id"]]


def test_the_same_file_again_adds_nothing(cast: Cast) -> None:
    content = csv(row("1"), row("2"))
    brought_in(cast, content)
    again = checked(cast, content)
    assert (again.row["fits"], again.row["known"], again.row["wrong"]) == (0, 2, 0)
    with pytest.raises(Refused, match="rien à importer"):
        imports.carry_out(cast.visit("director", NOW), again.id, 0)
    more = brought_in(cast, csv(row("1"), row("2"), row("3")))
    assert (more.row["added"], more.row["known"], len(files(cast))) == (1, 2, 3)


def test_rows_without_a_number_are_known_again_by_all_that_they_say(cast: Cast) -> None:
    content = csv(row(""), row("", facts="Un chien perdu."), row(""))
    view = brought_in(cast, content)
    assert (view.row["added"], view.row["left_aside"]) == (2, 1)
    assert checked(cast, content).row["known"] == 2  # the third still repeats the first


def test_the_number_of_another_register_is_not_taken_for_the_same_demand(cast: Cast) -> None:
    brought_in(cast, csv(row("1", day="2023-02-01")))
    view = checked(cast, csv(row("1", day="2024-02-01")), "2024.csv")
    (wrong,) = imports_asides(cast, view.id)
    assert "donnez un nom à ce registre" in wrong and "2023-00001" in wrong
    director = cast.visit("director", NOW)
    imports.change_columns(director, view.id)
    imports.name_register(director, view.id, "2024")
    imports.check(director, view.id)
    work(cast)
    imports.carry_out(director, view.id, 0)
    work(cast)
    assert {each["source_id"] for each in files(cast)} == {"1", "2024:1"}


def imports_asides(cast: Cast, lot: str) -> list[str]:
    return [each.why for each in import_views.asides(cast.visit("director", NOW), lot)]


@pytest.mark.parametrize(
    ("wrong", "header", "why"),
    [
        (row("9", day="hier"), "Date de réception", "devrait être une date"),
        (row("9", day="2026-11-24"), "Date de réception", "futur"),
        (row("9", day="1925-03-14"), "Date de réception", "année"),
        (row("9", day=""), "Date de réception", "manque"),
        (row("9", department="Voirie"), "Service", "n'est pas dit"),
        (row("9", state="Peut-être"), "Statut", "n'est pas dit"),
        (row("9", phone="224-8888"), "Téléphone", "indicatif"),
        (row("9", who="N" * 201), "Demandeur", "201 caractères"),
        ((*row("9"), "de trop"), "", "plus de cellules"),
        (row("1", facts="Autre chose."), "No", "qui dit autre chose"),
        (row("1"), "No", "répète la ligne 2"),
    ],
)
def test_a_row_that_does_not_fit_is_told_with_its_column_and_why(
    cast: Cast, wrong: tuple[str, ...], header: str, why: str
) -> None:
    view = checked(cast, csv(row("1"), wrong))
    (aside,) = import_views.asides(cast.visit("director", NOW), view.id)
    assert (aside.line, aside.header) == (3, header)
    assert why in aside.why
    with pytest.raises(Refused, match="ne convient pas"):
        imports.carry_out(cast.visit("director", NOW), view.id, 0)
    assert not files(cast)
    imports.carry_out(cast.visit("director", NOW), view.id, 1)
    work(cast)
    assert [each["source_id"] for each in files(cast)] == ["1"]


def test_a_complaint_never_comes_in_with_the_demands(cast: Cast) -> None:
    headers = ("No", "Date", "Nature", "Description")
    content = csv(
        ("1", "2024-03-14", "Plainte", "Contre un employé."),
        ("2", "2024-03-14", "Demande d'accès", "Les plans."),
        ("3", "2024-03-14", "Commentaire", "Bravo."),
        headers=headers,
    )
    view = checked(cast, content)
    told = imports_asides(cast, view.id)
    assert ["P §4.4" in told[0], "P §4.6" in told[1], len(told)] == [True, True, 2]
    imports.carry_out(cast.visit("director", NOW), view.id, 2)
    work(cast)
    (file,) = files(cast)
    assert (file["state"], file["first_contact"], file["open"]) == (State.DONE, True, False)


def test_words_are_matched_value_by_value_and_remembered_for_the_same_headers(cast: Cast) -> None:
    content = csv(row("1", department="Voirie", state="Réglé"), row("2", department="Taxes"))
    view = brought_in(cast, content, Voirie="Travaux publics", Taxes="Trésorerie / Taxation")
    names = {id: name for name, id in cast.departments.items()}
    assert view.row["added"] == 2
    assert {names[each["department"]] for each in files(cast)} == {"Travaux publics", "Trésorerie / Taxation"}
    lot = imports.receive(cast.visit("director", NOW), "2025.csv", csv(row("8", department="Voirie")))
    work(cast)
    again = import_views.opened(cast.visit("director", NOW), lot)
    assert again.row["remembered"]
    service = again.match("Service")
    assert service is not None and service.meanings["Voirie"] == "Travaux publics"


def test_one_person_who_asked_twice_is_one_citizen_and_two_of_the_same_house_are_two(cast: Cast) -> None:
    content = csv(
        row("1", who="Luc Caron", phone="450 224-8888"),
        row("2", who="CARON, Luc", phone="(450) 224 8888"),
        row("3", who="Ève Caron", phone="450-224-8888"),
    )
    brought_in(cast, content)
    asked = [each["citizen"] for each in files(cast)]
    assert asked[0] == asked[1] != asked[2]
    brought_in(cast, csv(row("4", who="Ève Caron", phone="4502248888")))
    assert files(cast, source_id="4")[0]["citizen"] == asked[2]


def test_a_workbook_gives_its_days_and_numbers_as_they_are_shown(cast: Cast) -> None:
    day = NOW.replace(tzinfo=None, year=2024, hour=14, minute=30, second=0, microsecond=0)
    content = xlsx((7, day, "Travaux publics", "Fait", "Luc Caron", 4502248888, "12e Avenue", "Une branche."))
    brought_in(cast, content, "registre.xlsx")
    (file,) = files(cast)
    assert (file["source_id"], file["street"], file["civic"]) == ("7", "12e Avenue", None)
    with cast.house.store.reading() as tx:
        assert tx.find("citizens")[0]["phone"] == "450 224-8888"


def test_an_import_undone_takes_back_what_nobody_touched_and_tells_what_stays(cast: Cast) -> None:
    view = brought_in(cast, csv(row("1"), row("2", state="Nouveau"), row("3")))
    kept = files(cast, source_id="2")[0]
    with cast.house.store.writing() as tx:
        by = cast_author(cast)
        tx.update("files", kept["id"], {"next_action": "Appeler."}, by)
    imports.undo(cast.visit("director", NOW), view.id)
    imports.undo(cast.visit("director", NOW), view.id)
    work(cast)
    after = import_views.opened(cast.visit("director", NOW), view.id)
    assert (after.state, after.row["withdrawn"]) == (ImportState.UNDONE, 2)
    assert [each.number for each in import_views.touched(cast.visit("director", NOW), view.id)] == [
        kept["number"]
    ]
    assert [each["id"] for each in files(cast)] == [kept["id"]]
    with cast.house.store.reading() as tx:
        assert [each["id"] for each in tx.find("citizens")] == [kept["citizen"]]
        assert not search(cast.visit("director", NOW), "Personne 3")


@pytest.mark.parametrize("whole", [False, True], ids=["the file", "the person"])
def test_what_is_under_a_legal_hold_is_not_withdrawn(cast: Cast, whole: bool) -> None:
    view = brought_in(cast, csv(row("1", phone="450 224-8888"), row("2")))
    held = files(cast, source_id="1")[0]
    holds.place(cast.visit("clerk", NOW), held["number"], "Litige", whole=whole)
    imports.undo(cast.visit("director", NOW), view.id)
    work(cast)
    assert [each["id"] for each in files(cast)] == [held["id"]]
    with cast.house.store.reading() as tx:
        assert [each["id"] for each in tx.find("citizens")] == [held["citizen"]]


def cast_author(cast: Cast) -> Author:
    return Author(cast.accounts["technician"], "Luc Tremblay", Whence.SCREEN, NOW, "modifier")


def test_what_was_withdrawn_stays_told_without_a_word_of_it_and_its_number_is_never_given_again(
    cast: Cast,
) -> None:
    view = brought_in(cast, csv(row("1", facts="Un secret de famille.")))
    (gone,) = files(cast)
    imports.undo(cast.visit("director", NOW), view.id)
    work(cast)
    with cast.house.store.reading() as tx:
        told = entries(tx, "files", gone["id"])
        assert "secret" not in repr(told)
        assert told[-2].did is Did.DELETED and told[-2].act == "annuler l'import"
        assert not verify(tx)
    brought_in(cast, csv(row("1")))
    assert numbers(files(cast)) == ["2024-00002"]


def test_the_first_rows_are_shown_as_they_would_be(cast: Cast) -> None:
    brought_in(cast, csv(row("1")))
    director = cast.visit("director", NOW)
    content = csv(row("1"), row("2", day="04/03/2024", state="Fait"), row("3", day="hier"))
    lot = imports.receive(director, "suite.csv", content)
    work(cast)
    known, fits, wrong = import_views.preview(director, lot)
    assert (known.known, known.wrong) == ("2024-00001", ())
    assert (fits.told["Reçue le"], fits.told["État"]) == ("4 mars 2024 à 0 h", "Complétée")
    assert (fits.told["Rue ou lieu"], fits.known) == ("rue des Érables", "")
    assert [each.header for each in wrong.wrong] == ["Date de réception"]
    header = "Date de réception"
    imports.order(director, lot, header, day_first=False)
    assert import_views.preview(director, lot)[1].told["Reçue le"] == "3 avril 2024 à 0 h"


def test_the_report_holds_every_row_that_does_not_fit(cast: Cast) -> None:
    director = cast.visit("director", NOW)
    view = checked(cast, csv(*(row(str(n), day="=hier()") for n in range(60)), row("60", department="?")))
    found = table_files.opened("report.xlsx", import_views.report(director, view.id))
    assert found.headers == ("Ligne", "Numéro d’origine", "Colonne", "Valeur", "Pourquoi")
    told = [cells for _, cells in found.rows]
    assert [cells[0] for cells in told] == [str(line) for line in range(2, 63)]
    assert (told[0][3], told[-1][2]) == ("=hier()", "Service")
    ((header, _, times), _) = import_views.reasons(director, view.id)
    assert (header, times) == ("Date de réception", 60)


def test_only_the_director_brings_a_file_in(cast: Cast) -> None:
    for who in ("admin", "technician", "general", "clerk", "secretary", "outsider"):
        with pytest.raises(Refused, match="R-62"):
            imports.receive(cast.visit(who, NOW), "registre.csv", csv(row("1")))
        with pytest.raises(Refused, match="R-62"):
            import_views.listed(cast.visit(who, NOW))


def test_a_second_click_changes_nothing(cast: Cast) -> None:
    director = cast.visit("director", NOW)
    content = csv(row("1"))
    lot = imports.receive(director, "registre.csv", content)
    assert imports.receive(director, "registre.csv", content) == lot
    work(cast)
    imports.check(director, lot)
    work(cast)
    imports.carry_out(director, lot, 0)
    imports.carry_out(director, lot, 0)
    work(cast)
    imports.carry_out(director, lot, 0)
    work(cast)
    assert len(files(cast)) == 1


def test_given_up_nothing_of_the_file_is_kept(cast: Cast) -> None:
    director = cast.visit("director", NOW)
    view = checked(cast, csv(row("1"), row("2", day="hier")))
    imports.drop(director, view.id)
    imports.drop(director, view.id)
    with cast.house.store.reading() as tx:
        for table in ("import_contents", "import_parts", "import_asides"):
            assert not tx.find(table)
    with pytest.raises(Refused, match="ne se fait plus"):
        imports.carry_out(director, view.id, 1)


def test_a_file_that_nobody_comes_back_to_is_erased_after_thirty_days(cast: Cast) -> None:
    view = checked(cast, csv(row("1")))
    work(cast, NOW + timedelta(days=29))
    assert import_views.opened(cast.visit("director", NOW), view.id).state is ImportState.CHECKED
    work(cast, NOW + timedelta(days=30))
    assert import_views.opened(cast.visit("director", NOW), view.id).state is ImportState.DROPPED
    with cast.house.store.reading() as tx:
        assert not tx.find("import_parts") and not tx.find("import_contents")

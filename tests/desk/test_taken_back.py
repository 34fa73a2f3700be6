"""The answered workbook of the RNC, taken back by the desk (P §4.2.3, R-22)."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from desk import moves, routing, taken_back
from desk.taken_back import Given, Verdict
from policy.reasons import Refused
from policy.words import Answer, State, WaitReason
from sync.history import entries
from tests.cast import PLANNING, WORKS, Cast, day, moment
from tests.desk.answered import brought, listed, place_of
from tests.desk.filing import filed, kept, stands

TUESDAY = moment("Tue 2026-11-24 10:00")
DONE = {
    "answer": "Complétée",
    "done_on": datetime(2026, 11, 20),  # noqa: DTZ001 - a cell of a workbook has no zone
    "done_extension": 2310,
    "note": "Ampoule remplacée.",
}


def check(cast: Cast, given: Given, at: datetime = TUESDAY, who: str = "technician") -> dict[str, Any]:
    return {line.number: line for line in taken_back.check(cast.visit(who, at), given).lines}


def record(cast: Cast, given: Given, stale: dict[str, int] | None = None, at: datetime = TUESDAY) -> Any:
    return taken_back.record(cast.visit("technician", at), given, stale)


def words(line: Any) -> str:
    return " ".join(f"{ground.message} {ground.article}" for ground in line.grounds)


def test_what_comes_back_is_shown_first_then_recorded_in_the_name_of_who_answered(cast: Cast) -> None:
    one, two, three, four = (filed(cast, f"2026-0000{n}") for n in range(1, 5))
    listed(cast)
    given = brought(
        cast, TUESDAY,
        {"number": "2026-00001", **DONE},
        {"number": "2026-00002", "answer": "En attente", "wait_reason": "Autre", "words": "La nacelle."},
        {"number": "2026-00003", "answer": "Action à venir", "words": "Passer jeudi.",
         "planned_on": "2026-11-26"},
    )  # fmt: skip
    seen = check(cast, given)
    assert [seen[f"2026-0000{n}"].verdict for n in range(1, 5)] == [Verdict.READY] * 3 + [Verdict.BLANK]
    assert seen["2026-00001"].told == "remis pour fermeture"
    cells = ("Précision ou action à venir : Passer jeudi.", "Date prévue : 2026-11-26")
    assert seen["2026-00003"].cells == cells
    assert kept(cast, "answers") == [] and stands(cast, one)["state"] is State.ROUTED
    assert stands(cast, one)["version"] == one["version"]

    report = record(cast, given)
    assert (report.recorded, report.person) == (3, "Julie Gagnon")
    after = [stands(cast, file) for file in (one, two, three, four)]
    assert [file["state"] for file in after] == [
        State.TO_CLOSE, State.WAITING, State.PLANNED, State.ROUTED,
    ]  # fmt: skip
    assert (after[0]["done_on"], after[0]["done_extension"], after[0]["note"]) == (
        day("Fri 2026-11-20"), "2310", "Ampoule remplacée.",
    )  # fmt: skip
    assert (after[1]["wait_reason"], after[1]["wait_words"]) == (WaitReason.OTHER, "La nacelle.")
    assert (after[2]["planned_on"], after[2]["next_action"]) == (day("Thu 2026-11-26"), "Passer jeudi.")
    (answer,) = kept(cast, "answers", file=one["id"])
    assert (answer["answer"], answer["in_name_of"]) == (Answer.COMPLETED, "Julie Gagnon")
    assert (answer["answered_by"], answer["answered_at"]) == (cast.accounts["technician"], TUESDAY)


def test_the_second_time_nothing_is_written(cast: Cast) -> None:
    file = filed(cast)
    listed(cast)
    given = brought(cast, TUESDAY, {"number": "2026-00001", **DONE})
    record(cast, given)
    before = stands(cast, file)
    report = record(cast, given, at=moment("Tue 2026-11-24 10:05"))
    assert (report.recorded, report.lines[0].verdict) == (0, Verdict.KNOWN)
    assert stands(cast, file) == before


def test_two_at_the_desk_who_take_it_in_at_once_write_each_answer_once(cast: Cast) -> None:
    numbers = [f"2026-0000{n}" for n in range(1, 6)]
    for number in numbers:
        filed(cast, number)
    listed(cast)
    rows = [{"number": number, "answer": "Action à venir", "words": "Jeudi."} for number in numbers]
    given = brought(cast, TUESDAY, *rows)
    visits = [cast.visit(who, TUESDAY) for who in ("technician", "director")]
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda visit: taken_back.record(visit, given), visits))
    assert sum(report.recorded for report in reports) == 5
    for report in reports:
        assert all(line.recorded or line.verdict is Verdict.KNOWN for line in report.lines)
    with cast.house.store.reading() as tx:
        told = [entries(tx, "answers", row["id"]) for row in tx.find("answers")]
    assert [len(each) for each in told] == [1] * 5


def test_a_file_that_changed_since_the_list_is_shown_and_left_unless_it_is_asked_for(cast: Cast) -> None:
    file = filed(cast)
    listed(cast)
    moves.take(cast.visit("secretary", moment("Mon 2026-11-23 15:00")), file["id"])
    given = brought(cast, TUESDAY, {"number": "2026-00001", "answer": "Action à venir", "words": "Jeudi."})
    (line,) = check(cast, given).values()
    assert line.verdict is Verdict.STALE
    assert "Julie Gagnon — État : Prise en charge (avant : Acheminée)" in line.since[0]
    assert record(cast, given).recorded == 0 and kept(cast, "answers") == []
    moves.plan(cast.visit("secretary", TUESDAY), file["id"], day("Wed 2026-11-25"))
    assert record(cast, given, {"2026-00001": line.version}).recorded == 0  # it changed again meanwhile
    (line,) = check(cast, given).values()
    assert record(cast, given, {"2026-00001": line.version}).recorded == 1
    assert kept(cast, "answers")[0]["words"] == "Jeudi."


def test_an_answer_given_in_the_grid_meanwhile_is_not_overwritten_unseen(cast: Cast) -> None:
    filed(cast)
    listed(cast)
    first = brought(cast, TUESDAY, {"number": "2026-00001", "answer": "Action à venir", "words": "Jeudi."})
    record(cast, first)
    other = brought(cast, TUESDAY, {"number": "2026-00001", "answer": "Action à venir", "words": "Vendredi."})
    (line,) = check(cast, other).values()
    assert line.verdict is Verdict.STALE
    assert "Déjà répondu par Luc Tremblay : Action à venir — Jeudi." in line.since[-1]


def test_a_file_closed_or_moved_since_is_refused_with_what_happened(cast: Cast) -> None:
    closed, moved = filed(cast), filed(cast, "2026-00002")
    listed(cast)
    moves.cancel(cast.visit("technician", moment("Mon 2026-11-23 15:00")), closed["id"], "Retirée.")
    routing.route(
        cast.visit("technician", moment("Mon 2026-11-23 15:00")), moved["id"], cast.departments[PLANNING]
    )
    given = brought(
        cast, TUESDAY,
        {"number": "2026-00001", **DONE},
        {"number": "2026-00002", "answer": "Action à venir", "words": "Jeudi."},
    )  # fmt: skip
    seen = check(cast, given)
    assert seen["2026-00001"].verdict is Verdict.REFUSED
    assert "Annulée" in seen["2026-00001"].since[0]
    assert seen["2026-00002"].verdict is Verdict.REFUSED
    assert f"Le dossier est passé à {PLANNING} depuis la liste." in words(seen["2026-00002"])
    assert f"Service : {PLANNING} (avant : {WORKS})" in seen["2026-00002"].since[0]


def test_each_line_is_held_to_the_rules_of_the_grid(cast: Cast) -> None:
    for n in range(1, 8):
        filed(cast, f"2026-0000{n}")
    listed(cast)
    given = brought(
        cast, TUESDAY,
        {"number": "2026-00001", "answer": "Complétée", "done_on": "2026-11-20"},
        {"number": "2026-00002", "answer": "En attente"},
        {"number": "2026-00003", "answer": "Action à venir"},
        {"number": "2026-00004", "answer": "Peut-être"},
        {"number": "2026-00005", **DONE, "done_on": "20 novembre"},
        {"number": "2026-00006", **DONE, "code": "999 Autre"},
        {"number": "2026-00007", "note": "J'ai oublié la réponse."},
    )  # fmt: skip
    seen = check(cast, given)
    assert {line.verdict for line in seen.values()} == {Verdict.REFUSED}
    told = [words(seen[f"2026-0000{n}"]) for n in range(1, 8)]
    assert "annexe A, point 3" in told[0] and "annexe A, point 4" in told[0]
    for expected, said in zip(
        ("motif d'attente", "écrivez laquelle", "n'est pas un choix offert", "n'est pas une date",
         "annexe A, point 1", "Choisissez la réponse"), told[1:], strict=True,
    ):  # fmt: skip
        assert expected in said
    assert record(cast, given).recorded == 0 and kept(cast, "answers") == []


def test_formulas_dates_as_numbers_and_altered_cells_are_told(cast: Cast) -> None:
    for n in range(1, 5):
        filed(cast, f"2026-0000{n}")
    listed(cast)

    def alter(book: Any) -> None:
        page = book.worksheets[0]
        page.cell(place_of(page, "2026-00003"), 1).value = "Urbanisme"
        page.cell(place_of(page, "2026-00004"), 3).value = "Autre catégorie"
        page.cell(place_of(page, "2026-00002"), 16).number_format = "General"
        page.cell(1, page.max_column + 1).value = "Mes notes"

    given = brought(
        cast, TUESDAY,
        {"number": "2026-00001", "answer": "Action à venir", "words": "=1+1"},
        {"number": "2026-00002", **DONE, "done_on": 46351},
        {"number": "2026-00003", "answer": "Action à venir", "words": "Jeudi."},
        {"number": "2026-00004", "answer": "Action à venir", "words": "Jeudi."},
        strange=alter,
    )  # fmt: skip
    report = taken_back.check(cast.visit("technician", TUESDAY), given)
    seen = {line.number: line for line in report.lines}
    assert "contient une formule" in words(seen["2026-00001"])
    assert "n'est pas une date" in words(seen["2026-00002"])
    assert "Le service a été changé" in words(seen["2026-00003"])
    assert seen["2026-00004"].verdict is Verdict.READY
    assert "Catégorie" in seen["2026-00004"].remarks[0]
    assert report.remarks == ("Colonne « Mes notes » : laissée de côté.",)


def test_a_number_of_another_list_unknown_or_twice_is_refused_line_by_line(cast: Cast) -> None:
    filed(cast)
    filed(cast, "2026-00002")
    filed(cast, "2026-00003", PLANNING)
    listed(cast)

    def renumber(book: Any) -> None:
        page = book.worksheets[0]
        page["B2"], page["B3"] = "2026-00003", "2026-09999"
        for row in (5, 6):
            page.cell(row, 2).value, page.cell(row, 11).value = "2026-00001", "Action à venir"

    given = brought(
        cast, TUESDAY,
        {"number": "2026-00001", "answer": "Action à venir", "words": "Jeudi."},
        {"number": "2026-00002", "answer": "Action à venir", "words": "Jeudi."},
        strange=renumber,
    )  # fmt: skip
    lines = taken_back.check(cast.visit("technician", TUESDAY), given).lines
    assert ["n'était pas dans la liste" in words(line) for line in lines] == [True, True, False, False]
    assert all("deux fois" in words(line) for line in lines[2:])


def test_a_workbook_that_is_not_that_of_the_list_is_refused_whole(cast: Cast) -> None:
    filed(cast)
    listed(cast)
    visit = cast.visit("technician", TUESDAY)

    def refuses(match: str, strange: Any = None, **changes: Any) -> None:
        given = brought(cast, TUESDAY, strange=strange)
        with pytest.raises(Refused, match=match):
            taken_back.check(visit, Given(**{**given.__dict__, **changes}))

    refuses("celui d'octobre 2026", lambda book: setattr(book.worksheets[0], "title", "RNC 2026-10"))
    refuses("n'est pas celui d'une liste", lambda book: setattr(book.worksheets[0], "title", "Feuille"))
    refuses("« Numéro »", lambda book: setattr(book.worksheets[0]["B1"], "value", "No"))
    refuses("en double", lambda book: setattr(book.worksheets[0]["Z1"], "value", "Numéro"))
    refuses("au nom de qui", mail="inconnu")
    refuses("futur", received_at=moment("Wed 2026-11-25 10:00"))
    refuses("avant la liste", received_at=moment("Fri 2026-11-20 10:00"))
    refuses("genre de fichier", name="liste.exe")
    refuses("contenu n'est pas", content=b"PK\x03\x04 rien")
    refuses("classeur Excel", name="liste.csv", content="Numéro;Réponse".encode())
    refuses("pèse", content=b"x" * (4 * 1024 * 1024))


def test_little_that_unfolds_into_much_is_not_unfolded(cast: Cast) -> None:
    filed(cast)
    listed(cast)
    given = brought(cast, TUESDAY, {"number": "2026-00001", **DONE})

    def swollen(name: str, content: bytes) -> Given:
        out = BytesIO()
        with (
            zipfile.ZipFile(BytesIO(given.content)) as before,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after,
        ):
            for part in before.namelist():
                after.writestr(part, content if part == name else before.read(part))
            if name not in before.namelist():
                after.writestr(name, content)
        return Given(given.name, out.getvalue(), given.mail, TUESDAY)

    visit = cast.visit("technician", TUESDAY)
    with pytest.raises(Refused, match="démesuré"):
        taken_back.check(visit, swollen("xl/media/vide.bin", b"\0" * 25_000_000))
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa">]><worksheet/>'
    with pytest.raises(Refused, match="aucun tableur"):
        taken_back.check(visit, swollen("xl/worksheets/sheet1.xml", entities))
    with pytest.raises(Refused, match="ne se lit pas"):
        taken_back.check(visit, swollen("xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>"))


def test_what_reached_the_desk_in_time_is_taken_in_after_the_closing_hour_and_what_did_not_is_not(
    cast: Cast,
) -> None:
    filed(cast)
    listed(cast)
    tomorrow = moment("Tue 2026-12-01 09:00")
    row = {"number": "2026-00001", "answer": "Action à venir", "words": "Jeudi."}
    with pytest.raises(Refused, match="après le délai"):
        record(cast, brought(cast, moment("Mon 2026-11-30 16:30"), row), at=tomorrow)
    assert record(cast, brought(cast, moment("Mon 2026-11-30 16:29"), row), at=tomorrow).recorded == 1
    assert kept(cast, "answers")[0]["answered_at"] == moment("Mon 2026-11-30 16:29")


def test_only_the_desk_takes_a_workbook_back(cast: Cast) -> None:
    filed(cast)
    listed(cast)
    given = brought(cast, TUESDAY, {"number": "2026-00001", **DONE})
    for who in ("secretary", "general", "clerk", "council", "admin", "outsider", "experience"):
        for act in (
            lambda visit: taken_back.check(visit, given),
            lambda visit: taken_back.record(visit, given),
            taken_back.open_list,
        ):
            with pytest.raises(Refused, match="Vous ne pouvez pas reprendre"):
                act(cast.visit(who, TUESDAY))
    assert kept(cast, "answers") == []


def test_who_may_be_answered_for_is_who_received_the_last_list(cast: Cast) -> None:
    assert taken_back.open_list(cast.visit("technician", TUESDAY)) is None
    filed(cast)
    listed(cast)
    found = taken_back.open_list(cast.visit("director", TUESDAY))
    assert found is not None and str(found.month) == "2026-11"
    assert ("Julie Gagnon", "travaux@prevost.test") in [(each.name, each.address) for each in found.people]

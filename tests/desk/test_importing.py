"""Importing Montréal's calls: what fits comes in whole and once, what does not is said row by row."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest

from config.demonstration import tale
from desk.house import House
from desk.importing import Report, import_calls
from desk.montreal import COLUMNS, PRESET, read
from desk.search import search
from desk.visits import Visit
from policy.reasons import Refused
from policy.roles import System
from policy.towntime import to_town, town_day
from policy.words import Channel, Nature, State
from sync.audit import verify
from sync.history import Whence, entries
from sync.store import Row
from tests.cast import Cast, moment

NOW = moment("Mon 2026-11-23 10:00")
HEADER = ",".join(COLUMNS)
RATS = "Extermination à l'extérieur - Rats"


def row(number: str = "16-1", nature: str = "Requete", at: str = "2016-01-04T09:19:42", by: str = "Téléphone",
        street: str = "rue Clark", subject: str = RATS) -> str:  # fmt: skip
    return f"{number},{nature},{subject},{street},,,Saint-Laurent,{at},{by},ST-LAURENT"


def csv(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows, "")).encode()


def brought(house: House, content: bytes, at: datetime = NOW) -> Report:
    return import_calls(Visit(house, at, system=System.IMPORT, whence=Whence.IMPORT), content, tale())


def files(house: House) -> list[Row]:
    with house.store.reading() as tx:
        return tx.find("files", order_by=("received_at",))


def test_the_last_call_of_the_file_arrives_today_and_the_others_keep_their_distance(house: House) -> None:
    brought(house, csv(row("16-1", at="2016-01-04T09:19:42"), row("16-2", at="2016-01-14T08:30:00")))
    days = [town_day(file["received_at"]) for file in files(house)]
    assert days == [town_day(NOW) - timedelta(days=10), town_day(NOW)]
    assert all(file["received_at"] <= NOW for file in files(house))


def test_an_import_run_twice_adds_nothing_not_even_the_next_day(house: House) -> None:
    content = csv(row("16-1"), row("", "Information", street=""), row("16-3", "Commentaire"))
    assert (brought(house, content).added, len(files(house))) == (3, 3)
    again = brought(house, content, NOW + timedelta(days=1))
    assert (again.added, again.known, len(files(house))) == (0, 3, 3)


def test_two_imports_at_once_add_each_call_once(house: House) -> None:
    content = csv(*(row(f"16-{rank}") for rank in range(1, 6)))
    with ThreadPoolExecutor(2) as both:
        reports = list(both.map(lambda _: brought(house, content), range(2)))
    assert sorted(report.added for report in reports) == [0, 5] and len(files(house)) == 5


def test_a_longer_file_adds_only_what_is_new(house: House) -> None:
    brought(house, csv(row("16-1")))
    report = brought(house, csv(row("16-1"), row("16-2", at="2016-01-05T10:00:00")))
    assert (report.added, report.known) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (row("16-9", "Plainte"), "plainte"),
        (row("16-9", "Pétition"), "« Pétition »"),
        (row("", "Requete"), "identifiant"),
        (row(at="hier"), "« hier »"),
        (row(at="2016-02-30T10:00:00"), "ne se lit pas"),
        (row(at="2027-01-04T09:00:00"), "avenir"),
        (row(by="Pigeon"), "« Pigeon »"),
        (row(street="x" * 100_000), "100000 caractères"),
        (row(street="rue \x07 Clark"), "illisible"),
        (row(subject=""), "ACTI_NOM"),
        (row() + ",trop", "11 colonnes au lieu de 10"),
        ("16-9,Requete", "2 colonnes au lieu de 10"),
    ],
)
def test_a_row_that_does_not_fit_is_left_aside_and_its_line_and_reason_are_said(wrong: str, why: str) -> None:
    calls, asides = read(csv(row("16-1"), wrong, row("16-2")), to_town(NOW).replace(tzinfo=None))
    assert [call.source for call in calls] == [f"{PRESET}:16-1", f"{PRESET}:16-2"]
    assert [aside.line for aside in asides] == [3]
    assert why in str(asides[0])


def test_a_row_wrong_in_several_ways_has_all_its_reasons() -> None:
    _, asides = read(csv(row("", "Requete", "hier", "Pigeon")), to_town(NOW).replace(tzinfo=None))
    assert asides[0].why.count(" ; ") == 2


def test_a_repeated_row_is_left_aside_and_a_number_borne_by_another_call_too() -> None:
    content = csv(row("16-1"), row("16-1"), row("16-1", street="rue Ouimet"))
    calls, asides = read(content, to_town(NOW).replace(tzinfo=None))
    assert len(calls) == 1
    assert [aside.line for aside in asides] == [3, 4]
    assert "répète la ligne 2" in asides[0].why
    assert "dit autre chose" in asides[1].why


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "vide"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"PK\x03\x04\x14\x00\xff", "UTF-8"),
        (b"a;b;c\n1;2;3\n", "il manque : ID_UNIQUE"),
        (f"{HEADER},ID_UNIQUE\n".encode(), "deux fois la colonne ID_UNIQUE"),
        (csv(row("16-1"), '16-2,Requete,"jamais ferm\u00e9'), "ligne 3"),
        (csv(row("16-1"), '16-2,"Req"uete,x'), "ligne 3"),
    ],
)
def test_a_broken_file_is_refused_as_a_whole_and_nothing_of_it_comes_in(
    house: House, content: bytes, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        brought(house, content)
    assert files(house) == []


def test_an_empty_file_with_its_header_is_no_mistake(house: House) -> None:
    assert brought(house, csv()) == Report(0, 0, 0, ())


def test_an_import_that_fails_at_the_end_leaves_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("desk.importing.words.index_many", broken)
    with pytest.raises(OSError, match="disk full"):
        brought(house, csv(row("16-1"), row("16-2")))
    assert files(house) == []
    with house.store.reading() as tx:
        assert tx.find("citizens") == []


def test_natures_and_channels_are_kept(house: House) -> None:
    brought(
        house,
        csv(
            row("16-1", by="Personne"),
            row("", "Information", by="Courriel"),
            row("16-3", "Commentaire", by="Mobile"),
        ),
    )
    found = Counter((file["nature"], file["channel"]) for file in files(house))
    assert found == {
        (Nature.REQUEST, Channel.IN_PERSON): 1,
        (Nature.INFORMATION, Channel.EMAIL): 1,
        (Nature.COMMENT, Channel.WEB_FORM): 1,
    }


def test_information_and_comments_were_settled_at_first_contact(house: House) -> None:
    brought(house, csv(row("", "Information"), row("16-3", "Commentaire")))
    for file in files(house):
        assert (file["state"], file["first_contact"], file["open"]) == (State.DONE, True, False)
        assert file["done_on"] == town_day(file["received_at"])
        assert file["note"]
        assert file["target_on"] is None


def test_numbers_follow_the_order_of_arrival_in_the_year_of_reception(house: House) -> None:
    calls = [row(f"16-{day}", at=f"2016-01-{day:02d}T09:00:00", by="Courriel") for day in range(28, 0, -1)]
    brought(house, csv(*calls, row("15-1", at="2014-12-30T10:00:00")))
    assert [file["number"] for file in files(house)] == [
        "2025-00001",
        *(f"2026-{n:05d}" for n in range(1, 29)),
    ]


def test_what_the_import_wrote_can_be_searched_and_its_history_holds(cast: Cast) -> None:
    brought(cast.house, csv(*(row(f"16-{n}", street=f"rue Numéro{n}") for n in range(1, 13))))
    hits = search(cast.visit("technician", NOW), "numero7")
    assert [hit.place.split()[-1] for hit in hits] == ["Numéro7"]
    with cast.house.store.reading() as tx:
        assert verify(tx) == []


def test_a_recent_file_tells_its_life_gesture_by_gesture_by_the_people_of_the_town(cast: Cast) -> None:
    brought(cast.house, csv(*(row(f"16-{n}", at=f"2016-01-{n:02d}T09:00:00") for n in range(1, 29))))
    with cast.house.store.reading() as tx:
        told = [entries(tx, "files", file["id"]) for file in tx.find("files")]
    acts = Counter(entry.act for history in told for entry in history)
    assert acts["inscrire la demande"] == 28
    assert acts["acheminer le dossier"] >= 25
    assert acts["fermer le dossier"] >= 5
    assert all([entry.at for entry in history] == sorted(entry.at for entry in history) for history in told)
    assert {entry.whence for history in told for entry in history} == {Whence.IMPORT}
    assert "Luc Tremblay" in {entry.name for history in told for entry in history}


def test_a_time_that_does_not_exist_after_the_move_is_taken_an_hour_later(house: House) -> None:
    spring = moment("Mon 2026-03-09 10:00")  # the clocks went forward on Sunday the 8th at 2:00
    content = csv(row("16-1", at="2016-01-03T02:30:00", by="Courriel"), row("16-2", at="2016-01-04T09:00:00"))
    brought(house, content, spring)
    assert to_town(files(house)[0]["received_at"]).isoformat() == "2026-03-08T03:30:00-04:00"

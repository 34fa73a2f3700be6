"""``python -m sync adopt``: a table that the town had before us becomes ours, and nobody is written to."""

import io
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from policy.words import Priority, State
from sync import __main__ as sync_command
from sync import pace
from sync.status import status
from sync.store import Row
from tests.cast import Cast, moment
from tests.desk.demands import opened
from tests.desk.filing import NINE
from tests.desk.filing import kept as rows_kept
from tests.remotes.served import AT_ONCE, SERVICES, Served, served
from tests.remotes.served import kept as kept

TITLE = "Demandes 2025"
COLUMNS = {
    "No": "singleLineText",
    "Adresse": "singleLineText",
    "Date": "date",
    "Statut": "singleSelect",
    "Catégorie": "singleLineText",
    "Photo": "singleLineText",
}
ROWS: tuple[dict[str, Any], ...] = (
    {"No": "2026-00041", "Adresse": "12, rue du Lac", "Date": date(2026, 10, 5), "Statut": "En cours",
     "Catégorie": "Nid-de-poule", "Photo": "a.jpg"},
    {"No": "T-7", "Adresse": "rue de la Station", "Date": date(2026, 10, 6), "Statut": "Fait",
     "Catégorie": "Éclairage de rue"},
    {"No": "T-8", "Adresse": "rue de la Gare", "Date": date(2026, 10, 7), "Statut": "Ouvert",
     "Catégorie": "Nid-de-poule"},
)  # fmt: skip


@dataclass
class Desk:
    """A machine of the town, whoever keeps it at the keyboard, and the tables that the town has."""

    cast: Cast
    there: Served
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    said: str = ""
    complained: str = ""

    def sync(self, *arguments: str, typed: str = "") -> int:
        """Run a command, ``typed`` being what is at the keyboard; its exit code."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        code = sync_command.main(list(arguments))
        self.said, self.complained = self.capsys.readouterr()
        assert not any(secret in self.said + self.complained for secret in self.there.secrets)
        return code

    def files(self) -> dict[str, Row]:
        """Our files by what the street says."""
        return {row["street"]: row for row in rows_kept(self.cast, "files")}

    def settled(self) -> dict[str, int]:
        """The set up goes to its end and both sides say the same; what the last exchange did."""
        assert self.sync("setup") == 0, self.complained
        for _ in range(3):
            assert self.sync("run", "--once", "--json") == 0, self.complained
        told: dict[str, int] = json.loads(self.said)
        return told


@pytest.fixture(params=SERVICES)
def desk(
    request: pytest.FixtureRequest,
    cast: Cast,
    store_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Desk]:
    """A machine whose settings name a service, where the town has tables of its own and we have none."""
    for name in [name for name in os.environ if name.startswith("GUICHET_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    for service in ("AIRTABLE", "SHEETS"):
        monkeypatch.setattr(pace, service, AT_ONCE)
    with served(request.param, tmp_path) as there:
        surroundings = {
            "GUICHET_DATABASE_URL": store_url,
            "GUICHET_DATA_DIR": str(tmp_path),
            "GUICHET_MAIL_DIR": str(tmp_path / "courriels"),
            "GUICHET_MAIL_FROM": "Ville de Prévost <guichet@prevost.test>",
        }
        for name, value in {**surroundings, **there.settings}.items():
            monkeypatch.setenv(name, value)
        yield Desk(cast, there, capsys, monkeypatch)


def test_the_tables_of_the_town_are_told_with_their_columns(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    assert desk.sync("adopt") == 0
    assert f"« {TITLE} » : No, Adresse, Date, Statut, Catégorie, Photo" in desk.said
    assert desk.there.server.calls.writes == 0


def test_a_table_becomes_ours_with_its_numbers_and_no_mail_leaves(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    before = desk.there.server.rows(TITLE)
    assert desk.sync("adopt", TITLE, "--yes") == 0, desk.complained + desk.said
    assert "3 lignes lues, 3 reprises" in desk.said and "Fait = Complétée" in desk.said
    found = desk.files()
    lake, station, gare = (found[row["Adresse"]] for row in ROWS)
    assert (lake["number"], lake["source_id"], lake["state"]) == ("2026-00041", None, State.TAKEN)
    assert (station["number"], station["source_id"], station["state"]) == ("2026-00042", "T-7", State.DONE)
    assert (gare["number"], gare["source_id"], gare["state"]) == ("2026-00043", "T-8", State.ROUTED)
    assert lake["received_at"] == moment("Mon 2026-10-05 00:00")
    assert station["closed_at"] == moment("Tue 2026-10-06 00:00")
    assert lake["category"] == desk.cast.categories["Nid-de-poule"] and lake["department"] is not None
    assert rows_kept(desk.cast, "mails") == rows_kept(desk.cast, "tasks") == []
    assert rows_kept(desk.cast, "notices") == [] and not any(row["acknowledged_at"] for row in found.values())
    last = desk.settled()
    assert {name: count for name, count in last.items() if count} == {"calls": 1}
    after = desk.there.server.rows(TITLE)
    for was, now, file in zip(before, after, (lake, station, gare), strict=True):
        assert {header: now[header] for header in was} == was, "what the town had typed is as it was"
        assert (now["ID"], now["Numéro"]) == (file["id"], file["number"])
    assert len(desk.files()) == 3 and rows_kept(desk.cast, "mails") == []
    assert opened(desk.cast, at=NINE).number == "2026-00044"


def test_once_adopted_both_sides_work_on_it(desk: Desk) -> None:
    keys = desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    assert desk.sync("adopt", TITLE, "--yes") == 0
    desk.settled()
    desk.there.server.edit(TITLE, keys[0], {"Adresse": "14, rue du Lac", "Statut": "Fait"})
    assert desk.sync("run", "--once") == 0
    file = desk.files()["14, rue du Lac"]
    assert file["state"] is State.TAKEN, "the town's own column is read no more"
    desk.there.server.edit(TITLE, keys[0], {"Priorité": "Haute"})
    assert desk.sync("run", "--once") == 0
    assert desk.files()["14, rue du Lac"]["priority"] is Priority.HIGH


def test_a_second_adoption_changes_nothing(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    assert desk.sync("adopt", TITLE, "--yes") == 0
    files = desk.files()
    writes = desk.there.server.calls.writes
    assert desk.sync("adopt", TITLE, "--yes") == 0
    assert "0 ligne lue, 0 reprise," in desk.said
    assert desk.files() == files and desk.there.server.calls.writes == writes
    desk.settled()
    files, there = desk.files(), desk.there.server.rows(TITLE)
    assert desk.sync("adopt", TITLE, "--yes") == 0
    assert desk.files() == files and desk.there.server.rows(TITLE) == there


def test_a_row_that_does_not_fit_is_told_with_its_column_and_stays_until_it_is_put_right(desk: Desk) -> None:
    odd = {"No": "T-9", "Adresse": "rue des Érables", "Statut": "Bizarre", "Catégorie": "Nid-de-poule"}
    keys = desk.there.made_by_the_town(
        TITLE, COLUMNS, ROWS[0], {**odd, "Date": date(2026, 10, 8)}, {**odd, "No": "T-10"}
    )
    assert desk.sync("adopt", TITLE, "--yes") == 1
    assert "Bizarre = ?" in desk.said and "Mots sans sens connu : 1" in desk.said
    assert "  T-9, « Statut » : le sens de « Bizarre » n'est pas dit." in desk.said
    assert "1 reprise," in desk.said and "2 laissées telles quelles" in desk.said
    assert len(desk.files()) == 1
    desk.settled()
    row = next(row for row in desk.there.server.rows(TITLE) if row["No"] == "T-9")
    assert "N'est pas reprise" in row["Synchronisation"] and row["Statut"] == "Bizarre"
    desk.there.server.edit(TITLE, keys[1], {"Statut": "Fait" if desk.there.name == "sheets" else "En cours"})
    assert desk.sync("run", "--once") == 0
    assert desk.sync("adopt", TITLE, "--yes") == 1
    assert "  T-10" in desk.said and "T-9" not in desk.said.split("laissée")[1]
    assert {row["source_id"] for row in desk.files().values()} == {None, "T-9"}


def test_nothing_is_done_when_nobody_agrees(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    before = desk.there.server.rows(TITLE)
    for typed in ("", "non\n"):
        assert desk.sync("adopt", TITLE, typed=typed) == 1
        assert "Rien n'a été fait." in desk.complained
    assert desk.files() == {} and desk.there.server.rows(TITLE) == before
    assert desk.there.server.calls.writes == 0


def test_a_person_changes_the_proposal_at_the_keyboard(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    typed = "Photo = Secteur\nAdresse\nStatut : Ouvert = En attente\nCatégorie =\nLieu = Secteur\n\n"
    assert desk.sync("adopt", TITLE, typed=typed) == 0
    assert "Il manque un « = »." in desk.complained and "« Lieu » n'est pas une colonne" in desk.complained
    file = desk.files()["rue de la Gare"]
    assert (file["category"], file["state"]) == (None, State.NEW), "nobody has it yet: the desk routes it"
    assert desk.files()["12, rue du Lac"]["sector"] == "a.jpg"


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_person_gives_the_mapping_as_a_file(desk: Desk, form: str, tmp_path: Path) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    columns = {"No": "Numéro", "Adresse": "Rue ou lieu", "Date": "Reçue le", "Statut": "État"}
    words = {"Fait": "Annulée"}
    toml = "\n".join(
        ["[colonnes]", *(f'"{a}" = "{b}"' for a, b in columns.items()), "[mots.Statut]", 'Fait = "Annulée"']
    )
    path = tmp_path / f"plan.{form}"
    path.write_text(
        toml if form == "toml" else json.dumps({"colonnes": columns, "mots": {"Statut": words}}),
        encoding="utf-8",
    )
    assert desk.sync("adopt", TITLE, "--map", str(path), "--yes") == 0, desk.complained
    assert desk.files()["rue de la Station"]["state"] is State.CANCELLED
    assert {row["category"] for row in desk.files().values()} == {None}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("pas du toml", "ni du TOML"),
        ('[colonnes]\n"Nom" = "Numéro"', "« Nom » n'est pas une colonne"),
        ('[colonnes]\n"No" = "Âge"', "« Âge » n'est pas un champ"),
        ('[mots.Statut]\nFait = "Peint"', "« Peint » ne se dit pas là"),
        ("[autre]", "il n'y a que"),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused_in_words(
    desk: Desk, text: str, words: str, tmp_path: Path
) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    path = tmp_path / "plan.toml"
    path.write_text(text, encoding="utf-8")
    assert desk.sync("adopt", TITLE, "--map", str(path), "--yes") == 1
    assert words in desk.complained
    assert desk.files() == {} and desk.there.server.calls.writes == 0


def test_a_demand_closed_too_long_ago_stays_in_the_table_as_it_is(desk: Desk) -> None:
    old = {"No": "T-1", "Adresse": "rue Ancienne", "Date": date(2019, 4, 3), "Statut": "Fait"}
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS, old)
    assert desk.sync("adopt", TITLE, "--yes") == 1
    assert "T-1 : elle est fermée depuis plus longtemps" in desk.said
    desk.settled()
    row = next(row for row in desk.there.server.rows(TITLE) if row["No"] == "T-1")
    assert row["Adresse"] == "rue Ancienne" and len(desk.there.server.rows(TITLE)) == 4
    assert "rue Ancienne" not in desk.files()


def test_departments_of_the_same_name_are_those_we_have(desk: Desk) -> None:
    desk.there.made_by_the_town(
        "Nos services", {"Nom": "singleLineText", "Courriel": "singleLineText", "Chef": "singleLineText"},
        {"Nom": "travaux publics", "Courriel": "tp@prevost.test", "Chef": "Réal"}, {"Nom": "Cirque"},
    )  # fmt: skip
    before = {row["id"] for row in rows_kept(desk.cast, "departments")}
    assert desk.sync("adopt", "Nos services", "--table", "Services", "--yes") == 1
    assert "1 reconnue," in desk.said and "Cirque" in desk.said
    assert {row["id"] for row in rows_kept(desk.cast, "departments")} == before
    assert desk.sync("setup") == 0 and desk.sync("run", "--once") == 0, desk.complained
    ids = [row["ID"] for row in desk.there.server.rows("Nos services") if row["Nom"] != "Cirque"]
    assert len(ids) == len(set(ids)) == len(before)
    with pytest.raises((AssertionError, LookupError)):
        desk.there.server.rows("Services")


def test_what_identifies_a_citizen_is_read_and_gets_no_column_there(desk: Desk) -> None:
    """R-83: the town typed it there itself; until the assessment is dated we put nothing there beside it."""
    columns = {**COLUMNS, "Description": "multilineText"}
    desk.there.made_by_the_town(TITLE, columns, {**ROWS[0], "Description": "Un trou devant chez moi."})
    assert desk.sync("adopt", TITLE, "--yes") == 0
    assert "= Exposé des faits : lue une fois" in desk.said
    desk.settled()
    (file,) = desk.files().values()
    assert file["facts"] == "Un trou devant chez moi."
    (row,) = desk.there.server.rows(TITLE)
    assert row["Description"] == "Un trou devant chez moi." and "Exposé des faits" not in row


def test_members_of_council_are_added_and_dates_read_however_they_are_written(desk: Desk) -> None:
    columns = {"Nom": "singleLineText", "Courriel": "singleLineText", "Depuis le": "singleLineText"}
    desk.there.made_by_the_town(
        "Élus", columns,
        {"Nom": "Léa Côté", "Courriel": "lea@prevost.test", "Depuis le": "2025-11-02"},
        {"Nom": "Hélène Fortin", "Courriel": "helene@prevost.test", "Depuis le": "25/12/2021"},
        {"Nom": "Max Roy", "Courriel": "pas une adresse", "Depuis le": "2025-11-02"},
        {"Nom": "Zoé Roy", "Courriel": "zoe@prevost.test", "Depuis le": "03/04/2025"},
    )  # fmt: skip
    assert desk.sync("adopt", "Élus", "--table", "Conseil", "--yes") == 1
    assert "1 reprise, 1 reconnue, 2 laissées telles quelles" in desk.said
    assert "Max Roy, « Courriel » : « pas une adresse »" in desk.said
    assert "Zoé Roy, « Depuis le » : « 03/04/2025 » devrait être une date" in desk.said
    members = {row["name"]: row for row in rows_kept(desk.cast, "council")}
    assert members["Léa Côté"]["starts_on"] == date(2025, 11, 2)
    assert "Max Roy" not in members and "Zoé Roy" not in members


def test_a_column_of_theirs_that_bears_a_name_of_ours_is_never_written(desk: Desk) -> None:
    columns = {**COLUMNS, "Service": "singleLineText", "ID": "singleLineText"}
    desk.there.made_by_the_town(
        TITLE, columns, *({**row, "Service": "Le garage", "ID": row["No"]} for row in ROWS)
    )
    assert desk.sync("adopt", TITLE, typed="Service =\n\n") == 0, desk.complained
    desk.settled()
    for row in desk.there.server.rows(TITLE):
        assert (row["Service"], row["ID"]) == ("Le garage", row["No"])
        assert row["ID (Guichet)"] in {file["id"] for file in desk.files().values()}
    assert "Service (Guichet)" in desk.there.server.rows(TITLE)[0]


def test_a_table_is_adopted_before_setup_not_after(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    assert desk.sync("setup") == 0
    assert desk.sync("adopt", TITLE, "--yes") == 1
    assert "avant « python -m sync setup »" in desk.complained
    assert desk.sync("adopt", "Dossiers", "--yes") == 1
    assert desk.sync("adopt", "Rien de tel", "--yes") == 1
    assert f"Il y a là : « {TITLE} »" in desk.complained
    assert desk.sync("adopt", TITLE, "--table", "Citoyens", "--yes") == 1
    assert desk.files() == {}


def test_between_an_adoption_and_setup_nothing_is_exchanged_and_status_says_why(desk: Desk) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    assert desk.sync("adopt", TITLE, "--yes") == 0
    calls = desk.there.server.calls.total
    assert desk.sync("run", "--once") == 2 and "la mise en place n'est pas finie" in desk.complained
    assert desk.there.server.calls.total == calls
    assert desk.sync("status") == 0
    assert "En pause : la mise en place n'est pas finie" in desk.said
    desk.settled()
    with desk.cast.house.store.reading() as tx:
        found = status(tx, desk.there.name, NINE)
    assert found is not None and (found.paused_at, found.frozen_tables, found.proposed) == (None, (), 0)


@pytest.mark.parametrize(
    "nth", [3, 9, *(pytest.param(nth, marks=pytest.mark.long) for nth in (1, 2, 4, 5, 6, 7, 8, 10, 11))]
)
def test_an_adoption_cut_short_is_done_again_to_the_same_end(desk: Desk, nth: int) -> None:
    desk.there.made_by_the_town(TITLE, COLUMNS, *ROWS)
    left = nth

    def cut() -> None:
        nonlocal left
        left -= 1
        if left > 0:
            desk.there.server.before_next_write(cut)
        elif left == 0:
            desk.there.break_next("503")

    desk.there.server.before_next_write(cut)
    while desk.sync("adopt", TITLE, "--yes") == 1:
        assert "Airtable" in desk.complained or "Google" in desk.complained
    left = 0
    desk.settled()
    assert {row["number"] for row in desk.files().values()} == {"2026-00041", "2026-00042", "2026-00043"}
    assert len(desk.there.server.rows(TITLE)) == 3

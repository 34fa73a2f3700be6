"""The settings of the private base: another base, another token, a key, or the process does not start."""

import json
from pathlib import Path

import pytest

from config.settings import load
from tests.config.test_remotes import ACCOUNT, AIRTABLE, BASE, SHEET, TOKEN, given, refused, sheets
from tests.config.test_remotes import nothing_set as nothing_set

KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OTHER_BASE, OTHER_TOKEN = "appZyXwVuTsRqPoNm", "patDautre12345678.fedcba9876543210"
PRIVATE = {
    "PRIVATE_KEYS": KEY,
    "PRIVATE_REMOTE": "airtable",
    "PRIVATE_AIRTABLE_TOKEN": OTHER_TOKEN,
    "PRIVATE_AIRTABLE_BASE": OTHER_BASE,
}


def test_by_default_complaints_have_no_base() -> None:
    assert load().private_remote == "none"


def test_a_base_of_its_own_beside_the_table_or_without_one(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PRIVATE)
    assert load().private_airtable_base == OTHER_BASE
    given(monkeypatch, AIRTABLE)
    assert (load().airtable_base, load().private_airtable_base) == (BASE, OTHER_BASE)
    assert OTHER_TOKEN not in repr(load())


@pytest.mark.parametrize("same", [BASE, f"https://airtable.com/{BASE}/tblAAAAAAAAAAAAAA/viwAAAAAAAAAAAAAA"])
def test_the_base_of_the_table_is_refused_however_it_is_written(
    same: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, {**AIRTABLE, **PRIVATE, "PRIVATE_AIRTABLE_BASE": same})
    assert "GUICHET_PRIVATE_AIRTABLE_BASE : c'est celle de la table du directeur" in refused()


def test_the_token_of_the_table_is_refused_and_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, {**AIRTABLE, **PRIVATE, "PRIVATE_AIRTABLE_TOKEN": TOKEN})
    said = refused()
    assert "GUICHET_PRIVATE_AIRTABLE_TOKEN : c'est celui de la table du directeur" in said
    assert TOKEN not in said


def test_the_spreadsheet_and_the_account_of_the_table_are_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    table = sheets(tmp_path)
    copied = tmp_path / "copie.json"
    copied.write_text(json.dumps(ACCOUNT))
    apart = {"PRIVATE_KEYS": KEY, "PRIVATE_REMOTE": "sheets", "PRIVATE_SHEETS_CREDENTIALS": str(copied)}
    address = f"https://docs.google.com/spreadsheets/d/{SHEET}/edit"
    given(monkeypatch, {**table, **apart, "PRIVATE_SHEETS_ID": address})
    said = refused()
    assert "GUICHET_PRIVATE_SHEETS_ID : c'est celle" in said
    assert "GUICHET_PRIVATE_SHEETS_CREDENTIALS : c'est celui" in said


def test_without_a_private_key_or_with_half_of_it_nothing_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, {"PRIVATE_REMOTE": "airtable", "PRIVATE_AIRTABLE_BASE": OTHER_BASE})
    said = refused()
    assert "GUICHET_PRIVATE_AIRTABLE_TOKEN : il faut le jeton" in said
    assert "GUICHET_PRIVATE_REMOTE : il faut d'abord une clé privée" in said

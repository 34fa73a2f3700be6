"""The settings of the remote: what each town must give, what a slip of the pen answers, no secret shown."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.remotes import Remote
from config.settings import PREFIX, Settings, WrongSettings, load

TOKEN = "patCachette1234567.0123456789abcdef"
BASE = "appAbCdEfGhIjKlMn"
SHEET = "1aB-cD_eFgHiJkLmNoPqRsTuVwXyZ0123456789abcdE"
AIRTABLE = {"REMOTE": "airtable", "AIRTABLE_TOKEN": TOKEN, "AIRTABLE_BASE": BASE}
ACCOUNT = {
    "type": "service_account",
    "client_email": "guichet@ville.iam.gserviceaccount.com",
    "private_key": "-----BEGIN PRIVATE KEY-----\ncachette\n-----END PRIVATE KEY-----\n",
    "token_uri": "https://oauth2.googleapis.com/token",
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)


def refused() -> str:
    with pytest.raises(WrongSettings) as wrong:
        load()
    return "\n".join(wrong.value.problems)


def sheets(folder: Path, **changed: object) -> dict[str, str]:
    path = folder / "compte.json"
    path.write_text(json.dumps({**ACCOUNT, **changed}))
    return {"REMOTE": "sheets", "SHEETS_CREDENTIALS": str(path), "SHEETS_ID": SHEET}


def test_a_town_works_alone_until_it_chooses() -> None:
    chosen = load()
    assert (chosen.remote, chosen.airtable_token, chosen.sheets_id) == (Remote.NONE, None, None)
    assert chosen.airtable_endpoint == "https://api.airtable.com"


def test_airtable_is_chosen_with_its_token_and_its_base(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, AIRTABLE)
    chosen = load()
    assert (chosen.remote, chosen.airtable_base) == (Remote.AIRTABLE, BASE)
    assert chosen.airtable_token is not None
    assert chosen.airtable_token.get_secret_value() == TOKEN
    for name in ("AIRTABLE_TOKEN", "AIRTABLE_BASE"):
        with monkeypatch.context() as without:
            without.delenv(f"{PREFIX}{name}")
            assert refused().startswith(f"{PREFIX}{name} : il faut l")


def test_sheets_is_chosen_with_its_account_and_its_spreadsheet(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, sheets(tmp_path))
    chosen = load()
    assert (chosen.remote, chosen.sheets_id) == (Remote.SHEETS, SHEET)
    assert chosen.sheets_credentials == tmp_path / "compte.json"
    for name in ("SHEETS_CREDENTIALS", "SHEETS_ID"):
        with monkeypatch.context() as without:
            without.delenv(f"{PREFIX}{name}")
            assert refused().startswith(f"{PREFIX}{name} : il faut l")


def test_what_is_prepared_for_the_other_service_is_left_for_the_day_it_is_chosen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, {"SHEETS_CREDENTIALS": "pas-encore-la.json", "AIRTABLE_BASE": BASE})
    assert load().remote is Remote.NONE
    given(monkeypatch, AIRTABLE)
    assert load().remote is Remote.AIRTABLE


@pytest.mark.parametrize(
    ("name", "pasted", "found"),
    [
        ("SHEETS_ID", f"https://docs.google.com/spreadsheets/d/{SHEET}/edit?gid=0#gid=0", SHEET),
        ("SHEETS_ID", f"https://docs.google.com/spreadsheets/u/1/d/{SHEET}", SHEET),
        ("SHEETS_ID", f"https://docs.google.com/a/ville.qc.ca/spreadsheets/d/{SHEET}/edit", SHEET),
        ("AIRTABLE_BASE", f"https://airtable.com/{BASE}/tblAbCdEfGhIjKlMn/viw1?blocks=hide", BASE),
    ],
)
def test_an_address_copied_from_the_browser_stands_for_the_id_it_bears(
    monkeypatch: pytest.MonkeyPatch, name: str, pasted: str, found: str
) -> None:
    given(monkeypatch, {name: pasted})
    assert getattr(load(), name.lower()) == found


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("REMOTE", "excel"),
        ("AIRTABLE_BASE", "tblAbCdEfGhIjKlMn"),
        ("AIRTABLE_BASE", "patAbCdEfGhIjKlMn.0123456789abcdef"),
        ("AIRTABLE_BASE", f"https://exemple.ca/{BASE}"),
        ("AIRTABLE_ENDPOINT", "http://api.airtable.com"),
        ("AIRTABLE_ENDPOINT", "https://moi@api.airtable.com"),
        ("AIRTABLE_ENDPOINT", "api.airtable.com"),
        ("SHEETS_ENDPOINT", "http://127.0.0.1:99999"),
        ("SHEETS_ENDPOINT", "https://relais.ville.qc.ca/?a=1"),
        ("SHEETS_ID", "1aB cD"),
        ("SHEETS_ID", "https://docs.google.com/spreadsheets/d/e/2PACX-0123456789abcdefghij/pubhtml"),
        ("SHEETS_ID", f"https://exemple.ca/spreadsheets/d/{SHEET}/edit"),
    ],
)
def test_a_slip_of_the_pen_is_refused_in_french(
    monkeypatch: pytest.MonkeyPatch, name: str, wrong: str
) -> None:
    given(monkeypatch, {name: wrong})
    said = refused()
    assert said.startswith(f"{PREFIX}{name} : ") and " ne convient pas ; il faut " in said
    assert name == "REMOTE" or wrong not in said  # a token is easily pasted beside its own setting


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_only_this_machine_is_spoken_to_in_the_clear(monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    given(monkeypatch, {"AIRTABLE_ENDPOINT": f"http://{host}:8080/", "SHEETS_ENDPOINT": f"http://{host}:81"})
    assert load().airtable_endpoint == f"http://{host}:8080"
    assert load().sheets_endpoint == f"http://{host}:81"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"type": "authorized_user"}, "n'est pas le fichier d'un compte de service"),
        ({"private_key": ""}, "il y manque private_key"),
        ({"token_uri": None}, "il y manque token_uri"),
        ({"token_uri": "http://oauth2.googleapis.com/token"}, "« token_uri » qui ne convient pas"),
    ],
)
def test_a_file_of_another_sort_than_a_service_account_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, changed: Mapping[str, object], said: str
) -> None:
    given(monkeypatch, sheets(tmp_path, **changed))
    told = refused()
    assert told.startswith(f"{PREFIX}SHEETS_CREDENTIALS : ") and said in told
    assert "cachette" not in told


@pytest.mark.parametrize(
    ("held", "said"), [(None, "il n'existe pas"), ("{", "n'est pas du JSON"), ("[]", "compte de service")]
)
def test_a_file_that_does_not_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, held: str | None, said: str
) -> None:
    path = tmp_path / "compte.json"
    if held is not None:
        path.write_text(held)
    given(monkeypatch, {"REMOTE": "sheets", "SHEETS_CREDENTIALS": str(path), "SHEETS_ID": SHEET})
    assert said in refused()


def test_the_token_is_never_shown_and_may_be_in_a_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "jeton").write_text(f"{TOKEN}\n")
    given(monkeypatch, {**AIRTABLE, "AIRTABLE_TOKEN": "", "AIRTABLE_TOKEN_FILE": str(tmp_path / "jeton")})
    chosen: Settings = load()
    assert chosen.airtable_token is not None
    assert chosen.airtable_token.get_secret_value() == TOKEN
    assert TOKEN not in repr(chosen) + str(chosen)
    (tmp_path / "jeton").write_text("patCachette sur deux\nlignes")
    told = refused()
    assert told.startswith(f"{PREFIX}AIRTABLE_TOKEN : cette valeur ne convient pas")
    assert "Cachette" not in told

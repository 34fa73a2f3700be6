"""Settings: the environment before the file, all problems at once, no secret ever shown."""

import base64
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from config import keyfile, settings
from config.settings import PREFIX, Security, Settings, WrongSettings, load

EXAMPLE = Path(settings.__file__).parent / "guichet.example.toml"
KEY = "0123456789abcdef0123456789abcdef"
SHORT = base64.b64encode(KEY.encode()).decode()  # a private key: 32 bytes


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"{PREFIX}{name}", value)


def problems() -> list[str]:
    with pytest.raises(WrongSettings) as wrong:
        load()
    return wrong.value.problems


def test_without_any_setting_the_house_listens_to_this_machine_only(tmp_path: Path) -> None:
    chosen = load()
    assert (chosen.host, chosen.port, chosen.base_url) == ("127.0.0.1", 8501, "http://localhost:8501")
    assert chosen.data_dir == tmp_path / "data"
    assert chosen.database_url == f"sqlite:///{tmp_path / 'data' / 'guichet.db'}"
    assert chosen.mail_folder == tmp_path / "data" / "courriels"
    assert not chosen.demo


def test_the_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, PORT="9000")
    assert load().base_url == "http://localhost:9000"


def test_the_environment_beats_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "guichet.toml").write_text('port = 9001\nmail_from = "a@b.ca"\n')
    given(monkeypatch, PORT="9002")
    assert (load().port, load().mail_from) == (9002, "a@b.ca")


def test_the_file_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "ville.toml").write_text("demo = true\n")
    given(monkeypatch, CONFIG=str(tmp_path / "ville.toml"))
    assert load().demo


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, SMTP_HOST="", PORT="")
    assert (load().smtp_host, load().port) == (None, 8501)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_mail_port_follows_the_security(
    monkeypatch: pytest.MonkeyPatch, security: str, port: int
) -> None:
    given(monkeypatch, SMTP_HOST="relais", SMTP_SECURITY=security, MAIL_FROM="desk@ville.qc.ca")
    assert (load().smtp_security, load().smtp_port) == (Security(security), port)
    assert load().mail_folder is None


def test_every_wrong_setting_is_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {
        "PORT": "soixante",
        "BASE_URL": "guichet",
        "DATABASE_URL": "mysql://u:p@h/x",
        "SMTP_SECURITY": "ssl",
        "SMTP_PORT": "70000",
        "MAIL_FROM": "personne",
        "TRUSTED_PROXY": "ici",
        "DEMO": "peut-être",
        "SEAL_KEY": "courte",
        "SMTP_HOTS": "smtp",
        "BACKUP_HOUR": "2",
        "BACKUP_DAILY": "0",
    }
    given(monkeypatch, **wrong)
    said = problems()
    assert {line.split(" : ")[0] for line in said} == {f"{PREFIX}{name}" for name in wrong}


@pytest.mark.parametrize(
    ("values", "blamed"),
    [
        ({"SMTP_HOST": "smtp"}, "MAIL_FROM"),
        ({"SMTP_USER": "u", "SMTP_PASSWORD": "p"}, "SMTP_HOST"),
        ({"SMTP_HOST": "smtp", "MAIL_FROM": "a@b.ca", "SMTP_USER": "u"}, "SMTP_PASSWORD"),
        ({"SMTP_HOST": "smtp", "MAIL_FROM": "a@b.ca", "SMTP_PASSWORD": "p"}, "SMTP_USER"),
        (
            {
                "SMTP_HOST": "smtp",
                "MAIL_FROM": "a@b.ca",
                "SMTP_USER": "u",
                "SMTP_PASSWORD": "p",
                "SMTP_SECURITY": "none",
            },
            "SMTP_SECURITY",
        ),
    ],
)
def test_settings_that_are_wrong_together_are_refused(
    monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str], blamed: str
) -> None:
    given(monkeypatch, **values)
    assert [line.split(" : ")[0] for line in problems()] == [f"{PREFIX}{blamed}"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://guichet:99999"),
        ("BASE_URL", "http://guichet:port"),
        ("DATABASE_URL", "postgresql://u:secret@h:port/x"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
    ],
)
def test_an_address_that_nothing_could_open_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    given(monkeypatch, **{name: value})
    (said,) = problems()
    assert said.startswith(f"{PREFIX}{name} : ") and "secret" not in said


@pytest.mark.parametrize("place", ["", "/notes.txt/guichet.db"])
def test_a_database_where_no_file_can_be_is_refused_and_what_is_there_left_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, place: str
) -> None:
    (tmp_path / "notes.txt").write_text("rien")
    before = tmp_path.stat().st_mode
    given(monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path}{place}")
    (said,) = problems()
    assert said.startswith(f"{PREFIX}DATABASE_URL : ")
    assert tmp_path.stat().st_mode == before


def test_a_relay_on_this_machine_may_take_a_password_in_the_clear(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        SMTP_HOST="localhost",
        MAIL_FROM="a@b.ca",
        SMTP_USER="u",
        SMTP_PASSWORD="p",
        SMTP_SECURITY="none",
    )
    assert load().smtp_host == "localhost"


@pytest.mark.parametrize("name", ["SMTP_PASSWORD", "SEAL_KEY", "DATABASE_URL"])
def test_a_secret_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    secret = "postgresql://u:p@h/x" if name == "DATABASE_URL" else KEY
    (tmp_path / "secret").write_text(f"{secret}\n")
    given(monkeypatch, SMTP_HOST="smtp", MAIL_FROM="a@b.ca")
    if name == "SMTP_PASSWORD":
        given(monkeypatch, SMTP_USER="u")
    given(monkeypatch, **{f"{name}_FILE": str(tmp_path / "secret")})
    value = getattr(load(), name.lower())
    assert (value if isinstance(value, str) else value.get_secret_value()) == secret


def test_the_private_keys_are_those_of_the_file_beside_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert load().keyring is None
    path = keyfile.default_file(tmp_path / "data")
    assert path == tmp_path / "data-cles" / "privees.key"
    key = keyfile.make(path)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert load().keyring == key
    other = base64.b64encode(b"o" * 32).decode()
    given(monkeypatch, PRIVATE_KEYS=f"{other}\n# celle d'avant\n{key}")
    assert load().keyring == f"{other}\n# celle d'avant\n{key}"
    assert key not in repr(load())
    with pytest.raises(FileExistsError):
        keyfile.make(path)


@pytest.mark.parametrize("text", ["x" * 44, "YWJj", f"{SHORT}\n{SHORT}", "# rien", f"{SHORT} {SHORT}"])
def test_private_keys_that_do_not_read_are_refused_without_being_shown(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    given(monkeypatch, PRIVATE_KEYS=text)
    (said,) = problems()
    assert said.startswith("GUICHET_PRIVATE_KEYS : cette valeur ne convient pas ; il faut une clé par ligne")
    assert text not in said


@pytest.mark.parametrize("name", ["SEAL_KEY", "PRIVATE_KEYS"])
def test_a_key_is_not_kept_in_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "data" / "x").mkdir(parents=True)
    (tmp_path / "data" / "x" / "cle").write_text(SHORT)
    (tmp_path / "ailleurs").symlink_to(tmp_path / "data" / "x")
    given(monkeypatch, **{f"{name}_FILE": str(tmp_path / "ailleurs" / "cle")})
    (said,) = problems()
    assert said.startswith(f"GUICHET_{name}_FILE") and "sauvegarde" in said
    given(monkeypatch, DATA_DIR=str(tmp_path / "autre"))
    assert load().data_dir == tmp_path / "autre"


def test_a_secret_given_twice_or_in_a_file_that_is_not_there_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given(monkeypatch, SEAL_KEY=KEY, SEAL_KEY_FILE="nulle-part")
    said = problems()
    assert any("pas les deux" in line for line in said)
    assert any("il n'existe pas" in line for line in said)


def test_no_secret_is_ever_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, DATABASE_URL="postgresql://u:cachette@h/x", SMTP_PASSWORD="cachette", SMTP_USER="u")
    given(monkeypatch, SMTP_HOST="smtp", MAIL_FROM="a@b.ca", SEAL_KEY="cachette" * 4)
    chosen = load()
    assert "cachette" not in repr(chosen) + str(chosen)
    given(monkeypatch, DATABASE_URL="mysql://u:cachette@h/x", SEAL_KEY="cachette")
    assert "cachette" not in "\n".join(problems())


def test_a_file_that_does_not_read_or_holds_an_unknown_name_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "guichet.toml").write_text("port = = 3")
    assert "TOML" in problems()[0]
    (tmp_path / "guichet.toml").write_text("prot = 8501")
    assert problems() == ["prot (dans guichet.toml) : ce réglage n'existe pas."]
    given(monkeypatch, CONFIG="absent.toml")
    assert "il n'existe pas" in problems()[0]


def test_a_folder_in_which_nothing_can_be_written_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "fichier").write_text("je ne suis pas un dossier")
    given(monkeypatch, DATA_DIR=str(tmp_path / "fichier" / "data"), MAIL_DIR=str(tmp_path / "fichier"))
    assert [line.split(" : ")[0] for line in problems()] == ["GUICHET_DATA_DIR", "GUICHET_MAIL_DIR"]


def test_the_example_holds_every_setting_and_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    documented = set(re.findall(rf"{PREFIX}([A-Z_]+)", text))
    secrets = {f"{name}_file".upper() for name in settings.FROM_A_FILE}
    assert documented == {name.upper() for name in Settings.model_fields} | secrets | {"CONFIG"}
    live = tomllib.loads(text)
    given(monkeypatch, CONFIG=str(EXAMPLE))
    bare = load()
    assert {name: str(getattr(bare, name)) for name in live if name not in ("data_dir", "demo")} == {
        name: str(value) for name, value in live.items() if name not in ("data_dir", "demo")
    }


def test_the_example_uncommented_names_only_settings_that_exist() -> None:
    names = re.findall(r"^(?:# )?([a-z_]+) = ", EXAMPLE.read_text(encoding="utf-8"), re.MULTILINE)
    known = set(Settings.model_fields) | {f"{name}_file" for name in settings.FROM_A_FILE}
    assert set(names) <= known


@pytest.mark.parametrize("way_in", ["door", "jobs", "desk", "sync"])
def test_every_way_in_refuses_wrong_settings_with_code_2_and_no_traceback(
    way_in: str, tmp_path: Path
) -> None:
    asked = {"desk": ["setup", "--preset", "prevost"], "sync": ["verify"], "jobs": [], "door": []}
    root = Path(settings.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-m", way_in, *asked[way_in]],
        cwd=root,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(PREFIX)},
            "GUICHET_PORT": "huit",
            "GUICHET_DEMO": "peut-être",
            "GUICHET_DATA_DIR": str(tmp_path / "data"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert "GUICHET_PORT" in done.stderr
    assert "GUICHET_DEMO" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_of_letters_that_is_not_there_is_refused_and_one_that_is_there_is_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given(monkeypatch, LETTERS_DIR=str(tmp_path / "absent"))
    assert problems() == [f"GUICHET_LETTERS_DIR : {tmp_path / 'absent'} n'est pas un dossier qui se lit."]
    (tmp_path / "absent").mkdir()
    assert load().letters_dir == tmp_path / "absent"


ENTRA = {
    "OIDC_ISSUER": "https://login.microsoftonline.com/11111111-2222/v2.0",
    "OIDC_CLIENT_ID": "application",
    "OIDC_CLIENT_SECRET": "un secret de l'application",
    "OIDC_TENANT": "11111111-2222",
    "OIDC_NAME": "Microsoft",
}


def test_the_provider_of_a_town_is_all_of_its_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().oidc_issuer is None
    given(monkeypatch, **ENTRA)
    assert load().oidc_issuer == ENTRA["OIDC_ISSUER"]
    assert "secret de l'application" not in repr(load())
    for name in ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME"):
        with monkeypatch.context() as without:
            without.delenv(f"{PREFIX}{name}")
            assert f"{PREFIX}{name} : il manque" in problems()[0]


def test_the_secret_of_the_provider_may_be_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(monkeypatch, **ENTRA)
    monkeypatch.delenv("GUICHET_OIDC_CLIENT_SECRET")
    (tmp_path / "secret").write_text("du fichier\n")
    given(monkeypatch, OIDC_CLIENT_SECRET_FILE=str(tmp_path / "secret"))
    secret = load().oidc_client_secret
    assert secret is not None
    assert secret.get_secret_value() == "du fichier"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"OIDC_TENANT": ""}, "OIDC_TENANT : il faut le locataire"),
        ({"OIDC_TENANT": "autre"}, "OIDC_ISSUER : il faut l'émetteur du locataire"),
        (
            {"OIDC_ISSUER": "https://login.microsoftonline.com/common/v2.0"},
            "OIDC_ISSUER : il faut l'émetteur",
        ),
        ({"OIDC_ISSUER": "https://accounts.google.com", "OIDC_TENANT": ""}, "le domaine Workspace"),
        ({"OIDC_ISSUER": "http://fournisseur.ville.qc.ca"}, "OIDC_ISSUER : « http://fournisseur"),
        ({"OIDC_ISSUER": "fournisseur"}, "OIDC_ISSUER : « fournisseur »"),
        ({"OIDC_ISSUER": "https://a.ca/?x=1"}, "OIDC_ISSUER : «"),
        ({"OIDC_NAME": "x" * 41}, "OIDC_NAME : «"),
        ({"IDLE": "4"}, "IDLE : « 4 » ne convient pas ; il faut un nombre de minutes"),
        ({"IDLE_PRIVATE": "721"}, "IDLE_PRIVATE : « 721 »"),
    ],
)
def test_a_wrong_setting_of_who_may_enter_is_said_in_french(
    monkeypatch: pytest.MonkeyPatch, wrong: Mapping[str, str], said: str
) -> None:
    given(monkeypatch, **{**ENTRA, **wrong})
    assert said in "\n".join(problems())


@pytest.mark.parametrize("folder", ["data/copies", "data-cles/copies", "data"])
def test_copies_are_kept_neither_with_the_data_nor_beside_the_keys(
    monkeypatch: pytest.MonkeyPatch, folder: str
) -> None:
    given(monkeypatch, BACKUP_DIR=folder)
    (said,) = problems()
    assert said.startswith(f"{PREFIX}BACKUP_DIR : ")
    given(monkeypatch, BACKUP_DIR="copies")
    assert load().backup_dir == Path("copies").resolve()

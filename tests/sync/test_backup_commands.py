"""``python -m sync backup``, ``restore`` and ``confirm`` as whoever keeps the machine uses them."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from config.settings import PREFIX
from desk import __main__ as desk_command
from jobs import __main__ as jobs_command
from sync import __main__ as sync_command
from sync.link_tables import REMOTES
from sync.schema import HISTORY
from sync.states import MailState, TaskKind
from sync.store import Store
from tests.desk.test_commands import private_file
from tests.sync.rows import DESK, file
from tests.sync.test_restore import mail, remote

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(autouse=True)
def town(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A town in place in this folder, and a folder for its backups."""
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    Path("copies").mkdir()
    assert desk_command.main(["setup", "--preset", "prevost"]) == 0
    monkeypatch.setattr("sys.stdin", open(os.devnull))  # noqa: SIM115, PTH123


def sync(*arguments: str) -> int:
    return sync_command.main(list(arguments))


def store() -> Store:
    return Store.open(f"sqlite:///{Path('data', 'guichet.db').resolve()}")


def test_a_town_is_kept_replaced_and_goes_on_once_a_person_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with store().writing() as tx:
        tx.insert("files", file(1), DESK)
        tx.insert("mails", mail("rnc"), DESK)
        remote(tx)
    assert sync("backup", "copies/copie.zip") == 0
    assert "copies/copie.zip : écrit, 1 dossier," in capsys.readouterr().out
    with store().writing() as tx:
        tx.insert("files", file(2), DESK)
    assert sync("restore", "copies/copie.zip", "--replace", "--past", "2026-00041") == 0
    said = capsys.readouterr().out
    assert "Copie de Ville de Prévost du " in said
    assert "2026 après 41" in said and "1 courriel(s) en attente" in said and "Airtable" in said
    (kept,) = Path("copies").glob("copie-remplace-*.zip")
    assert str(kept) in said
    assert sync("restore", str(kept), "--check") == 0
    assert "2 dossiers" in capsys.readouterr().out
    assert sync("verify") == 0
    assert jobs_command.main(["tick"]) == 1
    assert "personne ne l'a confirmé" in capsys.readouterr().err
    assert sync("confirm", "--without-mails") == 0
    assert "ne partiront pas d'eux-mêmes : 1" in capsys.readouterr().out
    assert jobs_command.main(["tick"]) == 0
    assert sync("confirm") == 0
    assert "Rien n'attendait" in capsys.readouterr().out
    with store().reading() as tx:
        assert [row["number"] for row in tx.find("files")] == ["2026-00001"]
        assert (tx.first("mails") or {})["state"] is MailState.REFUSED
        assert tx.find("tasks", kind=TaskKind.RESTORED, done_at=None) == []
        assert tx.scalar(sa.select(REMOTES.c.restored_at)) is None
    assert list(Path("data").glob("reprise-*")) == []


def test_a_folder_gets_a_backup_named_after_its_moment() -> None:
    assert sync("backup", "copies") == 0
    (made,) = Path("copies").iterdir()
    assert made.name.startswith("guichet-20") and made.suffix == ".zip"


def test_nobody_who_is_not_asked_replaces_a_town(capsys: pytest.CaptureFixture[str]) -> None:
    assert sync("backup", "copies/copie.zip") == 0
    assert sync("restore", "copies/copie.zip") == 1
    assert "n'est pas vide : rien n'a été repris" in capsys.readouterr().err
    assert [path.name for path in Path("copies").iterdir()] == ["copie.zip"]


def test_whoever_is_asked_and_says_yes_replaces_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("backup", "copies/copie.zip") == 0
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for answer, code in (("non", 1), ("", 1), (" Oui", 0)):
        monkeypatch.setattr("builtins.input", lambda words, said=answer: said)
        assert sync("restore", "copies/copie.zip") == code
    assert "devront se reconnecter" in capsys.readouterr().out


def test_a_restore_without_the_key_of_the_private_files_fails_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("backup", "copies/vide.zip") == 0
    private_file(Path.cwd())
    assert sync("backup", "copies/copie.zip") == 0
    assert "ne s'ouvriront qu'avec la clé" in capsys.readouterr().out
    Path("data-cles", "privees.key").unlink()
    assert sync("backup", "copies/sans-cle.zip") == 0, "what is sealed is copied as it lies"
    monkeypatch.setenv("GUICHET_DATA_DIR", "neuf")
    assert sync("restore", "copies/copie.zip") == 1
    said = capsys.readouterr().err
    assert "papier" in said and "qui n'est pas parmi" in said
    with Store.open(f"sqlite:///{Path('neuf', 'guichet.db').resolve()}").reading() as tx:
        assert tx.find("complaints") == []
    assert sync("restore", "copies/vide.zip") == 0, "one without private files needs no key"


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("backup", "data/copie.zip"), "dans le dossier des données"),
        (("backup", "data-cles/copie.zip"), "dans le dossier des clés"),
        (("backup", "absent/copie.zip"), "ce dossier n'existe pas"),
        (("restore", "absent.zip"), "n'existe pas"),
        (("restore", "absent.zip", "--past", "hier"), "« hier » n'est pas un numéro"),
    ],
)
def test_what_cannot_be_is_refused_in_french(
    command: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync(*command) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("table", ["history", "closings"])
def test_a_base_that_reads_no_more_is_said_and_left_alone(
    table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sync("backup", "copies/copie.zip") == 0
    path = Path("data", "guichet.db")
    for journal in Path("data").glob("guichet.db-*"):
        journal.unlink()
    with closing(sqlite3.connect(path)) as there:
        find = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = there.execute(find, (table,)).fetchone()
    content = bytearray(path.read_bytes())
    content[4096 * (page - 1) : 4096 * page] = b"\xff" * 4096
    path.write_bytes(content)
    assert sync("restore", "copies/copie.zip", "--replace") == 2
    assert "La base en place ne se lit plus" in capsys.readouterr().err
    assert path.read_bytes() == content


def test_a_copy_is_verified_as_the_store_is_and_says_what_and_where(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GUICHET_SEAL_KEY", KEY)
    with store().writing() as tx:
        made = tx.insert("files", file(1), DESK)
    assert sync("backup", "copies/saine.zip") == 0
    assert sync("verify", "copies/saine.zip") == 0 and "Son historique tient." in capsys.readouterr().out
    with store().writing() as tx:
        changed = sa.update(HISTORY).where(HISTORY.c.record == made["id"]).values(name="Quelqu'un d'autre")
        tx.connection.execute(changed)
    assert sync("backup", "copies/alteree.zip") == 0
    assert sync("verify", "copies/alteree.zip") == sync("verify") == 1
    said = capsys.readouterr().err
    assert said.count(f"Dossiers, {made['id']} : l'inscription no 1") == 2
    assert sync("verify", "copies/nulle-part.zip") == 1
    assert "n'existe pas" in capsys.readouterr().err

"""Starting: ``python -m door`` and what ``streamlit run`` shows instead."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from streamlit.testing.v1 import AppTest

from door import app, navigation, reception
from sync.store import Store
from tests.door.serving import websocket
from tests.keys import KEYS
from tests.sync.rows import DESK, NOW

ROOT = Path(app.SCRIPT).parent


def test_wrong_settings_are_said_all_at_once_and_nothing_starts(tmp_path: Path) -> None:
    done = _door(tmp_path, GUICHET_PORT="port", GUICHET_BASE_URL="guichet", GUICHET_SMTP_SECURITY="peut-être")
    assert done.returncode == 2
    for name in ("GUICHET_PORT", "GUICHET_BASE_URL", "GUICHET_SMTP_SECURITY"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_with_a_path_is_refused_in_plain_words(tmp_path: Path) -> None:
    done = _door(tmp_path, GUICHET_BASE_URL="https://ville.test/guichet", GUICHET_PORT=str(_free_port()))
    assert done.returncode == 2
    assert "GUICHET_BASE_URL" in done.stderr
    assert "sans chemin" in done.stderr


def test_a_town_whose_private_key_is_gone_does_not_open_and_says_which_it_was(tmp_path: Path) -> None:
    data = tmp_path / "donnees"
    store = Store.open(f"sqlite:///{data / 'guichet.db'}", KEYS)
    store.migrate()
    with store.writing() as tx:
        incident = {"found_on": NOW.date(), "what": "SENTINELLE", "information": "SENTINELLE"}
        tx.insert("incidents", incident, DESK)
    store.close()
    done = _door(tmp_path, GUICHET_PORT=str(_free_port()))
    assert done.returncode == 2
    assert f"scellés avec la clé {KEYS.newest}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "SENTINELLE" not in done.stderr


def test_a_port_already_taken_is_said_in_plain_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = _door(tmp_path, GUICHET_PORT=str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "déjà pris" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_door_serves_and_prints_its_address_and_the_code_of_the_first_account(tmp_path: Path) -> None:
    port = _free_port()
    command = [sys.executable, "-m", "door"]
    with _running(command, _settings(tmp_path, GUICHET_PORT=str(port))) as process:
        lines = _read_until(process, "code à usage unique")
        assert f"http://localhost:{port}" in lines
        _answers(f"http://localhost:{port}/sante")
        page = httpx.get(f"http://localhost:{port}/connexion").text
        assert "Mettre la ville en place" in page
        assert lines.partition("code à usage unique est ")[2].split()[0] not in page


def test_streamlit_run_shows_how_to_start_and_no_data_at_any_address(tmp_path: Path) -> None:
    port = _free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(app.SCRIPT), f"--server.port={port}"]
    with _running(command, _settings(tmp_path)):
        _answers(f"http://127.0.0.1:{port}/_stcore/health")
        for address in ("file", "dossier", "nouvelle-demande", ""):
            with websocket(f"http://127.0.0.1:{port}", {}, None) as tab:
                told = b"".join(message.SerializeToString() for message in tab.run(address))
                assert b"Traceback" not in told
                assert b"make demo" in told or b"markdown" not in told
        assert b"make demo" in told
    assert not (tmp_path / "donnees").exists()


def test_without_the_door_the_script_says_only_how_to_start() -> None:
    assert reception.house() is None
    shown = AppTest.from_file(str(app.SCRIPT), default_timeout=30).run()
    assert [title.value for title in shown.title] == ["Guichet"]
    assert "make demo" in shown.code[0].value
    assert not shown.exception
    assert len(shown.main) == 4


def test_without_the_door_nobody_can_be_here() -> None:
    with pytest.raises(RuntimeError, match="python -m door"):
        reception.here()


def test_a_page_file_run_by_its_path_shows_nothing() -> None:
    for screen in navigation.screens():
        path = ROOT / Path(*screen.module.split(".")).with_suffix(".py")
        shown = AppTest.from_file(str(path), default_timeout=30).run()
        assert not shown.exception, screen.module
        assert len(shown.main) == 0, screen.module


def _settings(folder: Path, **given: str) -> dict[str, str]:
    """The environment of a process whose only settings are these."""
    around = {name: value for name, value in os.environ.items() if not name.startswith("GUICHET_")}
    return around | {"GUICHET_DATA_DIR": str(folder / "donnees"), "PYTHONPATH": str(ROOT)} | given


def _door(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "door"],
        cwd=folder,
        env=_settings(folder, **given),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    watch = threading.Timer(90, process.kill)  # a server that hangs fails the test instead of holding it
    watch.start()
    try:
        yield process
    finally:
        watch.cancel()
        process.terminate()
        process.communicate(timeout=30)


def _read_until(process: subprocess.Popen[str], words: str) -> str:
    """What the process said, as far as the line with these words."""
    assert process.stdout is not None
    said = ""
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(said)


def _answers(url: str) -> None:
    with httpx.Client(transport=httpx.HTTPTransport(retries=9)) as client:
        assert client.get(url).status_code == 200


def _free_port() -> int:
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return int(place.getsockname()[1])

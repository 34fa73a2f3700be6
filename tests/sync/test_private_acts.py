"""``python -m sync setup``, ``check``, ``run``, ``status`` with ``--private``: what they say and do."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sync import __main__ as sync_command
from tests.cast import Cast
from tests.desk.test_private_base import SECRET, assess, complained
from tests.keys import KEYS
from tests.remotes.served import Served, served
from tests.remotes.served import kept as kept
from tests.sync.commanded import Desk
from tests.sync.commanded import surroundings as surroundings


@pytest.fixture
def desk(
    cast: Cast,
    surroundings: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Desk]:
    """A machine whose settings name a private base, where nothing is prepared yet."""
    with served("airtable", tmp_path) as there:
        for name, value in there.settings.items():
            monkeypatch.setenv(name.replace("GUICHET_", "GUICHET_PRIVATE_"), value)
        monkeypatch.setenv("GUICHET_PRIVATE_KEYS", base64.b64encode(KEYS.masters[0]).decode())
        yield Desk(cast, there, capsys)


def rows(there: Served) -> list[dict[str, Any]]:
    return there.server.rows("Plaintes")


def test_the_base_is_prepared_filled_and_told_without_a_count(desk: Desk) -> None:
    number = complained(desk.cast)
    assert desk.sync("setup", "--private") == 1
    assert "private_base_assessment" in desk.complained and desk.there.server.calls.total == 0
    assess(desk.cast)
    assert desk.sync("status", "--private") == 1 and "setup --private" in desk.complained
    assert desk.sync("run", "--once", "--private") == 1 and "setup --private" in desk.complained
    assert desk.sync("setup", "sheets", "--private") == 1
    assert desk.sync("setup", "--private") == 0 and "« Plaintes »" in desk.said
    assert desk.sync("check", "--private") == 0
    assert desk.sync("run", "--private") == 1
    assert desk.sync("run", "--once", "--private") == 0
    assert [row["Numéro"] for row in rows(desk.there)] == [number]
    assert number not in desk.said and SECRET not in desk.said
    assert desk.sync("status", "--private", "--json") == 0
    assert set(json.loads(desk.said)) == {"agreed_at", "failing_since", "error", "left"}
    assert desk.sync("status", "--private") == 0 and desk.said.startswith("La base privée : dernier échange")


def test_the_table_s_own_commands_do_not_know_of_it(desk: Desk) -> None:
    assess(desk.cast)
    assert desk.sync("setup", "--private") == 0
    assert desk.sync("status") == 1 and "GUICHET_REMOTE" in desk.complained
    desk.there.revoke()
    assert desk.sync("run", "--once", "--private") == 2
    assert SECRET not in desk.complained
    assert desk.sync("status", "--private") == 0 and "En panne depuis" in desk.said


def test_without_a_private_base_each_command_says_so(
    cast: Cast, surroundings: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for act in (["setup"], ["check"], ["run", "--once"], ["status"]):
        assert sync_command.main([*act, "--private"]) == 1
        assert "GUICHET_PRIVATE_REMOTE" in capsys.readouterr().err

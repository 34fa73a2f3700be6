"""What goes wrong with Google, told in French: was it applied, when to ask again, what a person must do."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync.outside import shapes
from sync.remote import RemoteError
from sync.sheets.remote import Sheets
from tests.remotes.sheets import Town, change, creation, sheets, speaking_to
from tests.remotes.sheets_server import ADDRESS, key_pair

SECRET = "Mme Tremblay, 12 rue Principale"


@pytest.fixture
def town() -> Iterator[Town]:
    with sheets(shapes(True)) as made:
        made.look()
        made.made("departments", "A", name=SECRET)
        yield made


def failure(town: Town) -> RemoteError:
    """What comes of a change; no message holds a cell, a token or a key."""
    with pytest.raises(RemoteError) as error:
        town.write(change("departments", "A", next(iter(town.server.marks("Services"))), name=SECRET))
    for secret in (SECRET, "ya29.", *key_pair()[0].splitlines()[1:-1]):
        assert secret not in f"{error.value!r} {error.value.__cause__!r}"
    return error.value


def test_a_refused_connection_did_nothing(town: Town) -> None:
    town.server.down()
    error = failure(town)
    assert (error.again, error.applied, error.person) == (True, False, False)
    town.server.up()
    assert town.look().tables


@pytest.mark.parametrize("kind", ["503", "500", "cut", "refuse"])
@pytest.mark.parametrize("after", [False, True])
def test_what_broke_midway_may_have_been_applied(town: Town, kind: str, after: bool) -> None:
    town.server.fail_next(kind, after_applying=after)
    error = failure(town)
    assert (error.again, error.applied, error.person) == (True, True, False)


def test_an_answer_that_does_not_come_is_not_waited_for(town: Town) -> None:
    town.remote = speaking_to(town.server, time_out=(1, 0.2))
    town.look()
    town.server.fail_next("hang", only="write")
    error = failure(town)
    assert (error.again, error.applied) == (True, True)
    assert "à temps" in error.words


def test_too_many_requests_are_asked_again_the_next_minute() -> None:
    with sheets(shapes(True), quotas=True) as town:
        for _ in range(60):
            town.look()
        with pytest.raises(RemoteError) as error:
            town.look()
        assert (error.value.again, error.value.applied, error.value.wait) == (True, False, 60)
        town.server.advance(60)
        assert town.look().tables == {}


def test_a_spreadsheet_that_is_not_shared_says_with_whom_to_share_it(town: Town) -> None:
    town.server.shared = False
    error = failure(town)
    assert (error.again, error.applied, error.person) == (False, False, True)
    assert ADDRESS in error.words
    assert "éditeur" in error.words


def test_an_api_that_is_not_enabled_is_said_to_be(town: Town) -> None:
    town.server.enabled = False
    assert "n'est pas activée" in failure(town).words


def test_a_spreadsheet_that_does_not_exist_is_said_not_to(town: Town, tmp_path: Path) -> None:
    key = town.server.credentials(tmp_path / "compte.json")
    town.remote = Sheets(key, "autre", town.server.url)
    with pytest.raises(RemoteError, match="introuvable") as error:
        town.look()
    assert error.value.person


def test_a_token_that_ended_is_renewed_and_both_requests_take_their_turn(town: Town) -> None:
    town.server.advance(3_600)
    tokens, turns = town.server.calls.tokens, town.turns.taken
    assert town.look().tables
    assert town.server.calls.tokens == tokens + 1
    assert town.turns.taken == turns + 2


def test_a_key_that_google_refuses_is_for_a_person(town: Town) -> None:
    town.server.refuses_tokens = True
    town.remote = speaking_to(town.server)
    with pytest.raises(RemoteError, match="refuse la clé") as error:
        town.look()
    assert error.value.person
    assert error.value.applied is False


def test_when_google_does_not_grant_tokens_nothing_was_done(town: Town, tmp_path: Path) -> None:
    key = town.server.credentials(tmp_path / "compte.json")
    told = json.loads(key.read_text())
    key.write_text(json.dumps({**told, "token_uri": "http://127.0.0.1:9/token"}))
    town.remote = Sheets(key, town.server.spreadsheet_id, town.server.url)
    with pytest.raises(RemoteError) as error:
        town.look()
    assert (error.value.again, error.value.applied) == (True, False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "introuvable"),
        ("pas du json", "JSON"),
        ("[]", "compte de service"),
        (json.dumps({"type": "authorized_user"}), "compte de service"),
        (json.dumps({"type": "service_account", "private_key": "secret"}), "incomplet"),
    ],
)
def test_a_file_that_is_no_service_account_is_refused_in_words(
    town: Town, tmp_path: Path, content: str | None, words: str
) -> None:
    path = tmp_path / "compte.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(RemoteError, match=words) as error:
        Sheets(path, "x", town.server.url).look(town.line, town.shapes, {})
    assert error.value.person
    assert "secret" not in repr(error.value)


def test_a_turn_that_is_refused_sends_nothing(town: Town) -> None:
    before = town.server.calls.total

    def refuse() -> None:
        raise RemoteError("plus le droit", applied=False)

    with pytest.raises(RemoteError, match="plus le droit"):
        town.remote.look(type(town.line)(refuse, town.line.reserve), town.shapes, town.memory)
    assert town.server.calls.total == before


def test_a_tab_full_of_anchors_refuses_new_rows_for_a_person(town: Town) -> None:
    sheet = town.server.book.titled("Services")
    sheet.marks.append(type(sheet.marks[0])(900_000, "autre", "x" * 29_900))
    town.server.changed()
    with pytest.raises(RemoteError) as error:
        town.write(*(creation("departments", f"D{n}", name="x") for n in range(100)))
    assert error.value.person
    assert error.value.applied is False


def test_a_tab_that_no_longer_reads_is_not_written(town: Town) -> None:
    key = next(iter(town.server.marks("Services")))
    town.server.delete_column("Services", "ID")
    town.look()
    with pytest.raises(RemoteError, match="en-têtes") as error:
        town.write(change("departments", "A", key, name="x"))
    assert error.value.applied is False

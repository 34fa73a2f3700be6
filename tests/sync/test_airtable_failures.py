"""What fails between us and Airtable: told in French, with whether it may be done, and when to ask again."""

import logging
import traceback
from collections.abc import Iterator

import pytest

from sync.outside import shapes
from sync.remote import RemoteError
from tests.remotes.airtable import Town, airtable, creation
from tests.remotes.airtable_server import PENALTY

CITIZEN = "Anne Tremblay, 450 555-0199"


@pytest.fixture
def town() -> Iterator[Town]:
    with airtable(shapes(True), timeout=(1, 0.3)) as made:
        made.look()
        made.server.calls.clear()
        yield made


def failure(town: Town) -> RemoteError:
    with pytest.raises(RemoteError) as raised:
        town.write(creation("departments", "d1", name=CITIZEN))
    return raised.value


@pytest.mark.parametrize(
    ("kind", "applied", "wait"),
    [
        ("refuse", False, 0),
        ("hang", True, 0),
        ("cut", True, 0),
        ("429", False, 31),
        ("500", True, 30),
        ("503", True, 30),
    ],
)
def test_each_failure_says_whether_it_may_be_done_and_when_to_ask_again(
    town: Town, kind: str, applied: bool, wait: float
) -> None:
    town.server.fail_next(kind)
    told = failure(town)
    assert (told.again, told.applied, told.wait, told.person) == (True, applied, wait, False)
    assert town.server.rows("Services") == []
    assert town.made("departments", "d1", name="Voirie")


def test_a_service_that_is_down_is_refused_until_it_is_up(town: Town) -> None:
    town.server.down()
    for _ in range(3):
        told = failure(town)
        assert (told.again, told.applied) == (True, False)
    town.server.up()
    assert town.look().tables == {}


def test_a_name_that_leads_nowhere_is_a_connection_never_made(town: Town) -> None:
    town.remote._calls.api.endpoint_url = type(town.remote._calls.api.endpoint_url)("http://airtable.invalid")
    told = failure(town)
    assert (told.again, told.applied) == (True, False)


def test_a_connection_dropped_without_a_word_may_have_carried_the_write(town: Town) -> None:
    town.server.after_next("writes", town.server.down)
    told = failure(town)
    assert (told.again, told.applied) == (True, True)
    assert len(town.server.rows("Services")) == 1


def test_the_months_quota_stops_everything_until_a_person_acts(town: Town) -> None:
    town.server.budget = 0
    told = failure(town)
    assert (told.again, told.applied, told.person) == (False, False, True)
    assert "forfait" in told.words


def test_a_revoked_token_asks_for_a_person(town: Town) -> None:
    town.server.token = "patAutre"
    told = failure(town)
    assert (told.again, told.person) == (False, True)
    assert "jeton" in told.words


def test_a_base_that_is_not_there_asks_for_a_person(town: Town) -> None:
    town.server.base.id = "appAutre000000000"
    with pytest.raises(RemoteError) as raised:
        town.look()
    assert (raised.value.again, raised.value.person) == (False, True)


def test_too_many_requests_in_a_second_cost_half_a_minute_of_silence(town: Town) -> None:
    town.server.tick = 0.1
    with pytest.raises(RemoteError) as raised:
        for _ in range(12):
            town.look()
    assert raised.value.wait > PENALTY.total_seconds()
    assert failure(town).wait > 30
    town.server.advance(raised.value.wait)
    assert town.look().tables == {}


def test_four_requests_a_second_never_meet_the_limit(town: Town) -> None:
    for _ in range(40):
        assert town.look().tables == {}


@pytest.mark.parametrize("kind", ["refuse", "hang", "cut", "429", "500", "503"])
def test_no_failure_tells_the_token_or_what_a_cell_holds(
    town: Town, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        town.server.fail_next(kind)
        told = failure(town)
    whole = "".join(traceback.format_exception(told)) + repr(told) + caplog.text
    assert town.server.token not in whole
    assert CITIZEN not in whole


def test_a_refusal_that_quotes_a_cell_is_not_repeated(town: Town) -> None:
    place = town.memory["tables"]["departments"]
    calls = town.remote._calls
    with pytest.raises(RemoteError) as raised:
        asked = {"records": [{"fields": {place["fields"]["circuit"]: CITIZEN}}]}
        calls.ask(town.line, "POST", calls.records(place["id"]), json=asked)
    whole = "".join(traceback.format_exception(raised.value)) + repr(raised.value) + repr(town.remote)
    assert CITIZEN not in whole
    assert town.server.token not in whole
    assert "INVALID_MULTIPLE_CHOICE_OPTIONS" in raised.value.words


def test_a_line_that_is_closed_stops_before_the_request(town: Town) -> None:
    def closed() -> None:
        raise RemoteError("Un autre poste a pris la ligne.", applied=False)

    object.__setattr__(town.turns.line, "turn", closed)
    with pytest.raises(RemoteError, match="autre poste"):
        town.look()
    assert town.server.calls.total == 0


@pytest.mark.parametrize("kind", ["refuse", "cut", "503"])
def test_a_look_that_failed_in_the_middle_is_taken_up_from_the_same_place(town: Town, kind: str) -> None:
    key = town.server.add_row("Services", {"Service": "Loisirs"})
    town.server.before_next("listings", lambda: None)
    town.server.fail_next(kind) if kind == "refuse" else town.server.fail_next(kind, only="listings")
    with pytest.raises(RemoteError):
        town.look()
    assert set(town.look().tables["departments"].rows) == {key}


@pytest.mark.parametrize(("kind", "said", "wait"), [("429", "90", 90), ("429", "5", 31), ("503", "90", 90)])
def test_the_wait_that_an_answer_asks_for_is_kept_when_it_is_longer_than_ours(
    town: Town, kind: str, said: str, wait: float
) -> None:
    town.server.retry_after = said
    town.server.fail_next(kind)
    assert failure(town).wait == wait

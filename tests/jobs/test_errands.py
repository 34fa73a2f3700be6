"""What a person asks of the clock: a mail tried, the table read, files counted anew; answered in French."""

from datetime import datetime, timedelta

import pytest

from desk import recounting, trials
from desk.exchanges import Post
from desk.trials import NO_TABLE, NOBODY, Answer
from jobs.errands import errands
from jobs.smtp import Server
from policy.reasons import Refused
from policy.words import State
from sync.airtable.remote import Airtable
from sync.pace import AIRTABLE, Pace
from sync.states import Trial
from tests.cast import Cast, day
from tests.desk.filing import BY, NINE, filed, stands
from tests.jobs.post import Tray, look
from tests.jobs.servers import PASSWORD, USER, Inbox, certificate, free_port, serving

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
A_MINUTE = timedelta(minutes=1)
SECRET = "pat-secret-qui-ne-se-montre-pas"


def asked(
    cast: Cast, kind: Trial, carrier: object = None, post: Post | None = None, at: datetime = NINE
) -> Answer:
    """What is answered to the administrator who asks for this trial; the clock complains of nothing."""
    trials.ask(cast.visit("admin", at), kind)
    assert errands(cast.house, carrier or Tray(), post, lambda: at) == ()  # type: ignore[arg-type]
    (answer,) = [each for each in trials.answers(cast.visit("admin", at)) if each.kind is kind]
    return answer


def test_the_trial_mail_goes_to_whoever_asked_through_the_carrier_of_all_others(cast: Cast) -> None:
    tray = Tray()
    answer = asked(cast, Trial.MAIL, tray)
    assert answer.went_well and not answer.waits and "ida@prevost.test" in answer.words
    assert tray.recipients == ["ida@prevost.test"]
    (letter,) = tray.letters().values()
    assert letter.subject == "Courriel d'essai du guichet" and "9 h" in letter.text


def test_a_second_click_while_it_tries_is_the_same_trial(cast: Cast) -> None:
    tray = Tray()
    admin = cast.visit("admin", NINE)
    trials.ask(admin, Trial.MAIL)
    trials.ask(admin, Trial.MAIL)
    assert trials.answers(admin)[0].waits
    assert trials.carry_out(cast.house, tray, None, lambda: NINE) == 1
    assert trials.carry_out(cast.house, tray, None, lambda: NINE) == 0
    assert len(tray.parcels) == 1


def test_a_clock_that_does_not_answer_is_said_and_the_trial_is_not_made_later(cast: Cast) -> None:
    trials.ask(cast.visit("admin", NINE), Trial.MAIL)
    later, tray = NINE + trials.PATIENCE, Tray()
    (answer,) = trials.answers(cast.visit("admin", later))
    assert answer.words == NOBODY and not answer.waits and not answer.went_well
    assert trials.carry_out(cast.house, tray, None, lambda: later + timedelta(seconds=1)) == 0
    assert tray.parcels == []


def test_a_server_that_is_not_there_and_one_that_refuses_are_told_in_french(
    cast: Cast, tmp_path: object
) -> None:
    gone = asked(cast, Trial.MAIL, Server("127.0.0.1", free_port(), "none", time_out=2))
    assert not gone.went_well and "injoignable" in gone.words
    theirs, trust = certificate(tmp_path)  # type: ignore[arg-type]
    with serving(Inbox(), theirs, login=True) as port:
        wrong = Server("127.0.0.1", port, "starttls", USER, "faux", time_out=5, trust=trust)
        refused_login = asked(cast, Trial.MAIL, wrong, at=NINE + A_MINUTE)
        strict = Server("127.0.0.1", port, "starttls", USER, PASSWORD, time_out=5)
        distrusted = asked(cast, Trial.MAIL, strict, at=NINE + 2 * A_MINUTE)
    assert "refuse l'identification" in refused_login.words and "faux" not in refused_login.words
    assert "certificat" in distrusted.words and PASSWORD not in distrusted.words


def test_a_town_without_table_is_told_so(cast: Cast) -> None:
    assert asked(cast, Trial.REMOTE).words == NO_TABLE


def test_a_table_that_does_not_answer_is_told_and_its_key_is_not(cast: Cast) -> None:
    there = Airtable(SECRET, "appABCDEFGHIJKLMN", f"http://127.0.0.1:{free_port()}", timeout=(1, 1))
    post = Post(cast.house, there, Pace(*AIRTABLE), lambda: NINE, "essai")
    before = asked(cast, Trial.REMOTE, post=post)
    assert not before.went_well and "setup" in before.words, "nothing is prepared yet"
    post.enter()
    after = asked(cast, Trial.REMOTE, post=post, at=NINE + A_MINUTE)
    assert not after.went_well and after.words and SECRET not in after.words


def test_the_base_is_read_and_weighed(cast: Cast) -> None:
    found = trials.base(cast.visit("admin", NINE))
    assert found.kind in ("SQLite", "PostgreSQL")
    assert found.megabytes > 0.1 and 0 <= found.milliseconds < 5_000


@pytest.mark.parametrize("who", ["director", "technician", "general", "outsider"])
def test_nobody_else_tries_connections(cast: Cast, who: str) -> None:
    visit = cast.visit(who, NINE)
    with pytest.raises(Refused, match="essayer les connexions"):
        trials.ask(visit, Trial.MAIL)
    for read in (trials.answers, trials.base):
        with pytest.raises(Refused, match="essayer les connexions"):
            read(visit)


def test_a_closing_changed_by_anybody_is_counted_at_the_next_look(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    assert errands(cast.house, Tray(), None, lambda: NINE) == ()
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": day("Thu 2026-11-19"), "label": "Tempête", "open": False}, BY)
    errands(cast.house, Tray(), None, lambda: NINE)
    assert stands(cast, file)["target_on"] == day("Tue 2026-12-01")


def test_one_look_of_the_clock_counts_too(cast: Cast) -> None:
    file = filed(cast, state=State.TAKEN)
    with cast.house.store.writing() as tx:
        tx.insert("closings", {"day": day("Thu 2026-11-19"), "label": "Tempête", "open": False}, BY)
    look(cast, NINE)
    assert stands(cast, file)["target_on"] == day("Tue 2026-12-01")
    with cast.house.store.reading() as tx:
        assert not recounting.is_owed(tx)

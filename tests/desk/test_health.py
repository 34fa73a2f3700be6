"""What a monitor is told of the machine, and what of a bug reaches a log."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from desk import health, traces
from desk.house import House
from policy.reasons import refused
from policy.wording import moment_words
from sync import hold, ledger, nights
from sync.history import Author, Whence
from sync.link_tables import REMOTES
from sync.schema import SQL
from sync.states import MailState, NightWork
from tests.cast import Cast, moment
from tests.desk.demands import opened
from tests.desk.filing import TEN

BY = Author("essai", "Essai", Whence.COMMAND, TEN, "reprendre")


def said(house: House, at: datetime = TEN) -> dict[str, str]:
    return {sign.subject: sign.words for sign in health.signs(house, at)}


def ill(house: House) -> set[str]:
    return {sign.subject for sign in health.signs(house, TEN) if not sign.well}


@pytest.fixture
def well(cast: Cast) -> House:
    """A town whose clock has just looked."""
    health.beat(cast.house, TEN, ())
    return cast.house


def test_a_clock_that_never_looked_is_said(cast: Cast) -> None:
    assert ill(cast.house) == {"horloge"} and "encore jamais" in said(cast.house)["horloge"]


def test_all_is_well_just_after_the_clock_looked(well: House) -> None:
    assert said(well) == {"base": "bien", "horloge": "bien", "courriels": "bien"}


def test_a_clock_that_looks_again_is_one_clock(well: House) -> None:
    health.beat(well, TEN + timedelta(minutes=1), ())
    assert ill(well) == set()


def test_a_clock_that_stopped_is_said_with_its_last_moment(well: House) -> None:
    assert said(well, TEN + timedelta(minutes=6))["horloge"] == f"arrêtée depuis le {moment_words(TEN)}"


def test_the_clock_may_sleep_while_the_hour_changes(cast: Cast) -> None:
    health.beat(cast.house, moment("Sun 2026-11-01 00:59"), ())
    assert said(cast.house, moment("Sun 2026-11-01 02:30"))["horloge"] == "bien"
    assert "arrêtée" in said(cast.house, moment("Sun 2026-11-01 04:10"))["horloge"]


def test_a_trouble_of_the_clock_is_told_without_its_words(cast: Cast) -> None:
    health.beat(cast.house, TEN, ("Le serveur refuse Anne Lavoie",))
    assert "Lavoie" not in "".join(said(cast.house).values()) and ill(cast.house) == {"horloge"}


def test_mails_that_no_longer_leave_are_said_since_when(well: House, cast: Cast) -> None:
    opened(cast)
    mails = SQL["mails"]
    with well.store.writing() as tx:
        assert tx.scalar(sa.select(sa.func.count()).select_from(mails))
        tx.connection.execute(
            sa.update(mails).values(state=MailState.RETRY, created_at=TEN - timedelta(hours=2))
        )
    assert ill(well) == {"courriels"}
    with well.store.writing() as tx:
        tx.connection.execute(sa.update(mails).values(state=MailState.SENT))
    assert ill(well) == set()


def test_mails_held_by_a_restore_are_said(well: House) -> None:
    with well.store.writing() as tx:
        hold.begin(tx, "Une copie a été reprise.", BY)
    assert ill(well) == {"courriels"} and "retenus" in said(well)["courriels"]


def test_a_table_away_for_long_is_said(well: House) -> None:
    ledger.enter(well.store, "airtable", "Airtable", TEN)
    assert said(well)["table"] == "bien"
    with well.store.writing() as tx:
        tx.connection.execute(sa.update(REMOTES).values(failing_since=TEN - timedelta(hours=3)))
    assert ill(well) == {"table"}


def test_a_night_without_a_copy_is_said_where_copies_are_made(well: House, tmp_path: Path) -> None:
    kept = replace(well, copies_folder=tmp_path)
    assert ill(kept) == {"copies"}
    with well.store.writing() as tx:
        assert nights.claim(tx, NightWork.COPY, TEN.date(), "ici", TEN, lambda name: False)
        nights.finish(tx, NightWork.COPY, TEN.date(), "ici", TEN, "relue")
    assert ill(kept) == set()


def test_a_log_says_where_a_bug_was_and_never_what_it_quoted(caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger("essai.bavard")
    traces.hush(("essai.bavard",))
    try:
        try:
            raise ValueError("Anne Lavoie, 450 555-0101")
        except ValueError as bug:
            raise KeyError("Lavoie") from bug
    except KeyError:
        logger.exception("Job raised an exception")
    assert "Lavoie" not in caplog.text and "555" not in caplog.text
    assert "KeyError" in caplog.text and "ValueError" in caplog.text and __file__ in caplog.text


def test_a_refusal_is_no_bug_for_a_log(caplog: pytest.LogCaptureFixture) -> None:
    traces.hush(("essai.bavard",))
    try:
        raise refused("Anne Lavoie n'a pas d'adresse.")
    except Exception:
        logging.getLogger("essai.bavard").exception("Job raised an exception")
    assert caplog.text == ""

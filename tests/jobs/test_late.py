"""R-24: a machine that was off, a month that is over, a town that begins, a clock that runs behind."""

from typing import Any

from desk.outbox import RemoteError
from jobs.clock import tick
from policy.words import ListKind
from sync.states import MailKind, MailState, RunOutcome, TaskKind
from tests.cast import Cast, moment
from tests.desk.filing import BY, kept
from tests.jobs.post import COUNCIL_DAY, RESPONSABLES, RNC_DAY, Tray, begun, look


def test_a_machine_that_was_off_sends_late_and_says_so_in_the_mail_and_in_the_ledger(cast: Cast) -> None:
    begun(cast)
    tray = Tray()
    look(cast, moment("Wed 2026-11-25 10:00"), tray)
    assert tray.recipients == RESPONSABLES
    letter = tray.letters("rnc")["travaux@prevost.test"]
    assert letter.subject.startswith("Envoi tardif : ")
    assert "Envoi tardif : cette liste était prévue le 23 novembre 2026." in letter.text
    assert all(row["late"] for row in kept(cast, "mails", kind=MailKind.RNC))


def test_after_the_last_working_day_the_rnc_is_skipped_and_recorded_and_council_still_receives(
    cast: Cast,
) -> None:
    begun(cast)
    tray = Tray()
    look(cast, moment("Wed 2026-12-02 10:00"), tray)
    (run,) = kept(cast, "list_runs", kind=ListKind.RNC)
    assert run["outcome"] is RunOutcome.SKIPPED and "Sautée" in run["note"]
    assert sorted(tray.letters("conseil")) == [
        "denis@prevost.test",
        "guy@prevost.test",
        "helene@prevost.test",
    ]
    assert not tray.letters("rnc") and not tray.letters("rappel") and not tray.letters("manquantes")


def test_an_rnc_drawn_up_in_time_that_could_not_leave_before_the_month_was_over_does_not_leave(
    cast: Cast,
) -> None:
    begun(cast)
    down = Tray(refuse=lambda parcel: RemoteError("en panne", again=True, everyone=True))
    look(cast, RNC_DAY, down)
    tray = Tray()
    look(cast, moment("Tue 2026-12-01 07:00"), tray)
    assert tray.parcels == []
    assert {row["state"] for row in kept(cast, "mails", kind=MailKind.RNC)} == {MailState.REFUSED}
    assert kept(cast, "tasks", kind=TaskKind.MAIL_REFUSED)


def test_nothing_due_before_the_start_of_the_town_is_ever_sent(cast: Cast) -> None:
    with cast.house.store.writing() as tx:
        row = tx.first("rules", name="start_date")
        assert row is not None
        tx.update("rules", row["id"], {"value": "2026-11-24"}, BY)
    tray = Tray()
    look(cast, moment("Tue 2026-11-24 08:05"), tray)
    assert tray.parcels == []
    look(cast, COUNCIL_DAY, tray)
    assert sorted(tray.letters()) == ["denis@prevost.test", "guy@prevost.test", "helene@prevost.test"]


def test_a_house_without_a_town_waits(bare_house: Any) -> None:
    report = tick(bare_house, Tray(), lambda: RNC_DAY, "moi", lambda name: False)
    assert report.troubles == () and report.drawn == ()


def test_a_clock_that_runs_behind_the_ledger_sends_nothing_and_says_so(cast: Cast) -> None:
    begun(cast)
    look(cast, RNC_DAY)
    tray = Tray()
    report = look(cast, moment("Fri 2026-11-20 10:00"), tray)
    assert tray.parcels == [] and "vérifiez l'horloge" in report.troubles[0]

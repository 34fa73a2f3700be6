"""The monthly lists (R-20 to R-25): when they are due, drawn up once for each, what became of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from desk import ledger, letters, postbook, registry
from desk import town as towns
from desk.dates import as_json
from desk.list_letters import Composed, compose
from desk.list_letters import Draft as Draft
from desk.postbook import Sent as Sent
from desk.visits import Visit
from policy import sending
from policy.calendar import OfficeCalendar
from policy.monthly import MonthDays, last_working_day, month_days
from policy.months import Month
from policy.reasons import Deadline, refused
from policy.roles import Deed, refuse_unless
from policy.rules import Rules, rules_on
from policy.sending import DueList, RulesIn
from policy.towntime import town_day
from policy.words import ListKind
from sync.schema import SQL
from sync.states import MailKind, MailState, RunOutcome
from sync.store import Reading, Row

MAILS = {
    ListKind.RNC: MailKind.RNC,
    ListKind.COUNCIL: MailKind.COUNCIL,
    ListKind.REMINDER: MailKind.REMINDER,
    ListKind.MISSING: MailKind.MISSING,
}
SHORT_LIVED = (MailKind.RNC, MailKind.REMINDER)  # of no use once the month is over


@dataclass(frozen=True)
class MonthDates:
    """The dates of one month, each with its reasons; ``None`` where the list is not sent."""

    month: Month
    rnc: Deadline | None
    rnc_other_reading: Deadline | None
    reminder: Deadline | None
    answers_due: Deadline | None
    council: Deadline | None
    closed: tuple[date, ...]  # weekdays closed that month
    readings_differ: bool
    no_rnc: str  # why it is not sent; empty when it is


@dataclass(frozen=True)
class Run:
    """One list of one month: drawn up, or skipped and why; with the lines of the ledger."""

    list: ListKind
    month: Month
    due_on: date
    outcome: RunOutcome
    drawn_at: datetime
    note: str
    mails: tuple[Sent, ...] = ()


def calendar(visit: Visit, first: Month | None = None, months: int = 12) -> tuple[MonthDates, ...]:
    """R-20, R-25: the days of the coming months, under the town's reading and the other one, with reasons."""
    return tuple(
        MonthDates(
            month=each.month,
            rnc=each.rnc.deadline,
            rnc_other_reading=each.rnc_other_reading.deadline,
            reminder=each.reminder,
            answers_due=each.answers_due,
            council=each.council,
            closed=tuple(skipped.day for skipped in each.closed),
            readings_differ=each.readings_differ,
            no_rnc="" if each.rnc.day else " ".join(each.rnc.steps) or each.rnc.reading,
        )
        for each in days(visit, first, months)
    )


def days(visit: Visit, first: Month | None = None, months: int = 12) -> tuple[MonthDays, ...]:
    """The same as the policy gives them; whoever is signed in, and the clock, may ask for dates."""
    with visit.reading() as counter:
        rules_in, office = _calendar(counter.tx, counter.today)
        month = first or Month.of(counter.today)
    found = []
    for _ in range(months):
        found.append(month_days(month, office, rules_in(month), rules_in(month.next)))
        month = month.next
    return tuple(found)


def preview(visit: Visit, kind: ListKind, month: Month) -> tuple[Draft, ...]:
    """The mails of a list exactly as they would leave now, one a recipient; nothing is kept.

    Empty when the list of that month is not sent, or has no recipient.
    """
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        rules_in, office = _calendar(counter.tx, counter.today)
        why = _day_of(kind, month_days(month, office, rules_in(month), rules_in(month.next)))
        if why is None:
            return ()
        due = DueList(kind, month, visit.at, why)
        return compose(visit.house, counter.tx, due, visit.at).drafts


def runs(visit: Visit, months: int = 12) -> tuple[Run, ...]:
    """What was sent to whom, newest list first, for that many months back."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SEE_LISTS)
        since = Month.of(counter.today)
        for _ in range(months):
            since = since.previous
        lists, mails = SQL["list_runs"], SQL["mails"].c
        query = (
            sa.select(lists).where(lists.c.month >= str(since)).order_by(lists.c.drawn_at.desc(), lists.c.id)
        )
        rows = counter.tx.rows(query)
        sent: dict[str, list[Sent]] = {}
        for row in counter.tx.rows(
            postbook.lines().where(mails.run.in_([row["id"] for row in rows])).order_by(mails.id)
        ):
            sent.setdefault(row["run"], []).append(postbook.sent(row))
    return tuple(_run(row, tuple(sent.get(row["id"], ()))) for row in rows)


def resend(visit: Visit, mail: str, address: str = "", why: str = "", *, sure: bool = False) -> str:
    """R-24: a list once more to one person, the same words; never by accident: ``sure``, and ``why``.

    Returns the id of the new line of the ledger. Raises ``Refused`` without both.
    """
    if not sure:
        raise refused("Confirmez que la liste doit repartir une deuxième fois à cette personne.", "R-24")
    return postbook.resend(visit, mail, address, why)


def waiting(visit: Visit) -> tuple[Sent, ...]:
    """The mails of the lists that have not left yet, or were refused."""
    return tuple(mail for run in runs(visit) for mail in run.mails if mail.state is not MailState.SENT)


def draw_due(visit: Visit) -> tuple[Run, ...]:
    """R-24: draw up, or record as skipped, every list due at the moment of the visit; for the clock.

    Each list is composed from one picture of the store, then its line and its mails are written in one
    transaction; of two processes that do so at once, the second finds the line and writes nothing. A list
    that nobody could receive is not kept: it waits, and leaves late once there is somebody.
    """
    done: dict[tuple[ListKind, Month], Run] = {}
    while due := [each for each in _due(visit) if (each.kind, each.month) not in done]:
        first = due[0]  # one at a time: what is due depends on the lists before
        composed = Composed((), first.skipped) if first.skipped else _composed(visit, first)
        keep = _waits if composed.unaddressed else _keep
        done[first.kind, first.month] = keep(visit, first, composed)
    return tuple(done.values())


def lapse(visit: Visit, is_gone: Callable[[str], bool]) -> int:
    """R-24: an RNC or a reminder that could not leave before its month was over does not leave any more.

    The desk has it among its tasks. ``is_gone`` says whether the process a claim names is surely dead.
    """
    with visit.house.store.reading() as tx:
        unsent = tx.rows(_unsent_of(SHORT_LIVED))
        if not unsent:
            return 0
        _, office = _calendar(tx, town_day(visit.at))
    lapsed = 0
    stale = [row for row in unsent if _is_over(row, office, visit.at)]
    for row in stale:
        with visit.house.store.writing() as tx:
            mail = tx.lock("mails", row["id"])
            if mail is None or mail["state"] in (MailState.SENT, MailState.REFUSED):
                continue
            claimed = mail["state"] is MailState.CLAIMED
            if claimed and mail["claimed_until"] > visit.at and not is_gone(mail["claimed_by"]):
                continue  # on its way at this very moment
            words = "non envoyé, le dernier jour ouvré du mois étant passé (R-24)."
            ledger.refuse(tx, mail, words, ledger.by_the_clock(visit.at, "abandonner"))
            lapsed += 1
    return lapsed


def latest_moment(tx: Reading) -> datetime | None:
    """The latest moment the ledger knows of: the clock must not run behind it (architecture 9)."""
    mails, runs = SQL["mails"].c, SQL["list_runs"].c
    found = [
        tx.scalar(sa.select(mails.created_at).order_by(mails.id.desc()).limit(1)),
        tx.scalar(sa.select(sa.func.max(mails.sent_at))),
        tx.scalar(sa.select(sa.func.max(runs.drawn_at))),
    ]
    return max((moment for moment in found if moment is not None), default=None)


def years_without_closings(visit: Visit, years: Iterable[int]) -> tuple[int, ...]:
    """R-70: the years for which no day of closing is written down yet; their dates cannot be trusted."""
    with visit.reading() as counter:
        known = {day.year for day in towns.closings(counter.tx)}
    return tuple(sorted(set(years) - known))


def _due(visit: Visit) -> tuple[DueList, ...]:
    with visit.house.store.reading() as tx:
        if not tx.find("rules", name="start_date"):
            return ()  # no town yet
        rules_in, office = _calendar(tx, town_day(visit.at))
        start = towns.rules_in_force(tx, town_day(visit.at)).start_date
        done = [
            sending.Run(
                row["kind"], Month.parse(row["month"]), row["drawn_at"], row["outcome"] is RunOutcome.SKIPPED
            )
            for row in tx.find("list_runs")
        ]
    return sending.lists_due(visit.at, start, office, rules_in, done)


def _composed(visit: Visit, due: DueList) -> Composed:
    with visit.house.store.reading() as tx:
        return compose(visit.house, tx, due, visit.at)


def _keep(visit: Visit, due: DueList, composed: Composed) -> Run:
    """The line of the list and its mails, recipients and bytes frozen, in one transaction."""
    by = ledger.by_the_clock(visit.at, "dresser la liste")
    with visit.house.store.reading() as tx:
        rules = towns.rules_in_force(tx, town_day(visit.at))
    bodies = {id(draft.letter): draft.letter for draft in composed.drafts}  # council reads one letter
    encoded = {each: letters.encoded(letter) for each, letter in bodies.items()}
    mails = [_mail(visit, rules, due, draft, encoded[id(draft.letter)]) for draft in composed.drafts]
    line = {
        "kind": due.kind,
        "month": str(due.month),
        "due_on": due.due_on,
        "outcome": RunOutcome.SKIPPED if due.skipped else RunOutcome.DRAWN,
        "drawn_at": visit.at,
        "why": as_json(due.why),
        "note": composed.note[:1_000],
    }
    with visit.house.store.writing() as tx:
        run = tx.insert_once("list_runs", line, by)
        if run is not None:
            for mail in mails:
                ledger.post(tx, {**mail, "run": run["id"]}, by)
            for department in composed.orphans:
                registry.report_orphan(tx, department, by)
    return _run(run or line)


def _waits(visit: Visit, due: DueList, composed: Composed) -> Run:
    """R-24 « never forgotten »: a list without anybody to receive it, said and not kept."""
    return Run(due.kind, due.month, due.due_on, RunOutcome.SKIPPED, visit.at, composed.note)


def _mail(visit: Visit, rules: Rules, due: DueList, draft: Draft, body: bytes) -> dict[str, Any]:
    kind = MAILS[due.kind]
    key = f"{kind.name.lower()}:{due.month}:{draft.to.address.casefold()}"
    return ledger.frozen(
        visit.house, rules, draft.letter, draft.to, kind, key, visit.at, late=due.late, body=body
    )


def _calendar(tx: Reading, today: date) -> tuple[RulesIn, OfficeCalendar]:
    """The rules a month is under, and the days and hours of the town as known today."""
    rows = tx.find("rules", order_by=("name", "valid_from"))
    office = OfficeCalendar(towns.closings(tx), rules_on(rows, today).opening_hours)
    return lambda month: rules_on(rows, month.first), office


def _day_of(kind: ListKind, days: MonthDays) -> Deadline | None:
    match kind:
        case ListKind.RNC:
            return days.rnc.deadline
        case ListKind.REMINDER:
            return days.reminder
        case ListKind.MISSING:
            return days.answers_due if days.rnc.day else None
        case ListKind.COUNCIL:
            return days.council


def _unsent_of(kinds: tuple[MailKind, ...]) -> sa.Select[Any]:
    mails = SQL["mails"].c
    return postbook.lines().where(
        mails.kind.in_(kinds),
        mails.state.not_in([MailState.SENT, MailState.REFUSED]),
        ~mails.key.startswith("renvoi:"),  # a deliberate act goes through
    )


def _is_over(row: Row, office: OfficeCalendar, at: datetime) -> bool:
    last = last_working_day(Month.parse(row["month"]), office)
    return last is not None and town_day(at) > last


def _run(row: Row, mails: tuple[Sent, ...] = ()) -> Run:
    return Run(
        list=row["kind"],
        month=Month.parse(row["month"]),
        due_on=row["due_on"],
        outcome=row["outcome"],
        drawn_at=row["drawn_at"],
        note=row["note"] or "",
        mails=mails,
    )

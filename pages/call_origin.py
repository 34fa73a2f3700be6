"""What a demand being typed began as: a call, a row of the town's table, a field report, a post."""

from collections.abc import Callable
from typing import Any

from desk import contacts, intake
from desk.contacts import Again, Logged
from desk.intake import Demand, Opened
from desk.visits import Visit
from pages import call_report, call_row, call_watch

Here = Callable[[], Visit]


def fields(here: Here, token: str, place: str) -> dict[str, Any]:
    """What it began with says, as the form holds it; nothing for a call, or when it waits no more.

    That it waits no more is then heard at ``place``.
    """
    if call_report.begins(token):
        return call_report.fields(here, token, place)
    if call_watch.begins(token):
        return call_watch.fields(here, token, place)
    return call_row.fields(here, token, place) if call_row.begins(token) else {}


def opened(here: Here, demand: Demand) -> Opened:
    """Give the demand its number, and tie to it what it began as. Raises ``Refused``."""
    if call_report.begins(demand.token):
        return call_report.opened(here, demand)
    if call_watch.begins(demand.token):
        return call_watch.opened(here, demand)
    if call_row.begins(demand.token):
        return call_row.opened(here, demand)
    return intake.open_file(here(), demand)


def noted(here: Here, again: Again) -> Logged:
    """R-9: note it on the open file it is about, a report with its photographs. Raises ``Refused``."""
    if call_report.begins(again.token):
        return call_report.noted(here, again)
    return contacts.note(here(), again)


def may_join(token: str) -> bool:
    """Whether it can be noted on an open file: a row of the town's table and a post become a file or none."""
    return not call_row.begins(token) and not call_watch.begins(token)


def is_gone(here: Here, token: str) -> bool:
    """Whether what it began as waits no more: what is typed can only become another demand."""
    if call_report.begins(token):
        return call_report.is_gone(here, token)
    if call_watch.begins(token):
        return call_watch.is_gone(here, token)
    return call_row.begins(token) and call_row.is_gone(here, token)


def shown(here: Here, token: str) -> None:
    """What it began as, above the form; nothing for a call."""
    if call_report.begins(token):
        call_report.shown(here, token)
    elif call_watch.begins(token):
        call_watch.shown(here, token)
    elif call_row.begins(token):
        call_row.shown(here, token)

"""R-5: the acknowledgement within 24 working hours."""

from datetime import UTC, datetime, timedelta

from policy.calendar import OfficeCalendar
from policy.classification import FOLLOWED
from policy.delays import taken_as_received
from policy.reasons import Deadline
from policy.rules import AckReading, cited
from policy.towntime import elapsed, from_town, to_town
from policy.wording import hour_words, moment_words
from policy.words import Nature

ARTICLE = "SJ"
PROMISE = timedelta(hours=24)
READINGS = {
    AckReading.WORKING_DAY: "24 heures ouvrables : la même heure, le jour ouvré suivant.",
    AckReading.OPEN_HOURS: "24 heures ouvrables : 24 heures comptées pendant que le service est ouvert.",
}


def acknowledgement_due(
    received: datetime, calendar: OfficeCalendar, reading: AckReading, source: str = ""
) -> Deadline | None:
    """SJ, « accuser réception dans un délai de 24 heures ouvrables » (R-5).

    What « 24 heures ouvrables » means is a town value (docs/readings.md, no. 4). ``received`` is the aware
    moment of reception; outside the opening hours the demand is taken as received at the next opening.
    Gives the moment it is due, in town time, or ``None`` when the town promises no acknowledgement.
    ``source`` is what the town's rule gives as its article: « choisi par la ville » is said beside the text.
    Raises ``Refused`` when the desk does not open for three years.
    """
    if reading is AckReading.NONE:
        return None
    taken = taken_as_received(received, calendar)
    if reading is AckReading.WORKING_DAY:
        due, step = _same_time_next_day(taken, calendar)
    else:
        due, step = _after_open_hours(taken, calendar)
    return Deadline(
        due=due,
        articles=cited((ARTICLE,), source),
        reading=READINGS[reading],
        steps=(_reception(received, taken), step),
        skipped=calendar.skipped(to_town(received).date(), due.date()),
    )


def open_time_left(at: datetime, due: datetime, calendar: OfficeCalendar) -> timedelta:
    """R-5: how long the desk will still be open from ``at`` until ``due``; nothing once it is past."""
    left = timedelta()
    if due <= at:
        return left
    for opens, closes in calendar.intervals_from(at):
        if opens >= due:
            break
        left += elapsed(opens, min(closes, due))
    return left


def is_acknowledged(
    nature: Nature, *, anonymous: bool, first_contact: bool, brought_in: bool = False
) -> bool:
    """SJ (R-5): whether an acknowledgement is owed: to whoever can be told that a service will follow up.

    Not for complaints and access requests, which have notices of their own, nor for anonymous demands, nor
    for what was settled at first contact (R-4), as information and comments are (P §4.1); nor for what was
    ``brought_in`` from the town's older registers: it was received elsewhere, and answered there or never.
    """
    return nature in FOLLOWED and not anonymous and not first_contact and not brought_in


def _same_time_next_day(taken: datetime, calendar: OfficeCalendar) -> tuple[datetime, str]:
    """Same clock time, next working day; closed then: forward that day, else back to its last closing."""
    day, at = calendar.next_opening_day(taken.date()), taken.time()
    openings = calendar.openings(day)
    if any(opening.holds(at) for opening in openings):
        due, why = at, "à la même heure"
    elif later := [opening.opens for opening in openings if at < opening.opens]:
        due, why = later[0], f"fermé à {hour_words(at)}, donc à l'ouverture qui suit"
    else:
        due, why = openings[-1].closes, f"fermé à {hour_words(at)}, donc à la dernière fermeture du jour"
    moment = to_town(from_town(datetime.combine(day, due)))
    return moment, f"Le jour ouvré suivant, {why} : {moment_words(moment)}."


def _after_open_hours(taken: datetime, calendar: OfficeCalendar) -> tuple[datetime, str]:
    """24 hours counted only while open; ending exactly at closing is due at closing."""
    left = PROMISE
    for opens, closes in calendar.intervals_from(taken):
        open_for = elapsed(opens, closes)
        if left <= open_for:
            due = to_town(opens.astimezone(UTC) + left)
            return due, f"24 heures d'ouverture plus tard : {moment_words(due)}."
        left -= open_for
    raise AssertionError("intervals_from never ends")


def _reception(received: datetime, taken: datetime) -> str:
    if taken == received:
        return f"Reçue le {moment_words(received)}."
    return (
        f"Reçue le {moment_words(received)}, hors des heures d'ouverture : "
        f"réputée reçue à l'ouverture suivante, le {moment_words(taken)}."
    )

"""Offices for the tests: R-70's holidays worked out anew, and days spelled with their weekday."""

from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

from policy.calendar import Hours, OfficeCalendar, Opening, parse_hours
from policy.towntime import from_town

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = timedelta(days=1)
HOURS_H = parse_hours("lundi-jeudi 08:00-16:30; vendredi 08:00-12:00")


def day(text: str) -> date:
    """« Mon 2026-11-23 »; the weekday spelled must be the right one."""
    weekday, iso = text.split()
    found = date.fromisoformat(iso)
    assert WEEKDAYS[found.weekday()] == weekday, f"{iso} is a {WEEKDAYS[found.weekday()]}"
    return found


def at(text: str) -> datetime:
    """« Fri 2026-11-20 10:00 » on the town's clock, as a moment in UTC."""
    spelled, clock = text.rsplit(" ", 1)
    return from_town(datetime.combine(day(spelled), datetime.strptime(clock, "%H:%M").time()))  # noqa: DTZ007


def spelled(found: date | None) -> str | None:
    """A day as the tables write it."""
    return None if found is None else f"{WEEKDAYS[found.weekday()]} {found:%Y-%m-%d}"


def easter(year: int) -> date:
    """Easter Sunday (Gauss, as corrected by Butcher)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    el = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * el) // 451
    month, before = divmod(h + el - 7 * m + 114, 31)
    return date(year, month, before + 1)


def public_holidays(year: int) -> dict[date, str]:
    """R-70, to the letter: no shift but those of 24 June and 1 July."""
    saint_jean, canada = date(year, 6, 24), date(year, 7, 1)
    patriotes = next(date(year, 5, n) for n in range(24, 17, -1) if date(year, 5, n).weekday() == 0)
    mondays_of = {month: [date(year, month, n) for n in range(1, 15)] for month in (9, 10)}
    labour = next(each for each in mondays_of[9] if each.weekday() == 0)
    thanksgiving = [each for each in mondays_of[10] if each.weekday() == 0][1]
    return {
        date(year, 1, 1): "Jour de l'An",
        easter(year) - 2 * DAY: "Vendredi saint",
        patriotes: "Journée nationale des patriotes",
        saint_jean + DAY if saint_jean.weekday() == 6 else saint_jean: "Fête nationale du Québec",
        canada + DAY if canada.weekday() == 6 else canada: "Fête du Canada",
        labour: "Fête du Travail",
        thanksgiving: "Action de grâce",
        date(year, 12, 25): "Noël",
    }


def town_closings(year: int) -> dict[date, str]:
    """What the presets add (R-70)."""
    own = (date(year, 1, 2), easter(year) + DAY, date(year, 12, 24), date(year, 12, 26), date(year, 12, 31))
    return dict.fromkeys(own, "Fermeture de la ville")


def closings(first: int = 2023, last: int = 2033) -> dict[date, str]:
    """R-25: the public holidays and the town's closings."""
    return {
        found: why
        for year in range(first, last + 1)
        for found, why in (public_holidays(year) | town_closings(year)).items()
    }


def closed_between(first: date, last: date) -> dict[date, str]:
    """Every day of a closing."""
    return {first + n * DAY: "Fermeture" for n in range((last - first).days + 1)}


def office(extra: dict[date, str] | None = None, hours: Hours = HOURS_H) -> OfficeCalendar:
    """The town of R-25, with more closings if asked."""
    return OfficeCalendar(closings() | (extra or {}), hours)


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    """Hours with none to three openings a day, at least one in the week."""
    week: dict[int, tuple[Opening, ...]] = {}
    for weekday in draw(st.sets(st.integers(0, 4), min_size=1)):
        quarters = sorted(draw(st.sets(st.integers(1, 95), min_size=2, max_size=6)))
        clock = [time(*divmod(15 * each, 60)) for each in quarters]
        week[weekday] = tuple(Opening(*pair) for pair in zip(clock[::2], clock[1::2], strict=False))
    return Hours(week)


@st.composite
def any_office(draw: st.DrawFn, first: date = date(2026, 1, 1), days: int = 120) -> OfficeCalendar:
    """Any hours, any closings in the days that follow ``first``, whole weeks and months among them."""
    closed: dict[date, str] = {}
    for offset, length in draw(
        st.lists(st.tuples(st.integers(0, days), st.sampled_from((1, 1, 1, 2, 5, 12, 40))), max_size=12)
    ):
        closed |= closed_between(first + offset * DAY, first + (offset + length - 1) * DAY)
    return OfficeCalendar(closed, draw(any_hours()))

"""Dates and hours as French sentences say them."""

from datetime import date, datetime, time, timedelta

from policy.towntime import to_town

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)


def day_words(day: date) -> str:
    """« lundi 23 novembre 2026 », « mardi 1er décembre 2026 »."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{WEEKDAYS[day.weekday()]} {number} {MONTHS[day.month - 1]} {day.year}"


def hour_words(hour: time) -> str:
    """« 8 h », « 16 h 30 »."""
    return f"{hour.hour} h" if hour.minute == 0 else f"{hour.hour} h {hour.minute:02}"


def moment_words(moment: datetime) -> str:
    """« lundi 23 novembre 2026 à 8 h », on the town's clock."""
    wall = to_town(moment)
    return f"{day_words(wall)} à {hour_words(wall.time())}"


def open_time_words(left: timedelta) -> str:
    """« 3 h 20 », « 20 minutes », « moins d’une minute »: a time counted while the desk is open."""
    hours, minutes = divmod(int(left.total_seconds()) // 60, 60)
    if not hours:
        return f"{minutes} minute{'s' if minutes > 1 else ''}" if minutes else "moins d’une minute"
    return f"{hours} h {minutes:02}" if minutes else f"{hours} h"


def working_days_words(count: int) -> str:
    """« aucun jour ouvré », « 1 jour ouvré », « 3 jours ouvrés »."""
    if count == 0:
        return "aucun jour ouvré"
    return f"{count} jour ouvré" if count == 1 else f"{count} jours ouvrés"

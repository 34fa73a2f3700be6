"""R-5: the opening hours of the desk, as a town writes them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time

from policy.reasons import refused
from policy.wording import WEEKDAYS, hour_words

ARTICLE = "R-5"


@dataclass(frozen=True, order=True)
class Opening:
    """A half-open interval [opens, closes) of one day."""

    opens: time
    closes: time

    def holds(self, at: time) -> bool:
        """Whether the desk is open at that time; at ``closes`` it no longer is."""
        return self.opens <= at < self.closes


@dataclass(frozen=True)
class Hours:
    """For each weekday (0 is Monday) its openings, in order and apart."""

    week: Mapping[int, tuple[Opening, ...]]

    def on(self, weekday: int) -> tuple[Opening, ...]:
        """The openings of that weekday; none when the desk keeps no hours."""
        return self.week.get(weekday, ())

    @property
    def latest_closing(self) -> time:
        """The latest closing time of the week."""
        return max(opening.closes for openings in self.week.values() for opening in openings)

    def __str__(self) -> str:
        return "; ".join(
            f"{WEEKDAYS[weekday]} " + " ".join(f"{each.opens:%H:%M}-{each.closes:%H:%M}" for each in openings)
            for weekday, openings in sorted(self.week.items())
        )


def parse_hours(text: str) -> Hours:
    """The hours written « lundi-jeudi 08:00-12:00 13:00-16:30; vendredi 08:00-12:00 ».

    Days stand alone, as a range (« lundi-jeudi », « lundi à jeudi ») or as a list (« lundi, mercredi »).
    Hours may be written 8:00, 8h00 or 8h. Raises ``Refused`` for what is not that, for a day given twice, for
    intervals that overlap, for Saturday and Sunday (R-70), and when there is nothing.
    """
    week: dict[int, tuple[Opening, ...]] = {}
    for part in re.split(r"[;\n]", text):
        if not part.strip():
            continue
        days, openings = _part(part.strip())
        for weekday in days:
            if weekday in week:
                raise refused(
                    f"« {WEEKDAYS[weekday]} » est donné deux fois dans les heures d'ouverture.", ARTICLE
                )
            week[weekday] = openings
    if not week:
        raise refused("Les heures d'ouverture sont vides.", ARTICLE)
    return Hours(dict(sorted(week.items())))


_DAY = "|".join(WEEKDAYS)
_TIME = r"\d{1,2}(?::\d{2}|\s?h(?:\s?\d{2})?)"
_DAYS = re.compile(rf"(?:{_DAY})(?:\s*(?:-|–|,|à|au|et)\s*(?:{_DAY}))*", re.IGNORECASE)
_INTERVAL = re.compile(rf"({_TIME})\s*(?:-|–|à)\s*({_TIME})", re.ASCII)


def _part(part: str) -> tuple[list[int], tuple[Opening, ...]]:
    """One part of the text: its weekdays, its openings."""
    head = _DAYS.match(part)
    hours = part[head.end() :] if head else ""
    if head is None or not hours.strip() or _INTERVAL.sub("", hours).strip(" ,:et"):
        raise refused(
            f"« {part} » ne se lit pas comme des heures d'ouverture : écrivez « lundi-jeudi 08:00-16:30 ».",
            ARTICLE,
        )
    days = list(_weekdays(head[0].lower()))
    closed = [WEEKDAYS[weekday] for weekday in days if weekday >= 5]
    if closed:
        raise refused(f"Les jours ouvrés vont du lundi au vendredi : pas d'heures le {closed[0]}.", "R-70")
    return days, _apart(
        sorted(Opening(_time(opens), _time(closes)) for opens, closes in _INTERVAL.findall(hours))
    )


def _weekdays(text: str) -> Iterator[int]:
    for item in re.split(r"\s*(?:,|\bet\b)\s*", text):
        ends = [WEEKDAYS.index(name) for name in re.findall(_DAY, item)]
        if ends[0] > ends[-1]:
            raise refused(f"« {item} » : la suite de jours va à rebours.", ARTICLE)
        yield from range(ends[0], ends[-1] + 1)


def _time(text: str) -> time:
    found = re.fullmatch(r"(\d{1,2})\D*(\d{2})?", text, re.ASCII)
    hour, minute = (int(part or 0) for part in found.groups()) if found else (24, 0)
    if hour > 23 or minute > 59:
        raise refused(f"« {text} » n'est pas une heure.", ARTICLE)
    return time(hour, minute)


def _apart(openings: list[Opening]) -> tuple[Opening, ...]:
    """The openings of a day, joined where one begins as another ends; refuses those that overlap."""
    joined: list[Opening] = []
    for opening in openings:
        if opening.opens >= opening.closes:
            raise refused(
                f"L'ouverture de {hour_words(opening.opens)} n'est pas avant la fermeture de "
                f"{hour_words(opening.closes)}.",
                ARTICLE,
            )
        if joined and opening.opens < joined[-1].closes:
            raise refused(f"Deux plages se chevauchent à {hour_words(opening.opens)}.", ARTICLE)
        if joined and opening.opens == joined[-1].closes:
            joined[-1] = Opening(joined[-1].opens, opening.closes)
        else:
            joined.append(opening)
    return tuple(joined)

"""R-70: the days of closing proposed for a year: public holidays, and those that the town always takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desk.settings_sheet import read
from desk.setup import GOOD_FRIDAY, proposed_closings
from desk.visits import Counter, Visit
from desk.waiting import Waiting
from policy.roles import Deed, refuse_unless
from sync.store import Reading, Row

FROM_MONTH = 9  # September: the lists of January are drawn up from the days of the next year
AFTER_GOOD_FRIDAY = timedelta(days=3)  # Easter Monday


@dataclass(frozen=True)
class Proposed:
    """A day not in the table yet; ``public``: a holiday of the law, else one the town took before."""

    day: date
    label: str
    public: bool


def proposed(visit: Visit) -> tuple[Proposed, ...]:
    """What is proposed today, by day; nothing is written. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.CHANGE_SETTINGS)
        begun = {str(line.shown.get("day"))[:10] for line in read(counter, "closings", past=True).begun}
        return tuple(each for each in _proposed(counter) if each.day.isoformat() not in begun)


def waiting(counter: Counter[Reading]) -> Iterator[Waiting]:
    """The public holidays still to come that the table lacks; for « Aujourd'hui »."""
    days = [each.day for each in _proposed(counter) if each.public and each.day >= counter.today]
    if days:
        one, many = (f"{words} de {days[-1].year} à inscrire" for words in ("jour férié", "jours fériés"))
        yield Waiting(len(days), one, many, "/tableaux?table=closings")


def years(today: date) -> tuple[int, ...]:
    """The years of which the days are proposed: this one, and the next from September on."""
    return (today.year, today.year + 1) if today.month >= FROM_MONTH else (today.year,)


def _proposed(counter: Counter[Any]) -> Iterable[Proposed]:
    rows = counter.tx.find("closings", order_by=("day",))
    known = {row["day"] for row in rows}
    for year in years(counter.today):
        public = proposed_closings([year])
        own = proposed_closings([year], _yearly(rows, year)) if not _has(known, year) else {}
        for day, label in sorted({**own, **public}.items()):
            if day not in known:
                yield Proposed(day, label, day in public)


def _has(known: Iterable[date], year: int) -> bool:
    """Whether the year has days in the table: what it then lacks of the town's own was taken out."""
    return any(day.year == year for day in known)


def _yearly(rows: Iterable[Row], year: int) -> list[dict[str, str]]:
    """The town's own days of the year before; those of two years, when it has as many (a storm was one)."""
    before = [_own(rows, each) for each in (year - 1, year - 2)]
    told = before[0] if not before[1] else {on: label for on, label in before[0].items() if on in before[1]}
    return [{"on": on, "label": label} for on, label in told.items()]


def _own(rows: Iterable[Row], year: int) -> dict[str, str]:
    public = proposed_closings([year])
    easter_monday = next(day for day, label in public.items() if label == GOOD_FRIDAY) + AFTER_GOOD_FRIDAY
    return {
        "easter+1" if row["day"] == easter_monday else f"{row['day']:%m-%d}": row["label"]
        for row in rows
        if row["day"].year == year and not row["open"] and row["day"] not in public and not _leaps(row["day"])
    }


def _leaps(day: date) -> bool:
    return (day.month, day.day) == (2, 29)

"""Mesures: what the town measures of its demands (R-64), for whom, and the files behind each number."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from desk import watch
from desk.measured import facts
from desk.places import NO_PLACE
from desk.scope import visible
from desk.town import Town, town
from desk.visits import Counter, Visit
from policy.confidentiality import scope
from policy.measures import MEASURED, Count, Fact, Grain, Measures, Period, each_count, periods
from policy.months import Month
from policy.reasons import Refused, refused
from policy.roles import Deed, may, refuse_unless
from policy.spelling import bare
from policy.words import Role
from sync.schema import SQL
from sync.store import Reading

NO_DEPARTMENT, NO_CATEGORY = "Pas encore acheminée", "Sans catégorie"
MINE = "moi"
NONE = "sans"  # in an address: what has no department, no category, no sector
MOST_BEHIND = 200  # files shown behind a number
MOST_SECTORS = 60
OLDEST = 20  # years back that an address may ask for


@dataclass(frozen=True)
class Asked:
    """What is asked: the period, and at most one department, category, sector, member of council."""

    month: Month
    grain: Grain = Grain.MONTH
    department: str = ""
    category: str = ""
    sector: str = ""
    member: str = ""  # of council, who forwarded; ``MINE``, whoever asks


@dataclass(frozen=True)
class Line:
    """One department, category, sector or member: this period and the one before."""

    id: str
    name: str
    now: Measures
    before: Measures


@dataclass(frozen=True)
class Board:
    """The measures as one screen shows them; ``whole`` by period, the one looked at last."""

    asked: Asked
    periods: tuple[Period, ...]
    whole: tuple[Measures, ...]
    departments: tuple[Line, ...]
    categories: tuple[Line, ...]
    sectors: tuple[Line, ...]
    members: tuple[Line, ...]
    mine: tuple[Measures, ...]  # what a member of council forwarded, by period; empty for the others
    services: Mapping[str, str]  # what may be asked for: id → name; ``NONE``, where some file has none
    kinds: Mapping[str, str]
    places: Mapping[str, str]
    council: Mapping[str, str]
    watched: tuple[tuple[int, int], ...]  # by period, seen on social networks, become demands
    opens: bool  # whether this visit may see the files behind
    ends_early: bool  # the period looked at is not over

    @property
    def now(self) -> Measures:
        """The period looked at."""
        return self.whole[-1]

    @property
    def before(self) -> Measures:
        """The period before it."""
        return self.whole[-2]


def asked(address: Mapping[str, str], today: date) -> Asked:
    """What an address asks (``par``, ``mois``, ``service``, ``categorie``, ``secteur``, ``elu``).

    An address may be typed by hand or be old: a month that does not read, or is not of these twenty years, is
    the present one.
    """
    grain = address.get("par", "")
    try:
        month = Month.parse(address.get("mois", ""))
    except Refused:
        month = Month.of(today)
    if not today.year - OLDEST <= month.year or month > Month.of(today):
        month = Month.of(today)
    return Asked(
        month,
        Grain(grain) if grain in set(Grain) else Grain.MONTH,
        address.get("service", ""),
        address.get("categorie", ""),
        address.get("secteur", ""),
        address.get("elu", ""),
    )


def board(visit: Visit, what: Asked) -> Board:
    """P §4.1 (R-64): the measures of the period and of those before it.

    Raises ``Refused`` for whoever has no statistics to see (R-62), and for a member of council who asks what
    another one forwarded.
    """
    with visit.reading() as counter:
        settings, found, spans, own = _gathered(counter, what)
        names = _council(counter.tx)
        kept = _kept(found, what, own)
        whole = tuple(Measures() for _ in spans)
        groups: tuple[dict[tuple[str, int], Measures], ...] = ({}, {}, {}, {})
        latest = len(spans) - 2
        for at, fact, counts in each_count(kept, spans):
            whole[at].count_in(fact, counts)
            if at >= latest:
                keys = (*_parts(fact), fact.member or NONE)
                for group, key in zip(groups, keys, strict=True):
                    group.setdefault((key, at - latest), Measures()).count_in(fact, counts)
        mine = tuple(Measures() for _ in spans) if _is_member(counter) else ()
        if mine:
            for at, fact, counts in each_count((one for one in found if one.member in own), spans):
                mine[at].count_in(fact, counts)
        sees_all = not _is_member(counter)
        without = {part for fact in found for part in _lacking(fact)}
        sectors = sorted({fact.sector for fact in found if fact.sector})
        services, kinds, places = (
            {each.id: each.name for each in settings.departments.values()} | _none(NO_DEPARTMENT, without),
            {each.id: each.name for each in settings.categories.values()} | _none(NO_CATEGORY, without),
            {place: place for place in sectors} | _none(NO_PLACE, without),
        )
        return Board(
            asked=what,
            periods=spans,
            whole=whole,
            departments=_lines(groups[0], services),
            categories=_lines(groups[1], kinds),
            sectors=_lines(groups[2], places)[:MOST_SECTORS],
            members=tuple(line for line in _lines(groups[3], names) if line.id != NONE) if sees_all else (),
            mine=mine,
            services=services,
            kinds=kinds,
            places=places,
            council=names if sees_all else {},
            watched=watch.counted(counter.tx, spans),
            opens=_may_open(counter),
            ends_early=spans[-1].last >= counter.today,
        )


@dataclass(frozen=True)
class Behind:
    """Some of the files behind one number: their numbers, and how many there are in all."""

    numbers: tuple[str, ...]
    total: int


def behind(visit: Visit, what: Asked, count: Count, before: bool = False) -> Behind:
    """The files that one number counts, in the period looked at or the one ``before``; the first of them.

    Raises ``Refused`` for whoever may not open every file that is measured.
    """
    with visit.reading() as counter:
        if not _may_open(counter):
            raise refused("Vous ne pouvez pas ouvrir les dossiers derrière ces nombres.", "R-62")
        _, found, spans, own = _gathered(counter, what)
        at = len(spans) - (2 if before else 1)
        ids = [
            fact.file
            for rank, fact, counts in each_count(_kept(found, what, own), spans)
            if rank == at and count in counts
        ]
        files = SQL["files"].c
        query = select(files.number).where(files.id.in_(ids[:MOST_BEHIND]), visible(counter))
        numbers = [row["number"] for row in counter.tx.rows(query.order_by(files.number))]
        return Behind(tuple(numbers), len(ids))


def _gathered(
    counter: Counter[Reading], what: Asked
) -> tuple[Town, Sequence[Fact], tuple[Period, ...], frozenset[str]]:
    """The town, what is known of every file measured, the periods, and who of council is asking."""
    refuse_unless(counter.person, Deed.SEE_MEASURES)
    own = _own(counter)
    if what.member not in ("", MINE) and _is_member(counter):
        raise refused(
            "Vous voyez ce que vous avez vous-même transmis, pas ce qu’un autre élu a transmis.", "R-62"
        )
    settings = town(counter.tx, counter.today)
    spans = periods(what.grain, what.month.last)
    found = facts(counter.tx, settings, spans, counter.at)
    return settings, found, spans, own


def _kept(found: Sequence[Fact], what: Asked, own: frozenset[str]) -> Sequence[Fact]:
    """The files that the filters leave."""
    wanted: list[Callable[[Fact], bool]] = []
    if what.department:
        wanted.append(lambda fact: (fact.department or NONE) == what.department)
    if what.category:
        wanted.append(lambda fact: (fact.category or NONE) == what.category)
    if what.sector:
        wanted.append(lambda fact: (fact.sector or NONE) == what.sector)
    if what.member:
        members = own if what.member == MINE else frozenset({what.member})
        wanted.append(lambda fact: fact.member in members)
    return [fact for fact in found if all(wants(fact) for wants in wanted)] if wanted else found


def _parts(fact: Fact) -> tuple[str, str, str]:
    """The department, the category and the sector of a file, ``NONE`` for what it has not."""
    return fact.department or NONE, fact.category or NONE, fact.sector or NONE


def _lacking(fact: Fact) -> tuple[str, ...]:
    """What a file has not, in words."""
    words = (NO_DEPARTMENT, NO_CATEGORY, NO_PLACE)
    return tuple(word for word, part in zip(words, _parts(fact), strict=True) if part == NONE)


def _none(words: str, without: set[str]) -> dict[str, str]:
    return {NONE: words} if words in without else {}


def _lines(group: Mapping[tuple[str, int], Measures], names: Mapping[str, str]) -> tuple[Line, ...]:
    """By name; what has none last."""
    found = [
        Line(key, names.get(key, key), group.get((key, 1), Measures()), group.get((key, 0), Measures()))
        for key in {key for key, _ in group}
    ]
    return tuple(sorted(found, key=lambda line: (line.id == NONE, bare(line.name))))


def _is_member(counter: Counter[Any]) -> bool:
    """Whether it is as a member of council, and in no other way, that this visit sees the measures."""
    others = set(counter.person.roles) - {Role.COUNCIL}
    return Role.COUNCIL in counter.person.roles and others.isdisjoint({Role.DIRECTOR, Role.EXPERIENCE})


def _own(counter: Counter[Reading]) -> frozenset[str]:
    """The rows of « Conseil » that have the e-mail of whoever asks: one a mandate."""
    council = SQL["council"].c
    email = counter.person.email.strip().lower()
    if not email or Role.COUNCIL not in counter.person.roles:
        return frozenset()
    rows = counter.tx.rows(select(council.id).where(func.lower(council.email) == email))
    return frozenset(row["id"] for row in rows)


def _council(tx: Reading) -> dict[str, str]:
    council = SQL["council"].c
    rows = tx.rows(select(council.id, council.name, council.district).order_by(council.name))
    return {
        row["id"]: f"{row['name']} ({row['district']})" if row["district"] else row["name"] for row in rows
    }


def _may_open(counter: Counter[Reading]) -> bool:
    """Only who may open every file that is measured: of a part, the list would not be the number."""
    return may(counter.person, Deed.WORK_QUEUE) and scope(counter.person).natures >= MEASURED

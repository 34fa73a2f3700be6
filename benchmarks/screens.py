"""The queue on the screen: each click against an empty page, the whole table, and beside an exchange."""

import asyncio
from collections.abc import Callable
from random import Random

from benchmarks.figures import Line, Series, line
from benchmarks.people import ROUND, SAVED, Worker
from benchmarks.processes import Server
from benchmarks.pushing import pushing
from benchmarks.tab import Tab

OWN_TIME = 50.0  # ms, p95: what our own code may add to an empty page
TIMES_LESS = 50.0  # than loading the whole table
SLOWED = 1.5  # at most, by an exchange under way in another process


def queue(door: Server, plain: Server, sitters: list[Worker], rounds: int, slow_rounds: int) -> list[Line]:
    """The lines of the table about the queue. Clicks come one at a time: see ``crowd`` for many at once."""
    return asyncio.run(_queue(door, plain, sitters, rounds, slow_rounds))


def beside(door: Server, sitter: Worker, rounds: int, database: str) -> list[Line]:
    """The lines about clicks while thousands of rows are exchanged, against the same ones at rest."""
    return asyncio.run(_beside(door, sitter, rounds, database))


async def _beside(door: Server, sitter: Worker, rounds: int, database: str) -> list[Line]:
    chance = Random("beside")
    async with Tab.opened(door.url, sitter.cookie(door.url), page="file") as tab:
        await _went_round(tab, chance, 1, lambda: True)
        rest, saved_at_rest = await _went_round(tab, chance, rounds, lambda: True)
        with pushing(database) as under_way:
            busy, saved = await _went_round(tab, chance, rounds, under_way)
    rest.name, busy.name = "the same at rest", "a click beside an exchange"
    saved_at_rest.name, saved.name = "the same at rest", "rows saved beside an exchange"
    return [line(busy, rest, aim_ratio=1 / SLOWED), line(saved, saved_at_rest)]


async def _went_round(
    tab: Tab, chance: Random, rounds: int, goes_on: Callable[[], bool]
) -> tuple[Series, Series]:
    """All that a person does, again and again for as long as it goes on, at least once; the saves apart."""
    clicks, saves = Series(""), Series("")
    for rank in range(rounds):
        for name, gesture in ROUND:
            if rank and not goes_on():
                return clicks, saves
            (saves if name == SAVED else clicks).timings.append(await gesture(tab, chance))
    return clicks, saves


async def _queue(
    door: Server, plain: Server, sitters: list[Worker], rounds: int, slow_rounds: int
) -> list[Line]:
    empty = await _pressed(plain, "an empty page", "", rounds * len(ROUND))
    whole = await _pressed(plain, "the whole table in pandas", "way=table", slow_rounds)
    every, parts = Series("queue: a click", cpu=0.0), dict[str, Series]()
    for sitter in sitters:
        await _clicked(door, sitter, rounds, every, parts)
    saved = parts.pop(SAVED)
    saved.name = "rows saved on the screen"
    clicks = Series(every.name, [each for part in parts.values() for each in part.timings], every.cpu)
    page = empty.median / 1_000
    own = clicks.less(page)
    own.name, whole_own = "queue: our own time in a click", whole.less(page)
    whole_own.name = whole.name
    return [
        line(empty),
        line(clicks, empty),
        line(own, whole_own, aim=OWN_TIME, aim_ratio=TIMES_LESS),
        *(line(part.less(page)) for part in parts.values()),
        line(saved, empty),
    ]


async def _clicked(
    door: Server, sitter: Worker, rounds: int, every: Series, parts: dict[str, Series]
) -> None:
    """One person goes through the round again and again, one click after the other."""
    chance = Random("clicks")
    async with Tab.opened(door.url, sitter.cookie(door.url), page="file") as tab:
        for _, gesture in ROUND:  # once unmeasured: Streamlit and the database warm up
            await gesture(tab, chance)
        for _ in range(rounds):
            for name, gesture in ROUND:
                spent = door.cpu()
                took = await gesture(tab, chance)
                parts.setdefault(name, Series(f"  {name}")).timings.append(took)
                if name != SAVED:
                    every.cpu = (every.cpu or 0.0) + door.cpu() - spent


async def _pressed(server: Server, name: str, query: str, times: int) -> Series:
    """A button pressed again and again on that page."""
    series = Series(name)
    async with Tab.opened(server.url, query=query) as tab:
        await tab.press("again")
        spent = server.cpu()
        for _ in range(times):
            series.timings.append(await tab.press("again"))
        series.cpu = server.cpu() - spent
    return series

"""The queue on the screen: each click against an empty page, and against loading the whole table each time."""

import asyncio
from random import Random

from benchmarks.figures import Line, Series, line
from benchmarks.people import ROUND, Worker
from benchmarks.processes import Server
from benchmarks.tab import Tab

OWN_TIME = 50.0  # ms, p95: what our own code may add to an empty page
TIMES_LESS = 50.0  # than loading the whole table


def queue(door: Server, plain: Server, sitters: list[Worker], rounds: int, slow_rounds: int) -> list[Line]:
    """The lines of the table about the queue. Clicks come one at a time: see ``crowd`` for many at once."""
    return asyncio.run(_queue(door, plain, sitters, rounds, slow_rounds))


async def _queue(
    door: Server, plain: Server, sitters: list[Worker], rounds: int, slow_rounds: int
) -> list[Line]:
    empty = await _pressed(plain, "an empty page", "", rounds * len(ROUND))
    whole = await _pressed(plain, "the whole table in pandas", "way=table", slow_rounds)
    whole.timings = whole.timings[1:]
    parts: dict[str, Series] = {}
    every = Series("queue: a click", cpu=0.0)
    for sitter in sitters:
        chance = Random("clicks")
        async with Tab.opened(door.url, sitter.cookie(door.url), page="file") as tab:
            for _, gesture in ROUND:  # once unmeasured: Streamlit and the database warm up
                await gesture(tab, chance)
            spent = door.cpu()
            for _ in range(rounds):
                for name, gesture in ROUND:
                    took = await gesture(tab, chance)
                    every.timings.append(took)
                    parts.setdefault(name, Series(f"  {name}")).timings.append(took)
            every.cpu = (every.cpu or 0.0) + door.cpu() - spent
    page = empty.median / 1_000
    own = every.less(page)
    own.name = "queue: our own time in a click"
    whole_own = whole.less(page)
    lines = [
        line(empty),
        line(every, empty, ratio=empty.median / every.median),
        line(own, whole, aim=OWN_TIME, aim_ratio=TIMES_LESS, ratio=whole_own.median / max(own.median, 0.001)),
    ]
    return [*lines, *(line(part.less(page)) for part in parts.values())]


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



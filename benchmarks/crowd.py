"""Thirty people at once, each clicking about every two seconds; and what a session weighs."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace
from random import Random

from benchmarks.figures import Line, Series, line
from benchmarks.people import ROUND, Worker
from benchmarks.processes import Server
from benchmarks.tab import Tab

CROWD = 150.0  # ms, p95
EVERY = 2.0  # seconds between two clicks of a person, on average
EMPTY_TABS = 10


def crowd(
    door: Server, plain: Server, sitters: list[Worker], seconds: float, alone: Line | None
) -> list[Line]:
    """The lines about many sessions at once; ``alone`` is the line of a click with nobody else there."""
    return asyncio.run(_crowd(door, plain, sitters, seconds, alone))


async def _crowd(
    door: Server, plain: Server, sitters: list[Worker], seconds: float, alone: Line | None
) -> list[Line]:
    async with Tab.opened(door.url, sitters[0].cookie(door.url), page="file") as tab:
        chance = Random("warm")
        for _, gesture in ROUND:
            await gesture(tab, chance)
    before = door.memory()
    clicks = Series(f"{len(sitters)} sessions: a click")
    opening = Series(f"{len(sitters)} sessions: opening the queue")
    ready, go = asyncio.Semaphore(0), asyncio.Event()
    tasks = [
        asyncio.create_task(_sit(door, sitter, rank, clicks, opening, ready, go, seconds))
        for rank, sitter in enumerate(sitters)
    ]
    for _ in sitters:
        await ready.acquire()
    spent = door.cpu()
    go.set()
    await asyncio.wait(tasks, timeout=seconds * 0.9, return_when=asyncio.FIRST_EXCEPTION)
    each = (door.memory() - before) / len(sitters)  # while everybody is still there
    await asyncio.gather(*tasks)
    clicks.cpu = door.cpu() - spent
    empty = await _empty_session(plain)
    told = line(clicks, aim=CROWD)
    if alone is not None:
        told = replace(told, against="one session alone", against_median=alone.median,
                       ratio=alone.median / clicks.median)  # fmt: skip
    return [
        line(opening),
        told,
        Line("memory of a session", each, unit="MB", against="one of an empty page", against_median=empty,
             ratio=empty / each if each > 0 and empty > 0 else None),
        Line("memory of the door, nobody there", before, unit="MB"),
    ]  # fmt: skip


async def _empty_session(plain: Server) -> float:
    """What a session of an empty page weighs, in MB."""
    async with AsyncExitStack() as tabs, Tab.opened(plain.url) as first:
        await first.press("again")
        before = plain.memory()
        for _ in range(EMPTY_TABS):
            tab = await tabs.enter_async_context(Tab.opened(plain.url))
            await tab.press("again")
        return (plain.memory() - before) / EMPTY_TABS


async def _sit(
    door: Server, sitter: Worker, rank: int, clicks: Series, opening: Series, ready: asyncio.Semaphore,
    go: asyncio.Event, seconds: float,
) -> None:  # fmt: skip
    chance = Random(rank)
    await asyncio.sleep(rank * 0.05)
    began = time.perf_counter()
    async with Tab.opened(door.url, sitter.cookie(door.url), page="file") as tab:
        opening.timings.append(time.perf_counter() - began)
        ready.release()
        await go.wait()
        until = time.monotonic() + seconds
        at = chance.randrange(len(ROUND))
        await asyncio.sleep(chance.random() * EVERY)
        while True:
            _, gesture = ROUND[at % len(ROUND)]
            clicks.timings.append(await gesture(tab, chance))
            at += 1
            if time.monotonic() >= until:
                return
            await asyncio.sleep(chance.uniform(0.5, 1.5) * EVERY)

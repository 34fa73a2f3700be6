"""``python -m benchmarks.serving door|plain PORT``: one server to be measured, in a process of its own."""

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from os import environ
from pathlib import Path

import streamlit as st
import uvicorn
from streamlit import config as streamlit_config

from benchmarks import town
from config.letters import environment
from desk.house import House
from door import app as door
from door.files import DOWNLOADS
from sync.store import Store

PLAIN = Path(__file__).parent / "plain.py"


def main() -> int:
    """Serve until stopped."""
    kind, port = sys.argv[1], int(sys.argv[2])
    app = _door(port) if kind == "door" else _plain()
    uvicorn.Server(door.serving(app, "127.0.0.1", port)).run()
    return 0


def _door(port: int) -> st.App:
    """The door as ``python -m door`` builds it, on a day that is always the same."""
    store = Store.open(environ["BENCH_DATABASE"])
    house = House(store, environment(), f"http://localhost:{port}", "guichet@ville.example")
    return door.build(house, _clock(), downloads=DOWNLOADS)


def _clock() -> Callable[[], datetime]:
    """A clock that goes on from the moment of the town: sessions, drafts and RNC are of that day."""
    shift = town.NOW - datetime.now(UTC)
    return lambda: datetime.now(UTC) + shift


def _plain() -> st.App:
    """The pages to compare with, given the same care for memory as ours: the comparison is of the ways."""

    @asynccontextmanager
    async def lifespan(_app: st.App) -> AsyncIterator[None]:
        door._settle()
        yield

    for name, value in door.FIRM.items():
        streamlit_config.set_option(name, value)
    return st.App(PLAIN, lifespan=lifespan)


if __name__ == "__main__":
    sys.exit(main())

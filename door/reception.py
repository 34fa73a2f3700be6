"""What the screens ask of the door: the house, if it is open, and who is here now."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime

import streamlit as st

from desk.house import House
from desk.sessions import hash_token
from desk.visits import Visit
from door.passes import address_of
from door.turns import LANES, Turns


@dataclass(frozen=True)
class Reception:
    """The house the door of this process opens, and the clock on its wall."""

    house: House
    clock: Callable[[], datetime]
    turns: Turns


_open: list[Reception] = []  # at most one: a process has one door


def open_with(house: House, clock: Callable[[], datetime]) -> None:
    """The door opens: from now on the screens have a house."""
    _open[:] = [Reception(house, clock, Turns(LANES[house.store.dialect]))]


def close() -> None:
    """The door is closed."""
    _open.clear()


def house() -> House | None:
    """The open house; None when the screens were started without the door (``streamlit run``)."""
    return _open[0].house if _open else None


def turn() -> AbstractContextManager[None]:
    """The turn of one screen to be drawn (``door.turns``)."""
    return _open[0].turns.taken() if _open else nullcontext()


def here() -> Visit:
    """A visit of whoever holds the pass of this browser tab, at this moment.

    This function itself is what a screen is given, never its result: a callback or a fragment that kept
    it still asks at its own moment, and the desk reads the session again in each act (architecture 8).
    """
    if not _open:
        raise RuntimeError("The screens are reached through the door: python -m door")
    reception = _open[0]
    name = address_of(reception.house.base_url).cookie
    token = st.context.cookies.get(name, "")
    return Visit(reception.house, reception.clock(), hash_token(token) if token else "")

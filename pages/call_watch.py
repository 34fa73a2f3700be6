"""A demand that began as a line of the watch on social networks (R-19): its fields, its saving, its words."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from desk import french, watch
from desk.intake import Demand, Opened
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]


def begins(token: str) -> bool:
    """Whether the form of that token is the one of such a line."""
    return bool(watch.entry_of(token))


def fields(here: Here, token: str, place: str) -> dict[str, Any]:
    """What was seen, as the form holds it; when it waits no more, nothing, heard at ``place``."""
    demand = speech.attempt(lambda: watch.prefill(here(), watch.entry_of(token)), place)
    if demand is None:
        return {}
    return {"channel": demand.channel.value if demand.channel else None, "facts": demand.facts}


def opened(here: Here, demand: Demand) -> Opened:
    """Give the demand its number, and tie the line to it. Raises ``Refused``."""
    return watch.open_demand(here(), watch.entry_of(demand.token), demand)


def is_gone(here: Here, token: str) -> bool:
    """Whether the line waits no more: what is typed can only become another demand."""
    return watch.one(here(), watch.entry_of(token)) is None


def shown(here: Here, token: str) -> None:
    """The line as it was noted, above the form."""
    seen = watch.one(here(), watch.entry_of(token))
    if seen is None:
        return
    with st.container(border=True, key="nd-veille"):
        st.markdown(f":material/hearing: **Vu sur {seen.network.value}**, le {french.day(seen.on)}. "
                    "Complétez ce qui manque, puis enregistrez.")  # fmt: skip
        if seen.words:
            st.text(seen.words)
        if seen.address:
            st.markdown(speech.escape(seen.address))

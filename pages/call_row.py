"""A demand that began as a row of the town's table: its fields in the form, its saving, what it said."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from desk import french, inbox
from desk.inbox import Arrival
from desk.intake import Demand, Opened
from desk.visits import Visit
from pages import call_known, speech

Here = Callable[[], Visit]


def begins(token: str) -> bool:
    """Whether the form of that token is the one of a row."""
    return bool(inbox.link_of(token))


def fields(here: Here, token: str, place: str) -> dict[str, Any]:
    """What the row says, as the form holds it; when it waits no more, nothing, heard at ``place``."""
    demand = speech.attempt(lambda: inbox.prefill(here(), inbox.link_of(token)), place)
    if demand is None:
        return {}
    said: dict[str, Any] = {
        "channel": demand.channel.value if demand.channel else None,
        "category": demand.category,
        "priority": demand.priority.value if demand.priority else "",
        "forwarded_by": demand.forwarded_by,
        **{name: getattr(demand, name) for name in ("civic", "street", "sector", "place_note", "facts")},
    }
    return said | call_known.nature_and_moment(demand)


def opened(here: Here, demand: Demand) -> Opened:
    """Give the demand its number, and tie its row to it. Raises ``Refused``."""
    return inbox.accept(here(), inbox.link_of(demand.token), demand)


def is_gone(here: Here, token: str) -> bool:
    """Whether the row of this form waits no more: what is typed can only become another demand."""
    return inbox.one(here(), inbox.link_of(token)) is None


def shown(here: Here, token: str) -> None:
    """The row as it was typed, above the form."""
    arrival = inbox.one(here(), inbox.link_of(token))
    if arrival is None:
        return
    with st.container(border=True, key="nd-ligne"):
        st.markdown(
            f":material/table_rows: **Ligne tapée dans {speech.escape(arrival.remote)}**, reçue "
            f"{french.since(arrival.since, here().at)}. Complétez ce qui manque, puis enregistrez."
        )
        st.markdown(said(arrival))
        wrong(arrival)


def wrong(arrival: Arrival) -> None:
    """What of the row does not read, and why."""
    if arrival.wrong:
        st.warning(speech.escape(arrival.wrong), icon=":material/rule:")


def said(arrival: Arrival) -> str:
    """The cells of a row, for ``st.markdown``: ours, then the table's own columns."""
    told = [f"{speech.escape(each.label)} : **{speech.escape(each.text)}**" for each in arrival.said]
    told += [f"{speech.escape(each.label)} (colonne de la table) : {speech.escape(each.text)}"
             for each in arrival.extras]  # fmt: skip
    return "  \n".join(told) or "La ligne ne dit rien."

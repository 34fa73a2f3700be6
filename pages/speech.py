"""How a screen speaks: what a callback did, refusals with their articles, « pourquoi ? », states in words."""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import TypeVar

import streamlit as st

from desk import french
from desk.scope import NotFound
from policy.reasons import Deadline, Ground, Refused
from policy.words import Priority, State

T = TypeVar("T")
Heard = Refused | str | None

MARKS = frozenset("\\`*_{}[]()<>#+-.!|~$:^=&")  # what Markdown would read as more than a sign

STATE_SHAPES = {
    State.NEW: (":material/fiber_new:", "blue"),
    State.ROUTED: (":material/send:", "blue"),
    State.TAKEN: (":material/handyman:", "violet"),
    State.PLANNED: (":material/event:", "violet"),
    State.WAITING: (":material/pause_circle:", "orange"),
    State.TO_CLOSE: (":material/inventory:", "orange"),
    State.DONE: (":material/check_circle:", "green"),
    State.CANCELLED: (":material/cancel:", "gray"),
}

PRIORITY_SHAPES = {
    Priority.URGENT: "▲▲",
    Priority.HIGH: "▲",
    Priority.NORMAL: "●",
    Priority.LOW: "▽",
}


def attempt(act: Callable[[], T], place: str) -> T | None:
    """Run an act inside a callback; a refusal is kept and shown at ``place`` by ``hear``, nothing is lost."""
    try:
        done = act()
    except Refused as refusal:
        st.session_state[_heard(place)] = refusal
        return None
    st.session_state.pop(_heard(place), None)
    return done


def confirm(message: str, place: str) -> None:
    """Keep the confirmation of a callback, shown at ``place`` by ``hear`` in the run that follows."""
    st.session_state[_heard(place)] = message


def move(place: str, elsewhere: str) -> None:
    """Have what ``attempt`` or ``confirm`` kept at a place that is shown no more heard elsewhere."""
    if _heard(place) in st.session_state:
        st.session_state[_heard(elsewhere)] = st.session_state.pop(_heard(place))


def hear(place: str) -> None:
    """Show what the last act at ``place`` answered, once; there or not, it moves nothing below.

    A part without a key is known to the browser by its rank among its neighbours: were the answer bare, the
    columns after it would be drawn anew, and the field or the button in them taken from under the hand.
    """
    heard = st.session_state.pop(_heard(place), None)
    with st.container():
        say(heard)


def offered_only(key: str, options: Collection[str], otherwise: str | None = None) -> None:
    """Before a list is drawn: what it held and does not offer any more is let go.

    Only then: what a run writes comes back over what is being chosen meanwhile in the browser.
    """
    held = st.session_state.get(key)
    if held is not None and held not in options:
        st.session_state[key] = otherwise


def say(heard: Heard) -> None:
    """Show an answer: a refusal with its articles, a confirmation, or nothing."""
    if isinstance(heard, NotFound):
        st.error(str(heard), icon=":material/search_off:")
    elif isinstance(heard, Refused):
        grounds(heard.grounds)
    elif heard:
        st.success(heard, icon=":material/check:")


def grounds(found: Sequence[Ground]) -> None:
    """All the grounds of a refusal, each with its article."""
    lines = [ground(one) for one in found]
    head = "Rien n’a été enregistré, et rien de ce que vous avez tapé n’est perdu."
    body = lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    st.error(f"{head}\n\n{body}", icon=":material/block:")


def ground(one: Ground) -> str:
    """One ground of a refusal with its article, for ``st.markdown``."""
    return f"{escape(one.message)}{_article(one)}"


def why(deadline: Deadline, label: str = "Pourquoi ?") -> None:
    """The small door to the reasons of a date: articles, reading, steps, days that did not count."""
    with st.popover(label, icon=":material/help:", type="tertiary"):
        st.markdown(f"**{escape(' · '.join(deadline.articles))}**")
        if deadline.reading:
            st.markdown(escape(deadline.reading))
        for step in deadline.steps:
            st.markdown(f"- {escape(step)}")
        if deadline.skipped:
            st.markdown("Jours qui ne comptent pas :")
            for skip in deadline.skipped:
                st.markdown(f"- {french.day(skip.day, weekday=True)} — {escape(skip.why)}")


def when(deadline: Deadline) -> str:
    """The day of a deadline, with its hour when it has one."""
    if isinstance(deadline.due, datetime):
        return french.moment(deadline.due)
    return french.day(deadline.due, weekday=True)


def state_badge(state: State) -> str:
    """The state as a word and a shape, for ``st.markdown``."""
    icon, colour = STATE_SHAPES[state]
    return f":{colour}-badge[{icon} {state.value}]"


def priority_words(priority: Priority) -> str:
    """« ▲▲ Urgente »: readable without colour."""
    return f"{PRIORITY_SHAPES[priority]} {priority.value}"


def number(count: int) -> str:
    """« 12 345 », its parts held together."""
    return f"{count:,}".replace(",", "\u202f")


def escape(text: str) -> str:
    """What a person typed, harmless in Markdown: no link, picture, heading, colour, entity or emoji code."""
    unlinked = re.sub(r":(?=[\w+/-]+:)", ":\u2060", text)  # a word joiner breaks « :code: »
    kept = "".join(f"\\{sign}" if sign in MARKS else sign for sign in unlinked)
    return kept.replace("\n", "  \n")


def _heard(place: str) -> str:
    return f"heard-{place}"


def _article(ground: Ground) -> str:
    return f" *({escape(ground.article)})*" if ground.article else ""

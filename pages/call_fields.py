"""The fields of a call: each kept as it is typed, each with what a refusal said of it."""

from collections.abc import Mapping

import streamlit as st

from pages import call, speech
from pages.call import Here, keep, key

CHOOSE = "À choisir"


def text(here: Here, name: str, label: str, live: bool = False) -> None:
    """One line; ``live`` answers while it is typed."""
    st.text_input(
        label, key=key(name), on_change=keep, args=(here, name), autocomplete="off",
        live="300ms" if live else False,
    )  # fmt: skip
    marked(name)


def area(here: Here, name: str, label: str, height: int, help: str | None = None) -> None:
    """Several lines."""
    st.text_area(label, key=key(name), height=height, on_change=keep, args=(here, name), help=help)
    marked(name)


def toggle(here: Here, name: str, label: str) -> None:
    """Yes or no."""
    st.toggle(label, key=key(name), on_change=keep, args=(here, name))
    marked(name)


def choice(here: Here, name: str, label: str, options: Mapping[str, str], otherwise: str = CHOOSE) -> None:
    """One of ``options`` (value → words); ``otherwise`` is read while none is chosen, where none may be."""
    speech.offered_only(key(name), options, call.EMPTY[name] or None)
    st.selectbox(
        label, list(options), key=key(name), index=0 if call.EMPTY[name] else None, placeholder=otherwise,
        format_func=lambda option: options.get(option, option), on_change=keep, args=(here, name),
    )  # fmt: skip
    marked(name)


def moment(here: Here, day: str, hour: str) -> None:
    """A day and an hour of town time."""
    left, right = st.columns(2)
    with left:
        st.date_input("Reçue le", key=key(day), format="YYYY-MM-DD", on_change=keep, args=(here, day))
        marked(day)
    with right:
        st.time_input("À", key=key(hour), step=60 * 15, on_change=keep, args=(here, hour))


def marked(name: str) -> None:
    """What the last refusal said of this field, until it is typed again."""
    words = st.session_state.get(call.MARKS, {}).get(name)
    if words:
        st.markdown(f":red[:material/error: {speech.escape(words)}]")

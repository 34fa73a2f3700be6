"""A new call about a file that is open (R-9), noted from its own screen."""

import uuid
from collections.abc import Callable

import streamlit as st

from desk import contacts
from desk.contacts import Again
from desk.files import View
from desk.visits import Visit
from pages import gesture_fields as fields
from pages import speech
from policy.words import Channel

Here = Callable[[], Visit]

CHANNELS = {channel.value: channel.value for channel in Channel}
TYPED = ("again_channel", "again_words")


def form(here: Here, view: View, place: str) -> None:
    """By where, and in what words; kept as a draft like any gesture."""
    fields.select(here, view, "again_channel", "Provenance", CHANNELS)
    fields.area(here, view, "again_words", "Ce que la personne a dit")
    speech.hear(f"{place}-again")
    st.button(
        "Noter l’appel", key="do-again", type="primary", icon=":material/call:", on_click=_note,
        args=(here, view, place),
    )  # fmt: skip


def _note(here: Here, view: View, place: str) -> None:
    channel, words = (st.session_state.get(fields.key(view, name)) or "" for name in TYPED)
    token = st.session_state.setdefault(f"do_again_token_{view.id}", uuid.uuid4().hex)
    again = Again(token, view.number, Channel(channel) if channel else None, words)
    noted = speech.attempt(lambda: contacts.note(here(), again), f"{place}-again")
    if noted is None:
        return
    speech.confirm(noted.sentence, place)
    st.session_state.pop(f"do_again_token_{view.id}", None)
    fields.done(here, view, TYPED)

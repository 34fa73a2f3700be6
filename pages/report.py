"""The field report being typed: its fields in this tab, its draft and its photographs on the server.

Each report has a token of its own, in the address: what a lost network or another page cut is found again.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from desk import drafts, field_reports
from desk.field_reports import Photo, Report
from desk.visits import Visit
from pages import speech
from policy.field_reports import Noted
from policy.towntime import town_day
from policy.words import Nature

Here = Callable[[], Visit]

PLACE, PHOTOS = "signalement", "signalement-photos"
TOKEN, HELD, SENT, TURN = "te-token", "te-held", "te-sent", "te-turn"  # of this tab
TYPING = "signalement"  # of the address

TEXTS = (
    *("name", "phone", "email", "home_civic", "home_street", "home_city", "home_postal_code"),
    *("civic", "street", "place_note", "facts", "department"),
)
EMPTY: Mapping[str, Any] = {**dict.fromkeys(TEXTS, ""), "nature": Nature.REQUEST.value, "received_on": None}


def lay(here: Here) -> None:
    """Lay the fields under the form: those of this tab, else the draft that the address names, else none."""
    if HELD not in st.session_state:
        token = st.session_state.get(TOKEN) or st.query_params.get(TYPING, "")
        kept = drafts.recall(here(), drafts.of_report(token)) if token else {}
        known = bool(kept) or bool(token and field_reports.photos(here(), token))
        if TOKEN not in st.session_state:
            st.session_state[TOKEN] = token if known else uuid.uuid4().hex
        _hold(here, {name: draft.value for name, draft in kept.items()})
    for name, value in st.session_state[HELD].items():
        st.session_state.setdefault(key(name), value)
    st.query_params.from_dict({TYPING: st.session_state[TOKEN]})


def token() -> str:
    """The token of the form on screen."""
    return str(st.session_state[TOKEN])


def is_elsewhere() -> bool:
    """Whether what was chosen is not for here: a complaint, a request for access."""
    return field_reports.elsewhere(_nature()) is not None


def noted() -> Noted:
    """What stands in the form."""
    said: dict[str, Any] = {name: st.session_state.get(key(name)) or "" for name in TEXTS}
    return Noted(nature=_nature(), received_on=st.session_state.get(key("received_on")), **said)


def keep(here: Here, *names: str) -> None:
    """Keep on the server what was just typed.

    P §4.4, R-29: of a complaint nothing is kept, neither what was typed before nor a photograph.
    """
    if TOKEN not in st.session_state or HELD not in st.session_state:
        return  # sent before the answer was seen
    if is_elsewhere():
        field_reports.discard(here(), token())
        _forget(besides="nature")
        return
    st.session_state[HELD] |= {name: st.session_state.get(key(name)) for name in names}
    held = {name: _plain(st.session_state[HELD][name]) for name in names}
    based = {name: _plain(EMPTY[name]) for name in names}
    speech.attempt(lambda: drafts.keep_all(here(), drafts.of_report(token()), held, based), PLACE)


def keep_photos(here: Here, widget: str) -> None:
    """Keep on the server what was just taken or chosen, and empty the widget it was taken with."""
    taken = st.session_state.get(widget)
    several: Sequence[Any] = taken if isinstance(taken, list) else [taken] if taken else []
    if not several or TOKEN not in st.session_state or is_elsewhere():
        return
    documents = [(each.name, each.getvalue()) for each in several]
    speech.attempt(lambda: field_reports.add_photos(here(), token(), documents), PHOTOS)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def remove_photo(here: Here, photo: Photo) -> None:
    """Take one off."""

    def gone() -> bool:
        field_reports.remove_photo(here(), photo.id)
        return True

    speech.attempt(gone, PHOTOS)


def send(here: Here) -> None:
    """Hand it to the desk; a refusal leaves all as typed."""
    if TOKEN not in st.session_state:
        return
    sent = speech.attempt(lambda: field_reports.send(here(), token(), noted()), PLACE)
    if sent is not None:
        _clear()
        st.session_state[SENT] = sent


def just_sent() -> Report | None:
    """The report that has just been sent, until another is begun."""
    found: Report | None = st.session_state.get(SENT)
    return found


def anew() -> None:
    """Another one."""
    st.session_state.pop(SENT, None)
    _clear()


def resume(token: str) -> None:
    """Take up a report where it was left."""
    _clear()
    st.session_state[TOKEN] = token


def throw_away(here: Here, token: str) -> None:
    """Forget a report that leads nowhere."""
    field_reports.discard(here(), token)


def others(here: Here) -> tuple[drafts.Call, ...]:
    """The other reports of this person begun and not sent, newest first."""
    return tuple(each for each in field_reports.begun(here()) if each.token != token())


def is_begun() -> bool:
    """Whether anything was typed."""
    return any(st.session_state[HELD].get(name) for name in TEXTS)


def key(name: str) -> str:
    """The key of a field's widget."""
    return f"te_{name}"


def widget(name: str) -> str:
    """The key of what photographs are taken with: another one once they are kept, so that it empties."""
    return f"te_{name}_{st.session_state.get(TURN, 0)}"


def _nature() -> Nature | None:
    chosen = st.session_state.get(key("nature"))
    return Nature(chosen) if chosen else None


def _hold(here: Here, values: Mapping[str, Any]) -> None:
    held = {**EMPTY, "received_on": town_day(here().at), **values}
    if isinstance(held["received_on"], str):
        held["received_on"] = date.fromisoformat(held["received_on"])
    st.session_state[HELD] = {name: held[name] for name in EMPTY}


def _forget(besides: str = "") -> None:
    for name in EMPTY:
        if name != besides:
            st.session_state.pop(key(name), None)
    kept = {besides: st.session_state.get(key(besides))} if besides else {}
    st.session_state[HELD] = {**EMPTY, **kept}


def _clear() -> None:
    for name in (TOKEN, HELD, SENT, *map(key, EMPTY)):
        st.session_state.pop(name, None)
    st.query_params.clear()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

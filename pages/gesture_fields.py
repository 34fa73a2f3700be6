"""The fields of a gesture on a file: each a draft of this person from the moment it is typed."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import streamlit as st

from desk import coordinates, drafts
from desk.drafts import Draft
from desk.files import View
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

ITEMS = ("code", "planned_on", "done_on", "done_extension", "note", "citizen_text")
CORRECTED = ("priority", "civic", "street", "sector", "place_note", "facts")
WHO = tuple(coordinates.KEPT)
OTHERS = ("department", "wait_reason", "wait_words", "nature", "category", "last_reason", "telling")
DAYS = frozenset({"planned_on", "done_on"})


def seen(here: Here, view: View) -> None:
    """What stood there when typing began, be it in another session, goes back with the act."""
    if key(view, "seen") not in st.session_state:
        begun = {name: _day_of(name, draft.based_on) for name, draft in _drafts(here, view).items()}
        began_on = {name: value for name, value in begun.items() if name in _stood(view)}
        st.session_state[key(view, "seen")] = {**_stood(view), **began_on}


def given(view: View) -> dict[str, Any]:
    """What stands in the form now, by field; a field without a widget keeps what was seen."""
    began = {**_stood(view), **(st.session_state.get(key(view, "seen")) or {})}
    found = {name: st.session_state.get(key(view, name)) for name in (*OTHERS, *ITEMS, *CORRECTED, *WHO)}
    return {**found, "seen": began}


def items(given: Mapping[str, Any]) -> dict[str, Any]:
    """Annexe A's items among what was given."""
    return {name: given[name] for name in ITEMS if given[name] is not None}


def text(here: Here, view: View, name: str, label: str) -> None:
    """One line."""
    _lay(here, view, name)
    st.text_input(label, key=key(view, name), on_change=_keep, args=(here, view, name), autocomplete="off")


def area(here: Here, view: View, name: str, label: str) -> None:
    """Several lines."""
    _lay(here, view, name)
    st.text_area(label, key=key(view, name), on_change=_keep, args=(here, view, name), height=110)


def day(here: Here, view: View, name: str, label: str) -> None:
    """A day."""
    _lay(here, view, name)
    st.date_input(label, key=key(view, name), format="YYYY-MM-DD", on_change=_keep, args=(here, view, name))


def select(
    here: Here, view: View, name: str, label: str, options: Mapping[str, str], none: str = "À choisir"
) -> None:
    """One of ``options``, by their words; ``none`` is said while there is none."""
    _lay(here, view, name)
    speech.offered_only(key(view, name), options)
    st.selectbox(
        label, list(options), key=key(view, name), placeholder=none, index=None,
        format_func=lambda option: options.get(option, option), on_change=_keep, args=(here, view, name),
    )  # fmt: skip


def _lay(here: Here, view: View, name: str) -> None:
    """A field's first value: this person's draft, else what annexe A proposes, else what stands."""
    if key(view, name) in st.session_state:
        return
    kept = _drafts(here, view)
    value = kept[name].value if name in kept else view.closing_items.get(name, _stands(view, name))
    value = _day_of(name, value)
    if isinstance(value, StrEnum):
        value = value.value  # among choices that are words, Streamlit takes words only
    st.session_state[key(view, name)] = value if value is not None or name.endswith("_on") else ""


def write(here: Here, view: View, name: str, value: str) -> None:
    """Put a value in a field, for the person, and keep it."""
    st.session_state[key(view, name)] = value
    _keep(here, view, name)


def _keep(here: Here, view: View, name: str) -> None:
    value, based = st.session_state.get(key(view, name)), _stands(view, name)
    speech.attempt(lambda: drafts.keep(here(), view.id, name, plain(value), plain(based)), "dossier")


def _stands(view: View, name: str) -> Any:
    """What is on the file, of the file itself, of who asks or of whom it thanks."""
    thanked = view.mark.fields if view.mark else {}
    return thanked.get(name, _stood(view).get(name))


def _stood(view: View) -> Mapping[str, Any]:
    """What goes back with an act as what the person saw."""
    return {**view.seen, **view.coordinates.fields}


def _drafts(here: Here, view: View) -> dict[str, Draft]:
    return drafts.recall(here(), view.id)


def done(here: Here, view: View, names: Collection[str]) -> None:
    """What was typed in these fields has become something: forget it, and put the gesture away."""
    drafts.drop(here(), view.id, names)
    for name in names:
        st.session_state.pop(key(view, name), None)
    if began := st.session_state.get(key(view, "seen")):  # what stands from now on was not seen yet
        st.session_state[key(view, "seen")] = {name: began[name] for name in began if name not in names}
    put_away(view)


def _day_of(name: str, value: Any) -> Any:
    """A draft has its days as words."""
    return date.fromisoformat(value) if name in DAYS and isinstance(value, str) else value


def plain(value: Any) -> Any:
    """A value as a draft keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def key(view: View, name: str) -> str:
    """The key of a field's widget."""
    return f"do_{view.id}_{name}"


def differences(view: View) -> str:
    """The key of what another person has changed meanwhile."""
    return f"do_differences_{view.id}"


def gesture(view: View) -> str:
    """The key of the gesture chosen."""
    return f"do_gesture_{view.id}"


def put_away(view: View) -> None:
    """No gesture is chosen any more: said, not forgotten, else the browser would still show it chosen."""
    st.session_state[gesture(view)] = None

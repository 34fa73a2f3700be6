"""The fields of « Mettre la ville en place »: each change goes to the server at once, over what was seen."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from desk import plan as plans
from desk import settling
from desk.plan import Plan
from desk.visits import Visit
from pages import speech
from sync.versions import Difference

Here = Callable[[], Visit]

PLACE = "mise-en-place"
STEP = "etape"  # in the address
_DRAWN = "mp-drawn"  # field → what the server held, and what was drawn of it
_OTHERS = "mp-others"  # what somebody else typed meanwhile


def text(here: Here, plan: Plan, field: str, label: str = "", **more: Any) -> None:
    """One line of text."""
    _lay(plan, field)
    st.text_input(
        label or plans.label(field), key=key(field), on_change=_keep, args=(here, field), autocomplete="off",
        **more,
    )  # fmt: skip


def choice(
    here: Here, plan: Plan, field: str, options: Mapping[str, str], label: str = "", **more: Any
) -> None:
    """One of ``options`` (value → words)."""
    _lay(plan, field)
    speech.offered_only(key(field), options)
    st.radio(
        label or plans.label(field), list(options), key=key(field),
        format_func=lambda one: options.get(one, one), on_change=_keep, args=(here, field), **more,
    )  # fmt: skip


def send(here: Here, typed: Mapping[str, Any]) -> None:
    """Keep fields on the server; what somebody else typed there meanwhile is told, and stays."""
    drawn = st.session_state.get(_DRAWN, {})
    seen = {field: drawn.get(field, (None, None))[0] for field in typed}
    found = speech.attempt(lambda: settling.keep(here(), typed, seen), PLACE)
    if found:
        st.session_state.setdefault(_OTHERS, []).extend(found)


def go(here: Here, step: str) -> None:
    """To a step. What Streamlit cut short, a click having followed the last letter at once, is kept first."""
    drawn: Mapping[str, tuple[Any, Any]] = st.session_state.get(_DRAWN, {})
    unsent = {
        field: st.session_state[key(field)]
        for field, (_, shown) in drawn.items()
        if key(field) in st.session_state and st.session_state[key(field)] != shown
    }
    if unsent:
        send(here, unsent)
    st.query_params[STEP] = step


def seen(plan: Plan, field: str) -> None:
    """Remember what the server held of a field that is drawn otherwise than as one line."""
    st.session_state.setdefault(_DRAWN, {})[field] = (plan.kept.get(field), None)


def changed(plan: Plan, field: str) -> bool:
    """Whether what the server holds of such a field is not what was drawn last here."""
    drawn = st.session_state.get(_DRAWN, {})
    return field not in drawn or drawn[field][0] != plan.kept.get(field)


def others(here: Here) -> None:
    """What two people typed in one field: the other's stands; a click puts one's own instead."""
    for rank, each in enumerate(list(st.session_state.get(_OTHERS, ()))):
        with st.container(border=True):
            st.markdown(
                f"**{speech.escape(plans.label(each.field))}** : quelqu’un d’autre a écrit "
                f"« {_said(each.theirs)} » entre-temps ; vous aviez écrit « {_said(each.yours)} »."
            )
            with st.container(horizontal=True):
                st.button(
                    "Garder la sienne", key=f"mp-theirs-{rank}", on_click=_settle, args=(here, each, False)
                )
                st.button(
                    "Mettre la mienne", key=f"mp-mine-{rank}", on_click=_settle, args=(here, each, True)
                )


def key(field: str) -> str:
    """The key of a field's widget."""
    return f"mp_{field}"


def _lay(plan: Plan, field: str) -> None:
    """What stands under the field; what is being typed here is left unless the server has something newer."""
    drawn = st.session_state.setdefault(_DRAWN, {})
    now = (plan.kept.get(field), plan.value(field))
    if key(field) not in st.session_state or drawn.get(field) != now:
        st.session_state[key(field)] = now[1]
    drawn[field] = now


def _keep(here: Here, field: str) -> None:
    send(here, {field: st.session_state[key(field)]})


def _settle(here: Here, each: Difference, mine: bool) -> None:
    st.session_state[_OTHERS] = [one for one in st.session_state.get(_OTHERS, ()) if one != each]
    if mine:
        st.session_state.get(_DRAWN, {})[each.field] = (each.theirs, None)
        send(here, {each.field: each.yours})


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("label") or ("ouvert" if value.get("open") else "fermé")
    return speech.escape(str(value or "rien"))

"""What may be inserted in the text for the citizen: a template filled from the file, a resource."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from desk import answer_texts
from desk.answer_texts import Offered
from desk.files import View
from desk.visits import Visit
from pages import gesture_fields as fields
from policy.words import State

Here = Callable[[], Visit]


def offered(here: Here, view: View, state: State, name: str) -> None:
    """Under the text ``name``: what suits that state; what is chosen is added at its end, then corrected."""
    dates: Mapping[str, Any] = {
        each: st.session_state.get(fields.key(view, each)) for each in ("done_on", "planned_on")
    }
    left, right = st.columns(2)
    with left:
        _choice(here, view, name, "template", "Insérer un modèle",
                answer_texts.templates(here(), view.number, state, dates))  # fmt: skip
    with right:
        _choice(here, view, name, "resource", "Ajouter une ressource",
                answer_texts.resources(here(), view.number))  # fmt: skip
    if view.to_tell > 1:
        st.markdown(f":material/group: {view.to_tell} personnes liées à ce dossier liront ce texte.")


def _choice(here: Here, view: View, name: str, what: str, label: str, found: tuple[Offered, ...]) -> None:
    by_id = {each.id: each for each in found}
    key = f"do_insert_{what}_{view.id}"
    st.selectbox(
        label, list(by_id), key=key, index=None, placeholder="À choisir",
        format_func=lambda id: by_id[id].name if id in by_id else id,
        on_change=_insert, args=(here, view, name, key, by_id),
    )  # fmt: skip


def _insert(here: Here, view: View, name: str, key: str, by_id: Mapping[str, Offered]) -> None:
    chosen = by_id.get(str(st.session_state.get(key)))
    st.session_state[key] = None
    if chosen is None:
        return
    text = str(st.session_state.get(fields.key(view, name)) or "").rstrip()
    whole = f"{text}\n\n{chosen.text}" if text else chosen.text
    fields.write(here, view, name, whole)

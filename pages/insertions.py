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


def offered(here: Here, view: View) -> None:
    """Under the text: each thing chosen is added at its end, then corrected like the rest."""
    dates: Mapping[str, Any] = {
        name: st.session_state.get(fields.key(view, name)) for name in ("done_on", "planned_on")
    }
    left, right = st.columns(2)
    with left:
        _choice(here, view, "template", "Insérer un modèle",
                answer_texts.templates(here(), view.number, State.DONE, dates))  # fmt: skip
    with right:
        _choice(here, view, "resource", "Ajouter une ressource",
                answer_texts.resources(here(), view.number))  # fmt: skip
    if view.to_tell > 1:
        st.markdown(f":material/group: {view.to_tell} personnes liées à ce dossier liront ce texte.")


def _choice(here: Here, view: View, name: str, label: str, found: tuple[Offered, ...]) -> None:
    by_id = {each.id: each for each in found}
    key = f"do_insert_{name}_{view.id}"
    st.selectbox(
        label, list(by_id), key=key, index=None, placeholder="À choisir",
        format_func=lambda id: by_id[id].name if id in by_id else id,
        on_change=_insert, args=(here, view, key, by_id),
    )  # fmt: skip


def _insert(here: Here, view: View, key: str, by_id: Mapping[str, Offered]) -> None:
    chosen = by_id.get(str(st.session_state.get(key)))
    st.session_state[key] = None
    if chosen is None:
        return
    text = str(st.session_state.get(fields.key(view, "citizen_text")) or "").rstrip()
    whole = f"{text}\n\n{chosen.text}" if text else chosen.text
    fields.write(here, view, "citizen_text", whole)

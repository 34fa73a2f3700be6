"""Of a file: put right how the person who asks is reached, as it was typed at intake."""

from collections.abc import Callable

import streamlit as st

from desk import coordinates
from desk.acts import Outcome
from desk.files import View
from desk.visits import Visit
from pages import gesture_fields as fields
from pages import speech

Here = Callable[[], Visit]


def form(here: Here, view: View, place: str) -> None:
    """Kept as a draft like any gesture; what it changes elsewhere is said first."""
    fields.seen(here, view)
    if view.coordinates.files > 1:
        st.markdown(
            f"Ces coordonnées servent à {view.coordinates.files} dossiers de la même personne : tous suivent."
        )
    fields.text(here, view, "name", "Nom et prénom")
    left, right = st.columns(2)
    with left:
        fields.text(here, view, "phone", "Téléphone")
    with right:
        fields.text(here, view, "email", "Courriel")
    civic, street = st.columns([1, 3])
    with civic:
        fields.text(here, view, "home_civic", "Numéro civique de la personne")
    with street:
        fields.text(here, view, "home_street", "Rue de la personne")
    city, code = st.columns([3, 1])
    with city:
        fields.text(here, view, "home_city", "Municipalité")
    with code:
        fields.text(here, view, "home_postal_code", "Code postal")
    speech.hear(f"{place}-who")
    st.button("Enregistrer", key="do-who", type="primary", icon=":material/contact_phone:",
              on_click=_save, args=(here, view, place))  # fmt: skip


def _save(here: Here, view: View, place: str) -> None:
    def act() -> Outcome:
        given = fields.given(view)
        typed = {name: given[name] for name in fields.WHO if given[name] is not None}
        return coordinates.correct(here(), view.id, typed, given["seen"])

    done = speech.attempt(act, f"{place}-who")
    if done is None:
        return
    if done.differences:
        st.session_state[fields.differences(view)] = done.differences
        return
    speech.confirm(speech.escape(done.message), place)
    st.session_state.pop(fields.differences(view), None)
    fields.done(here, view, fields.WHO)

"""Of a comment being typed: whether it thanks somebody, whom, and the word to pass on (R-63)."""

import streamlit as st

from desk import thanks
from pages import call
from pages.call import Here
from pages.call_fields import area, choice, text, toggle


def part(here: Here) -> None:
    """Asked beside the department, which is the one thanked."""
    toggle(here, "thanks", "Remerciement")
    if not call.is_thanks():
        return
    st.markdown(
        "Le service remercié est celui choisi plus haut. Le mot lui est transmis, à lui et à la personne "
        "remerciée : rien n’y dit qui remercie."
    )
    left, right = st.columns(2)
    with left:
        choice(here, "thanked", "Employé remercié", thanks.people(here()), otherwise="Le service seulement")
    with right:
        text(here, "thanked_name", "Ou son nom, sans compte ici")
    area(here, "thanks_words", "Mot à transmettre", 80)

"""What is kept apart from a file, said on its screen to whoever may know it."""

from collections.abc import Callable

import streamlit as st

from desk import claims, courtesy, french
from desk.files import View
from desk.visits import Visit
from policy.words import Nature

Here = Callable[[], Visit]


def private(here: Here, view: View) -> None:
    """For those entitled; for the others, nothing at all."""
    nature = next((field.value for field in view.demand if field.name == "nature"), None)
    if nature is Nature.CLAIM and claims.has_claim(here(), view.number):
        st.link_button(
            "Le dommage et la décision", f"/reclamations?numero={view.number}", icon=":material/car_crash:"
        )
    until = courtesy.of_file(here(), view.number)
    if until is not None:
        st.warning(f"Service refusé jusqu’au {french.day(until, weekday=True)}.", icon=":material/block:")
    if view.citizen and courtesy.may_refuse(here()):
        st.markdown(f"[Courtoisie : refuser le service](/courtoisie?dossier={view.number})")

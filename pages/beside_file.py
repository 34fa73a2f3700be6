"""What is kept apart from a file, said on its screen to whoever may know it."""

from collections.abc import Callable

import streamlit as st

from desk import claims, courtesy, french, keeping
from desk.files import View
from desk.visits import Visit
from pages import speech
from policy.words import Nature

Here = Callable[[], Visit]


def private(here: Here, view: View) -> None:
    """For those entitled; for the others, nothing at all."""
    nature = next((field.value for field in view.demand if field.name == "nature"), None)
    if nature is Nature.CLAIM and claims.has_claim(here(), view.number):
        st.link_button(
            "Le dommage et la décision", f"/reclamations?numero={view.number}", icon=":material/car_crash:"
        )
    refused_service(here, view)
    _kept(here, view)
    if view.citizen and courtesy.may_refuse(here()):
        st.markdown(f"[Courtoisie : refuser le service](/courtoisie?dossier={view.number})")


def _kept(here: Here, view: View) -> None:
    """R-81: made anonymous, or held: whoever sees the file must know."""
    kept = keeping.of_file(here(), view.number)
    if kept.anonymous_since is not None:
        st.info(
            f"Rendu anonyme le {french.day_of(kept.anonymous_since)}, au terme de sa conservation : il n’en "
            "reste que ce que comptent les statistiques.",
            icon=":material/visibility_off:",
        )
    if kept.hold is not None:
        whose = "des dossiers de cette personne" if kept.hold.whole else "de ce dossier"
        why = f" {speech.escape(kept.hold.reason)}" if kept.hold.reason else ""
        st.warning(
            f"Conservation {whose} suspendue depuis le {french.day_of(kept.hold.since)} : rien n’en est "
            f"effacé.{why}",
            icon=":material/gavel:",
        )


def refused_service(here: Here, view: View) -> None:
    """R-8: the desk sees that service is refused, and nothing of why."""
    until = courtesy.of_file(here(), view.number)
    if until is not None:
        st.warning(f"Service refusé jusqu’au {french.day(until, weekday=True)}.", icon=":material/block:")

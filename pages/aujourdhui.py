"""Aujourd'hui: what this person has to do now, each number a door to what is behind it."""

from collections.abc import Callable

import streamlit as st

from desk import today
from desk.visits import Visit
from pages import speech, synchronisation

Here = Callable[[], Visit]

EVERY = 30.0  # seconds


def screen(here: Here) -> None:
    """What waits, the most pressing first; then how the table goes, and the mail when it does not."""
    st.title("Aujourd’hui")
    st.fragment(_live, run_every=EVERY)(here)


def _live(here: Here) -> None:
    visit = here()
    found = today.today(visit)
    if not found.waiting:
        st.success("Rien ne vous attend.", icon=":material/task_alt:")
    st.markdown("\n".join(f"- **[{speech.escape(each.words)}]({each.address})**" for each in found.waiting))
    if found.mail_trouble:
        st.warning(
            f"L’envoi des courriels est en difficulté : {speech.escape(found.mail_trouble)}. "
            "[Voir les courriels](/courriels)",
            icon=":material/sync_problem:",
        )
    if found.table is not None:
        st.header("La table de la ville", divider="gray", anchor=False)
        said = speech.escape(synchronisation.sentence(found.table, visit))
        st.markdown(f"{said} [Synchronisation](/synchronisation)")

"""À l'écoute, the thanks received: the day, whom they are for, the word passed on (R-63)."""

from collections.abc import Callable

import streamlit as st

from desk import french, thanks
from desk.thanks import Received
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]


def part(here: Here) -> None:
    """The latest first; nothing of who gave them."""
    found = thanks.heard(here())
    st.header("Remerciements", divider="gray", anchor=False)
    whose = "Tous ceux de la ville" if found.everyone else "Ceux qui vous nomment, ou vont à votre service"
    st.markdown(f"{whose}. Rien n’y dit qui remercie.")
    if not found.total:
        st.info("Aucun remerciement encore.", icon=":material/volunteer_activism:")
        if found.everyone:
            st.markdown("À *Nouvelle demande*, un commentaire se marque « Remerciement ».")
    for each in found.latest:
        with st.container(border=True):
            st.markdown(_words(each))
            if each.words:
                st.text(f"« {each.words} »")
    if found.total > len(found.latest):
        st.markdown(f"Les {len(found.latest)} derniers, sur {french.number(found.total)}.")


def _words(each: Received) -> str:
    who = " · ".join(speech.escape(part) for part in (each.department, each.employee) if part)
    link = f" — dossier [{each.number}](/dossier?numero={each.number})" if each.number else ""
    return f":material/volunteer_activism: **{who}**, {french.day(each.on)}{link}"

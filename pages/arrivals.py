"""The field reports of À accueillir: each made a demand, declined with a reason, or sent elsewhere."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from desk import field_inbox
from desk.field_inbox import Arrival
from desk.visits import Visit
from pages import call, call_report, speech

Here = Callable[[], Visit]

PLACE = "a-accueillir"
SHOWN = 30  # drawn at once, the oldest first


def reports(here: Here) -> int:
    """Draw those that wait, the oldest first; how many there are."""
    found = field_inbox.waiting(here())
    if found:
        st.header("Signalements terrain", divider="gray", anchor=False)
    for arrival in found[:SHOWN]:
        with st.container(border=True, key=f"as-{arrival.report.id}"):
            _one(here, arrival)
    if len(found) > SHOWN:
        st.markdown(f"Les {SHOWN} plus anciens ; {len(found) - SHOWN} autres suivront.")
    return len(found)


def _one(here: Here, arrival: Arrival) -> None:
    st.markdown(call_report.head(arrival, here()))
    st.markdown(call_report.said(arrival.report.noted, arrival.department))
    call_report.lacks(arrival)
    call_report.pictures(arrival.photos)
    with st.container(horizontal=True):
        st.link_button("Accueillir", _address(arrival), icon=":material/add_task:")
        _decline(here, arrival)
        _elsewhere(here, arrival)


def _address(arrival: Arrival) -> str:
    token = field_inbox.token_of(arrival.report.id)
    return f"/nouvelle-demande?{urlencode({call.TYPING: token})}"


def _decline(here: Here, arrival: Arrival) -> None:
    id = arrival.report.id
    with st.popover("Refuser", icon=":material/block:", key=f"as-door-{id}"):
        st.markdown(f"{speech.escape(arrival.author)} lira le motif parmi ses signalements.")
        st.text_input("Motif du refus", key=f"as_reason_{id}", autocomplete="off")
        st.button("Refuser le signalement", key=f"as-decline-{id}", on_click=_declined, args=(here, id))


def _elsewhere(here: Here, arrival: Arrival) -> None:
    id = arrival.report.id
    with st.popover("C’est une plainte", icon=":material/shield_person:", key=f"as-elsewhere-door-{id}"):
        st.markdown(
            "Une plainte, ou une demande d’accès, ne s’inscrit pas avec les demandes. **Rien de ce "
            "signalement ne sera gardé, ni texte ni photo** : appelez d’abord la personne, ou notez de quoi "
            "la rappeler, puis déposez la plainte à son écran (P §4.4)."
        )
        st.button("N’en rien garder", key=f"as-elsewhere-{id}", on_click=_sent_elsewhere, args=(here, id))


def _declined(here: Here, id: str) -> None:
    reason = str(st.session_state.get(f"as_reason_{id}") or "")

    def act() -> str:
        field_inbox.decline(here(), id, reason)
        return "Le signalement est refusé ; la personne qui l’a envoyé lira pourquoi."

    if said := speech.attempt(act, PLACE):
        speech.confirm(said, PLACE)


def _sent_elsewhere(here: Here, id: str) -> None:
    def act() -> str:
        field_inbox.send_elsewhere(here(), id)
        return "Rien n’est gardé de ce signalement."

    if said := speech.attempt(act, PLACE):
        speech.confirm(said, PLACE)

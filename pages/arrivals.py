"""The field reports of À accueillir: each made a demand, declined with a reason, or sent elsewhere."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from desk import field_inbox
from desk.citizens import Caller, nearby
from desk.contacts import Again
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
        _join(here, arrival)
        _decline(here, arrival)
        _elsewhere(here, arrival)


def _address(arrival: Arrival) -> str:
    token = field_inbox.token_of(arrival.report.id)
    return f"/nouvelle-demande?{urlencode({call.TYPING: token})}"


def _join(here: Here, arrival: Arrival) -> None:
    """R-9: it is about a file that is open; those at the same place are shown."""
    id, noted = arrival.report.id, arrival.report.noted
    with st.popover("Joindre à un dossier", icon=":material/link:", key=f"as-join-door-{id}"):
        st.markdown("Le signalement est noté au dossier, ses photos s’y ajoutent ; aucun nouveau numéro.")
        near = {
            each.number: f"{each.number} — {each.category or each.place}"
            for each in nearby(here(), noted.street, noted.civic)
        }
        if near:
            st.markdown("Ouverts au même endroit : " + ", ".join(
                f"[{speech.escape(words)}](/dossier?numero={number})" for number, words in near.items()
            ))  # fmt: skip
        st.text_input("Numéro du dossier", key=f"as_number_{id}", autocomplete="off")
        st.button("Joindre", key=f"as-join-{id}", on_click=_joined, args=(here, arrival))


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


def _joined(here: Here, arrival: Arrival) -> None:
    id, noted = arrival.report.id, arrival.report.noted
    number = str(st.session_state.get(f"as_number_{id}") or "")
    caller = Caller(
        name=noted.name, phone=noted.phone, email=noted.email, civic=noted.home_civic,
        street=noted.home_street, city=noted.home_city, postal_code=noted.home_postal_code,
    )  # fmt: skip
    again = Again(id, number, words=noted.facts or "Signalé de nouveau sur le terrain.", caller=caller)
    done = speech.attempt(lambda: field_inbox.join(here(), id, again), PLACE)
    if done is not None:
        speech.confirm(done.sentence, PLACE)


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

"""The form that receives a request for access: kept in this tab only, then a number and no more of it."""

import uuid
from collections.abc import Callable
from datetime import datetime, time

import streamlit as st

from desk import access, access_intake
from desk.access_intake import ORALLY, Asked, Received
from desk.visits import Visit
from pages import speech
from pages.tab_form import KEPT_HERE, Form
from policy.towntime import from_town
from policy.words import Channel

Here = Callable[[], Visit]

PLACE = "acces-saisie"
TOKEN, DONE = "ac-token", "ac-done"  # of this tab
LABELS = {
    "handed": "La personne a remis un écrit",
    "day": "Reçue le (laisser vide : maintenant)",
    "hour": "À",
    "organisation": "Organisme, s’il y a lieu",
}
CHANNELS = {channel.value: channel.value for channel in Channel if channel is not Channel.FIELD}
EMPTY = {
    **dict.fromkeys(("name", "organisation", "email", "phone", "civic", "street", "city", "postal_code"), ""),
    "words": "", "channel": Channel.EMAIL.value, "handed": False, "day": None, "hour": time(8),
}  # fmt: skip


def screen(here: Here) -> None:
    """The form, or the number just given."""
    done: Received | None = st.session_state.get(DONE)
    if done is not None:
        _received(done)
        return
    form = Form("ac-new", lambda name: LABELS.get(name) or access.label(name))
    st.session_state.setdefault(TOKEN, uuid.uuid4().hex)
    form.lay(EMPTY)
    st.header("La demande", divider="gray", anchor=False)
    _how(form)
    form.area("words", height=160, help="Assez précis pour les trouver : sujet, période, adresse, contrat…")
    st.header("La personne", divider="gray", anchor=False)
    _who(form)
    speech.hear(PLACE)
    st.button(
        "Inscrire la demande d’accès", key="ac-save", type="primary", icon=":material/save:",
        shortcut="Ctrl+Enter", on_click=_save, args=(here, form),
    )  # fmt: skip
    st.markdown(KEPT_HERE)


def _how(form: Form) -> None:
    channel, day, hour = st.columns([3, 3, 2])
    with channel:
        form.choice("channel", CHANNELS)
    with day:
        form.day("day")
    if form.value("day") is not None:
        with hour:
            form.hour("hour")
    if form.value("channel") == Channel.IN_PERSON.value:
        form.box("handed")
    if not _written(form):
        st.info(
            "De vive voix : la demande est notée, aucun délai ne court avant l’arrivée d’un écrit.",
            icon=":material/record_voice_over:",
        )


def _who(form: Form) -> None:
    left, right = st.columns(2)
    with left:
        form.text("name")
        form.text("email")
    with right:
        form.text("organisation")
        form.text("phone")
    civic, street = st.columns([1, 3])
    with civic:
        form.text("civic")
    with street:
        form.text("street")
    city, postal = st.columns([3, 2])
    with city:
        form.text("city")
    with postal:
        form.text("postal_code")


def _save(here: Here, form: Form) -> None:
    asked = _asked(form)
    received = speech.attempt(lambda: access_intake.receive(here(), asked), PLACE)
    if received is not None:
        st.session_state[DONE] = received
        _begin_anew(form)


def _begin_anew(form: Form) -> None:
    form.clear()
    st.session_state.pop(TOKEN, None)


def _asked(form: Form) -> Asked:
    channel, day = form.value("channel"), form.value("day")
    hour = form.value("hour") or time(8)
    texts = {name: str(form.value(name) or "") for name, empty in EMPTY.items() if empty == ""}
    return Asked(
        token=st.session_state[TOKEN],
        channel=Channel(channel) if channel else None,
        received_at=from_town(datetime.combine(day, hour)) if day else None,
        written=_written(form),
        **texts,
    )


def _written(form: Form) -> bool:
    channel = form.value("channel")
    return channel not in ORALLY or (channel == Channel.IN_PERSON.value and bool(form.value("handed")))


def _received(done: Received) -> None:
    """The number, the dates, what is said to the person; the desk reads no more of it."""
    if done.again:
        st.info("Cette demande était déjà inscrite : voici son numéro.", icon=":material/info:")
    st.metric("Numéro de la demande d’accès", done.number)
    if done.due is None:
        st.warning(speech.escape(done.to_say), icon=":material/record_voice_over:")
    else:
        st.markdown(f"Réponse au plus tard le **{speech.when(done.due)}**.")
        speech.why(done.due)
    if done.opens:
        st.link_button("Ouvrir la demande", f"/acces?numero={done.number}", icon=":material/folder_open:")
    else:
        st.markdown(
            "Notez ce numéro : la direction générale et le greffier s’en occupent, et la demande ne se "
            "consulte plus d’ici."
        )
    st.button("Inscrire une autre demande", key="ac-another", on_click=_another)


def _another() -> None:
    st.session_state.pop(DONE, None)

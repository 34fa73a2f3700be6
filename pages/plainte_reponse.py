"""The written answer to a complaint, and who may read it with who investigates (R-32, R-33)."""

from collections.abc import Callable

import streamlit as st

from desk import french, investigations, investigators
from desk.complaint_file import ComplaintFile, Reader
from desk.visits import Visit
from pages import speech
from pages.plainte_gestes import PLACE, hear, told
from pages.tab_form import KEPT_HERE, Form
from policy.private_words import ComplaintState
from policy.towntime import town_day

Here = Callable[[], Visit]

LABELS = {"answer": "Texte de la réponse", "on": "Transmise le"}
OF_READER = {"account": "Qui peut lire cette plainte", "why": "Pourquoi cette personne doit la lire"}


def part(here: Here, view: ComplaintFile) -> None:
    """R-32: the text, the letter looked at before it leaves, the day it left."""
    st.header("Réponse à la personne", divider="gray", anchor=False)
    if view.answered_on is not None:
        st.markdown(
            f":material/mark_email_read: Transmise le {french.day(view.answered_on, weekday=True)} ; la "
            "lettre est parmi les documents."
        )
    if view.answered_on is not None or not view.mine:
        st.text(view.answer or "Aucun texte encore.")
        return
    if view.complaint.anonymous:
        st.markdown("La plainte est anonyme : personne à qui répondre.")
        return
    _write(here, view)
    if view.answer or view.state is ComplaintState.INADMISSIBLE:
        st.link_button(
            "Aperçu de la lettre", f"/telecharger/plainte-lettre?numero={view.number}",
            icon=":material/preview:",
        )  # fmt: skip
    if view.to_answer:
        _send(here, view)


def readers(here: Here, view: ComplaintFile) -> None:
    """R-33: those admitted to it, since when and why; one more, one less."""
    st.header("Qui peut la lire", divider="gray", anchor=False)
    st.markdown(
        "Vous, et les personnes que vous nommez. Une personne que la plainte nomme ne peut pas l’être."
    )
    for reader in view.readers:
        _reader(here, view.number, reader)
    form = Form(f"pl-reader-{view.number}", lambda name: OF_READER[name])
    form.lay({"account": None, "why": ""})
    with st.expander("Admettre une personne", icon=":material/person_add:", expanded=bool(form.typed)):
        form.choice("account", {each.id: each.name for each in investigators.colleagues(here())})
        form.text("why")
        hear(f"{PLACE}-reader")
        st.button("Admettre", key="pl-reader", on_click=_admit, args=(here, view.number, form))


def _write(here: Here, view: ComplaintFile) -> None:
    form = Form(f"pl-answer-{view.number}", lambda name: LABELS[name])
    form.lay({"answer": view.answer})
    form.differences()
    form.area("answer", height=200)
    if view.state is ComplaintState.INADMISSIBLE:
        st.markdown("La lettre donne chaque motif d’irrecevabilité ; ce texte s’y ajoute s’il y en a un.")
    hear(f"{PLACE}-answer")
    st.button(
        "Enregistrer la réponse", key="pl-answer", icon=":material/save:", on_click=_keep,
        args=(here, view.number, form),
    )  # fmt: skip
    st.markdown(KEPT_HERE)


def _keep(here: Here, number: str, form: Form) -> None:
    words, seen = str(form.value("answer") or ""), str(form.seen.get("answer") or "")
    outcome = speech.attempt(
        lambda: investigations.write_answer(here(), number, words, seen), f"{PLACE}-answer"
    )
    form.done(outcome, PLACE)


def _send(here: Here, view: ComplaintFile) -> None:
    form = Form(f"pl-sent-{view.number}", lambda name: LABELS[name])
    form.lay({"on": town_day(here().at)})
    form.day("on")
    hear(f"{PLACE}-sent")
    st.button(
        "La réponse est partie", key="pl-sent", type="primary", icon=":material/send:", on_click=_sent,
        args=(here, view.number, form),
    )  # fmt: skip


def _sent(here: Here, number: str, form: Form) -> None:
    on = form.value("on") or town_day(here().at)
    outcome = speech.attempt(lambda: investigations.mark_answered(here(), number, on), f"{PLACE}-sent")
    form.done(outcome, PLACE)


def _reader(here: Here, number: str, reader: Reader) -> None:
    until = f" au {french.moment(reader.until)}" if reader.until else ""
    since = f"{'Du' if reader.until else 'Depuis le'} {french.moment(reader.since)}{until}"
    with st.container(border=True):
        st.markdown(f"**{speech.escape(reader.name)}** — {speech.escape(reader.reason)}  \n{since}")
        if reader.until is None:
            st.button(
                "Retirer la lecture", key=f"pl-unread-{reader.id}", on_click=_withdraw,
                args=(here, number, reader.id),
            )  # fmt: skip


def _admit(here: Here, number: str, form: Form) -> None:
    account, why = str(form.value("account") or ""), str(form.value("why") or "")
    told(
        speech.attempt(lambda: investigations.name_reader(here(), number, account, why), f"{PLACE}-reader"),
        form,
    )


def _withdraw(here: Here, number: str, reader: str) -> None:
    gone = speech.attempt(lambda: investigations.withdraw_reader(here(), number, reader), PLACE)
    if gone is not None:
        speech.confirm(gone, PLACE)

"""Courriels: what left, what waits, what was refused; what the desk has to do because a mail could not."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from desk import french, postbook, second_sendings
from desk.postbook import PAGE, Sent
from desk.visits import Visit
from pages import renvoi, speech
from sync.states import MailKind, MailState

Here = Callable[[], Visit]

PLACE = "courriels"
OF_A_LIST = "Une liste se renvoie depuis [Listes mensuelles](/listes?vue=envois), avec sa raison."
SHAPES = {
    MailState.READY: ":blue-badge[:material/schedule_send: {}]",
    MailState.CLAIMED: ":blue-badge[:material/outgoing_mail: {}]",
    MailState.SENT: ":green-badge[:material/mark_email_read: {}]",
    MailState.RETRY: ":orange-badge[:material/sync_problem: {}]",
    MailState.REFUSED: ":red-badge[:material/unsubscribe: {}]",
}


def screen(here: Here) -> None:
    """What is to be done first, then the book of mails, one opened as its reader sees it."""
    st.title("Courriels")
    speech.hear(PLACE)
    _health(here)
    _tasks(here)
    st.header("Tous les courriels", divider="gray")
    _book(here)


def _health(here: Here) -> None:
    health = postbook.health(here())
    if health.folder:
        st.info(
            "Aucun serveur de courriel n’est réglé : chaque courriel est gardé dans le dossier "
            f"{speech.escape(health.folder)} et se lit ici.",
            icon=":material/folder_open:",
        )
    if health.trouble:
        st.warning(
            f"L’envoi est en difficulté : {speech.escape(health.trouble)}. Rien n’est perdu, "
            "l’horloge réessaie d’elle-même.",
            icon=":material/sync_problem:",
        )
    last = (
        f"Dernier envoi le {french.moment(health.last_sent)}."
        if health.last_sent
        else "Rien n’est encore parti."
    )
    waiting = f" {health.waiting} en attente." if health.waiting else " Rien n’attend."
    st.markdown(last + waiting)


def _tasks(here: Here) -> None:
    tasks = postbook.tasks(here())
    if not tasks:
        return
    st.header(f"À faire ({len(tasks)})", divider="gray")
    for task in tasks:
        words, act = st.columns([4, 1], vertical_alignment="center")
        due = f" — d’ici le {french.moment(task['due_at'])}" if task["due_at"] else ""
        link = f" [{task['number']}](/dossier?numero={task['number']})" if task["number"] else ""
        words.markdown(f"**{task['kind'].value}**{link}{due}  \n{speech.escape(task['words'] or '')}")
        said = f"{task['kind'].value} {task['number'] or ''}".strip()
        act.button(
            "C’est fait", key=f"co-done-{task['id']}", on_click=_settle, args=(here, task["id"], said),
            width="stretch",
        )  # fmt: skip
        with words.container(horizontal=True, vertical_alignment="center"):
            if task["letter"] and task["number"]:
                letter(task["number"], key=f"co-letter-{task['id']}")
            if task["of_a_list"]:
                st.markdown(OF_A_LIST)
            elif task["mail"]:
                renvoi.offer(here, task["mail"], f"task_{task['id']}", PLACE)


def letter(number: str, key: str = "") -> None:
    """R-5: the acknowledgement on paper, for who cannot be written to."""
    st.link_button(
        "Accusé de réception à imprimer", f"/telecharger/accuse?numero={number}", icon=":material/print:",
        key=key or f"letter-{number}",
    )  # fmt: skip


def _settle(here: Here, task: str, said: str) -> None:
    def act() -> str:
        postbook.settle(here(), task)
        return f"Fait : {said}."

    if done := speech.attempt(act, PLACE):
        speech.confirm(done, PLACE)


def _book(here: Here) -> None:
    left, right = st.columns(2)
    with left:
        kind = st.selectbox(
            "Sorte",
            [None, *MailKind],
            format_func=lambda each: each.value if each else "Toutes",
            key="co_kind",
        )
    with right:
        state = st.selectbox(
            "État",
            [None, *MailState],
            format_func=lambda each: each.value if each else "Tous",
            key="co_state",
        )
    number = int(st.session_state.get("co_page") or 1)
    found = postbook.page(here(), kind, state, number - 1)
    if not found:
        st.info("Aucun courriel ne correspond.", icon=":material/mail_off:")
    for mail in found:
        _line(here, mail)
    if len(found) == PAGE or number > 1:
        st.number_input("Page", min_value=1, key="co_page", step=1)


def _line(here: Here, mail: Sent) -> None:
    state = SHAPES[mail.state].format(mail.state.value)
    when = mail.sent_at or mail.drawn_at
    remarks = f"  \n:material/info: {speech.escape(' · '.join(mail.remarks))}" if mail.remarks else ""
    to = speech.escape(mail.to_name or mail.to_address)
    with st.expander(f"{mail.kind.value} — {to} — {french.moment(when)} {state}"):
        file = f" · [Ouvrir le dossier](/dossier?numero={mail.file})" if mail.file else ""
        st.markdown(f"**{speech.escape(mail.subject)}**  \nÀ {speech.escape(mail.to_address)}{file}{remarks}")
        if st.toggle("Voir le courriel comme son lecteur", key=f"co_open_{mail.mail}"):
            st.iframe(f"/telecharger/courriel?{urlencode({'id': mail.mail})}", height=480)
        if second_sendings.is_offered(mail):
            renvoi.offer(here, mail.mail, mail.mail, PLACE)
        elif mail.month:
            st.markdown(OF_A_LIST)

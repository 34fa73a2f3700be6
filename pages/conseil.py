"""Listes du conseil: those that were mailed to whoever is here, read again as they left (R-23)."""

from collections.abc import Callable

import streamlit as st

from desk import council_mails, french
from desk.postbook import Sent
from desk.visits import Visit
from pages import courriel_lu, speech

Here = Callable[[], Visit]


def screen(here: Here) -> None:
    """One list at a time, the latest first."""
    st.title("Listes du conseil")
    st.markdown("Celles qui vous ont été envoyées, telles qu’elles sont parties ce jour-là.")
    found = council_mails.mine(here())
    if not found:
        st.info(
            "Aucune liste ne vous a encore été envoyée à l’adresse de votre compte.",
            icon=":material/mail_off:",
        )
        return
    at = st.selectbox(
        "Liste", range(len(found)), format_func=lambda place: _named(found[place]), key="co_which"
    )
    _opened(here, found[at or 0])


def _named(mail: Sent) -> str:
    """« Octobre 2026, envoyée le 2 novembre 2026 à 8 h 05 »."""
    month = mail.month.words.capitalize() if mail.month else mail.subject
    when = f", envoyée le {french.moment(mail.sent_at)}" if mail.sent_at else ""
    return f"{month}{when}{' (renvoi)' if mail.again_of else ''}"


def _opened(here: Here, mail: Sent) -> None:
    st.markdown(f"**Objet : {speech.escape(mail.subject)}**")
    joined = council_mails.read(here(), mail.mail).letter.attachments
    courriel_lu.shown("conseil", "conseil-jointe", {"id": mail.mail}, joined)

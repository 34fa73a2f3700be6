"""Pièces jointes: what was brought to a file, what one brings, what one takes off it."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from desk import attachments, french
from desk.attachments import Attachment
from desk.contents import SUFFIXES, size_words
from desk.files import View
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

PLACE = "pieces-jointes"


def part(here: Here, view: View) -> None:
    """The part of the Dossier: the list, each document a link, then where one drops others."""
    st.header("Pièces jointes", divider="gray")
    speech.hear(PLACE)
    found = attachments.listed(here(), view.number)
    if not found:
        st.markdown("Aucune pièce n’est jointe à ce dossier.")
    for each in found:
        _line(here, each)
    _bring(here, view)


def _line(here: Here, each: Attachment) -> None:
    told, door = st.columns([4, 1], vertical_alignment="center")
    with told:
        added = f" par {speech.escape(each.added_by)}" if each.added_by else ""
        st.markdown(
            f"[{speech.escape(each.name)}](/telecharger/document?id={each.id}) — {each.size_words}, "
            f"le {french.moment(each.added_at)}{added}"
        )
    with door, st.popover("Retirer", icon=":material/delete:", type="tertiary", key=f"pj-door-{each.id}"):
        st.markdown("Son contenu sera effacé ; qu’elle a été là reste au fil du dossier.")
        st.text_input("Pourquoi ?", key=_why(each.id), max_chars=2_000)
        st.button("Retirer la pièce", key=f"pj-remove-{each.id}", on_click=_remove, args=(here, each))


def _bring(here: Here, view: View) -> None:
    """The uploader shows how far each document is; its key changes once they are kept, so that it empties."""
    key = f"pj_{view.id}_{st.session_state.get(_turn(view.id), 0)}"
    chosen = st.file_uploader(
        "Joindre des documents", type=list(SUFFIXES), accept_multiple_files=True, key=key,
        help=f"Jusqu’à {size_words(here().house.attachment_most)} chacun.",
    )  # fmt: skip
    if chosen:
        many = len(chosen) > 1
        st.button(
            f"Joindre les {len(chosen)} documents" if many else "Joindre le document", key="pj-add",
            type="primary", icon=":material/attach_file:", on_click=_add, args=(here, view, chosen),
        )  # fmt: skip


def _add(here: Here, view: View, chosen: Sequence[Any]) -> None:
    documents = [(each.name, each.getvalue()) for each in chosen]
    kept = speech.attempt(lambda: attachments.add(here(), view.number, documents), PLACE)
    if kept is None:
        return
    st.session_state[_turn(view.id)] = st.session_state.get(_turn(view.id), 0) + 1
    names = ", ".join(f"« {each.name} »" for each in kept)
    speech.confirm(f"{'Jointes' if len(kept) > 1 else 'Jointe'} au dossier : {speech.escape(names)}.", PLACE)


def _remove(here: Here, each: Attachment) -> None:
    reason = str(st.session_state.get(_why(each.id)) or "")

    def gone() -> bool:
        attachments.remove(here(), each.id, reason)
        return True

    if speech.attempt(gone, PLACE):
        speech.confirm(f"Retirée du dossier : « {speech.escape(each.name)} ».", PLACE)


def _why(id: str) -> str:
    return f"pj_why_{id}"


def _turn(id: str) -> str:
    return f"pj_turn_{id}"

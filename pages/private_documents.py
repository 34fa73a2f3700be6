"""Documents of a private file: for its own people, the list, where one drops others, what is taken off."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from desk import french, private_documents
from desk.contents import SUFFIXES, size_words
from desk.private_documents import Document
from desk.scope import NotFound
from desk.visits import Visit
from pages import speech
from policy.private_words import PrivateKind

Here = Callable[[], Visit]

PLACE = "documents-prives"


def part(here: Here, kind: PrivateKind, record: str) -> None:
    """The part of a private file's screen, by the file's id; nothing in an address but a document's id."""
    st.header("Documents", divider="gray")
    speech.hear(PLACE)
    try:
        found = private_documents.listed(here(), kind, record)
    except NotFound as refusal:
        speech.say(refusal)
        return
    handled = private_documents.may_handle(here(), kind, record)
    if not found:
        st.markdown("Aucun document n’est joint à ce dossier.")
    for each in found:
        _line(here, each, handled)
    if handled:
        _bring(here, kind, record)


def _line(here: Here, each: Document, handled: bool) -> None:
    told, door = st.columns([4, 1], vertical_alignment="center")
    with told:
        added = f" par {speech.escape(each.added_by)}" if each.added_by else ""
        st.markdown(
            f"[{speech.escape(each.name)}](/telecharger/document-prive?id={each.id}) — {each.kind.value}, "
            f"{each.size_words}, le {french.moment(each.added_at)}{added}"
        )
    if not (handled and each.removable):
        return
    with door, st.popover("Retirer", icon=":material/delete:", type="tertiary", key=f"dp-door-{each.id}"):
        st.markdown("Son contenu sera détruit ; qu’il a été là reste au dossier.")
        st.text_input("Pourquoi ?", key=_why(each.id), max_chars=2_000)
        st.button("Retirer le document", key=f"dp-remove-{each.id}", on_click=_remove, args=(here, each))


def _bring(here: Here, kind: PrivateKind, record: str) -> None:
    """The key of the uploader changes once the documents are kept, so that it empties."""
    chosen = st.file_uploader(
        "Joindre des documents", type=list(SUFFIXES), accept_multiple_files=True,
        key=f"dp_{record}_{st.session_state.get(_turn(record), 0)}",
        help=f"Jusqu’à {size_words(here().house.attachment_most)} chacun. Ils sont chiffrés.",
    )  # fmt: skip
    if chosen:
        many = len(chosen) > 1
        st.button(
            f"Joindre les {len(chosen)} documents" if many else "Joindre le document", key="dp-add",
            type="primary", icon=":material/attach_file:", on_click=_add, args=(here, kind, record, chosen),
        )  # fmt: skip


def _add(here: Here, kind: PrivateKind, record: str, chosen: Sequence[Any]) -> None:
    documents = [(each.name, each.getvalue()) for each in chosen]
    kept = speech.attempt(lambda: private_documents.add(here(), kind, record, documents), PLACE)
    if kept is None:
        return
    st.session_state[_turn(record)] = st.session_state.get(_turn(record), 0) + 1
    speech.confirm("Joint au dossier." if len(kept) == 1 else f"{len(kept)} documents joints.", PLACE)


def _remove(here: Here, each: Document) -> None:
    reason = str(st.session_state.get(_why(each.id)) or "")

    def gone() -> bool:
        private_documents.remove(here(), each.id, reason)
        return True

    if speech.attempt(gone, PLACE):
        speech.confirm("Le document est retiré.", PLACE)


def _why(id: str) -> str:
    return f"dp_why_{id}"


def _turn(record: str) -> str:
    return f"dp_turn_{record}"

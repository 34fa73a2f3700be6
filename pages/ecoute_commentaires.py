"""À l'écoute, the comments received: the day, the department, the words, the file (R-62)."""

from collections.abc import Callable

import streamlit as st

from desk import comments, french
from desk.comments import Comment
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]


def part(here: Here) -> None:
    """Those of the last seven days, then the ones before; who made one is in its file."""
    page = int(st.session_state.get("ec_page") or 1)
    found = comments.heard(here(), page - 1)
    st.header("Commentaires", divider="gray", anchor=False)
    st.markdown("Les remerciements sont à part. Qui commente se lit au dossier.")
    if not found.comments:
        st.info("Aucun commentaire ici.", icon=":material/chat_bubble:")
    recent = [each for each in found.comments if each.lately]
    earlier = [each for each in found.comments if not each.lately]
    if recent:
        st.subheader(f"Depuis sept jours : {french.number(found.lately)}", anchor=False)
        _lines(recent)
    if earlier:
        st.subheader("Avant", anchor=False)
        _lines(earlier)
    if found.more or page > 1:
        st.number_input("Page", min_value=1, max_value=page + int(found.more), key="ec_page", step=1)


def _lines(several: list[Comment]) -> None:
    for each in several:
        with st.container(border=True):
            what = " · ".join(speech.escape(part) for part in (each.department, each.category) if part)
            link = f"dossier [{each.number}](/dossier?numero={each.number})"
            st.markdown(
                f":material/chat_bubble: **{what or 'Sans service'}**, {french.day(each.on)} — {link}"
            )
            if each.words:
                st.text(each.words)

"""A mail as it is read: its richer form in a frame, its text alone, what is joined."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from desk.letters import Attachment


def shown(mail: str, piece: str, asked: Mapping[str, object], joined: Sequence[Attachment]) -> None:
    """``mail`` and ``piece`` are the downloads of the mail and of what is joined; ``asked``, which mail."""
    st.iframe(f"/telecharger/{mail}?{urlencode(asked)}", height=560)
    with st.container(horizontal=True):
        st.link_button(
            "Texte seul", f"/telecharger/{mail}?{urlencode({**asked, 'forme': 'texte'})}",
            icon=":material/notes:",
        )  # fmt: skip
        for place, attachment in enumerate(joined):
            st.link_button(
                f"{attachment.name}, joint au courriel",
                f"/telecharger/{piece}?{urlencode({**asked, 'piece': place})}",
                icon=":material/attach_file:",
            )

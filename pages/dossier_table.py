"""The part of the Dossier that says where its row stands in the town's table, and looks again by itself."""

from collections.abc import Callable

import streamlit as st

from desk import files, row_state
from desk.files import View
from desk.row_state import RowState, Stands
from desk.scope import NotFound
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

EVERY = 4.0  # seconds
SHAPES = {
    Stands.AGREED: ":green-badge[:material/cloud_done: {}]",
    Stands.WAITING: ":blue-badge[:material/cloud_upload: {}]",
    Stands.DISPUTED: ":orange-badge[:material/call_split: {}]",
    Stands.REJECTED: ":orange-badge[:material/block: {}]",
    Stands.WITHDRAWN: ":gray-badge[:material/cloud_off: {}]",
    Stands.OUTSIDE: ":gray-badge[:material/cloud_off: {}]",
}


def line(here: Here, view: View) -> None:
    """One quiet line; and when the file has changed since it was read, the whole screen is drawn again."""
    st.fragment(_live, run_every=EVERY)(here, view.id, view.version)


def columns(here: Here, view: View) -> None:
    """What the row holds in columns that are not ours."""
    found = _state(here, view.id)
    if found is None or not found.extras:
        return
    st.header("Autres colonnes de la table", divider="gray")
    st.markdown(
        "  \n".join(f"{speech.escape(title)} : **{speech.escape(text)}**" for title, text in found.extras)
    )


def _live(here: Here, file: str, version: int) -> None:
    if files.versions(here(), [file]) != {file: version}:
        st.rerun()
    found = _state(here, file)
    if found is None:
        return
    shape = SHAPES[found.stands].format(found.stands.value)
    said = [f"{shape} {speech.escape(found.remote)} : {speech.escape(found.words)}"]
    said += [speech.escape(told) for told in found.held]
    if found.settles:
        said.append("[Choisir, à l’écran Synchronisation](/synchronisation)")
    st.markdown("  \n".join(said))


def _state(here: Here, file: str) -> RowState | None:
    try:
        return row_state.row_state(here(), file)
    except NotFound:  # it has just left this person's sight: the screen says so when it is drawn again
        return None

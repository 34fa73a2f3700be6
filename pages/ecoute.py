"""À l'écoute: what citizens say of the service itself: thanks (R-63), comments, survey and watch (R-19)."""

from collections.abc import Callable, Mapping
from enum import StrEnum

import streamlit as st

from desk import comments, survey_answers, watch
from desk.visits import Visit
from pages import ecoute_commentaires, ecoute_merci, ecoute_sondage, ecoute_veille

Here = Callable[[], Visit]


class Part(StrEnum):
    """What ``?vue=`` may say: one part is drawn at a time."""

    THANKS = "remerciements"
    COMMENTS = "commentaires"
    SURVEY = "sondage"
    WATCH = "veille"


WORDS = {
    Part.THANKS: "Remerciements",
    Part.COMMENTS: "Commentaires",
    Part.SURVEY: "Sondage",
    Part.WATCH: "Veille",
}
DRAWN: Mapping[Part, Callable[[Here], None]] = {
    Part.THANKS: ecoute_merci.part,
    Part.COMMENTS: ecoute_commentaires.part,
    Part.SURVEY: ecoute_sondage.part,
    Part.WATCH: ecoute_veille.part,
}
THEIRS: Mapping[Part, Callable[[Visit], bool]] = {
    Part.THANKS: lambda visit: True,  # those there are for who asks
    Part.COMMENTS: comments.is_theirs,
    Part.SURVEY: survey_answers.is_theirs,
    Part.WATCH: watch.is_theirs,
}


def screen(here: Here) -> None:
    """The part that the address names, among those of who is here."""
    st.title("À l’écoute")
    theirs = [part for part in Part if THEIRS[part](here())]
    DRAWN[_chosen(theirs)](here)


def _chosen(theirs: list[Part]) -> Part:
    asked = st.query_params.get("vue", "")
    first = Part(asked) if asked in set(theirs) else theirs[0]
    if len(theirs) == 1:
        return first
    if st.session_state.get("ec_vue") not in theirs:
        st.session_state["ec_vue"] = first
    part = st.segmented_control(
        "Partie", theirs, key="ec_vue", format_func=WORDS.__getitem__, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if part is not None and part is not first:
        st.query_params["vue"] = part.value
    return part or first

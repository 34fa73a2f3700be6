"""Of a comment on file: mark it as a thanks, correct whom it thanks and the word passed on, or unmark it."""

from collections.abc import Callable

import streamlit as st

from desk import thanks
from desk.files import View
from desk.visits import Visit
from pages import gesture_fields as fields
from pages import speech
from policy.thanks import Thanked

Here = Callable[[], Visit]

MARK, CORRECT = "Marquer comme remerciement", "Corriger le remerciement"
TYPED = ("thanked", "thanked_name", "thanks_words")


def called(view: View) -> str:
    """The gesture, by what the comment is already."""
    return CORRECT if view.mark and view.mark.stands else MARK


def form(here: Here, view: View, place: str) -> None:
    """Kept as a draft like any gesture."""
    st.session_state.setdefault(_seen(view), view.mark.stands if view.mark else None)
    st.markdown(
        "Le service remercié est celui du dossier. Le mot lui est transmis, à lui et à la personne "
        "remerciée : rien n’y dit qui remercie."
    )
    left, right = st.columns(2)
    with left:
        fields.select(
            here, view, "thanked", "Employé remercié", thanks.people(here()), "Le service seulement"
        )
    with right:
        fields.text(here, view, "thanked_name", "Ou son nom, sans compte ici")
    fields.area(here, view, "thanks_words", "Mot à transmettre")
    speech.hear(f"{place}-thanks")
    with st.container(horizontal=True):
        st.button("Enregistrer", key="do-thanks", type="primary", icon=":material/volunteer_activism:",
                  on_click=_save, args=(here, view, place, True))  # fmt: skip
        if called(view) == CORRECT:
            st.button("Ce n’est pas un remerciement", key="do-no-thanks", on_click=_save,
                      args=(here, view, place, False))  # fmt: skip


def _save(here: Here, view: View, place: str, is_one: bool) -> None:
    typed = Thanked(*(st.session_state.get(fields.key(view, name)) or "" for name in TYPED))
    seen = st.session_state.get(_seen(view))
    done = speech.attempt(
        lambda: thanks.put_right(here(), view.id, seen, typed if is_one else None), f"{place}-thanks"
    )
    st.session_state.pop(_seen(view), None)  # refused or not, what stands is on the screen from now on
    if done is None:
        return
    speech.confirm(done.message, place)
    fields.done(here, view, TYPED)


def _seen(view: View) -> str:
    """What stood there when the form was opened."""
    return f"do_thanks_seen_{view.id}"

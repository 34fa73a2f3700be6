"""Screens made to try the door: they save, refuse, break, end a session; drawn, at a click, in a part."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType

from desk.visits import SignedOut
from door.navigation import Here, Screen
from policy.reasons import refused
from policy.words import Role

HALF_SAID, PAUSE = Event(), Event()
SECRET = "Rose Sentinelle 450 555-0199"  # what a citizen's data would be: never in the log, never on screen


def screen(here: Here) -> None:
    """Something of everything."""
    st.title("Essai")
    with here().reading() as counter:
        st.write(f"Numéro de poste : {counter.person.extension or 'aucun'}")
    st.text_input("Poste", key="extension", help="Une aide")
    st.write(f"Tapé : {st.session_state.extension or 'rien'}")
    st.button("Enregistrer", on_click=_save, args=(here,))
    st.button("Deux mots", on_click=_two_words)
    st.write(f"Dit : {st.session_state.get('said', 'rien')}")
    st.button("Refuser au clic", on_click=_refuse)
    st.button("Casser au clic", on_click=_break)
    st.button("Finir au clic", on_click=_end)
    st.selectbox("Choix", ["un", "deux"], index=None, key="choix")
    st.multiselect("Plusieurs choix", ["un", "deux"], key="choixs")
    st.date_input("Jour", value=None, key="jour")
    st.time_input("Heure", value=None, key="heure")
    st.number_input("Nombre", key="nombre")
    st.text_area("Texte", key="texte", max_chars=100)
    st.file_uploader("Pièce", key="piece")
    st.data_editor([{"a": 1, "b": "x"}], num_rows="dynamic", key="grille")
    _part()


def refusing(here: Here) -> None:
    """A screen that refuses."""
    st.title("Refus")
    raise refused("Ce dossier est fermé.", "P annexe A")


def breaking(here: Here) -> None:
    """A screen with a bug, whose message quotes somebody."""
    st.title("Panne")
    raise ValueError(SECRET)


def ending(here: Here) -> None:
    """A screen during which the session ends."""
    st.title("Fin")
    raise SignedOut


@st.fragment
def _part() -> None:
    st.caption("Une partie")
    if st.button("Casser la partie"):
        raise ValueError(SECRET)
    if st.button("Refuser la partie"):
        raise refused("Pas cette partie.")


def _save(here: Here) -> None:
    with here().writing() as counter:
        counter.tx.update(
            "accounts",
            counter.person.id,
            {"extension": st.session_state.extension},
            counter.by("changer de poste"),
        )


def _two_words() -> None:
    """Something half said, another event, then the rest."""
    st.session_state.said = "un"
    HALF_SAID.set()
    run = get_script_run_ctx()
    assert run is not None and run.script_requests is not None
    for _ in range(2_000):
        if run.script_requests._state is not ScriptRequestType.CONTINUE:
            break
        PAUSE.wait(0.01)
    st.session_state.said += " deux"


def _refuse() -> None:
    raise refused("Pas maintenant.")


def _break() -> None:
    raise ValueError(SECRET)


def _end() -> None:
    raise SignedOut


DESK = frozenset({Role.TECHNICIAN})


@dataclass(frozen=True)
class Trial(Screen):
    """A screen that is one of the functions above."""

    drawn_by: Callable[[Here], None] = screen

    def show(self, here: Here) -> None:
        """Draw it."""
        self.drawn_by(here)


SCREENS = (
    Trial("essai", __name__, "Essai", "science", DESK),
    Trial("refus", __name__, "Refus", "block", DESK, drawn_by=refusing),
    Trial("panne", __name__, "Panne", "error", DESK, drawn_by=breaking),
    Trial("fin", __name__, "Fin", "logout", DESK, drawn_by=ending),
    Trial("autre", __name__, "Autre", "folder", frozenset({Role.DIRECTOR})),
)

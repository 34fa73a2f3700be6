"""Connection tests: a mail to oneself, the town's table read by the clock, the local base weighed."""

from collections.abc import Callable

import streamlit as st

from desk import french, trials
from desk.trials import Answer
from desk.visits import Visit
from pages import speech
from sync.states import Trial

Here = Callable[[], Visit]

PLACE = "essais"
EVERY = 1.5  # seconds between two looks at the answers, while one is awaited
BASE = "co_base"  # what reading the base gave, until another screen is looked at
WORDS = {
    Trial.MAIL: ("Envoyer un courriel d’essai", ":material/outgoing_mail:"),
    Trial.REMOTE: ("Lire la table de la ville", ":material/table_view:"),
}


def show(here: Here) -> None:
    """The trials, for the administrator; nothing for anybody else."""
    if not trials.are_offered(here()):
        return
    waits = any(answer.waits for answer in trials.answers(here()))
    st.header("Essais de connexion", divider="gray")
    st.markdown("Le courriel part à votre adresse, par l’horloge, avec les réglages de la ville.")
    with st.container(horizontal=True):
        for kind, (words, icon) in WORDS.items():
            st.button(words, key=f"co-try-{kind.name.lower()}", icon=icon, on_click=_ask, args=(here, kind))
        st.button("Lire la base", key="co-try-base", icon=":material/database:", on_click=_read, args=(here,))
    speech.hear(PLACE)
    if told := st.session_state.get(BASE):
        st.success(told, icon=":material/database:")
    st.fragment(_answers, run_every=EVERY if waits else None)(here, waits)


def _answers(here: Here, waited: bool) -> None:
    found = trials.answers(here())
    for answer in found:
        _answer(answer)
    if waited and not any(answer.waits for answer in found):
        st.rerun()  # nothing is awaited any more: the looks end


def _answer(answer: Answer) -> None:
    when = french.moment(answer.ended_at or answer.asked_at)
    if answer.waits:
        st.info(f"{answer.kind.value} : l’horloge essaie…", icon=":material/hourglass_top:")
    elif answer.went_well:
        st.success(
            f"{answer.kind.value}, {when} : {speech.escape(answer.words)}", icon=":material/check_circle:"
        )
    else:
        st.error(f"{answer.kind.value}, {when} : {speech.escape(answer.words)}", icon=":material/error:")


def _ask(here: Here, kind: Trial) -> None:
    speech.attempt(lambda: trials.ask(here(), kind), PLACE)


def _read(here: Here) -> None:
    base = speech.attempt(lambda: trials.base(here()), PLACE)
    if base is not None:
        weight = f"{base.megabytes:,.1f}".replace(",", "\u202f").replace(".", ",")
        st.session_state[BASE] = (
            f"{base.kind} répond en {base.milliseconds:.1f} ms et pèse {weight} Mo.".replace(".", ",", 1)
        )

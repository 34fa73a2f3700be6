"""Accès aux documents: the requests by their clock, one of them, and the form that receives one."""

from collections.abc import Callable

import streamlit as st

from desk import access, access_register, french
from desk.access_register import Line
from desk.scope import NotFound
from desk.visits import Visit
from pages import acces_demande, acces_saisie, speech
from policy.private_words import Light

Here = Callable[[], Visit]

WAITING, ENDED, ENTER = "En cours", "Terminées", "Inscrire une demande"

SHAPES = {
    Light.NONE: (":material/record_voice_over:", "gray"),
    Light.RUNNING: (":material/schedule:", "blue"),
    Light.PRESSING: (":material/hourglass_bottom:", "orange"),
    Light.SILENT: (":material/alarm_off:", "red"),
    Light.ANSWERED: (":material/check_circle:", "green"),
    Light.LATE: (":material/running_with_errors:", "orange"),
    Light.WITHDRAWN: (":material/undo:", "gray"),
}


def screen(here: Here) -> None:
    """The request of the address, else what this person may do with them: the list, or the form alone."""
    number = st.query_params.get("numero", "").strip()
    if number:
        _one(here, number)
        return
    st.title("Accès aux documents")
    if not access.may_keep(here()):
        acces_saisie.screen(here)
        return
    chosen = st.segmented_control(
        "Demandes d’accès", [WAITING, ENDED, ENTER], default=WAITING, key="ac-which", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if chosen == ENTER:
        acces_saisie.screen(here)
    else:
        _list(here, chosen == ENDED)


def badge(light: Light, since: str = "") -> str:
    """How a request stands, as a word and a shape, for ``st.markdown``."""
    icon, colour = SHAPES[light]
    return f":{colour}-badge[{icon} {light.value}{since}]"


def _one(here: Here, number: str) -> None:
    st.title("Demande d’accès")
    try:
        view = access.open(here(), number)
    except NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        st.markdown("[Accès aux documents](/acces)")
        return
    acces_demande.show(here, view, badge(view.light))


def _list(here: Here, done: bool) -> None:
    asked = st.session_state.get("ac-asked", (done, 1))
    page = access_register.page(here(), done, asked[1] if asked[0] is done else 1)
    if not page.lines:
        nothing = "Aucune demande n’est terminée." if done else "Aucune demande d’accès n’attend de réponse."
        st.info(nothing, icon=":material/task_alt:")
    else:
        if page.silent:
            st.error(
                f"{page.silent} demande{'s' if page.silent > 1 else ''} sans réponse après le dernier jour "
                "de la Loi : l’accès est réputé refusé et la personne peut demander la révision *(LAI 52)*.",
                icon=":material/alarm_off:",
            )
        st.markdown(f"**{page.total} demande{'s' if page.total > 1 else ''}**")
        for line in page.lines:
            with st.container(border=True):
                st.markdown(_line_words(line))
    if page.pages > 1:
        key = f"ac-page-{done}-{page.page}"
        st.pagination(page.pages, default=page.page, key=key, on_change=_turn, args=(done, key))
    st.link_button(
        "Registre (.xlsx)", "/telecharger/acces.xlsx", icon=":material/download:",
        help="Toutes les demandes, avec leurs dates et leurs décisions. La sortie du registre est inscrite.",
    )  # fmt: skip


def _turn(done: bool, key: str) -> None:
    st.session_state["ac-asked"] = (done, st.session_state[key])


def _line_words(line: Line) -> str:
    link = f"**[{line.number}](/acces?numero={line.number})**"
    who = f" — {speech.escape(line.who)}" if line.who else ""
    decided = f" · {line.decision.value}" if line.decision and line.light is not Light.WITHDRAWN else ""
    head = f"{link} {badge(line.light)} {line.state.value}{decided}"
    received = f"Reçue le {french.day(line.received_on)}{who}"
    return "  \n".join((head, received, _dates(line), speech.escape(line.words)))


def _dates(line: Line) -> str:
    if line.answered_on is not None:
        return f"Réponse transmise le {french.day(line.answered_on, weekday=True)}"
    if line.light is Light.WITHDRAWN:
        return "Plus rien n’est attendu"
    if line.due is None or line.due.legal is None:
        return "Le délai commencera à l’arrivée de l’écrit"
    legal = french.day(line.due.legal, weekday=True)
    if line.light is Light.SILENT:
        return f"**Le dernier jour était le {legal}**"
    return f"Cible : **{speech.when(line.due)}** · dernier jour de la Loi : {legal}"

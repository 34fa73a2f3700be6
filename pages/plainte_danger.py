"""R-34: one gesture opens an urgent request of what endangers goods or people, without any complainant."""

import uuid
from collections.abc import Callable

import streamlit as st

from desk import dangers
from desk.choices import choices
from desk.dangers import Danger
from desk.intake import Opened
from desk.visits import Visit
from pages import speech
from pages.tab_form import Form

Here = Callable[[], Visit]

PLACE = "plainte-danger"
TOKEN, OPENED = "pl-danger-token", "pl-danger-opened"  # of this tab
LABELS = {
    "facts": "Ce qui est dangereux, sans nommer la personne qui se plaint",
    "civic": "Numéro civique du danger",
    "street": "Rue ou lieu du danger",
    "sector": "Secteur du danger",
    "place_note": "Précision du lieu du danger",
    "department": "Service qui intervient",
}
EMPTY = {**dict.fromkeys(LABELS, ""), "department": None}


def part(here: Here, expanded: bool = False) -> None:
    """The gesture, folded until it is needed; afterwards the number of the request."""
    opened: Opened | None = st.session_state.get(OPENED)
    with st.expander(
        "Danger : ouvrir une requête urgente", icon=":material/emergency_home:",
        expanded=expanded or opened is not None,
    ):  # fmt: skip
        if opened is not None:
            _told(opened)
            return
        form = Form("pl-danger", lambda name: LABELS[name])
        st.session_state.setdefault(TOKEN, uuid.uuid4().hex)
        form.lay(EMPTY)
        st.markdown(
            "La requête part sans plaignant et sans lien avec une plainte, même "
            "refusée ou anonyme. Seul ce qui est écrit ici la suit *(P §4.1)*."
        )
        form.area("facts")
        civic, street = st.columns([2, 3], vertical_alignment="bottom")
        with civic:
            form.text("civic")
        with street:
            form.text("street")
        sector, note = st.columns([2, 3], vertical_alignment="bottom")
        with sector:
            form.text("sector")
        with note:
            form.text("place_note")
        form.choice("department", choices(here()).departments, dangers.SAFETY)
        with st.container():
            speech.hear(PLACE)
        st.button(
            "Ouvrir la requête urgente", key="pl-danger-open", icon=":material/emergency:",
            on_click=_open, args=(here, form),
        )  # fmt: skip


def _told(opened: Opened) -> None:
    if opened.again:
        st.info("Cette requête était déjà ouverte : voici son numéro.", icon=":material/info:")
    st.metric("Numéro de la requête urgente", opened.number)
    receivers = ", ".join(opened.responsables) or "le directeur, faute de Responsable désigné"
    st.markdown(f"**{speech.escape(opened.department_name)}** — reçue par {speech.escape(receivers)}.")
    st.button("Signaler un autre danger", key="pl-danger-another", on_click=_another)


def _open(here: Here, form: Form) -> None:
    if TOKEN not in st.session_state:  # the second click on what is opened
        return
    texts = {name: str(form.value(name) or "") for name in EMPTY}
    given = Danger(token=st.session_state[TOKEN], **texts)
    opened = speech.attempt(lambda: dangers.danger(here(), given), PLACE)
    if opened is not None:
        st.session_state[OPENED] = opened
        form.clear()
        st.session_state.pop(TOKEN, None)


def _another() -> None:
    st.session_state.pop(OPENED, None)

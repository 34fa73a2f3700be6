"""A new account: for whom, with which roles and departments; a mail brings the link to choose a password."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from desk import accounts, drafts
from desk.visits import Visit
from pages import speech
from policy.words import Role

Here = Callable[[], Visit]

PLACE = "comptes-nouveau"
RECORD = "nouveau compte"  # its draft
TEXTS = {"name": "Nom et prénom", "email": "Courriel", "extension": "Numéro de poste"}
LISTS = ("roles", "departments")
EMPTY: Mapping[str, Any] = {**dict.fromkeys(TEXTS, ""), **dict.fromkeys(LISTS, ())}


def form(here: Here, departments: Mapping[str, str], given: Sequence[Role], place: str) -> None:
    """The fields of an account to open, within the roles one may give; a draft until it is done.

    A refusal is heard beside them, the confirmation at ``place``.
    """
    roles = {role.value: role.value for role in given}
    _lay(here, {"roles": roles, "departments": departments})
    begun = any(st.session_state[_key(name)] for name in EMPTY)
    with st.expander("Ouvrir un compte", icon=":material/person_add:", key="co-nouveau", expanded=begun):
        for column, (name, label) in zip(st.columns(3), TEXTS.items(), strict=True):
            column.text_input(label, key=_key(name), on_change=_keep, args=(here, name), autocomplete="off")
        _several(here, "roles", "Rôles du compte", roles)
        _several(here, "departments", "Services du compte", departments)
        st.markdown("La personne reçoit un courriel : le lien par lequel elle choisit son mot de passe.")
        speech.hear(PLACE)
        st.button(
            "Ouvrir ce compte", key="co-open-new", icon=":material/person_add:", type="primary",
            on_click=_open, args=(here, place),
        )  # fmt: skip


def _several(here: Here, name: str, label: str, options: Mapping[str, str]) -> None:
    st.multiselect(
        label, list(options), key=_key(name), placeholder="À choisir", on_change=_keep, args=(here, name),
        format_func=lambda each: options.get(each, each),
    )  # fmt: skip


def _open(here: Here, place: str) -> None:
    typed = {name: st.session_state.get(_key(name)) or empty for name, empty in EMPTY.items()}
    made = speech.attempt(
        lambda: accounts.add(
            here(), typed["name"], typed["email"], [Role(role) for role in typed["roles"]],
            typed["departments"], typed["extension"], invited=True,
        ),
        PLACE,
    )  # fmt: skip
    if made is None:
        return
    drafts.drop(here(), RECORD)
    for name in EMPTY:
        st.session_state.pop(_key(name), None)
    speech.confirm(
        f"Le compte de {speech.escape(made.name)} est ouvert ; le lien part à {speech.escape(made.email)}.",
        place,
    )


def _lay(here: Here, offered: Mapping[str, Mapping[str, str]]) -> None:
    """What was typed before, from whatever session, where this tab holds nothing newer; what is offered."""
    missing = [name for name in EMPTY if _key(name) not in st.session_state]
    kept = drafts.recall(here(), RECORD) if missing else {}
    for name in missing:
        value = kept[name].value if name in kept else EMPTY[name]
        st.session_state[_key(name)] = list(value) if name in LISTS else value
    for name in LISTS:
        held = st.session_state[_key(name)]
        if not set(held) <= offered[name].keys():
            st.session_state[_key(name)] = [each for each in held if each in offered[name]]


def _keep(here: Here, name: str) -> None:
    value, empty = st.session_state.get(_key(name)), EMPTY[name]
    typed, based = (list(each or ()) if name in LISTS else each or "" for each in (value, empty))
    speech.attempt(lambda: drafts.keep(here(), RECORD, name, typed, based), PLACE)


def _key(name: str) -> str:
    return f"co_new_{name}"

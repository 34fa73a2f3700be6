"""One account changed: name, address, extension, roles and departments, within what the visitor may give."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from desk import accounts, french
from desk.accounts import Account
from desk.visits import Visit
from pages import speech
from policy.reasons import refused
from policy.words import Role

Here = Callable[[], Visit]

OPEN = "co-open"  # the account whose form is open, and its values as its reader saw them
WORDS = {"name": "Nom", "email": "Courriel", "extension": "Numéro de poste", "roles": "Rôles",
         "departments": "Services"}  # fmt: skip


def open_or_close(account: Account) -> None:
    """Open the form of an account, or close it; one at a time."""
    person = account.person
    seen = {
        "name": person.name,
        "email": person.email,
        "extension": person.extension,
        "roles": [role.value for role in Role if role in person.roles],
        "departments": sorted(person.departments),
    }
    st.session_state[OPEN] = {} if is_open(person.id) else {"id": person.id, "seen": seen}


def is_open(account: str) -> bool:
    """Whether the form of this account is open."""
    return bool(st.session_state.get(OPEN, {}).get("id") == account)


def form(here: Here, departments: Mapping[str, str], given: Sequence[Role], place: str) -> None:
    """The fields of the account that is open; what is typed stays when it is refused or changed elsewhere."""
    account, seen = (st.session_state[OPEN][name] for name in ("id", "seen"))
    held = [Role(role) for role in seen["roles"]]
    for name in ("name", "email", "extension"):
        st.text_input(WORDS[name], seen[name], key=f"co_{name}-{account}", autocomplete="off")
    st.multiselect(
        WORDS["roles"], [role for role in Role if role in held or role in given], held,
        key=f"co_roles-{account}", format_func=lambda role: role.value, placeholder="À choisir",
        help="Vous ne pouvez ni donner ni retirer les autres rôles (P §4.1).",
    )  # fmt: skip
    st.multiselect(
        WORDS["departments"], list(departments),
        [each for each in departments if each in seen["departments"]],
        key=f"co_departments-{account}", format_func=lambda each: departments.get(each, each),
        placeholder="À choisir",
    )  # fmt: skip
    st.button(
        "Enregistrer", key=f"co-save-{account}", type="primary", on_click=_save,
        args=(here, account, departments, place),
    )  # fmt: skip


def _save(here: Here, account: str, departments: Mapping[str, str], place: str) -> None:
    seen = dict(st.session_state[OPEN]["seen"])
    typed = {name: st.session_state.get(f"co_{name}-{account}", seen[name]) for name in WORDS}
    typed |= {"roles": [role.value for role in typed["roles"]], "departments": sorted(typed["departments"])}

    def change() -> bool:
        done = accounts.change(here(), account, seen, typed)
        if not done.differences:
            return True
        theirs = {each.field: each.theirs for each in done.differences}
        st.session_state[OPEN] = {"id": account, "seen": {**seen, **theirs}}  # now seen: saving again decides
        told = " ; ".join(f"{WORDS[name]} : {_words(value, departments)}" for name, value in theirs.items())
        raise refused(
            f"Quelqu’un d’autre vient de changer ce compte ({told}). Enregistrez de nouveau pour garder ce "
            "que vous avez tapé, ou corrigez-le d’abord."
        )

    if speech.attempt(change, place):
        st.session_state[OPEN] = {}
        speech.confirm(f"Le compte de {speech.escape(typed['name'])} est modifié.", place)


def _words(value: Any, departments: Mapping[str, str]) -> str:
    if isinstance(value, list):
        return ", ".join(departments.get(each, each) for each in value) or french.NOTHING
    return french.words(value)

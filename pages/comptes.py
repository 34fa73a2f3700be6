"""Comptes: who asks for an account, who has one and which roles; closing, opening again, ending sessions."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from desk import accounts, french, identities
from desk.accounts import Account
from desk.identities import Asked
from desk.visits import Visit
from pages import compte, compte_nouveau, essais, nights, speech
from policy.words import Role

Here = Callable[[], Visit]

PLACE = "comptes"


def screen(here: Here) -> None:
    """How the copies go, for who keeps the machine; the requests that wait; then every account."""
    st.title("Comptes")
    speech.hear(PLACE)
    nights.copies(here)
    departments = accounts.departments(here())
    essais.show(here)
    _requests(here, departments)
    _accounts(here, departments)


def _requests(here: Here, departments: Mapping[str, str]) -> None:
    waiting = identities.waiting(here())
    if not waiting:
        return
    st.header("Demandes d’accès", divider="gray")
    for asked in waiting:
        with st.container(border=True):
            _request(here, asked, departments)


def _request(here: Here, asked: Asked, departments: Mapping[str, str]) -> None:
    st.subheader(speech.escape(asked.name or asked.email), anchor=False)
    st.markdown(f"{speech.escape(asked.email)}, demandé le {french.moment(asked.asked_at)}")
    if asked.words:
        st.markdown(f"« {speech.escape(asked.words)} »")
    st.multiselect(
        "Rôles", list(accounts.givable(here())), format_func=lambda role: role.value,
        key=f"co_roles_{asked.id}", placeholder="À choisir",
    )  # fmt: skip
    st.multiselect(
        "Services", list(departments), format_func=lambda key: departments.get(key, key),
        key=f"co_departments_{asked.id}", placeholder="À choisir",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            "Ouvrir le compte", key=f"co-accept-{asked.id}", type="primary", on_click=_accept,
            args=(here, asked),
        )  # fmt: skip
        st.button("Décliner", key=f"co-decline-{asked.id}", on_click=_decline, args=(here, asked))


def _accounts(here: Here, departments: Mapping[str, str]) -> None:
    st.header("Comptes de la ville", divider="gray")
    linked = identities.linked(here())
    found, given = accounts.accounts(here()), accounts.givable(here())
    compte_nouveau.form(here, departments, given, PLACE)
    _holders(found)
    for account in found:
        with st.container(border=True):
            _account(here, account, departments, given, account.person.id in linked)


def _holders(found: Sequence[Account]) -> None:
    """R-62: who holds what, closed accounts apart."""
    with st.expander("Qui détient quel rôle", icon=":material/groups:"):
        for role in Role:
            names = [each.person.name for each in found if each.active and role in each.person.roles]
            st.markdown(f"**{speech.escape(role.value)}** : {speech.escape(', '.join(names) or 'personne')}")


def _account(
    here: Here, account: Account, departments: Mapping[str, str], given: Sequence[Role], linked: bool
) -> None:
    person = account.person
    st.subheader(speech.escape(person.name), anchor=False)
    roles = ", ".join(role.value for role in Role if role in person.roles)
    services = ", ".join(sorted(departments.get(each, each) for each in person.departments))
    ways = [
        words for words, there in (("mot de passe", account.has_password), ("fournisseur", linked)) if there
    ]
    entered = f"entre par {' ou '.join(ways)}" if ways else "n’a encore aucun moyen d’entrer"
    state = "" if account.active else ":gray-badge[:material/lock: Fermé] "
    st.markdown(
        f"{state}{speech.escape(person.email)} — {speech.escape(roles)}"
        f"{' — ' + speech.escape(services) if services else ''}  \n{entered}"
    )
    with st.container(horizontal=True):
        if not account.active:
            st.button("Rouvrir", key=f"co-reopen-{person.id}", on_click=_reopen, args=(here, account))
            return
        st.button(
            "Modifier", key=f"co-edit-{person.id}", icon=":material/edit:", on_click=compte.open_or_close,
            args=(account,),
        )  # fmt: skip
        with st.popover("Fermer le compte", icon=":material/lock:"):
            st.markdown("Ses sessions se ferment aussitôt, dans tous les onglets.")
            st.button("Fermer", key=f"co-close-{person.id}", on_click=_close, args=(here, account))
        with st.popover("Terminer ses sessions", icon=":material/logout:"):
            st.markdown("La personne devra s’identifier de nouveau, partout.")
            st.button("Terminer", key=f"co-end-{person.id}", on_click=_end, args=(here, account))
    if compte.is_open(person.id):
        compte.form(here, departments, given, PLACE)


def _accept(here: Here, asked: Asked) -> None:
    roles = list(st.session_state.get(f"co_roles_{asked.id}", ()))
    departments = list(st.session_state.get(f"co_departments_{asked.id}", ()))
    made = speech.attempt(lambda: identities.accept(here(), asked.id, roles, departments), PLACE)
    if made is not None:
        speech.confirm(f"Le compte de {speech.escape(made.name)} est ouvert.", PLACE)


def _decline(here: Here, asked: Asked) -> None:
    _done(lambda: identities.decline(here(), asked.id), "La demande est déclinée.")


def _close(here: Here, account: Account) -> None:
    _done(lambda: accounts.close(here(), account.person.id), f"Le compte de {account.person.name} est fermé.")


def _reopen(here: Here, account: Account) -> None:
    _done(
        lambda: accounts.reopen(here(), account.person.id), f"Le compte de {account.person.name} est rouvert."
    )


def _end(here: Here, account: Account) -> None:
    name = account.person.name
    _done(lambda: accounts.end_sessions(here(), account.person.id), f"Les sessions de {name} sont terminées.")


def _done(act: Callable[[], object], message: str) -> None:
    def told() -> str:
        act()
        return message

    said = speech.attempt(told, PLACE)
    if said is not None:
        speech.confirm(speech.escape(said), PLACE)

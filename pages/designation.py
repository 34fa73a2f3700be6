"""The form of annexe C: who is designated for what, from which day; a draft until it is done."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from desk import drafts, french, registry
from desk.registry import Designation, Post
from desk.visits import Visit
from pages import speech
from policy.towntime import town_day
from policy.words import Circuit, Duty

Here = Callable[[], Visit]

PLACE = "responsables"
BESIDE = "responsables-annexe-c"  # where the form answers
RECORD = "désignation"  # its draft
TYPED = ("director", "person", "email", "extension")
DAYS = ("starts", "ends")
FIELDS = ("department", "duty", "account", *TYPED, *DAYS, "employee_signed", "director_signed")


def form(here: Here, posts: tuple[Post, ...], today: date) -> None:
    """What annexe C asks, in its order; what follows of it is said before the button."""
    _lay(here, today)
    names = {post.department: post.name for post in posts}
    circuits = {post.department: post.circuit for post in posts}
    service, function = st.columns(2)
    with service:
        department = _choice(here, "department", "Service", names)
    duties = [duty for duty in Duty if duty is not Duty.EXECUTION or circuits.get(department) is Circuit.B]
    with function:
        duty = _choice(here, "duty", "Fonction", {each.value: each.value for each in duties})
    left, right = st.columns(2)
    with left:
        _text(here, "person", "Nom et prénom de la personne désignée")
        _text(here, "extension", "Numéro de poste")
        _day(here, "starts", "À compter du")
    with right:
        _text(here, "email", "Courriel du poste")
        _text(here, "director", "Directeur ou directrice du service")
        if duty == Duty.SUBSTITUTE.value:
            _day(here, "ends", "Jusqu’au (inclus)")
    _account(here)
    employee, director = st.columns(2)
    with employee:
        _box(here, "employee_signed", "Signée par l’employé(e)")
    with director:
        _box(here, "director_signed", "Signée par la direction")
    _succession(posts, department, duty)
    speech.hear(BESIDE)
    st.button(
        "Désigner", key="re_save", type="primary", icon=":material/how_to_reg:", on_click=_designate,
        args=(here,),
    )  # fmt: skip


def _account(here: Here) -> None:
    """By which the person opens the files: that of the name as it is typed, unless another is chosen."""
    people = {each.id: each.name for each in registry.openers(here())}
    none = "Aucun : les courriels seulement"
    _choice(here, "account", "Son compte, qui ouvre les dossiers du service", people, none)


def files(count: int) -> str:
    """« aucun dossier ouvert », « 12 dossiers ouverts »."""
    if count == 0:
        return "aucun dossier ouvert"
    return f"{count} dossier{'s' if count > 1 else ''} ouvert{'s' if count > 1 else ''}"


def _succession(posts: tuple[Post, ...], department: str, duty: str) -> None:
    """R-60: the open files follow the one who receives."""
    post = next((post for post in posts if post.department == department), None)
    if post is None or duty != Duty.RECEPTION.value or not post.open_files:
        return
    before = f" de {speech.escape(post.reception.person)}" if post.reception else ""
    passes = "passent" if post.open_files > 1 else "passe"
    st.markdown(f"Ce jour-là, {files(post.open_files)}{before} {passes} à la personne désignée.")


def _designate(here: Here) -> None:
    visit = here()
    value = {name: st.session_state.get(_key(name)) for name in FIELDS}
    designation = Designation(
        department=value["department"] or "",
        duty=Duty(value["duty"]) if value["duty"] else Duty.RECEPTION,
        starts_on=value["starts"] or town_day(visit.at),
        ends_on=value["ends"] if value["duty"] == Duty.SUBSTITUTE.value else None,
        signed_on=town_day(visit.at) if value["employee_signed"] or value["director_signed"] else None,
        employee_signed=bool(value["employee_signed"]),
        director_signed=bool(value["director_signed"]),
        account=value["account"] or "",
        **{name: str(value[name] or "") for name in TYPED},
    )
    holder = speech.attempt(lambda: registry.designate(visit, designation), BESIDE)
    if holder is None:
        return
    alone = " Sans compte lié, elle reçoit les courriels et n’ouvre pas les dossiers."
    speech.confirm(
        f"{holder.person} est désigné(e) à compter du {french.day(holder.starts_on)}. "
        f"La désignation précédente reste au registre.{'' if holder.opens else alone}",
        BESIDE,
    )
    drafts.drop(here(), RECORD)
    for name in FIELDS:
        st.session_state.pop(_key(name), None)


def _lay(here: Here, today: date) -> None:
    """The draft under the form, where this tab holds nothing newer."""
    missing = [name for name in FIELDS if _key(name) not in st.session_state]
    kept = drafts.recall(here(), RECORD) if missing else {}
    for name in missing:
        value = (
            kept[name].value if name in kept else {"starts": today, "duty": Duty.RECEPTION.value}.get(name)
        )
        if name in DAYS and isinstance(value, str):
            value = date.fromisoformat(value)
        if name in TYPED:
            value = value or ""
        if name.endswith("_signed"):
            value = bool(value)
        st.session_state[_key(name)] = value


def _keep(here: Here, name: str) -> None:
    value = st.session_state.get(_key(name))
    plain = value.isoformat() if isinstance(value, date) else value
    speech.attempt(lambda: drafts.keep(here(), RECORD, name, plain), BESIDE)
    if name == "person" and not st.session_state.get(_key("account")):
        st.session_state[_key("account")] = registry.account_of(here(), str(value or "")) or None
        _keep(here, "account")


def _text(here: Here, name: str, label: str) -> None:
    st.text_input(label, key=_key(name), on_change=_keep, args=(here, name), autocomplete="off")


def _day(here: Here, name: str, label: str) -> None:
    st.date_input(label, key=_key(name), format="YYYY-MM-DD", on_change=_keep, args=(here, name))


def _box(here: Here, name: str, label: str) -> None:
    st.checkbox(label, key=_key(name), on_change=_keep, args=(here, name))


def _choice(here: Here, name: str, label: str, options: dict[str, str], none: str = "À choisir") -> str:
    speech.offered_only(_key(name), options)
    chosen: Any = st.selectbox(
        label, list(options), key=_key(name), index=None, placeholder=none,
        format_func=lambda option: options.get(option, option), on_change=_keep, args=(here, name),
    )  # fmt: skip
    return str(chosen or "")


def _key(name: str) -> str:
    return f"re_{name}"

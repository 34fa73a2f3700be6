"""Responsables: who receives what on any day, designations with their dates, orphaned departments."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from desk import french, registry
from desk.registry import Designation, Holder, Post
from desk.visits import Visit
from pages import speech
from policy.towntime import town_day
from policy.words import Circuit, Duty

Here = Callable[[], Visit]

PLACE = "responsables"
TYPED = ("director", "person", "email", "extension")


def screen(here: Here) -> None:
    """The registry on a day, then the form of annexe C."""
    st.title("Responsables")
    speech.hear(PLACE)
    today = town_day(here().at)
    day = st.date_input("Qui reçoit les requêtes le", value=today, format="YYYY-MM-DD", key="re_day")
    if not isinstance(day, date):
        st.markdown("Choisissez un jour.")
        return
    posts = registry.on(here(), day)
    _orphans(posts, day)
    _register(posts)
    st.header("Désigner (annexe C)", divider="gray")
    _form(here, posts, today)
    st.header("Toutes les désignations d’un service", divider="gray")
    _history(here, posts)


def _orphans(posts: tuple[Post, ...], day: date) -> None:
    alone = [post for post in posts if post.orphan]
    if not alone:
        return
    lines = "\n".join(f"- **{speech.escape(post.name)}** — {_files(post.open_files)}" for post in alone)
    st.warning(
        f"Sans Responsable le {french.day(day)} : les avis et la liste RNC vont au directeur.\n\n{lines}",
        icon=":material/person_off:",
    )


def _register(posts: tuple[Post, ...]) -> None:
    """One block a department rather than a wide table: it is read on a telephone too."""
    for post in posts:
        with st.container(border=True):
            name, count = st.columns([4, 1], vertical_alignment="center")
            name.subheader(post.name, anchor=False)
            count.markdown(_files(post.open_files))
            shown = [post.substitute, post.reception, post.execution]
            lines = [_holder(holder) for holder in shown if holder is not None]
            st.markdown("  \n".join(lines) or "Personne n’est désigné.")


def _holder(holder: Holder) -> str:
    signed = "" if holder.signed else " :orange-badge[:material/edit_off: non signée]"
    until = f" jusqu’au {french.day(holder.ends_on)}" if holder.ends_on else ""
    post = f", poste {speech.escape(holder.extension)}" if holder.extension else ""
    return (
        f"{holder.duty.value} : **{speech.escape(holder.person)}** — {speech.escape(holder.email)}{post}, "
        f"depuis le {french.day(holder.starts_on)}{until}{signed}"
    )


def _form(here: Here, posts: tuple[Post, ...], today: date) -> None:
    names = {post.department: post.name for post in posts}
    circuits = {post.department: post.circuit for post in posts}
    department = st.selectbox(
        "Service", list(names), format_func=lambda key: names.get(key, key), key="re_department",
        index=None, placeholder="À choisir",
    )  # fmt: skip
    duties = [
        duty for duty in Duty if duty is not Duty.EXECUTION or circuits.get(department or "") is Circuit.B
    ]
    duty = st.selectbox("Fonction", duties, format_func=lambda value: value.value, key="re_duty")
    left, right = st.columns(2)
    with left:
        st.text_input("Nom et prénom de la personne désignée", key="re_person", autocomplete="off")
        st.text_input("Numéro de poste", key="re_extension", autocomplete="off")
    with right:
        st.text_input("Courriel du poste", key="re_email", autocomplete="off")
        st.text_input("Directeur ou directrice du service", key="re_director", autocomplete="off")
    starts, ends = st.columns(2)
    starts.date_input("À compter du", value=today, format="YYYY-MM-DD", key="re_starts")
    if duty is Duty.SUBSTITUTE:
        ends.date_input("Jusqu’au (inclus)", value=None, format="YYYY-MM-DD", key="re_ends")
    employee, director = st.columns(2)
    employee.checkbox("Signée par l’employé(e)", key="re_employee_signed")
    director.checkbox("Signée par la direction", key="re_director_signed")
    _succession(posts, department, duty)
    st.button(
        "Désigner",
        key="re_save",
        type="primary",
        icon=":material/how_to_reg:",
        on_click=_designate,
        args=(here,),
    )


def _succession(posts: tuple[Post, ...], department: str | None, duty: Duty | None) -> None:
    """R-60: the open files follow the one who receives."""
    post = next((post for post in posts if post.department == department), None)
    if post is None or duty is not Duty.RECEPTION:
        return
    before = f" de {speech.escape(post.reception.person)}" if post.reception else ""
    if post.open_files:
        st.markdown(f"À partir de ce jour, {_files(post.open_files)}{before} passe à la personne désignée.")


def _designate(here: Here) -> None:
    typed = {name: str(st.session_state.get(f"re_{name}") or "") for name in TYPED}
    starts_on, ends_on = st.session_state.get("re_starts"), st.session_state.get("re_ends")
    visit = here()
    designation = Designation(
        department=st.session_state.get("re_department") or "",
        duty=st.session_state.get("re_duty") or Duty.RECEPTION,
        starts_on=starts_on or town_day(visit.at),
        ends_on=ends_on,
        signed_on=town_day(visit.at) if st.session_state.get("re_employee_signed") else None,
        employee_signed=bool(st.session_state.get("re_employee_signed")),
        director_signed=bool(st.session_state.get("re_director_signed")),
        **typed,
    )
    holder = speech.attempt(lambda: registry.designate(visit, designation), PLACE)
    if holder is not None:
        speech.confirm(
            f"{holder.person} est désigné(e) à compter du {french.day(holder.starts_on)}. "
            "La désignation précédente reste au registre.",
            PLACE,
        )
        for name in (*TYPED, "employee_signed", "director_signed", "ends"):
            st.session_state.pop(f"re_{name}", None)


def _history(here: Here, posts: tuple[Post, ...]) -> None:
    names = {post.department: post.name for post in posts}
    department = st.selectbox(
        "Service à consulter", list(names), format_func=lambda key: names.get(key, key), key="re_history",
        index=None, placeholder="À choisir",
    )  # fmt: skip
    if department is None:
        return
    holders = registry.history(here(), department)
    if not holders:
        st.markdown("Aucune désignation n’a encore été faite pour ce service.")
    for holder in holders:
        words, act = st.columns([4, 1], vertical_alignment="center")
        words.markdown(_holder(holder))
        if not holder.signed:
            act.button(
                "Marquer signée",
                key=f"re-sign-{holder.id}",
                on_click=_sign,
                args=(here, holder.id),
                width="stretch",
            )


def _sign(here: Here, designation: str) -> None:
    if (
        speech.attempt(lambda: registry.sign(here(), designation, employee=True, director=True), PLACE)
        is not None
    ):
        speech.confirm("La désignation est marquée signée.", PLACE)


def _files(count: int) -> str:
    if count == 0:
        return "aucun dossier ouvert"
    return f"{count} dossier{'s' if count > 1 else ''} ouvert{'s' if count > 1 else ''}"

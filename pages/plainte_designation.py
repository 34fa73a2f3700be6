"""R-31: the direction générale says who investigates, seeing of a complaint its number and its date only."""

from collections.abc import Callable, Mapping

import streamlit as st

from desk import french, investigators
from desk.investigators import Absence, Needing
from desk.visits import Visit
from pages import speech
from pages.tab_form import Form
from policy.towntime import town_day

Here = Callable[[], Visit]

PLACE = "plainte-designation"
LABELS = {
    "account": "Qui enquête pendant l’absence",
    "reason": "Motif (facultatif)",
    "starts_on": "À partir du",
    "ends_on": "Jusqu’au (facultatif)",
}


def screen(here: Here) -> None:
    """The complaints nobody can investigate, then the director's absences."""
    with st.container():
        speech.hear(PLACE)
    colleagues = {each.id: each.name for each in investigators.colleagues(here())}
    st.header("Plaintes sans personne pour enquêter", divider="gray", anchor=False)
    st.markdown(
        "La plainte nomme le directeur, ou il est absent *(P §4.4)*. Vous en voyez le numéro et la date, "
        "rien d’autre."
    )
    waiting = investigators.needing(here())
    if not waiting:
        st.info("Aucune plainte n’attend une désignation.", icon=":material/task_alt:")
    for each in waiting:
        _one(here, each, colleagues)
    st.header("Absences du directeur", divider="gray", anchor=False)
    _replace(here, colleagues)
    for absence in investigators.absences(here()):
        _absence(here, absence)


def _one(here: Here, waiting: Needing, colleagues: Mapping[str, str]) -> None:
    words = {"account": f"Qui enquête sur {waiting.number}", "reason": LABELS["reason"]}
    form = Form(f"pl-des-{waiting.number}", lambda field: words[field])
    form.lay({"account": None, "reason": ""})
    with st.container(border=True):
        st.markdown(
            f"**{waiting.number}** — reçue le {french.day_of(waiting.received_at, weekday=True)} "
            ":orange-badge[:material/person_search: À désigner]"
        )
        who, why = st.columns(2)
        with who:
            form.choice("account", colleagues)
        with why:
            form.text("reason")
        speech.hear(f"{PLACE}-{waiting.number}")
        st.button(
            "Confier cette plainte", key=f"pl-designate-{waiting.number}", type="primary",
            icon=":material/how_to_reg:", on_click=_designate, args=(here, waiting.number, form),
        )  # fmt: skip


def _designate(here: Here, number: str, form: Form) -> None:
    account, reason = str(form.value("account") or ""), str(form.value("reason") or "")
    told = speech.attempt(
        lambda: investigators.designate(here(), number, account, reason), f"{PLACE}-{number}"
    )
    if told is not None:
        form.clear()
        speech.confirm(told, PLACE)


def _replace(here: Here, colleagues: Mapping[str, str]) -> None:
    form = Form("pl-absence", lambda field: LABELS[field])
    form.lay({"account": None, "reason": "", "starts_on": town_day(here().at), "ends_on": None})
    st.markdown("La personne désignée enquête sur les plaintes qui arrivent pendant l’absence.")
    who, since, until = st.columns([2, 1, 1])
    with who:
        form.choice("account", colleagues)
    with since:
        form.day("starts_on")
    with until:
        form.day("ends_on")
    form.text("reason")
    speech.hear(f"{PLACE}-absence")
    st.button(
        "Désigner pendant l’absence", key="pl-replace", icon=":material/event_busy:", on_click=_away,
        args=(here, form),
    )  # fmt: skip


def _away(here: Here, form: Form) -> None:
    account, reason = str(form.value("account") or ""), str(form.value("reason") or "")
    since = form.value("starts_on") or town_day(here().at)
    told = speech.attempt(
        lambda: investigators.replace_director(here(), account, since, form.value("ends_on"), reason),
        f"{PLACE}-absence",
    )
    if told is not None:
        form.clear()
        speech.confirm(told, PLACE)


def _absence(here: Here, absence: Absence) -> None:
    today = town_day(here().at)
    until = f"au {french.day(absence.ends_on)}" if absence.ends_on else "jusqu’à nouvel ordre"
    over = absence.ends_on is not None and absence.ends_on < today
    mark = ":gray-badge[:material/history: Terminée]" if over else ":blue-badge[:material/event_busy: Prévue]"
    if not over and absence.starts_on <= today:
        mark = ":orange-badge[:material/event_busy: En cours]"
    with st.container(border=True):
        st.markdown(
            f"**{speech.escape(absence.name)}** {mark}  \nDu {french.day(absence.starts_on)} {until}"
            + (f"  \n{speech.escape(absence.reason)}" if absence.reason else "")
        )
        if not over:
            st.button(
                "Le directeur est de retour", key=f"pl-back-{absence.id}", on_click=_back,
                args=(here, absence.id),
            )  # fmt: skip


def _back(here: Here, absence: str) -> None:
    told = speech.attempt(lambda: investigators.end_absence(here(), absence), PLACE)
    if told is not None:
        speech.confirm(told, PLACE)

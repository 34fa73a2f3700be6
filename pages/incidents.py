"""Incidents: the register of confidentiality incidents, what each still lacks, who must be told."""

import uuid
from collections.abc import Callable

import streamlit as st

from desk import french, incidents
from desk.incidents import Line, View
from desk.scope import NotFound
from desk.visits import Visit
from pages import speech
from pages.tab_form import KEPT_HERE, Form

Here = Callable[[], Visit]

PLACE = "incidents"
NEW = "nouveau"
SERIOUS = {True: "Oui", False: "Non"}
TEXTS = (
    *("occurred", "what", "information", "sensitivity", "consequences", "likelihood", "measures"),
    "no_notice",
)
ENTRY = "in-entry"


def screen(here: Here) -> None:
    """The entry of the address, a new one, else the register."""
    asked = st.query_params.get("incident", "").strip()
    if not asked:
        st.title("Incidents de confidentialité")
        _register(here)
        return
    st.title("Incident de confidentialité")
    st.button("Tout le registre", key="in-back", type="tertiary", icon=":material/arrow_back:", on_click=_go)
    if asked == NEW:
        _new(here)
        return
    try:
        view = incidents.open(here(), asked)
    except NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        return
    _one(here, view)


def _register(here: Here) -> None:
    lines = incidents.register(here())
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            "Inscrire un incident", key="in-new", type="primary", icon=":material/add:", on_click=_go,
            args=(NEW,),
        )  # fmt: skip
        if lines:
            st.link_button(
                "Excel", "/telecharger/incidents.xlsx", icon=":material/download:",
                help="Tout le registre, en .xlsx",
            )  # fmt: skip
    if not lines:
        st.info("Aucun incident n’est inscrit au registre.", icon=":material/verified_user:")
    for line in lines:
        with st.container(border=True, gap="small"):
            # a button and not a link, which would leave the tab and what was typed in it
            st.button(
                f"Constaté le {french.day(line.found_on)}", key=f"in-open-{line.id}", type="tertiary",
                icon=":material/gpp_maybe:", on_click=_go, args=(line.id,),
            )  # fmt: skip
            st.markdown(_line_words(line))


def _go(incident: str = "") -> None:
    st.query_params.from_dict({"incident": incident} if incident else {})


def _line_words(line: Line) -> str:
    badges = []
    if line.serious:
        badges.append(":red-badge[:material/warning: Risque de préjudice sérieux]")
    if line.closed_on:
        badges.append(f":gray-badge[:material/task_alt: Fermé le {french.day(line.closed_on)}]")
    badges += [f":orange-badge[:material/notifications: {each.short}]" for each in line.due]
    if line.missing:
        count = f"{line.missing} élément{'s' if line.missing > 1 else ''} à inscrire"
        badges.append(f":orange-badge[:material/edit_note: {count}]")
    people = "" if line.people is None else f"{line.people} personne{'s' if line.people > 1 else ''}"
    told = (speech.escape(line.what), people, " ".join(badges))
    return "  \n".join(part for part in told if part)


def _new(here: Here) -> None:
    st.session_state.setdefault(ENTRY, uuid.uuid4().hex)
    form = Form(f"in_{NEW}", incidents.label, incidents.shown)
    form.lay({**dict.fromkeys(incidents.FIELDS), "found_on": None}, dict.fromkeys(TEXTS, ""))
    _fields(form)
    speech.hear(f"{PLACE}-refused")
    st.button(
        "Inscrire au registre", key="in-enter", type="primary", icon=":material/save:", on_click=_enter,
        args=(here, form),
    )  # fmt: skip
    st.markdown(KEPT_HERE)


def _one(here: Here, view: View) -> None:
    form = Form(f"in_{view.id}", incidents.label, incidents.shown)
    texts = {name: view.seen[name] or "" for name in TEXTS}
    form.lay(view.seen, {**texts, "people": _count(view.seen["people"])})
    left, right = st.columns([3, 2], gap="large")
    with right:
        _stands(here, view)
    with left:
        form.differences()
        _fields(form)
        speech.hear(PLACE)
        speech.hear(f"{PLACE}-refused")
        st.button(
            "Enregistrer", key="in-save", type="primary", icon=":material/save:", on_click=_save,
            args=(here, view.id, form),
        )  # fmt: skip
        st.markdown(KEPT_HERE)


def _count(people: int | None) -> str:
    return "" if people is None else str(people)


def _fields(form: Form) -> None:
    """In the order of the register; then the three elements of the risk (LAI 63.10)."""
    st.header("Ce qui est arrivé", divider="gray", anchor=False)
    left, right = st.columns(2)
    with left:
        form.day("found_on")
    with right:
        form.text("occurred", help="Une date, une période, ou à peu près.")
    form.area("what")
    form.area("information")
    form.text("people", help="À peu près, quand le nombre n’est pas connu.")
    st.header("Le risque", divider="gray", anchor=False)
    form.area("sensitivity", height=80)
    form.area("consequences", height=80)
    form.area("likelihood", height=80)
    form.choice("serious", SERIOUS, placeholder="À évaluer")
    st.header("Les mesures et les avis", divider="gray", anchor=False)
    form.area("measures")
    commission, persons = st.columns(2)
    with commission:
        form.day("commission_on")
    with persons:
        form.day("persons_on")
    form.area("no_notice", height=80, help="Seulement si l’avis nuirait à une enquête.")


def _stands(here: Here, view: View) -> None:
    st.header("Ce que la Loi demande", divider="gray", anchor=False)
    for due in view.due:
        st.warning(f"{due.what} *({due.article})*", icon=":material/notifications:")
    if view.seen["serious"] and not view.missing:
        st.link_button(
            "Avis aux personnes (PDF)", f"/telecharger/incident-avis?id={view.id}", icon=":material/print:"
        )
    if view.missing:
        st.markdown("Le registre ne dit pas encore :")
        st.markdown("\n".join(f"- {speech.ground(ground)}" for ground in view.missing))
    if view.closed_on is not None:
        st.markdown(f":material/task_alt: Fermé le {french.day(view.closed_on, weekday=True)}.")
    elif not view.due and not view.missing:
        st.markdown(":material/task_alt: Tout est dit, et qui devait l’être est avisé.")
        st.button("Fermer l’incident", key="in-close", on_click=_close, args=(here, view.id))
    st.markdown(f"À garder au registre au moins jusqu’au **{french.day(view.kept_until)}**.")


def _enter(here: Here, form: Form) -> None:
    token = st.session_state.get(ENTRY, "")
    made = speech.attempt(lambda: incidents.enter(here(), form.typed, token), f"{PLACE}-refused")
    if made is not None:
        form.clear()
        st.session_state.pop(ENTRY, None)
        st.query_params["incident"] = made
        speech.confirm("L’incident est inscrit au registre.", PLACE)


def _save(here: Here, incident: str, form: Form) -> None:
    outcome = speech.attempt(
        lambda: incidents.amend(here(), incident, form.typed, form.seen), f"{PLACE}-refused"
    )
    form.done(outcome, PLACE)


def _close(here: Here, incident: str) -> None:
    outcome = speech.attempt(lambda: incidents.close(here(), incident), PLACE)
    if outcome is not None:
        speech.confirm(outcome.message, PLACE)

"""Plaintes: deposited by the desk, designated by the direction générale, read by their own people only."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from desk import complaint_file, complaint_ways, complaints, french, inquiries, private_base
from desk.complaint_ways import Ways
from desk.complaints import Summary
from desk.inquiries import Entry
from desk.scope import NotFound
from desk.visits import Visit
from pages import plainte_depot, plainte_designation, plainte_dossier, speech
from policy.private_words import ComplaintState

Here = Callable[[], Visit]

DEPOSIT, DESIGNATE, MINE, ENTRIES = (
    "Déposer une plainte", "À désigner", "Plaintes confiées", "Dossiers d’employés",
)  # fmt: skip
SHAPES: Mapping[ComplaintState, tuple[str, str]] = {
    ComplaintState.RECEIVED: (":material/fiber_new:", "blue"),
    ComplaintState.ADMISSIBLE: (":material/check:", "blue"),
    ComplaintState.INADMISSIBLE: (":material/block:", "orange"),
    ComplaintState.INVESTIGATED: (":material/manage_search:", "violet"),
    ComplaintState.CONCLUDED: (":material/check_circle:", "green"),
    ComplaintState.WITHDRAWN: (":material/undo:", "gray"),
}
AWAITED: Mapping[ComplaintState, str] = {
    ComplaintState.RECEIVED: "La recevabilité est à examiner",
    ComplaintState.ADMISSIBLE: "L’enquête est à ouvrir",
    ComplaintState.INADMISSIBLE: "La réponse est à transmettre",
    ComplaintState.INVESTIGATED: "L’enquête est à conclure",
    ComplaintState.CONCLUDED: "La réponse est à transmettre",
    ComplaintState.WITHDRAWN: "La réponse est à transmettre",
}


def screen(here: Here) -> None:
    """The complaint of the address, else what this person may do about complaints."""
    number = st.query_params.get("numero", "").strip()
    if number:
        _one(here, number)
        return
    st.title("Plaintes")
    speech.hear(plainte_dossier.PLACE)
    found = complaint_ways.ways(here())
    chosen = _chosen(found)
    if chosen == DEPOSIT:
        plainte_depot.screen(here, found)
    elif chosen == DESIGNATE:
        plainte_designation.screen(here)
        for line in private_base.shown(here()):
            st.caption(line.replace("'", "’"))
    elif chosen == ENTRIES:
        _entries(inquiries.personnel(here()))
    else:
        _list(complaints.listed(here()))


def badge(state: ComplaintState) -> str:
    """The state as a word and a shape, for ``st.markdown``."""
    icon, colour = SHAPES[state]
    return f":{colour}-badge[{icon} {state.value}]"


def _chosen(found: Ways) -> str:
    """What is on the screen; a list one has nothing in is not offered beside something else."""
    there = ((found.deposit, DEPOSIT), (found.designate, DESIGNATE), (found.read, MINE),
             (found.entries, ENTRIES))  # fmt: skip
    offered = [name for has, name in there if has]
    if len(offered) < 2:
        return offered[0] if offered else MINE
    chosen = st.segmented_control(
        "Plaintes", offered, default=offered[0], key="pl-which", required=True, label_visibility="collapsed"
    )
    return str(chosen or offered[0])


def _one(here: Here, number: str) -> None:
    """R-33: what is not theirs is what does not exist: the same words for every number."""
    st.title("Plainte")
    try:
        view = complaint_file.opened(here(), number)
    except NotFound as refusal:
        speech.hear(plainte_dossier.PLACE)
        st.error(str(refusal), icon=":material/search_off:")
        st.markdown("[Plaintes](/plaintes)")
        return
    plainte_dossier.show(here, view, badge(view.state))


def _list(found: Sequence[Summary]) -> None:
    if not found:
        st.info("Aucune plainte ne vous est confiée.", icon=":material/task_alt:")
        return
    st.markdown(f"**{len(found)} plainte{'s' if len(found) > 1 else ''}**")
    for line in found:
        with st.container(border=True):
            st.markdown(_line(line))


def _line(line: Summary) -> str:
    part = "" if line.mine else " · en lecture"
    derogated = " :orange-badge[:material/gavel: Dérogation]" if line.derogated else ""
    head = f"**[{line.number}](/plaintes?numero={line.number})** {badge(line.state)}{derogated}{part}"
    awaited = AWAITED[line.state]
    if line.answered_on is not None:
        awaited = f"Réponse transmise le {french.day(line.answered_on, weekday=True)}"
    elif line.over:
        awaited = "Terminée : la personne n’a pas dit qui elle est"
    return f"{head}  \nReçue le {french.day_of(line.received_at, weekday=True)}  \n{awaited}"


def _entries(found: Sequence[Entry]) -> None:
    """R-32: what founded complaints entered; one that was not founded left nothing here."""
    st.markdown(
        "L’incident et la mesure d’une plainte fondée. Une plainte non fondée ne laisse rien ici "
        "*(P §4.4.1)*. Chaque consultation est consignée."
    )
    if not found:
        st.info("Aucun incident n’est consigné.", icon=":material/task_alt:")
    for entry in found:
        with st.container(border=True):
            post = f" — {speech.escape(entry.post)}" if entry.post else ""
            by = f" par {speech.escape(entry.entered_by)}" if entry.entered_by else ""
            st.markdown(
                f"**{speech.escape(entry.name)}**{post} :orange-badge[:material/gavel: {entry.measure.value}]"
                f"  \nConsigné le {french.moment(entry.entered_at)}{by}"
            )
            st.text(entry.incident)
            if entry.measure_words:
                st.markdown(speech.escape(entry.measure_words))

"""The investigation of a complaint (P §4.4, P §4.4.1): its people, what was heard, a conclusion for each."""

from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from desk import french, inquiries, investigators
from desk.complaint_file import ComplaintFile, Person
from desk.complaints import Named
from desk.inquiries import Given
from desk.visits import Visit
from pages import speech
from pages.plainte_depot import OF_PERSON, PARTS
from pages.plainte_gestes import PLACE, hear, told
from pages.tab_form import KEPT_HERE, Form
from policy.investigation import Conclusion
from policy.private_words import ComplaintState, Finding, Measure, Part, StepKind
from policy.towntime import town_day

Here = Callable[[], Visit]

OPEN = (ComplaintState.RECEIVED, ComplaintState.ADMISSIBLE, ComplaintState.INVESTIGATED)
FINDINGS = {each.value: each.value for each in Finding}
MEASURES = {each.value: each.value for each in Measure}
KINDS = {each.value: each.value for each in StepKind}
LABELS = {
    "finding": "Conclusion",
    "finding_words": "Motifs de la conclusion",
    "incident": "Incident à consigner au dossier de l’employé",
    "measure": "Mesure, selon la gravité et la gradation (P §4.7)",
    "measure_words": "Précision sur la mesure",
}
OF_STEP = {"kind": "Ce qui est consigné", "person": "Personne", "held_on": "Date", "step": "Contenu"}
ICONS = {
    StepKind.INTERVIEW: ":material/groups:",
    StepKind.EVIDENCE: ":material/attachment:",
    StepKind.NOTE: ":material/edit_note:",
}


def people(here: Here, view: ComplaintFile) -> None:
    """Those the complaint names, each with what is concluded; one more."""
    st.header("Les personnes", divider="gray", anchor=False)
    if not view.people:
        st.markdown("Personne n’est nommé : aucune rencontre n’est exigée.")
    for person in view.people:
        with st.container(border=True):
            st.markdown(_person_words(person))
            if person.finding_words:
                st.text(person.finding_words)
            if view.mine and view.state in OPEN:
                _gestures(here, view, person)
    if view.mine and view.state in OPEN:
        _name(here, view.number)


def steps(here: Here, view: ComplaintFile) -> None:
    """What is on the file, in its order; one more."""
    st.header("L’enquête", divider="gray", anchor=False)
    if not view.steps:
        st.markdown("Rien n’est encore consigné.")
    for step in view.steps:
        about = f" — {speech.escape(step.person_name)}" if step.person_name else ""
        held = f", {french.day(step.held_on, weekday=True)}" if step.held_on else ""
        st.markdown(
            f"{ICONS[step.kind]} **{step.kind.value}**{about}{held}  \n"
            f"Consigné le {french.moment(step.noted_at)} par {speech.escape(step.noted_by)}"
        )
        st.text(step.words)
    if view.mine and view.state in OPEN:
        _step(here, view)


def _person_words(person: Person) -> str:
    post = f" — {speech.escape(person.post)}" if person.post else ""
    lines = [f"**{speech.escape(person.name)}**{post} :gray-badge[{person.part.value}]"]
    if person.heard_on is not None:
        lines.append(f":material/groups: Rencontrée le {french.day(person.heard_on, weekday=True)}")
    elif person.part is Part.TARGETED:
        lines.append(":material/hourglass_empty: À rencontrer et écouter avant toute conclusion *(P §4.4)*")
    if person.finding is Finding.FOUNDED and person.measure is not None:
        lines.append(f":orange-badge[:material/gavel: Fondée] {person.measure.value}")
        lines += [speech.escape(each) for each in (person.incident, person.measure_words) if each]
    elif person.finding is not None:
        lines.append(":green-badge[:material/check: Non fondée] Rien au dossier de l’employé *(P §4.4.1)*")
    return "  \n".join(lines)


def _gestures(here: Here, view: ComplaintFile, person: Person) -> None:
    """A conclusion about who is targeted; who was named by mistake leaves."""
    if person.part is Part.TARGETED and view.state is ComplaintState.INVESTIGATED:
        label = "Conclure au sujet de cette personne" if person.finding is None else "Réviser la conclusion"
        form = Form(f"pl-find-{person.id}", lambda name: LABELS[name])
        with st.expander(label, icon=":material/gavel:", expanded=bool(form.typed)):
            _finding(here, view.number, person, form)
    if person.finding is None:
        with st.popover("Retirer", icon=":material/person_remove:", type="tertiary",
                        key=f"pl-remove-door-{person.id}"):  # fmt: skip
            st.markdown("Nommée par erreur : rien d’elle ne reste au dossier *(P §4.5)*.")
            st.button(
                "Retirer cette personne", key=f"pl-remove-{person.id}", on_click=_remove,
                args=(here, view.number, person.id),
            )  # fmt: skip


def _finding(here: Here, number: str, person: Person, form: Form) -> None:
    form.lay({
        "finding": person.finding, "finding_words": person.finding_words, "incident": person.incident,
        "measure": person.measure, "measure_words": person.measure_words,
    })  # fmt: skip
    form.differences()
    form.choice("finding", FINDINGS)
    form.area("finding_words")
    if form.value("finding") == Finding.FOUNDED.value:
        form.area("incident")
        form.choice("measure", MEASURES)
        form.text("measure_words")
    hear(f"{PLACE}-find-{person.id}")
    st.button(
        "Enregistrer la conclusion", key=f"pl-find-{person.id}-save", type="primary", on_click=_conclude,
        args=(here, number, person.id, form),
    )  # fmt: skip
    st.markdown(KEPT_HERE)


def _conclude(here: Here, number: str, person: str, form: Form) -> None:
    finding = Finding(form.value("finding")) if form.value("finding") else None
    founded = finding is Finding.FOUNDED
    measure = form.value("measure") if founded else None
    given = Conclusion(
        finding=finding,
        words=_text(form, "finding_words"),
        incident=_text(form, "incident") if founded else "",
        measure=Measure(measure) if measure else None,
        measure_words=_text(form, "measure_words") if founded else "",
    )
    seen = {name: value for name, value in form.seen.items() if name != "incident"}
    outcome = speech.attempt(
        lambda: inquiries.conclude_person(here(), number, person, given, seen), f"{PLACE}-find-{person}"
    )
    form.done(outcome, PLACE)


def _remove(here: Here, number: str, person: str) -> None:
    gone = speech.attempt(lambda: inquiries.remove_person(here(), number, person), PLACE)
    if gone is not None:
        speech.confirm(gone, PLACE)


def _name(here: Here, number: str) -> None:
    form = Form(f"pl-person-{number}", lambda name: OF_PERSON[name])
    form.lay({"who": "", "post": "", "account": None, "part": Part.TARGETED})
    with st.expander("Nommer une personne", icon=":material/person_add:", expanded=bool(form.typed)):
        colleagues = {each.id: each.name for each in investigators.colleagues(here())}
        left, right = st.columns(2)
        with left:
            form.text("who")
            form.choice("account", colleagues, "Aucun ou inconnu")
        with right:
            form.text("post")
            form.choice("part", PARTS)
        hear(f"{PLACE}-person")
        st.button("Ajouter au dossier", key="pl-person", on_click=_add, args=(here, number, form, colleagues))


def _add(here: Here, number: str, form: Form, colleagues: dict[str, str]) -> None:
    account = _text(form, "account")
    part = Part(form.value("part") or Part.TARGETED.value)
    given = Named(_text(form, "who") or colleagues.get(account, ""), _text(form, "post"), account, part)
    added = speech.attempt(lambda: inquiries.add_person(here(), number, given), f"{PLACE}-person")
    told(added, form)


def _step(here: Here, view: ComplaintFile) -> None:
    form = Form(f"pl-step-{view.number}", lambda name: OF_STEP[name])
    form.lay({"kind": StepKind.INTERVIEW, "person": None, "held_on": _today(here), "step": ""})
    with st.expander("Consigner une étape", icon=":material/add_notes:", expanded=bool(form.typed)):
        kind, held = st.columns(2)
        with kind:
            form.choice("kind", KINDS)
        with held:
            form.day("held_on")
        form.choice("person", {each.id: each.name for each in view.people}, "Aucune en particulier")
        form.area("step", height=160)
        hear(f"{PLACE}-step")
        st.button("Consigner", key="pl-step", type="primary", on_click=_note, args=(here, view.number, form))
        st.markdown(KEPT_HERE)


def _note(here: Here, number: str, form: Form) -> None:
    kind = StepKind(form.value("kind") or StepKind.NOTE.value)
    held_on: Any = form.value("held_on")
    given = Given(kind, _text(form, "step"), held_on, _text(form, "person"))
    told(speech.attempt(lambda: inquiries.note(here(), number, given), f"{PLACE}-step"), form)


def _text(form: Form, name: str) -> str:
    return str(form.value(name) or "")


def _today(here: Here) -> date:
    return town_day(here().at)

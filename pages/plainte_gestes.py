"""The gestures of who investigates a complaint (R-30, R-31): examine it, move it on, step aside."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from desk import investigations
from desk.complaint_file import ComplaintFile
from desk.visits import Visit
from pages import speech
from pages.plainte_depot import CHANNELS, SIGNATURES, TEXTS, WHO
from pages.plainte_depot import LABELS as OF_DEPOSIT
from pages.tab_form import KEPT_HERE, Form
from policy.complaints import Signature
from policy.investigation import Turn
from policy.words import Channel

Here = Callable[[], Visit]

PLACE = "plaintes"
BOXES = ("written", "anonymous", "municipal", "private_dispute", "danger")
EXAMINED = (*TEXTS, *BOXES, "channel", "signature", "facts_on", "department")
ICONS: Mapping[Turn, str] = {
    Turn.DEROGATE: ":material/gavel:",
    Turn.INVESTIGATE: ":material/manage_search:",
    Turn.CONCLUDE: ":material/check_circle:",
    Turn.REVISE: ":material/restart_alt:",
    Turn.WITHDRAW: ":material/undo:",
}
REASONS: Mapping[Turn, str] = {
    Turn.DEROGATE: "Motif de la dérogation (la politique n’en prévoit pas)",
    Turn.REVISE: "Pourquoi l’enquête est rouverte",
    Turn.WITHDRAW: "Quand et comment la personne a retiré sa plainte",
}


def turns(here: Here, view: ComplaintFile) -> None:
    """What can be done now, each with its fields; why not the rest."""
    st.header("Ce que vous pouvez faire", divider="gray", anchor=False)
    allowed = [what for what, refusal in view.turns if refusal is None]
    if any(what in (Turn.ADMIT, Turn.REJECT) for what, _ in view.turns):
        _examine(here, view)
    for what in allowed:
        if what in ICONS:
            _turn(here, view, what)
    later = [(what, refusal) for what, refusal in view.turns if refusal is not None]
    if later:
        with st.expander("Pas maintenant, et pourquoi", icon=":material/block:"):
            for what, refusal in later:
                why = " ".join(speech.ground(ground) for ground in refusal.grounds)
                st.markdown(f"**{what.value}** — {why}")
    _recuse(here, view.number)


def hear(place: str) -> None:
    """What the last act at a place answered, in a part of its own.

    Once it is read and gone, what stands below keeps its place, so that nothing unfolded folds again.
    """
    with st.container():
        speech.hear(place)


def told(message: str | None, form: Form) -> None:
    """After an act that answers in words: what was typed for it is forgotten."""
    if message is not None:
        form.clear()
        speech.confirm(message, PLACE)


def _turn(here: Here, view: ComplaintFile, what: Turn) -> None:
    name, label = what.name.lower(), what.value.replace("'", "’")
    form = Form(f"pl-{name}-{view.number}", lambda field: REASONS[what])
    with st.expander(label, icon=ICONS[what], expanded=bool(form.typed)):
        if what in REASONS:
            form.lay({"reason": ""})
            form.area("reason")
        hear(f"{PLACE}-{name}")
        st.button(
            label, key=f"pl-{name}", type="primary", on_click=_take, args=(here, view.number, what, form)
        )


def _take(here: Here, number: str, what: Turn, form: Form) -> None:
    reason = str(form.value("reason") or "") if what in REASONS else ""
    outcome = speech.attempt(
        lambda: investigations.take(here(), number, what, reason), f"{PLACE}-{what.name.lower()}"
    )
    form.done(outcome, PLACE)


def _examine(here: Here, view: ComplaintFile) -> None:
    """R-30: the complaint again, with what arrived since; yes, or all its grounds."""
    form = Form(f"pl-exam-{view.number}", lambda name: OF_DEPOSIT[name])
    form.lay({name: getattr(view.complaint, name) for name in EXAMINED},
             {"department": view.complaint.department or ""})  # fmt: skip
    with st.expander("Examiner la recevabilité", icon=":material/fact_check:", expanded=bool(form.typed)):
        form.differences()
        st.markdown("Corrigez ce qui est arrivé depuis ; la date d’arrivée ne se corrige pas *(P §4.4)*.")
        form.choice("channel", CHANNELS)
        for name in ("written", "municipal", "private_dispute", "anonymous"):
            form.box(name)
        form.choice("signature", SIGNATURES)
        form.day("facts_on")
        for name in (*WHO, "place", "department"):
            form.text(name)
        form.area("facts", height=160)
        form.box("danger")
        form.area("danger_words")
        hear(f"{PLACE}-exam")
        st.button("Examiner", key="pl-exam", type="primary", on_click=_decide, args=(here, view.number, form))
        st.markdown(KEPT_HERE)


def _decide(here: Here, number: str, form: Form) -> None:
    corrections = {name: _value(name, value) for name, value in form.typed.items()}
    outcome = speech.attempt(
        lambda: investigations.decide(here(), number, corrections, form.seen), f"{PLACE}-exam"
    )
    form.done(outcome, PLACE)


def _value(name: str, value: Any) -> Any:
    """What a field holds, as the complaint says it."""
    if name == "channel":
        return Channel(value) if value else None
    if name == "signature":
        return Signature(value) if value else Signature.NONE
    return value


def _recuse(here: Here, number: str) -> None:
    form = Form(f"pl-recuse-{number}", lambda name: "Pourquoi vous ne pouvez plus enquêter")
    with st.expander("Me récuser", icon=":material/person_off:", expanded=bool(form.typed)):
        st.markdown(
            "La direction générale désignera une autre personne, et cette plainte vous sera introuvable "
            "*(P §4.4)*."
        )
        form.lay({"reason": ""})
        form.area("reason")
        hear(f"{PLACE}-recuse")
        st.button("Me récuser", key="pl-recuse", on_click=_step_aside, args=(here, number, form))


def _step_aside(here: Here, number: str, form: Form) -> None:
    reason = str(form.value("reason") or "")
    told(speech.attempt(lambda: investigations.recuse(here(), number, reason), f"{PLACE}-recuse"), form)

"""The gestures on a request for access, each with the fields it needs; what is typed stays in this tab."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import streamlit as st

from desk import access, access_moves, french
from desk.access import View
from desk.acts import Outcome
from desk.visits import Visit
from pages import speech
from pages.tab_form import Form
from policy.private_words import AccessMove, Decision
from policy.towntime import town_day

Here = Callable[[], Visit]
Act = Callable[[Visit, str, Form], Outcome]
Drawn = Callable[[Here, View], None]

PLACE = "acces"
DECISIONS = {each.value: each.value for each in Decision}
GIVEN_REASONS = {
    Decision.GRANTED.value: "Précisions (facultatif)",
    Decision.PARTIAL.value: "Motifs du refus partiel",
    Decision.REFUSED.value: "Motifs du refus",
    Decision.NO_DOCUMENT.value: "Précisions (facultatif)",
    Decision.TRANSFERRED.value: "Précisions (facultatif)",
    Decision.WITHDRAWN.value: "Quand et comment la personne s’est désistée",
}


def write(here: Here, view: View) -> None:
    """LAI 45: the writing of an oral request has arrived."""
    form = _form(view, AccessMove.WRITE, {"day": _today(here)}, {"day": "Écrit reçu le"})
    form.day("day")
    _button(here, view, form, AccessMove.WRITE, "L’écrit est arrivé", _write)


def notice(here: Here, view: View) -> None:
    """LAI 46: the notice of receipt."""
    st.markdown("L’avis dit la date de réception, le délai, l’effet du silence et le recours *(LAI 46)*.")
    form = _form(view, AccessMove.NOTICE, {"day": _today(here)}, {"day": "Avis transmis le"})
    form.day("day")
    _button(here, view, form, AccessMove.NOTICE, "L’avis est parti : le garder au dossier", _notice)


def extend(here: Here, view: View) -> None:
    """LAI 47: the clerk's extension; its notice can be read before it leaves."""
    if view.twentieth_day is not None:
        st.markdown(
            "Une seule fois, de 1 à 10 jours comptés du vingtième ; l’avis part au plus tard le "
            f"**{french.day(view.twentieth_day, weekday=True)}** *(LAI 47)*."
        )
    form = _form(
        view, AccessMove.EXTEND,
        {
            "day": _today(here),
            "days": view.seen["extension_days"] or 10,
            "ground": view.seen["extension_ground"] or "",
        },
        {
            "day": "Avis mis à la poste le",
            "days": "Jours ajoutés",
            "ground": "En quoi répondre en vingt jours nuirait au déroulement normal des activités",
        },
    )  # fmt: skip
    days, day = st.columns(2)
    with days:
        form.number("days", 1, 10)
    with day:
        form.day("day")
    form.area("ground")
    speech.hear(_place(AccessMove.EXTEND))
    prepare, mark = st.columns(2)
    prepare.button(
        "Préparer l’avis à relire", key="ac-prepare", icon=":material/preview:", on_click=_prepare,
        args=(here, view.number, form), width="stretch",
    )  # fmt: skip
    mark.button(
        "L’avis est parti : prolonger", key="ac-extend", type="primary", on_click=_done,
        args=(here, view.number, form, AccessMove.EXTEND, _extend), width="stretch",
    )  # fmt: skip


def third_party(here: Here, view: View) -> None:
    """LAI 49: a third party told."""
    st.markdown(
        "Par courrier, dans les vingt jours de la demande ; le tiers en a vingt pour ses observations, et la "
        "décision vient dans les quinze jours qui suivent. Informez-en aussi la personne qui demande, avec "
        "ces délais *(LAI 49)*."
    )
    form = _form(
        view, AccessMove.THIRD_PARTY, {"who": "", "day": _today(here)},
        {"who": "Tiers", "day": "Avis mis à la poste le"},
    )  # fmt: skip
    form.text("who")
    form.day("day")
    _button(here, view, form, AccessMove.THIRD_PARTY, "Le tiers est avisé", _third_party)


def hear(here: Here, view: View) -> None:
    """LAI 49: the third party's observations."""
    form = _form(
        view, AccessMove.HEAR, {"day": _today(here), "words": ""},
        {"day": "Observations reçues le", "words": "Observations du tiers"},
    )  # fmt: skip
    form.day("day")
    form.area("words")
    _button(here, view, form, AccessMove.HEAR, "Inscrire les observations", _hear)


def decide(here: Here, view: View) -> None:
    """LAI 47 to 50: the decision, and what each may not be without."""
    seen = view.seen
    decision = view.standing.decision
    form = _form(
        view, AccessMove.DECIDE,
        {
            "decision": decision.value if decision else None,
            "day": view.standing.decided_on or _today(here),
            **{name: seen[name] or "" for name in ("reason", "provisions", "other_body")},
        },
        {
            "decision": "Décision",
            "day": "Décidée le",
            "reason": GIVEN_REASONS.get(str(_chosen(view)), "Motifs"),
            "provisions": "Dispositions de la loi, avec leur texte",
            "other_body": "Organisme compétent et responsable de l’accès dans cet organisme",
        },
    )  # fmt: skip
    choice, day = st.columns(2)
    with choice:
        form.choice("decision", DECISIONS)
    with day:
        form.day("day")
    chosen = form.value("decision")
    if chosen == Decision.TRANSFERRED.value:
        form.text("other_body")
    if chosen:
        form.area("reason")
    if chosen in (Decision.PARTIAL.value, Decision.REFUSED.value):
        form.area("provisions", help="Par exemple : article 53 — « Les renseignements personnels sont… »")
    _button(here, view, form, AccessMove.DECIDE, "Enregistrer la décision", _decide)


def answer(here: Here, view: View) -> None:
    """LAI 47, LAI 50: the answer leaves."""
    st.markdown(
        f"Décision : **{view.standing.decision}**. Relisez la lettre (« Aperçu »), transmettez-la, puis "
        "marquez-la partie : elle est gardée telle quelle."
    )
    form = _form(view, AccessMove.ANSWER, {"day": _today(here)}, {"day": "Réponse transmise le"})
    form.day("day")
    _button(here, view, form, AccessMove.ANSWER, "La réponse est partie", _answer)


FORMS: Mapping[AccessMove, tuple[str, str, Drawn]] = {
    AccessMove.WRITE: ("Inscrire l’arrivée de l’écrit", ":material/mark_email_unread:", write),
    AccessMove.NOTICE: ("Transmettre l’avis de réception", ":material/outgoing_mail:", notice),
    AccessMove.EXTEND: ("Prolonger le délai", ":material/more_time:", extend),
    AccessMove.THIRD_PARTY: ("Aviser un tiers", ":material/group:", third_party),
    AccessMove.HEAR: ("Inscrire les observations du tiers", ":material/hearing:", hear),
    AccessMove.DECIDE: ("Décider", ":material/gavel:", decide),
    AccessMove.ANSWER: ("Transmettre la réponse", ":material/send:", answer),
}


def _today(here: Here) -> date:
    return town_day(here().at)


def _chosen(view: View) -> Any:
    """The decision as it stands in the form of this tab, before it is laid."""
    decision = view.standing.decision
    key = Form(_name(view.number, AccessMove.DECIDE), access.label).key("decision")
    return st.session_state.get(key) or (decision.value if decision else None)


def _form(view: View, move: AccessMove, fields: Mapping[str, Any], labels: Mapping[str, str]) -> Form:
    form = Form(_name(view.number, move), lambda name: labels.get(name) or access.label(name))
    form.lay(fields)
    return form


def _name(number: str, move: AccessMove) -> str:
    return f"ac-{move.name.lower()}-{number}"


def _place(move: AccessMove) -> str:
    """Where a gesture answers a refusal: beside its button."""
    return f"{PLACE}-{move.name.lower()}"


def _button(here: Here, view: View, form: Form, move: AccessMove, label: str, act: Act) -> None:
    speech.hear(_place(move))
    st.button(
        label, key=f"ac-{move.name.lower()}", type="primary", on_click=_done,
        args=(here, view.number, form, move, act),
    )  # fmt: skip


def _done(here: Here, number: str, form: Form, move: AccessMove, act: Act) -> None:
    outcome = speech.attempt(lambda: act(here(), number, form), _place(move))
    form.done(outcome, PLACE)


def _prepare(here: Here, number: str, form: Form) -> None:
    outcome = speech.attempt(
        lambda: access_moves.prepare_extension(here(), number, *_extension(form)), _place(AccessMove.EXTEND)
    )
    form.done(outcome, PLACE)


def _write(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.written(visit, number, form.value("day"))


def _notice(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.noticed(visit, number, form.value("day"))


def _extension(form: Form) -> tuple[int, str, date | None]:
    return int(form.value("days") or 0), str(form.value("ground") or ""), form.value("day")


def _extend(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.extend(visit, number, *_extension(form))


def _third_party(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.third_party(visit, number, str(form.value("who") or ""), form.value("day"))


def _hear(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.heard(visit, number, form.value("day"), str(form.value("words") or ""))


def _decide(visit: Visit, number: str, form: Form) -> Outcome:
    chosen = form.value("decision")
    typed = {name: str(form.value(name) or "") for name in ("reason", "provisions", "other_body")}
    return access_moves.decide(visit, number, Decision(chosen) if chosen else None, typed, form.value("day"))


def _answer(visit: Visit, number: str, form: Form) -> Outcome:
    return access_moves.answered(visit, number, form.value("day"))

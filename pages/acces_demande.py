"""One request for access: its clock, what is asked, what can be done now and why not the rest."""

from collections.abc import Callable, Mapping

import streamlit as st

from desk import access, access_letters, french
from desk.access import View
from desk.access_letters import Paper
from desk.acts import Outcome
from desk.visits import Visit
from pages import private_documents, speech
from pages.acces_gestes import FORMS, PLACE
from pages.tab_form import KEPT_HERE, Form
from policy.private_words import AccessMove, Light, PrivateKind
from policy.words import Channel

Here = Callable[[], Visit]

TEXTS = ("name", "organisation", "email", "phone", "civic", "street", "city", "postal_code", "words", "note")
CHANNELS = {channel.value: channel.value for channel in Channel}


def show(here: Here, view: View, badge: str) -> None:
    """What is asked and what can be done beside its clock, its letters, who read it."""
    waits = None if view.standing.ended or view.light is Light.SILENT else view.due
    target = f"  \nRéponse attendue d’ici le **{speech.when(waits)}**" if waits else ""
    st.markdown(
        f"**{view.number}** {badge} {view.standing.state.value}{target}  \n"
        f"Reçue le {french.moment(view.received_at)} · [Toutes les demandes](/acces)"
    )
    left, right = st.columns([3, 2], gap="large")
    with right:
        _clock(view)
        _third_party(view)
        _letters(view)
        private_documents.part(here, PrivateKind.ACCESS, view.id)
        _readings(view)
    with left:
        speech.hear(PLACE)
        _asked(view)
        _moves(here, view)
        _edit(here, view)
        st.markdown(KEPT_HERE)


def _clock(view: View) -> None:
    st.header("Le délai", divider="gray", anchor=False)
    if view.due is None or view.due.legal is None:
        st.markdown("Demande verbale : le délai commence à l’arrivée de l’écrit *(LAI 45)*.")
        return
    legal = french.day(view.due.legal, weekday=True)
    if view.light is Light.SILENT:
        st.error(
            f"Le dernier jour était le {legal} : l’accès est réputé refusé *(LAI 52)*. La réponse se donne "
            "quand même.",
            icon=":material/alarm_off:",
        )
    st.markdown(f"Cible : **{speech.when(view.due)}**  \nDernier jour de la Loi : **{legal}**")
    speech.why(view.due)
    told = [
        ("Avis de réception transmis", view.standing.noticed_on),
        ("Délai prolongé", view.standing.extended_on),
        (f"Décision : {view.standing.decision}", view.standing.decided_on),
        ("Réponse transmise", view.standing.answered_on),
    ]
    lines = [f"{what} le {french.day(on, weekday=True)}" for what, on in told if on is not None]
    if view.recourse_until is not None:
        lines.append(
            f"Révision possible jusqu’au {french.day(view.recourse_until, weekday=True)} *(LAI 135)*"
        )
    if lines:
        st.markdown("  \n".join(lines))


def _third_party(view: View) -> None:
    third = view.standing.third_party
    if third is None:
        return
    st.header("Le tiers", divider="gray", anchor=False)
    st.markdown(
        f"**{speech.escape(view.seen['third_party'] or '')}**, avisé le {french.day(third.told_on)}  \n"
        f"Ses observations : jusqu’au {french.day(third.observations_due, weekday=True)}  \n"
        f"Décision au plus tard : {french.day(third.decision_due, weekday=True)} *(LAI 49)*"
    )
    if third.observations_on is not None:
        st.markdown(f"Observations reçues le {french.day(third.observations_on)}")
        st.text(view.seen["third_party_words"] or "—")


def _letters(view: View) -> None:
    """Those that can be looked at before they leave; once marked sent they are among the documents."""
    ready = _ready(view)
    if not ready:
        return
    st.header("Lettres à relire", divider="gray", anchor=False)
    for paper in ready:
        st.link_button(
            f"Aperçu : {access_letters.NAMES[paper].lower()}",
            f"/telecharger/acces-lettre?numero={view.number}&lettre={paper.value}",
            icon=":material/preview:",
        )


def _ready(view: View) -> list[Paper]:
    """The letters that can be looked at now."""
    allowed = {each.move for each in view.possible if each.allowed}
    ready = []
    if AccessMove.NOTICE in allowed:
        ready.append(Paper.NOTICE)
    if view.standing.extended_on is None and view.seen["extension_days"] and not view.standing.ended:
        ready.append(Paper.EXTENSION)
    if AccessMove.ANSWER in allowed:
        ready.append(Paper.ANSWER)
    return ready


def _readings(view: View) -> None:
    with st.expander("Qui a consulté cette demande", icon=":material/visibility:"):
        for read in view.readings:
            st.markdown(f"{french.moment(read.at)} — {speech.escape(read.who)} : {speech.escape(read.what)}")


def _asked(view: View) -> None:
    st.header("Documents demandés", divider="gray", anchor=False)
    st.text(view.seen["words"])
    seen: Mapping[str, str | None] = view.seen
    street = " ".join(seen[name] or "" for name in ("civic", "street")).strip()
    place = "  ".join(part for part in (seen["city"], seen["postal_code"]) if part)
    lines = (seen["name"], seen["organisation"], street, place, seen["email"], seen["phone"])
    st.markdown("  \n".join(speech.escape(line) for line in lines if line))
    decided = [(name, seen[name]) for name in ("reason", "provisions", "other_body") if seen[name]]
    for name, value in decided:
        st.markdown(f"**{speech.escape(access.label(name))}**  \n{speech.escape(value or '')}")


def _moves(here: Here, view: View) -> None:
    """What can be done now, each with its fields; why not the rest."""
    st.header("Ce que vous pouvez faire", divider="gray", anchor=False)
    others = [each for each in view.possible if each.move is not AccessMove.EDIT]
    allowed = [each.move for each in others if each.allowed]
    for move in allowed:
        title, icon, draw = FORMS[move]
        # followed, so that what is said above it does not fold it
        fold = st.expander(
            title, icon=icon, expanded=len(allowed) == 1, key=f"ac-fold-{move.name}", on_change="rerun"
        )
        with fold:
            draw(here, view)
    if not allowed:
        st.markdown("Plus rien n’est attendu de la Ville.")
    refused = [each for each in others if not each.allowed]
    if refused:
        with st.expander("Pas maintenant, et pourquoi", icon=":material/block:"):
            for each in refused:
                why = " ".join(speech.ground(ground) for ground in each.grounds)
                st.markdown(f"**{each.move.value}** — {why}")


def _edit(here: Here, view: View) -> None:
    """Corrections; once the answer left, the internal note alone."""
    form = Form(f"ac-edit-{view.number}", access.label, access.shown)
    fields = (*TEXTS, "channel", "written_on")
    form.lay({name: view.seen[name] for name in fields}, {name: view.seen[name] or "" for name in TEXTS})
    with st.expander("Corriger, compléter, noter", icon=":material/edit_note:", expanded=bool(form.typed)):
        form.differences()
        form.area("note", help="Ne sort jamais de la maison.")
        if view.standing.answered_on is None:
            _fields(form, view)
        speech.hear(f"{PLACE}-edit")
        st.button(
            "Enregistrer les corrections", key="ac-edit", icon=":material/save:", on_click=_save,
            args=(here, view.number, form),
        )  # fmt: skip


def _fields(form: Form, view: View) -> None:
    form.area("words", height=160)
    left, right = st.columns(2)
    with left:
        for name in ("name", "email", "civic", "city"):
            form.text(name)
        form.choice("channel", CHANNELS)
    with right:
        for name in ("organisation", "phone", "street", "postal_code"):
            form.text(name)
        if view.standing.written_on is not None:
            form.day("written_on")


def _save(here: Here, number: str, form: Form) -> None:
    outcome: Outcome | None = speech.attempt(
        lambda: access.edit(here(), number, form.typed, form.seen), f"{PLACE}-edit"
    )
    form.done(outcome, PLACE)

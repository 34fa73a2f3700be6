"""Réclamations: what each claim waits for; one claim, its damage, its notice, what the clerk decided."""

from collections.abc import Callable

import streamlit as st

from desk import claims, french
from desk.claims import AMOUNTS, Line, View
from desk.scope import NotFound
from desk.visits import Visit
from pages import speech
from pages.tab_form import KEPT_HERE, Form
from policy.private_words import ClaimDecision, Damage

Here = Callable[[], Visit]

PLACE = "reclamations"
WAITING, DONE = "Qui attendent quelque chose", "Réglées"
DAMAGES = {each.value: each.value for each in Damage}
TEXTS = ("damage_words", "event_place", "insurer", "insurer_number", "repairs", "decision_words")
DECISIONS = {each.value: each.value for each in ClaimDecision}


def screen(here: Here) -> None:
    """The claim of the address, else the list."""
    number = st.query_params.get("numero", "").strip()
    if not number:
        st.title("Réclamations")
        _list(here)
        return
    st.title("Réclamation")
    try:
        view = claims.open(here(), number)
    except NotFound as refusal:
        st.error(str(refusal), icon=":material/search_off:")
        _back()
        return
    _one(here, view)


def _list(here: Here) -> None:
    chosen = st.segmented_control(
        "Réclamations", [WAITING, DONE], default=WAITING, key="rc-which", label_visibility="collapsed"
    )
    done = chosen == DONE
    asked = st.session_state.get("rc-asked", (done, 1))
    page = claims.page(here(), done, asked[1] if asked[0] is done else 1)
    if not page.lines:
        nothing = (
            "Aucune réclamation n’est réglée." if done else "Aucune réclamation n’attend quoi que ce soit."
        )
        st.info(nothing, icon=":material/task_alt:")
        return
    st.markdown(f"**{page.total} réclamation{'s' if page.total > 1 else ''}**")
    for line in page.lines:
        with st.container(border=True, gap="small"):
            # a button and not a link, which would leave the tab and what was typed in it
            st.button(
                f"Réclamation {line.number}", key=f"rc-open-{line.number}", type="tertiary",
                icon=":material/car_crash:", on_click=_go, args=(line.number,),
            )  # fmt: skip
            st.markdown(_line_words(line))
    if page.pages > 1:
        key = f"rc-page-{done}-{page.page}"
        st.pagination(page.pages, default=page.page, key=key, on_change=_turn, args=(done, key))


def _go(number: str = "") -> None:
    st.query_params.from_dict({"numero": number} if number else {})


def _turn(done: bool, key: str) -> None:
    st.session_state["rc-asked"] = (done, st.session_state[key])


def _back() -> None:
    st.button(
        "Toutes les réclamations", key="rc-back", type="tertiary", icon=":material/arrow_back:", on_click=_go
    )


def _line_words(line: Line) -> str:
    who = " — ".join(speech.escape(part) for part in (line.citizen, line.place) if part)
    what = line.damage.value if line.damage else "Dommage à préciser"
    amount = f" · {line.amount}" if line.amount else ""
    decided = f" · {line.decision.value}" if line.decision else ""
    received = f"Reçue le {french.day_of(line.received_at)}"
    waits = " ".join(f":orange-badge[:material/hourglass_empty: {wait.value}]" for wait in line.waits)
    notice = _awaited(line)
    told = (f"{received}{f' — {who}' if who else ''}", f"{what}{amount}{decided}", notice, waits)
    return "  \n".join(part for part in told if part)


def _awaited(line: Line) -> str:
    if line.notice_due is None or line.notice_on is not None or line.decision is not None:
        return ""
    return f"Avis écrit attendu d’ici le {speech.when(line.notice_due)}"


def _one(here: Here, view: View) -> None:
    form = Form(f"rc_{view.number}", claims.label, claims.shown)
    amounts = {name: _amount_words(view, name) for name in AMOUNTS}
    form.lay(view.seen, {**amounts, **{name: view.seen[name] or "" for name in TEXTS}})
    _back()
    left, right = st.columns([3, 2], gap="large")
    with right:
        _file(view)
        _notice(view)
        _waits(view)
    with left:
        form.differences()
        _damage(form)
        _sent(form)
        _cause(form, view)
        _decision(form, view)
        speech.hear(PLACE)
        speech.hear(f"{PLACE}-refused")
        st.button(
            "Enregistrer", key="rc-save", type="primary", icon=":material/save:", on_click=_save,
            args=(here, view.number, form),
        )  # fmt: skip
        st.markdown(KEPT_HERE)


def _damage(form: Form) -> None:
    st.header("Le dommage", divider="gray", anchor=False)
    left, right = st.columns(2)
    with left:
        form.choice("damage", DAMAGES)
        form.day("event_on")
    with right:
        form.text("amount_cents", help="En dollars, avec une virgule ou un point.")
        form.text("event_place")
    form.area("damage_words")


def _sent(form: Form) -> None:
    st.header("L’avis et les transmissions", divider="gray", anchor=False)
    left, right = st.columns(2)
    with left:
        form.day("notice_on")
        form.day("insurer_on")
        form.text("insurer_number")
    with right:
        form.day("clerk_on")
        form.text("insurer")


def _cause(form: Form, view: View) -> None:
    st.header("La cause", divider="gray", anchor=False)
    form.text("repairs", help="Le numéro de la requête par laquelle la cause est réparée, comme 2026-00042.")
    if view.seen["repairs"] and view.repairs_opens:
        number = view.seen["repairs"]
        st.markdown(f"[Ouvrir la requête {number}](/dossier?numero={number})")


def _decision(form: Form, view: View) -> None:
    st.header("La décision", divider="gray", anchor=False)
    if view.may_decide:
        left, right = st.columns(2)
        with left:
            form.choice("decision", DECISIONS)
            form.text("paid_cents")
        with right:
            form.day("decided_on")
        form.area("decision_words")
        return
    if view.seen["decision"] is None:
        st.markdown("Le greffier décide ; rien n’est décidé encore.")
        return
    st.markdown(
        "  \n".join(
            f"{claims.label(name)} : **{speech.escape(claims.shown(name, view.seen[name]))}**"
            for name in claims.DECISION
            if view.seen[name] is not None
        )
    )


def _file(view: View) -> None:
    st.header(f"Dossier {view.number}", divider="gray", anchor=False)
    who = " — ".join(speech.escape(part) for part in (view.citizen, view.place) if part)
    st.markdown(
        f"{speech.state_badge(view.state)} reçu le {french.moment(view.received_at)}  \n"
        + (f"{who}  \n" if who else "")
        + f"[Ouvrir le dossier](/dossier?numero={view.number})"
    )
    st.text(view.facts)


def _notice(view: View) -> None:
    st.header("Avis écrit", divider="gray", anchor=False)
    if view.notice_due is None:
        st.markdown("La date s’affiche ici quand celle de l’événement est inscrite.")
        return
    received = view.seen["notice_on"]
    told = f"Reçu le {french.day(received, weekday=True)}.  \n" if received else ""
    st.markdown(f"{told}Attendu d’ici le **{speech.when(view.notice_due)}**.")
    st.markdown("Cette date ne s’oppose pas à la personne : le greffier décide.")
    speech.why(view.notice_due)


def _waits(view: View) -> None:
    st.header("Ce qui attend", divider="gray", anchor=False)
    if not view.waits:
        st.markdown(":material/task_alt: Plus rien.")
    for wait in view.waits:
        st.markdown(f":material/hourglass_empty: {wait.value}")


def _amount_words(view: View, name: str) -> str:
    return claims.shown(name, view.seen[name]) if view.seen[name] is not None else ""


def _save(here: Here, number: str, form: Form) -> None:
    outcome = speech.attempt(lambda: claims.save(here(), number, form.typed, form.seen), f"{PLACE}-refused")
    form.done(outcome, PLACE)

"""Conservation: what is at the end of its term, agreed to by a person; the terms; what is held (R-81)."""

from collections.abc import Callable

import streamlit as st

from desk import french, holds, keeping
from desk.holds import Hold
from desk.keeping import Count, KeptKind, Line
from desk.letters import many
from desk.visits import Visit
from pages import speech
from sync.states import KeepingState

Here = Callable[[], Visit]

PLACE = "conservation"
ON, OFF = ":orange-badge[:material/gavel: En vigueur]", ":gray-badge[:material/lock_open: Levée]"
PRIVATE = {  # where a private one is read, for who may
    KeptKind.CLAIM: "/reclamations?numero={}",
    KeptKind.ACCESS: "/acces?numero={}",
    KeptKind.COMPLAINT: "/plaintes?numero={}",
}


def screen(here: Here) -> None:
    """What waits first; the terms; the holds."""
    st.title("Conservation")
    st.markdown(
        "Chaque nuit, l’horloge dresse la liste des dossiers au terme de leur conservation. Rien n’est "
        "touché avant votre accord ; ensuite l’identité, les textes, les pièces et les courriels sont "
        "effacés, et les statistiques restent. **Cela ne se défait pas.**"
    )
    speech.hear(PLACE)
    found = keeping.counts(here())
    if not found:
        st.info(
            "Aucun dossier de votre ressort n’est au terme de sa conservation.", icon=":material/inventory:"
        )
    proposed = [count.kind.value for count in found if count.term and not count.confirmed]
    if proposed:
        told = (
            "Vérifiez-les au calendrier de conservation de la ville, puis inscrivez chacune plus bas avec "
            "son numéro"
            if keeping.may_keep(here())
            else "Le greffe les vérifie au calendrier de conservation de la ville"
        )
        st.warning(
            f"Des durées ne sont encore que des propositions : {', '.join(proposed)}. {told} : jusque-là, "
            "rien ne s’accepte.",
            icon=":material/rule:",
        )
    for count in found:
        if count.due or count.agreed or count.done:
            _kind(here, count)
    quiet = [count for count in found if not (count.due or count.agreed or count.done)]
    if quiet:
        st.header("Rien au terme", divider="gray", anchor=False)
        st.markdown("\n".join(f"- **{count.kind.value}** : {_term(count)}" for count in quiet))
    if keeping.may_keep(here()):
        _terms(here)
    if holds.may_hold(here()):
        _holds(here)


def _kind(here: Here, count: Count) -> None:
    st.header(count.kind.value, divider="gray", anchor=False)
    term = _term(count)
    st.markdown(
        f"{term[:1].upper()}{term[1:]}.  \n"
        f"**{many(count.due, 'dossier', 'dossiers')} au terme**, {count.agreed} en voie d’être rendus "
        f"anonymes, {count.done} déjà faits."
    )
    if count.due:
        _due(here, count)
    if count.agreed:
        st.button(
            f"Reprendre mon accord ({count.agreed})", key=f"cv-back-{count.kind.name}",
            icon=":material/undo:", on_click=_take_back, args=(here, count.kind),
        )  # fmt: skip
    if count.done:
        with st.expander("Ce qui a été rendu anonyme"):
            for line in keeping.lines(here(), count.kind, KeepingState.DONE):
                st.markdown(
                    f"{speech.escape(line.number)}, {_ended(line)} le {french.day(line.closed_on)} — accepté "
                    f"par {speech.escape(line.agreed_by)} le {french.moment(line.agreed_at)}, fait le "
                    f"{french.moment(line.done_at)}."
                    if line.agreed_at and line.done_at
                    else speech.escape(line.number)
                )


def _term(count: Count) -> str:
    return speech.escape(
        count.term.words if count.term else "aucune durée n’est fixée : rien n’arrive à terme"
    )


def _due(here: Here, count: Count) -> None:
    kind = count.kind
    page = int(st.session_state.get(f"cv_page_{kind.name}") or 1)
    lines = keeping.lines(here(), kind, KeepingState.DUE, page - 1)
    free = {line.id: line for line in lines if not line.why_not.startswith("Conservation suspendue")}
    chosen = [id for id in free if st.session_state.get(f"cv_pick_{id}")]
    for line in lines:
        ours = count.term.words if count.term else ""
        _line(here, line, line.id in free and count.confirmed, "" if line.rule == ours else line.rule)
    if count.due > keeping.PAGE:
        st.number_input("Page", min_value=1, key=f"cv_page_{kind.name}", step=1)
    if not count.confirmed:
        return
    with st.container(horizontal=True):
        st.button(
            f"Accepter pour les dossiers cochés ({len(chosen)})", key=f"cv-agree-{kind.name}", type="primary",
            icon=":material/task_alt:", disabled=not chosen, on_click=_agree, args=(here, kind, chosen),
        )  # fmt: skip
        with st.popover(f"Accepter pour tous ({count.due})", icon=":material/done_all:"):
            st.markdown(
                f"{many(count.due, 'dossier sera rendu anonyme', 'dossiers seront rendus anonymes')}, sauf "
                "ceux dont la conservation est suspendue. Cela ne se défait pas."
            )
            st.button(
                "J’accepte",
                key=f"cv-all-{kind.name}",
                type="primary",
                on_click=_agree_to_all,
                args=(here, kind),
            )


def _line(here: Here, line: Line, free: bool, rule: str) -> None:
    told = f" — {speech.escape(rule)}" if rule else ""
    words = f"**{speech.escape(line.number)}**, {_ended(line)} le {french.day(line.closed_on)}{told}"
    tick, more = st.columns([4, 2], vertical_alignment="center")
    with tick:
        if free:
            st.checkbox(words, key=f"cv_pick_{line.id}")
        else:
            st.markdown(words)
        if line.why_not:
            st.markdown(f":orange-badge[:material/gavel: {speech.escape(line.why_not)}]")
    with more:
        if line.kind in PRIVATE:
            st.markdown(f"[Ouvrir]({PRIVATE[line.kind].format(line.number)})")
        elif line.kind in (KeptKind.REQUEST, KeptKind.INFORMATION):
            with st.popover("Lire le dossier", icon=":material/folder_open:"):
                if st.toggle("Montrer", key=f"cv_look_{line.id}"):
                    for label, value in keeping.look(here(), line.id):
                        st.markdown(f"{speech.escape(label)} : **{speech.escape(value)}**")


def _ended(line: Line) -> str:
    return "laissé" if line.kind is KeptKind.FORM else "fermé"


def _terms(here: Here) -> None:
    st.header("Durées de conservation", divider="gray", anchor=False)
    with st.form("cv-term", border=False):
        left, right = st.columns(2)
        kind = left.selectbox("Sorte de dossier", list(KeptKind), format_func=lambda each: each.value)
        months = right.number_input(
            "Mois après la fermeture (vide : sans limite)", min_value=0, value=None, step=1, placeholder="60"
        )
        schedule = left.text_input("Numéro de la règle au calendrier de conservation")
        starts = right.date_input("En vigueur le", value=keeping.today(here()), format="YYYY-MM-DD")
        sent = st.form_submit_button("Fixer cette durée", icon=":material/event_available:")
    if sent and kind is not None:
        whole = None if months is None else int(months)
        done = speech.attempt(lambda: keeping.set_term(here(), kind, whole, schedule, starts), PLACE)
        if done is not None:
            speech.confirm(f"{kind} : {done.words}, à compter du {french.day(done.valid_from)}.", PLACE)
        st.rerun()


def _holds(here: Here) -> None:
    st.header("Suspensions de la conservation", divider="gray", anchor=False)
    st.markdown(
        "Un litige, une enquête, une demande d’accès en cours : tant que la suspension n’est pas levée, rien "
        "du dossier n’est effacé."
    )
    left, right = st.columns(2)
    left.text_input("Numéro du dossier", key="cv_hold_number", placeholder="2026-00042")
    right.toggle("Tous les dossiers de cette personne", key="cv_hold_whole")
    st.text_area("Motif", key="cv_hold_reason", height=80)
    st.button(
        "Suspendre la conservation", key="cv-hold", icon=":material/gavel:", on_click=_hold, args=(here,)
    )
    for each in holds.holds(here()):
        _shown(here, each)


def _shown(here: Here, each: Hold) -> None:
    with st.container(border=True):
        what = "la personne du dossier" if each.whole else "le dossier"
        state = ON if each.lifted_at is None else OFF
        st.markdown(
            f"**{what[:1].upper()}{what[1:]} {speech.escape(each.number)}** {state}  \n"
            f"Par {speech.escape(each.placed_by)}, le {french.moment(each.placed_at)}"
        )
        st.text(each.reason)
        if each.lifted_at is not None:
            st.markdown(
                f"Levée par {speech.escape(each.lifted_by)} le {french.moment(each.lifted_at)} : "
                f"{speech.escape(each.lifted_why)}"
            )
            return
        with st.popover("Lever la suspension", icon=":material/lock_open:"):
            st.text_input("Pourquoi", key=f"cv_why_{each.id}")
            st.button("Lever", key=f"cv-lift-{each.id}", on_click=_lift, args=(here, each))


def _agree(here: Here, kind: KeptKind, chosen: list[str]) -> None:
    _tell(speech.attempt(lambda: keeping.agree(here(), kind, chosen), PLACE))


def _agree_to_all(here: Here, kind: KeptKind) -> None:
    _tell(speech.attempt(lambda: keeping.agree_to_all(here(), kind), PLACE))


def _tell(count: int | None) -> None:
    if count is not None:
        said = many(count, "dossier accepté", "dossiers acceptés")
        speech.confirm(f"{said} : l’horloge les rend anonymes dans les minutes qui viennent.", PLACE)


def _take_back(here: Here, kind: KeptKind) -> None:
    count = speech.attempt(lambda: keeping.take_back(here(), kind), PLACE)
    if count is not None:
        speech.confirm(
            f"Accord repris : {many(count, 'dossier attend', 'dossiers attendent')} de nouveau.", PLACE
        )


def _hold(here: Here) -> None:
    asked = st.session_state
    made = speech.attempt(
        lambda: holds.place(
            here(), asked.get("cv_hold_number") or "", asked.get("cv_hold_reason") or "",
            whole=bool(asked.get("cv_hold_whole")),
        ),
        PLACE,
    )  # fmt: skip
    if made is not None:
        speech.confirm(f"La conservation est suspendue : {speech.escape(made.number)}.", PLACE)
        # emptied and not forgotten, or what was typed would stay in the browser
        asked.update({"cv_hold_number": "", "cv_hold_reason": "", "cv_hold_whole": False})


def _lift(here: Here, each: Hold) -> None:
    why = st.session_state.get(f"cv_why_{each.id}") or ""
    if speech.attempt(lambda: holds.lift(here(), each.id, why), PLACE) is not None:
        speech.confirm(f"La suspension est levée : {speech.escape(each.number)}.", PLACE)

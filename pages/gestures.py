"""What can be done with a file now: one form a gesture, each kept as a draft; and why not the others."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from desk import closing, coordinates, drafts, french, moves, registry, routing, typed
from desk.acts import Outcome
from desk.files import View
from desk.moves import Say
from desk.visits import Visit
from pages import again, coordonnees, insertions, remerciement, speech
from pages import gesture_fields as fields
from policy.circuits import Need
from policy.moves import Possible
from policy.words import OPEN_STATES, Move, Nature, Priority, State, WaitReason
from sync.versions import Difference

Here = Callable[[], Visit]
Act = Callable[[Visit, View, Mapping[str, Any]], Outcome]

CORRECT = "Corriger la demande"
LINK = "Lier comme doublon"
WHO = "Corriger les coordonnées"
AGAIN = "Noter un nouvel appel"
OTHERS = frozenset({Move.CLOSE, Move.HAND_OVER})  # annexe A's items, each a widget of its own
TOLD = frozenset({Move.PLAN, Move.PAUSE})  # what the citizen may be told of while the file is open

BECOMES_PRIVATE = (
    "**Cette demande deviendra une plainte, et cela ne se défait pas.** Le dossier disparaît partout : file, "
    "recherche, courriels, brouillons, pièces jointes, historique ; son numéro ne sert plus. Un nouveau "
    "numéro vous est dit une seule fois. Ensuite, seule la personne chargée de l’enquête la voit (P §4.5)."
)

REASON_LABELS = {
    Move.RETURN: "Pourquoi est-elle mal acheminée ?",
    Move.CANCEL: "Pourquoi l’annuler ?",
    Move.REOPEN: "Pourquoi la rouvrir ?",
    Move.ESCALATE: "Qu’est-ce qui rend le cas complexe ?",
    Move.RESUME: "Que manque-t-il ?",
}

ACTS: Mapping[Move, Act] = {
    Move.ROUTE: lambda visit, view, given: routing.route(
        visit, view.id, given["department"] or "", given["last_reason"] or "", given["seen"]
    ),
    Move.RETURN: lambda visit, view, given: moves.return_(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.TAKE: lambda visit, view, given: moves.take(visit, view.id, given["seen"]),
    Move.PLAN: lambda visit, view, given: moves.plan(
        visit, view.id, given["planned_on"], given["seen"], _say(given)
    ),
    Move.PAUSE: lambda visit, view, given: moves.pause(
        visit, view.id, given["wait_reason"], given["wait_words"] or "", given["seen"], _say(given)
    ),
    Move.RESUME: lambda visit, view, given: moves.resume(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.HAND_OVER: lambda visit, view, given: moves.hand_over(
        visit, view.id, fields.items(given), given["seen"]
    ),
    Move.CLOSE: lambda visit, view, given: closing.close(
        visit, view.id, fields.items(given), given["seen"], _say(given).proof_read
    ),
    Move.CANCEL: lambda visit, view, given: moves.cancel(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.REOPEN: lambda visit, view, given: moves.reopen(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.ESCALATE: lambda visit, view, given: moves.escalate(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.RECLASSIFY: lambda visit, view, given: routing.reclassify(
        visit, view.id, given["nature"], given["category"] or None, given["last_reason"] or "", given["seen"]
    ),
}


def forms(here: Here, view: View, place: str) -> None:
    """The gestures of this moment as choices; the one chosen shows what it needs and its button."""
    st.header("Ce que vous pouvez faire", divider="gray")
    allowed = {possible.move.value: possible for possible in view.moves if possible.allowed}
    calls = [AGAIN] if allowed and view.state in OPEN_STATES else []
    marks = [remerciement.called(view)] if view.mark else []
    who = [WHO] if view.coordinates.fields else []
    choices = [*allowed, *calls, *([CORRECT, LINK] if _is_desk(view) else []), *who, *marks]
    if not choices:
        st.markdown("Rien pour l’instant : vous pouvez lire ce dossier.")
    else:
        chosen = st.pills("Geste", choices, key=fields.gesture(view), wrap=True)
        _differences(here, view)
        if chosen == CORRECT:
            _correct(here, view, place)
        elif chosen == LINK:
            _link(here, view, place)
        elif chosen == WHO:
            coordonnees.form(here, view, place)
        elif chosen == AGAIN:
            again.form(here, view, place)
        elif chosen in marks:
            remerciement.form(here, view, place)
        elif chosen in allowed:
            _form(here, view, allowed[chosen], place)
    _why_not(view)


def _form(here: Here, view: View, possible: Possible, place: str) -> None:
    move = possible.move
    fields.seen(here, view)
    if move in OTHERS:
        _annexe_a(here, view, with_code=move is Move.CLOSE)
    if Need.DEPARTMENT in possible.needs:
        fields.select(here, view, "department", "Service", view.departments)
        if chosen := st.session_state.get(
            fields.key(view, "department")
        ):  # P annexe B: whether somebody is there
            names = ", ".join(registry.receiving(here(), str(chosen))) or "aucun Responsable désigné"
            st.markdown(f"Reçoit : {speech.escape(names)}")
    if Need.PLANNED_ON in possible.needs:
        fields.day(here, view, "planned_on", "Date prévue de l’intervention")
    if Need.WAIT_REASON in possible.needs:
        fields.select(
            here, view, "wait_reason", "Motif d’attente", {each.value: each.value for each in WaitReason}
        )
        fields.text(here, view, "wait_words", "Précision")
    if Need.NATURE in possible.needs:
        fields.select(here, view, "nature", "Nature", {each.value: each.value for each in Nature})
        if st.session_state.get(fields.key(view, "nature")) == Nature.COMPLAINT:
            st.warning(BECOMES_PRIVATE, icon=":material/lock:")
        else:
            fields.select(here, view, "category", "Catégorie", view.categories)
    if Need.REASON in possible.needs or move in (Move.ROUTE, Move.RECLASSIFY):
        fields.text(here, view, "last_reason", REASON_LABELS.get(move, "Motif"))
    if move in TOLD and possible.to is not None:
        _telling(here, view, possible.to)
    speech.hear(f"{place}-{move.name}")
    st.button(move.value, key=f"do-{move.name}", type="primary", on_click=_do, args=(here, view, move, place))
    if move is Move.CLOSE or (move in TOLD and view.to_tell):
        st.button(
            "Faire relire par le service aux citoyens", key="do-proof-read",
            help="Annexe A, point 5 : le geste est fait, seul le texte attend d’être approuvé.",
            on_click=_do, args=(here, view, move, place, True),
        )  # fmt: skip


def _telling(here: Here, view: View, to: State) -> None:
    """P annexe A, point 5: what the citizen is told meanwhile; the reason for waiting stays in the house."""
    if not view.to_tell:
        st.markdown(":material/person_off: Demande anonyme : personne n’est à informer.")
        return
    fields.area(here, view, "telling", "Information pour le demandeur (facultative, envoyée par courriel)")
    insertions.offered(here, view, to, "telling")


def _annexe_a(here: Here, view: View, with_code: bool) -> None:
    """P annexe A: its points, in its order."""
    if with_code:
        fields.select(here, view, "code", "1. Code d’intervention", view.codes)
    planned, done = st.columns(2)
    with planned:
        fields.day(here, view, "planned_on", "2. Date prévue, si vous la connaissez")
    with done:
        fields.day(here, view, "done_on", "2. Date effectuée")
    fields.text(here, view, "done_extension", "3. Numéro de poste de la personne qui a complété la demande")
    fields.area(here, view, "note", "4. Note interne (le plus de détails possible, jamais transmise)")
    when = "envoyée par courriel" if with_code else "envoyée à la fermeture"
    fields.area(here, view, "citizen_text", f"5. Information pour le demandeur (facultative, {when})")
    insertions.offered(here, view, State.DONE, "citizen_text")


def _correct(here: Here, view: View, place: str) -> None:
    """P §4.1: the desk puts right what the person said."""
    fields.seen(here, view)
    fields.select(here, view, "priority", "Priorité", {each.value: each.value for each in Priority})
    civic, street = st.columns([1, 3])
    with civic:
        fields.text(here, view, "civic", "Numéro civique du lieu")
    with street:
        fields.text(here, view, "street", "Rue ou lieu")
    fields.text(here, view, "sector", "Secteur")
    fields.text(here, view, "place_note", "Précision du lieu")
    fields.area(here, view, "facts", "Exposé des faits")
    speech.hear(f"{place}-correct")
    st.button("Enregistrer", key="do-correct", type="primary", on_click=_amend, args=(here, view, place))


def _link(here: Here, view: View, place: str) -> None:
    """R-18: this file repeats another one."""
    if any(twin.relation.startswith("Doublon de") for twin in view.twins):
        st.button("Ce n’est plus un doublon", key="do-unlink", on_click=_unlinked, args=(here, view, place))
        return
    fields.text(here, view, "duplicate_of", "Numéro du dossier d’origine")
    speech.hear(f"{place}-link")
    st.button(LINK, key="do-link", type="primary", on_click=_linked, args=(here, view, place))


def _why_not(view: View) -> None:
    refused = [possible for possible in view.moves if possible.refusal is not None]
    if not refused:
        return
    with st.expander("Pourquoi pas les autres gestes ?"):
        for possible in refused:
            for ground in possible.refusal.grounds if possible.refusal else ():
                article = f" ({speech.escape(ground.article)})" if ground.article else ""
                st.markdown(f"**{possible.move.value}** — {speech.escape(ground.message)}{article}")


def _do(here: Here, view: View, move: Move, place: str, proof_read: bool = False) -> None:
    def act() -> Outcome:
        return ACTS[move](here(), view, {**fields.given(view), "proof_read": proof_read})

    _carry(here, view, act, f"{place}-{move.name}", place)


def _say(given: Mapping[str, Any]) -> Say:
    """P annexe A, point 5: what is told with a move, and whether the desk reads it first."""
    return Say(str(given["telling"] or ""), bool(given["proof_read"]))


def _amend(here: Here, view: View, place: str) -> None:
    def act() -> Outcome:
        given = fields.given(view)
        typed = {name: given[name] for name in fields.CORRECTED if given[name] != view.seen.get(name)}
        return moves.amend(here(), view.id, typed, given["seen"])

    _carry(here, view, act, f"{place}-correct", place)


def _linked(here: Here, view: View, place: str) -> None:
    number = str(st.session_state.get(fields.key(view, "duplicate_of")) or "")
    _carry(here, view, lambda: routing.link_duplicate(here(), view.id, number), f"{place}-link", place)


def _unlinked(here: Here, view: View, place: str) -> None:
    _carry(here, view, lambda: routing.unlink_duplicate(here(), view.id), f"{place}-link", place)


def _carry(here: Here, view: View, act: Callable[[], Outcome], beside: str, place: str) -> None:
    """Do it; what is refused or differs leaves the form as typed, what is done clears it."""
    outcome = speech.attempt(act, beside)
    if outcome is None:
        return
    if outcome.differences:
        st.session_state[fields.differences(view)] = outcome.differences
        return
    speech.confirm(outcome.message, place)
    shown = [str(key) for key in st.session_state if str(key).startswith(fields.key(view, ""))]
    # what was begun of this file in the grid of the queue, and is not shown here, stays begun
    drafts.drop(here(), view.id, [key.removeprefix(fields.key(view, "")) for key in shown])
    for key in shown:
        del st.session_state[key]
    st.session_state.pop(fields.differences(view), None)
    fields.put_away(view)


def _differences(here: Here, view: View) -> None:
    """Someone else changed the same field meanwhile: both are shown, a person chooses."""
    found: tuple[Difference, ...] = st.session_state.get(fields.differences(view), ())
    with st.container():
        for difference in found:
            _both(here, view, difference)


def _both(here: Here, view: View, difference: Difference) -> None:
    with st.container(border=True):
        label = coordinates.label(difference.field) or typed.label(difference.field)
        st.markdown(f"**{speech.escape(label)}** : quelqu’un d’autre l’a changé entre-temps. Choisissez.")
        mine, theirs = st.columns(2)
        mine.markdown(f"La vôtre : **{speech.escape(french.words(difference.yours))}**")
        theirs.markdown(f"La sienne : **{speech.escape(french.words(difference.theirs))}**")
        given = (here, view, difference)
        mine.button("Garder la mienne", key=f"do-mine-{difference.field}", on_click=_mine, args=given)
        theirs.button("Garder la sienne", key=f"do-theirs-{difference.field}", on_click=_theirs, args=given)


def _mine(here: Here, view: View, difference: Difference) -> None:
    seen = dict(st.session_state.get(fields.key(view, "seen")) or view.seen)
    st.session_state[fields.key(view, "seen")] = {**seen, difference.field: difference.theirs}
    drafts.rebase(here(), view.id, difference.field, fields.plain(difference.theirs))
    _settle(view, difference)


def _theirs(here: Here, view: View, difference: Difference) -> None:
    drafts.drop(here(), view.id, [difference.field])
    st.session_state.pop(fields.key(view, difference.field), None)
    _mine(here, view, difference)


def _settle(view: View, difference: Difference) -> None:
    key = fields.differences(view)
    st.session_state[key] = tuple(each for each in st.session_state.get(key, ()) if each != difference)


def _is_desk(view: View) -> bool:
    """P §4.1: of the two parties, only the desk may cancel an open file; it also corrects what was said."""
    return any(possible.move is Move.CANCEL and possible.allowed for possible in view.moves)

"""What can be done with a file now: one form a gesture, each kept as a draft; and why not the others."""

from collections.abc import Callable, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

import streamlit as st

from desk import closing, drafts, french, moves, routing, typed
from desk.acts import Outcome
from desk.files import View
from desk.visits import Visit
from pages import speech
from policy.circuits import Need
from policy.moves import Possible
from policy.words import Move, Nature, Priority, WaitReason
from sync.versions import Difference

Here = Callable[[], Visit]
Act = Callable[[Visit, View, Mapping[str, Any]], Outcome]

CORRECT = "Corriger la demande"
LINK = "Lier comme doublon"
OTHERS = frozenset({Move.CLOSE, Move.HAND_OVER})  # annexe A's items, each a widget of its own

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
    Move.PLAN: lambda visit, view, given: moves.plan(visit, view.id, given["planned_on"], given["seen"]),
    Move.PAUSE: lambda visit, view, given: moves.pause(
        visit, view.id, given["wait_reason"], given["wait_words"] or "", given["seen"]
    ),
    Move.RESUME: lambda visit, view, given: moves.resume(
        visit, view.id, given["last_reason"] or "", given["seen"]
    ),
    Move.HAND_OVER: lambda visit, view, given: moves.hand_over(visit, view.id, _items(given), given["seen"]),
    Move.CLOSE: lambda visit, view, given: closing.close(visit, view.id, _items(given), given["seen"]),
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
ITEMS = ("code", "planned_on", "done_on", "done_extension", "note", "citizen_text")
CORRECTED = ("priority", "civic", "street", "sector", "place_note", "facts")


def forms(here: Here, view: View, place: str) -> None:
    """The gestures of this moment as choices; the one chosen shows what it needs and its button."""
    st.header("Ce que vous pouvez faire", divider="gray")
    allowed = {possible.move.value: possible for possible in view.moves if possible.allowed}
    choices = [*allowed, *([CORRECT, LINK] if _is_desk(view) else [])]
    if not choices:
        st.markdown("Rien pour l’instant : vous pouvez lire ce dossier.")
    else:
        chosen = st.pills("Geste", choices, key=f"do_gesture_{view.id}", wrap=True)
        _differences(here, view)
        if chosen == CORRECT:
            _correct(here, view, place)
        elif chosen == LINK:
            _link(here, view, place)
        elif chosen in allowed:
            _form(here, view, allowed[chosen], place)
    _why_not(view)


def _form(here: Here, view: View, possible: Possible, place: str) -> None:
    move = possible.move
    _seen(view)
    if move in OTHERS:
        _annexe_a(here, view, with_code=move is Move.CLOSE)
    if Need.DEPARTMENT in possible.needs:
        _select(here, view, "department", "Service", view.departments)
    if Need.PLANNED_ON in possible.needs:
        _day(here, view, "planned_on", "Date prévue de l’intervention")
    if Need.WAIT_REASON in possible.needs:
        _select(here, view, "wait_reason", "Motif d’attente", {each.value: each.value for each in WaitReason})
        _text(here, view, "wait_words", "Précision")
    if Need.NATURE in possible.needs:
        _select(here, view, "nature", "Nature", {each.value: each.value for each in Nature})
        _select(here, view, "category", "Catégorie", view.categories)
    if Need.REASON in possible.needs or move in (Move.ROUTE, Move.RECLASSIFY):
        _text(here, view, "last_reason", REASON_LABELS.get(move, "Motif"))
    speech.hear(f"{place}-{move.name}")
    st.button(move.value, key=f"do-{move.name}", type="primary", on_click=_do, args=(here, view, move, place))
    if move is Move.CLOSE:
        st.button(
            "Faire relire par le service aux citoyens", key="do-proof-read", help="Annexe A, point 5.",
            on_click=_proof_read, args=(here, view, place),
        )  # fmt: skip


def _annexe_a(here: Here, view: View, with_code: bool) -> None:
    """P annexe A: its points, in its order."""
    if with_code:
        _select(here, view, "code", "1. Code d’intervention", view.codes)
    planned, done = st.columns(2)
    with planned:
        _day(here, view, "planned_on", "2. Date prévue, si vous la connaissez")
    with done:
        _day(here, view, "done_on", "2. Date effectuée")
    _text(here, view, "done_extension", "3. Numéro de poste de la personne qui a complété la demande")
    _area(here, view, "note", "4. Note interne (le plus de détails possible, jamais transmise)")
    _area(here, view, "citizen_text", "5. Information pour le demandeur (facultative, envoyée par courriel)")


def _correct(here: Here, view: View, place: str) -> None:
    """P §4.1: the desk puts right what the person said."""
    _seen(view)
    _select(here, view, "priority", "Priorité", {each.value: each.value for each in Priority})
    civic, street = st.columns([1, 3])
    with civic:
        _text(here, view, "civic", "Numéro civique du lieu")
    with street:
        _text(here, view, "street", "Rue ou lieu")
    _text(here, view, "sector", "Secteur")
    _text(here, view, "place_note", "Précision du lieu")
    _area(here, view, "facts", "Exposé des faits")
    speech.hear(f"{place}-correct")
    st.button("Enregistrer", key="do-correct", type="primary", on_click=_amend, args=(here, view, place))


def _link(here: Here, view: View, place: str) -> None:
    """R-18: this file repeats another one."""
    if any(twin.relation.startswith("Doublon de") for twin in view.twins):
        st.button("Ce n’est plus un doublon", key="do-unlink", on_click=_unlinked, args=(here, view, place))
        return
    _text(here, view, "duplicate_of", "Numéro du dossier d’origine")
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


def _do(here: Here, view: View, move: Move, place: str) -> None:
    _carry(here, view, lambda: ACTS[move](here(), view, _given(view)), f"{place}-{move.name}", place)


def _proof_read(here: Here, view: View, place: str) -> None:
    def act() -> Outcome:
        given = _given(view)
        return closing.close(here(), view.id, _items(given), given["seen"], proof_read=True)

    _carry(here, view, act, f"{place}-{Move.CLOSE.name}", place)


def _amend(here: Here, view: View, place: str) -> None:
    def act() -> Outcome:
        given = _given(view)
        typed = {name: given[name] for name in CORRECTED if given[name] != view.seen.get(name)}
        return moves.amend(here(), view.id, typed, given["seen"])

    _carry(here, view, act, f"{place}-correct", place)


def _linked(here: Here, view: View, place: str) -> None:
    number = str(st.session_state.get(_key(view, "duplicate_of")) or "")
    _carry(here, view, lambda: routing.link_duplicate(here(), view.id, number), f"{place}-link", place)


def _unlinked(here: Here, view: View, place: str) -> None:
    _carry(here, view, lambda: routing.unlink_duplicate(here(), view.id), f"{place}-link", place)


def _carry(here: Here, view: View, act: Callable[[], Outcome], beside: str, place: str) -> None:
    """Do it; what is refused or differs leaves the form as typed, what is done clears it."""
    outcome = speech.attempt(act, beside)
    if outcome is None:
        return
    if outcome.differences:
        st.session_state[f"do_differences_{view.id}"] = outcome.differences
        return
    speech.confirm(outcome.message, place)
    drafts.drop(here(), view.id)
    for key in [key for key in st.session_state if str(key).startswith(f"do_{view.id}_")]:
        del st.session_state[key]
    for key in (f"do_gesture_{view.id}", f"do_differences_{view.id}"):
        st.session_state.pop(key, None)


def _differences(here: Here, view: View) -> None:
    """Someone else changed the same field meanwhile: both are shown, a person chooses."""
    found: tuple[Difference, ...] = st.session_state.get(f"do_differences_{view.id}", ())
    for difference in found:
        with st.container(border=True):
            label = typed.label(difference.field)
            st.markdown(f"**{speech.escape(label)}** : quelqu’un d’autre l’a changé entre-temps. Choisissez.")
            mine, theirs = st.columns(2)
            mine.markdown(f"La vôtre : **{speech.escape(french.words(difference.yours))}**")
            theirs.markdown(f"La sienne : **{speech.escape(french.words(difference.theirs))}**")
            given = (here, view, difference)
            mine.button("Garder la mienne", key=f"do-mine-{difference.field}", on_click=_mine, args=given)
            theirs.button(
                "Garder la sienne", key=f"do-theirs-{difference.field}", on_click=_theirs, args=given
            )


def _mine(here: Here, view: View, difference: Difference) -> None:
    seen = dict(st.session_state.get(_key(view, "seen")) or view.seen)
    st.session_state[_key(view, "seen")] = {**seen, difference.field: difference.theirs}
    _settle(view, difference)


def _theirs(here: Here, view: View, difference: Difference) -> None:
    drafts.drop(here(), view.id, [difference.field])
    st.session_state.pop(_key(view, difference.field), None)
    _mine(here, view, difference)


def _settle(view: View, difference: Difference) -> None:
    key = f"do_differences_{view.id}"
    st.session_state[key] = tuple(each for each in st.session_state.get(key, ()) if each != difference)


def _is_desk(view: View) -> bool:
    """P §4.1: of the two parties, only the desk may cancel an open file; it also corrects what was said."""
    return any(possible.move is Move.CANCEL and possible.allowed for possible in view.moves)


def _seen(view: View) -> None:
    """What stood there when typing began goes back with the act."""
    st.session_state.setdefault(_key(view, "seen"), dict(view.seen))


def _given(view: View) -> dict[str, Any]:
    """What stands in the form now, by field; a field without a widget keeps what was seen."""
    seen = st.session_state.get(_key(view, "seen")) or view.seen
    names = ("department", "planned_on", "wait_reason", "wait_words", "nature", "category", "last_reason")
    given = {name: st.session_state.get(_key(view, name)) for name in (*names, *ITEMS, *CORRECTED)}
    return {**given, "seen": seen}


def _items(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in ITEMS if given[name] is not None}


def _text(here: Here, view: View, name: str, label: str) -> None:
    _lay(here, view, name)
    st.text_input(label, key=_key(view, name), on_change=_keep, args=(here, view, name), autocomplete="off")


def _area(here: Here, view: View, name: str, label: str) -> None:
    _lay(here, view, name)
    st.text_area(label, key=_key(view, name), on_change=_keep, args=(here, view, name), height=110)


def _day(here: Here, view: View, name: str, label: str) -> None:
    _lay(here, view, name)
    st.date_input(label, key=_key(view, name), format="YYYY-MM-DD", on_change=_keep, args=(here, view, name))


def _select(here: Here, view: View, name: str, label: str, options: Mapping[str, str]) -> None:
    _lay(here, view, name)
    if st.session_state.get(_key(view, name)) not in options:
        st.session_state[_key(view, name)] = None
    st.selectbox(
        label, list(options), key=_key(view, name), placeholder="À choisir", index=None,
        format_func=lambda key: options.get(key, key), on_change=_keep, args=(here, view, name),
    )  # fmt: skip


def _lay(here: Here, view: View, name: str) -> None:
    """A field's first value: this person's draft, else what annexe A proposes, else what stands."""
    key = _key(view, name)
    if key in st.session_state:
        return
    kept = drafts.recall(here(), view.id)
    value = kept[name].value if name in kept else view.closing_items.get(name, view.seen.get(name))
    if name in ("planned_on", "done_on") and isinstance(value, str):
        value = date.fromisoformat(value)
    if isinstance(value, StrEnum):
        value = value.value  # among choices that are words, Streamlit takes words only
    st.session_state[key] = value if value is not None or name.endswith("_on") else ""


def _keep(here: Here, view: View, name: str) -> None:
    value, based = st.session_state.get(_key(view, name)), view.seen.get(name)
    speech.attempt(lambda: drafts.keep(here(), view.id, name, _plain(value), _plain(based)), "dossier")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _key(view: View, name: str) -> str:
    return f"do_{view.id}_{name}"

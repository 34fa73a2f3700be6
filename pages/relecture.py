"""Relecture: texts for citizens that wait to be read by the desk, or came back to who wrote them."""

from collections.abc import Callable

import streamlit as st

from desk import drafts, french, proofs
from desk.acts import Outcome
from desk.proofs import Proof
from desk.visits import Visit
from pages import speech
from policy.counter_words import ProofState

Here = Callable[[], Visit]

PLACE = "relecture"
FIELDS = ("text", "reason")


def screen(here: Here) -> None:
    """The oldest first; each is approved, corrected, or sent back with a reason."""
    st.title("Relecture")
    st.markdown("Le geste est fait ; son texte part une fois approuvé (annexe A, point 5).")
    speech.hear(PLACE)
    found = proofs.waiting(here())
    if not found:
        st.success("Aucun texte n’attend.", icon=":material/task_alt:")
    for proof in found:
        with st.container(border=True, key=f"rl-{proof.id}"):
            _one(here, proof)


def _one(here: Here, proof: Proof) -> None:
    since = french.since(proof.asked_at, here().at)
    st.markdown(
        f"**[{proof.number}](/dossier?numero={proof.number})** {speech.state_badge(proof.about)} — de "
        f"{speech.escape(proof.asked_by)}, {since}"
    )
    if proof.reason:
        st.warning(f"À reprendre : {speech.escape(proof.reason)}", icon=":material/undo:")
    _lay(here, proof)
    st.text_area("Information pour le demandeur", key=_key("text", proof), height=140, on_change=_keep,
                 args=(here, "text", proof))  # fmt: skip
    if st.session_state[_key("seen", proof)] != proof.text:
        st.warning("Quelqu’un d’autre a récrit ce texte entre-temps. Le sien :", icon=":material/edit_note:")
        st.text(proof.text)
        st.button("Partir de ce texte", key=f"rl-theirs-{proof.id}", on_click=_theirs, args=(here, proof))
    speech.hear(f"{PLACE}-{proof.id}")
    if proof.state is ProofState.SENT_BACK:
        st.button(
            "Proposer de nouveau", key=f"rl-again-{proof.id}", type="primary", icon=":material/send:",
            on_click=_again, args=(here, proof),
        )  # fmt: skip
        return
    with st.container(horizontal=True):
        st.button(
            "Approuver et envoyer", key=f"rl-approve-{proof.id}", type="primary", icon=":material/check:",
            on_click=_approve, args=(here, proof),
        )  # fmt: skip
        with st.popover("Retourner", icon=":material/undo:", key=f"rl-door-{proof.id}"):
            st.text_input("Ce qu’il faut reprendre", key=_key("reason", proof), autocomplete="off",
                          on_change=_keep, args=(here, "reason", proof))  # fmt: skip
            st.button("Retourner le texte", key=f"rl-back-{proof.id}", on_click=_back, args=(here, proof))


def _lay(here: Here, proof: Proof) -> None:
    """What was begun, from whatever session; a text that nobody has touched here is the one that stands."""
    text, seen = _key("text", proof), _key("seen", proof)
    if text not in st.session_state:
        kept = drafts.recall(here(), proof.file)
        begun = {name: kept[_field(name)].value for name in FIELDS if _field(name) in kept}
        st.session_state[text] = begun.get("text", proof.text)
        st.session_state[seen] = kept[_field("text")].based_on if "text" in begun else proof.text
        st.session_state[_key("reason", proof)] = begun.get("reason", "")
    elif st.session_state[text] == st.session_state[seen] != proof.text:
        st.session_state[text] = st.session_state[seen] = proof.text


def _keep(here: Here, name: str, proof: Proof) -> None:
    value = st.session_state[_key(name, proof)]
    based = st.session_state[_key("seen", proof)] if name == "text" else ""
    speech.attempt(lambda: drafts.keep(here(), proof.file, _field(name), value, based), PLACE)


def _theirs(here: Here, proof: Proof) -> None:
    drafts.drop(here(), proof.file, [_field("text")])
    st.session_state[_key("text", proof)] = st.session_state[_key("seen", proof)] = proof.text


def _approve(here: Here, proof: Proof) -> None:
    _do(here, lambda: proofs.approve(here(), proof.id, _typed("text", proof), _typed("seen", proof)), proof)


def _back(here: Here, proof: Proof) -> None:
    _do(here, lambda: proofs.send_back(here(), proof.id, _typed("reason", proof)), proof)


def _again(here: Here, proof: Proof) -> None:
    typed, seen = _typed("text", proof), _typed("seen", proof)
    _do(here, lambda: proofs.propose_again(here(), proof.id, typed, seen), proof)


def _do(here: Here, act: Callable[[], Outcome], proof: Proof) -> None:
    """What is refused leaves the text as typed; what is done forgets it here."""
    place = f"{PLACE}-{proof.id}"
    outcome = speech.attempt(act, place)
    if outcome is None:
        if not any(each.id == proof.id for each in proofs.waiting(here())):
            speech.move(place, PLACE)  # its form is not there any more
        return
    speech.confirm(outcome.message, PLACE)
    drafts.drop(here(), proof.file, map(_field, FIELDS))
    for name in ("seen", *FIELDS):
        st.session_state.pop(_key(name, proof), None)


def _typed(name: str, proof: Proof) -> str:
    return str(st.session_state.get(_key(name, proof)) or "")


def _key(name: str, proof: Proof) -> str:
    return f"rl_{name}_{proof.id}"


def _field(name: str) -> str:
    """The field of the file's drafts."""
    return f"proof_{name}"

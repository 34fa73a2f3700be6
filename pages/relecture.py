"""Relecture: texts for citizens that wait to be read by the desk, or came back to who wrote them."""

from collections.abc import Callable

import streamlit as st

from desk import french, proofs
from desk.acts import Outcome
from desk.proofs import Proof
from desk.visits import Visit
from pages import speech
from policy.counter_words import ProofState

Here = Callable[[], Visit]

PLACE = "relecture"


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
    key = f"rl_text_{proof.id}"
    st.session_state.setdefault(key, proof.text)
    st.text_area("Information pour le demandeur", key=key, height=140)
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
            st.text_input("Ce qu’il faut reprendre", key=f"rl_reason_{proof.id}", autocomplete="off")
            st.button("Retourner le texte", key=f"rl-back-{proof.id}", on_click=_back, args=(here, proof))


def _approve(here: Here, proof: Proof) -> None:
    _do(lambda: proofs.approve(here(), proof.id, _typed("text", proof)), proof)


def _back(here: Here, proof: Proof) -> None:
    _do(lambda: proofs.send_back(here(), proof.id, _typed("reason", proof)), proof)


def _again(here: Here, proof: Proof) -> None:
    _do(lambda: proofs.propose_again(here(), proof.id, _typed("text", proof)), proof)


def _do(act: Callable[[], Outcome], proof: Proof) -> None:
    """What is refused leaves the text as typed; what is done forgets it here."""
    outcome = speech.attempt(act, f"{PLACE}-{proof.id}")
    if outcome is not None:
        speech.confirm(outcome.message, PLACE)
        for name in ("text", "reason"):
            st.session_state.pop(f"rl_{name}_{proof.id}", None)


def _typed(name: str, proof: Proof) -> str:
    return str(st.session_state.get(f"rl_{name}_{proof.id}") or "")

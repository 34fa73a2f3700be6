"""A mail once more, from *Courriels*: opened on purpose, it says to whom and when before it is asked."""

from collections.abc import Callable

import streamlit as st

from desk import second_sendings
from desk.visits import Visit
from pages import speech
from policy.reasons import Refused

Here = Callable[[], Visit]


def offer(here: Here, mail: str, key: str, place: str) -> None:
    """The choice to send it again; opened, the plan and its button, or why not."""
    if not st.toggle("Renvoyer", key=f"co_again_{key}"):
        return
    try:
        plan = second_sendings.plan(here(), mail)
    except Refused as no:
        st.markdown("  \n".join(f":material/block: {speech.ground(ground)}" for ground in no.grounds))
        return
    whom = speech.escape(plan.to.name or "son destinataire")
    if plan.typed:
        st.text_input("Adresse", value=plan.to.address, key=f"co_address_{key}", autocomplete="off")
        st.markdown(f"Le même avis repartira à {whom}, {plan.when}.")
    else:
        address = speech.escape(plan.to.address)
        st.markdown(f"Repartira à {whom}, **{address}** (son adresse d’aujourd’hui), {plan.when}.")
    st.button("Oui, renvoyer", key=f"co-resend-{key}", type="primary", icon=":material/forward_to_inbox:",
              on_click=_send, args=(here, mail, key, place))  # fmt: skip


def _send(here: Here, mail: str, key: str, place: str) -> None:
    address = str(st.session_state.get(f"co_address_{key}") or "")
    done = speech.attempt(lambda: second_sendings.send(here(), mail, address), place)
    if done is not None:
        speech.confirm(speech.escape(done), place)
        st.session_state[f"co_again_{key}"] = False

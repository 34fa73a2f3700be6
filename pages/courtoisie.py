"""Courtoisie: service refused for abuse, by the director alone (R-8)."""

from collections.abc import Callable

import streamlit as st

from desk import citizens, courtesy, french
from desk.courtesy import Refusal
from desk.scope import NotFound
from desk.visits import Visit
from pages import speech
from pages.tab_form import KEPT_HERE
from policy.reasons import Refused

Here = Callable[[], Visit]

PLACE = "courtoisie"
CHOSEN = "cy-chosen"  # (id of a citizen, words)


def screen(here: Here) -> None:
    """Who, the form, then every refusal there is or was."""
    st.title("Courtoisie")
    st.markdown(
        "Le directeur seul refuse le service à une personne, pour abus, avec un motif et une fin. Le service "
        "aux citoyens voit seulement « Service refusé jusqu’au … » ; les autres ne voient rien."
    )
    speech.hear(PLACE)
    _of_the_file(here)
    _who(here)
    _all(here)


def _of_the_file(here: Here) -> None:
    """The person of the file that led here, chosen once."""
    number = st.query_params.get("dossier", "").strip()
    if not number or st.session_state.get("cy-led") == number:
        return
    st.session_state["cy-led"] = number
    try:
        found = courtesy.someone(here(), number)
    except (NotFound, Refused) as refusal:
        speech.say(refusal)
        return
    st.session_state[CHOSEN] = (found.citizen, f"{found.name} (dossier {number})")


def _who(here: Here) -> None:
    st.header("Refuser le service", divider="gray", anchor=False)
    chosen = st.session_state.get(CHOSEN)
    if chosen is None:
        _find(here)
        return
    words, undo = st.columns([3, 2], vertical_alignment="center")
    words.markdown(f":material/person: **{speech.escape(chosen[1])}**")
    undo.button("Quelqu’un d’autre", key="cy-other", on_click=_clear)
    st.text_area("Motif : ce qui s’est passé, et quand", key="cy_reason", height=110)
    st.date_input("Dernier jour du refus", key="cy_ends", value=None, format="YYYY-MM-DD")
    speech.hear(f"{PLACE}-refused")
    st.button(
        "Refuser le service", key="cy-refuse", type="primary", icon=":material/block:", on_click=_refuse,
        args=(here, chosen),
    )  # fmt: skip
    st.markdown(KEPT_HERE)


def _find(here: Here) -> None:
    text = st.text_input(
        "Nom, téléphone ou adresse de la personne", key="cy_find", type="search", live="300ms",
        autocomplete="off",
    )  # fmt: skip
    if not text.strip():
        return
    found = citizens.suggest(here(), text)
    if not found:
        st.info("Personne ne correspond.", icon=":material/search_off:")
    for person in found:
        caller = person.caller
        told = " — ".join(
            part for part in (caller.name, caller.phone, f"{caller.civic} {caller.street}".strip()) if part
        )
        st.button(
            speech.escape(told), key=f"cy-choose-{person.id}", icon=":material/person:", width="stretch",
            on_click=_choose, args=(person.id, caller.name or told),
        )  # fmt: skip


def _all(here: Here) -> None:
    refusals = courtesy.refusals(here())
    st.header("Refus inscrits", divider="gray", anchor=False)
    if not refusals:
        st.markdown("Aucun refus de service n’a été inscrit.")
    for refusal in refusals:
        with st.container(border=True):
            st.markdown(_words(refusal))
            st.text(refusal.reason)
            if refusal.in_force:
                st.button(
                    "Lever le refus", key=f"cy-lift-{refusal.id}", icon=":material/lock_open:",
                    on_click=_lift, args=(here, refusal.id),
                )  # fmt: skip


def _words(refusal: Refusal) -> str:
    if refusal.in_force:
        badge = ":red-badge[:material/block: En vigueur]"
    elif refusal.lifted_at is not None:
        badge = f":gray-badge[:material/lock_open: Levé le {french.day_of(refusal.lifted_at)}]"
    else:
        badge = ":gray-badge[:material/history: Terminé]"
    who = " — ".join(speech.escape(part) for part in (refusal.name, refusal.phone) if part)
    return (
        f"**{who}** {badge}  \nDu {french.day(refusal.starts_on)} au {french.day(refusal.ends_on)} (inclus)"
    )


def _choose(citizen: str, words: str) -> None:
    st.session_state[CHOSEN] = (citizen, words)


def _clear() -> None:
    for key in (CHOSEN, "cy_reason", "cy_ends", "cy_find"):
        st.session_state.pop(key, None)


def _refuse(here: Here, chosen: tuple[str, str]) -> None:
    reason, ends_on = st.session_state.get("cy_reason") or "", st.session_state.get("cy_ends")
    done = speech.attempt(lambda: courtesy.refuse(here(), chosen[0], reason, ends_on), f"{PLACE}-refused")
    if done is not None:
        speech.confirm(f"Le service est refusé jusqu’au {french.day(done.ends_on)} (inclus).", PLACE)
        _clear()


def _lift(here: Here, refusal: str) -> None:
    if speech.attempt(lambda: courtesy.lift(here(), refusal), PLACE) is not None:
        speech.confirm("Le refus est levé : la personne a de nouveau droit au service.", PLACE)

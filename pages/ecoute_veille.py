"""À l'écoute, the watch on social networks: what was seen, what was done, a demand by one gesture (R-19)."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import streamlit as st

from desk import drafts, french, watch
from desk.visits import Visit
from desk.watch import DRAFT, Entry, Log
from pages import speech
from policy.towntime import town_day
from policy.watch import Done, Network

Here = Callable[[], Visit]

PLACE = "ecoute-veille"
FORM = "ec_w_form"  # what tells this entry from the next one
FIELDS = ("on", "network", "address", "words", "done")
OFFERED = (Done.NOTHING, Done.ANSWERED)
BADGES = {
    Done.NOTHING: ":gray-badge[:material/remove: Aucune suite]",
    Done.ANSWERED: ":green-badge[:material/reply: Répondu sur place]",
    Done.DEMAND: ":blue-badge[:material/folder_open: Devenu une demande]",
}


def part(here: Here) -> None:
    """What is being noted, then the log."""
    found = watch.log(here())
    st.header("Veille des réseaux sociaux", divider="gray", anchor=False)
    speech.hear(PLACE)
    _form(here)
    _lines(here, found)


def _form(here: Here) -> None:
    _lay(here)
    with st.container(border=True, key="ec-veille"):
        st.subheader("Noter ce qui a été vu", anchor=False)
        on, network, done = st.columns([2, 2, 3])
        with on:
            st.date_input("Vu le", key=_key("on"), format="YYYY-MM-DD", on_change=_keep, args=(here, "on"))
        with network:
            st.selectbox("Réseau", [each.value for each in Network], key=_key("network"), index=None,
                         placeholder="À choisir", on_change=_keep, args=(here, "network"))  # fmt: skip
        with done:
            st.segmented_control(
                "Suite donnée", [each.value for each in OFFERED], key=_key("done"), required=True,
                on_change=_keep, args=(here, "done"),
            )  # fmt: skip
        st.text_input("Adresse de la publication", key=_key("address"), autocomplete="off",
                      on_change=_keep, args=(here, "address"))  # fmt: skip
        st.text_area("Ce qui y est dit", key=_key("words"), height=90, on_change=_keep, args=(here, "words"))
        st.button("Noter", key="ec-note", type="primary", icon=":material/save:", on_click=_note,
                  args=(here,))  # fmt: skip


def _lay(here: Here) -> None:
    """What was begun, from whatever session; else an empty form of today."""
    if FORM in st.session_state and _key("on") in st.session_state:
        return
    visit = here()
    kept = drafts.recall(visit, DRAFT)
    st.session_state.setdefault(FORM, uuid.uuid4().hex)
    for name, empty in _empty(visit).items():
        value = kept[name].value if name in kept else empty
        st.session_state[_key(name)] = date.fromisoformat(value) if name == "on" and value else value


def _empty(visit: Visit) -> dict[str, Any]:
    today = town_day(visit.at).isoformat()
    return {"on": today, "network": None, "address": "", "words": "", "done": Done.NOTHING.value}


def _keep(here: Here, name: str) -> None:
    visit, value = here(), st.session_state[_key(name)]
    plain = value.isoformat() if isinstance(value, date) else value
    speech.attempt(lambda: drafts.keep_all(visit, DRAFT, {name: plain}, {name: _empty(visit)[name]}), PLACE)


def _note(here: Here) -> None:
    typed = {name: st.session_state[_key(name)] for name in FIELDS}

    def noted() -> bool:
        watch.note(here(), st.session_state[FORM], typed)
        return True

    if speech.attempt(noted, PLACE):
        for key in (FORM, *map(_key, FIELDS)):
            st.session_state.pop(key, None)
        speech.confirm("Noté à la veille.", PLACE)


def _lines(here: Here, found: Log) -> None:
    if not found.total:
        st.info("Rien n’a encore été noté à la veille.", icon=":material/travel_explore:")
        return
    for each in found.latest:
        with st.container(border=True):
            st.markdown(_told(each))
            if each.words:
                st.text(each.words)
            if each.address:
                st.markdown(f"[{speech.escape(each.address)}]({_safe(each.address)})")
            if each.done is not Done.DEMAND:
                _acts(here, found, each)
    if found.total > len(found.latest):
        st.markdown(f"Les {len(found.latest)} dernières lignes, sur {french.number(found.total)}.")


def _acts(here: Here, found: Log, each: Entry) -> None:
    with st.container(horizontal=True):
        if found.opens:
            st.link_button("En faire une demande", f"/nouvelle-demande?saisie={watch.token_of(each.id)}",
                           icon=":material/add_call:")  # fmt: skip
        if each.done is Done.NOTHING:
            st.button("Répondu", key=f"ec-answered-{each.id}", icon=":material/reply:", on_click=_answered,
                      args=(here, each.id))  # fmt: skip
        st.button("Retirer", key=f"ec-away-{each.id}", type="tertiary", on_click=_remove,
                  args=(here, each.id), help="Une ligne notée par erreur.")  # fmt: skip


def _told(each: Entry) -> str:
    number = f" : dossier [{each.number}](/dossier?numero={each.number})" if each.number else ""
    who = f" — noté par {speech.escape(each.who)}" if each.who else ""
    return f"**{each.network.value}**, {french.day(each.on)}{who}  \n{BADGES[each.done]}{number}"


def _safe(address: str) -> str:
    """The address as a Markdown link takes it."""
    return address.replace("(", "%28").replace(")", "%29").replace(" ", "%20").replace("<", "%3C")


def _answered(here: Here, entry: str) -> None:
    speech.attempt(lambda: watch.answered(here(), entry), PLACE)


def _remove(here: Here, entry: str) -> None:
    speech.attempt(lambda: watch.remove(here(), entry), PLACE)


def _key(name: str) -> str:
    return f"ec_w_{name}"

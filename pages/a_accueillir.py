"""À accueillir: field reports and rows of the town's table, each made a demand or declined by a person."""

from collections.abc import Callable, Sequence
from urllib.parse import urlencode

import streamlit as st

from desk import french, inbox
from desk.inbox import Arrival
from desk.visits import Visit
from pages import arrivals, call, call_row, speech

Here = Callable[[], Visit]

PLACE = "a-accueillir"
FIRST = 3  # rows shown of those that came together
SHOWN = 30  # groups drawn at once, the oldest first


def screen(here: Here) -> None:
    """The oldest first; rows that came together, a paste say, are one group."""
    st.title("À accueillir")
    speech.hear(PLACE)
    st.markdown(
        "Ce qui a été noté sur le terrain ou tapé dans la table de la ville attend ici : rien n’a de numéro "
        "et aucun courriel ne part avant que vous l’accueilliez."
    )
    reports = arrivals.reports(here)
    groups = inbox.groups(inbox.waiting(here()))
    if not groups and not reports:
        st.success("Rien n’attend : tout est accueilli.", icon=":material/task_alt:")
    if not groups:
        return
    if reports:
        st.header("Tapé dans la table", divider="gray", anchor=False)
    for group in groups[:SHOWN]:
        with st.container(border=True, key=f"ac-{group[0].link}"):
            if len(group) > 1:
                _together(here, group)
            else:
                _row(here, group[0])
    if len(groups) > SHOWN:
        st.markdown(f"Les {SHOWN} plus anciennes ; {len(groups) - SHOWN} autres suivront.")


def _row(here: Here, arrival: Arrival) -> None:
    since = french.since(arrival.since, here().at)
    copy = f" :orange-badge[:material/content_copy: {speech.escape(arrival.told)}]" if arrival.told else ""
    st.markdown(f"**{speech.escape(arrival.remote)}**, {since}{copy}")
    st.markdown(call_row.said(arrival))
    call_row.wrong(arrival)
    with st.container(horizontal=True):
        _welcome(arrival)
        _decline(here, [arrival], "Refuser")


def _together(here: Here, group: Sequence[Arrival]) -> None:
    first = group[0]
    st.markdown(
        f":orange-badge[:material/content_paste: Collage] **{len(group)} lignes arrivées ensemble**, "
        f"{speech.escape(first.remote)}, {french.since(first.since, here().at)}. Voici les premières."
    )
    for arrival in group[:FIRST]:
        st.markdown(call_row.said(arrival))
        _welcome(arrival)
    with st.expander(f"Les {len(group) - FIRST} autres", icon=":material/list:"):
        for arrival in group[FIRST : FIRST + SHOWN]:
            st.markdown(f"{call_row.said(arrival)}  \n[Accueillir]({_address(arrival)})")
        if len(group) > FIRST + SHOWN:
            st.markdown("Les suivantes apparaîtront quand celles-ci seront accueillies ou refusées.")
    _decline(here, group, f"Refuser les {len(group)} lignes")


def _welcome(arrival: Arrival) -> None:
    st.link_button("Accueillir", _address(arrival), icon=":material/add_task:")


def _address(arrival: Arrival) -> str:
    return f"/nouvelle-demande?{urlencode({call.TYPING: inbox.token_of(arrival.link)})}"


def _decline(here: Here, group: Sequence[Arrival], words: str) -> None:
    link = group[0].link
    with st.popover(words, icon=":material/block:", key=f"ac-door-{link}"):
        st.markdown("Le motif s’écrit dans la colonne « Synchronisation » de la table.")
        st.text_input("Motif du refus", key=f"ac_reason_{link}", autocomplete="off")
        st.button(words, key=f"ac-decline-{link}", on_click=_declined,
                  args=(here, [arrival.link for arrival in group]))  # fmt: skip
        if len(group) == 1:
            st.markdown(
                "Une plainte, ou ce qui n’a pas sa place dans une table que tous lisent, s’efface là-bas ; "
                "rien n’en est gardé ici (R-29)."
            )
            st.button("Effacer la ligne de la table", key=f"ac-erase-{link}", on_click=_erased,
                      icon=":material/delete_forever:", args=(here, link))  # fmt: skip


def _erased(here: Here, link: str) -> None:
    if said := speech.attempt(lambda: inbox.erase(here(), link), PLACE):
        speech.confirm(speech.escape(said), PLACE)


def _declined(here: Here, rows: Sequence[str]) -> None:
    reason = st.session_state.get(f"ac_reason_{rows[0]}") or ""

    def act() -> str:
        if len(rows) > 1:
            done = inbox.decline_all(here(), rows, reason)
            return f"{done} ligne{'s refusées' if done > 1 else ' refusée'}."
        inbox.decline(here(), rows[0], reason)
        return "La ligne est refusée : la table dira pourquoi."

    if said := speech.attempt(act, PLACE):
        speech.confirm(said, PLACE)

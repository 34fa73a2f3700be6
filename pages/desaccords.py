"""The part of Synchronisation where the director settles: disputes, refused values, rows removed there."""

from collections.abc import Callable, Sequence

import streamlit as st

from desk import disputes, french
from desk.disputes import MOST, Disagreement, Gone, Side
from desk.synchronisation import Health
from desk.visits import Visit
from pages import speech

Here = Callable[[], Visit]

BOTH = "Changé des deux côtés : le guichet garde sa valeur en attendant que vous choisissiez."
REFUSED = (
    "Tapé dans la table et refusé : la valeur y reste. Corrigez-la dans la table, ou gardez celle du guichet."
)


def show(here: Here, place: str, health: Health) -> None:
    """Both sides of each value side by side, with one gesture for each; answers are heard at ``place``."""
    found = disputes.disagreements(here())
    disputed = [each for each in found if not each.rejected]
    rejected = [each for each in found if each.rejected]
    with st.container(key="sy-litiges"):
        _part(here, place, "Litiges", health.disputes, disputed, BOTH)
    with st.container(key="sy-refus"):
        _part(here, place, "Valeurs refusées", health.rejections, rejected, REFUSED)
    if health.withdrawn:
        _withdrawn(here, place, health, disputes.withdrawn(here()))
    if health.left_out:
        _left_out(here, place, health, disputes.left_out(here()))


def _part(here: Here, place: str, title: str, count: int, found: Sequence[Disagreement], words: str) -> None:
    if not found:
        return
    st.header(f"{title} ({count})", divider="gray", anchor=False)
    st.markdown(words)
    for each in found:
        with st.container(border=True, key=f"sy-valeur-{each.held}"):
            _one(here, place, each)
    if count > len(found) >= MOST:
        st.markdown(f"Les {len(found)} plus anciens ; les autres suivront.")


def _one(here: Here, place: str, each: Disagreement) -> None:
    st.markdown(f"**{_name(each.table, each.name, each.number)} — {speech.escape(each.field)}**")
    ours, theirs = st.columns(2)
    with ours:
        _side("Ici", each.ours)
    with theirs:
        _side("Dans la table", each.theirs)
    if each.rejected:
        article = f" *({speech.escape(each.article)})*" if each.article else ""
        st.markdown(f":material/block: {speech.escape(each.why)}{article}")
    what = f"{each.name}, {each.field}"
    with st.container(horizontal=True):
        _button(here, place, "Garder ici", f"sy-ours-{each.held}", disputes.keep_ours, each.held,
                f"{what} : la valeur du guichet")  # fmt: skip
        if each.takes:
            _button(here, place, "Prendre celle de la table", f"sy-theirs-{each.held}",
                    disputes.keep_theirs, each.held, f"{what} : la valeur de la table")  # fmt: skip


def _side(title: str, side: Side) -> None:
    at = f"le {french.moment(side.at)}" if side.at else ""
    told = ", ".join(part for part in (side.who, at) if part)
    st.markdown(
        f"{title}  \n**{speech.escape(side.text)}**" + (f"  \n:gray[{speech.escape(told)}]" if told else "")
    )


def _withdrawn(here: Here, place: str, health: Health, found: Sequence[Gone]) -> None:
    st.header(f"Lignes retirées de la table ({health.withdrawn})", divider="gray", anchor=False)
    st.markdown(
        "Leurs fiches restent au guichet et dans les files. Remettez la ligne, ou laissez-la hors de la "
        "table."
    )
    for gone in found:
        words, act = st.columns([3, 2], vertical_alignment="center")
        words.markdown(f"{_name(gone.table, gone.name, gone.number)}, retirée le {french.moment(gone.since)}")
        with act.container(horizontal=True):
            _button(here, place, "Remettre dans la table", f"sy-again-{gone.link}",
                    disputes.put_there_again, gone.link, gone.name)  # fmt: skip
            _button(here, place, "Laisser hors de la table", f"sy-out-{gone.link}",
                    disputes.leave_out, gone.link, gone.name)  # fmt: skip


def _left_out(here: Here, place: str, health: Health, found: Sequence[Gone]) -> None:
    with st.expander(f"Lignes laissées hors de la table ({health.left_out})", icon=":material/cloud_off:"):
        for gone in found:
            words, act = st.columns([3, 2], vertical_alignment="center")
            words.markdown(
                f"{_name(gone.table, gone.name, gone.number)}, depuis le {french.moment(gone.since)}"
            )
            with act:
                _button(here, place, "Remettre dans la table", f"sy-again-{gone.link}",
                        disputes.put_there_again, gone.link, gone.name)  # fmt: skip


def _name(table: str, name: str, number: str) -> str:
    if number:
        return f"[{number}](/dossier?numero={number})"
    return f"{speech.escape(table)}, {speech.escape(name)}"


def _button(
    here: Here, place: str, words: str, key: str, act: Callable[[Visit, str], str], what: str, help: str
) -> None:
    st.button(words, key=key, help=help, on_click=_done, args=(here, place, act, what))


def _done(here: Here, place: str, act: Callable[[Visit, str], str], what: str) -> None:
    if said := speech.attempt(lambda: act(here(), what), place):
        speech.confirm(speech.escape(said), place)

"""Aujourd'hui: what this person has to do now, each number a door to what is behind it."""

from collections.abc import Callable, Sequence
from itertools import groupby

import streamlit as st

from desk import today
from desk.visits import Visit
from desk.waiting import Pressure, Waiting
from pages import presence, speech, synchronisation

Here = Callable[[], Visit]

EVERY = 30.0  # seconds
HEADS = {
    Pressure.LATE: ":red[:material/alarm: En retard]",
    Pressure.NOW: ":orange[:material/bolt: Maintenant]",
    Pressure.NEXT: ":material/checklist: Ensuite",
    Pressure.KNOWN: ":material/info: À savoir",
}


def screen(here: Here) -> None:
    """What waits, the most pressing first; then how the table goes, and the mail when it does not."""
    st.title("Aujourd’hui")
    st.fragment(_live, run_every=EVERY)(here)
    presence.tap(here)
    presence.confide(here)
    presence.everyone(here)


def _live(here: Here) -> None:
    visit = here()
    found = today.today(visit)
    if all(each.pressure is Pressure.KNOWN for each in found.waiting) and not found.mail_trouble:
        st.success("Rien ne vous attend.", icon=":material/task_alt:")
    for pressure, several in groupby(found.waiting, key=lambda each: each.pressure):
        _group(pressure, list(several))
    if found.mail_trouble:
        link = " [Voir les courriels](/courriels)" if found.sees_mails else ""
        st.warning(
            f"L’envoi des courriels est en difficulté : {speech.escape(found.mail_trouble)}.{link}",
            icon=":material/sync_problem:",
        )
    if found.table is not None:
        st.header("La table de la ville", divider="gray", anchor=False)
        said = speech.escape(synchronisation.sentence(found.table, visit))
        st.markdown(f"{said} [Synchronisation](/synchronisation)")


def _group(pressure: Pressure, several: Sequence[Waiting]) -> None:
    with st.container(border=True, key=f"auj-{pressure.name.lower()}"):
        st.subheader(HEADS[pressure], anchor=False)
        st.markdown("\n".join(f"- {_line(each)}" for each in several))


def _line(each: Waiting) -> str:
    words = speech.escape(each.words)
    words = f"**[{words}]({each.address})**" if each.address else words
    return f"{words} — {speech.escape(each.detail)}" if each.detail else words

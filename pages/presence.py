"""One's own availability (P annexe B) by one tap, and the absence that is confided to a colleague (R-60)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

import streamlit as st

from desk import absences, french, presences
from desk.absences import Absence
from desk.visits import Person, Visit
from pages import speech
from policy.reasons import refused
from policy.towntime import from_town, to_town, town_day
from policy.words import Presence

Here = Callable[[], Visit]

PLACE = "presence"
AWAY = "presence-absence"
LABELS = {Presence.AVAILABLE: "Disponible", Presence.MEETING: "En réunion", Presence.AWAY: "Absent"}


def tap(here: Here) -> None:
    """Where one is now: a tap for each, and an hour of return for whoever leaves."""
    st.header("Ma disponibilité", divider="gray", anchor=False)
    visit = here()
    said = presences.mine(visit)
    st.session_state["pr_now"] = said.presence.value
    st.segmented_control(
        "Le service aux citoyens la voit à côté de votre nom avant de vous transférer un appel",
        [presence.value for presence in Presence], key="pr_now", required=True,
        format_func=lambda value: LABELS[Presence(value)], on_change=_tapped, args=(here,),
    )  # fmt: skip
    if said.words:
        st.markdown(f"On lit : « {speech.escape(said.words)} ».")
    with st.popover("Absent jusqu’à…", icon=":material/schedule:"):
        now = to_town(visit.at)
        st.date_input("Jour du retour", value=now.date(), format="YYYY-MM-DD", key="pr_day")
        st.time_input("Heure du retour", value=time(min(now.hour + 1, 23)), step=900, key="pr_hour")
        st.button("Je m’absente", key="pr-away", on_click=_leave, args=(here,))
    speech.hear(PLACE)


def confide(here: Here) -> None:
    """« Je m'absente » for whoever receives the requests of a department: who receives meanwhile."""
    received = absences.receives_for(here())
    if not received:
        return
    with st.expander(
        "Je m’absente : confier ce que je reçois", icon=":material/event_busy:", key="pr-absence"
    ):
        _form(here, received)


def _form(here: Here, received: Sequence[str]) -> None:
    st.markdown(
        f"Vous recevez les requêtes de : **{speech.escape(', '.join(received))}**. La personne que vous "
        "nommez les reçoit et ouvre leurs dossiers du premier au dernier jour, sans rien d’autre à faire."
    )
    people = absences.colleagues(here())
    who = st.selectbox("Qui vous remplace", list(people), key="pr_who", index=None, placeholder="À choisir",
                       format_func=lambda id: people[id].name if id in people else id)  # fmt: skip
    today = town_day(here().at)
    first, last = st.columns(2)
    with first:
        st.date_input("Premier jour", value=today, format="YYYY-MM-DD", key="pr_first")
    with last:
        st.date_input("Dernier jour", value=None, format="YYYY-MM-DD", key="pr_last")
    speech.hear(AWAY)
    st.button(
        "Confier", key="pr-confide", type="primary", icon=":material/event_busy:", disabled=who is None,
        on_click=_confide, args=(here,),
    )  # fmt: skip


def _tapped(here: Here) -> None:
    presence = Presence(st.session_state.get("pr_now") or Presence.AVAILABLE)
    until = _end_of_day(here()) if presence is Presence.AWAY else None
    speech.attempt(lambda: presences.say(here(), presence, until), PLACE)


def _end_of_day(visit: Visit) -> datetime:
    """Whoever taps « Absent » without an hour is away for the rest of the day."""
    return from_town(datetime.combine(town_day(visit.at), time(23, 59)))


def _leave(here: Here) -> None:
    day, hour = st.session_state.get("pr_day"), st.session_state.get("pr_hour")

    def leave() -> presences.Said:
        if not isinstance(day, date) or not isinstance(hour, time):
            raise refused("Dites quand vous serez de retour.", "P annexe B", "until")
        return presences.say(here(), Presence.AWAY, from_town(datetime.combine(day, hour)))

    speech.attempt(leave, PLACE)


def _confide(here: Here) -> None:
    first, last = st.session_state.get("pr_first"), st.session_state.get("pr_last")
    who = absences.colleagues(here()).get(st.session_state.get("pr_who") or "", Person("", ""))
    asked = Absence(first, last, who.name, who.email, who.extension, who.id)
    done = speech.attempt(lambda: absences.confide(here(), asked), AWAY)
    if done:
        names = ", ".join(each.department for each in done)
        speech.confirm(
            f"{done[0].person} reçoit les requêtes de {names} du {french.day(done[0].starts_on)} au "
            f"{french.day(done[0].ends_on)} inclus.",
            AWAY,
        )

"""Availability (P annexe B): one's own by one tap, everybody's for the desk; an absence confided (R-60)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time

import pandas as pd
import streamlit as st

from desk import absences, confided, french, presences
from desk.absences import Absence
from desk.confided import Substitution
from desk.visits import Person, Visit
from pages import speech
from policy.reasons import refused
from policy.towntime import from_town, to_town, town_day
from policy.words import Presence

Here = Callable[[], Visit]

PLACE = "presence"
AWAY = "presence-absence"
BACK = "presence-retour"
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
    substitutions = confided.mine(here())
    speech.hear(BACK)
    for each in substitutions:
        _confided(here, each)
    if not received:
        return
    with st.expander(
        "Je m’absente : confier ce que je reçois", icon=":material/event_busy:", key="pr-absence"
    ):
        _form(here, received)


def everyone(here: Here) -> None:
    """For the desk, before it passes a call on: who works here, with what each tapped."""
    if not presences.may_see_all(here()):
        return
    with st.expander("Qui est là maintenant", icon=":material/groups:", key="pr-everyone"):
        sought = st.text_input("Nom ou service", key="pr_sought", autocomplete="off")
        found = presences.everyone(here(), sought)
        if not found:
            st.markdown("Personne de ce nom, ni de ce service.")
            return
        rows = [(each.name, each.extension, each.departments, each.where or "n’a rien dit") for each in found]
        st.table(pd.DataFrame(rows, columns=["Nom", "Poste", "Services", "Disponibilité"]), hide_index=True)


def _confided(here: Here, each: Substitution) -> None:
    """Who receives instead, from when until when; taken back by who confided it, in two gestures."""
    until = f"du {french.day(each.starts_on)} au {french.day(each.ends_on)} inclus"
    verb = "reçoit" if each.begun else "recevra"
    with st.container(border=True, key=f"pr-{each.designations[0]}"):
        st.markdown(
            f":material/event_busy: **{speech.escape(each.person)}** {verb} à votre place, {until} : "
            f"{speech.escape(', '.join(each.departments))}."
        )
        if not each.own:
            st.markdown("Inscrit par quelqu’un d’autre : le service aux citoyens peut le changer.")
            return
        with st.popover(
            "Je suis de retour" if each.begun else "Annuler ce remplacement", icon=":material/undo:",
            key=f"pr-back-{each.designations[0]}",
        ):  # fmt: skip
            now = "Dès maintenant, " if each.begun else ""
            past = " Les jours déjà passés restent au registre." if each.begun else ""
            st.markdown(
                f"{now}{speech.escape(each.person)} ne reçoit plus rien à votre place, et un courriel le lui "
                f"dit.{past}"
            )
            st.button("Oui, je reçois de nouveau", key=f"pr-take-{each.designations[0]}", type="primary",
                      on_click=_take_back, args=(here, each))  # fmt: skip


def _take_back(here: Here, each: Substitution) -> None:
    said = speech.attempt(lambda: confided.take_back(here(), each.designations), BACK)
    if said is not None:
        speech.confirm(said, BACK)


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

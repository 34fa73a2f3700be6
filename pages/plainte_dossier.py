"""One complaint, for who investigates it and those he or she admits: what is told, and where it stands."""

from collections.abc import Callable

import streamlit as st

from desk import complaints, french
from desk.complaint_file import ComplaintFile
from desk.visits import Visit
from pages import plainte_danger, plainte_enquete, plainte_gestes, plainte_reponse, private_documents, speech
from policy.private_words import PrivateKind

Here = Callable[[], Visit]

PLACE = plainte_gestes.PLACE


def show(here: Here, view: ComplaintFile, badge: str) -> None:
    """The facts, the people and the steps beside who reads it and its answer."""
    mine = "" if view.mine else " :gray-badge[:material/visibility: En lecture]"
    who = "" if view.mine else f" · enquête : {speech.escape(view.investigator or 'à désigner')}"
    st.markdown(f"**{view.number}** {badge}{mine}{who}  \n[Toutes vos plaintes](/plaintes)")
    left, right = st.columns([3, 2], gap="large")
    with left:
        plainte_gestes.hear(PLACE)
        with st.container():  # each part in one of its own: what is added to it moves nothing below
            _facts(view)
        with st.container():
            plainte_enquete.people(here, view)
        with st.container():
            plainte_enquete.steps(here, view)
        private_documents.part(here, PrivateKind.COMPLAINT, view.id)
    with right:
        with st.container():
            _standing(view)
        with st.container():
            if view.mine:
                plainte_gestes.turns(here, view)
        with st.container():
            plainte_reponse.part(here, view)
        plainte_danger.part(here)
        if view.mine:
            plainte_reponse.readers(here, view)
            _journal(here, view.number)


def _facts(view: ComplaintFile) -> None:
    told = view.complaint
    st.header("Les faits", divider="gray", anchor=False)
    st.text(told.facts)
    when = french.day(told.facts_on, weekday=True) if told.facts_on else "date inconnue"
    lines = [f"Faits : {when}"]
    lines += [speech.escape(each) for each in (told.place, told.department) if each]
    st.markdown("  \n".join(lines))
    if told.danger:
        st.warning(f"Danger : {speech.escape(told.danger_words)}", icon=":material/emergency_home:")
    st.header("Qui se plaint", divider="gray", anchor=False)
    if told.anonymous:
        st.markdown("Personne anonyme.")
        return
    street = f"{told.civic} {told.street}".strip()
    city = "  ".join(part for part in (told.city, told.postal_code) if part)
    who = [speech.escape(each) for each in (told.name, street, city, view.phone, told.email) if each]
    st.markdown("  \n".join(who) or "Personne n’est nommé.")


def _standing(view: ComplaintFile) -> None:
    """Where it stands: how it came, its fifteen days, the grounds found, what was decided about them."""
    told = view.complaint
    st.header("Où elle en est", divider="gray", anchor=False)
    form = ("Écrite" if told.written else "Verbale") + (", signée" if view.signed else ", non signée")
    channel = f" — {told.channel.value}" if told.channel else ""
    received = french.moment(told.received_at) if told.received_at else ""
    st.markdown(f"Reçue le {received}{channel}  \n{form}")
    if view.deadline is not None:
        st.markdown(f"Dernier jour pour se plaindre : **{speech.when(view.deadline)}**")
        speech.why(view.deadline)
    if view.grounds:
        st.markdown("Motifs d’irrecevabilité :\n" + "\n".join(f"- {speech.ground(g)}" for g in view.grounds))
    if view.derogation:
        st.markdown(f":orange-badge[:material/gavel: Dérogation] {speech.escape(view.derogation)}")
    if view.withdrawal:
        st.markdown(f"**Retrait** : {speech.escape(view.withdrawal)}")
    if view.concluded_at is not None:
        st.markdown(f"Conclue le {french.moment(view.concluded_at)}")


def _journal(here: Here, number: str) -> None:
    with st.expander("Qui a consulté cette plainte", icon=":material/visibility:"):
        for read in complaints.journal(here(), number):
            st.markdown(f"{french.moment(read.at)} — {speech.escape(read.who)} : {speech.escape(read.what)}")

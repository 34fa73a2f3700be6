"""Dossier: one file at its own address: facts, dates with their reasons, what can be done now, time line."""

from collections.abc import Callable, Sequence

import streamlit as st

from desk import files, french
from desk.files import Shown, View
from desk.search import Hit, search
from desk.visits import Visit
from pages import attachments, beside_file, bons, courriels, dossier_table, gestures, guide, speech

Here = Callable[[], Visit]

PLACE = "dossier"
FEW = 5  # changes of one moment that are told without being asked


def screen(here: Here) -> None:
    """The file of the address, or what one types to find it."""
    number = st.query_params.get("numero", "").strip()
    if not number:
        st.title("Dossier")
        _find(here)
        return
    try:
        view = files.open(here(), number)
    except files.NotFound as refusal:
        st.title("Dossier")
        speech.hear(PLACE)  # a file that has just become a complaint: its new number, told once
        st.error(str(refusal), icon=":material/search_off:")
        _find(here)
        return
    with st.container():  # each part in one of its own: what is added to it moves nothing below
        _head(view)
        dossier_table.line(here, view)
        beside_file.private(here, view)
        bons.of_one(view)
    speech.hear(PLACE)
    left, right = st.columns([3, 2], gap="large")
    with left:
        with st.container():
            _facts(view)
        with st.container():
            gestures.forms(here, view, PLACE)
        with st.container():
            _closed(view)
        with st.container():
            attachments.part(here, view)
        _timeline(view)
    with right:
        _dates(view)
        _fields("Qui demande", view.citizen, "Personne n’a laissé ses coordonnées.")
        _fields("Où en est le dossier", view.handling, "")
        _note(view)
        _told(view)
        _twins(view)
        _calls(view)
        _guides(here, view)
        dossier_table.columns(here, view)


def _find(here: Here) -> None:
    """By number, name, telephone, address or words of the facts; each found file opens at its address."""
    text = st.text_input(
        "Numéro, nom, téléphone, adresse ou mots des faits", key="do_find", type="search", live="300ms"
    )
    if not text.strip():
        return
    found = search(here(), text)
    if not found:
        st.info("Aucun dossier ne correspond, parmi ceux que vous pouvez voir.", icon=":material/search_off:")
    for hit in found:
        st.markdown(_hit(hit))


def _hit(hit: Hit) -> str:
    what = " — ".join(part for part in (hit.category, hit.place, hit.citizen, hit.department) if part)
    link = f"[{hit.number}](/dossier?numero={hit.number})"
    return (
        f"{link} {speech.state_badge(hit.state)} reçu le {french.moment(hit.received_at)}  \n"
        f"{speech.escape(what)}  \n{speech.escape(hit.facts)}"
    )


def _head(view: View) -> None:
    shown = {field.name: field for field in view.demand}
    st.title(f"Dossier {view.number}")
    words = [shown[name].text for name in ("nature", "category") if name in shown]
    badges = speech.state_badge(view.state)
    if "priority" in shown:
        badges += f" :gray-badge[{speech.priority_words(shown['priority'].value)}]"
    department = f" · {speech.escape(view.department)}" if view.department else ""
    st.markdown(f"{badges} {speech.escape(' · '.join(words))}{department}")


def _facts(view: View) -> None:
    shown = {field.name: field for field in view.demand}
    st.header("Exposé des faits", divider="gray")
    st.text(shown["facts"].text if "facts" in shown else french.NOTHING)
    if view.thanks:
        st.markdown(f":green-badge[:material/volunteer_activism: Remerciement] {speech.escape(view.thanks)}")
    told_apart = ("facts", "number", "nature", "category", "priority")
    _lines([field for field in view.demand if field.name not in told_apart])


def _fields(title: str, fields: Sequence[Shown], otherwise: str) -> None:
    filled = [field for field in fields if field.text != french.NOTHING]
    if not filled and not otherwise:
        return
    st.header(title, divider="gray")
    if filled:
        _lines(filled)
    else:
        st.markdown(otherwise)


def _lines(fields: Sequence[Shown]) -> None:
    filled = [field for field in fields if field.value and field.text != french.NOTHING]  # no « non »
    if filled:
        st.markdown(
            "  \n".join(f"{speech.escape(each.label)} : **{speech.escape(each.text)}**" for each in filled)
        )


def _dates(view: View) -> None:
    st.header("Dates", divider="gray")
    if not view.dates:
        st.markdown("Aucune échéance n’est fixée pour ce dossier.")
    for why in view.dates:
        late = " :red-badge[:material/warning: en retard]" if why.late else ""
        st.markdown(f"{speech.escape(why.label)} : **{speech.escape(why.text)}**{late}")
        if why.sentences:
            with st.popover("Pourquoi ?", icon=":material/help:", type="tertiary"):
                for sentence in why.sentences:
                    st.markdown(speech.escape(sentence))


def _note(view: View) -> None:
    """Annexe A, points 4 and 5: what stays in the house apart from what the citizen reads."""
    if view.note:
        st.header("Note interne", divider="gray")
        st.markdown(":material/lock: Ne sort jamais de la ville.")
        st.text(view.note)
    if view.citizen_text or view.tellings:
        st.header("Information pour le demandeur", divider="gray")
    for each in view.tellings:
        sent = f"transmise le {french.moment(each.sent_at)}" if each.sent_at else "**pas transmise**"
        sent += " :orange-badge[:material/spellcheck: En relecture] [Voir](/relecture)" if each.waits else ""
        st.markdown(f"{speech.state_badge(each.state)} {sent}, écrite par {speech.escape(each.who)}")
        st.text(each.text)
    if view.citizen_text:
        if view.text_waits:
            st.markdown(
                ":orange-badge[:material/spellcheck: En relecture] Pas encore envoyé. [Voir](/relecture)"
            )
        st.text(view.citizen_text)


def _closed(view: View) -> None:
    _fields("Fermeture", view.closing, "")


def _told(view: View) -> None:
    if not view.mails and not view.tasks and not view.letter:
        return
    st.header("Ce qui a été dit", divider="gray")
    for task in view.tasks:
        st.markdown(f":material/call: {speech.escape(task)}")
    for mail in view.mails:
        when = f", le {french.moment(mail.at)}" if mail.at else ""
        to = f" à {speech.escape(mail.to)}" if mail.to else ""
        error = f"  \n:material/error: {speech.escape(mail.error)}" if mail.error else ""
        st.markdown(f"{mail.kind}{to} — {mail.state}{when}{error}")
    if view.letter:
        courriels.letter(view.number)


def _twins(view: View) -> None:
    if not view.twins:
        return
    st.header("Doublons", divider="gray")
    for twin in view.twins:
        link = f"[{twin.number}](/dossier?numero={twin.number})"
        st.markdown(f"{speech.escape(twin.relation)} {link} {speech.state_badge(twin.state)}")


def _calls(view: View) -> None:
    """R-9: who called again, and what was said."""
    if not view.contacts:
        return
    st.header("Nouveaux appels", divider="gray")
    for call in view.contacts:
        who = f" — {speech.escape(call.citizen)}" if call.citizen else ""
        st.markdown(f"**{french.moment(call.at)}** — {call.channel.value}{who}, noté par "
                    f"{speech.escape(call.who)}  \n{speech.escape(call.words)}")  # fmt: skip


def _guides(here: Here, view: View) -> None:
    """P §2.3: what the demand calls for; its words stay in the house."""
    said = {name: str(view.seen.get(name) or "") for name in ("facts", "category", "department")}
    guide.beside(here, said["facts"], said["category"], said["department"], f"do_{view.id}")


def _timeline(view: View) -> None:
    st.header("Fil du dossier", divider="gray")
    for moment in reversed(view.timeline):
        changes = "  \n".join(speech.escape(change) for change in moment.changes)
        sentence = f"**{french.moment(moment.at)}** — {speech.escape(moment.sentence)}"
        if len(moment.changes) <= FEW:
            st.markdown(f"{sentence}  \n{changes}" if changes else sentence)
            continue
        st.markdown(sentence)
        with st.expander(f"Ce qui a été inscrit ({len(moment.changes)} champs)"):
            st.markdown(changes)

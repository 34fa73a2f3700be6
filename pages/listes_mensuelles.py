"""Listes mensuelles: the next dates with their articles, what was sent to whom, what will leave."""

from collections.abc import Callable
from urllib.parse import urlencode

import streamlit as st

from desk import answers, french, lists, postbook
from desk.list_letters import Draft
from desk.lists import MonthDates, Run
from desk.postbook import Sent
from desk.visits import Visit
from pages import speech
from policy.months import Month
from policy.reasons import Deadline
from policy.words import ListKind
from sync.states import MailState

Here = Callable[[], Visit]

PLACE = "listes"


def screen(here: Here) -> None:
    """What comes first: the window of answers, then the dates, then the ledger."""
    st.title("Listes mensuelles")
    speech.hear(PLACE)
    _window(here)
    dates, sent, preview = st.tabs(["Prochaines dates", "Envois", "Aperçu"])
    with dates:
        _dates(here)
    with sent:
        _sent(here)
    with preview:
        _preview(here)


def _window(here: Here) -> None:
    """R-22: while answers are expected, how many are in and whose are missing."""
    standing = answers.standing(here())
    if standing is None:
        return
    st.info(speech.escape(standing.sentence), icon=":material/hourglass_top:")
    for department in standing.departments:
        st.progress(
            department.answered / department.asked if department.asked else 1.0,
            text=f"{speech.escape(department.name)} — "
            f"{department.answered} réponse(s) sur {department.asked}",
        )


def _dates(here: Here) -> None:
    months = lists.calendar(here())
    differ = sum(month.readings_differ for month in months)
    st.markdown(
        "Les douze prochains mois. La politique dit la date de la liste RNC de deux façons, qui diffèrent "
        f"{differ} mois sur {len(months)}. En gras, celle que la ville applique ; l’autre est notée dessous."
    )
    for month in months:
        with st.container(border=True):
            st.subheader(month.month.words.capitalize(), anchor=False)
            rnc, answer, council = st.columns(3)
            with rnc:
                _day("Liste RNC", month.rnc, month.no_rnc)
                _other(month)
            with answer:
                _day("Réponses au plus tard", month.answers_due, "—")
            with council:
                _day("Listes du conseil", month.council, "—")
            if month.closed:
                closed = ", ".join(french.day(day) for day in month.closed)
                st.markdown(f"Fermé : {closed}")


def _other(month: MonthDates) -> None:
    if month.readings_differ:
        other = french.day_of(month.rnc_other_reading.due) if month.rnc_other_reading else "aucune"
        st.markdown(f":orange-badge[:material/compare_arrows: autre lecture : {other}]")


def _day(label: str, deadline: Deadline | None, otherwise: str) -> None:
    if deadline is None:
        st.markdown(f"{label}  \n{otherwise}")
        return
    st.markdown(f"{label}  \n**{french.day_of(deadline.due, weekday=True)}**")
    speech.why(deadline)


def _sent(here: Here) -> None:
    waiting = lists.waiting(here())
    if waiting:
        st.subheader("Ce qui attend", anchor=False)
        for mail in waiting:
            st.markdown(_line(mail))
    done = lists.runs(here())
    if not done:
        st.markdown("Aucune liste n’a encore été dressée depuis la mise en place de la ville.")
    for run in done:
        _run(here, run)


def _run(here: Here, run: Run) -> None:
    with st.expander(f"{run.list.value} — {run.month.words} : {_became(run)}"):
        st.markdown(
            f"Prévue le {french.day(run.due_on, weekday=True)}, dressée le {french.moment(run.drawn_at)}."
        )
        if run.note:
            st.markdown(speech.escape(run.note))
        for mail in run.mails:
            words, act = st.columns([4, 1], vertical_alignment="center")
            words.markdown(_line(mail))
            with act.popover("Renvoyer", icon=":material/forward_to_inbox:", width="stretch"):
                _resend_form(here, mail)


def _became(run: Run) -> str:
    """« 12 envoyés », « 11 envoyés, 1 à suivre », or that it was not sent."""
    if not run.mails:
        return run.outcome.value.lower()
    sent = sum(mail.state is MailState.SENT for mail in run.mails)
    waits = len(run.mails) - sent
    words = f"{sent} envoyé{'s' if sent > 1 else ''}"
    return f"{words}, {waits} à suivre" if waits else words


def _resend_form(here: Here, mail: Sent) -> None:
    """A deliberate act: the address is shown, can be corrected, and a button confirms."""
    st.markdown(f"Le même courriel repartira une fois de plus à {speech.escape(mail.to_name)}.")
    st.text_input("Adresse", value=mail.to_address, key=f"li_address_{mail.mail}", autocomplete="off")
    st.button("Renvoyer maintenant", key=f"li-resend-{mail.mail}", on_click=_resend, args=(here, mail))


def _resend(here: Here, mail: Sent) -> None:
    address = str(st.session_state.get(f"li_address_{mail.mail}") or "")
    if speech.attempt(lambda: postbook.resend(here(), mail.mail, address), PLACE) is not None:
        speech.confirm(
            f"Le courriel repart à {address or mail.to_address} au prochain passage de l’horloge.", PLACE
        )


def _preview(here: Here) -> None:
    """Each mail of a list exactly as it would leave now; nothing is kept, nothing is sent."""
    kind = st.segmented_control(
        "Liste", list(ListKind), default=ListKind.RNC, format_func=lambda value: value.value, key="li_kind",
        required=True,
    )  # fmt: skip
    months = [month.month for month in lists.calendar(here())]
    this, before = months[0], months[0].previous
    month: Month = st.selectbox(
        "Mois", [before, this], index=0 if kind is ListKind.COUNCIL else 1, key=f"li_month_{kind}",
        format_func=lambda value: value.words,
    )  # fmt: skip
    drafts = lists.preview(here(), kind or ListKind.RNC, month)
    if not drafts:
        st.markdown(
            "Cette liste n’aurait aucun destinataire : voyez le registre des Responsables et le conseil."
        )
        return
    names = [f"{draft.to.name} ({draft.to.address})" for draft in drafts]
    chosen = st.selectbox(
        "Destinataire", range(len(drafts)), format_func=names.__getitem__, key=f"li_who_{kind}_{month}"
    )
    _mail(kind or ListKind.RNC, month, chosen or 0, drafts[chosen or 0])


def _mail(kind: ListKind, month: Month, position: int, draft: Draft) -> None:
    st.markdown(f"**Objet : {speech.escape(draft.letter.subject)}**")
    asked = urlencode({"liste": kind.value, "mois": str(month), "no": position})
    st.iframe(f"/telecharger/apercu?{asked}", height=640)
    for place, attachment in enumerate(draft.letter.attachments):
        st.link_button(
            f"{attachment.name}, joint au courriel",
            f"/telecharger/piece?{asked}&piece={place}",
            icon=":material/attach_file:",
        )


def _line(mail: Sent) -> str:
    marks = [mail.state.value]
    if mail.sent_at:
        marks.append(french.moment(mail.sent_at))
    if mail.late:
        marks.append("envoi tardif")
    if mail.doubtful:
        marks.append("peut-être reçu deux fois (même Message-ID)")
    if mail.error:
        marks.append(f"erreur : {mail.error}")
    return f"**{speech.escape(mail.to_name)}** — {speech.escape(mail.to_address)}  \n" + speech.escape(
        " · ".join(marks)
    )

"""Listes mensuelles: the answers, the dates with their articles, what was sent to whom, what will leave."""

from collections.abc import Callable
from enum import StrEnum

import streamlit as st

from desk import french, lists
from desk.lists import MonthDates, Run
from desk.visits import Visit
from pages import liste_apercu, liste_envois, liste_reponses, speech
from policy.reasons import Deadline
from policy.words import ListKind
from sync.states import MailState, RunOutcome

Here = Callable[[], Visit]

PLACE = "listes"


class Part(StrEnum):
    """What ``?vue=`` may say: one part is drawn at a time."""

    ANSWERS = "reponses"
    DATES = "dates"
    SENT = "envois"
    PREVIEW = "apercu"


WORDS = {
    Part.ANSWERS: "Réponses",
    Part.DATES: "Dates",
    Part.SENT: "Envois",
    Part.PREVIEW: "Aperçu",
}


def screen(here: Here) -> None:
    """The part that the address names; the answers, which are what waits, else."""
    st.title("Listes mensuelles")
    speech.hear(PLACE)
    match _part():
        case Part.ANSWERS:
            liste_reponses.part(here)
        case Part.DATES:
            _dates(here)
            _past(here)
        case Part.SENT:
            liste_envois.part(here)
        case Part.PREVIEW:
            liste_apercu.part(here)


def _part() -> Part:
    asked = st.query_params.get("vue", "")
    first = Part(asked) if asked in set(Part) else Part.ANSWERS
    if "li_vue" not in st.session_state:
        st.session_state["li_vue"] = first
    part = st.segmented_control(
        "Partie", list(Part), key="li_vue", format_func=WORDS.__getitem__, required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    if part is not None and part is not first:
        st.query_params["vue"] = part.value
    return part or first


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
            rnc, reminder, answer, council = st.columns(4)
            with rnc:
                _day("Liste RNC", month.rnc, month.no_rnc)
                _other(month)
            with reminder:
                _day("Rappel", month.reminder, "Aucun : la liste est trop près de la fin du mois.")
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
        if month.rnc_other_reading:
            speech.why(month.rnc_other_reading, "Pourquoi l’autre ?")


def _day(label: str, deadline: Deadline | None, otherwise: str) -> None:
    if deadline is None:
        st.markdown(f"{label}  \n{speech.escape(otherwise)}")
        return
    st.markdown(f"{label}  \n**{french.day_of(deadline.due, weekday=True)}**")
    speech.why(deadline)


def _past(here: Here) -> None:
    """What became of each list of the past months: sent, late, skipped and why."""
    st.header("Listes déjà dressées", divider="gray", anchor=False)
    done = lists.runs(here())
    if not done:
        st.markdown("Aucune liste n’a encore été dressée depuis la mise en place de la ville.")
    for month in dict.fromkeys(run.month for run in sorted(done, key=lambda run: run.month, reverse=True)):
        of_month = {run.list: run for run in done if run.month == month}
        told = [_became(of_month[kind]) for kind in ListKind if kind in of_month]
        st.markdown(f"**{month.words.capitalize()}**\n\n" + "\n".join(f"- {line}" for line in told))


def _became(run: Run) -> str:
    """« RNC : prévue le…, dressée le… : 12 envoyés, 1 à suivre », or that it was skipped, and why."""
    when = f"prévue le {french.day(run.due_on, weekday=True)}"
    if run.outcome is RunOutcome.SKIPPED:
        return f"**{run.list.value}** : {when}. {speech.escape(run.note or run.outcome.value)}"
    first = [mail for mail in run.mails if not mail.again_of]
    sent = sum(mail.state is MailState.SENT for mail in first)
    parts = [f"{sent} envoyé{'s' if sent > 1 else ''}"] if first else ["aucun envoi"]
    if waits := len(first) - sent:
        parts.append(f"{waits} à suivre")
    if late := sum(mail.late for mail in first):
        parts.append(f"{late} envoi{'s tardifs' if late > 1 else ' tardif'}")
    if again := len(run.mails) - len(first):
        parts.append(f"{again} renvoi{'s' if again > 1 else ''}")
    note = f" {speech.escape(run.note)}" if run.note else ""
    return (
        f"**{run.list.value}** : {when}, dressée le {french.moment(run.drawn_at)} — {', '.join(parts)}.{note}"
    )

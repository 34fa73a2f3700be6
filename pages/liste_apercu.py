"""The part « Aperçu » of Listes mensuelles: each mail as it would leave now, or as it left."""

from collections.abc import Callable, Sequence

import streamlit as st

from desk import french, lists, sendings
from desk.list_letters import Draft
from desk.postbook import Sent
from desk.visits import Visit
from pages import courriel_lu, liste_envois, speech
from pages.courriels import SHAPES
from policy.months import Month
from policy.words import ListKind

Here = Callable[[], Visit]

BACK = 12  # months


def part(here: Here) -> None:
    """A list, a month, a recipient; nothing is kept, nothing is sent."""
    kind: ListKind = st.segmented_control(
        "Liste", list(ListKind), default=ListKind.RNC, format_func=lambda value: value.value, key="li_kind",
        required=True,
    )  # fmt: skip
    month = _month(here, kind)
    sent = sendings.of_run(here(), kind, month)
    if sent:
        _frozen(here, kind, month, sent)
        return
    drafts = lists.preview(here(), kind, month)
    if drafts:
        _as_of_now(here, kind, month, drafts)
        return
    st.info(
        "Cette liste n’aurait rien à dire, ou personne à qui le dire : voyez le registre des Responsables et "
        "le conseil.",
        icon=":material/unsubscribe:",
    )


def _month(here: Here, kind: ListKind) -> Month:
    coming = [month.month for month in lists.calendar(here())]
    this = coming[0]
    before = {run.month for run in lists.runs(here(), BACK) if run.list is kind and run.month < this}
    months = sorted({*before, this.previous, *coming})
    chosen: Month = st.selectbox(
        "Mois", months, index=months.index(this.previous if kind is ListKind.COUNCIL else this),
        key=f"li_month_{kind}", format_func=lambda value: value.words,
    )  # fmt: skip
    return chosen


def _frozen(here: Here, kind: ListKind, month: Month, sent: Sequence[Sent]) -> None:
    drawn = french.moment(sent[0].drawn_at)
    st.markdown(f"Cette liste a été dressée le {drawn} : voici ses courriels, figés ce jour-là.")
    names = [f"{mail.to_name} ({mail.to_address})" for mail in sent]
    at = st.selectbox(
        "Destinataire", range(len(sent)), format_func=names.__getitem__, key=f"li_who_{kind}_{month}_parti"
    )
    mail = sent[at or 0]
    state = SHAPES[mail.state].format(mail.state.value)
    st.markdown(f"**Objet : {speech.escape(mail.subject)}** {state}")
    liste_envois.opened(here, mail)


def _as_of_now(here: Here, kind: ListKind, month: Month, drafts: Sequence[Draft]) -> None:
    now = french.moment(here().at)
    st.markdown(f"Cette liste n’est pas encore dressée : la voici telle qu’elle partirait le {now}.")
    names = [f"{draft.to.name} ({draft.to.address})" for draft in drafts]
    at = st.selectbox(
        "Destinataire", range(len(drafts)), format_func=names.__getitem__, key=f"li_who_{kind}_{month}"
    )
    letter = drafts[at or 0].letter
    st.markdown(f"**Objet : {speech.escape(letter.subject)}**")
    asked = {"liste": kind.value, "mois": str(month), "no": at or 0}
    courriel_lu.shown("apercu", "piece", asked, letter.attachments)

"""The part « Envois » of Listes mensuelles: who received what and when, each mail as it left, the second."""

from collections.abc import Callable

import streamlit as st

from desk import french, lists, postbook, sendings
from desk.postbook import Sent
from desk.sendings import PAGE, Asked, Went
from desk.visits import Visit
from pages import courriel_lu, speech
from pages.courriels import SHAPES
from policy.words import ListKind

Here = Callable[[], Visit]

PLACE = "listes"


def part(here: Here) -> None:
    """Filters, then the lines of the ledger, newest first."""
    asked = _filters(here)
    found = sendings.find(here(), asked)
    if not found.total:
        st.info("Aucun envoi ne correspond.", icon=":material/mail_off:")
        return
    many = found.total > 1
    st.markdown(f"**{found.total} envoi{'s' if many else ''}**{', les plus récents d’abord' if many else ''}")
    for mail in found.sent:
        _line(here, mail)
    if found.total > PAGE:
        st.number_input("Page", min_value=1, max_value=-(-found.total // PAGE), key="li_page", step=1)


def opened(here: Here, mail: Sent) -> None:
    """The mail as it left: its richer form in a frame, its text, what was joined."""
    joined = postbook.read(here(), mail.mail).letter.attachments
    courriel_lu.shown("courriel", "jointe", {"id": mail.mail}, joined)


def _filters(here: Here) -> Asked:
    months = list(dict.fromkeys(run.month for run in lists.runs(here(), 24)))
    kind_at, month_at, who_at, went_at = st.columns(4)
    with kind_at:
        kind = st.selectbox(
            "Liste", [None, *ListKind], key="li_kind_sent",
            format_func=lambda each: each.value if each else "Toutes",
        )  # fmt: skip
    with month_at:
        month = st.selectbox(
            "Mois", [None, *sorted(months, reverse=True)], key="li_month_sent",
            format_func=lambda each: each.words if each else "Tous",
        )  # fmt: skip
    with who_at:
        who = st.text_input("Destinataire", key="li_who", placeholder="Nom ou adresse", autocomplete="off")
    with went_at:
        went = st.selectbox(
            "Issue", [None, *Went], key="li_went", format_func=lambda each: each.value if each else "Toutes"
        )
    seen = (kind, month, who, went)
    if st.session_state.get("li_asked") != seen:  # another question begins at its first page
        st.session_state["li_asked"] = seen
        st.session_state.pop("li_page", None)
    return Asked(kind, month, who, went, int(st.session_state.get("li_page") or 1) - 1)


def _line(here: Here, mail: Sent) -> None:
    state = SHAPES[mail.state].format(mail.state.value)
    when = french.moment(mail.sent_at) if mail.sent_at else f"dressé le {french.moment(mail.drawn_at)}"
    month = f" {mail.month.of_words}" if mail.month else ""
    again = " (renvoi)" if mail.again_of else ""
    to = speech.escape(mail.to_name or mail.to_address)
    with st.expander(f"{mail.kind.value}{month}{again} — {to} — {when} {state}"):
        remarks = "".join(f"  \n:material/info: {speech.escape(each)}" for each in mail.remarks)
        st.markdown(f"**{speech.escape(mail.subject)}**  \nÀ {speech.escape(mail.to_address)}{remarks}")
        if st.toggle("Voir le courriel tel qu’il est parti", key=f"li_open_{mail.mail}"):
            opened(here, mail)
        with st.popover("Renvoyer", icon=":material/forward_to_inbox:", key=f"li-again-{mail.mail}"):
            _resend_form(here, mail)


def _resend_form(here: Here, mail: Sent) -> None:
    """A deliberate act: to whom, why, and a box to tick; the same words leave, and the ledger says so."""
    to = speech.escape(mail.to_name or mail.to_address)
    st.markdown(
        f"Chaque liste ne part qu’une fois à chacun. Le même courriel, inchangé, repartira à {to} et sera "
        "inscrit comme un renvoi."
    )
    st.text_input("Adresse", value=mail.to_address, key=f"li_address_{mail.mail}", autocomplete="off")
    st.text_input("Pourquoi ?", key=f"li_why_{mail.mail}", max_chars=300, autocomplete="off")
    st.checkbox("Oui, une deuxième fois à cette personne", key=f"li_sure_{mail.mail}")
    st.button("Renvoyer", key=f"li-resend-{mail.mail}", type="primary", on_click=_resend, args=(here, mail))


def _resend(here: Here, mail: Sent) -> None:
    state = st.session_state
    address = str(state.get(f"li_address_{mail.mail}") or "")

    def act() -> str:
        return lists.resend(
            here(), mail.mail, address, str(state.get(f"li_why_{mail.mail}") or ""),
            sure=bool(state.get(f"li_sure_{mail.mail}")),
        )  # fmt: skip

    if speech.attempt(act, PLACE) is not None:
        for name in ("why", "sure"):
            state.pop(f"li_{name}_{mail.mail}", None)
        speech.confirm(
            f"Le courriel repart à {speech.escape(address or mail.to_address)} au prochain passage de "
            "l’horloge. Le renvoi est inscrit au registre des envois.",
            PLACE,
        )

"""The deposit of a complaint (R-29, R-30): kept in this tab only, judged as one types, then a number."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

import streamlit as st

from desk import complaints, investigators
from desk.complaint_ways import Ways
from desk.complaints import Deposit, Deposited, Named
from desk.contents import SUFFIXES, size_words
from desk.visits import Visit
from pages import plainte_danger, speech
from pages.tab_form import KEPT_HERE, Form
from policy.complaints import Admissibility, Complaint, Signature
from policy.private_words import Part
from policy.towntime import from_town
from policy.words import Channel

Here = Callable[[], Visit]

PLACE = "plainte-depot"
TOKEN, DONE, PEOPLE = "pl-token", "pl-done", "pl-people"  # of this tab
MOST = 20  # people, in one form
CHANNELS = {channel.value: channel.value for channel in Channel if channel is not Channel.FIELD}
SIGNATURES = {each.value: each.value for each in Signature}
PARTS = {each.value: each.value for each in Part}
WHO = ("name", "phone", "email", "civic", "street", "city", "postal_code")
TEXTS = (*WHO, "facts", "place", "danger_words")
LABELS = {
    "channel": "Provenance",
    "day": "Arrivée le (laisser vide : maintenant)",
    "hour": "À",
    "written": "Faite par écrit",
    "signature": "Signature",
    "anonymous": "La personne ne dit pas qui elle est",
    "name": "Nom et prénom",
    "phone": "Téléphone",
    "email": "Courriel",
    "civic": "Numéro civique",
    "street": "Rue",
    "city": "Municipalité",
    "postal_code": "Code postal",
    "facts_on": "Date des faits (le dernier jour, s’ils ont duré)",
    "place": "Lieu des faits",
    "department": "Service visé",
    "municipal": "Vise un service de la Ville",
    "private_dispute": "Relève d’un litige privé",
    "facts": "Exposé des faits",
    "danger": "Des biens ou des personnes sont en danger",
    "danger_words": "En quoi il y a danger",
}
OF_PERSON = {"who": "Nom et prénom", "post": "Fonction", "account": "Son compte", "part": "À quel titre"}
EMPTY: Mapping[str, Any] = {
    **dict.fromkeys(TEXTS, ""),
    "channel": None, "day": None, "hour": time(8), "written": True, "signature": None, "anonymous": False,
    "facts_on": None, "department": None, "municipal": True, "private_dispute": False, "danger": False,
}  # fmt: skip


def screen(here: Here, ways: Ways) -> None:
    """The form beside its admissibility, or the number just given."""
    done: Deposited | None = st.session_state.get(DONE)
    if done is not None:
        _deposited(here, done)
        return
    form = Form("pl-new", label)
    st.session_state.setdefault(TOKEN, uuid.uuid4().hex)
    rows = range(st.session_state.setdefault(PEOPLE, 1))
    colleagues = {each.id: each.name for each in investigators.colleagues(here())}
    form.lay({**EMPTY, **{f"{name}-{row}": None if name in ("account",) else _blank(name)
                          for row in rows for name in OF_PERSON}})  # fmt: skip
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.markdown(f"{KEPT_HERE} Une fois déposée, la plainte ne se consulte plus d’ici.")
        _how(form)
        _who(form)
        _what(form, ways)
        _people(form, rows, colleagues)
        documents = _documents(here)
        with st.container():
            speech.hear(PLACE)
        st.button(
            "Déposer la plainte", key="pl-save", type="primary", icon=":material/lock:",
            shortcut="Ctrl+Enter", on_click=_save, args=(here, form, colleagues, documents),
        )  # fmt: skip
    with right, st.container(key="pl-beside"):
        st.header("Recevabilité", divider="gray", anchor=False)
        if form.typed:
            admissibility(complaints.preview(here(), typed(here, form)))
        else:
            st.markdown("Elle s’affiche ici à mesure que la plainte est saisie.")
        plainte_danger.part(here, bool(form.value("danger")))


def label(name: str) -> str:
    """What a field of the form is called; those of the people, by row."""
    field, _, row = name.partition("-")
    return f"{OF_PERSON[field]} ({int(row) + 1})" if row else LABELS[field]


def admissibility(answer: Admissibility) -> None:
    """R-30: yes, or every ground with its article; the reasons of the fifteen days."""
    if answer.admissible:
        st.success("Recevable telle que saisie.", icon=":material/check:")
    else:
        many = len(answer.grounds)
        told = "un motif" if many == 1 else f"{many} motifs"
        lines = "\n".join(f"- {speech.ground(each)}" for each in answer.grounds)
        st.warning(f"Irrecevable telle que saisie, pour {told} :\n\n{lines}", icon=":material/block:")
    for each in answer.by_danger:
        st.info(f"Levé par le danger : {speech.ground(each)}", icon=":material/emergency_home:")
    if answer.deadline is not None:
        st.markdown(f"Dernier jour pour se plaindre : **{speech.when(answer.deadline)}**")
        speech.why(answer.deadline)


def typed(here: Here, form: Form) -> Complaint:
    """The complaint as the form holds it; what is hidden is not said."""
    value, day = form.value, form.value("day")
    anonymous, written, danger = (bool(value(name)) for name in ("anonymous", "written", "danger"))
    texts = {name: str(value(name) or "") for name in TEXTS}
    texts |= dict.fromkeys(WHO, "") if anonymous else {}
    texts |= {} if danger else {"danger_words": ""}
    signature = value("signature") if written else None
    return Complaint(
        channel=Channel(value("channel")) if value("channel") else None,
        received_at=from_town(datetime.combine(day, value("hour") or time(8))) if day else here().at,
        facts_on=value("facts_on"),
        department=str(value("department") or ""),
        written=written,
        signature=Signature(signature) if signature else Signature.NONE,
        anonymous=anonymous,
        municipal=bool(value("municipal")),
        private_dispute=bool(value("private_dispute")),
        danger=danger,
        **texts,
    )


def _blank(name: str) -> str:
    return Part.TARGETED.value if name == "part" else ""


def _how(form: Form) -> None:
    st.header("1. Comment elle arrive", divider="gray", anchor=False)
    channel, day, hour = st.columns([3, 3, 2], vertical_alignment="bottom")
    with channel:
        form.choice("channel", CHANNELS)
    with day:
        form.day("day")
    if form.value("day") is not None:
        with hour:
            form.hour("hour")
    form.box("written")
    if form.value("written"):
        form.choice("signature", SIGNATURES)


def _who(form: Form) -> None:
    st.header("2. Qui se plaint", divider="gray", anchor=False)
    form.box("anonymous")
    if form.value("anonymous"):
        return
    form.text("name")
    for widths, names in (
        ([1, 1], ("phone", "email")), ([1, 3], ("civic", "street")), ([3, 2], ("city", "postal_code"))
    ):  # fmt: skip
        for column, name in zip(st.columns(widths), names, strict=True):
            with column:
                form.text(name)


def _what(form: Form, ways: Ways) -> None:
    st.header("3. Ce qui s’est passé", divider="gray", anchor=False)
    day, place = st.columns(2)
    with day:
        form.day("facts_on")
    with place:
        form.text("place")
    form.choice("department", {name: name for name in ways.departments}, "Aucun ou inconnu")
    form.box("municipal")
    form.box("private_dispute")
    form.area("facts", height=200)
    form.box("danger")
    if form.value("danger"):
        form.area("danger_words")


def _people(form: Form, rows: Sequence[int], colleagues: Mapping[str, str]) -> None:
    """P §4.4: those the complaint names; one who has an account is never given it to read."""
    st.header("4. Les personnes nommées", divider="gray", anchor=False)
    for row in rows:
        who, post = st.columns(2)
        with who:
            form.text(f"who-{row}")
            form.choice(f"account-{row}", colleagues, "Aucun ou inconnu")
        with post:
            form.text(f"post-{row}")
            form.choice(f"part-{row}", PARTS)
    if len(rows) < MOST:
        st.button("Ajouter une personne", key="pl-more", icon=":material/person_add:", on_click=_more)


def _more() -> None:
    st.session_state[PEOPLE] = st.session_state.get(PEOPLE, 1) + 1


def _documents(here: Here) -> Sequence[Any]:
    st.header("5. La plainte numérisée et ses pièces", divider="gray", anchor=False)
    return st.file_uploader(
        "Joindre des documents", type=list(SUFFIXES), accept_multiple_files=True,
        key=f"pl-files-{st.session_state[TOKEN]}",
        help=f"Jusqu’à {size_words(here().house.attachment_most)} chacun. Ils sont chiffrés.",
    )  # fmt: skip


def _save(here: Here, form: Form, colleagues: Mapping[str, str], documents: Sequence[Any]) -> None:
    if TOKEN not in st.session_state:  # the second click on a form that is deposited
        return
    given = Deposit(
        token=st.session_state[TOKEN],
        complaint=typed(here, form),
        people=_named(form, colleagues),
        documents=tuple((each.name, each.getvalue()) for each in documents),
    )
    done = speech.attempt(lambda: complaints.deposit(here(), given), PLACE)
    if done is not None:
        st.session_state[DONE] = done
        form.clear()
        for key in (TOKEN, PEOPLE):
            st.session_state.pop(key, None)


def _named(form: Form, colleagues: Mapping[str, str]) -> tuple[Named, ...]:
    """Those of whom something is typed; an account tells the name."""
    found = []
    for row in range(st.session_state.get(PEOPLE, 1)):
        who, post, account = (str(form.value(f"{name}-{row}") or "") for name in ("who", "post", "account"))
        if who.strip() or post.strip() or account:
            part = Part(form.value(f"part-{row}") or Part.TARGETED.value)
            found.append(Named(who.strip() or colleagues.get(account, ""), post, account, part))
    return tuple(found)


def _deposited(here: Here, done: Deposited) -> None:
    """The number in large, what was answered; nothing else of it from now on."""
    if done.again:
        st.info("Cette plainte était déjà déposée : voici son numéro.", icon=":material/info:")
    st.metric("Numéro à donner à la personne", done.number)
    answer = done.admissibility
    if answer.admissible:
        st.success("Recevable : elle est remise à la personne chargée de l’enquête.", icon=":material/check:")
    else:
        lines = "\n".join(f"- {speech.ground(each)}" for each in answer.grounds)
        st.warning(
            f"Irrecevable ; une réponse écrite le dira à la personne :\n\n{lines}", icon=":material/block:"
        )
    st.markdown(
        "Notez ce numéro : la plainte ne se consulte plus d’ici. Seule la personne chargée de l’enquête, et "
        "celles qu’elle nomme, la voient *(P §4.5)*."
    )
    plainte_danger.part(here)
    st.button("Déposer une autre plainte", key="pl-another", on_click=_another)


def _another() -> None:
    st.session_state.pop(DONE, None)
    st.session_state.pop(plainte_danger.OPENED, None)

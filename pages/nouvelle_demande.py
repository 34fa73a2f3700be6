"""Nouvelle demande: one screen in the order of the call; what is typed is a draft until it has a number."""

import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, time

import streamlit as st

from desk import drafts, french, intake
from desk.choices import Choices, choices
from desk.citizens import Caller, Earlier, Known, nearby, suggest
from desk.intake import Demand, Opened, Proposal
from desk.visits import Visit
from pages import speech
from policy.reasons import Deadline, Refused, refused
from policy.towntime import from_town, to_town
from policy.words import Channel, Nature

Here = Callable[[], Visit]

PLACE = "nouvelle-demande"
OPENED = "nd-opened"
CALLER = ("citizen", "name", "phone", "email", "home_civic", "home_street", "city", "postal_code")
EMPTY = {
    **dict.fromkeys(CALLER, ""),
    **dict.fromkeys(("category", "department", "forwarded_by", "duplicate_of"), ""),
    **dict.fromkeys(("civic", "street", "sector", "place_note", "facts", "answer", "day", "hour"), ""),
    "nature": Nature.REQUEST.value,
    "channel": Channel.PHONE.value,
    "anonymous": False,
    "first_contact": False,
    "earlier": False,
}
NATURES = (
    Nature.REQUEST, Nature.INFORMATION, Nature.COMMENT, Nature.CLAIM, Nature.COMPLAINT, Nature.ACCESS
)  # fmt: skip
SETTLED = frozenset({Nature.INFORMATION.value, Nature.COMMENT.value})


def screen(here: Here) -> None:
    """The intake form, or the number just given."""
    st.title("Nouvelle demande")
    opened: Opened | None = st.session_state.get(OPENED)
    if opened is not None:
        _told(here, opened)
        return
    _lay_draft(here)
    offered = choices(here())
    form, beside = st.columns([3, 2], gap="large")
    with form:
        _who(here)
        _what(here, offered)
        _where(here)
        _facts(here)
    with beside:
        _known_people(here)
        _promise(here)
        _already_known(here)
    with form:
        speech.hear(PLACE)
        save, forget = st.columns([3, 2])
        save.button(
            "Enregistrer la demande",
            key="nd-save", type="primary", icon=":material/save:", width="stretch",
            on_click=_save, args=(here,),
        )  # fmt: skip
        forget.button("Effacer tout", key="nd-forget", on_click=_start_again, args=(here,), width="stretch")


def _who(here: Here) -> None:
    st.header("1. Qui", divider="gray")
    _toggle(here, "anonymous", "La personne veut rester anonyme")
    if _typed("anonymous"):
        return
    left, right = st.columns(2)
    with left:
        _text(here, "name", "Nom et prénom", live=True)
    with right:
        _text(here, "phone", "Téléphone", live=True)
    _text(here, "email", "Courriel")
    civic, street = st.columns([1, 3])
    with civic:
        _text(here, "home_civic", "Numéro civique")
    with street:
        _text(here, "home_street", "Rue", live=True)
    city, postal = st.columns([3, 2])
    with city:
        _text(here, "city", "Municipalité")
    with postal:
        _text(here, "postal_code", "Code postal")


def _known_people(here: Here) -> None:
    """Those already known whose name, telephone or address begins as typed; the one chosen can be let go."""
    if _typed("anonymous"):
        return
    if _typed("citizen"):
        kept, undo = st.columns([3, 2], vertical_alignment="center")
        kept.markdown(":material/person_check: Personne déjà connue : ses coordonnées seront mises à jour.")
        undo.button("Ce n’est pas elle", key="nd-unknown", on_click=_choose_nobody, args=(here,))
        return
    address = f"{_typed('home_civic')} {_typed('home_street')}".strip()
    for text in (_typed("phone"), _typed("name"), address):
        if found := suggest(here(), text):
            st.header("Déjà connue ?", divider="gray")
            for known in found:
                st.button(
                    _known_words(known),
                    key=f"nd-known-{known.id}", icon=":material/person:",
                    on_click=_choose, args=(here, known),
                )  # fmt: skip
            return


def _what(here: Here, offered: Choices) -> None:
    st.header("2. Quoi", divider="gray")
    left, right = st.columns(2)
    with left:
        _choice(here, "nature", "Nature", [nature.value for nature in NATURES])
    with right:
        _choice(here, "channel", "Provenance", [channel.value for channel in Channel])
        if _typed("channel") == Channel.COUNCIL.value:
            _choice(here, "forwarded_by", "Transmise par", list(offered.council), offered.council)
    _choice(here, "category", "Catégorie", list(offered.categories), offered.categories)
    _choice(
        here, "department", "Service", list(offered.departments), offered.departments,
        placeholder="Celui de la catégorie",
    )  # fmt: skip


def _where(here: Here) -> None:
    st.header("3. Où", divider="gray")
    civic, street = st.columns([2, 3])
    with civic:
        _text(here, "civic", "Numéro civique du lieu")
    with street:
        _text(here, "street", "Rue ou lieu")
    if _typed("home_street") and not _typed("street"):
        st.button("À l’adresse de la personne", key="nd-same", on_click=_same_place, args=(here,))
    sector, note = st.columns([1, 2])
    with sector:
        _text(here, "sector", "Secteur")
    with note:
        _text(here, "place_note", "Précision du lieu")


def _facts(here: Here) -> None:
    st.header("4. Les faits", divider="gray")
    st.text_area("Exposé des faits", key=_key("facts"), height=160, on_change=_keep, args=(here, "facts"))
    _toggle(here, "earlier", "Reçue plus tôt (courriel, lettre, boîte vocale)")
    if _typed("earlier"):
        left, right = st.columns(2)
        with left:
            _text(here, "day", "Reçue le (AAAA-MM-JJ)", placeholder="2026-11-20")
        with right:
            _text(here, "hour", "À (HH:MM)", placeholder="14:30")
    if _typed("nature") not in SETTLED:
        _toggle(here, "first_contact", "Réglée au premier contact")
    if _typed("first_contact") or _typed("nature") in SETTLED:
        st.text_area(
            "Réponse donnée", key=_key("answer"), height=100, on_change=_keep, args=(here, "answer"),
            help="Devient la note interne ; le dossier est ouvert et fermé d’un seul geste.",
        )  # fmt: skip


def _promise(here: Here) -> None:
    """What the category proposes, beside the form: where it goes, who gets it, which date can be promised."""
    st.header("Ce qui sera promis", divider="gray")
    if not _typed("category") and not _typed("department"):
        st.markdown("Choisissez une catégorie : le service, le Responsable et les dates s’affichent ici.")
        return
    try:
        proposal = intake.preview(here(), _demand())
    except Refused as refusal:
        speech.grounds(refusal.grounds)
        return
    _goes_to(proposal)
    _date(
        "Intervention prévue au plus tard le", proposal.target, "Aucun délai n’est fixé pour cette catégorie."
    )
    _date("Accusé de réception d’ici le", proposal.acknowledgement, "")


def _goes_to(proposal: Proposal) -> None:
    receivers = ", ".join(proposal.responsables) or "aucun Responsable désigné : le directeur sera avisé"
    circuit = f" · circuit {proposal.circuit.value}" if proposal.circuit else ""
    st.markdown(
        f"**{speech.escape(proposal.department_name or 'Aucun service')}**{circuit}  \n"
        f"Reçue par : {speech.escape(receivers)}  \n"
        f"Priorité : {speech.priority_words(proposal.priority)}"
    )


def _date(label: str, deadline: Deadline | None, otherwise: str) -> None:
    if deadline is None:
        if otherwise:
            st.markdown(otherwise)
        return
    st.markdown(f"{label} **{_when(deadline)}** — {speech.escape(deadline.articles[0])}")
    speech.why(deadline)


def _already_known(here: Here) -> None:
    """R-18: the open files this demand may repeat; one gesture links it to one of them."""
    found = nearby(here(), _typed("street"), _typed("civic"), _typed("category"), _typed("citizen"))
    if not found:
        return
    st.header("Peut-être la même affaire", divider="gray")
    linked = _typed("duplicate_of")
    for earlier in found:
        st.markdown(_earlier_words(earlier))
        if linked == earlier.number:
            st.button("Ne plus lier", key=f"nd-unlink-{earlier.id}", on_click=_link, args=(here, ""))
        else:
            st.button(
                "C’est la même affaire",
                key=f"nd-link-{earlier.id}",
                on_click=_link,
                args=(here, earlier.number),
            )


def _told(here: Here, opened: Opened) -> None:
    """After the save: the number in large, who received it, the date promised, how the citizen is told."""
    if opened.again:
        st.info("Cette demande était déjà enregistrée : voici son numéro.", icon=":material/info:")
    st.metric("Numéro à donner à la personne", opened.number)
    if opened.closed:
        st.success("Réglée au premier contact : le dossier est ouvert et fermé.", icon=":material/check:")
    else:
        receivers = ", ".join(opened.responsables) or "le directeur, faute de Responsable désigné"
        department = opened.department_name or "Aucun service encore"
        st.markdown(f"**{speech.escape(department)}** — reçue par {speech.escape(receivers)}.")
        _date("Date promise :", opened.target, "Aucune date n’est promise pour cette catégorie.")
    st.markdown(speech.escape(opened.told))
    again, other, link = st.columns(3)
    again.button(
        "Une autre pour la même personne",
        key="nd-again",
        on_click=_start_again,
        args=(here, True),
        width="stretch",
    )
    other.button(
        "Nouvelle demande", key="nd-new", type="primary", on_click=_start_again, args=(here,), width="stretch"
    )
    link.link_button("Ouvrir le dossier", f"/dossier?numero={opened.number}", width="stretch")


def _save(here: Here) -> None:
    opened = speech.attempt(lambda: intake.open_file(here(), _demand()), PLACE)
    if opened is not None:
        st.session_state[OPENED] = opened


def _start_again(here: Here, same_person: bool = False) -> None:
    kept = {name: st.session_state.get(_key(name), "") for name in CALLER} if same_person else {}
    st.session_state.pop(OPENED, None)
    drafts.drop(here(), drafts.NEW)
    for name, value in {**EMPTY, **kept, "token": uuid.uuid4().hex}.items():
        st.session_state[_key(name)] = value
    drafts.keep_all(here(), drafts.NEW, {"token": st.session_state[_key("token")], **kept})


def _lay_draft(here: Here) -> None:
    """Lay the draft kept on the server under the form, where this browser session holds nothing newer."""
    if _key("token") in st.session_state and all(_key(name) in st.session_state for name in EMPTY):
        for name in EMPTY:
            st.session_state[_key(name)] = st.session_state[_key(name)]  # outlives a look at another screen
        return
    kept = drafts.recall(here(), drafts.NEW)
    for name, empty in EMPTY.items():
        st.session_state[_key(name)] = kept[name].value if name in kept else empty
    if "token" in kept:
        st.session_state[_key("token")] = kept["token"].value
    else:
        st.session_state[_key("token")] = uuid.uuid4().hex
        drafts.keep(here(), drafts.NEW, "token", st.session_state[_key("token")])


def _keep(here: Here, *names: str) -> None:
    """Keep what was just typed on the server; too long to keep is said, and stays on screen."""
    typed = {name: _typed(name) for name in names}
    speech.attempt(lambda: drafts.keep_all(here(), drafts.NEW, typed), PLACE)


def _choose(here: Here, known: Known) -> None:
    caller = known.caller
    chosen = (
        known.id, caller.name, caller.phone, caller.email,
        caller.civic, caller.street, caller.city, caller.postal_code,
    )  # fmt: skip
    for name, value in zip(CALLER, chosen, strict=True):
        st.session_state[_key(name)] = value
    _keep(here, *CALLER)


def _choose_nobody(here: Here) -> None:
    st.session_state[_key("citizen")] = ""
    _keep(here, "citizen")


def _same_place(here: Here) -> None:
    st.session_state[_key("civic")] = _typed("home_civic")
    st.session_state[_key("street")] = _typed("home_street")
    _keep(here, "civic", "street")


def _link(here: Here, number: str) -> None:
    st.session_state[_key("duplicate_of")] = number
    _keep(here, "duplicate_of")


def _demand() -> Demand:
    """The demand as typed so far. Raises ``Refused`` for a date or an hour that cannot be read."""
    nature, channel = _typed("nature"), _typed("channel")
    return Demand(
        token=_typed("token"),
        channel=Channel(channel) if channel else None,
        nature=Nature(nature) if nature else None,
        facts=_typed("facts"),
        caller=Caller(*(_typed(name) for name in CALLER)) if not _typed("anonymous") else Caller(),
        anonymous=bool(_typed("anonymous")),
        category=_typed("category"),
        department=_typed("department"),
        civic=_typed("civic"),
        street=_typed("street"),
        sector=_typed("sector"),
        place_note=_typed("place_note"),
        received_at=_received() if _typed("earlier") else None,
        forwarded_by=_typed("forwarded_by") if channel == Channel.COUNCIL.value else "",
        first_contact=bool(_typed("first_contact")) or nature in SETTLED,
        answer=_typed("answer"),
        duplicate_of=_typed("duplicate_of"),
    )


def _received() -> datetime:
    try:
        return from_town(
            datetime.combine(date.fromisoformat(_typed("day")), time.fromisoformat(_typed("hour") or "12:00"))
        )
    except ValueError as unreadable:
        raise refused(
            "La date se tape AAAA-MM-JJ et l’heure HH:MM (2026-11-20, 14:30).", field="day"
        ) from unreadable


def _text(here: Here, name: str, label: str, live: bool = False, placeholder: str = "") -> None:
    st.text_input(
        label, key=_key(name), on_change=_keep, args=(here, name), autocomplete="off",
        live="300ms" if live else False, placeholder=placeholder or None,
    )  # fmt: skip


def _toggle(here: Here, name: str, label: str) -> None:
    st.toggle(label, key=_key(name), on_change=_keep, args=(here, name))


def _choice(
    here: Here,
    name: str,
    label: str,
    options: list[str],
    words: Mapping[str, str] | None = None,
    placeholder: str = "À choisir",
) -> None:
    st.selectbox(
        label, ["", *options], key=_key(name), on_change=_keep, args=(here, name), placeholder=placeholder,
        format_func=lambda option: (words or {}).get(option, option) or placeholder,
    )  # fmt: skip


def _typed(name: str) -> str:
    """What stands in a field now; an empty string when nothing does."""
    value: str = st.session_state.get(_key(name)) or ""
    return value


def _key(name: str) -> str:
    return f"nd_{name}"


def _when(deadline: Deadline) -> str:
    if isinstance(deadline.due, datetime):
        return french.moment(to_town(deadline.due))
    return french.day(deadline.due, weekday=True)


def _known_words(known: Known) -> str:
    address = f"{known.caller.civic} {known.caller.street}".strip()
    count = f"{known.files} dossier{'s' if known.files > 1 else ''}"
    return speech.escape(
        " — ".join(part for part in (known.caller.name, known.caller.phone, address, count) if part)
    )


def _earlier_words(earlier: Earlier) -> str:
    link = f"[{earlier.number}](/dossier?numero={earlier.number})"
    what = speech.escape(" — ".join(part for part in (earlier.category, earlier.place) if part))
    return f"{link} {speech.state_badge(earlier.state)}  \n{what}"

"""Nouvelle demande: one screen in the order of the call; what is typed is a draft until it has a number."""

from collections.abc import Callable

import streamlit as st

from desk import french, intake, proposed
from desk.choices import Choices, choices
from desk.contacts import Logged
from desk.drafts import Call
from desk.intake import Opened
from desk.scope import NotFound
from desk.visits import Visit
from pages import call, call_origin, call_row, call_thanks, courriels, guide, promise, speech
from pages.call import PLACE, typed
from pages.call_fields import area, choice, marked, moment, text, toggle
from policy.words import Channel, Nature, Priority

Here = Callable[[], Visit]

NATURES = {
    nature.value: nature.value
    for nature in (
        Nature.REQUEST, Nature.INFORMATION, Nature.COMMENT, Nature.CLAIM, Nature.COMPLAINT, Nature.ACCESS
    )
}  # fmt: skip
CHANNELS = {channel.value: channel.value for channel in Channel}
PRIORITIES = {priority.value: priority.value for priority in Priority}


def screen(here: Here) -> None:
    """The form, or the number just given."""
    st.title("Nouvelle demande")
    opened = _just_opened(here)
    if opened is not None:
        _told(here, opened)
        return
    noted = call.just_noted()
    if noted is not None:
        _noted(here, noted)
        return
    call.lay(here)
    with st.container():  # what comes and goes, in one of its own: it takes no field from under the hand
        if not call.is_begun():
            _cut(here)
    with st.container():
        call_origin.shown(here, call.token())
    offered = choices(here())
    form, beside = st.columns([3, 2], gap="large")
    with form:
        with st.container():
            _who(here)
        with st.container():
            _what(here, offered)
        if typed("nature") in call.ELSEWHERE:
            _elsewhere(here)
        else:
            for part in (_where, _facts, _end):
                with st.container():
                    part(here)
    with beside:
        with st.container(key="nd-promise"):
            promise.promised(here)
        if typed("nature") not in call.ELSEWHERE:
            told = f"{typed('facts')} {typed('place_note')}"
            guide.beside(here, told, typed("category"), typed("department"), "nd")


def _cut(here: Here) -> None:
    """The calls that were cut, or set aside for another one."""
    for begun in call.cut(here):
        words, away = st.columns([4, 1], vertical_alignment="center")
        words.button(
            _begun_words(begun, here()), key=f"nd-resume-{begun.token}", icon=":material/history:",
            on_click=call.resume, args=(begun.token,), width="stretch",
        )  # fmt: skip
        away.button(
            "Jeter", key=f"nd-throw-{begun.token}", on_click=call.throw_away, args=(here, begun.token),
            width="stretch",
        )  # fmt: skip


def _begun_words(begun: Call, visit: Visit) -> str:
    fields = begun.fields
    place = f"{fields.get('civic') or ''} {fields.get('street') or ''}".strip()
    facts = str(fields.get("facts") or "").strip()[:40]
    who = "anonyme" if fields.get("anonymous") else str(fields.get("name") or "")
    told = " — ".join(part for part in (who, place, facts) if part)
    when = french.since(begun.begun_at, visit.at)
    return f"Reprendre la demande commencée {when}{f' ({speech.escape(told)})' if told else ''}"


def _who(here: Here) -> None:
    st.header("1. Qui", divider="gray", anchor=False)
    toggle(here, "anonymous", "La personne veut rester anonyme")
    if typed("anonymous"):
        return
    left, right = st.columns(2)
    with left:
        text(here, "name", "Nom et prénom", live=True)
    with right:
        text(here, "phone", "Téléphone", live=True)
    with st.container():
        promise.callers(here)
    text(here, "email", "Courriel")
    civic, street = st.columns([1, 3])
    with civic:
        text(here, "home_civic", "Numéro civique")
    with street:
        text(here, "home_street", "Rue", live=True)
    city, postal = st.columns([3, 2])
    with city:
        text(here, "city", "Municipalité")
    with postal:
        text(here, "postal_code", "Code postal")


def _what(here: Here, offered: Choices) -> None:
    st.header("2. Quoi", divider="gray", anchor=False)
    left, right = st.columns(2)
    with left:
        choice(here, "nature", "Nature", NATURES)
    if typed("nature") in call.ELSEWHERE:
        return
    with right:
        choice(here, "channel", "Provenance", CHANNELS)
    if typed("channel") == Channel.COUNCIL.value:
        choice(here, "forwarded_by", "Transmise par", offered.council)
    choice(here, "category", "Catégorie", offered.categories)
    with st.container(horizontal=True):
        _proposed(here)
    choice(here, "department", "Service", offered.departments, otherwise="Celui de la catégorie")
    if typed("nature") == Nature.COMMENT.value:
        call_thanks.part(here)
    if typed("priority") or call_row.begins(call.token()):
        choice(here, "priority", "Priorité", PRIORITIES, otherwise="Celle de la catégorie")


def _proposed(here: Here) -> None:
    """R-10: what the facts call for, while nothing is chosen; one click takes it."""
    facts = f"{typed('facts')} {typed('place_note')}"
    if typed("category") or not facts.strip():
        return
    found = proposed.categories(here(), facts, Nature(typed("nature")) if typed("nature") else None)
    for id, name in found.items():
        st.button(
            f"Proposée : {speech.escape(name)}", key=f"nd-category-{id}", icon=":material/lightbulb:",
            on_click=call.write, args=(here,), kwargs={"category": id},
        )  # fmt: skip


def _elsewhere(here: Here) -> None:
    """P §4.4, P §4.6: what is not received here is said at once, before anything of it is typed."""
    for ground in intake.check(here(), call.demand()):
        if ground.field == "nature":
            st.error(speech.ground(ground), icon=":material/block:")
    if typed("nature") == Nature.ACCESS.value:
        st.link_button("Inscrire la demande d’accès", "/acces", icon=":material/folder_shared:")
    else:
        st.link_button("Déposer la plainte", "/plaintes", icon=":material/shield_person:")


def _where(here: Here) -> None:
    st.header("3. Où", divider="gray", anchor=False)
    with st.container():
        if typed("home_street") and not typed("street") and not typed("anonymous"):
            st.button(
                "À l’adresse de la personne", key="nd-same", icon=":material/home_pin:", on_click=_same_place,
                args=(here,),
            )  # fmt: skip
    civic, street = st.columns([2, 3])
    with civic:
        text(here, "civic", "Numéro civique du lieu")
    with street:
        text(here, "street", "Rue ou lieu")
    sector, note = st.columns([2, 3])
    with sector:
        text(here, "sector", "Secteur")
    with note:
        text(here, "place_note", "Précision du lieu")
    promise.repeated(here)
    marked("duplicate_of")
    marked("again")


def _same_place(here: Here) -> None:
    call.write(here, civic=typed("home_civic"), street=typed("home_street"))


def _facts(here: Here) -> None:
    st.header("4. Les faits", divider="gray", anchor=False)
    area(here, "facts", "Exposé des faits", 160)
    toggle(here, "earlier", "Reçue plus tôt (courriel, lettre, boîte vocale)")
    if typed("earlier"):
        moment(here, "day", "hour")
    settled = typed("nature") in call.SETTLED
    if not settled:
        toggle(here, "first_contact", "Réglée au premier contact")
    if settled or typed("first_contact"):
        area(
            here, "answer", "Réponse donnée", 110,
            help="Devient la note interne ; le dossier est ouvert et fermé d’un seul geste.",
        )  # fmt: skip
        if typed("extension") or "extension" in st.session_state.get(call.MARKS, {}):
            text(here, "extension", "Votre numéro de poste")


def _end(here: Here) -> None:
    with st.container():
        speech.hear(PLACE)
        if "token" in st.session_state.get(call.MARKS, {}):
            st.button(
                "Garder ce texte dans une nouvelle saisie", key="nd-another", on_click=call.another_form,
                args=(here,),
            )  # fmt: skip
    keep, aside = st.columns([3, 2])
    again = typed("again")
    keep.button(
        f"Noter l’appel au dossier {again}" if again else "Enregistrer la demande", key="nd-save",
        type="primary", icon=":material/save:", width="stretch", shortcut="Ctrl+Enter",
        on_click=call.note_again if again else call.save, args=(here,),
    )  # fmt: skip
    if call.is_begun():
        aside.button(
            "Mettre de côté", key="nd-aside", on_click=call.set_aside, width="stretch",
            help="Un autre appel arrive ? Cette saisie reste offerte en haut de cet écran.",
        )  # fmt: skip
        st.markdown(":material/edit_note: Brouillon conservé")


def _noted(here: Here, noted: Logged) -> None:
    """R-9: after a call was noted on the file it is about."""
    st.metric("Numéro du dossier", noted.number)
    st.success(speech.escape(noted.sentence), icon=":material/check:")
    with st.container(horizontal=True, key="nd-next"):
        st.button("Nouvelle demande", key="nd-new", type="primary", on_click=call.anew, args=(here,))
        st.link_button("Ouvrir le dossier", f"/dossier?numero={noted.number}", icon=":material/folder_open:")


def _just_opened(here: Here) -> Opened | None:
    """The file of the address, also after the page was loaded again; choosing the screen anew leaves it."""
    number = st.query_params.get(call.TOLD, "")
    opened: Opened | None = st.session_state.get(call.OPENED)
    if not number:
        saved = call.just_saved()
        if saved is not None:
            st.query_params.from_dict({call.TOLD: saved.number})
        elif opened is not None:
            call.anew(here)
        return saved
    if opened is None or opened.number != number:
        try:
            opened = st.session_state[call.OPENED] = intake.told(here(), number)
        except NotFound:
            st.query_params.clear()
    return opened


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
        promise.date("Date promise :", opened.target, "Aucune date n’est promise pour cette catégorie.")
    st.markdown(speech.escape(opened.told))
    with st.container(horizontal=True, key="nd-next"):
        st.button("Nouvelle demande", key="nd-new", type="primary", on_click=call.anew, args=(here,))
        if opened.citizen:
            st.button(
                "Une autre pour la même personne", key="nd-again", on_click=call.anew, args=(here, opened)
            )
        st.link_button("Ouvrir le dossier", f"/dossier?numero={opened.number}", icon=":material/folder_open:")
        if opened.acknowledgement is not None:
            courriels.letter(opened.number)

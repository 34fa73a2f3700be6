"""The first steps of « Mettre la ville en place »: its name, its hours, its departments, its days."""

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from desk import french, settling
from desk.plan import WEEK, WORDS, Closing, Plan, Service
from desk.settling import Settling
from desk.visits import Visit
from pages import speech
from pages.settling_fields import PLACE, changed, choice, go, key, seen, send, text
from policy.reasons import Refused
from policy.words import Circuit, Closer

Here = Callable[[], Visit]

CIRCUITS = {
    Circuit.A: "A : le Responsable reçoit et agit",
    Circuit.B: "B : l’un reçoit, l’autre fait exécuter",
    Circuit.C: "C : le Responsable agit et informe le service aux citoyens",
}
YES_NO = ("oui", "non")
LISTS = ("semaine_complete", "derniere_semaine", "aucune")
PROMISES = ("jour_ouvrable", "heures_ouverture", "aucun")


def name(here: Here, found: Settling) -> None:
    """Who the town is, and which policy it starts from."""
    plan = found.plan
    text(here, plan, "town_name", placeholder="Ville de Sainte-Adèle")
    choice(here, plan, "preset", found.presets, captions=_captions(found.presets))
    st.markdown(
        "Une politique apporte ses services, sa grille d’intervention, ses codes et ses délais, chacun avec "
        "son article. Tout se change ensuite."
    )
    with st.container(border=True):
        st.markdown("Au pied des lettres et des courriels, si vous le voulez :")
        left, right = st.columns(2)
        with left:
            text(here, plan, "town_address")
            text(here, plan, "desk_name")
            text(here, plan, "desk_email")
        with right:
            text(here, plan, "town_phone")
            text(here, plan, "desk_phone")


def hours(here: Here, found: Settling) -> None:
    """R-5: the opening hours, day by day, and what they make of a promise."""
    plan = found.plan
    st.markdown(
        "Une ou plusieurs plages par jour, comme « 08:30-12:00, 13:00-16:30 ». Vide : fermé au public."
    )
    for weekday, _ in WEEK:
        text(here, plan, f"hours.{weekday}", placeholder="fermé")
        for ground in plan.hours_problems(weekday):
            st.markdown(f":red[:material/error: {speech.ground(ground)}]")
    st.button(
        "Du mardi au vendredi comme le lundi", key="mp-same", icon=":material/content_copy:",
        on_click=_same_as_monday, args=(here,),
    )  # fmt: skip
    promised(plan)


def promised(plan: Plan) -> None:
    """R-5: an example, with its reasons."""
    try:
        received, due = plan.promise()
    except Refused:
        return
    if due is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f"Une demande reçue le {french.moment(received)} aura son accusé de réception au plus tard "
                f"le **{speech.when(due)}**."
            )
            speech.why(due)


def services(here: Here, found: Settling) -> None:
    """R-11, R-12: the departments of the preset, kept, renamed, switched off; others."""
    plan = found.plan
    if plan.offer is None:
        _choose_first(here)
        return
    st.markdown("Gardez, renommez ou retirez ; le circuit dit qui agit, et qui ferme le dossier.")
    for each in plan.services:
        with st.container(border=True):
            _service(here, plan, each)
    st.button("Ajouter un service", key="mp-add", icon=":material/add:", on_click=_add, args=(here, plan))


def days(here: Here, found: Settling) -> None:
    """R-20, R-24, R-70: when the town is closed, when it starts, when its lists leave."""
    plan = found.plan
    if plan.offer is None:
        _choose_first(here)
        return
    left, right = st.columns(2)
    with left:
        text(here, plan, "start_date", help="Rien de ce qui était dû avant ce jour n’est envoyé (R-24).")
        text(here, plan, "sending_hour")
        choice(here, plan, "ack_reading", _words(PROMISES))
    with right:
        choice(here, plan, "rnc_reading", _words(LISTS))
        choice(here, plan, "council_lists", _words(YES_NO), horizontal=True)
    st.subheader("Jours de fermeture", anchor=False)
    st.markdown(
        "Les jours fériés du Québec et ceux de la ville, d’ici la fin de l’an prochain. Décochez : ouvert."
    )
    for column, half in zip(st.columns(2), _halves(plan.closings), strict=True):
        with column:
            for each in half:
                _closing(here, plan, each)
    with st.form("mp-closing", clear_on_submit=True, border=True):
        day, why = st.columns(2)
        day.date_input("Un autre jour de fermeture", value=None, key="mp-closing-day", format="YYYY-MM-DD")
        why.text_input("Motif", key="mp-closing-label", autocomplete="off")
        st.form_submit_button("Ajouter ce jour", on_click=_close, args=(here,))


def _words(values: tuple[str, ...]) -> dict[str, str]:
    return {value: WORDS[value] for value in values}


def _captions(presets: Mapping[str, str]) -> list[str]:
    words = {
        "prevost": "Circuits A, B et C, liste mensuelle aux Responsables et au conseil.",
        "sainte-julie": "Porte d’entrée unique, accusé en 24 heures ouvrables, priorités et saisons.",
        "vide": "Quatre services, une grille courte ; chaque valeur est « choisie par la ville ».",
    }
    return [words.get(name, "") for name in presets]


def _choose_first(here: Here) -> None:
    st.info("Choisissez d’abord la politique de départ.", icon=":material/arrow_back:")
    st.button("Choisir", key="mp-choose", on_click=go, args=(here, "ville"))


def _same_as_monday(here: Here) -> None:
    monday = st.session_state.get(key("hours.0"), "")
    send(here, {f"hours.{weekday}": monday for weekday, _ in WEEK})


def _service(here: Here, plan: Plan, each: Service) -> None:
    if changed(plan, each.key):
        for part, value in _parts(each).items():
            st.session_state[f"mp_{each.key}.{part}"] = value
    seen(plan, each.key)
    begun, more = f"mp_{each.key}", (here, each)
    title, circuit, closer = st.columns([3, 4, 3])
    title.text_input("Service", key=f"{begun}.name", autocomplete="off", on_change=_keep, args=more)
    circuit.selectbox(
        "Circuit", list(CIRCUITS), key=f"{begun}.circuit", format_func=lambda one: CIRCUITS[one],
        on_change=_keep, args=more,
    )  # fmt: skip
    closer.selectbox(
        "Qui ferme", list(Closer), key=f"{begun}.closer", format_func=lambda one: one.value,
        on_change=_keep, args=more,
    )  # fmt: skip
    with st.container(horizontal=True, vertical_alignment="center"):
        st.toggle("En service", key=f"{begun}.active", on_change=_keep, args=more)
        st.caption(speech.escape(plan.source_of(each)))


def _parts(each: Service) -> dict[str, object]:
    return {"name": each.name, "circuit": each.circuit, "closer": each.closer, "active": each.active}


def _keep(here: Here, each: Service) -> None:
    typed = {part: st.session_state[f"mp_{each.key}.{part}"] for part in _parts(each)}
    send(here, {each.key: typed})


def _add(here: Here, plan: Plan) -> None:
    ranks = [int(each.key.rpartition(".")[2]) for each in plan.services]
    field = f"service.{plan.preset}.{max([99, *ranks]) + 1}"
    send(here, {field: {"name": "", "circuit": Circuit.C, "closer": Closer.DESK, "active": True}})


def _closing(here: Here, plan: Plan, each: Closing) -> None:
    field = f"closing.{each.day.isoformat()}"
    words = f"{french.day(each.day, weekday=True)} : {each.label}"
    if each.added:
        seen(plan, field)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f":material/event_busy: {speech.escape(words)}")
            st.button("Retirer", key=f"mp-reopen-{field}", type="tertiary", on_click=send,
                      args=(here, {field: None}))  # fmt: skip
        return
    if changed(plan, field) or key(field) not in st.session_state:
        st.session_state[key(field)] = not each.open
    seen(plan, field)
    st.checkbox(speech.escape(words), key=key(field), on_change=_toggle, args=(here, field))


def _toggle(here: Here, field: str) -> None:
    send(here, {field: {"open": not st.session_state[key(field)]}})


def _close(here: Here) -> None:
    day: date | None = st.session_state.get("mp-closing-day")
    label = str(st.session_state.get("mp-closing-label") or "")
    speech.attempt(lambda: settling.close(here(), day, label), PLACE)


def _halves(closings: tuple[Closing, ...]) -> tuple[tuple[Closing, ...], tuple[Closing, ...]]:
    middle = -(-len(closings) // 2)
    return closings[:middle], closings[middle:]

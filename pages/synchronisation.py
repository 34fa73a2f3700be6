"""Synchronisation: how it goes with the town's table elsewhere, and what waits there for a person."""

from collections.abc import Callable
from functools import partial

import streamlit as st

from desk import french, synchronisation
from desk.synchronisation import Health, TableHealth, Thaw
from desk.visits import Visit
from pages import desaccords, speech

Here = Callable[[], Visit]

PLACE = "synchronisation"
EVERY = 5.0  # seconds between two looks at the ledger; nothing here speaks to the remote itself
NO_TABLE = (
    "La ville n’a pas relié de table : le guichet se suffit à lui-même. Pour en relier une (Airtable ou "
    "Google Sheets), suivez le guide `docs/synchronisation.md`."
)


def screen(here: Here) -> None:
    """The whole screen draws itself again by itself: what is typed in it meanwhile stays."""
    st.title("Synchronisation")
    st.fragment(_live, run_every=EVERY)(here)


def sentence(health: Health, visit: Visit) -> str:
    """Where it stands with the table, in one sentence; for this screen and for « Aujourd’hui »."""
    label = health.label
    if health.paused_at is not None:
        since = french.since(health.paused_at, visit.at)
        why = health.paused_why.rstrip(". ")
        return f"{label} est en pause depuis {_short(since)}, par {health.paused_by} : {why}."
    if health.restored_at is not None:
        return (
            f"Les données ont été reprises d’une copie : rien n’est écrit dans {label} avant que le "
            "directeur le confirme."
        )
    if health.error:
        since = (
            f" depuis {_short(french.since(health.failing_since, visit.at))}" if health.failing_since else ""
        )
        after = "" if health.needs_person else " Rien n’est perdu : l’horloge réessaie d’elle-même."
        return f"Les échanges avec {label} échouent{since} : {health.error.rstrip('. ')}.{after}"
    if health.agreed_at is None:
        return f"Le premier échange avec {label} n’a pas encore eu lieu."
    last = f"Dernier échange avec {label} {french.since(health.agreed_at, visit.at)}."
    if health.is_well:
        return f"Tout concorde. {last}"
    return last


def _short(since: str) -> str:
    """« depuis 10 h 12 », not « depuis à 10 h 12 »."""
    return since.removeprefix("à ")


def _live(here: Here) -> None:
    speech.hear(PLACE)
    visit = here()
    health = synchronisation.summary(visit)
    if health is None:
        st.info(NO_TABLE, icon=":material/link_off:")
        return
    _state(visit, health)
    _gestures(here, health)
    with st.container(key="sy-avis"):
        _notices(here, health)
    with st.container(key="sy-gelees"):
        for table in health.frozen:
            _frozen(here, health, table)
    with st.container(key="sy-valeurs"):
        if health.settles:
            desaccords.show(here, PLACE, health)
        elif health.disputes or health.rejections:
            st.info("Le directeur règle les litiges et les valeurs refusées.", icon=":material/balance:")
    _tables(visit, health)


def _state(visit: Visit, health: Health) -> None:
    said = speech.escape(sentence(health, visit))
    if health.paused_at is not None:
        st.warning(said, icon=":material/pause_circle:")
    elif health.restored_at is not None or health.error:
        st.warning(said, icon=":material/sync_problem:")
    elif health.is_well:
        st.success(said, icon=":material/check_circle:")
    else:
        st.info(said, icon=":material/sync:")
    parts = [
        _count(health.waiting, "fiche en attente", "fiches en attente"),
        _count(health.disputes, "litige", "litiges"),
        _count(health.rejections, "valeur refusée", "valeurs refusées"),
        _count(health.withdrawn, "ligne retirée", "lignes retirées"),
    ]
    if health.proposed:
        new = _count(health.proposed, "ligne à accueillir", "lignes à accueillir")
        parts.append(f"[{new}](/a-accueillir)" if health.settles else new)
    used = _count(health.calls, "appel ce mois-ci", "appels ce mois-ci")
    parts.append(f"{used} sur {french.number(health.quota)}" if health.quota else used)
    st.markdown(" · ".join(part for part in parts if part))


def _gestures(here: Here, health: Health) -> None:
    with st.container(horizontal=True, key="sy-gestes"):
        if health.restored_at is not None and health.settles:
            with st.popover("Confirmer la reprise", icon=":material/verified:", key="sy-confirm-door"):
                st.markdown(
                    f"Le guichet comparera ses fiches, reprises de la copie, à celles de {health.label}, "
                    "puis y écrira de nouveau."
                )
                _button(here, "Oui, écrire de nouveau", "sy-confirm",
                        partial(synchronisation.confirm, remote=health.remote))  # fmt: skip
        if health.paused_at is not None:
            _button(here, "Reprendre", "sy-resume", partial(synchronisation.resume, remote=health.remote),
                    icon=":material/play_arrow:")  # fmt: skip
            return
        _button(here, "Synchroniser maintenant", "sy-wake", synchronisation.wake, icon=":material/sync:")
        with st.popover("Mettre en pause", icon=":material/pause:", key="sy-pause-door"):
            st.text_input("Motif de la pause", key="sy_reason", autocomplete="off")
            _button(here, "Mettre en pause", "sy-pause", partial(_pause, remote=health.remote))


def _pause(visit: Visit, remote: str) -> str:
    said = synchronisation.pause(visit, remote, st.session_state.get("sy_reason") or "")
    st.session_state["sy_reason"] = ""
    return said


def _notices(here: Here, health: Health) -> None:
    if not health.notices:
        return
    st.header(f"À savoir ({len(health.notices)})", divider="gray", anchor=False)
    for notice in health.notices:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{speech.escape(notice.words)}  \n{french.moment(notice.at)}", width="stretch")
            st.button(
                "Lu", key=f"sy-heard-{notice.key}", on_click=_heard, args=(here, health.remote, notice.key),
                help=f"J’ai lu : {notice.words}",
            )  # fmt: skip


def _heard(here: Here, remote: str, key: str) -> None:
    speech.attempt(lambda: synchronisation.heard(here(), remote, key), PLACE)


def _frozen(here: Here, health: Health, table: TableHealth) -> None:
    """Invariant 6: a person says what the rows that disappeared become, after reading how many they are."""
    count, name = table.missing, table.label
    with st.container(border=True, key=f"sy-gel-{table.table}"):
        st.markdown(
            f":orange-badge[:material/ac_unit: Gelée] **{speech.escape(name)}** — "
            f"{speech.escape(table.frozen_why)} Elle n’est plus échangée tant que personne n’a choisi."
        )
        if not health.settles:
            st.markdown("Le directeur la dégèle.")
            return
        rows = _count(count, "ligne", "lignes")
        ways = [
            (Thaw.PUT_BACK, f"Remettre {rows}", f"{rows} de « {name} » seront recréées dans la table."),
            (Thaw.LET_GO, f"Laisser {rows} hors de la table",
             f"{rows} de « {name} » n’y seront plus ; leurs fiches restent au guichet, dans les files."),
        ] if count else [
            (Thaw.LET_GO, "Reprendre les échanges", f"« {name} » sera lue de nouveau au prochain échange."),
        ]  # fmt: skip
        with st.container(horizontal=True):
            for how, words, consequence in ways:
                with st.popover(words, key=f"sy-thaw-door-{table.table}-{how.name}"):
                    st.markdown(speech.escape(consequence))
                    act = partial(synchronisation.thaw, remote=health.remote, table=table.table, how=how)
                    yes = f"Oui, {words[0].lower()}{words[1:]}"
                    _button(here, yes, f"sy-thaw-{table.table}-{how.name}", act)


def _tables(visit: Visit, health: Health) -> None:
    if not health.tables:
        return
    st.header("Par table", divider="gray", anchor=False)
    for table in health.tables:
        parts = [_count(table.rows, "ligne", "lignes") or "aucune ligne"]
        if table.exchanged_at is not None:
            parts.append(f"dernier échange {french.since(table.exchanged_at, visit.at)}")
        parts.append(_count(table.waiting, "en attente", "en attente"))
        parts.append(_count(table.withdrawn, "retirée", "retirées"))
        if table.frozen_at is not None:
            parts.append(f"gelée {french.since(table.frozen_at, visit.at)}")
        paused = "".join(
            f"  \n:material/pause: {speech.escape(column)} : {speech.escape(why)}"
            for column, why in table.paused.items()
        )
        told = " · ".join(part for part in parts if part)
        st.markdown(f"**{speech.escape(table.label)}** — {told}{paused}")


def _button(here: Here, words: str, key: str, act: Callable[[Visit], str], icon: str | None = None) -> None:
    st.button(words, key=key, icon=icon, on_click=_done, args=(here, act))


def _done(here: Here, act: Callable[[Visit], str]) -> None:
    if said := speech.attempt(lambda: act(here()), PLACE):
        speech.confirm(speech.escape(said), PLACE)


def _count(number: int, one: str, many: str) -> str:
    """« 3 litiges »; nothing for none."""
    return f"{french.number(number)} {many if number > 1 else one}" if number else ""

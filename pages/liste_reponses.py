"""The part « Réponses » of Listes mensuelles: what came, what is missing, closings, workbooks taken back."""

from collections.abc import Callable, Sequence
from datetime import datetime

import streamlit as st

from desk import answer_book, closing_pass, french, rnc_standing, taken_back
from desk.closing_pass import Ready
from desk.rnc_standing import Answered, Reply
from desk.taken_back import Given, Judged, Report, Verdict
from desk.visits import Visit
from pages import speech
from policy.towntime import from_town, to_town

Here = Callable[[], Visit]

PLACE = "reponses"
SHOWN = 40  # numbers named at once
CLOSED_AT_ONCE = 50  # files shown at once, to be closed together
MEGABYTES = answer_book.MOST // (1024 * 1024)


def part(here: Here) -> None:
    """What is missing first, since it is what can still be asked for."""
    speech.hear(PLACE)
    _standing(here)
    _closings(here)
    _workbook(here)


def _standing(here: Here) -> None:
    """R-22: by department and by person."""
    found = rnc_standing.standing(here())
    if found is None:
        st.info("Aucune liste RNC n’est encore partie : rien n’est attendu.", icon=":material/event:")
        return
    missing = found.missing
    left = (
        "Aucune réponse ne manque."
        if not missing
        else f"{missing} réponse{'s manquent' if missing > 1 else ' manque'}."
    )
    icon = ":material/hourglass_top:" if found.expected else ":material/hourglass_disabled:"
    st.info(f"{speech.escape(found.sentence)} {left}", icon=icon)
    for department in found.departments:
        _department(department)


def _department(each: Answered) -> None:
    people = ", ".join(each.people) or "aucun Responsable"
    asked = len(each.received) + len(each.missing)
    words = f"{len(each.received)} réponse{'s' if len(each.received) > 1 else ''} sur {asked}"
    st.progress(each.share, text=f"{speech.escape(each.name)} ({speech.escape(people)}) — {words}")
    if not (each.received or each.missing):
        return
    with st.expander(f"{speech.escape(each.name)} : le détail", key=f"li-detail-{each.id}"):
        if each.missing:
            numbers = " · ".join(_link(number) for number in each.missing[:SHOWN])
            more = f" et {len(each.missing) - SHOWN} autres" if len(each.missing) > SHOWN else ""
            st.markdown(f"**Sans réponse** : {numbers}{more}")
        if each.received:
            st.markdown("**Reçues**\n\n" + "\n".join(f"- {_reply(reply)}" for reply in each.received))


def _reply(reply: Reply) -> str:
    by = f"par {reply.by}" if reply.by else ""
    whose = f"au nom de {reply.in_name_of}, {by}" if reply.in_name_of else by
    words = f" « {reply.words} »" if reply.words else ""
    said = f"{reply.answer.value}{words}, {whose}, le {french.moment(reply.at)}"
    return f"{_link(reply.number)} — {speech.escape(said)}"


def _link(number: str) -> str:
    return f"[{number}](/dossier?numero={number})"


def _closings(here: Here) -> None:
    """P §4.1: what was answered « complétée », closed in one gesture; what lacks an item says which."""
    found = closing_pass.ready(here())
    if not found:
        return
    st.header("À fermer", divider="gray", anchor=False)
    st.markdown(
        "Répondus « Complétée » et remis au service aux citoyens. Ceux qui sont cochés se ferment ensemble ; "
        "le texte destiné au demandeur, s’il y en a un, lui est transmis."
    )
    whole = [each for each in found if not each.missing][:CLOSED_AT_ONCE]
    for each in whole:
        st.checkbox(
            f"**{each.number}** — {speech.escape(each.department)} — {_items(each)}", value=True,
            key=_box(each),
        )  # fmt: skip
    chosen = [each for each in whole if st.session_state.get(_box(each))]
    if whole:
        many = len(chosen) > 1
        st.button(
            f"Fermer {len(chosen)} dossier{'s' if many else ''}" if chosen else "Fermer",
            key="li-close", type="primary", icon=":material/inventory:", on_click=_close, args=(here, chosen),
        )  # fmt: skip
    for each in (one for one in found if one.missing):
        grounds = "\n".join(f"- {speech.ground(ground)}" for ground in each.missing)
        st.warning(
            f"{_link(each.number)} — {speech.escape(each.department)} : il lui manque\n\n{grounds}",
            icon=":material/rule:",
        )


def _items(each: Ready) -> str:
    code = f"{each.code} (proposé)" if each.assumed else each.code
    done = f"fait le {french.day(each.done_on)}" if each.done_on else ""
    told = [code, done, f"poste {each.extension}", f"note : {_short(each.note)}"]
    if each.citizen_text:
        told.append(f"au demandeur : {_short(each.citizen_text)}")
    return speech.escape(" ; ".join(part for part in told if part))


def _short(text: str, longest: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[:longest]}…"


def _box(each: Ready) -> str:
    return f"li_close_{each.id}_{each.version}"


def _close(here: Here, chosen: Sequence[Ready]) -> None:
    if not chosen:
        speech.confirm("Rien n’est coché : rien n’est fermé.", PLACE)
        return
    numbers = {each.id: each.number for each in chosen}
    done = speech.attempt(
        lambda: closing_pass.close(here(), {each.id: each.version for each in chosen}), PLACE
    )
    if done is None:
        return
    closed = [outcome for outcome in done if outcome.done]
    lines = [speech.escape(outcome.message) for outcome in closed]
    lines += [
        f"**{numbers[outcome.id]} n’est pas fermé** : {' '.join(map(speech.ground, outcome.grounds))}"
        for outcome in done
        if not outcome.done
    ]
    head = f"{len(closed)} dossier{'s fermés' if len(closed) > 1 else ' fermé'} sur {len(done)}."
    speech.confirm(head + "\n\n" + "\n".join(f"- {line}" for line in lines), PLACE)


def _workbook(here: Here) -> None:
    """R-22: the workbook of the list taken back: brought, checked and shown, then recorded."""
    st.header("Reprendre un classeur", divider="gray", anchor=False)
    opened = taken_back.open_list(here())
    if opened is None:
        st.markdown("Le classeur qui accompagne la liste se reprend ici une fois la liste partie.")
        return
    st.markdown(
        f"Un Responsable a répondu dans le classeur {opened.month.of_words} : déposez-le ici. Chaque ligne "
        "est vérifiée comme dans la file du service et montrée avant que quoi que ce soit soit inscrit."
    )
    brought = st.file_uploader(
        "Classeur (.xlsx)", type=["xlsx"], key=f"li_book_{_turn()}", max_upload_size=MEGABYTES
    )
    wall = to_town(here().at)
    who_at, day_at, hour_at = st.columns([3, 2, 1])
    with who_at:
        person = st.selectbox(
            "Au nom de", opened.people, index=None, key="li_in_name_of", placeholder="Qui a répondu ?",
            format_func=lambda each: f"{each.name} ({each.address})",
        )  # fmt: skip
    with day_at:
        st.session_state.setdefault("li_received_on", wall.date())
        day = st.date_input("Reçu le", value=None, key="li_received_on", format="YYYY-MM-DD")
    with hour_at:
        st.session_state.setdefault("li_received_at", wall.time().replace(second=0, microsecond=0))
        hour = st.time_input("à", value=None, key="li_received_at", step=60)
    if brought is not None and day and hour:
        received = min(from_town(datetime.combine(day, hour)), here().at)
        given = Given(brought.name, brought.getvalue(), person.mail if person else "", received)
        st.button(
            "Vérifier le classeur", key="li-check", icon=":material/fact_check:", on_click=_check,
            args=(here, given),
        )  # fmt: skip
    held: tuple[Given, Report] | None = st.session_state.get("li_report")
    if held is not None:
        _report(here, *held)


def _check(here: Here, given: Given) -> None:
    st.session_state.pop("li_stale", None)  # what was chosen of another reading
    report = speech.attempt(lambda: taken_back.check(here(), given), PLACE)
    if report is None:
        st.session_state.pop("li_report", None)
    else:
        st.session_state["li_report"] = (given, report)


def _report(here: Here, given: Given, report: Report) -> None:
    """What would be recorded, what is stale, what is refused and why; nothing is written yet."""
    with st.container(border=True, key="li-report"):
        st.subheader(f"Classeur de {speech.escape(report.person)}, {report.month.words}", anchor=False)
        for remark in report.remarks:
            st.markdown(f":material/info: {speech.escape(remark)}")
        ready = report.having(Verdict.READY)
        _lines("Seront enregistrées", ":material/task_alt:", ready)
        stale = report.having(Verdict.STALE)
        _lines("Périmées : le dossier a changé depuis la liste", ":material/update:", stale)
        chosen: list[Judged] = []
        if stale:
            chosen = st.multiselect(
                "Enregistrer quand même", stale, key="li_stale", format_func=lambda line: line.number,
                placeholder="Aucune", help="La réponse du classeur s’ajoute à ce qui a changé depuis.",
            )  # fmt: skip
        _lines("Refusées", ":material/block:", report.having(Verdict.REFUSED))
        _lines("Déjà enregistrées", ":material/done_all:", report.having(Verdict.KNOWN))
        if blank := len(report.having(Verdict.BLANK)):
            st.markdown(f":material/remove: {blank} ligne{'s' if blank > 1 else ''} sans réponse.")
        wanted = len(ready) + len(chosen)
        with st.container(horizontal=True):
            if wanted:
                st.button(
                    f"Enregistrer {wanted} réponse{'s' if wanted > 1 else ''}", key="li-record",
                    type="primary", icon=":material/save:", on_click=_record, args=(here, given, chosen),
                )  # fmt: skip
            st.button("Mettre de côté", key="li-aside", on_click=_aside)


def _lines(title: str, icon: str, lines: Sequence[Judged]) -> None:
    if lines:
        told = "\n".join(f"- {_judged(line)}" for line in lines)
        st.markdown(f"{icon} **{title} ({len(lines)})**\n\n{told}")


def _judged(line: Judged) -> str:
    name = _link(line.number) if line.number else f"ligne {line.at}"
    parts = [f"**{name}** {speech.escape(line.answer)}"]
    if line.cells:
        parts.append(speech.escape(" ; ".join(line.cells)))
    if line.told and line.verdict is Verdict.READY:
        parts.append(f"*sera* {speech.escape(line.told)}")
    parts += [speech.ground(ground) for ground in line.grounds]
    parts += [f"*depuis la liste* : {speech.escape(each)}" for each in line.since]
    parts += [speech.escape(each) for each in line.remarks]
    return " — ".join(parts)


def _record(here: Here, given: Given, stale: Sequence[Judged]) -> None:
    seen = {line.number: line.version for line in stale}
    report = speech.attempt(lambda: taken_back.record(here(), given, seen), PLACE)
    if report is None:
        return
    done = report.recorded
    _aside()
    st.session_state["li_turn"] = _turn() + 1
    head = f"{done} réponse{'s enregistrées' if done > 1 else ' enregistrée'} au nom de {report.person}."
    left = [line for line in report.having(Verdict.STALE, Verdict.REFUSED) if not line.recorded]
    rest = "\n".join(f"- {_judged(line)}" for line in left)
    after = f"\n\nLaissées de côté :\n\n{rest}" if left else ""
    speech.confirm(f"{speech.escape(head)}{after}", PLACE)


def _aside() -> None:
    for key in ("li_report", "li_stale", "li_received_on", "li_received_at"):
        st.session_state.pop(key, None)


def _turn() -> int:
    return int(st.session_state.get("li_turn", 0))

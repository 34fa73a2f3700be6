"""À l'écoute, the survey: the answers received, and how they are brought in (R-19)."""

from collections.abc import Callable

import streamlit as st

from desk import drafts, french, survey_answers
from desk.survey_answers import DRAFT, TYPED, Brought, Judged, Report, Survey, Told
from desk.visits import Visit
from pages import speech
from policy.reasons import Refused

Here = Callable[[], Visit]

PLACE = "ecoute-sondage"
TEXT, TURN = "ec_text", "ec_turn"
MEGABYTES = 5
MOST_SHOWN = 20  # lines of a paste that cannot be entered


def part(here: Here) -> None:
    """What is asked of whom, the answers to bring in, those received."""
    found = survey_answers.told(here())
    st.header("Sondage de satisfaction", divider="gray", anchor=False)
    _form(found)
    if found.brings:
        _bring(here)
    _answers(here, found)


def _form(found: Survey) -> None:
    if found.form:
        st.markdown(
            "L’avis de fermeture d’une requête invite la personne à remplir le formulaire de la ville, le "
            f"numéro de son dossier déjà inscrit : `{found.form}`"
        )
        return
    where = " Le directeur l’inscrit dans [Tableaux](/tableaux), Règles de la ville." if found.settles else ""
    st.info(f"La ville n’a pas donné l’adresse de son sondage : personne n’y est invité.{where}",
            icon=":material/link_off:")  # fmt: skip


def _bring(here: Here) -> None:
    speech.hear(PLACE)
    with st.expander("Inscrire des réponses", expanded=bool(st.session_state.get(TEXT))):
        st.markdown(
            "Une ligne par réponse : numéro du dossier, date, satisfaction de 1 à 5, commentaire. Collez-les "
            "d’un tableur, tapez-les séparées de points-virgules, ou déposez l’exportation du formulaire."
        )
        if TEXT not in st.session_state:
            kept = drafts.recall(here(), DRAFT).get(TYPED)
            st.session_state[TEXT] = kept.value if kept else ""
        st.text_area(
            "Réponses à inscrire", key=TEXT, height=140, on_change=_keep, args=(here,),
            placeholder="2026-00042 ; 2026-11-20 ; 4 ; Réponse rapide, merci",
        )  # fmt: skip
        brought = st.file_uploader(
            "Ou un fichier (.csv, .xlsx)", type=["csv", "xlsx"], max_upload_size=MEGABYTES,
            key=f"ec_file_{st.session_state.get(TURN, 0)}",
        )  # fmt: skip
        try:
            lines = (
                survey_answers.in_file(brought.name, brought.getvalue())
                if brought is not None
                else survey_answers.typed(st.session_state[TEXT])
            )
            report = survey_answers.check(here(), lines)
        except Refused as refusal:
            speech.say(refusal)
            return
        _report(here, lines, report, pasted=brought is None)


def _report(here: Here, lines: Brought, report: Report, pasted: bool) -> None:
    """What would become of each line, before anything is written."""
    if not report.lines:
        return
    told = [f"{_lines(len(report.good))} à inscrire"]
    if report.already:
        told.append(f"{french.number(report.already)} déjà inscrite{'s' if report.already > 1 else ''}")
    if report.wrong:
        told.append(f"{french.number(len(report.wrong))} à corriger")
    st.markdown(f"**{', '.join(told)}.**")
    if report.wrong:
        st.markdown("\n".join(f"- {_wrong(each)}" for each in report.wrong[:MOST_SHOWN]))
        if len(report.wrong) > MOST_SHOWN:
            st.markdown(f"et {french.number(len(report.wrong) - MOST_SHOWN)} de plus.")
    st.button(
        f"Inscrire {_lines(len(report.good))}", key="ec-enter", type="primary", icon=":material/save:",
        disabled=not report.good, on_click=_enter,
        args=(here, lines, pasted),
    )  # fmt: skip


def _wrong(each: Judged) -> str:
    why = " ".join(speech.ground(ground) for ground in each.grounds)
    number = f" ({speech.escape(each.number)})" if each.number else ""
    return f"Ligne {each.line}{number} : {why}"


def _lines(count: int) -> str:
    return f"{french.number(count)} réponse{'s' if count > 1 else ''}"


def _enter(here: Here, lines: Brought, pasted: bool) -> None:
    report = speech.attempt(lambda: survey_answers.record(here(), lines, pasted), PLACE)
    if report is None:
        return
    done = len(report.good)
    message = f"{_lines(done)} inscrite{'s' if done > 1 else ''}."
    if report.wrong:
        message += f" {_lines(len(report.wrong))} à corriger : elles restent ici."
    elif pasted:
        st.session_state[TEXT] = ""
    else:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    speech.confirm(message, PLACE)


def _keep(here: Here) -> None:
    text = st.session_state[TEXT]
    speech.attempt(lambda: drafts.keep_all(here(), DRAFT, {TYPED: text}, {TYPED: ""}), PLACE)


def _answers(here: Here, found: Survey) -> None:
    if not found.total:
        st.info("Aucune réponse encore.", icon=":material/reviews:")
        return
    st.markdown(
        f"{_lines(found.total)} en tout. La moyenne par mois, service et catégorie : [Mesures](/mesures)."
    )
    for each in found.latest:
        with st.container(border=True):
            st.markdown(_told(each))
            if each.words:
                st.text(each.words)
            if found.brings:
                st.button(
                    "Retirer", key=f"ec-remove-{each.id}", type="tertiary", on_click=_remove,
                    args=(here, each.id), help="Une réponse inscrite par erreur.",
                )  # fmt: skip
    if found.total > len(found.latest):
        st.markdown(f"Les {len(found.latest)} dernières, sur {french.number(found.total)}.")


def _told(each: Told) -> str:
    about = " · ".join(speech.escape(part) for part in (each.department, each.category) if part)
    link = f" — dossier [{each.number}](/dossier?numero={each.number})" if each.number else ""
    return f"**{each.satisfaction} sur 5**, {french.day(each.received_on)} — {about}{link}"


def _remove(here: Here, answer: str) -> None:
    speech.attempt(lambda: survey_answers.remove(here(), answer), PLACE)

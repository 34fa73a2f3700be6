"""The columns of a register and the fields of a demand: proposed, changed by a person, kept at once."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from desk import import_fields, import_views, imports
from desk.import_fields import REQUIRED, Profile
from desk.import_views import Match, View
from desk.visits import Visit
from pages import importer_rapport, speech

Here = Callable[[], Visit]

NOT_READ = "Ne pas lire"
NOTHING = "(laisser vide)"
UNSAID = "À dire"
ORDERS = {True: "jour/mois/année", False: "mois/jour/année"}
LONGEST = 60  # signs of a value shown


def show(here: Here, view: View, place: str) -> None:
    """What the file is, its columns, its words, its first rows as they would be; then the check."""
    if view.row["remembered"]:
        st.info(
            "Un fichier avec les mêmes en-têtes est déjà venu : son association est reprise.",
            icon=":material/history:",
        )
    source(here, view, place)
    st.header("Colonnes", divider="gray", anchor=False)
    fields = {column.name: column.label for column in import_fields.columns()}
    for at, header in enumerate(view.headers):
        _column(here, view, place, at, header, fields)
    _register(here, view, place)
    _preview(here, view)
    with st.container(horizontal=True):
        st.button(
            "Vérifier toutes les lignes", key="im-check", type="primary", icon=":material/fact_check:",
            on_click=lambda: speech.attempt(lambda: imports.check(here(), view.id), place),
        )  # fmt: skip
        importer_rapport.give_up(here, view, place)


def source(here: Here, view: View, place: str) -> None:
    """Which sheet, and on which line its headers stand."""
    sheets = view.row["sheets"] or []
    left, right = st.columns(2)
    if len(sheets) > 1:
        key = _laid(f"im_sheet_{view.id}", view.row["sheet"])
        left.selectbox("Feuille", sheets, key=key, on_change=_read_again, args=(here, view, place, key, ""))
    line = _laid(f"im_line_{view.id}", view.row["header_line"] or 1)
    right.number_input(
        "Ligne des en-têtes", min_value=1, max_value=1_000, key=line,
        help="La ligne du fichier où sont les titres des colonnes.",
        on_change=_read_again, args=(here, view, place, "", line),
    )  # fmt: skip


def _read_again(here: Here, view: View, place: str, sheet: str, line: str) -> None:
    chosen = st.session_state.get(sheet) if sheet else None
    header = st.session_state.get(line) if line else None
    speech.attempt(lambda: imports.read_again(here(), view.id, chosen, header), place)


def _column(here: Here, view: View, place: str, at: int, header: str, fields: Mapping[str, str]) -> None:
    match = view.match(header)
    profile = view.profiles[header]
    chosen = match.column.name if match else ""
    with st.container(border=True, gap="small", key=f"im-column-{at}"):
        left, right = st.columns([1, 1], vertical_alignment="center")
        left.markdown(f"**{speech.escape(header)}**  \n{_samples(profile)}")
        key = _laid(f"im_col_{view.id}_{at}", chosen)
        right.selectbox(
            f"Ce que dit « {header} »", ["", *fields], key=key, label_visibility="collapsed",
            format_func=lambda name: fields.get(name, NOT_READ), on_change=_assign,
            args=(here, view, place, header, key),
        )  # fmt: skip
        if match is None:
            return
        if match.day_first is not None and import_fields.is_ambiguous(profile):
            _order(here, view, place, at, match)
        if match.meanings:
            _words(here, view, place, at, match, profile)


def _assign(here: Here, view: View, place: str, header: str, key: str) -> None:
    name = st.session_state.get(key) or ""
    speech.attempt(lambda: imports.assign(here(), view.id, header, name), place)


def _order(here: Here, view: View, place: str, at: int, match: Match) -> None:
    key = _laid(f"im_order_{view.id}_{at}", match.day_first)
    st.radio(
        f"Les dates de « {match.header} » s’écrivent", list(ORDERS), key=key, horizontal=True,
        format_func=ORDERS.__getitem__, on_change=_ordered, args=(here, view, place, match.header, key),
    )  # fmt: skip


def _ordered(here: Here, view: View, place: str, header: str, key: str) -> None:
    first = bool(st.session_state.get(key))
    speech.attempt(lambda: imports.order(here(), view.id, header, first), place)


def _words(here: Here, view: View, place: str, at: int, match: Match, profile: Profile) -> None:
    unknown = match.unknown
    if profile.many:
        st.warning(
            f"Plus de {import_fields.MOST_WORDS} mots différents : « {speech.escape(match.header)} » n’est "
            f"sans doute pas « {speech.escape(match.column.label)} ».",
            icon=":material/warning:",
        )
    head = f"{len(match.meanings)} mots" if len(match.meanings) > 1 else "1 mot"
    if unknown:
        head += f", dont {len(unknown)} à dire"
    offered = import_views.words(here(), match.column.name)
    with st.expander(head, expanded=bool(unknown) and not profile.many, icon=":material/translate:"):
        for rank, (word, ours) in enumerate(match.meanings.items()):
            key = _laid(f"im_word_{view.id}_{at}_{rank}", ours)
            st.selectbox(
                _short(word), ["", *offered], key=key, index=None, placeholder=UNSAID,
                format_func=lambda name: name or NOTHING, on_change=_mean,
                args=(here, view, place, match.header, word, key),
            )  # fmt: skip


def _mean(here: Here, view: View, place: str, header: str, word: str, key: str) -> None:
    ours = st.session_state.get(key)
    speech.attempt(lambda: imports.mean(here(), view.id, header, word, ours), place)


def _register(here: Here, view: View, place: str) -> None:
    key = _laid(f"im_register_{view.id}", (view.row["matching"] or {}).get("register", ""))
    st.text_input(
        "Nom du registre (facultatif)", key=key, max_chars=40, autocomplete="off",
        help="Mis devant les numéros d’origine. Utile quand ils recommencent à 1 chaque année : « 2023 ».",
        on_change=_named, args=(here, view, place, key),
    )  # fmt: skip


def _named(here: Here, view: View, place: str, key: str) -> None:
    name = st.session_state.get(key) or ""
    speech.attempt(lambda: imports.name_register(here(), view.id, name), place)


def _preview(here: Here, view: View) -> None:
    st.header("Les premières lignes, telles qu’elles seraient", divider="gray", anchor=False)
    if all(match.column.name != REQUIRED for match in view.matches):
        st.info("Dites d’abord quelle colonne est « Reçue le ».", icon=":material/event:")
        return
    rows: list[dict[str, Any]] = []
    for each in import_views.preview(here(), view.id):
        why = f"Déjà là : {each.known}" if each.known else " ".join(wrong.why for wrong in each.wrong)
        rows.append({"Ligne": each.line, "Verdict": why or "Convient", **each.told})
    st.dataframe(rows, hide_index=True, key="im-preview")


def _samples(profile: Profile) -> str:
    if not profile.words:
        return "*(vide)*"
    return speech.escape(" · ".join(_short(word) for word in profile.samples))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def _laid(key: str, value: Any) -> str:
    """What the server keeps stands in the field; what is being chosen meanwhile is not written over."""
    if st.session_state.get(key, ...) != value:
        st.session_state[key] = value
    return key

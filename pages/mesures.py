"""Mesures: what was received, done and how fast, this period beside the last, and the files behind (R-64)."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import streamlit as st

from desk import measures, measures_words
from desk.measures import MINE, NONE, Board, Line
from desk.measures_words import ALL, BEHIND, Measure
from desk.visits import Visit
from pages import mesures_graphiques as charts
from pages import speech
from policy.months import Month
from policy.reasons import Refused
from policy.towntime import town_day

Here = Callable[[], Visit]

FILTERS = ("par", "mois", "service", "categorie", "secteur", "elu")
LAST, BEFORE = "", "avant"
GRAINS = {"mois": "Par mois", "saison": "Par saison"}
MONTHS = 36  # offered to look at


def screen(here: Here) -> None:
    """The filters, this period beside the last, the charts, then department by department."""
    st.title("Mesures")
    visit = here()
    address = {name: value for name in FILTERS if (value := st.query_params.get(name, ""))}
    what = measures.asked(address, town_day(visit.at))
    try:
        found = measures.board(visit, what)
    except Refused as refusal:
        st.error("\n\n".join(speech.ground(one) for one in refusal.grounds), icon=":material/block:")
        st.button("Voir toute la ville", key="me-whole", on_click=st.query_params.clear)
        return
    _filters(here, found, address)
    _printed(address)
    if found.mine and not address.get("elu"):
        _forwarded(found, address)
    if not any(one.counts for one in found.whole):
        st.info("Rien à mesurer pour ces filtres : aucune demande reçue, ouverte ou fermée en un an.",
                icon=":material/query_stats:")  # fmt: skip
        return
    with st.container():  # what was followed comes first: it is what one came for
        _behind(here, found)
    _compared(found, address)
    _charts(found, address)
    _watched(found)
    _lines(found, address, "Par service", "Service", "service", found.departments)
    _lines(found, address, "Par catégorie", "Catégorie", "categorie", found.categories)
    if any(line.id != NONE for line in found.sectors):
        _lines(found, address, "Par secteur", "Secteur", "secteur", found.sectors)
    if found.members:
        _lines(found, address, "Transmises par un élu", "Élu", "elu", found.members)


def _filters(here: Here, found: Board, address: Mapping[str, str]) -> None:
    """They live in the address: a link to them can be mailed."""
    present = measures.asked({}, town_day(here().at)).month
    months = [present]
    while len(months) < MONTHS:
        months.append(months[-1].previous)
    months_words = {str(month): month.words.capitalize() for month in months}
    months_words.setdefault(str(found.asked.month), found.asked.month.words.capitalize())
    grain, month, service = st.columns([2, 2, 3], vertical_alignment="bottom")
    with grain:
        _held("par", found.asked.grain.value)
        st.segmented_control(
            "Période", list(GRAINS), key="me_par", format_func=GRAINS.__getitem__, required=True,
            on_change=_asks, args=("par",),
        )  # fmt: skip
    with month:
        _choice("mois", "Mois regardé", months_words, str(found.asked.month))
    with service:
        _choice("service", "Service", {"": "Tous les services", **found.services}, address.get("service", ""))
    kind, place, member = st.columns(3)
    with kind:
        words = {"": "Toutes les catégories", **found.kinds}
        _choice("categorie", "Catégorie", words, address.get("categorie", ""))
    with place:
        words = {"": "Tous les secteurs", **found.places}
        _choice("secteur", "Secteur", words, address.get("secteur", ""))
    with member:
        words = {"": "Par qui que ce soit", **({MINE: "Par moi"} if found.mine else {}), **found.council}
        _choice("elu", "Transmises", words, address.get("elu", ""))


def _choice(name: str, label: str, words: dict[str, str], value: str) -> None:
    words.setdefault(value, "Inconnu")
    _held(name, value)
    st.selectbox(label, list(words), key=f"me_{name}", format_func=lambda one: words.get(one, one),
                 on_change=_asks, args=(name,))  # fmt: skip


def _held(name: str, value: str) -> None:
    if st.session_state.get(f"me_{name}") != value:
        st.session_state[f"me_{name}"] = value


def _asks(name: str) -> None:
    """Write the filter just changed in the address; the files behind the old number go away."""
    value = st.session_state.get(f"me_{name}") or ""
    st.query_params.pop("derriere", None)
    st.query_params.pop("quand", None)
    if value:
        st.query_params[name] = value
    else:
        st.query_params.pop(name, None)


def _printed(address: Mapping[str, str]) -> None:
    asked = urlencode(address)
    with st.container(horizontal=True):
        st.link_button("Imprimer", f"/telecharger/mesures.pdf?{asked}", icon=":material/print:")
        st.link_button("Excel", f"/telecharger/mesures.xlsx?{asked}", icon=":material/download:")


def _forwarded(found: Board, address: Mapping[str, str]) -> None:
    """R-62: for a member of council, what he or she forwarded."""
    now, before = found.periods[-1].words, found.periods[-2].words
    with st.container(border=True):
        st.subheader("Ce que vous avez transmis", anchor=False)
        if not any(one.counts for one in found.mine):
            st.markdown("Aucune demande transmise par vous n’a été reçue, ouverte ou fermée en un an.")
            return
        rows = [[each.label, each.words(found.mine[-1]), each.words(found.mine[-2])] for each in ALL]
        charts.table(["Mesure", now.capitalize(), before.capitalize()], rows)
        st.markdown(f"[D’une période à l’autre]({_link({**address, 'elu': MINE})})")


def _compared(found: Board, address: Mapping[str, str]) -> None:
    """This period beside the one before; each number opens its files for who may see them."""
    now, before = found.periods[-1].words, found.periods[-2].words
    st.header(f"{now.capitalize()} et {before}", divider="gray", anchor=False)
    early = " Cette période n’est pas finie." if found.ends_early else ""
    st.markdown(f"{speech.escape(measures_words.filters_words(found))}.{early}")
    rows = [
        [
            each.label,
            _number(found, address, each, LAST),
            _number(found, address, each, BEFORE),
        ]
        for each in ALL
    ]
    charts.table(["Mesure", now.capitalize(), before.capitalize()], rows)
    st.markdown(
        "Requêtes, informations et commentaires, sans les doublons. Les plaintes, les réclamations et les "
        "demandes d’accès ne sont comptées nulle part ici. Délais en jours ouvrés, de la réception à la fin "
        "du travail."
    )


def _number(found: Board, address: Mapping[str, str], measure: Measure, when: str) -> str:
    one = found.before if when else found.now
    asked = {**address, **({"quand": when} if when else {})}
    count = measure.behind(one)
    cell = _cell(found, asked, measure, measure.told(one))
    if measure.opens is None or BEHIND[measure.opens] == measure.label or not found.opens or not count:
        return cell
    label = BEHIND[measure.opens]
    link = _link({**asked, "derriere": measure.opens.value})
    return f"{cell} — [{label.lower()} : {speech.number(count)}]({link})"


def _cell(found: Board, asked: Mapping[str, str], measure: Measure, told: tuple[str, int]) -> str:
    """A figure; where it is itself a number of files, it opens them, for who may see them."""
    words, behind = speech.escape(told[0]), told[1]
    if not found.opens or not measure.opens or BEHIND[measure.opens] != measure.label or not behind:
        return words
    return f"[{words}]({_link({**asked, 'derriere': measure.opens.value})})"


def _link(asked: Mapping[str, str]) -> str:
    return f"/mesures?{urlencode(asked)}" if asked else "/mesures"


def _behind(here: Here, found: Board) -> None:
    """The files behind the number that was followed."""
    asked = {count.value: count for count in BEHIND}.get(st.query_params.get("derriere", ""))
    if asked is None or not found.opens:
        return
    before = st.query_params.get("quand", "") == BEFORE
    period = found.periods[-2 if before else -1].words
    files = measures.behind(here(), found.asked, asked, before)
    with st.container(border=True, key="me-derriere"):
        st.subheader(f"{BEHIND[asked]}, {period} : {speech.number(files.total)}", anchor=False)
        if not files.total:
            st.markdown("Aucun dossier.")
        st.markdown(" · ".join(f"[{number}](/dossier?numero={number})" for number in files.numbers))
        if files.total > len(files.numbers):
            st.markdown(f"Les {len(files.numbers)} premiers ; resserrez les filtres pour voir les autres.")
        st.button("Fermer", key="me-close", icon=":material/close:", on_click=_close)


def _close() -> None:
    st.query_params.pop("derriere", None)
    st.query_params.pop("quand", None)


def _charts(found: Board, address: Mapping[str, str]) -> None:
    words = measures_words

    def cell(measure: Measure, at: int) -> str:
        month = Month.of(found.periods[at].last)
        return _cell(found, {**address, "mois": str(month)}, measure, measure.told(found.whole[at]))

    st.header("D’une période à l’autre", divider="gray", anchor=False)
    st.subheader("Demandes", anchor=False)
    charts.through_time(
        found, (words.RECEIVED, words.COMPLETED, words.OPEN), "Demandes reçues, complétées, ouvertes", cell
    )
    st.subheader("Délais, en jours ouvrés", anchor=False)
    charts.through_time(found, (words.MEDIAN, words.NINETIETH), "Délais", cell)
    st.subheader("Engagements tenus", anchor=False)
    charts.through_time(
        found, (words.WITHIN, words.TOLD, words.ANSWERED), "Engagements tenus", cell, part=True
    )
    st.subheader("Réglées au premier contact", anchor=False)
    charts.through_time(found, (words.FIRST,), "Réglées au premier contact", cell, part=True)
    if any(one.answers for one in found.whole):
        st.subheader("Satisfaction, de 1 à 5", anchor=False)
        charts.through_time(found, (words.SATISFIED,), "Satisfaction", cell)


def _watched(found: Board) -> None:
    """R-19: what was seen on social networks; of the whole town, whatever the filters."""
    if not any(seen for seen, _ in found.watched):
        return
    st.header("Veille des réseaux sociaux", divider="gray", anchor=False)
    told = [
        f"{period.words.capitalize()} : **{speech.number(seen)}** à la veille, dont {speech.number(became)} "
        f"devenue{'s' if became > 1 else ''} une demande."
        if seen
        else f"{period.words.capitalize()} : rien de noté."
        for period, (seen, became) in zip(found.periods[:-3:-1], found.watched[:-3:-1], strict=True)
    ]
    st.markdown(f"{' '.join(told)} Toute la ville, sans les filtres.")
    charts.as_table(measures_words.WATCHED, measures_words.watched(found), "Veille des réseaux sociaux")


def _lines(
    found: Board, address: Mapping[str, str], title: str, column: str, filter: str, lines: tuple[Line, ...]
) -> None:
    """A part of the town a line: what was received, as bars, then every measure."""
    st.header(title, divider="gray", anchor=False)
    if not lines:
        st.markdown("Rien à mesurer dans ces deux périodes.")
        return
    received = measures_words.RECEIVED
    charts.side_by_side(found, lines, received, f"{title} : reçues")
    with st.expander(f"Toutes les mesures, {title.lower()}, {found.periods[-1].words}"):
        rows = [
            [
                _name(line, address, filter),
                *(_cell(found, {**address, filter: line.id}, each, each.told(line.now)) for each in ALL),
                _cell(
                    found, {**address, filter: line.id, "quand": BEFORE}, received, received.told(line.before)
                ),
            ]
            for line in lines
        ]
        before = f"Reçues, {found.periods[-2].words}"
        charts.table([column, *(each.label for each in ALL), before], rows)


def _name(line: Line, address: Mapping[str, str], filter: str) -> str:
    return f"[{speech.escape(line.name)}]({_link({**address, filter: line.id})})"

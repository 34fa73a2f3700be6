"""The charts of Mesures: told by shape and dash as well as colour, each with its table beneath."""

from collections.abc import Callable, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from desk.measures import Board, Line
from desk.measures_words import Measure
from pages import speech

Cell = Callable[[Measure, int], str]  # the figure of a period, by its rank, as Markdown

FRENCH = {
    "number": {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", "\u00a0$"],
        "percent": "\u00a0%",
    }
}
INK = {"labelColor": "currentColor"}  # of the text around, light or dark
SAID: dict[str, Any] = {
    "locale": FRENCH,
    "aria": False,  # its axes would be told in English: the table says the same
    "axis": INK,
    "legend": INK,
}
SHAPES = ["circle", "square", "triangle-up"]
DASHES = [[1, 0], [6, 4], [2, 3]]
HEIGHT = 300
LEGEND = 26  # pixels of each of its lines, taken from the height of the chart
BAR = 26  # pixels of a department's two bars
MOST_BARS = 25


def through_time(
    found: Board, measures: Sequence[Measure], title: str, cell: Cell, part: bool = False
) -> None:
    """These measures, period after period; ``cell`` says each in the table; ``part``: as shares."""
    names = [period.words for period in found.periods]
    frame = pd.DataFrame(
        [
            (name, each.label, float(figure), each.words(one))
            for name, one in zip(names, found.whole, strict=True)
            for each in measures
            if (figure := each.figure(one)) is not None
        ],
        columns=["period", "measure", "figure", "words"],
    )
    if frame.empty or not frame["figure"].any():
        st.markdown("Rien à tracer pour ces filtres.")
        return
    labels = [each.label for each in measures]
    several = len(labels) > 1
    legend = (
        alt.Legend(title=None, orient="top", labelLimit=0, columns=1, symbolStrokeWidth=0)
        if several
        else None
    )
    scale = alt.Scale(domain=[0, 1]) if part else alt.Scale(zero=True, nice=True)
    axis = alt.Axis(format="%" if part else "~f", title=None, tickCount=5, tickMinStep=0 if part else 1)
    chart = (
        alt.Chart(frame)
        .mark_line(point=alt.OverlayMarkDef(size=70, filled=True, aria=False), strokeWidth=2, aria=False)
        .encode(
            x=alt.X("period:N", sort=names, title=None, scale=alt.Scale(domain=names),
                    axis=alt.Axis(labelAngle=-40, labelLimit=160)),
            y=alt.Y("figure:Q", scale=scale, axis=axis),
            color=alt.Color("measure:N", sort=labels, legend=legend),
            shape=alt.Shape("measure:N", sort=labels, scale=alt.Scale(range=SHAPES), legend=legend),
            strokeDash=alt.StrokeDash("measure:N", sort=labels, scale=alt.Scale(range=DASHES), legend=None),
            tooltip=[alt.Tooltip("period:N", title="Période"), alt.Tooltip("measure:N", title="Mesure"),
                     alt.Tooltip("words:N", title="Valeur")],
        )
        .properties(height=HEIGHT + LEGEND * len(labels))
        .configure(**SAID)
    )  # fmt: skip
    st.altair_chart(chart, width="stretch", alt=f"{title}. Les mêmes chiffres sont dans le tableau qui suit.")
    rows = [
        [speech.escape(names[at]), *(cell(each, at) for each in measures)]
        for at in reversed(range(len(names)))
    ]
    as_table(["Période", *labels], rows, title)


def side_by_side(found: Board, lines: Sequence[Line], measure: Measure, title: str) -> None:
    """One measure of each line, this period beside the one before; the largest first."""
    now, before = found.periods[-1].words, found.periods[-2].words
    largest = sorted(lines, key=lambda line: -max(_figure(measure, line)))[:MOST_BARS]
    frame = pd.DataFrame(
        [
            (line.name, words, figure)
            for line in largest
            for words, figure in zip((now, before), _figure(measure, line), strict=True)
        ],
        columns=["line", "period", "figure"],
    )
    if frame.empty or not frame["figure"].any():
        return
    names = [line.name for line in largest]
    legend = alt.Legend(title=None, orient="top", columns=1)
    chart = (
        alt.Chart(frame)
        .mark_bar(strokeWidth=1, aria=False)
        .encode(
            y=alt.Y("line:N", sort=names, title=None, axis=alt.Axis(labelLimit=190)),
            yOffset=alt.YOffset("period:N", sort=[now, before]),
            x=alt.X("figure:Q", title=None, axis=alt.Axis(format="~f", tickCount=8, tickMinStep=1)),
            color=alt.Color("period:N", sort=[now, before], legend=legend),
            stroke=alt.Stroke("period:N", sort=[now, before], legend=None),
            fillOpacity=alt.FillOpacity(
                "period:N", scale=alt.Scale(domain=[now, before], range=[1, 0.2]), legend=legend
            ),
            tooltip=[alt.Tooltip("line:N", title="Ligne"), alt.Tooltip("period:N", title="Période"),
                     alt.Tooltip("figure:Q", title=measure.label)],
        )
        .properties(height=len(largest) * BAR + 2 * LEGEND + 60)
        .configure(**SAID)
    )  # fmt: skip
    st.altair_chart(chart, width="stretch", alt=f"{title}. Les mêmes chiffres sont dans le tableau qui suit.")


def as_table(columns: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> None:
    """The figures of a chart, folded under it; its cells are Markdown."""
    with st.expander(f"Tableau : {title[0].lower()}{title[1:]}"):
        table(columns, rows)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table that a screen reader goes through; its cells are Markdown."""
    st.table(pd.DataFrame(rows, columns=list(columns)), hide_index=True, border="horizontal")


def _figure(measure: Measure, line: Line) -> tuple[float, float]:
    return float(measure.figure(line.now) or 0), float(measure.figure(line.before) or 0)

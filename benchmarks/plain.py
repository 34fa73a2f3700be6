"""Two plain Streamlit pages to compare with: an empty one, and one that loads the whole table each time."""

import os

import pandas as pd
import sqlalchemy as sa
import streamlit as st

ROWS = 50


@st.cache_resource
def engine() -> sa.Engine:
    """The database of the run."""
    address = sa.make_url(os.environ["BENCH_DATABASE"])
    if address.get_backend_name() == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
    return sa.create_engine(address)


def empty() -> None:
    """A title and a button."""
    st.title("Page vide")
    st.button("Encore", key="again")


def whole_table() -> None:
    """What one writes first: the table in a frame, filtered, sorted and cut by pandas."""
    st.title("Toute la table")
    files = pd.read_sql(sa.text("SELECT * FROM files"), engine())
    departments = pd.read_sql(sa.text("SELECT id, name FROM departments ORDER BY rank"), engine())
    files = files.merge(departments, left_on="department", right_on="id", suffixes=("", "_d"), how="left")
    chosen = st.selectbox("Service", departments["name"], index=None, key="service")
    shown = files[files["open"].astype(bool)]
    if chosen:
        shown = shown[shown["name"] == chosen]
    shown = shown.sort_values(["queue_rank", "queue_day", "received_at", "id"]).head(ROWS)
    st.data_editor(
        shown[["number", "priority", "street", "received_at", "target_on", "name", "state"]], key="g"
    )
    st.button("Encore", key="again")


if st.query_params.get("way") == "table":
    whole_table()
else:
    empty()

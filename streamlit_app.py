"""Behind the door: who is here → the screens. Started without the door, it only says how to start."""

import streamlit as st

from door import behind, reception


def how_to_start() -> None:
    """The only thing to read here without the door."""
    st.title("Guichet")
    st.markdown("Le guichet s'ouvre par sa porte. Dans le dossier du logiciel :")
    st.code("make demo\nmake run", language="text")
    st.markdown("puis ouvrez l'adresse affichée. `python -m door` fait de même sans l'horloge.")


if reception.house() is None:
    st.navigation([st.Page(how_to_start, title="Guichet")], position="hidden").run()
else:
    with reception.turn():
        behind.show()

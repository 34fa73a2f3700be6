"""French for Streamlit's own texts: its page in fr-CA, its words by a table, its package untouched."""

import json
import re
from functools import cache
from pathlib import Path

import streamlit

from door.wording import EXACT, OPTIONS, SHAPES

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
TITLE = "Guichet"


@cache
def script() -> str:
    """The table of words, for the browser."""
    table = {"exact": EXACT, "shapes": list(SHAPES.items()), "options": list(OPTIONS)}
    return f"window.guichetFrench = {json.dumps(table, ensure_ascii=False)};\n"


@cache
def index() -> str:
    """Streamlit's page, in French, with our script before its own and nothing written into the page itself.

    Raises ``ValueError`` when the page of an upgraded Streamlit is no longer the one this was written for.
    """
    page = re.sub(r"^<!--.*?-->\s*", "", INDEX.read_text(encoding="utf-8"), flags=re.S)
    ours = "\n    ".join(
        (
            '<link rel="stylesheet" href="./porte/screens.css" />',
            '<script src="./porte/french.js"></script>',
            '<script src="./porte/door.js"></script>',
            '<script src="./porte/focus.js"></script>',
        )
    )
    for pattern, by in (
        (r'<html lang="en">', '<html lang="fr-CA">'),
        (r"<title>Streamlit</title>", f"<title>{TITLE}</title>"),
        (
            r'<link rel="shortcut icon" href="./favicon.png" />',
            '<link rel="icon" href="./porte/favicon.svg" type="image/svg+xml" />',
        ),
        (r'<!--[^>]*?agent API.*?-->\s*<link rel="service-desc"[^>]*/>', ""),
        (r"<!-- initialize window.*?-->\s*<script>.*?</script>", ours),
        (
            r"<noscript>.*?</noscript>",
            "<noscript><p>Activez JavaScript pour utiliser le guichet.</p></noscript>",
        ),
    ):
        page, times = re.subn(pattern, by.replace("\\", r"\\"), page, flags=re.S)
        if times != 1:
            raise ValueError(f"Streamlit's page changed: {pattern}")
    return page

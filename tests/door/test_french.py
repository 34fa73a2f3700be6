"""French for Streamlit's own texts: the page we serve, and words that Streamlit really has."""

import re

import pytest
import streamlit

from door import french, wording

# Written by a library that builds the text from parts, or by a browser: not found whole in the scripts.
BUILT = {
    "Press Enter to apply",
    "Press Enter to submit form",
    "Press Ctrl+Enter to apply",
    "Press Ctrl+Enter to submit form",
    "Press ⌘+Enter to apply",
    "Press ⌘+Enter to submit form",
    "add icon",
}


@pytest.fixture(scope="module")
def bundle() -> str:
    """Every script Streamlit serves, one after the other."""
    folder = french.INDEX.parent / "static" / "js"
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js")))


def test_the_page_speaks_french_before_any_script_runs() -> None:
    page = french.index()
    assert '<html lang="fr-CA">' in page
    assert "Activez JavaScript" in page
    assert "You need to enable JavaScript" not in page
    assert "agent" not in page


def test_our_scripts_come_before_streamlits_and_none_is_written_into_the_page() -> None:
    page = french.index()
    scripts = re.findall(r"<script[^>]*>", page)
    assert [script for script in scripts if "src=" not in script] == []
    assert page.index("porte/french.js") < page.index("porte/door.js") < page.index("porte/focus.js")
    assert page.index("porte/focus.js") < page.index("static/js/index")


def test_the_page_names_no_other_house() -> None:
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', french.index())


def test_streamlits_own_package_is_left_as_it_is() -> None:
    assert '<html lang="en">' in french.INDEX.read_text(encoding="utf-8")
    assert streamlit.__version__.startswith("1.67.")


@pytest.mark.parametrize("shape", wording.SHAPES)
def test_every_shape_is_one_a_browser_understands(shape: str) -> None:
    said = wording.SHAPES[shape]
    assert re.compile(shape).groups >= max((int(found) for found in re.findall(r"\$(\d)", said)), default=0)


def test_every_word_of_the_table_is_still_streamlits(bundle: str) -> None:
    gone = sorted(word for word in wording.EXACT if word not in bundle and word not in BUILT)
    assert gone == []


def test_no_word_says_two_things_and_none_is_left_in_english() -> None:
    same = {word for word, said in wording.EXACT.items() if word == said}
    assert same <= {"Format", "Dollar", "Euro", "Yen", "Pagination"}
    assert all(said.strip() for said in wording.EXACT.values())

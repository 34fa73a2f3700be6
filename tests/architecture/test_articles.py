"""docs/policy.md and the code hold one another: every article is coded or says why not; none is invented."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from policy.circuits import as_markdown

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
ROOMS = ("policy", "sync", "desk", "jobs", "door", "pages", "config")

SECTIONS = "1 2.1 2.2 2.3 3 4 4.1 4.2 4.2.1 4.2.2 4.2.3 4.3 4.4 4.4.1 4.5 4.6 4.7 4.8"
PREVOST = (
    *(f"P §{section}" for section in SECTIONS.split()),
    "annexe A",
    *(f"annexe A, point {n}" for n in range(1, 7)),
    "annexe B",
    "annexe C",
)
SAINTE_JULIE = (
    "SJ",
    *(
        f"SJ, « {title} »"
        for title in (
            "La porte d'entrée",
            "Une prise en charge hors pair",
            "Une communication efficace",
            "Des heures d'ouverture étendues",
            "Les services municipaux",
            "L'inclusivité",
            "Le respect et la courtoisie",
            "L'équité",
            "La communication numérique",
        )
    ),
)

CITATION = re.compile(
    r"(?P<prevost>P §(?:\d+\.)*\d+)"
    r"|(?P<annex>[Aa]nnexe [A-Z]\b)(?P<point>,? points? \d)?"
    r"|\b(?P<julie>SJ)\b(?P<section>,? « [^»\n]+ »)?"
    r"|\b(?P<rule>R-\d+b?)\b(?!-)"
    r"|\b(?P<law>LAI \d+(?:\.\d+)?)"
)


def rows() -> dict[str, tuple[str, str]]:
    """Every article of the page: what it asks, and where it is coded or why not."""
    found: dict[str, tuple[str, str]] = {}
    for line in PAGE.partition("<!-- moves -->")[0].splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if line.startswith("| ") and len(cells) == 3 and cells[0] != "Article":
            assert cells[0] not in found, f"{cells[0]} stands twice in docs/policy.md"
            found[cells[0]] = (cells[1], cells[2])
    return found


ROWS = rows()
PLACE = re.compile(r"`((?:policy|sync|desk|jobs)(?:\.\w+)+)`")


def cited(text: str) -> set[str]:
    """The articles a text cites, each as the page would name it."""
    found = set()
    for match in CITATION.finditer(text):
        if match["annex"]:
            letter = f"annexe {match['annex'][-1]}"
            found.add(f"{letter}, point {match['point'][-1]}" if match["point"] else letter)
        elif match["julie"]:
            found.add(f"SJ, {match['section'].lstrip(', ')}" if match["section"] else "SJ")
        else:
            found.add(match.group())
    return found


def sources(*rooms: str) -> list[Path]:
    return sorted(
        path
        for room in rooms
        for pattern in ("*.py", "*.toml", "*.j2")
        for path in (ROOT / room).rglob(pattern)
    )


@cache
def names_of(path: Path) -> frozenset[str]:
    """What a module defines at its top level."""
    names = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                names.add(name)
            case ast.Assign(targets=targets):
                names |= {target.id for target in targets if isinstance(target, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name)):
                names.add(name)
    return frozenset(names)


def is_there(article: str) -> bool:
    """A section of SJ may be cited by its title or by words the page quotes from it."""
    if article in ROWS:
        return True
    if article.startswith("LAI "):
        return re.search(rf"(?<![\d.]){re.escape(article.removeprefix('LAI '))}(?![\d.])", PAGE) is not None
    quoted = article.removeprefix("SJ, ").strip("« »")
    return article.startswith("SJ, ") and any(quoted in ROWS[row][0] for row in SAINTE_JULIE)


@pytest.mark.parametrize("article", [*PREVOST, *SAINTE_JULIE])
def test_every_article_of_the_two_policies_is_on_the_page(article: str) -> None:
    assert article in ROWS


def test_the_page_holds_no_article_that_the_policies_do_not_have() -> None:
    assert {row for row in ROWS if not row.startswith("R-")} == {*PREVOST, *SAINTE_JULIE}


@pytest.mark.parametrize("article", ROWS)
def test_every_article_is_coded_or_says_why_not(article: str) -> None:
    asks, where = ROWS[article]
    assert asks
    places = PLACE.findall(where)
    if not places:
        assert re.match(r"(Not coded|Later part)\b.{10,}", where), (
            f"{article} is nowhere and does not say why"
        )
    for place in places:
        room, module, *name = place.split(".")
        path = ROOT / room / f"{module}.py"
        assert path.is_file(), f"{article}: {place} is no module"
        assert name, f"{article}: {place} names no function"
        assert name[0] in names_of(path), f"{article}: {place} does not exist"


@pytest.mark.parametrize("article", [article for article in ROWS if "`policy." in ROWS[article][1]])
def test_a_module_of_the_policy_that_codes_an_article_cites_it(article: str) -> None:
    modules = {
        place.split(".")[1] for place in PLACE.findall(ROWS[article][1]) if place.startswith("policy.")
    }
    citing = {
        module
        for module in modules
        if article in cited((ROOT / "policy" / f"{module}.py").read_text(encoding="utf-8"))
    }
    assert citing, f"none of {sorted(modules)} cites {article}"


@pytest.mark.parametrize("path", sources(*ROOMS), ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_cites_an_article_that_is_not_on_the_page(path: Path) -> None:
    invented = {article for article in cited(path.read_text(encoding="utf-8")) if not is_there(article)}
    assert not invented


def test_a_citation_that_is_nowhere_would_be_seen() -> None:
    invented = "P §9.9, annexe D, annexe A, point 7, SJ, « Titre inventé », R-999, LAI 9999"
    text = f"{invented}, P §4.1, (R-12b), annexe C, SJ, LAI 47"
    assert {article for article in cited(text) if not is_there(article)} == {
        "P §9.9",
        "annexe D",
        "annexe A, point 7",
        "SJ, « Titre inventé »",
        "R-999",
        "LAI 9999",
    }


def test_the_table_of_moves_is_printed_as_it_is_written() -> None:
    printed = PAGE.partition("<!-- moves -->\n")[2].partition("\n<!-- /moves -->")[0]
    assert printed == as_markdown(), (
        "print policy.circuits.as_markdown() between the markers of docs/policy.md"
    )

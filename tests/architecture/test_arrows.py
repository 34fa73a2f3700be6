"""The house of few storeys: imports only go down, pages do nothing when imported, time is an argument."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("door", "pages", "jobs", "desk", "sync", "policy", "config")
LOWER = {
    "door": {"door", "pages", "desk", "sync", "policy", "config"},
    "jobs": {"jobs", "desk", "sync", "policy", "config"},
    "pages": {"pages", "desk", "sync", "policy"},
    "desk": {"desk", "sync", "policy"},
    "sync": {"sync", "policy"},
    "policy": {"policy"},
    "config": {"config"},
    "streamlit_app": {"door", "pages"},
}
# With door and jobs wholly.
WAYS_IN = {
    "desk/__main__.py",
    "sync/__main__.py",
    "sync/remote_acts.py",
    "sync/adopt_acts.py",
    "sync/private_acts.py",
}
# The words and the values that the desk hands to a page; no rule, no row, no query.
PAGES_MAY = (
    "policy.words",
    "policy.private_words",
    "policy.counter_words",
    "policy.reasons",
    "policy.towntime",
    "policy.months.Month",
    "policy.circuits.Need",
    "policy.moves.Possible",
    "policy.complaints.Admissibility",
    "policy.complaints.Complaint",
    "policy.complaints.Signature",
    "policy.investigation.Conclusion",
    "policy.investigation.Turn",
    "policy.field_reports.Noted",
    "policy.thanks.Thanked",
    "policy.watch.Done",
    "policy.watch.Network",
    "sync.fields",
    "sync.states",
    "sync.versions.Difference",
)
FOLDERS = (*ROOMS, "tests", "benchmarks")
LONGEST = 400


def sources(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    assert found, f"nothing in {folders}"
    return found


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def names(path: Path) -> Iterator[str]:
    """Every name a file imports, with the module it comes from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{named(path)}:{node.lineno} imports by a relative path"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_imports_only_go_down() -> None:
    wrong = []
    for path in [*sources(*ROOMS), ROOT / "streamlit_app.py"]:
        room = named(path).split("/")[0].removesuffix(".py")
        allowed = LOWER[room] | ({"config", "desk"} if named(path) in WAYS_IN else set())
        for module in names(path):
            top = module.split(".")[0]
            if top in {*ROOMS, "tests", "benchmarks", "streamlit_app"} and top not in allowed:
                wrong.append(f"{named(path)} imports {module}")
    assert not wrong


def test_the_policy_needs_nothing_but_python() -> None:
    wrong = [
        f"{named(path)} imports {module}"
        for path in sources("policy")
        for module in names(path)
        if module.split(".")[0] not in {*sys.stdlib_module_names, "policy"}
    ]
    assert not wrong


def test_a_page_asks_the_desk_and_knows_no_rule_and_no_sql() -> None:
    below = ("policy.", "sync.", "sqlalchemy", "config")
    wrong = [
        f"{named(path)} imports {name}"
        for path in sources("pages")
        for name in names(path)
        if name.startswith(below) and not any(f"{name}.".startswith(f"{may}.") for may in PAGES_MAY)
    ]
    assert not wrong


def test_a_page_does_nothing_when_imported() -> None:
    """Streamlit runs the files of a folder named ``pages`` by themselves before it knows the navigation."""
    wrong = []
    for path in sources("pages"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            plain = isinstance(
                node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
            ) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
            if not plain or (isinstance(node, (ast.Assign, ast.AnnAssign)) and calls_a_screen(node)):
                wrong.append(f"{named(path)}:{node.lineno}")
    assert not wrong


def calls_a_screen(node: ast.AST) -> bool:
    """Whether something is called there that belongs to Streamlit."""
    calls = (each.func for each in ast.walk(node) if isinstance(each, ast.Call))
    return any(ast.unparse(function).split(".")[0] in {"st", "streamlit"} for function in calls)


def test_nobody_looks_at_a_clock_below_the_ways_in() -> None:
    clocks = {"now", "utcnow", "today", "time", "localtime", "gmtime"}
    wrong = []
    for path in sources("policy", "sync", "desk", "pages", "config"):
        if named(path) in WAYS_IN or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            whose = ast.unparse(node.func.value).split(".")[-1]
            if node.func.attr in clocks and whose in {"datetime", "date", "time"}:
                wrong.append(f"{named(path)}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize("banned", ["utils", "util", "helpers", "helper", "common", "misc", "manager"])
def test_no_module_has_a_name_that_says_nothing(banned: str) -> None:
    assert not [named(path) for path in sources(*FOLDERS) if banned in (path.stem, path.parent.name)]


def test_no_class_has_a_name_that_says_nothing() -> None:
    empty = re.compile(r"(Manager|Helper|Data|Process|Utils?)$")
    wrong = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in sources(*ROOMS)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and empty.search(node.name)
    ]
    assert not wrong


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    lengths = {named(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources(*FOLDERS)}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}


def test_every_module_says_what_it_is_in_one_line() -> None:
    silent = []
    for path in sources(*FOLDERS):
        text = path.read_text(encoding="utf-8")
        if text.strip() and not (ast.get_docstring(ast.parse(text)) or "").strip():
            silent.append(named(path))
    assert not silent

"""docs/tests.md and the tests hold one another: each rule is lived in a browser, or says why none does."""

import re

from tests.architecture.test_articles import ROOT, ROWS, names_of

LINES = re.compile(r"^\| (R-\d+b?) \| (.+?) \| (.*)\|$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)\.(test_\w+)`")
PAGE = (ROOT / "docs" / "tests.md").read_text(encoding="utf-8")


def test_every_rule_of_the_policy_is_in_the_table_once() -> None:
    told = [rule for rule, _, _ in LINES.findall(PAGE)]
    assert sorted(told) == sorted(row for row in ROWS if row.startswith("R-"))


def test_every_test_that_is_named_exists_and_a_rule_without_any_says_why() -> None:
    for rule, who, tests in LINES.findall(PAGE):
        named = TEST.findall(tests)
        assert named or re.match(r"aucun : .{10,}", who), f"{rule} is lived by no test and does not say why"
        for module, name in named:
            path = ROOT / "tests" / "browser" / f"{module}.py"
            assert path.is_file() and name in names_of(path), f"{rule}: {module}.{name} does not exist"

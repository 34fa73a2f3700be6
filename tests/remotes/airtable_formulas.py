"""The few formulas that a listing is filtered by: OR, equality, and the times of a row."""

import re
from datetime import datetime
from typing import Any

from tests.remotes.airtable_base import Refuse, Row, TableThere

_TOKEN = re.compile(r"\s*(\{[^}]*\}|\"[^\"]*\"|'[^']*'|[A-Z_]+|[(),=])")


def holds(formula: str, table: TableThere, row: Row) -> bool:
    """Whether a row passes. Raises ``Refuse`` for a formula that Airtable could not read."""
    tokens = _TOKEN.findall(formula)
    if "".join(tokens).replace(" ", "") != formula.replace(" ", "").replace("\n", ""):
        raise _invalid()
    value, rest = _comparison(tokens, table, row)
    if rest:
        raise _invalid()
    return bool(value)


def named(formula: str) -> set[str] | None:
    """The rows a formula names one by one, when it does nothing else: the others need no look."""
    plain = re.fullmatch(r"OR\(((?:RECORD_ID\(\)='rec\w{14}'(?:, )?)+)\)", formula)
    return set(re.findall(r"rec\w{14}", plain[1])) if plain else None


def _comparison(tokens: list[str], table: TableThere, row: Row) -> tuple[Any, list[str]]:
    left, tokens = _operand(tokens, table, row)
    if tokens and tokens[0] == "=":
        right, tokens = _operand(tokens[1:], table, row)
        return left == right, tokens
    return left, tokens


def _operand(tokens: list[str], table: TableThere, row: Row) -> tuple[Any, list[str]]:
    if not tokens:
        raise _invalid()
    first, rest = tokens[0], tokens[1:]
    if first.startswith("{"):
        column = table.field(first[1:-1])
        if column is None:
            raise _invalid()
        return row.cells.get(column.id, ""), rest
    if first[0] in "\"'":
        return first[1:-1], rest
    if not rest or rest[0] != "(":
        raise _invalid()
    arguments, rest = [], rest[1:]
    while rest and rest[0] != ")":
        value, rest = _comparison(rest, table, row)
        arguments.append(value)
        if rest and rest[0] == ",":
            rest = rest[1:]
    if not rest:
        raise _invalid()
    return _called(first, arguments, row), rest[1:]


def _called(name: str, arguments: list[Any], row: Row) -> Any:
    match name:
        case "OR":
            return any(arguments)
        case "RECORD_ID":
            return row.id
        case "CREATED_TIME":
            return row.created
        case "LAST_MODIFIED_TIME":
            return row.modified
        case "DATETIME_PARSE":
            return datetime.fromisoformat(arguments[0])
        case "IS_AFTER":
            return None not in arguments and arguments[0] > arguments[1]
        case _:
            raise _invalid()


def _invalid() -> Refuse:
    said = "The formula for filtering records is invalid: Invalid formula. Please check your formula text."
    return Refuse(422, "INVALID_FILTER_BY_FORMULA", said)

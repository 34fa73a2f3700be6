"""What the settings of the private base (R-33) must be beside those of the table: another one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from config import remotes

NEEDS_A_KEY = (
    "il faut d'abord une clé privée (GUICHET_PRIVATE_KEYS, « python -m desk key ») : sans elle, "
    "aucune plainte ne s'ouvre."
)
SAME = "c'est celle de la table du directeur : les plaintes n'y vont jamais. Il faut une base à part."
SAME_TOKEN = (
    "c'est celui de la table du directeur, qui verrait les deux bases : il faut un jeton fait pour la seule "  # noqa: S105
    "base privée."
)
SAME_ACCOUNT = "c'est celui de la table du directeur : il faut un compte de service à part."


def problems(given: Mapping[str, Any], prefix: str) -> Iterator[str]:
    """What is wrong of the private base, in French; nothing when the town has none."""
    chosen = str(given.get("private_remote") or remotes.Remote.NONE)
    if chosen not in remotes.NEEDED:
        return
    apart = {
        name.removeprefix("private_"): value for name, value in given.items() if name.startswith("private_")
    }
    yield from remotes.problems(apart, f"{prefix}PRIVATE_")
    if not given.get("private_keys"):
        yield f"{prefix}PRIVATE_REMOTE : {NEEDS_A_KEY}"
    for name, what, read in (
        ("airtable_base", SAME, remotes.base),
        ("sheets_id", SAME, remotes.spreadsheet),
        ("airtable_token", SAME_TOKEN, str),
        ("sheets_credentials", SAME_ACCOUNT, _content),
    ):
        ours, other = given.get(f"private_{name}"), given.get(name)
        if ours and other and _read(read, ours) == _read(read, other):
            yield f"{prefix}PRIVATE_{name.upper()} : {what}"


def _read(read: Any, value: object) -> object:
    """A base is the same whether its id or its address was copied."""
    try:
        return read(str(value))
    except (ValueError, OSError):
        return str(value)


def _content(path: str) -> object:
    return Path(path).read_bytes()

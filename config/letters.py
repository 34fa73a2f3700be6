"""How letters are rendered: ``mails/*.txt.j2`` as they are, ``mails/*.html.j2`` escaped."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape


@cache
def environment() -> Environment:
    """The templates of ``config/mails``, each read once. A name one misspells is an error, not a hole."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "mails"),
        autoescape=select_autoescape(enabled_extensions=("html", "html.j2"), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

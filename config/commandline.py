"""How the commands speak: usage, help and errors in French, an exit code that means something.

0: done. 1: refused, or something that a person must look at. 2: the command or the settings are wrong.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

DONE, REFUSED, WRONG = 0, 1, 2

# what argparse says, and how we say it; what is not here stays as it is, after « Commande à corriger »
SENTENCES = (
    (r"the following arguments are required: (.+)", r"il manque : \1"),
    (r"one of the arguments (.+) is required", r"il faut l'un de : \1"),
    (r"unrecognized arguments: (.+)", r"arguments inconnus : \1"),
    (r"argument (.+): expected one argument", r"\1 : il manque sa valeur"),
    (r"argument (.+): expected at least one argument", r"\1 : il manque sa valeur"),
    (r"argument (.+): not allowed with argument (.+)", r"\1 ne va pas avec \2"),
    (
        r"argument (.+?): invalid choice: '(.*)' \(choose from (.+)\)",
        r"\1 : « \2 » n'existe pas (\3)",
    ),
    (r"argument (.+?): invalid \S+ value: '(.*)'", r"\1 : « \2 » ne convient pas"),
    (r"argument (.+?): (.+)", r"\1 : \2"),
    (r"ambiguous option: (.+) could match (.+)", r"\1 peut vouloir dire : \2"),
)


class Parser(argparse.ArgumentParser):
    """An ``ArgumentParser`` in French, also for its subcommands."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, **options)
        self._positionals.title, self._optionals.title = "arguments", "options"
        self.add_argument("-h", "--help", action="help", help="montre cette aide")

    def format_usage(self) -> str:
        """The usage line, « usage : » in French typography."""
        return super().format_usage().replace("usage:", "usage :", 1)

    def format_help(self) -> str:
        """The whole help."""
        return super().format_help().replace("usage:", "usage :", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the command, and end with code 2."""
        for english, french in SENTENCES:
            said, count = re.subn(f"^{english}$", french, message)
            if count:
                message = said
                break
        self.exit(WRONG, f"{self.format_usage()}Commande à corriger : {message.rstrip('.')}.\n")


def say(lines: str | Sequence[str]) -> None:
    """Lines for the person, on standard output."""
    sys.stdout.write(_joined(lines))


def complain(lines: str | Sequence[str]) -> None:
    """Lines about what went wrong, on standard error."""
    sys.stderr.write(_joined(lines))


def why_unreadable(failure: OSError | UnicodeError) -> str:
    """Why a file cannot be read or written, in French."""
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (FileNotFoundError, "il n'existe pas"),
        (PermissionError, "l'accès est refusé"),
        (IsADirectoryError, "c'est un dossier"),
        (UnicodeError, "il n'est pas en UTF-8"),
    )
    return next((why for kind, why in reasons if isinstance(failure, kind)), "le disque le refuse")


def _joined(lines: str | Sequence[str]) -> str:
    return (lines if isinstance(lines, str) else "\n".join(lines)) + "\n"

"""The mails to a substitute: what is confided for some days, and that it is taken back (R-60)."""

from collections.abc import Sequence

from desk import town as towns
from desk.ledger import frozen, post
from desk.letters import Recipient, render
from desk.visits import Counter
from sync.states import MailKind
from sync.store import Row, Writing


def tell_confided(counter: Counter[Writing], rows: Sequence[Row]) -> None:
    """Tell the substitute, in the caller's transaction; ``rows`` are the designations just made."""
    _tell(counter, rows, "confié", f"Vous remplacez {counter.person.name}")


def tell_taken_back(counter: Counter[Writing], rows: Sequence[Row]) -> None:
    """Tell the substitute that these designations, all alike, hold no longer from today on."""
    _tell(counter, rows, "repris", f"Vous ne remplacez plus {counter.person.name}")


def _tell(counter: Counter[Writing], rows: Sequence[Row], what: str, subject: str) -> None:
    if not rows:
        return
    first = rows[0]
    names = towns.departments(counter.tx)
    rules = towns.rules_in_force(counter.tx, counter.today)
    letter = render(
        counter.house,
        rules,
        "substitute",
        subject,
        who=counter.person.name,
        name=first["person"],
        departments=", ".join(names[row["department"]].name for row in rows),
        first=first["starts_on"],
        last=first["ends_on"],
        opens=bool(first["account"]),
        back=what == "repris",
        begun=first["starts_on"] <= counter.today,
    )
    to = Recipient(first["person"], first["email"])
    key = f"remplacement:{first['id']}:{what}"
    mail = frozen(counter.house, rules, letter, to, MailKind.SUBSTITUTE, key, counter.at)
    post(counter.tx, mail, counter.by("aviser qui remplace"))

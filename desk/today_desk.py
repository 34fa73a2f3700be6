"""What waits at the desk besides the files: rows of the table, tasks that mails left (« Aujourd'hui »)."""

from collections.abc import Iterator

from desk import field_inbox, inbox, keeping, postbook, proofs
from desk.visits import Counter
from desk.waiting import Pressure, Waiting
from sync.store import Reading


def to_welcome(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.3: rows typed in the town's table, which are no demands yet."""
    yield Waiting(
        inbox.counted(counter), "ligne de la table à accueillir", "lignes de la table à accueillir",
        "/a-accueillir", pressure=Pressure.NOW,
    )  # fmt: skip


def from_the_field(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P §4.3: what employees noted in the field and the desk has not judged yet."""
    yield Waiting(
        field_inbox.counted(counter), "signalement terrain à accueillir", "signalements terrain à accueillir",
        "/a-accueillir", pressure=Pressure.NOW,
    )  # fmt: skip


def to_proof_read(counter: Counter[Reading]) -> Iterator[Waiting]:
    """P annexe A, point 5: texts to read for the desk, or that came back to who wrote them."""
    yield Waiting(
        proofs.counted(counter), "texte à relire avant l’envoi", "textes à relire avant l’envoi",
        "/relecture", pressure=Pressure.NOW,
    )  # fmt: skip


def after_mails(counter: Counter[Reading]) -> Iterator[Waiting]:
    """What the desk has to do because a mail could not."""
    count = postbook.counted(counter)
    yield Waiting(
        count, "suite à donner à un courriel", "suites à donner à des courriels", "/courriels",
        count == postbook.PAGE, Pressure.NOW,
    )  # fmt: skip


def at_their_term(counter: Counter[Reading]) -> Iterator[Waiting]:
    """R-81: files at the end of their term, for whoever may agree to what becomes of them."""
    yield Waiting(
        keeping.waiting(counter), "dossier au terme de sa conservation",
        "dossiers au terme de leur conservation", "/conservation", pressure=Pressure.KNOWN,
    )  # fmt: skip

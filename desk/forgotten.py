"""What was erased stays erased: a restored store that holds it again forgets it again (R-29, R-33, R-81)."""

from desk import attachments, forgetting, private, purged_mails
from desk.purge import ACT
from desk.visits import Counter, Visit
from sync import orders
from sync.store import Row, Writing

AGAIN = "rendre le dossier anonyme, comme avant la reprise"


def forget_again(visit: Visit, table: str, record: str) -> None:
    """Erase from the store of this visit a record that was erased elsewhere since, as it was then.

    An ordinary file keeps its number and nothing else, or what statistics need when it was made anonymous;
    any other record goes whole, its history's values too, unless another still points to it. What is not
    there is left alone.
    """
    with visit.writing() as counter:
        row = counter.tx.hold(table, record)
        if row is None:
            return
        outline = orders.outlined(counter.tx, table, record) is not None
        kind = next((kind for kind, name in private.TABLES.items() if name == table), None)
        if table == "files":
            _forget_file(counter, row, outline)
        elif table == "citizens":
            forgetting.citizen(counter, record, ACT)
        elif outline and kind is not None:
            forgetting.private(counter, kind, table, record, AGAIN)
        elif not outline:
            forgetting.out_of_search(counter.tx, table, record)
            counter.tx.shred(table, record, counter.by(ACT))


def _forget_file(counter: Counter[Writing], file: Row, outline: bool) -> None:
    if outline:
        forgetting.outline(counter, file, AGAIN)
        return
    forgetting.unlink_duplicates(counter, file)
    attachments.take_away(counter, file["id"], counter.by(ACT))
    for claim in counter.tx.find("claims", file=file["id"]):
        forgetting.documents(counter, claim["id"], ACT)
        counter.tx.shred("claims", claim["id"], counter.by(ACT))
    forgetting.whole(counter, file, ACT)
    purged_mails.clear_folder(counter.house, purged_mails.forget(counter, file))

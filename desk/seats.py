"""The first holders of the posts of a town (R-60, R-62): an account each, and who is Responsable of what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from desk import accounts, registry, resets, settling
from desk.passwords import made
from desk.sessions import hash_password, normal_email
from desk.town import departments
from desk.visits import Counter, Visit
from policy.reasons import refused
from policy.registry import in_force
from policy.roles import Deed, may_seat, refuse_unless
from policy.words import Circuit, Duty, Role
from sync.store import Reading, Row, Writing

ARTICLE = "R-62"


@dataclass(frozen=True)
class Seat:
    """A post to be filled. ``department`` and ``duty`` when it is that of a Responsable.

    ``name`` and ``email`` are those of its holder, empty while there is none; ``needed``: nothing works
    without it.
    """

    key: str
    title: str
    does: str
    role: Role
    department: str = ""
    duty: Duty | None = None
    name: str = ""
    email: str = ""
    needed: bool = False


@dataclass(frozen=True)
class Seated:
    """Who sits now. ``password`` is told here and nowhere else; empty when a link was mailed, or none made.

    ``again``: the person had an account already, which has one post more.
    """

    name: str
    email: str
    password: str
    mailed: bool
    again: bool


OFFICES = (
    Seat("technicien", "Technicien ou technicienne", "Reçoit, inscrit et achemine les demandes.",
         Role.TECHNICIAN, needed=True),
    Seat("directeur", "Direction du service aux citoyens", "Suit les cas complexes, les listes et la table.",
         Role.DIRECTOR, needed=True),
    Seat("general", "Direction générale", "Répond aux demandes d'accès ; désigne qui enquête.", Role.GENERAL),
    Seat("greffier", "Greffe", "Tient les réclamations et les délais d'accès.", Role.CLERK),
)  # fmt: skip


def seats(visit: Visit) -> tuple[Seat, ...]:
    """Every post of the town, with who holds it. Raises ``Refused``."""
    with visit.reading() as counter:
        refuse_unless(counter.person, Deed.SETTLE_TOWN)
        return tuple(_seats(counter))


def seat(visit: Visit, key: str, name: str, email: str, mailed: bool = False) -> Seated:
    """Give a post its first holder: an account, and for a department the designation of annexe C.

    Somebody who has an account keeps it, with one post more. Raises ``Refused`` with every ground: the town
    is not in place, it is at work already, the post is taken, or what was typed does not fit.
    """
    password = "" if mailed else made()
    kept = hash_password(password) if password else None  # slow on purpose: outside the transaction
    with visit.writing() as counter:
        refuse_unless(counter.person, Deed.SETTLE_TOWN)
        counter.tx.alone("postes de la ville")
        found = next((each for each in _seats(counter) if each.key == key), None)
        if found is None:
            raise refused("Ce poste n'existe pas, ou la ville n'est pas encore en place.", ARTICLE)
        if found.email:
            raise refused(f"{found.title} : c'est déjà {found.name}.", ARTICLE)
        if not may_seat(counter.person, found.role, settling.is_begun(counter.tx)):
            raise refused(
                "La ville est à l'œuvre : les comptes s'ouvrent maintenant à l'écran « Comptes ».", ARTICLE
            )
        row, again = _account(counter, found, name, email, kept)
        if found.duty is not None:
            registry.designate_in(counter, _designation(counter, found, row))
        sent = mailed and not again and resets.invite(visit.house, counter.tx, row, counter.by("inviter"))
        return Seated(row["name"], row["email"], "" if again else password, sent, again)


def _seats(counter: Counter[Any]) -> Iterator[Seat]:
    held = counter.tx.find("accounts", order_by=("name",), active=True)
    for office in OFFICES:
        holder = next((row for row in held if office.role.value in row["roles"]), None)
        yield _held(office, holder["name"] if holder else "", holder["email"] if holder else "")
    designations = counter.tx.find("designations")
    for each in departments(counter.tx).values():
        if not each.active:
            continue
        for duty, words, does in _duties(each.circuit):
            post = Seat(
                f"{duty.name.lower()}:{each.id}",
                f"{each.name} : {words}",
                does,
                Role.RESPONSABLE,
                each.id,
                duty,
                needed=duty is Duty.RECEPTION,
            )
            row = in_force(designations, each.id, counter.today, duty)
            yield _held(post, row["person"] if row else "", row["email"] if row else "")


def _duties(circuit: Circuit) -> Iterator[tuple[Duty, str, str]]:
    """P §4.2: in circuit B who receives and who carries out are two."""
    yield Duty.RECEPTION, "Responsable", "Reçoit les demandes du service ; ses listes y sont envoyées."
    if circuit is Circuit.B:
        yield Duty.EXECUTION, "Responsable de l'exécution", "Fait exécuter les travaux, en copie des listes."


def _account(
    counter: Counter[Writing], post: Seat, name: str, email: str, password: str | None
) -> tuple[Row, bool]:
    """The account of that person, opened, or given one post more; whether it was there."""
    there = counter.tx.first("accounts", email=normal_email(email))
    mine = [post.department] if post.department else []
    if there is None:
        values = accounts.values(name, email, [post.role], mine) | {"extension": "", "password": password}
        accounts.refuse_wrong(counter.tx, values)
        return counter.tx.insert("accounts", values, counter.by("ouvrir un compte")), False
    if there["id"] == counter.person.id:
        raise refused("Personne ne change ses propres rôles : un autre courriel ici.", ARTICLE, "email")
    if not there["active"]:
        raise refused("Ce compte est fermé : rouvrez-le d'abord.", ARTICLE, "email")
    roles = [role.value for role in Role if role.value in there["roles"] or role is post.role]
    more = {"roles": roles, "departments": sorted({*there["departments"], *mine})}
    return counter.tx.update("accounts", there["id"], more, counter.by("modifier un compte")), True


def _designation(counter: Counter[Reading], post: Seat, row: Row) -> Mapping[str, Any]:
    return {
        "department": post.department,
        "duty": post.duty,
        "person": row["name"],
        "email": row["email"],
        "starts_on": counter.today,
        "director": "",
        "extension": "",
        "ends_on": None,
        "signed_on": None,
        "employee_signed": False,
        "director_signed": False,
    }


def _held(post: Seat, name: str, email: str) -> Seat:
    return Seat(**{**vars(post), "name": name, "email": email})

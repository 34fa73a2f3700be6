"""Who may do what outside a file: the roles of R-62, what each may do, and who may give which."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Protocol

from policy.reasons import Ground, refuse_all, refused
from policy.words import Role


class Viewer(Protocol):
    """Whoever asks: a person with roles and departments, or a named system (``id`` is then its name)."""

    @property
    def id(self) -> str: ...
    @property
    def roles(self) -> frozenset[Role]: ...
    @property
    def departments(self) -> frozenset[str]: ...
    @property
    def system(self) -> bool: ...


class System(StrEnum):
    """The visits that no person makes; ``Person.id`` of a system visit is one of these names."""

    CLOCK = "horloge"
    IMPORT = "import"
    SYNC = "synchronisation"
    EXPORT = "export"
    SETUP = "mise en place"


class Deed(StrEnum):
    """What is done at the counter besides the moves of a file; completes « Vous ne pouvez pas… »."""

    ENTER_DEMAND = "inscrire une demande"
    NOTE_IN_FIELD = "noter une demande sur le terrain"
    WORK_QUEUE = "ouvrir la file d'un service"
    ANSWER_RNC = "répondre à la liste RNC"
    TAKE_BACK_ANSWERS = "reprendre les réponses d'un Responsable"
    SEE_REGISTRY = "consulter le registre des Responsables"
    DESIGNATE = "désigner un Responsable"
    NAME_SUBSTITUTE = "nommer qui vous remplace"
    SEE_LISTS = "consulter les listes mensuelles"
    RESEND_LIST = "renvoyer une liste"
    RESEND_MAIL = "renvoyer un courriel"
    SEE_MAILS = "consulter les courriels"
    CHANGE_SETTINGS = "modifier les tables de la ville"
    KEEP_ACCOUNTS = "tenir les comptes"
    DEPOSIT_COMPLAINT = "déposer une plainte"
    DESIGNATE_INVESTIGATOR = "désigner qui enquête sur une plainte"
    KEEP_CLAIMS = "tenir une réclamation"
    DECIDE_CLAIM = "décider d'une réclamation"
    REFUSE_SERVICE = "refuser le service à une personne"
    KEEP_INCIDENTS = "tenir le registre des incidents"
    GATHER_PERSON = "réunir le dossier d'une personne"
    SEE_REMOTE = "consulter la synchronisation"
    PAUSE_REMOTE = "interrompre la synchronisation"
    SETTLE_REMOTE = "régler un litige avec la table"
    TRY_CONNECTIONS = "essayer les connexions"
    SEE_COPIES = "consulter les copies de sauvegarde"
    IMPORT_FILES = "importer un fichier de demandes"
    SETTLE_TOWN = "mettre la ville en place"
    KEEP_RECORDS = "tenir le calendrier de conservation"
    HOLD_RECORDS = "suspendre la conservation d'un dossier"
    SEE_MEASURES = "consulter les mesures"
    READ_COUNCIL_LISTS = "relire les listes du conseil"
    READ_COMMENTS = "lire les commentaires"
    READ_SURVEY = "lire les réponses au sondage"
    BRING_SURVEY = "inscrire les réponses au sondage"
    KEEP_WATCH = "tenir la veille des réseaux sociaux"


DESK = frozenset({Role.TECHNICIAN, Role.DIRECTOR})

# R-62, P §2.1, P §4.1: one line a deed, the roles that may.
DEEDS: Mapping[Deed, frozenset[Role]] = {
    Deed.ENTER_DEMAND: DESK,
    Deed.NOTE_IN_FIELD: frozenset(Role) - {Role.COUNCIL},  # P §2.1, P §4.3: every employee
    Deed.WORK_QUEUE: DESK | {Role.RESPONSABLE},
    Deed.ANSWER_RNC: DESK | {Role.RESPONSABLE},
    Deed.TAKE_BACK_ANSWERS: DESK,
    Deed.SEE_REGISTRY: DESK | {Role.RESPONSABLE, Role.EXPERIENCE, Role.GENERAL, Role.CLERK, Role.ADMIN},
    Deed.DESIGNATE: DESK,
    Deed.NAME_SUBSTITUTE: DESK | {Role.RESPONSABLE},
    Deed.SEE_LISTS: DESK,
    Deed.RESEND_LIST: DESK,
    Deed.RESEND_MAIL: DESK,
    Deed.SEE_MAILS: DESK,
    Deed.CHANGE_SETTINGS: frozenset({Role.DIRECTOR}),
    Deed.KEEP_ACCOUNTS: frozenset({Role.TECHNICIAN, Role.DIRECTOR, Role.GENERAL, Role.ADMIN}),
    Deed.DEPOSIT_COMPLAINT: DESK,
    Deed.DESIGNATE_INVESTIGATOR: frozenset({Role.GENERAL}),
    Deed.KEEP_CLAIMS: DESK | {Role.CLERK},
    Deed.DECIDE_CLAIM: frozenset({Role.CLERK}),
    Deed.REFUSE_SERVICE: frozenset({Role.DIRECTOR}),
    Deed.KEEP_INCIDENTS: frozenset({Role.GENERAL, Role.CLERK}),
    Deed.GATHER_PERSON: frozenset({Role.DIRECTOR, Role.GENERAL, Role.CLERK}),
    Deed.SEE_REMOTE: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Deed.PAUSE_REMOTE: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Deed.SETTLE_REMOTE: frozenset({Role.DIRECTOR}),
    Deed.TRY_CONNECTIONS: frozenset({Role.ADMIN}),
    Deed.SEE_COPIES: frozenset({Role.DIRECTOR, Role.ADMIN}),
    # Citizens' names by the thousand: never the administrator's, whose role sees no citizen (R-62); and what
    # each old word means in the town's tables is the director's to say, as the tables are.
    Deed.IMPORT_FILES: frozenset({Role.DIRECTOR}),
    Deed.SETTLE_TOWN: frozenset({Role.ADMIN}),
    Deed.KEEP_RECORDS: frozenset({Role.CLERK}),
    Deed.HOLD_RECORDS: frozenset({Role.GENERAL, Role.CLERK}),
    # Statistics: the director, Expérience citoyen and the members of council; of files nobody else may open,
    # nothing is counted in them (R-33, ``policy.measures.MEASURED``).
    Deed.SEE_MEASURES: frozenset({Role.DIRECTOR, Role.EXPERIENCE, Role.COUNCIL}),
    # R-62 « élu (statistics, council lists) »: those that were mailed to this person, as they left.
    Deed.READ_COUNCIL_LISTS: frozenset({Role.COUNCIL}),
    Deed.READ_COMMENTS: DESK | {Role.EXPERIENCE},
    Deed.READ_SURVEY: frozenset({Role.DIRECTOR, Role.EXPERIENCE}),
    Deed.BRING_SURVEY: frozenset({Role.DIRECTOR, Role.EXPERIENCE}),
    Deed.KEEP_WATCH: DESK | {Role.EXPERIENCE},
}

DEED_ARTICLES: Mapping[Deed, str] = {
    Deed.ENTER_DEMAND: "P §4.1",
    Deed.NOTE_IN_FIELD: "P §4.3",
    Deed.WORK_QUEUE: "P §4.1",
    Deed.ANSWER_RNC: "P §4.2.3",
    Deed.TAKE_BACK_ANSWERS: "P §4.2.3",
    Deed.SEE_REGISTRY: "P annexe C",
    Deed.DESIGNATE: "P annexe C",
    Deed.NAME_SUBSTITUTE: "R-60",
    Deed.SEE_LISTS: "P §4.1",
    Deed.RESEND_LIST: "P §4.1",
    Deed.RESEND_MAIL: "P §4.1",
    Deed.SEE_MAILS: "P §4.1",
    Deed.CHANGE_SETTINGS: "P §4.1",
    Deed.KEEP_ACCOUNTS: "P §4.1",
    Deed.DEPOSIT_COMPLAINT: "P §4.4",
    Deed.DESIGNATE_INVESTIGATOR: "R-31",
    Deed.KEEP_CLAIMS: "P §4.1",
    Deed.DECIDE_CLAIM: "P §4.1",
    Deed.REFUSE_SERVICE: "SJ, « Le respect et la courtoisie »",
    Deed.KEEP_INCIDENTS: "LAI 63.11",
    Deed.GATHER_PERSON: "LAI 83",
    Deed.SEE_REMOTE: "P §4.1",
    Deed.PAUSE_REMOTE: "P §4.1",
    Deed.SETTLE_REMOTE: "P §4.1",
    Deed.TRY_CONNECTIONS: "P §4.1",
    Deed.SEE_COPIES: "R-62",
    Deed.IMPORT_FILES: "R-62",
    Deed.SETTLE_TOWN: "R-62",
    Deed.KEEP_RECORDS: "R-81",
    Deed.HOLD_RECORDS: "R-81",
    Deed.SEE_MEASURES: "R-64",
    Deed.READ_COUNCIL_LISTS: "P §4.1",
    Deed.READ_COMMENTS: "P §4.1",
    Deed.READ_SURVEY: "P §4.1",
    Deed.BRING_SURVEY: "P §4.1",
    Deed.KEEP_WATCH: "P §4.1",
}

ORDINARY = frozenset({Role.EMPLOYEE, Role.RESPONSABLE, Role.TECHNICIAN, Role.EXPERIENCE, Role.COUNCIL})

# P §4.1 « gestion des droits » (the ordinary roles); those of the directions are not the desk's to give.
GIVES: Mapping[Role, frozenset[Role]] = {
    Role.TECHNICIAN: ORDINARY,
    Role.DIRECTOR: ORDINARY,
    Role.GENERAL: frozenset({Role.DIRECTOR, Role.GENERAL, Role.CLERK}),
    Role.ADMIN: ORDINARY | {Role.GENERAL, Role.CLERK, Role.ADMIN},
}


def may(viewer: Viewer, deed: Deed) -> bool:
    """Whether this visit may do this; a system may do what its own code does, never a deed of a person."""
    return not viewer.system and not viewer.roles.isdisjoint(DEEDS[deed])


def refuse_unless(viewer: Viewer, deed: Deed) -> None:
    """Raise ``Refused``, naming who may, when this visit may not."""
    if not may(viewer, deed):
        names = ", ".join(role.value for role in Role if role in DEEDS[deed])
        raise refused(
            f"Vous ne pouvez pas {deed.value} : ce geste est réservé ({names}).", DEED_ARTICLES[deed]
        )


def may_give(giver: Viewer, role: Role) -> bool:
    """P §4.1, R-62: whether the giver may give (or take back) this role to somebody else."""
    if giver.system:
        return giver.id in (System.SETUP, System.IMPORT)
    return any(role in GIVES.get(held, frozenset()) for held in giver.roles)


# the posts of a town that begins; an administrator and the members of council are not among them.
SEATED = ORDINARY - {Role.COUNCIL} | {Role.DIRECTOR, Role.GENERAL, Role.CLERK}


def may_seat(viewer: Viewer, role: Role, begun: bool) -> bool:
    """R-62: whoever puts the town in place gives each post its first holder, as the command does.

    Until the first demand (``begun``): there is then nothing of a citizen that such an account would show to
    who opened it. Afterwards roles are given as ``GIVES`` says.
    """
    return may(viewer, Deed.SETTLE_TOWN) and role in SEATED and not begun


def check_roles(
    giver: Viewer,
    account: str,
    before: Collection[Role],
    after: Collection[Role],
    departments: Collection[str] = (),
) -> None:
    """P §4.1, R-62: raise ``Refused`` on every role given or taken back that the giver may not.

    Nobody changes their own roles, whatever they hold: else the administrator's role would read
    citizens' files by one gesture of its own. A Responsable has at least one department.
    """
    changed = set(before) ^ set(after)
    grounds = [
        Ground(f"Vous ne pouvez ni donner ni retirer le rôle « {role} ».", "P §4.1", "roles")
        for role in Role
        if role in changed and not may_give(giver, role)
    ]
    if changed and giver.id == account and not giver.system:
        grounds.insert(
            0, Ground("Personne ne change ses propres rôles : demandez à un collègue.", "P §4.1", "roles")
        )
    if not after:
        grounds.append(Ground("Un compte a au moins un rôle.", "P §4.1", "roles"))
    if Role.RESPONSABLE in after and not departments:
        grounds.append(
            Ground(
                "Choisissez le ou les services de ce Responsable ou de cette secrétaire.",
                "P §4.1",
                "departments",
            )
        )
    refuse_all(grounds)

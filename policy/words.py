"""The closed lists of the trade: English in the code, the official French word as the value."""

from enum import StrEnum


class Nature(StrEnum):
    """P §4.1: what a demand is, decided by the Technicien (R-3)."""

    REQUEST = "Requête"
    INFORMATION = "Accueil et information"
    COMMENT = "Commentaire"
    CLAIM = "Réclamation"
    COMPLAINT = "Plainte"
    ACCESS = "Demande d'accès"


class Channel(StrEnum):
    """SJ, "Une communication efficace" and P §4.3: how a demand came in (R-2)."""

    IN_PERSON = "En personne"
    PHONE = "Téléphone"
    EMAIL = "Courriel"
    WEB_FORM = "Formulaire Web"
    SOCIAL = "Message privé (réseaux sociaux)"
    MAIL = "Courrier"
    FIELD = "Terrain"
    COUNCIL = "Élu"


class State(StrEnum):
    """Where a file stands (R-13)."""

    NEW = "Nouvelle"
    ROUTED = "Acheminée"
    TAKEN = "Prise en charge"
    PLANNED = "Planifiée"
    WAITING = "En attente"
    TO_CLOSE = "À fermer"
    DONE = "Complétée"
    CANCELLED = "Annulée"


OPEN_STATES = frozenset({State.NEW, State.ROUTED, State.TAKEN, State.PLANNED, State.WAITING, State.TO_CLOSE})


class Move(StrEnum):
    """What can be done with a file (R-13); the value completes « Vous pouvez… »."""

    ROUTE = "Acheminer"
    RETURN = "Signaler « mal acheminée »"
    TAKE = "Prendre en charge"
    PLAN = "Planifier"
    PAUSE = "Mettre en attente"
    RESUME = "Reprendre"
    HAND_OVER = "Remettre pour fermeture"
    CLOSE = "Fermer"
    CANCEL = "Annuler"
    REOPEN = "Rouvrir"
    ESCALATE = "Signaler un cas complexe"
    RECLASSIFY = "Reclasser"


class Priority(StrEnum):
    """The priority column of the grille d'intervention (R-10), most pressing first."""

    URGENT = "Urgente"
    HIGH = "Haute"
    NORMAL = "Normale"
    LOW = "Basse"


class Circuit(StrEnum):
    """P §4.2: the three schemas of handling (R-12)."""

    A = "A"
    B = "B"
    C = "C"


class Closer(StrEnum):
    """Who closes a file: P §4.1 against annexe A, a reading kept per department (R-12)."""

    DEPARTMENT = "Le service"
    DESK = "Le service aux citoyens"


class WaitReason(StrEnum):
    """The coded reasons for waiting (R-13); the only words about a pause that leave in a list (R-21)."""

    PARTS = "Pièces ou matériel"
    WEATHER = "Météo ou saison"
    CONTRACTOR = "Entrepreneur"
    CITIZEN = "Réponse du citoyen"
    OTHER_BODY = "Autre organisme"
    BUDGET = "Budget ou décision"
    OTHER = "Autre"


class Answer(StrEnum):
    """P §4.2.3: what a Responsable says of each file of the RNC (R-22)."""

    COMPLETED = "Complétée"
    WAITING = "En attente"
    ACTION = "Action à venir"


class Role(StrEnum):
    """Who works here (R-62)."""

    EMPLOYEE = "Employé"
    RESPONSABLE = "Secrétaire ou Responsable"
    TECHNICIAN = "Technicien"
    EXPERIENCE = "Expérience citoyen"
    DIRECTOR = "Directeur"
    GENERAL = "Direction générale"
    CLERK = "Greffier"
    COUNCIL = "Élu"
    ADMIN = "Administrateur"


class Duty(StrEnum):
    """Annexe C and P §4.2.2: what a designation is for (R-60)."""

    RECEPTION = "Responsable de la réception"
    EXECUTION = "Responsable de l'exécution"
    SUBSTITUTE = "Substitut"


class Presence(StrEnum):
    """P annexe B (R-61): whether a call can be passed on to somebody."""

    AVAILABLE = "Disponible"
    MEETING = "En réunion"
    AWAY = "Absent du bureau"


class ListKind(StrEnum):
    """P §4.1: the two monthly lists (R-20, R-23); P §4.2.3: what follows the first (R-22)."""

    RNC = "RNC"
    COUNCIL = "Listes du conseil"
    REMINDER = "Rappel RNC"
    MISSING = "Réponses manquantes"


class Sight(StrEnum):
    """How far a field may be seen; ``policy.confidentiality`` says by whom."""

    LISTED = "Listes"  # may appear in the RNC and the lists to council
    WORK = "Travail"  # whoever is entitled to the file
    INTERNAL = "Interne"  # annexe A, point 4: never leaves the house
    IDENTITY = "Identité"  # the citizen's identity
    SECRET = "Secret"  # shown to nobody

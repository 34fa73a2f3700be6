"""The closed lists of the private half: complaints, access, claims, incidents (R-29 to R-54, R-82)."""

from enum import StrEnum


class PrivateKind(StrEnum):
    """A kind of private file, each with its own people (R-33)."""

    COMPLAINT = "Plainte"
    ACCESS = "Demande d'accès"
    CLAIM = "Réclamation"
    SERVICE_REFUSAL = "Refus de service"
    INCIDENT = "Incident de confidentialité"
    PERSONNEL = "Dossier d'employé"
    PERSON = "Dossier d'une personne"  # what is gathered about one citizen, on request


class ComplaintState(StrEnum):
    """Where a complaint stands (R-31)."""

    RECEIVED = "Reçue"
    ADMISSIBLE = "Recevable"
    INADMISSIBLE = "Irrecevable"
    INVESTIGATED = "En enquête"
    CONCLUDED = "Conclue"
    WITHDRAWN = "Retirée"


class Part(StrEnum):
    """Why a person is on the list of those to hear in an investigation (P §4.4)."""

    TARGETED = "Visée par la plainte"
    WITNESS = "Témoin"


class StepKind(StrEnum):
    """What is put on the file of an investigation."""

    INTERVIEW = "Rencontre"
    EVIDENCE = "Élément de preuve"
    NOTE = "Note d'enquête"


class Finding(StrEnum):
    """P §4.4.1: the conclusion about one person targeted."""

    FOUNDED = "Fondée"
    UNFOUNDED = "Non fondée"


class Measure(StrEnum):
    """P §4.7: the measures, graduated; from the lightest to the heaviest, then what is none of them."""

    ORAL_NOTICE = "Avis verbal"
    WRITTEN_NOTICE = "Avis écrit"
    SUSPENSION = "Suspension sans solde"
    DISMISSAL = "Congédiement"
    OTHER = "Autre mesure"


class AccessState(StrEnum):
    """Where a request for access stands (R-50 to R-53)."""

    ORAL = "Demande verbale, écrit à recevoir"
    RECEIVED = "Reçue"
    EXTENDED = "Prolongée"
    DECIDED = "Décidée"
    ANSWERED = "Réponse transmise"


class Decision(StrEnum):
    """The decisions on a request for access (R-53)."""

    GRANTED = "Accès"
    PARTIAL = "Accès partiel"
    REFUSED = "Refus"
    NO_DOCUMENT = "Document inexistant"
    TRANSFERRED = "Transmis à un autre organisme"
    WITHDRAWN = "Désistement"


class AccessMove(StrEnum):
    """What can be done with a request for access; the value completes « Vous pouvez… »."""

    EDIT = "Corriger la demande"
    WRITE = "Inscrire l'arrivée de l'écrit"
    NOTICE = "Transmettre l'avis de réception"
    EXTEND = "Prolonger le délai"
    THIRD_PARTY = "Aviser un tiers"
    HEAR = "Inscrire les observations du tiers"
    DECIDE = "Décider"
    ANSWER = "Transmettre la réponse"


class Light(StrEnum):
    """How a request stands against its clock, in words a list can show without colour."""

    NONE = "Aucun délai ne court"
    RUNNING = "Dans les délais"
    PRESSING = "Cible dépassée"
    SILENT = "Réputée refusée"  # LAI 52
    ANSWERED = "Répondue dans les délais"
    LATE = "Répondue hors délai"
    WITHDRAWN = "Désistement"


class Damage(StrEnum):
    """P §4.1: what a claim is about (R-40)."""

    PROPERTY = "Dommages matériels"
    BODILY = "Dommages corporels"
    OTHER = "Autres dommages"


class ClaimDecision(StrEnum):
    """What the clerk or the insurer decided of a claim."""

    ACCEPTED = "Acceptée"
    PARTIAL = "Acceptée en partie"
    REFUSED = "Refusée"
    WITHDRAWN = "Retirée"


class DocumentKind(StrEnum):
    """What a document kept on a private file is."""

    RECEIVED = "Pièce reçue"
    MADE = "Document du dossier"
    LETTER = "Lettre de la Ville"

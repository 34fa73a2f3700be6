"""The closed lists of the counter: what becomes of a field report, what a guide is, where a text stands."""

from enum import StrEnum


class GuideKind(StrEnum):
    """P §2.3: what a citizen is given or shown to."""

    DOCUMENT = "Document ou guide"
    LINK = "Lien"
    CHANNEL = "Canal"
    PERSON = "Personne-ressource"
    OUTSIDE = "Hors compétence"  # not the town's: the body to turn to (ministry, MRC)


class ProofState(StrEnum):
    """P annexe A, point 5: where a text for a citizen stands that was given to be read."""

    TO_READ = "À relire"
    SENT_BACK = "Retourné"
    APPROVED = "Approuvé"
    MOOT = "Sans objet"  # the file was reopened meanwhile


class ReportState(StrEnum):
    """P §4.3: where a field report stands at the desk."""

    WAITING = "En attente du service aux citoyens"
    OPENED = "Devenu un dossier"
    JOINED = "Joint à un dossier déjà ouvert"
    DECLINED = "Refusé"
    ELSEWHERE = "Dirigé ailleurs : rien n'en est gardé"  # it was no demand for the ordinary files

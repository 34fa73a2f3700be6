"""The closed lists of the ledgers: where a mail, a list or a task stands."""

from enum import StrEnum


class MailKind(StrEnum):
    ACKNOWLEDGEMENT = "Accusé de réception"
    ROUTING = "Avis d'acheminement"
    CLOSING = "Avis de fermeture"
    INFORMATION = "Information au demandeur"  # of an open file
    RNC = "Liste RNC"
    REMINDER = "Rappel RNC"
    MISSING = "Réponses manquantes"
    COUNCIL = "Listes du conseil"
    RESET = "Mot de passe à choisir"
    CHANGED = "Mot de passe changé"
    SUBSTITUTE = "Remplacement"


class MailState(StrEnum):
    """A mail is drawn up once, then claimed, sent, marked (architecture 6)."""

    READY = "À envoyer"
    CLAIMED = "En cours d'envoi"
    SENT = "Envoyé"
    RETRY = "À réessayer"
    REFUSED = "Refusé"


class RunOutcome(StrEnum):
    DRAWN = "Dressée"
    SKIPPED = "Sautée"


class TaskKind(StrEnum):
    CALL_BACK = "À rappeler"
    MAIL_REFUSED = "Courriel refusé"
    PROOF_READ = "Texte à relire"
    NO_RESPONSABLE = "Service sans Responsable"
    RESTORED = "Reprise à confirmer"  # nothing leaves before (sync.hold)


class Trial(StrEnum):
    """A connection tried because a person asked (« Comptes et réglages »)."""

    MAIL = "Courriel d'essai"
    REMOTE = "Lecture de la table"


class NightWork(StrEnum):
    """What is done each night, in that order."""

    SEAL = "Sceau de l'historique"
    KEEPING = "Revue de la conservation"
    SWEEP = "Effacement du disque"
    COPY = "Copie de sauvegarde"


class NightState(StrEnum):
    ASKED = "À faire"
    CLAIMED = "En cours"
    DONE = "Fait"
    FAILED = "Échoué"


class KeepingState(StrEnum):
    """A record at the end of its term: found, agreed by a person, made anonymous (R-81)."""

    DUE = "Au terme"
    AGREED = "Accepté"
    DONE = "Rendu anonyme"
    GONE = "Plus au terme"  # reopened, reclassified, its term made longer


class ImportState(StrEnum):
    """Where the import of a file stands: what a person does, and what the clock does in between."""

    RECEIVED = "Lecture en cours"
    READ = "Colonnes à associer"
    CHECKING = "Vérification en cours"
    CHECKED = "Vérifié"
    ASKED = "Import en cours"
    PUBLISHED = "Importé, recherche en préparation"
    DONE = "Importé"
    UNDOING = "Annulation en cours"
    UNDONE = "Annulé"
    FAILED = "Arrêté"
    DROPPED = "Abandonné"

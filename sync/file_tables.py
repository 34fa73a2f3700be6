"""The files of the citizens' demands, and what hangs on them."""

from policy.words import Answer, Channel, Nature, Priority, Sight, State, WaitReason
from sync.fields import Field, Kind, Leaves, Owner, Table

CITIZENS = Table(
    "citizens",
    "Citoyens",
    (
        Field("name", "Nom et prénom", sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("phone", "Téléphone", longest=40, sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("phone_digits", "Téléphone (chiffres)", longest=20, indexed=True, sight=Sight.IDENTITY,
              owner=Owner.DESK, leaves=Leaves.NEVER, edited=False),
        Field("email", "Courriel", longest=254, sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("civic", "Numéro civique", longest=20, sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("street", "Rue", sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("city", "Municipalité", sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("postal_code", "Code postal", longest=10, sight=Sight.IDENTITY, leaves=Leaves.IDENTITY),
        Field("brought_in", "Import", Kind.REF, ref="imports", indexed=True, sight=Sight.SECRET, owner=Owner.DESK,
              leaves=Leaves.NEVER, edited=False),
    ),
)  # fmt: skip

FILES = Table(
    "files",
    "Dossiers",
    (
        # what came in
        Field("number", "Numéro", required=True, unique=True, longest=12, sight=Sight.LISTED, owner=Owner.DESK),
        Field("nature", "Nature", Kind.CHOICE, Nature, required=True, sight=Sight.LISTED, owner=Owner.DESK),
        Field("channel", "Provenance", Kind.CHOICE, Channel, required=True),
        Field("forwarded_by", "Transmise par", Kind.REF, ref="council", indexed=True),
        Field("received_at", "Reçue le", Kind.MOMENT, required=True, owner=Owner.DESK, sight=Sight.LISTED),
        Field("category", "Catégorie", Kind.REF, ref="categories", sight=Sight.LISTED),
        Field("department", "Service", Kind.REF, ref="departments", sight=Sight.LISTED, owner=Owner.DESK),
        Field("priority", "Priorité", Kind.CHOICE, Priority, required=True, sight=Sight.LISTED),
        Field("civic", "Numéro civique du lieu", longest=20, leaves=Leaves.IDENTITY),
        Field("street", "Rue ou lieu", sight=Sight.LISTED),
        Field("sector", "Secteur", longest=100, sight=Sight.LISTED),
        Field("place_note", "Précision du lieu", Kind.LONG, longest=2_000, leaves=Leaves.IDENTITY),
        Field("facts", "Exposé des faits", Kind.LONG, required=True, longest=20_000, leaves=Leaves.IDENTITY),
        Field("citizen", "Citoyen", Kind.REF, ref="citizens", indexed=True, sight=Sight.IDENTITY,
              owner=Owner.DESK, leaves=Leaves.IDENTITY),
        Field("anonymous", "Anonyme", Kind.BOOL, required=True, owner=Owner.DESK),
        Field("first_contact", "Réglée au premier contact", Kind.BOOL, required=True, owner=Owner.DESK),
        Field("intake_token", "Jeton de saisie", unique=True, longest=80, sight=Sight.SECRET, owner=Owner.DESK,
              leaves=Leaves.NEVER, edited=False),  # the second click opens nothing twice
        Field("source_id", "Identifiant d'origine", unique=True, longest=120, owner=Owner.DESK),  # imports
        Field("brought_in", "Import", Kind.REF, ref="imports", indexed=True, sight=Sight.SECRET, owner=Owner.DESK,
              leaves=Leaves.NEVER, edited=False),  # by a file: nobody is owed an acknowledgement
        Field("duplicate_of", "Doublon de", Kind.REF, ref="files", indexed=True, owner=Owner.DESK),
        # handling
        Field("state", "État", Kind.CHOICE, State, required=True, sight=Sight.LISTED),
        Field("planned_on", "Date prévue", Kind.DATE),
        Field("wait_reason", "Motif d'attente", Kind.CHOICE, WaitReason, sight=Sight.LISTED),
        Field("wait_words", "Précision sur l'attente", Kind.LONG, longest=2_000),
        Field("next_action", "Prochaine action", Kind.LONG, longest=2_000),
        Field("complex", "Cas complexe", Kind.BOOL, required=True),
        Field("last_reason", "Motif du dernier geste", Kind.LONG, longest=2_000),
        # closing, by annexe A
        Field("code", "Code d'intervention", Kind.REF, ref="codes"),
        Field("done_on", "Effectuée le", Kind.DATE),
        Field("done_extension", "Numéro de poste", longest=20),
        Field("note", "Note interne", Kind.LONG, longest=20_000, sight=Sight.INTERNAL, leaves=Leaves.NEVER),
        Field("citizen_text", "Information pour le demandeur", Kind.LONG, longest=20_000),
        Field("completed_at", "Complétée le", Kind.MOMENT, sight=Sight.LISTED, owner=Owner.DESK),
        Field("closed_at", "Clôturée le", Kind.MOMENT, sight=Sight.LISTED, owner=Owner.DESK),
        Field("first_closed_at", "Première clôture", Kind.MOMENT, owner=Owner.DESK),
        Field("closed_by", "Fermée par", Kind.REF, ref="accounts", owner=Owner.DESK),
        Field("reopened_at", "Rouverte le", Kind.MOMENT, owner=Owner.DESK),
        # computed dates, each with its reasons (a serialised ``policy.reasons.Deadline``)
        Field("target_on", "Cible", Kind.DATE, sight=Sight.LISTED, owner=Owner.DESK, edited=False),
        Field("target_why", "Pourquoi cette cible", Kind.JSON, owner=Owner.DESK, leaves=Leaves.NEVER, edited=False),
        Field("ack_due_at", "Accusé de réception dû le", Kind.MOMENT, owner=Owner.DESK, edited=False),
        Field("ack_why", "Pourquoi cette échéance", Kind.JSON, owner=Owner.DESK, leaves=Leaves.NEVER, edited=False),
        Field("acknowledged_at", "Accusé de réception le", Kind.MOMENT, owner=Owner.DESK, edited=False),
        # order of the queue, kept beside so that SQL sorts and pages by one index
        Field("open", "Ouvert", Kind.BOOL, required=True, owner=Owner.DESK, leaves=Leaves.NEVER, edited=False),
        Field("queue_rank", "Rang dans la file", Kind.INTEGER, required=True, owner=Owner.DESK,
              leaves=Leaves.NEVER, edited=False),
        Field("queue_day", "Jour de tri", Kind.DATE, required=True, owner=Owner.DESK,
              leaves=Leaves.NEVER, edited=False),
        Field("moved_at", "Dernier geste le", Kind.MOMENT, owner=Owner.DESK, edited=False),
    ),
    indexes=(
        # the keys of the queue's order, then what its filters and counts ask: pages never open a row to skip it
        ("department", "open", "queue_rank", "queue_day", "received_at", "id",
         "nature", "state", "category", "moved_at", "duplicate_of"),
        ("open", "queue_rank", "queue_day", "received_at", "id",
         "nature", "state", "category", "moved_at", "duplicate_of"),
        ("department", "open", "closed_at", "id"),
        ("open", "closed_at", "id"),
        ("department", "completed_at"),
        ("completed_at",),
        ("received_at",),
        ("street", "civic"),
        ("acknowledged_at", "ack_due_at"),
    ),
)  # fmt: skip

PAUSES = Table(
    "pauses",
    "Mises en attente",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True, owner=Owner.DESK),
        Field("starts_on", "Premier jour", Kind.DATE, required=True, owner=Owner.DESK),
        Field("ends_on", "Reprise le", Kind.DATE, owner=Owner.DESK),
    ),
    logged=False,
)

ANSWERS = Table(
    "answers",
    "Réponses à la liste RNC",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, owner=Owner.DESK),
        Field("month", "Mois", required=True, longest=7, owner=Owner.DESK),
        Field("department", "Service", Kind.REF, ref="departments", required=True, owner=Owner.DESK),
        Field("answer", "Réponse", Kind.CHOICE, Answer, required=True, owner=Owner.DESK),
        Field("words", "Précision", Kind.LONG, longest=2_000, owner=Owner.DESK),
        Field("answered_at", "Répondu le", Kind.MOMENT, required=True, owner=Owner.DESK),
        Field("answered_by", "Répondu par", Kind.REF, ref="accounts", owner=Owner.DESK),
        Field(
            "in_name_of", "Au nom de", owner=Owner.DESK, leaves=Leaves.NEVER
        ),  # whose workbook was taken back
    ),
    unique=(("file", "month"),),
    indexes=(("month", "department"),),
)

ATTACHMENTS = Table(
    "attachments",
    "Pièces jointes",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("name", "Nom", required=True),
        Field("media_type", "Type", required=True, longest=120),
        Field("size", "Taille (octets)", Kind.INTEGER, required=True),
        Field("added_by", "Ajoutée par", Kind.REF, ref="accounts"),
        Field("added_at", "Ajoutée le", Kind.MOMENT, required=True),
        Field("once", "Empreinte", unique=True, longest=120, sight=Sight.SECRET, edited=False),
        Field("removed_at", "Retirée le", Kind.MOMENT),
        Field("removed_by", "Retirée par", Kind.REF, ref="accounts"),
        Field("removed_why", "Motif du retrait", Kind.LONG, longest=2_000),
    ),
    private=True,
)

ATTACHMENT_CONTENTS = Table(
    "attachment_contents",
    "Contenu des pièces jointes",
    (
        Field("attachment", "Pièce", Kind.REF, ref="attachments", required=True, unique=True),
        Field("content", "Contenu", Kind.BYTES, required=True),
    ),
    private=True,
    logged=False,
)

FILE_TABLES = (CITIZENS, FILES, PAUSES, ANSWERS, ATTACHMENTS, ATTACHMENT_CONTENTS)

"""What is to be told and done: mails, lists drawn up, notices to gather, tasks; and what is being typed."""

from policy.words import ListKind, Sight
from sync.fields import Field, Kind, Table
from sync.states import MailKind, MailState, RunOutcome, TaskKind

DRAFTS = Table(
    "drafts",
    "Brouillons",
    (
        Field("account", "Compte", Kind.REF, ref="accounts", required=True),
        Field("record", "Fiche", required=True, longest=80),  # a file id, or « nouvelle »
        Field("field", "Champ", required=True, longest=60),
        Field("value", "Saisi", Kind.JSON),
        Field("based_on", "Valeur de départ", Kind.JSON),
        Field("typed_at", "Saisi le", Kind.MOMENT, required=True),
    ),
    private=True,
    logged=False,
    unique=(("account", "record", "field"),),
)

MAILS = Table(
    "mails",
    "Courriels",
    (
        Field("kind", "Sorte", Kind.CHOICE, MailKind, required=True),
        Field("key", "Clé", required=True, unique=True, longest=200),  # once: (list, month, recipient)…
        Field("file", "Dossier", Kind.REF, ref="files", indexed=True),
        Field("run", "Liste", Kind.REF, ref="list_runs", indexed=True),
        Field("to_name", "Destinataire", sight=Sight.IDENTITY),
        Field("to_address", "Adresse", required=True, longest=254, sight=Sight.IDENTITY),
        Field("subject", "Objet", required=True, longest=300),
        Field("message_id", "Message-ID", required=True, unique=True, longest=200),
        Field("message", "Message", Kind.BYTES, required=True, sight=Sight.IDENTITY),  # the frozen .eml
        Field("state", "État", Kind.CHOICE, MailState, required=True),
        Field("attempts", "Essais", Kind.INTEGER, required=True),
        Field("next_try_at", "Prochain essai", Kind.MOMENT),
        Field("claimed_by", "Pris par", longest=80),
        Field("claimed_until", "Pris jusqu'à", Kind.MOMENT),
        Field("sent_at", "Envoyé le", Kind.MOMENT),
        Field("doubtful", "Peut-être reçu deux fois", Kind.BOOL, required=True),
        Field("late", "Envoi tardif", Kind.BOOL, required=True),
        Field("error", "Dernière erreur", longest=1_000),
        Field("again_of", "Renvoi de", longest=40),  # the id of the mail of which this is a second sending
        Field("again_by", "Renvoyé par", Kind.REF, ref="accounts"),
        Field("again_why", "Motif du renvoi", longest=500),
    ),
    private=True,
    logged=False,
    indexes=(("state", "next_try_at"), ("kind", "sent_at")),
)

LIST_RUNS = Table(
    "list_runs",
    "Listes dressées",
    (
        Field("kind", "Liste", Kind.CHOICE, ListKind, required=True),
        Field("month", "Mois", required=True, longest=7),  # the month the list is about
        Field("due_on", "Prévue le", Kind.DATE, required=True),
        Field("outcome", "Issue", Kind.CHOICE, RunOutcome, required=True),
        Field("drawn_at", "Dressée le", Kind.MOMENT, required=True),
        Field("why", "Explication", Kind.JSON),  # a serialised Deadline
        Field("note", "Remarque", longest=1_000),
    ),
    private=True,
    unique=(("kind", "month"),),
)

NOTICES = Table(
    "notices",
    "Avis d'acheminement à regrouper",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("department", "Service", Kind.REF, ref="departments", required=True),
        Field("urgent", "Urgent", Kind.BOOL, required=True),
        Field("routed_at", "Acheminée le", Kind.MOMENT, required=True),
        Field("mailed_at", "Avisé le", Kind.MOMENT),
    ),
    private=True,
    logged=False,
    indexes=(("mailed_at", "routed_at"),),
)

TASKS = Table(
    "tasks",
    "À faire",
    (
        Field("kind", "Sorte", Kind.CHOICE, TaskKind, required=True),
        Field("key", "Clé", required=True, unique=True, longest=200),
        Field("file", "Dossier", Kind.REF, ref="files", indexed=True),
        Field("words", "Précision", Kind.LONG, longest=2_000),
        Field("due_at", "Pour le", Kind.MOMENT),
        Field("done_at", "Fait le", Kind.MOMENT),
        Field("done_by", "Fait par", Kind.REF, ref="accounts"),
    ),
    private=True,
    indexes=(("done_at", "due_at"),),
)

MAIL_TABLES = (DRAFTS, MAILS, LIST_RUNS, NOTICES, TASKS)

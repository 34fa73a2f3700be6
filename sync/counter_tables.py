"""What the counter has besides the files: guides, templates of answers, what is noted in the field."""

from policy.counter_words import GuideKind, ProofState, ReportState
from policy.words import Channel, Nature, Sight, State
from sync.fields import Field, Kind, Owner, Table

GUIDES = Table(
    "guides",
    "Guides et ressources",
    (
        Field("name", "Titre", required=True, unique=True, sight=Sight.LISTED, owner=Owner.TABLE),
        Field("kind", "Sorte", Kind.CHOICE, GuideKind, required=True, owner=Owner.TABLE),
        Field("department", "Service", Kind.REF, ref="departments", owner=Owner.TABLE),
        Field("keywords", "Mots-clés", longest=1000, owner=Owner.TABLE),
        Field("words", "Ce qu'il faut en dire", Kind.LONG, longest=2_000, owner=Owner.TABLE),
        Field("body", "À qui s'adresser", owner=Owner.TABLE),
        Field("phone", "Téléphone ou poste", longest=60, owner=Owner.TABLE),
        Field("email", "Courriel", longest=254, owner=Owner.TABLE),
        Field("link", "Adresse Web", longest=500, owner=Owner.TABLE),
        Field("active", "En usage", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

ANSWER_TEMPLATES = Table(
    "answer_templates",
    "Modèles de réponse",
    (
        Field("name", "Titre", required=True, unique=True, sight=Sight.LISTED, owner=Owner.TABLE),
        Field("category", "Catégorie", Kind.REF, ref="categories", owner=Owner.TABLE),
        Field("state", "À l'état", Kind.CHOICE, State, owner=Owner.TABLE),
        Field("words", "Texte", Kind.LONG, required=True, longest=4_000, owner=Owner.TABLE),
        Field("active", "En usage", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

FIELD_REPORTS = Table(
    "field_reports",
    "Signalements du terrain",
    (
        Field("token", "Jeton de saisie", required=True, unique=True, longest=80, sight=Sight.SECRET),
        Field("author", "Noté par", Kind.REF, ref="accounts", required=True),
        Field("sent_at", "Reçu au service aux citoyens le", Kind.MOMENT, required=True),
        Field("state", "État", Kind.CHOICE, ReportState, required=True),
        # P §4.3, item by item; each may be missing
        Field("name", "Nom et prénom", sight=Sight.IDENTITY),
        Field("home_civic", "Numéro civique", longest=20, sight=Sight.IDENTITY),
        Field("home_street", "Rue", sight=Sight.IDENTITY),
        Field("home_city", "Municipalité", sight=Sight.IDENTITY),
        Field("home_postal_code", "Code postal", longest=10, sight=Sight.IDENTITY),
        Field("phone", "Téléphone", longest=40, sight=Sight.IDENTITY),
        Field("email", "Courriel", longest=254, sight=Sight.IDENTITY),
        Field("received_on", "Date de réception", Kind.DATE),
        Field("nature", "Nature", Kind.CHOICE, Nature),
        Field("department", "Service concerné", Kind.REF, ref="departments"),
        Field("facts", "Exposé des faits", Kind.LONG, longest=20_000),
        Field("civic", "Numéro civique du lieu", longest=20),
        Field("street", "Rue ou lieu"),
        Field("place_note", "Précision du lieu", Kind.LONG, longest=2_000),
        # what became of it
        Field("file", "Dossier", Kind.REF, ref="files", indexed=True),
        Field("reason", "Motif", Kind.LONG, longest=2_000),
        Field("judged_at", "Réglé le", Kind.MOMENT),
        Field("judged_by", "Réglé par", Kind.REF, ref="accounts"),
    ),
    private=True,
    indexes=(("state", "sent_at"), ("author", "sent_at")),
)

REPORT_PHOTOS = Table(  # of a report being typed, or sent and not yet a file; by the token of its form
    "report_photos",
    "Photos d'un signalement",
    (
        Field("token", "Jeton de saisie", required=True, longest=80, indexed=True, sight=Sight.SECRET),
        Field("added_by", "Prise par", Kind.REF, ref="accounts", required=True),
        Field("added_at", "Ajoutée le", Kind.MOMENT, required=True),
        Field("name", "Nom", required=True),
        Field("media_type", "Type", required=True, longest=120),
        Field("size", "Taille (octets)", Kind.INTEGER, required=True),
        Field("once", "Empreinte", required=True, unique=True, longest=160, sight=Sight.SECRET),
        Field("content", "Contenu", Kind.BYTES, required=True),
    ),
    private=True,
    logged=False,
)

CONTACTS = Table(  # a new call about a file that is open
    "contacts",
    "Nouveaux appels",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("at", "Reçu le", Kind.MOMENT, required=True),
        Field("channel", "Provenance", Kind.CHOICE, Channel, required=True),
        Field("words", "Ce que la personne a dit", Kind.LONG, required=True, longest=20_000),
        Field("citizen", "Autre citoyen", Kind.REF, ref="citizens", indexed=True, sight=Sight.IDENTITY),
        Field("noted_by", "Noté par", Kind.REF, ref="accounts"),
        Field("token", "Jeton de saisie", required=True, unique=True, longest=80, sight=Sight.SECRET),
    ),
    private=True,
)

PROOFS = Table(  # P annexe A, point 5: « faire relire »; the text itself is the file's, or the telling's
    "proofs",
    "Textes à relire",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("telling", "Information", Kind.REF, ref="tellings"),  # none: the text of the closing
        Field("state", "État", Kind.CHOICE, ProofState, required=True, indexed=True),
        Field("asked_by", "Demandé par", Kind.REF, ref="accounts"),
        Field("asked_at", "Demandé le", Kind.MOMENT, required=True),
        Field("reason", "À reprendre", Kind.LONG, longest=2_000),
        Field("read_by", "Relu par", Kind.REF, ref="accounts"),
        Field("read_at", "Relu le", Kind.MOMENT),
    ),
    private=True,
)

TELLINGS = Table(  # P annexe A, point 5, while the file is open; the closing's text is the file's own
    "tellings",
    "Informations aux demandeurs",
    (
        Field("file", "Dossier", Kind.REF, ref="files", required=True, indexed=True),
        Field("state", "À l'état", Kind.CHOICE, State, required=True),
        Field("text", "Information pour le demandeur", Kind.LONG, longest=20_000),
        Field("written_by", "Écrite par", Kind.REF, ref="accounts"),
        Field("written_at", "Écrite le", Kind.MOMENT, required=True),
        Field("sent_at", "Transmise le", Kind.MOMENT),  # none: it is being read, or the file moved on before
        Field("once", "Empreinte", required=True, unique=True, longest=160, sight=Sight.SECRET),
    ),
    private=True,
)

# proofs before tellings: whatever is forgotten lets go of what it points to first
COUNTER_TABLES = (GUIDES, ANSWER_TEMPLATES, FIELD_REPORTS, REPORT_PHOTOS, CONTACTS, PROOFS, TELLINGS)

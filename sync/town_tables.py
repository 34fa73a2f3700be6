"""What the town decides: the tables of settings, and the registry of Responsables."""

from policy.words import Circuit, Closer, Duty, Nature, Priority, Sight
from sync.fields import Field, Kind, Leaves, Owner, Table

DEPARTMENTS = Table(
    "departments",
    "Services",
    (
        Field("name", "Service", required=True, unique=True, sight=Sight.LISTED, owner=Owner.TABLE),
        Field("circuit", "Circuit", Kind.CHOICE, Circuit, required=True, owner=Owner.TABLE),
        Field("closer", "Qui ferme", Kind.CHOICE, Closer, required=True, owner=Owner.TABLE),
        Field("email", "Courriel", longest=254, owner=Owner.TABLE),
        Field("rank", "Ordre", Kind.INTEGER, owner=Owner.TABLE),
        Field("active", "En service", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

CATEGORIES = Table(
    "categories",
    "Grille d'intervention",
    (
        Field("name", "Catégorie", required=True, unique=True, sight=Sight.LISTED, owner=Owner.TABLE),
        Field("department", "Service", Kind.REF, ref="departments", owner=Owner.TABLE),
        Field("priority", "Priorité", Kind.CHOICE, Priority, required=True, owner=Owner.TABLE),
        Field("nature", "Nature proposée", Kind.CHOICE, Nature, owner=Owner.TABLE),
        Field("keywords", "Mots-clés", longest=1000, owner=Owner.TABLE),
        Field("active", "En usage", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

DELAYS = Table(
    "delays",
    "Délais de la grille",
    (
        Field("category", "Catégorie", Kind.REF, ref="categories", required=True, owner=Owner.TABLE),
        Field("valid_from", "En vigueur le", Kind.DATE, required=True, owner=Owner.TABLE),
        Field("season_start", "Début de saison (MM-JJ)", longest=5, owner=Owner.TABLE),
        Field("season_end", "Fin de saison (MM-JJ)", longest=5, owner=Owner.TABLE),
        Field("working_days", "Délai (jours ouvrés)", Kind.INTEGER, owner=Owner.TABLE),
    ),
    setting=True,
    indexes=(("category", "valid_from"),),
)

CODES = Table(
    "codes",
    "Codes d'intervention",
    (
        Field("code", "Code", required=True, unique=True, longest=20, owner=Owner.TABLE),
        Field("label", "Libellé", required=True, owner=Owner.TABLE),
        Field("met", "Demande satisfaite", Kind.BOOL, required=True, owner=Owner.TABLE),
        Field("active", "En usage", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

DESIGNATIONS = Table(
    "designations",
    "Registre des Responsables",
    (
        Field("department", "Service", Kind.REF, ref="departments", required=True, indexed=True),
        Field("duty", "Fonction", Kind.CHOICE, Duty, required=True),
        Field("director", "Directeur ou directrice du service"),
        Field("person", "Nom et prénom", required=True),
        Field("email", "Courriel du poste", required=True, longest=254),
        Field("extension", "Numéro de poste", longest=20),
        Field("starts_on", "Depuis le", Kind.DATE, required=True),
        Field("ends_on", "Jusqu'au", Kind.DATE),  # substitutes only; the others are replaced
        # whoever holds it opens the department's files meanwhile: given on a screen, by nobody from outside
        Field("account", "Compte", Kind.REF, ref="accounts", indexed=True, leaves=Leaves.NEVER),
        Field("signed_on", "Date de la désignation", Kind.DATE),
        Field("employee_signed", "Signée par l'employé(e)", Kind.BOOL),
        Field("director_signed", "Signée par la direction", Kind.BOOL),
    ),
)

COUNCIL = Table(
    "council",
    "Conseil",
    (
        Field("name", "Nom", required=True, owner=Owner.TABLE),
        Field("email", "Courriel", required=True, longest=254, owner=Owner.TABLE),
        Field("district", "District", owner=Owner.TABLE),
        Field("starts_on", "Depuis le", Kind.DATE, owner=Owner.TABLE),
        Field("ends_on", "Jusqu'au", Kind.DATE, owner=Owner.TABLE),
    ),
    setting=True,
)

CLOSINGS = Table(
    "closings",
    "Jours de fermeture",
    (
        Field("day", "Jour", Kind.DATE, required=True, unique=True, owner=Owner.TABLE),
        Field("label", "Motif", required=True, owner=Owner.TABLE),
        Field("open", "Ouvert malgré tout", Kind.BOOL, required=True, owner=Owner.TABLE),
    ),
    setting=True,
)

RULES = Table(
    "rules",
    "Règles de la ville",
    (
        Field("name", "Règle", required=True, longest=60, owner=Owner.TABLE),
        Field("value", "Valeur", required=True, longest=500, owner=Owner.TABLE),
        Field("valid_from", "En vigueur le", Kind.DATE, required=True, owner=Owner.TABLE),
        Field("article", "Article", required=True, owner=Owner.TABLE),
    ),
    setting=True,
    unique=(("name", "valid_from"),),
)

TOWN_TABLES = (DEPARTMENTS, CATEGORIES, DELAYS, CODES, DESIGNATIONS, COUNCIL, CLOSINGS, RULES)

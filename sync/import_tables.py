"""The tables of what a person brings in by a file: each import, its rows while they wait, what does not fit.

None of it leaves the house, and none of it is logged: the rows hold citizens' words until they are files, whose
own history says whence they came.
"""

from sync.fields import Field, Kind, Table
from sync.states import ImportState

IMPORTS = Table(
    "imports",
    "Imports",
    (
        Field("name", "Fichier", required=True),
        Field("digest", "Empreinte", required=True, longest=64),
        Field("state", "État", Kind.CHOICE, ImportState, required=True, indexed=True),
        Field("sheets", "Feuilles", Kind.JSON),
        Field("sheet", "Feuille"),
        Field("header_line", "Ligne des en-têtes", Kind.INTEGER, required=True),  # 0: to be found
        Field("headers", "En-têtes", Kind.JSON),
        Field("rows", "Lignes", Kind.INTEGER, required=True),
        Field("matching", "Association", Kind.JSON),
        Field("remembered", "Association reprise", Kind.BOOL, required=True),
        # what the last check found
        Field("fits", "Lignes qui conviennent", Kind.INTEGER, required=True),
        Field("known", "Lignes déjà là", Kind.INTEGER, required=True),
        Field("wrong", "Lignes qui ne conviennent pas", Kind.INTEGER, required=True),
        # what is under way
        Field("done", "Faites", Kind.INTEGER, required=True),
        Field("total", "À faire", Kind.INTEGER, required=True),
        Field("numbers", "Numéros réservés", Kind.JSON),
        Field("claimed_by", "Pris par", longest=200),
        Field("claimed_until", "Pris jusqu'à", Kind.MOMENT),
        Field("attempts", "Essais", Kind.INTEGER, required=True),
        Field("trouble", "Ce qui l'a arrêté", Kind.LONG, longest=2_000),
        # what came of it
        Field("added", "Dossiers ajoutés", Kind.INTEGER, required=True),
        Field("left_aside", "Lignes laissées de côté", Kind.INTEGER, required=True),
        Field("withdrawn", "Dossiers retirés", Kind.INTEGER, required=True),
        Field("received_by", "Apporté par", Kind.REF, ref="accounts"),
        Field("received_name", "Apporté par (nom)", required=True),
        Field("received_at", "Apporté le", Kind.MOMENT, required=True),
        Field("asked_by", "Demandé par", longest=200),
        Field("asked_name", "Demandé par (nom)"),
        Field("asked_at", "Demandé le", Kind.MOMENT),
        Field("finished_at", "Importé le", Kind.MOMENT),
        Field("undone_by", "Annulé par", longest=200),
        Field("undone_name", "Annulé par (nom)"),
        Field("undone_at", "Annulé le", Kind.MOMENT),
        Field("cleared", "Contenu effacé", Kind.BOOL, required=True),
    ),
    private=True,
    logged=False,
)

IMPORT_CONTENTS = Table(
    "import_contents",
    "Fichiers apportés",
    (
        Field("lot", "Import", Kind.REF, ref="imports", required=True, unique=True),
        Field("content", "Contenu", Kind.BYTES, required=True),
        Field("profile", "Aperçu des colonnes", Kind.JSON),
    ),
    private=True,
    logged=False,
)

IMPORT_PARTS = Table(
    "import_parts",
    "Lignes des fichiers apportés",
    (
        Field("lot", "Import", Kind.REF, ref="imports", required=True),
        Field("rank", "Rang", Kind.INTEGER, required=True),
        Field("rows", "Lignes", Kind.JSON, required=True),  # [line, [cells…]]
    ),
    private=True,
    logged=False,
    unique=(("lot", "rank"),),
)

IMPORT_ASIDES = Table(
    "import_asides",
    "Lignes qui ne conviennent pas",
    (
        Field("lot", "Import", Kind.REF, ref="imports", required=True),
        Field("line", "Ligne", Kind.INTEGER, required=True),
        Field("number", "Numéro d'origine", longest=120),
        Field("header", "Colonne", longest=200),
        Field("value", "Valeur", longest=200),
        Field("why", "Pourquoi", Kind.LONG, required=True, longest=2_000),
    ),
    private=True,
    logged=False,
    indexes=(("lot", "line"),),
)

IMPORT_MATCHINGS = Table(  # remembered for the next file that has the same headers
    "import_matchings",
    "Associations de colonnes",
    (
        Field("headers", "En-têtes", required=True, unique=True, longest=64),  # their digest
        Field("matching", "Association", Kind.JSON, required=True),
        Field("used_at", "Employée le", Kind.MOMENT, required=True),
    ),
    private=True,
    logged=False,
)

IMPORT_TABLES = (IMPORTS, IMPORT_CONTENTS, IMPORT_PARTS, IMPORT_ASIDES, IMPORT_MATCHINGS)

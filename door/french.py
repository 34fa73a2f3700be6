"""French for Streamlit's own texts: its page in fr-CA, its words by a table, its package untouched."""

import json
import re
from functools import cache
from pathlib import Path

import streamlit

INDEX = Path(streamlit.__file__).parent / "static" / "index.html"
TITLE = "Guichet"

# What Streamlit 1.67 writes by itself → what is read here. Exact texts, also as labels, titles and hints.
EXACT = {
    # the frame
    "Close": "Fermer",
    "Cancel": "Annuler",
    "Copy": "Copier",
    "Copied": "Copié",
    "Copy to clipboard": "Copier",
    "Try again": "Réessayer",
    "Continue anyway": "Continuer",
    "Notifications": "Avis",
    "Sidebar": "Menu latéral",
    "Main": "Contenu",
    "Main menu": "Menu",
    "App pages": "Écrans",
    "App Logo": "Guichet",
    "Logo": "Guichet",
    "Navigate to home page": "Aller à l'entrée",
    "Skip to main content": "Aller au contenu",
    "Collapse sidebar": "Replier le menu",
    "Expand sidebar": "Déplier le menu",
    "View less": "En montrer moins",
    "Scroll tabs left": "Onglets précédents",
    "Scroll tabs right": "Onglets suivants",
    "Fullscreen": "Plein écran",
    "Close fullscreen": "Quitter le plein écran",
    "Link to heading": "Lien vers ce titre",
    "Settings": "Réglages",
    "Print": "Imprimer",
    "Theme": "Thème",
    "Light": "Clair",
    "Dark": "Sombre",
    "System": "Celui de l'appareil",
    "About": "À propos",
    "Rerun": "Recharger",
    "Always rerun": "Toujours recharger",
    "Auto rerun": "Recharger seul",
    "Clear cache": "Vider la mémoire",
    "Clear caches": "Vider la mémoire",
    "Record a screencast": "Enregistrer l'écran",
    "Report a bug": "Signaler un problème",
    "Get help": "Aide",
    "Stop": "Arrêter",
    "Stopping...": "Arrêt…",
    "Running...": "En cours…",
    "Connecting": "Connexion…",
    "Loading...": "Chargement…",
    "Page not found": "Page introuvable",
    "Connection error": "La connexion est interrompue",
    "Connection failed": "La connexion est interrompue",
    "Connection timed out.": "Le serveur ne répond pas.",
    "Network issue": "Problème de réseau",
    "Script execution error": "Un problème est survenu",
    "Bad message format": "Un problème est survenu",
    "No message": "Aucun message",
    "Unknown error": "Erreur inconnue",
    "Unknown Error": "Erreur inconnue",
    "Streamlit server is not responding. Are you connected to the internet?": (
        "Le serveur ne répond pas. Vérifiez votre connexion au réseau."
    ),
    "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": (
        "Le serveur ne répond pas. L'écran reprendra de lui-même dès qu'il sera revenu."
    ),
    # fields
    "Choose an option": "Choisissez",
    "Choose options": "Choisissez",
    "Select an option": "Choisissez",
    "Select options": "Choisissez",
    "Choose or add an option": "Choisissez ou ajoutez",
    "Choose or add options": "Choisissez ou ajoutez",
    "Add an option": "Ajoutez",
    "Add options": "Ajoutez",
    "No options to select": "Aucun choix",
    "No options to select.": "Aucun choix",
    "No results": "Aucun résultat",
    "Select all": "Tout choisir",
    "Clear all": "Tout effacer",
    "Clear value": "Effacer",
    "Clear entry": "Effacer",
    "Clear date": "Effacer la date",
    "Clear dates": "Effacer les dates",
    "Clear time": "Effacer l'heure",
    "Clear date and time": "Effacer la date et l'heure",
    "Open": "Ouvrir",
    "Selected values": "Choix faits",
    "Increment": "Augmenter",
    "Decrement": "Diminuer",
    "Show password": "Montrer le mot de passe",
    "Hide password": "Cacher le mot de passe",
    "Press Enter to apply": "Entrée pour appliquer",
    "Press Enter to submit form": "Entrée pour envoyer",
    "Press Ctrl+Enter to apply": "Ctrl+Entrée pour appliquer",
    "Press Ctrl+Enter to submit form": "Ctrl+Entrée pour envoyer",
    "Press ⌘+Enter to apply": "⌘+Entrée pour appliquer",
    "Press ⌘+Enter to submit form": "⌘+Entrée pour envoyer",
    "This field is required.": "Ce champ est requis.",
    "This field is required": "Ce champ est requis",
    "Choose date": "Choisir la date",
    "Choose date range": "Choisir la période",
    "Choose date and time": "Choisir la date et l'heure",
    "Date range": "Période",
    "Time": "Heure",
    "Next month": "Mois suivant",
    "Previous month": "Mois précédent",
    "Quick select a date range": "Choisir une période usuelle",
    "Past Week": "Dernière semaine",
    "Past Month": "Dernier mois",
    "Past 3 Months": "3 derniers mois",
    "Past 6 Months": "6 derniers mois",
    "Past Year": "Dernière année",
    "Past 2 Years": "2 dernières années",
    "Use arrow keys to navigate dates. Enter to select. Escape to close.": (
        "Flèches pour changer de jour, Entrée pour choisir, Échap pour fermer."
    ),
    "Use arrow keys to navigate. Enter to select. Tab to switch between calendar and time. "
    "Escape to close.": (
        "Flèches pour se déplacer, Entrée pour choisir, Tab pour passer à l'heure, Échap pour fermer."
    ),
    "Upload": "Téléverser",
    "Add files": "Ajouter des fichiers",
    "Browse files": "Choisir un fichier",
    "Drag and drop file here": "Déposez un fichier ici",
    "Drag and drop files here": "Déposez des fichiers ici",
    "Too many files": "Trop de fichiers",
    "Click to retry upload": "Cliquez pour réessayer",
    "Download failed": "Le téléchargement a échoué",
    "Next page": "Page suivante",
    "Previous page": "Page précédente",
    "Pagination": "Pages",
    # grids and charts
    "Search": "Chercher",
    "Close Search": "Fermer la recherche",
    "Next Result": "Résultat suivant",
    "Previous Result": "Résultat précédent",
    "Add row": "Ajouter une ligne",
    "Delete row(s)": "Supprimer les lignes",
    "Clear selection": "Défaire la sélection",
    "Download as CSV": "Télécharger en CSV",
    "Download as PNG": "Télécharger en PNG",
    "Show/hide columns": "Choisir les colonnes",
    "Sort ascending": "Trier en ordre croissant",
    "Sort descending": "Trier en ordre décroissant",
    "Autosize": "Ajuster la largeur",
    "Pin column": "Figer la colonne",
    "Unpin column": "Libérer la colonne",
    "Hide column": "Masquer la colonne",
    "Copy column name": "Copier le nom de la colonne",
    "Format": "Format",
    "Statistics": "Statistiques",
    "Automatic": "Automatique",
    "Localized": "Local",
    "Plain": "Brut",
    "Compact": "Abrégé",
    "Dollar": "Dollar",
    "Euro": "Euro",
    "Yen": "Yen",
    "Percent": "Pourcentage",
    "Scientific": "Scientifique",
    "Accounting": "Comptable",
    "Distance": "Écart avec maintenant",
    "Calendar": "Calendrier",
    "Dataframe column menu": "Menu de la colonne",
    "Button action menu": "Menu",
    "Scrollable table": "Tableau défilant",
    "Show chart": "Montrer le graphique",
    "Show data": "Montrer les données",
    "No data": "Aucune donnée",
    "No content": "Aucun contenu",
    "Empty": "Vide",
    "Edit": "Modifier",
    "Select...": "Choisir…",
}

# The same, where Streamlit puts a value in: pattern → words, $1 being the value.
SHAPES = {
    r"^Max size: (.+) per file(.*)$": "Taille maximale : $1 par fichier$2",
    r"^Limit (.+) per file(.*)$": "Au plus $1 par fichier$2",
    r"^View (\d+) more$": "En montrer $1 de plus",
    r"^Add: (.+)$": "Ajouter : $1",
    r"^Remove (.+)$": "Retirer $1",
    r"^Clear (.+)$": "Effacer $1",
    r"^Page (\d+)$": "Page $1",
    r"^Select (\d+) matches$": "Choisir les $1 résultats",
    r"^(\d+) results?$": "$1 résultats",
    r"^(\d+) of (\d+) results?$": "résultat $1 sur $2",
    r"^Connection failed with status (.+)$": "La connexion est interrompue ($1)",
    r"^The page that you have requested does not seem to exist.*$": "Il n'y a rien à cette adresse.",
    r"^You have requested page .* Running the app's main page\.$": "Il n'y a rien à cette adresse.",
    r"^File is larger than (.+)$": "Le fichier dépasse $1",
    r"^File must be (.+) or smaller\.?$": "Le fichier ne doit pas dépasser $1",
    r"^(.+) files are not allowed\.?$": "Les fichiers $1 ne sont pas acceptés",
}


@cache
def script() -> str:
    """The table of words, for the browser."""
    table = json.dumps({"exact": EXACT, "shapes": list(SHAPES.items())}, ensure_ascii=False)
    return f"window.guichetFrench = {table};\n"


@cache
def index() -> str:
    """Streamlit's page, in French, with our script before its own and nothing written into the page itself.

    Raises ``ValueError`` when the page of an upgraded Streamlit is no longer the one this was written for.
    """
    page = re.sub(r"^<!--.*?-->\s*", "", INDEX.read_text(encoding="utf-8"), flags=re.S)
    ours = '<script src="./porte/french.js"></script>\n    <script src="./porte/door.js"></script>'
    for pattern, by in (
        (r'<html lang="en">', '<html lang="fr-CA">'),
        (r"<title>Streamlit</title>", f"<title>{TITLE}</title>"),
        (
            r'<link rel="shortcut icon" href="./favicon.png" />',
            '<link rel="icon" href="./porte/favicon.svg" type="image/svg+xml" />',
        ),
        (r'<!--[^>]*?agent API.*?-->\s*<link rel="service-desc"[^>]*/>', ""),
        (r"<!-- initialize window.*?-->\s*<script>.*?</script>", ours),
        (
            r"<noscript>.*?</noscript>",
            "<noscript><p>Activez JavaScript pour utiliser le guichet.</p></noscript>",
        ),
    ):
        page, times = re.subn(pattern, by.replace("\\", r"\\"), page, flags=re.S)
        if times != 1:
            raise ValueError(f"Streamlit's page changed: {pattern}")
    return page

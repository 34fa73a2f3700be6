"""How towns usually call the columns and the states of their own tables: what an adoption first proposes."""

from collections.abc import Mapping

# By field of ours: headers without case nor accents (``sync.adopt_plan.folded``).
HEADERS: Mapping[str, frozenset[str]] = {
    "number": frozenset(
        {"no", "n", "#", "num", "numero", "no dossier", "no de dossier", "numero de dossier",
         "no de la demande", "numero de la demande", "no demande", "no requete", "numero de requete",
         "reference", "dossier"}
    ),
    "received_at": frozenset(
        {"date", "date de reception", "date recue", "recu le", "recue", "reception", "date de la demande",
         "date d ouverture", "ouvert le", "ouverte le"}
    ),
    "street": frozenset(
        {"adresse", "rue", "lieu", "endroit", "emplacement", "localisation", "adresse de l intervention",
         "lieu de l intervention", "adresse du lieu"}
    ),
    "facts": frozenset(
        {"description", "demande", "objet", "details", "detail", "sujet", "probleme", "commentaires",
         "description de la demande", "nature de la demande"}
    ),
    "state": frozenset({"statut", "etat de la demande", "avancement", "statut de la demande"}),
    "category": frozenset({"type", "type de demande", "categorie de demande", "motif"}),
    "department": frozenset({"departement", "service responsable", "service concerne", "assigne a"}),
    "priority": frozenset({"urgence", "niveau de priorite"}),
    "channel": frozenset({"source", "canal", "mode de reception", "origine", "recue par"}),
    "closed_at": frozenset(
        {"date de fermeture", "fermee le", "ferme le", "date de cloture", "fermeture", "termine le"}
    ),
    "done_on": frozenset({"date des travaux", "fait le", "date de realisation", "realise le", "execute le"}),
    "planned_on": frozenset({"prevu le", "prevue le", "echeance", "date planifiee"}),
    "sector": frozenset({"quartier", "zone", "district"}),
    "next_action": frozenset({"suivi", "prochaine etape", "a faire"}),
    "citizen_text": frozenset({"reponse", "reponse au citoyen"}),
    "civic": frozenset({"no civique", "numero civique", "civique", "no porte", "numero de porte"}),
    "place_note": frozenset({"precision", "precisions", "precision du lieu", "repere", "intersection"}),
    "code": frozenset({"code", "code d intervention", "code de fermeture"}),
    "note": frozenset({"note", "notes", "remarque", "remarques", "note interne", "notes internes",
                       "observations"}),
    "done_extension": frozenset({"poste", "no de poste"}),
    "source_id": frozenset(
        {"no", "n", "#", "num", "numero", "no dossier", "no de dossier", "numero de dossier",
         "no de la demande", "numero de la demande", "no demande", "no requete", "numero de requete",
         "no de requete", "reference", "dossier", "id", "identifiant", "id unique"}
    ),
    "who_name": frozenset(
        {"nom", "nom complet", "nom et prenom", "citoyen", "citoyenne", "demandeur", "demandeuse",
         "requerant", "plaignant", "nom du citoyen", "nom du demandeur", "nom du requerant",
         "contribuable", "appelant"}
    ),
    "who_first": frozenset({"prenom", "prenom du citoyen", "prenom du demandeur"}),
    "who_phone": frozenset(
        {"telephone", "tel", "no telephone", "no de telephone", "numero de telephone", "telephone du citoyen",
         "cellulaire", "cell", "tel citoyen"}
    ),
    "who_email": frozenset({"courriel", "adresse courriel", "email", "e mail", "courriel du citoyen"}),
    "who_civic": frozenset({"no civique du citoyen", "numero civique du citoyen"}),
    "who_street": frozenset(
        {"adresse du citoyen", "adresse du demandeur", "adresse du requerant", "adresse postale", "domicile",
         "adresse du domicile", "adresse citoyen"}
    ),
    "who_city": frozenset({"ville", "municipalite"}),
    "who_postal_code": frozenset({"code postal", "cp"}),
    "name": frozenset({"nom", "nom du service", "service", "nom complet"}),
    "person": frozenset({"nom", "responsable", "nom complet"}),
    "email": frozenset({"courriel", "adresse courriel", "email", "e mail"}),
    "district": frozenset({"quartier", "siege"}),
    "label": frozenset({"description", "libelle", "motif"}),
    "day": frozenset({"date", "jour ferie"}),
}  # fmt: skip

# By word of ours: what it is also called.
MEANINGS: Mapping[str, frozenset[str]] = {
    "Nouvelle": frozenset({"nouveau", "recue", "recu", "a traiter", "ouvert", "ouverte"}),
    "Prise en charge": frozenset({"en cours", "en traitement", "assignee", "assigne", "debute"}),
    "Planifiée": frozenset({"planifie", "prevu", "prevue", "a venir"}),
    "En attente": frozenset({"attente", "suspendu", "suspendue", "en suspens"}),
    "Complétée": frozenset(
        {"complete", "fait", "faite", "ferme", "fermee", "termine", "terminee", "regle", "reglee", "clos",
         "close", "resolu", "resolue", "traite", "traitee"}
    ),
    "Annulée": frozenset({"annule", "refuse", "refusee", "rejete", "rejetee", "doublon"}),
    "Urgente": frozenset({"urgent", "tres urgent", "critique"}),
    "Haute": frozenset({"elevee", "eleve", "forte", "prioritaire"}),
    "Normale": frozenset({"normal", "moyenne", "moyen", "reguliere"}),
    "Basse": frozenset({"faible", "bas", "peu urgent"}),
    "En personne": frozenset({"comptoir", "sur place"}),
    "Téléphone": frozenset({"tel", "appel", "appel telephonique"}),
    "Courriel": frozenset({"email", "e mail", "courriel electronique"}),
    "Formulaire Web": frozenset({"site web", "web", "formulaire", "en ligne"}),
    "Message privé (réseaux sociaux)": frozenset({"facebook", "reseaux sociaux", "messenger"}),
    "Courrier": frozenset({"poste", "lettre"}),
    "Terrain": frozenset({"employe", "patrouille"}),
    "Élu": frozenset({"elue", "conseil", "conseiller", "conseillere", "mairie"}),
}  # fmt: skip

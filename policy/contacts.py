"""A new call about a file that is open (R-9): noted on it, counted, instead of another file."""

from policy.classification import LONGEST, tidy
from policy.reasons import Ground
from policy.words import OPEN_STATES, Channel, State


def check_contact(number: str, state: State, channel: Channel | None, words: str) -> tuple[Ground, ...]:
    """R-9: what keeps a new call from being noted on the file of that number, all at once."""
    found = []
    if state not in OPEN_STATES:
        said = f"Le dossier {number} est fermé : rouvrez-le avec un motif, ou inscrivez une nouvelle demande."
        found.append(Ground(said, "R-9", "again"))
    if channel is None:
        found.append(Ground("Indiquez par où la personne a appelé de nouveau.", "R-9", "channel"))
    if not tidy(words):
        found.append(Ground("Écrivez ce que la personne a dit cette fois.", "R-9", "facts"))
    if len(words) > LONGEST["facts"]:
        said = f"Ce texte compte {len(words)} caractères; le maximum est {LONGEST['facts']}."
        found.append(Ground(f"{said} Rien n'est perdu : raccourcissez-le.", "R-9", "facts"))
    return tuple(found)

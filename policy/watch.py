"""P §4.1, Niveau 2: the watch on social networks (R-19): what was seen, and what was done about it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from policy.classification import tidy
from policy.reasons import Ground

ARTICLE = "P §4.1"
LONGEST = 4_000  # characters of the words; the table holds as many
LONGEST_ADDRESS = 500


class Network(StrEnum):
    """Where it was seen."""

    FACEBOOK = "Facebook"
    INSTAGRAM = "Instagram"
    X = "X"
    LINKEDIN = "LinkedIn"
    TIKTOK = "TikTok"
    YOUTUBE = "YouTube"
    OTHER = "Autre"


class Done(StrEnum):
    """What was done about it."""

    NOTHING = "Aucune suite"
    ANSWERED = "Répondu sur place"
    DEMAND = "Devenu une demande"  # by its own gesture, which gives the number


@dataclass(frozen=True)
class Seen:
    """What was seen, as typed: the day, the network, the address of the post or its words, what was done."""

    on: date | None = None
    network: Network | None = None
    address: str = ""
    words: str = ""
    done: Done = Done.NOTHING


def check_seen(seen: Seen, today: date) -> tuple[Ground, ...]:
    """P §4.1 (R-19): what keeps it from being entered in the log, all at once."""
    found = []
    if seen.on is None:
        found.append(Ground("Inscrivez le jour où vous l'avez vu.", ARTICLE, "on"))
    elif seen.on > today:
        found.append(Ground("Ce jour est dans le futur.", ARTICLE, "on"))
    if seen.network is None:
        found.append(Ground("Choisissez le réseau.", ARTICLE, "network"))
    address = tidy(seen.address)
    if not address and not tidy(seen.words):
        found.append(Ground("Inscrivez l'adresse de la publication, ou ce qui y est dit.", ARTICLE, "words"))
    if address and not address.startswith(("https://", "http://")):
        found.append(Ground("L'adresse commence par https:// ou http://.", ARTICLE, "address"))
    if len(address) > LONGEST_ADDRESS:
        found.append(Ground(f"Cette adresse dépasse {LONGEST_ADDRESS} caractères.", ARTICLE, "address"))
    if len(seen.words) > LONGEST:
        told = f"Ce texte compte {len(seen.words)} caractères; le maximum est {LONGEST}."
        found.append(Ground(f"{told} Rien n'est perdu : raccourcissez-le.", ARTICLE, "words"))
    if seen.done is Done.DEMAND:
        found.append(Ground("Une demande s'ouvre par « En faire une demande ».", ARTICLE, "done"))
    return tuple(found)

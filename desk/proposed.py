"""The categories that the facts call for, by the « Mots-clés » of the grid (R-10): proposed, never chosen."""

from collections.abc import Mapping

from desk.guides import is_typed, words_of
from desk.town import Category, town
from desk.visits import Visit
from policy.words import Nature

MOST = 3


def categories(visit: Visit, text: str, nature: Nature | None = None) -> Mapping[str, str]:
    """P §4.1 « grille d'intervention » (R-10): names by id, the surest first; none when nothing is found.

    A keyword of several words (« nid de poule ») counts once all of them were typed, and for as many. A
    category of another nature than the one chosen is left out.
    """
    typed = words_of(text)
    if not typed:
        return {}
    with visit.reading() as counter:
        offered = [
            each
            for each in town(counter.tx, counter.today).categories.values()
            if each.active and (nature is None or each.nature in (None, nature))
        ]
    found = sorted((-score, at) for at, each in enumerate(offered) if (score := _score(each, typed)))
    return {offered[at].id: offered[at].name for _, at in found[:MOST]}


def _score(category: Category, typed: frozenset[str]) -> int:
    """How many words of its name and of its keywords were typed, those of a keyword together."""
    keys = {words_of(key) for key in (category.name, *category.keywords.split(","))}
    met = [key for key in keys if key and all(is_typed(word, typed) for word in key)]
    return len(frozenset().union(*met))

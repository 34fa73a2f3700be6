"""How two spellings of a word are told the same: without capitals nor accents."""

import unicodedata


def bare(text: str) -> str:
    """Small letters without accents, ligatures in two letters: words compare and lists stand by them."""
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return plain.replace("œ", "oe").replace("æ", "ae")

"""Two spellings of a word, and the order of French lists."""

from policy.spelling import bare


def test_capitals_accents_and_ligatures_make_no_difference() -> None:
    assert bare("Œuvre DÉJÀ reçue, naïveté") == "oeuvre deja recue, naivete"


def test_an_accented_capital_stands_where_its_letter_does() -> None:
    names = ["Zonage", "Événements", "Eau", "Éclairage", "égout"]
    assert sorted(names, key=bare) == ["Eau", "Éclairage", "égout", "Événements", "Zonage"]

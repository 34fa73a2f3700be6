"""What is brought in: its kind is read from its content, its name misleads nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.contents import KINDS, LONGEST_NAME, MB, checked, safe_name, size_words
from policy.reasons import Refused
from tests.desk.documents import ACCEPTED, PDF, REFUSED

MOST = 15 * MB


@pytest.mark.parametrize("name", ACCEPTED)
def test_a_document_of_an_accepted_kind_is_taken_for_what_it_is(name: str) -> None:
    content, media_type = ACCEPTED[name]
    found = checked(name, content, MOST)
    assert (found.name, found.media_type, found.content, found.size) == (
        name,
        media_type,
        content,
        len(content),
    )


def test_every_accepted_kind_has_its_example() -> None:
    assert {name.rpartition(".")[2].lower() for name in ACCEPTED} | {"heif"} == set(KINDS)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_accepted_is_refused_in_words_with_its_name(name: str) -> None:
    content, words = REFUSED[name]
    with pytest.raises(Refused, match=words) as no:
        checked(name, content, MOST)
    assert f"« {name} »" in str(no.value)


def test_a_document_larger_than_the_limit_is_refused_with_both_sizes() -> None:
    with pytest.raises(Refused, match=r"« gros\.pdf » pèse 1,5 Mo : 1 Mo au plus\."):
        checked("gros.pdf", PDF + b"\0" * (MB + MB // 2), MB)
    assert checked("juste.pdf", PDF + b"\0" * (MB - len(PDF)), MB).size == MB


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("C:\\Users\\Léa\\facture.pdf", "facture.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("  deux   mots .pdf ", "deux mots.pdf"),
        ("a\r\nX-Injected: 1.pdf", "a X-Injected 1.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ('<b>"x"|?*</b>.png', "b.png"),
        (".htaccess", "htaccess"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("", "document"),
        ("...", "document"),
        ("/", "document"),
        (f"{'a' * 500}.pdf", f"{'a' * (LONGEST_NAME - 4)}.pdf"),
    ],
)
def test_a_name_keeps_what_is_harmless(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_safe_name_is_one_line_of_one_folder_and_safe_again(name: str) -> None:
    safe = safe_name(name)
    assert safe and len(safe) <= LONGEST_NAME + 1 and not set(safe) & set('/\\<>:"|?*\r\n\t\0')
    assert not safe.startswith(".") and safe_name(safe) == safe


@given(st.binary(max_size=200), st.sampled_from(sorted(KINDS)))
def test_any_bytes_are_taken_or_refused_in_words(content: bytes, suffix: str) -> None:
    try:
        assert checked(f"x.{suffix}", content, MOST).content == content
    except Refused as no:
        assert f"x.{suffix}" in str(no)


def test_sizes_read_in_french() -> None:
    assert [size_words(size) for size in (1, 340, 2048, MB, int(1.44 * MB))] == [
        *("1 octet", "340 octets", "2 Ko", "1 Mo", "1,4 Mo"),
    ]

"""A keyring is read or refused in words; whatever is sealed opens again, in its place only."""

import base64
import secrets
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy.private_words import Finding, Measure
from sync.fields import Field, Kind
from sync.vault import SEALED, Keyring, Locked, RowKey

KEY = base64.b64encode(b"k" * 32).decode()


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


PLAIN = {
    Kind.LONG: st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    Kind.INTEGER: st.integers(-(2**63) + 1, 2**63 - 1),
    Kind.BOOL: st.booleans(),
    Kind.DATE: st.dates(),
    Kind.MOMENT: st.datetimes(timezones=st.just(UTC)),
    Kind.CHOICE: st.sampled_from(Measure),
    Kind.JSON: st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ).filter(lambda value: value is not None),
    Kind.BYTES: st.binary(),
}


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), st.sampled_from(list(PLAIN)), st.binary(min_size=32, max_size=32))
def test_whatever_is_sealed_opens_again(data: st.DataObject, kind: Kind, secret: bytes) -> None:
    of = Field("field", "Champ", kind, Measure if kind is Kind.CHOICE else None, sealed=True)
    key = RowKey("table", "record", secret)
    value = data.draw(PLAIN[kind])
    lies = key.sealed(of, value)
    assert key.opened(of, lies) == value
    assert key.sealed(of, value) != lies, "sealed again, it lies otherwise: nothing shows that it is the same"
    assert isinstance(lies, bytes if kind is Kind.BYTES else str)
    for other in (RowKey("table", "other", secret), RowKey("other", "record", secret)):
        with pytest.raises(Locked):
            other.opened(of, lies)


def test_the_length_of_a_word_does_not_tell_which_it_is() -> None:
    key = RowKey("complaint_people", "x", b"k" * 32)
    of = SEALED["complaint_people"]["finding"]
    assert len({len(str(key.sealed(of, finding))) for finding in Finding}) == 1
    measure = SEALED["complaint_people"]["measure"]
    assert len({len(str(key.sealed(measure, each))) for each in Measure}) == 1
    danger = SEALED["complaints"]["danger"]
    assert len({len(str(key.sealed(danger, each))) for each in (True, False)}) == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "vide"),
        ("# une remarque\n\n", "vide"),
        ("ceci n'est pas une clé", "no 1 ne se lit pas"),
        (f"{KEY}\nYWJj", "no 2 n'a pas 32 octets"),
        (f"{KEY}\n{KEY}", "deux fois"),
    ],
)
def test_a_keyring_that_does_not_read_is_refused_in_words(text: str, why: str) -> None:
    with pytest.raises(Locked, match=why):
        Keyring.parsed(text)


def test_a_keyring_is_read_with_its_remarks_the_newest_first() -> None:
    first, second = new_key(), new_key()
    ring = Keyring.parsed(f"\n# celle de 2027\n{first}  # en usage\n  {second}\n")
    assert ring.ids == (Keyring.parsed(first).newest, Keyring.parsed(second).newest)
    assert ring.newest == ring.ids[0]
    assert first not in repr(ring)
    assert repr(ring) == "Keyring()"


def test_a_sealed_moment_comes_back_in_utc() -> None:
    of = Field("at", "Moment", Kind.MOMENT, sealed=True)
    key = RowKey("table", "record", b"k" * 32)
    assert key.opened(of, key.sealed(of, datetime(2026, 1, 2, tzinfo=UTC))).tzinfo is UTC

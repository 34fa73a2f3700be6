"""The digests of the history: the short way to spell a value gives what the long one does."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from policy.words import State
from sync.chain import canonical, field_digests

SALT = bytes(16)
PLAIN = st.none() | st.text() | st.booleans() | st.integers() | st.sampled_from(State)
VALUES = PLAIN | st.lists(PLAIN) | st.dictionaries(st.text(), PLAIN)


@given(VALUES, VALUES)
def test_the_digest_of_a_field_is_that_of_its_canonical_spelling(before: object, after: object) -> None:
    salt = hashlib.sha256(SALT + b"facts").digest()[:16]
    expected = hashlib.sha256(salt + canonical(["facts", [before, after]]).encode()).digest()
    assert field_digests({"facts": [before, after]}, SALT, None) == {"facts": expected}

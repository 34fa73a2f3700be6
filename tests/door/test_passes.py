"""The pass, the way back, the caller's address."""

import pytest

from door import headers, passes

ADDRESS = passes.address_of("https://guichet.ville.qc.ca")


@pytest.mark.parametrize(
    "suite",
    [
        "/",
        "/file",
        "/dossier?numero=2026-00042",
        "/file?texte=a%2Fb&page=2",
        "/telecharger/file.xlsx?retard=1",
    ],
)
def test_one_is_sent_back_to_an_address_of_the_house(suite: str) -> None:
    assert passes.way_back(suite) == suite


@pytest.mark.parametrize(
    "suite",
    [
        "",
        "file",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/a\\b",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        "/file\r\nSet-Cookie: a=b",
        "https://evil.example/file",
        "https:/evil.example",
        "javascript:alert(1)",
        "/ /evil.example",
        "/a//evil.example",
        "/connexion",
        "/connexion/?suite=/connexion",
        "/deconnexion",
        "/" + "a" * 3_000,
    ],
)
def test_one_is_never_sent_elsewhere_nor_in_a_circle(suite: str) -> None:
    assert passes.way_back(suite) == "/"


def test_under_https_the_pass_cannot_be_planted_by_a_neighbour() -> None:
    assert ADDRESS.cookie == "__Host-guichet"
    assert passes.address_of("http://localhost:8501").cookie == "guichet"


def test_an_address_with_a_path_is_not_one_a_door_can_have() -> None:
    with pytest.raises(ValueError, match="guichet"):
        passes.address_of("https://ville.qc.ca/guichet")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://guichet.ville.qc.ca",
        "https://guichet.ville.qc.ca.evil.example",
        "https://guichet.ville.qc.ca:8443",
        "https://evil.example",
    ],
)
def test_an_origin_that_only_looks_like_ours_is_not_ours(origin: str) -> None:
    assert not passes.is_ours(origin, ADDRESS)
    assert passes.is_ours("https://Guichet.ville.qc.ca", ADDRESS)


@pytest.mark.parametrize(
    ("peer", "forwarded", "trusted", "read"),
    [
        ("203.0.113.9", "198.51.100.7", None, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.7", "10.0.0.0/8", "203.0.113.9"),
        ("10.0.0.1", "198.51.100.7", "10.0.0.1", "198.51.100.7"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.7", "10.0.0.1", "198.51.100.7"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.7, 10.0.0.2", "10.0.0.0/8", "198.51.100.7"),
        ("10.0.0.1", "", "10.0.0.1", "10.0.0.1"),
        ("10.0.0.1", "<script>", "10.0.0.1", "10.0.0.1"),
        ("::1", "2001:db8::7", "::1, 127.0.0.1", "2001:db8::7"),
    ],
)
def test_a_forwarded_address_is_believed_from_the_proxy_named_only(
    peer: str, forwarded: str, trusted: str | None, read: str
) -> None:
    assert passes.caller(peer, forwarded, passes.networks(trusted)) == read


def test_no_header_can_claim_an_identity() -> None:
    claims = [
        b"Remote-User",
        b"X-Forwarded-User",
        b"X-Forwarded-For",
        b"Authorization",
        b"Cf-Access-Jwt-Assertion",
    ]
    claims += [b"X-Auth-Request-Email", b"X-Amzn-Oidc-Data", b"X-Goog-Authenticated-User-Email", b"X-Real-Ip"]
    kept = (b"Cookie", b"guichet=x")
    assert headers.without_identity([(name, b"directeur") for name in claims] + [kept]) == [kept]


def test_a_cookie_that_cannot_be_read_is_none() -> None:
    assert passes.cookies([(b"cookie", b'guichet="\x00; ;;=')]).get("guichet", "") == ""
    assert passes.cookies([(b"cookie", b"a=1; guichet=abc")])["guichet"] == "abc"

"""The pass a person carries: the cookie, its attributes, and which addresses one may be sent back to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

Headers = Iterable[tuple[bytes, bytes]]
Networks = tuple[IPv4Network | IPv6Network, ...]

HERE = "/"
MONGERS = ("/connexion", "/deconnexion", "/session")  # being sent back there would turn in a circle
LONGEST_ADDRESS = 2_000


@dataclass(frozen=True)
class Address:
    """The address people type (``House.base_url``), taken apart once."""

    origin: str
    host: str
    secure: bool

    @property
    def cookie(self) -> str:
        """The cookie's name: under https no neighbouring host or path can plant one of that name."""
        return "__Host-guichet" if self.secure else "guichet"


def address_of(base_url: str) -> Address:
    """The parts of the address people type. Raises ``ValueError`` when it has a path: one house, one host."""
    parts = urlsplit(base_url)
    if parts.path.strip("/") or not parts.hostname:
        raise ValueError(base_url)
    return Address(f"{parts.scheme}://{parts.netloc}".lower(), parts.netloc.lower(), parts.scheme == "https")


def header(headers: Headers, name: bytes) -> str:
    """The first header of that name (in small letters), or nothing."""
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), "")


def cookies(headers: Headers) -> Mapping[str, str]:
    """The cookies of a request; one that cannot be read counts as none."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(header(headers, b"cookie"))
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def is_ours(origin: str, address: Address) -> bool:
    """Whether an Origin header is exactly our address; none, ``null`` and look-alikes are not."""
    return origin.lower() == address.origin


def way_back(suite: str) -> str:
    """Where to go after signing in: an address of this house, or the entrance.

    A browser reads ``//elsewhere``, ``/\\elsewhere`` and an address with a tab or a line feed in it as
    another house's: none of them passes.
    """
    if len(suite) > LONGEST_ADDRESS or not suite.startswith("/") or suite.startswith(("//", "/\\")):
        return HERE
    if "\\" in suite or any(ord(letter) < 0x21 or ord(letter) == 0x7F for letter in suite):
        return HERE
    path = urlsplit(suite).path
    turns = path.rstrip("/") in MONGERS or path.startswith("/connexion/")
    return HERE if turns or "//" in path else suite


def networks(named: str | None) -> Networks:
    """The proxies whose word on the caller's address is taken, from the setting."""
    return tuple(ip_network(one.strip()) for one in (named or "").split(",") if one.strip())


def caller(peer: str, forwarded: str, trusted: Networks) -> str:
    """The network address a request comes from.

    Read from the right of ``X-Forwarded-For``, as far as each hop is a trusted proxy; what the caller
    itself may have written on the left is never reached.
    """
    hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
    here = peer
    while _is_among(here, trusted) and hops:
        here = hops.pop()
    return here if _is_address(here) else peer


def _is_among(text: str, trusted: Networks) -> bool:
    return _is_address(text) and any(ip_address(text) in network for network in trusted)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True

"""What every answer carries, and what no question may bring in."""

from door.passes import Address

IDENTITY = (
    b"remote-", b"x-remote-", b"x-auth", b"x-authenticated-", b"x-webauth-", b"x-user", b"x-email",
    b"x-forwarded-", b"forwarded", b"x-real-ip", b"x-goog-", b"x-amzn-oidc-", b"x-ms-client-principal",
    b"x-ms-token-", b"cf-access-", b"tailscale-", b"x-streamlit-", b"ssl-client-", b"x-ssl-client-",
    b"x-client-cert", b"authorization", b"proxy-authorization",
)  # fmt: skip

LASTING = ("/static/", "/porte/")

Raw = list[tuple[bytes, bytes]]


def without_identity(headers: Raw) -> Raw:
    """The headers of a question, less those by which a proxy could claim who asks: only the pass counts."""
    return [(name, value) for name, value in headers if not name.lower().startswith(IDENTITY)]


def policy(address: Address, framed: bool = False) -> str:
    """The Content-Security-Policy: this house only. Streamlit writes its styles into the page itself.

    ``framed`` lets our own screens show the answer in a frame (the preview of a mail).
    """
    socket = address.origin.replace("http", "ws", 1)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self' {socket}",
            "worker-src 'self' blob:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'" if framed else "frame-ancestors 'none'",
        )
    )


def security(address: Address) -> dict[str, str]:
    """The headers of every answer that has not set its own."""
    always = {
        "Content-Security-Policy": policy(address),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",  # « no-referrer » would send our own forms with Origin: null
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
        "Cache-Control": "no-store",
    }
    return always | ({"Strict-Transport-Security": "max-age=31536000"} if address.secure else {})


def dressed(headers: Raw, own: dict[str, str], path: str) -> Raw:
    """An answer's headers with ours; what a route said itself stands, except how long it may be kept.

    Only files that hold no data (Streamlit's hashed ones, our own style and scripts) are ever kept.
    """
    dropped = {b"access-control-allow-origin"}
    if not path.startswith(LASTING):
        dropped.add(b"cache-control")
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    there = {name.lower() for name, _ in kept}
    return kept + [
        (name.encode(), value.encode()) for name, value in own.items() if name.lower().encode() not in there
    ]

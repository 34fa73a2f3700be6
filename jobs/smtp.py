"""Mails through an SMTP server: yagmail connects, protects and signs in; the frozen bytes leave as they are.

``yagmail.send`` makes a message of its own at each call; what was drawn up must leave unchanged, so its bytes
go through the connection that yagmail opened (docs/decisions/14-mails.md).
"""

import re
import smtplib
import ssl
from dataclasses import dataclass, field
from typing import Any

import yagmail

from desk.outbox import Parcel, RemoteError

TIME_OUT = 60.0  # seconds for each answer of the server; all of them together stay below ``outbox.CLAIM``


@dataclass
class Server:
    """A carrier that speaks to one mail server; the connection is kept from mail to mail of a round.

    ``security`` is ``starttls``, ``tls`` or ``none``. ``trust`` names the certificates believed; by default
    those of the machine, and always checked.
    """

    host: str
    port: int
    security: str
    user: str = ""
    password: str = field(default="", repr=False)
    time_out: float = TIME_OUT
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _client: yagmail.SMTP | None = field(default=None, init=False, repr=False)

    def carry(self, parcel: Parcel) -> None:
        """Hand one mail over. Raises ``RemoteError``, which knows whether the server may have taken it."""
        if self._client is not None and not _alive(self._client.smtp):
            self.close()
        if self._client is None:
            self._client = self._connected()
        try:
            _hand_over(self._client.smtp, parcel)
        except RemoteError:
            self.close()
            raise

    def close(self) -> None:
        """End the connection; a server that no longer answers is not waited for."""
        client, self._client = self._client, None
        if client is not None:
            client.is_closed = True  # nothing is left for yagmail to say when it is collected
            _hang_up(client.smtp)

    def _connected(self) -> yagmail.SMTP:
        protections: dict[str, dict[str, Any]] = {
            "starttls": {"smtp_ssl": False, "smtp_starttls": {"context": self.trust}},
            "tls": {"smtp_ssl": True, "context": self.trust},
            "none": {"smtp_ssl": False, "smtp_starttls": False},
        }
        client = yagmail.SMTP(
            user={self.user: self.user},  # as text, a name without @ would become one of gmail.com
            password=self.password,
            host=self.host,
            port=self.port,
            smtp_skip_login=not self.user,
            soft_email_validation=False,
            timeout=self.time_out,
            **protections[self.security],
        )
        client.is_closed = True
        try:
            client.login()
            client.smtp.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as error:
            client.is_closed = True
            if client.smtp is not None:
                client.smtp.close()
            raise RemoteError(_why_no_connection(error), again=True, everyone=True) from error
        return client


def _hand_over(smtp: smtplib.SMTP, parcel: Parcel) -> None:
    """One SMTP transaction, step by step, so that what is doubtful is told from what is certain."""
    try:
        _accept(smtp.mail(parcel.sender), "l'adresse d'expédition", whose=True)
        _accept(smtp.rcpt(parcel.recipient), "le destinataire")
        _accept(smtp.docmd("DATA"), "le message", expected=354)
    except (OSError, smtplib.SMTPException) as error:
        raise RemoteError(f"La connexion s'est rompue : {_said(error)}", again=True, everyone=True) from error
    try:
        smtp.send(_stuffed(parcel.message))
        reply = smtp.getreply()
    except (OSError, smtplib.SMTPException) as error:
        raise RemoteError(
            f"La connexion s'est rompue avant la réponse du serveur : {_said(error)}",
            again=True,
            doubtful=True,
            everyone=True,
        ) from error
    _accept(reply, "le message")


def _accept(reply: tuple[int, bytes], what: str, expected: int = 250, whose: bool = False) -> None:
    """``whose``: the refusal is of us and not of the recipient, so trying again after a correction helps."""
    code, words = reply
    if code == expected or (expected == 250 and code == 251):
        return
    ours = whose or code in (421, 530, 535)
    raise RemoteError(
        f"Le serveur refuse {what} : {code} {_decoded(words)}", again=code < 500 or ours, everyone=ours
    )


def _stuffed(message: bytes) -> bytes:
    """RFC 5321, 4.5.2: a line that begins with a dot gets another one; the last line is a dot alone."""
    body = re.sub(rb"(?m)^\.", b"..", message)
    return body + (b"" if body.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def _alive(smtp: smtplib.SMTP) -> bool:
    """Whether the connection kept since the last mail still answers."""
    try:
        return smtp.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _hang_up(smtp: smtplib.SMTP) -> None:
    if smtp.sock is not None:
        smtp.sock.settimeout(2)
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()


def _why_no_connection(error: Exception) -> str:
    match error:
        case ssl.SSLCertVerificationError():
            return f"Le certificat du serveur de courriel n'est pas reconnu : {error.verify_message}."
        case smtplib.SMTPAuthenticationError():
            return f"Le serveur de courriel refuse l'identification : {error.smtp_code}."
        case smtplib.SMTPNotSupportedError():
            return "Le serveur de courriel n'offre pas la protection ou l'identification demandée."
        case TimeoutError():
            return "Le serveur de courriel ne répond pas."
        case _:
            return f"Le serveur de courriel est injoignable : {_said(error)}"


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__


def _decoded(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())

"""The settings of an installation: environment first (``GUICHET_…``), then a TOML file, then defaults.

Documented one by one in ``guichet.example.toml``. What a town decides is not here but in its tables.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from email.utils import parseaddr
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from config import backups, keyfile, private_base, provider, remotes
from config.commandline import WRONG, complain, why_unreadable
from config.remotes import Remote

PREFIX = "GUICHET_"
KEYS = ("seal_key", "private_keys")  # never in the data folder, which goes into the backups
FROM_A_FILE = (
    "database_url",
    "smtp_password",
    "oidc_client_secret",
    "airtable_token",
    "private_airtable_token",
    *KEYS,
)  # also …_FILE
LOOPBACK = ("127.0.0.1", "::1", "localhost")


def read() -> Settings:
    """The settings of this process; wrong ones are all said in French and end the process with code 2."""
    try:
        return load()
    except WrongSettings as wrong:
        complain(str(wrong))
        raise SystemExit(WRONG) from None


def load() -> Settings:
    """The settings of this process. Raises ``WrongSettings`` with every problem found."""
    path, typed, problems = _toml()
    given: dict[str, Any] = {name: value for name, value in typed.items() if not name.endswith("_file")}
    data = _resolved(os.environ.get(f"{PREFIX}DATA_DIR") or typed.get("data_dir") or "data")
    given |= _from_files(typed, data, problems)
    problems += _unknown(typed, path)
    try:
        settings = Settings(**{name: value for name, value in given.items() if name in Settings.model_fields})
    except WrongSettings as wrong:
        problems += wrong.problems
    if problems:
        raise WrongSettings(problems)
    return settings


class WrongSettings(Exception):
    """Every wrong setting at once, each a French sentence; never a secret's value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        lines = "\n".join(f"  - {problem}" for problem in self.problems)
        return f"Guichet ne peut pas démarrer, ses réglages sont à corriger :\n{lines}"


class Security(StrEnum):
    """How the connection to the mail server is protected."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError
    if parts.port == 0:  # reading it also raises ValueError for one past 65535
        raise ValueError
    return value.rstrip("/")


def _sender(value: str) -> str:
    _, address = parseaddr(value)
    local, at, domain = address.partition("@")
    if not (local and at and domain) or any(ord(letter) < 32 for letter in value):
        raise ValueError
    return value


def _database(value: str) -> str:
    if not value.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError
    try:
        address = make_url(value)
    except ArgumentError:
        raise ValueError from None
    if address.drivername == "sqlite" and address.database in (None, "", ":memory:"):
        raise ValueError
    return value


def _networks(value: str) -> str:
    for network in value.split(","):
        ip_network(network.strip())
    return value


def _bare(value: str) -> str:
    if any(letter.isspace() or letter == "/" for letter in value):
        raise ValueError
    return value


def _whole(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError
    return value


Port = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=65535)]
Minutes = Annotated[int, BeforeValidator(_whole), Field(ge=5, le=720)]
Hour = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=23), AfterValidator(backups.hour)]
Count = Annotated[int, BeforeValidator(_whole), Field(ge=0, le=400)]
Megabytes = Annotated[int, BeforeValidator(_whole), Field(ge=1, le=100)]
Token = Annotated[SecretStr, BeforeValidator(remotes.token)]
Base = Annotated[str, BeforeValidator(remotes.base)]
Spreadsheet = Annotated[str, BeforeValidator(remotes.spreadsheet)]
Endpoint = Annotated[str, BeforeValidator(remotes.endpoint)]
MEGABYTES = "un nombre entier de mégaoctets, de 1 à 100"
A_PORT = "un nombre entier de 1 à 65535"
MINUTES = "un nombre de minutes, de 5 à 720"
YES_OR_NO = "« true » ou « false »"


class Settings(BaseSettings):
    """What ``guichet.example.toml`` documents. ``description`` completes « il faut … » in a refusal."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    port: Port = Field(8501, description=A_PORT)
    host: Annotated[str, BeforeValidator(_bare)] = Field(
        "127.0.0.1", description="l'adresse d'une interface, par exemple 127.0.0.1 ou 0.0.0.0"
    )
    base_url: Annotated[str, BeforeValidator(_url)] = Field(
        "", description="une adresse complète, par exemple https://guichet.ville.qc.ca"
    )
    data_dir: Path = Field(Path("data"), description="un dossier")
    database_url: Annotated[str, BeforeValidator(_database)] = Field(
        "", description="une adresse sqlite:///… ou postgresql://…", repr=False
    )
    smtp_host: Annotated[str, BeforeValidator(_bare)] | None = Field(None, description="un nom de serveur")
    smtp_port: Port | None = Field(None, description=A_PORT)
    smtp_user: str | None = Field(None, description="un nom d'utilisateur")
    smtp_password: SecretStr | None = Field(None, description="un mot de passe", repr=False)
    smtp_security: Security = Field(Security.STARTTLS, description="« starttls », « tls » ou « none »")
    mail_from: Annotated[str, BeforeValidator(_sender)] = Field(
        "", description="une adresse de courriel, seule ou « Nom <adresse> »"
    )
    mail_dir: Path | None = Field(None, description="un dossier")
    letters_dir: Path | None = Field(None, description="un dossier")
    backup_dir: Path | None = Field(None, description="un dossier")
    backup_hour: Hour = Field(3, description=backups.AN_HOUR)
    backup_daily: Annotated[Count, Field(ge=1)] = Field(14, description=backups.AT_LEAST_ONE)
    backup_weekly: Count = Field(8, description=backups.A_COUNT)
    backup_monthly: Count = Field(12, description=backups.A_COUNT)
    attachment_mb: Megabytes = Field(15, description=MEGABYTES)
    seal_key: SecretStr | None = Field(
        None, min_length=32, description="une clé d'au moins 32 caractères", repr=False
    )
    private_keys: Annotated[SecretStr, BeforeValidator(keyfile.checked)] | None = Field(
        None, description=keyfile.A_KEYRING, repr=False
    )
    trusted_proxy: Annotated[str, BeforeValidator(_networks)] | None = Field(
        None, description="l'adresse IP ou le réseau d'un mandataire ; plusieurs se séparent par des virgules"
    )
    idle: Minutes = Field(240, description=MINUTES)
    idle_private: Minutes = Field(30, description=MINUTES)
    oidc_issuer: Annotated[str, BeforeValidator(provider.issuer)] | None = Field(
        None, description="l'adresse https de l'émetteur, telle que le fournisseur la donne"
    )
    oidc_client_id: str | None = Field(None, description="l'identifiant de l'application")
    oidc_client_secret: SecretStr | None = Field(None, description="le secret de l'application", repr=False)
    oidc_tenant: str | None = Field(None, description="le locataire ou le domaine de la ville")
    oidc_name: str | None = Field(None, max_length=40, description="le nom du fournisseur, pour le bouton")
    remote: Remote = Field(Remote.NONE, description="« none », « airtable » ou « sheets »")
    airtable_token: Token | None = Field(None, description=remotes.A_TOKEN, repr=False)
    airtable_base: Base | None = Field(None, description=remotes.A_BASE)
    airtable_endpoint: Endpoint = Field(remotes.AIRTABLE_ENDPOINT, description=remotes.AN_ENDPOINT)
    sheets_credentials: Path | None = Field(None, description="un fichier")
    sheets_id: Spreadsheet | None = Field(None, description=remotes.A_SPREADSHEET)
    sheets_endpoint: Endpoint | None = Field(None, description=remotes.AN_ENDPOINT)
    private_remote: Remote = Field(Remote.NONE, description="« none », « airtable » ou « sheets »")
    private_airtable_token: Token | None = Field(None, description=remotes.A_TOKEN, repr=False)
    private_airtable_base: Base | None = Field(None, description=remotes.A_BASE)
    private_airtable_endpoint: Endpoint = Field(remotes.AIRTABLE_ENDPOINT, description=remotes.AN_ENDPOINT)
    private_sheets_credentials: Path | None = Field(None, description="un fichier")
    private_sheets_id: Spreadsheet | None = Field(None, description=remotes.A_SPREADSHEET)
    private_sheets_endpoint: Endpoint | None = Field(None, description=remotes.AN_ENDPOINT)
    demo: bool = Field(False, description=YES_OR_NO)

    @property
    def keyring(self) -> str | None:
        """The keys of the private files, as a text; ``None`` when there is none yet."""
        return self.private_keys.get_secret_value() if self.private_keys else None

    @property
    def mail_folder(self) -> Path | None:
        """Where each mail goes as an .eml file; ``None`` when a mail server is named."""
        return None if self.smtp_host else self.mail_dir

    @property
    def remote_address(self) -> str:
        """Where a person opens the town's own table in a browser; empty when there is none."""
        return remotes.address(self.remote, self.airtable_base, self.sheets_id)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment beats the file."""
        return (env_settings, init_settings)

    @model_validator(mode="wrap")
    @classmethod
    def _all_at_once(cls, given: Any, validate: ModelWrapValidatorHandler[Self]) -> Self:
        full = _completed(given)
        problems = [*_together(given), *provider.problems(given, PREFIX), *remotes.problems(full, PREFIX)]
        problems += private_base.problems(full, PREFIX)
        problems += [*_unwritable(full), *_unreadable(full), *backups.misplaced(full, PREFIX)]
        try:
            settings = validate(full)
        except ValidationError as wrong:
            problems = [_sentence(error) for error in wrong.errors()] + problems
        if problems:
            raise WrongSettings(problems)
        return settings


def _completed(given: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from the rest: addresses and folders that were not named."""
    full = dict(given)
    data = _resolved(full.get("data_dir", "data"))
    full["data_dir"] = data
    full.setdefault("base_url", f"http://localhost:{full.get('port', 8501)}")
    full.setdefault("database_url", f"sqlite:///{data / 'guichet.db'}")
    full.setdefault("smtp_port", {"starttls": 587, "tls": 465, "none": 25}.get(_security(full), 587))
    full.setdefault("mail_from", "Service aux citoyens <guichet@localhost>")
    folder = full.get("mail_dir")
    full["mail_dir"] = _resolved(folder) if folder else data / "courriels"
    for name in ("letters_dir", "sheets_credentials", "private_sheets_credentials", "backup_dir"):
        if full.get(name):
            full[name] = _resolved(full[name])
    return full


def _resolved(folder: object) -> Path:
    return Path(str(folder)).expanduser().resolve()


def _security(given: Mapping[str, Any]) -> str:
    return str(given.get("smtp_security", "starttls")).lower()


def _together(given: Mapping[str, Any]) -> list[str]:
    """Settings that are right one by one and wrong together."""
    problems = []
    host, user, password = (given.get(f"smtp_{name}") for name in ("host", "user", "password"))
    if host and not given.get("mail_from"):
        problems.append(f"{PREFIX}MAIL_FROM : il faut l'adresse d'expédition quand un serveur est nommé.")
    if not host and (user or password):
        problems.append(f"{PREFIX}SMTP_HOST : il faut le serveur auquel l'utilisateur s'identifie.")
    if user and not password:
        problems.append(f"{PREFIX}SMTP_PASSWORD : il faut le mot de passe de {PREFIX}SMTP_USER.")
    if password and not user:
        problems.append(f"{PREFIX}SMTP_USER : il faut l'utilisateur de {PREFIX}SMTP_PASSWORD.")
    if password and _security(given) == "none" and host not in LOOPBACK:
        problems.append(
            f"{PREFIX}SMTP_SECURITY : « none » enverrait le mot de passe en clair ; "
            "il faut « starttls » ou « tls »."
        )
    return problems


def _unwritable(full: Mapping[str, Any]) -> Iterator[str]:
    """Folders in which nothing could be kept. Nothing is made here: only the way in that needs one does."""
    needed = ["data_dir"] if full.get("smtp_host") else ["data_dir", "mail_dir"]
    for name in needed:
        there = next(path for path in (full[name], *full[name].parents) if path.exists())
        if not (there.is_dir() and os.access(there, os.W_OK | os.X_OK)):
            yield f"{PREFIX}{name.upper()} : rien ne peut s'écrire dans {full[name]}."
    file = _sqlite_file(str(full["database_url"]))
    if file is not None and file.parent != full["data_dir"]:
        there = next(path for path in (file, *file.parents) if path.exists())
        if file.is_dir() or not (there == file or there.is_dir()) or not os.access(there, os.W_OK):
            yield f"{PREFIX}DATABASE_URL : la base ne peut pas s'écrire à cet endroit."


def _unreadable(full: Mapping[str, Any]) -> Iterator[str]:
    """A folder of letters that is named and not there: the town's own letters would silently not be used."""
    folder = full.get("letters_dir")
    if folder and not (folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)):
        yield f"{PREFIX}LETTERS_DIR : {folder} n'est pas un dossier qui se lit."


def _sqlite_file(address: str) -> Path | None:
    """Where SQLite keeps the town; ``None`` for PostgreSQL, or an address that is refused anyway."""
    path = address.removeprefix("sqlite:///")
    return None if path in (address, "", ":memory:") else Path(path.partition("?")[0]).resolve()


def _sentence(error: Any) -> str:
    name = str(error["loc"][0])
    field = Settings.model_fields[name]
    # a token is easily pasted beside its own setting: nothing of these is ever quoted
    secret = name in FROM_A_FILE or name.endswith(("_base", "_endpoint", "_id"))
    value = "cette valeur" if secret else f"« {error['input']} »"
    return f"{PREFIX}{name.upper()} : {value} ne convient pas ; il faut {field.description}."


def _toml() -> tuple[Path | None, dict[str, Any], list[str]]:
    named = os.environ.get(f"{PREFIX}CONFIG")
    path = Path(named or "guichet.toml")
    if not named and not path.is_file():
        return None, {}, []
    try:
        return path, tomllib.loads(path.read_text(encoding="utf-8")), []
    except (OSError, UnicodeDecodeError) as failure:
        return path, {}, [f"{path} : ce fichier ne se lit pas ({why_unreadable(failure)})."]
    except tomllib.TOMLDecodeError as failure:
        return path, {}, [f"{path} : ce n'est pas du TOML ({failure})."]


def _from_files(typed: Mapping[str, Any], data: Path, problems: list[str]) -> dict[str, str]:
    """The secrets named by a file, by the environment or by the TOML file.

    Without any setting, the keys of the private files are those of the file beside the data folder.
    """
    found = {}
    for name in FROM_A_FILE:
        setting = f"{PREFIX}{name.upper()}"
        direct, by_file = os.environ.get(setting), os.environ.get(f"{setting}_FILE")
        if (direct and by_file) or (name in typed and f"{name}_file" in typed):
            problems.append(f"{setting} et {setting}_FILE : il faut l'un ou l'autre, pas les deux.")
        where = by_file or (None if direct else typed.get(f"{name}_file"))
        beside = keyfile.default_file(data)
        if name == "private_keys" and not (direct or where or name in typed) and keyfile.is_there(beside):
            where = beside
        if not where:
            continue
        if name in KEYS and _resolved(where).is_relative_to(data):
            problems.append(
                f"{setting}_FILE : {where} est dans le dossier des données, qui va dans les copies de "
                "sauvegarde ; une clé se garde ailleurs."
            )
        try:
            found[name] = Path(str(where)).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as failure:
            problems.append(f"{setting}_FILE : {where} ne se lit pas ({why_unreadable(failure)}).")
    return found


def _unknown(typed: Mapping[str, Any], path: Path | None) -> list[str]:
    """A name nobody reads is a slip of the pen: mail would silently go elsewhere."""
    names = set(Settings.model_fields) | {f"{name}_file" for name in FROM_A_FILE}
    inside = [f"{name} (dans {path})" for name in typed if name not in names]
    around = [
        name
        for name in os.environ
        if name.startswith(PREFIX) and name.removeprefix(PREFIX).lower() not in names | {"config"}
    ]
    return [f"{name} : ce réglage n'existe pas." for name in inside + sorted(around)]

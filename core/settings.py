"""What this installation is told from outside: the only reader of the environment.

Every name begins with CHITRA_; `.env` in the working directory is read too, and the environment
wins over it. An empty value is no value. `.env.example` lists and explains all of them.

What does not live here: terms of the programme (`programmes/`), and what the keys do.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar
from urllib.parse import urlsplit, urlunsplit

from dotenv import dotenv_values

from core import keys
from core.clock import BadInstant, parse_instant
from core.faults import Fault

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

PREFIX: Final = "CHITRA_"
_DIGITS: Final = 12
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS: Final = range(1, 65536)
_DATABASES: Final = ("sqlite:///", "postgresql://", "postgresql+psycopg://", "postgres://")


class BadSetting(Fault):
    """A setting is wrong."""


class MissingSetting(BadSetting):
    """{key} is not set, and {needed_by} needs it. See .env.example."""


class UnknownChoice(BadSetting):
    """{key} must be one of {choices}, not “{value}”."""


class BadPort(BadSetting):
    """{key} must be a port from 1 to 65535, not “{value}”."""


class BadTime(BadSetting):
    """{key} must be a time like 2021-04-15T09:00:00+07:00, not “{value}”."""


class BadAddress(BadSetting):
    """{key} must be a full address like https://chitra.example.vn, not “{value}”."""


class BadDatabase(BadSetting):
    """{key} must begin with sqlite:/// or postgresql:// (for example sqlite:///var/chitra.db)."""


class BadAmount(BadSetting):
    """{key} must be a whole number without dots or units, like 500, not “{value}”."""


class NotInProduction(BadSetting):
    """{key} is for rehearsals, and CHITRA_ENV is production. Remove it."""


class Environment(StrEnum):
    """Where the product runs: rehearsal or real people."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SmsGateway(StrEnum):
    """Who carries SMS."""

    SANDBOX = "sandbox"
    TWILIO = "twilio"


class TelegramMode(StrEnum):
    """How Telegram's updates come in."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Release(StrEnum):
    """Who frees the confirmations of an import: a second person, or nobody needs to."""

    SECOND_PERSON = "second-person"
    AUTOMATIC = "automatic"


class Language(StrEnum):
    """The language that officers and operators read."""

    VI = "vi"
    EN = "en"


class LogLevel(StrEnum):
    """From which weight on a line is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Secret:
    """A text that hides itself wherever it is shown."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "•••"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the environment says. Each field is the variable CHITRA_ and its name."""

    env: Environment = Environment.DEVELOPMENT
    database_url: str = field(default="sqlite:///var/chitra.db", repr=False)
    data_dir: Path = Path("var")
    programme: str = "thua-thien-hue-2021"
    now: datetime | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str | None = None
    lang: Language = Language.VI
    log_level: LogLevel = LogLevel.INFO
    sms_gateway: SmsGateway = SmsGateway.SANDBOX
    sms_price: int | None = None  # đồng a segment
    sms_per_second: int | None = None  # segments
    sms_month_segments: int | None = None
    sms_month_cost: int | None = None  # đồng
    twilio_account_sid: str | None = None
    twilio_auth_token: Secret | None = None
    twilio_sender: str | None = None
    twilio_base_url: str = "https://api.twilio.com"
    telegram_token: Secret | None = None
    telegram_webhook_secret: Secret | None = None
    telegram_bot: str | None = None
    telegram_mode: TelegramMode = TelegramMode.POLLING
    telegram_base_url: str = "https://api.telegram.org"
    telegram_step_minutes: int = 60
    encryption_keys: Mapping[str, bytes] | None = field(default=None, repr=False)
    index_key: bytes | None = field(default=None, repr=False)
    metrics_token: Secret | None = None
    release: Release | None = None
    unknown: tuple[str, ...] = ()  # names that begin with CHITRA_ and mean nothing

    @property
    def is_production(self) -> bool:
        """Whether real people are on the other side."""
        return self.env is Environment.PRODUCTION

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach what is served."""
        return self.host in _LOOPBACK

    @property
    def database_place(self) -> str:
        """The database URL without its password, for people to read."""
        parts = urlsplit(self.database_url)
        if parts.password is None:
            return self.database_url
        shown = f"{parts.username}:•••@{parts.netloc.rpartition('@')[2]}"
        return urlunsplit(parts._replace(netloc=shown))


def load(environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env")) -> Settings:
    """The settings of this process: the environment over the file `dotenv`.

    Raises: a BadSetting that names the variable; BadKeys.
    """
    given = dict(_from_file(dotenv)) | dict(os.environ if environ is None else environ)
    values = {name: text.strip() for name, text in given.items() if text.strip()}
    settings = _settings(values)
    _whole(settings)
    return settings


def keys_of(settings: Settings) -> keys.Keys:
    """The given keys, or in development those kept in the data folder.

    Raises: MissingSetting, BadKeyFile, NoPlaceForKeys.
    """
    if settings.encryption_keys is not None and settings.index_key is not None:
        return keys.Keys(settings.encryption_keys, settings.index_key)
    _needs_keys(settings)
    return keys.kept_keys(settings.data_dir)


def names() -> tuple[str, ...]:
    """Every variable that is read, in the order of the fields."""
    return tuple(
        PREFIX + name.upper() for name in Settings.__dataclass_fields__ if name != "unknown"
    )


def _from_file(dotenv: Path) -> Mapping[str, str]:
    if not dotenv.is_file():
        return {}
    found = dotenv_values(dotenv, interpolate=False)
    return {name: text for name, text in found.items() if text is not None}


def _settings(values: Mapping[str, str]) -> Settings:
    read = _Reader(values)
    blank = Settings()
    return Settings(
        env=read.choice("ENV", Environment, blank.env),
        database_url=read.parsed("DATABASE_URL", _database, blank.database_url),
        data_dir=read.parsed("DATA_DIR", _folder, blank.data_dir),
        programme=read.parsed("PROGRAMME", _text, blank.programme),
        now=read.parsed("NOW", _instant, None),
        host=read.parsed("HOST", _text, blank.host),
        port=read.parsed("PORT", _port, read.parsed("PORT", _port, blank.port, prefix="")),
        public_url=read.parsed("PUBLIC_URL", _address, None),
        lang=read.choice("LANG", Language, blank.lang),
        log_level=read.choice("LOG_LEVEL", LogLevel, blank.log_level),
        sms_gateway=read.choice("SMS_GATEWAY", SmsGateway, blank.sms_gateway),
        sms_price=read.parsed("SMS_PRICE", _amount, None),
        sms_per_second=read.parsed("SMS_PER_SECOND", _count, None),
        sms_month_segments=read.parsed("SMS_MONTH_SEGMENTS", _amount, None),
        sms_month_cost=read.parsed("SMS_MONTH_COST", _amount, None),
        twilio_account_sid=read.parsed("TWILIO_ACCOUNT_SID", _text, None),
        twilio_auth_token=read.parsed("TWILIO_AUTH_TOKEN", _secret, None),
        twilio_sender=read.parsed("TWILIO_SENDER", _text, None),
        twilio_base_url=read.parsed("TWILIO_BASE_URL", _address, blank.twilio_base_url),
        telegram_token=read.parsed("TELEGRAM_TOKEN", _secret, None),
        telegram_webhook_secret=read.parsed("TELEGRAM_WEBHOOK_SECRET", _secret, None),
        telegram_bot=read.parsed("TELEGRAM_BOT", _text, None),
        telegram_mode=read.choice("TELEGRAM_MODE", TelegramMode, blank.telegram_mode),
        telegram_base_url=read.parsed("TELEGRAM_BASE_URL", _address, blank.telegram_base_url),
        telegram_step_minutes=read.parsed(
            "TELEGRAM_STEP_MINUTES", _count, blank.telegram_step_minutes
        ),
        encryption_keys=read.parsed("ENCRYPTION_KEYS", keys.parse_sealing, None),
        index_key=read.parsed("INDEX_KEY", keys.parse_indexing, None),
        metrics_token=read.parsed("METRICS_TOKEN", _secret, None),
        release=read.parsed("RELEASE", _choice_of(Release), None),
        unknown=tuple(sorted(n for n in values if n.startswith(PREFIX) and n not in names())),
    )


def _whole(settings: Settings) -> None:
    """Raises when one setting asks for another that is not there."""
    if settings.is_production:
        if settings.now is not None:
            raise NotInProduction(key="CHITRA_NOW")
        _needs_keys(settings)
    _pair(settings)
    if settings.sms_gateway is SmsGateway.TWILIO:
        _need(settings, "twilio_account_sid", "CHITRA_SMS_GATEWAY=twilio")
        _need(settings, "twilio_auth_token", "CHITRA_SMS_GATEWAY=twilio")
        _need(settings, "twilio_sender", "CHITRA_SMS_GATEWAY=twilio")
        _need(settings, "public_url", "CHITRA_SMS_GATEWAY=twilio")
    if settings.telegram_mode is TelegramMode.WEBHOOK:
        _need(settings, "telegram_token", "CHITRA_TELEGRAM_MODE=webhook")
        _need(settings, "telegram_webhook_secret", "CHITRA_TELEGRAM_MODE=webhook")
        _need(settings, "public_url", "CHITRA_TELEGRAM_MODE=webhook")


def _needs_keys(settings: Settings) -> None:
    if settings.is_production:
        _need(settings, "encryption_keys", "CHITRA_ENV=production")
        _need(settings, "index_key", "CHITRA_ENV=production")


def _pair(settings: Settings) -> None:
    """One key without the other would read half of what is stored."""
    if settings.encryption_keys is not None:
        _need(settings, "index_key", "CHITRA_ENCRYPTION_KEYS")
    if settings.index_key is not None:
        _need(settings, "encryption_keys", "CHITRA_INDEX_KEY")


def _need(settings: Settings, name: str, needed_by: str) -> None:
    if getattr(settings, name) is None:
        raise MissingSetting(key=PREFIX + name.upper(), needed_by=needed_by)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one variable at a time; a parser is given the variable's name for its message."""

    values: Mapping[str, str]

    def parsed(
        self, name: str, parser: Callable[[str, str], T], otherwise: T, *, prefix: str = PREFIX
    ) -> T:
        text = self.values.get(prefix + name)
        return otherwise if text is None else parser(prefix + name, text)

    def choice(self, name: str, kind: type[E], otherwise: E) -> E:
        return self.parsed(name, _choice_of(kind), otherwise)


def _choice_of(kind: type[E]) -> Callable[[str, str], E]:
    def parser(name: str, text: str) -> E:
        try:
            return kind(text.lower())
        except ValueError:
            raise UnknownChoice(key=name, choices=", ".join(kind), value=text) from None

    return parser


def _text(name: str, text: str) -> str:
    del name
    return text


def _secret(name: str, text: str) -> Secret:
    del name
    return Secret(text)


def _folder(name: str, text: str) -> Path:
    del name
    return Path(text).expanduser()


def _database(name: str, text: str) -> str:
    if not text.startswith(_DATABASES) or text in _DATABASES:
        raise BadDatabase(key=name)
    scheme, rest = text.split("://", 1)
    return text if scheme == "sqlite" else f"postgresql://{rest}"


def _instant(name: str, text: str) -> datetime:
    try:
        return parse_instant(text)
    except BadInstant:
        raise BadTime(key=name, value=text) from None


def _port(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) in _PORTS):
        raise BadPort(key=name, value=text)
    return int(text)


def _amount(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        raise BadAmount(key=name, value=text)
    return int(text)


def _count(name: str, text: str) -> int:
    found = _amount(name, text)
    if not found:
        raise BadAmount(key=name, value=text)
    return found


def _address(name: str, text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadAddress(key=name, value=text)
    return text.rstrip("/")

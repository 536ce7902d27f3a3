"""What `doctor` looks at before an installation goes live."""

from dataclasses import dataclass

from bot.cli.session import Session
from core import wording
from core.calendar import local_day
from core.programme import Unconfirmed, in_words, problems_in, unconfirmed
from core.settings import SmsGateway
from core.store import schema
from core.wording import LANGUAGES, catalogue


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at."""

    check: str
    ok: bool
    detail: str


def findings(session: Session) -> list[Finding]:
    """Everything `doctor` looks at, in the order in which it should be mended."""
    settings, parts = session.settings, session.opened
    programme = [in_words(one, session.lang) for one in problems_in(parts.programme_folder)]
    doubts = unconfirmed(parts.programme, local_day(parts.clock.now()))
    samples = doubts.sample_contact or doubts.sample_pay_points or doubts.sample_accounts
    doubtful = samples or doubts.assumed_days
    live = settings.sms_gateway is not SmsGateway.SANDBOX
    return [
        _database(session),
        Finding("programme", not programme, "; ".join(programme[:3])),
        Finding("programme-confirmed", not doubtful, _in_words(session, doubts)),
        Finding("keys", settings.encryption_keys is not None, "CHITRA_ENCRYPTION_KEYS"),
        Finding("environment", settings.is_production, f"CHITRA_ENV={settings.env}"),
        Finding("unknown-settings", not settings.unknown, ", ".join(settings.unknown)),
        Finding("sms", live, f"CHITRA_SMS_GATEWAY={settings.sms_gateway}"),
        Finding("sms-price", settings.sms_price is not None, "CHITRA_SMS_PRICE"),
        Finding("telegram", settings.telegram_token is not None, "CHITRA_TELEGRAM_TOKEN"),
        Finding("public-url", settings.public_url is not None, "CHITRA_PUBLIC_URL"),
        Finding("demo-data", not parts.is_demo, settings.database_place),
        Finding("sentences", _sentences_are_whole(), "locales/"),
    ]


def _database(session: Session) -> Finding:
    store = session.opened.store
    if not store.answers():
        return Finding("database", ok=False, detail=session.settings.database_place)
    revision = schema.revision(store)
    return Finding("database", revision == schema.head(), f"{revision} / {schema.head()}")


def _in_words(session: Session, doubts: Unconfirmed) -> str:
    """What of the programme nobody confirmed yet, and how far its holidays reach."""
    until = doubts.holidays_until
    said = wording.text(
        "doctor.unconfirmed",
        session.lang,
        "cli",
        points=doubts.sample_pay_points,
        accounts=doubts.sample_accounts,
        days=doubts.assumed_days,
        until="-" if until is None else wording.short_date(until),
    )
    return f"{session.words('doctor.sample_contact')}; {said}" if doubts.sample_contact else said


def _sentences_are_whole() -> bool:
    return all(catalogue(lang, "bot") for lang in LANGUAGES)

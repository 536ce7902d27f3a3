"""What flows wish to be done. Carried out in `bot/commands.py`, inside the turn's transaction."""

from dataclasses import dataclass, field

from core.care.kinds import CaseKind
from core.conversation.ask import Command
from core.ledger.deliveries import Criterion
from core.ledger.receipt import Word


@dataclass(frozen=True, slots=True)
class OpenCase(Command):
    """Hand over to a person, with everything that is known.

    `about`: the intent that led here; `matter`: the person's own words.
    """

    kind: CaseKind
    about: str
    beneficiary_id: int | None = None
    payment_id: int | None = None
    matter: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class SayWord(Command):
    """Keep what somebody says about a payment: full, short, not received."""

    payment_id: int
    beneficiary_id: int
    word: Word


@dataclass(frozen=True, slots=True)
class TryCode(Command):
    """Link this address with a one-time code. Comes to: linked, wrong, expired, used, too_many."""

    code: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SendCode(Command):
    """Send a code to the phone on file, if it is on file. Comes to: sent, whoever asks."""

    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AgreeToNotices(Command):
    """The person behind this address agrees to be told of payments, with or without amounts."""

    amounts: bool


@dataclass(frozen=True, slots=True)
class AskForHome(Command):
    """Ask that somebody is paid at home; an officer decides."""

    beneficiary_id: int
    reason: Criterion
    where: str = field(repr=False)
    door: str = field(repr=False)
    is_standing: bool


@dataclass(frozen=True, slots=True)
class StopHome(Command):
    """Take a delivery at home back before it is on its way."""

    beneficiary_id: int
    number: int


@dataclass(frozen=True, slots=True)
class AppealHome(Command):
    """Ask that another officer looks at a declined request."""

    beneficiary_id: int
    number: int

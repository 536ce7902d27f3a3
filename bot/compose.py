"""Putting one process together: settings in, opened and connected parts out.

Command line, turn, officers' pages and worker all get their parts here, so that an event can be
written only together with what must follow from it (`Ledger.reactors`).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.commands import talk_of
from bot.turn_talk import Talk
from core import settings as settings_of
from core.clock import Clock, clock_from, clock_shifted, system_clock
from core.exchange.layouts import Layout, load_layout
from core.faults import Fault
from core.ledger.following import follower
from core.ledger.record import Ledger
from core.programme import load
from core.settings import Settings, SmsGateway
from core.store.engine import CommitWatcher, Store, nobody_watches, open_store
from core.store.installation import fact
from core.store.schema import revision
from core.store.sealing import Keyring
from core.terms import Programme, Release
from notifications.budget import Terms
from notifications.gateways.base import Gateway
from notifications.gateways.sandbox import SandboxGateway
from notifications.gateways.web import WebGateway
from notifications.notices import Voice
from notifications.outbox import SMS, TELEGRAM
from notifications.second_step import SecondStep
from notifications.triggers import reactor

# The fact that `play` leaves in a database.
PLAYED: Final = "played"
# Đồng a segment where no contract says: for previews only (an assumption, docs/decisions/0078).
ASSUMED_PRICE: Final = 500
PROGRAMMES: Final = Path(__file__).resolve().parent.parent / "programmes"


class DemoInProduction(Fault):
    """The database holds demo data, and CHITRA_ENV is production. Give production its own."""


class DatabaseAway(Fault):
    """The database {place} cannot be opened. See CHITRA_DATABASE_URL, and whether it is there."""


class UnknownProgramme(Fault):
    """There is no programme {name} under programmes/."""


@dataclass(frozen=True)
class Parts:
    """What every door needs. Made once per process by `compose`, closed once by `close`."""

    settings: Settings
    clock: Clock
    store: Store
    programme: Programme
    programme_folder: Path
    is_demo: bool

    @cached_property
    def ledger(self) -> Ledger:
        """The one way to write events: with the notifier listening, and deliveries following."""
        notices = reactor(
            self.programme,
            self.clock,
            self.release,
            answered=self._is_answered,
            channels={gateway.channel for gateway in self.gateways},
        )
        told = Ledger(self.programme.tenant, (notices,), self.clock)
        return replace(told, reactors=(notices, follower(told)))

    @cached_property
    def talk(self) -> Talk:
        """The flows, and the hands with which a turn reads, writes and hands over."""
        return talk_of(self.programme, self.ledger)

    @cached_property
    def gateways(self) -> tuple[Gateway, ...]:
        """One carrier for each channel that this installation can send on."""
        return gateways_of(self.settings, self.store, self.clock)

    @property
    def second_step(self) -> SecondStep | None:
        """How a notice that did not reach its chat is followed; None where there are no chats."""
        served = {gateway.channel for gateway in self.gateways}
        if not {TELEGRAM, SMS} <= served:
            return None
        minutes = self.settings.telegram_step_minutes
        return SecondStep(self.voice, timedelta(minutes=minutes))

    @property
    def voice(self) -> Voice:
        """In whose name texts are written."""
        return Voice(self.programme, self._is_answered)

    @property
    def _is_answered(self) -> bool:
        """Whether replies to our SMS reach us."""
        return self.settings.sms_gateway is SmsGateway.SANDBOX

    @property
    def release(self) -> Release:
        """Who frees a batch: CHITRA_RELEASE, the demo's own choice, or the programme's."""
        if self.settings.release is not None:
            return Release(self.settings.release)
        return Release.AUTOMATIC if self.is_demo else self.programme.settings.release

    @property
    def release_needs_two(self) -> bool:
        """Whether a list of nobody known is released by two people (docs/decisions/0112)."""
        return self.settings.is_production and self.release is Release.SECOND_PERSON

    @property
    def may_rehearse(self) -> bool:
        """Whether acting as somebody, the sandbox and moved clocks exist here (design 6)."""
        return self.settings.is_loopback and not self.settings.is_production

    def layout(self, name: str) -> Layout:
        """The layout of a kind of list.

        Raises: BadLayout.
        """
        return load_layout(self.programme_folder, name)

    def has_layout(self, name: str) -> bool:
        """Whether the programme has such a layout."""
        return (self.programme_folder / "layouts" / f"{name}.toml").is_file()

    async def hang_up(self) -> None:
        """Let go of the carriers' connections; whoever sends after it opens them anew."""
        for gateway in self.gateways:
            await gateway.close()

    def close(self) -> None:
        """Finish what is being written and let go of the database."""
        self.store.close()


def compose(
    settings: Settings, *, clock: Clock | None = None, watch: CommitWatcher = nobody_watches
) -> Parts:
    """The parts of a process.

    Raises: DatabaseAway, DemoInProduction, UnknownProgramme, ProgrammeErrors, and what opening
    raises.
    """
    folder = PROGRAMMES / settings.programme
    if not folder.is_dir():
        raise UnknownProgramme(name=settings.programme)
    keys = settings_of.keys_of(settings)
    store = open_store(settings.database_url, Keyring(keys.sealing, keys.indexing), watch=watch)
    if not store.answers():
        store.close()
        raise DatabaseAway(place=settings.database_place)
    demo, shift = _demo_facts(store)
    if demo or _was_played(store):
        if settings.is_production:
            store.close()
            raise DemoInProduction
        # Invented numbers may be somebody's: no SMS of a rehearsal leaves this machine.
        settings = replace(settings, sms_gateway=SmsGateway.SANDBOX)
    return Parts(
        settings=settings,
        clock=clock or _clock(settings, shift),
        store=store,
        programme=load(folder),
        programme_folder=folder,
        is_demo=demo,
    )


def gateways_of(settings: Settings, store: Store, clock: Clock) -> tuple[Gateway, ...]:
    """The carriers that the settings name; the heavy ones are imported only where they are used."""
    found: list[Gateway] = [WebGateway(), _sms(settings, store, clock)]
    if settings.telegram_token is not None:
        from notifications.gateways.telegram import TelegramGateway

        found.append(TelegramGateway(settings.telegram_token.value, settings.telegram_base_url))
    return tuple(found)


def sms_terms(settings: Settings) -> Terms:
    """What an SMS costs and how many may leave. Money: whole đồng a segment."""
    return Terms(
        price=ASSUMED_PRICE if settings.sms_price is None else settings.sms_price,
        per_second=settings.sms_per_second,
        month_segments=settings.sms_month_segments,
        month_cost=settings.sms_month_cost,
    )


def _sms(settings: Settings, store: Store, clock: Clock) -> Gateway:
    if settings.sms_gateway is SmsGateway.SANDBOX:
        return SandboxGateway(store, clock, terms=sms_terms(settings))
    from notifications.gateways.twilio import TwilioGateway

    return TwilioGateway(
        account_sid=settings.twilio_account_sid or "",
        auth_token=settings.twilio_auth_token.value if settings.twilio_auth_token else "",
        sender=settings.twilio_sender or "",
        public_url=settings.public_url or "",
        base_url=settings.twilio_base_url,
        terms=sms_terms(settings),
    )


def _clock(settings: Settings, shift: timedelta | None) -> Clock:
    if settings.now is not None:
        return clock_from(settings.now)
    return system_clock() if shift is None else clock_shifted(shift)


def _was_played(store: Store) -> bool:
    """Whether invented people came in through `play`: their telephones may be somebody's."""
    if revision(store) is None:
        return False
    return store.read(lambda tx: fact(tx, PLAYED)) is not None


def _demo_facts(store: Store) -> tuple[bool, timedelta | None]:
    """Whether the database is a demo, and how far its stored clock is from the machine's."""
    if revision(store) is None:
        return False, None
    demo = store.read(lambda tx: fact(tx, "demo"))
    shift = store.read(lambda tx: fact(tx, "clock_shift_seconds"))
    return demo is not None, None if shift is None else timedelta(seconds=int(shift))

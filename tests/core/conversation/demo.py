"""A flow that is no product: a bus ticket, with every kind of question the engine knows."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any

from core.conversation import dialogue
from core.conversation.ask import Command, Go, Query, ask, farewell, look, once, say
from core.conversation.caller import Caller
from core.conversation.dialogue import Message
from core.conversation.flow import MENU, OFFICER, Book, Flow, book
from core.conversation.heard import Heard
from core.conversation.menu import Menu
from core.conversation.offers import FLOWS
from core.conversation.parsers import Option, free_text, month, one_of, yes_no
from core.conversation.scene import Answer, Outcome, World
from core.conversation.sentences import Said
from core.conversation.state import State, as_json, from_json
from core.conversation.understanding.intents import Intent

TODAY = date(2021, 4, 20)


class Seat(StrEnum):
    WINDOW = "window"
    AISLE = "aisle"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class FreeSeats(Query[int]):
    cycle: str


@dataclass(frozen=True, slots=True)
class Ticket(Command):
    cycle: str
    seat: Seat
    note: str


@dataclass(frozen=True, slots=True)
class Ring(Command):
    note: str


SEATS = [
    Option(Seat.WINDOW.value, Seat.WINDOW, "Ghế cạnh cửa sổ"),
    Option(Seat.AISLE.value, Seat.AISLE, "Ghế ngoài lối đi"),
    Option(Seat.FLOOR.value, Seat.FLOOR, "Đứng", ("khong ngoi",)),
]


async def buy(me: Caller) -> Command | None:
    cycle = await ask("demo.month", month(me.today), key="engine.month", month="tháng nào?")
    free = await look(FreeSeats(str(cycle)))
    if not free:
        return await farewell("engine.month", month="hết chỗ")
    seat = await ask("demo.seat", one_of(SEATS), key="engine.month", month="ghế nào?")
    note = await ask(
        "demo.note", free_text(samples=("xe lăn",)), key="engine.month", month="dặn gì?"
    )
    rung = await once("demo.ring", Ring(note))
    await say("engine.month", month=f"chuông {rung}")
    sure = await ask(
        "demo.sure", yes_no, key="engine.month", month="chắc chưa?", shows=(cycle, free, seat, note)
    )
    return Ticket(str(cycle), seat, note) if sure else None


async def hours(me: Caller) -> Command | None:
    del me
    return await farewell("engine.month", month="mở cửa 8 giờ")


async def officer(me: Caller) -> Command | None:
    del me
    what = await ask(
        "demo.matter", free_text(samples=("hỏi",)), key="engine.month", month="việc gì?"
    )
    return Ring(what)


async def main_menu(me: Caller) -> Command | None:
    del me
    options = [Option("buy", "demo_buy", "Mua vé"), Option("hours", "demo_hours", "Giờ mở cửa")]
    choice = await ask("demo.menu", one_of(options), key="engine.month", month="làm gì?")
    return Go(choice)


_PEOPLE = (Intent.FRAUD_REPORT, Intent.TALK_TO_HUMAN)
BOOK = book(
    [
        *FLOWS,
        Flow("demo_buy", buy, (Intent.CHECK_PAYMENT,), "engine.wish.check_payment"),
        Flow("demo_hours", hours, (Intent.SCHEDULE,), "engine.wish.schedule"),
        Flow(OFFICER, officer, _PEOPLE, "engine.wish.talk_to_human"),
        Flow(MENU, main_menu, (Intent.HELP,), "engine.wish.help"),
    ]
)


def a_caller(**changes: Any) -> Caller:
    return replace(Caller(7, "web", TODAY), **changes)


def nothing_awaited(heard: Heard, token: str | None) -> Go | None:
    return None


@dataclass
class Talk:
    """A talk with the demo flows; the state is written and read again after every message."""

    free: int = 3
    me: Caller = field(default_factory=a_caller)
    flows: Book = BOOK
    awaited: Callable[[Heard, str | None], Go | None] = nothing_awaited
    state: State = field(default_factory=State)
    acted: list[Command] = field(default_factory=list)
    executed: list[Command] = field(default_factory=list)
    last: Answer | None = None

    def hears(self, text: str, token: str | None = None, *, is_text: bool = True) -> Answer:
        world = World(
            self.flows, self._read, self._act, self._execute, lambda: self.me, self.awaited
        )
        message = Message(text, token, is_text)
        self.last = dialogue.answer(self.state, message, self.me, world)
        self.state = from_json(as_json(self.last.state))
        assert self.state == self.last.state
        assert self.last.said or self.last.question
        return self.last

    def hear(self, *texts: str) -> Answer:
        for text in texts:
            answer = self.hears(text)
        return answer

    @property
    def answers(self) -> dict[str, str]:
        return {} if self.state.running is None else dict(self.state.running.record.answers)

    def _read(self, query: Query[Any]) -> Any:
        assert isinstance(query, FreeSeats)
        return self.free

    def _act(self, command: Command) -> str:
        self.acted.append(command)
        return "ding"

    def _execute(self, command: Command) -> Outcome:
        self.executed.append(command)
        said = (Said("engine.month", {"month": "xong"}),) if isinstance(command, Ticket) else ()
        return Outcome(said or (Said("engine.month", {"month": "đã chuyển"}),))


def words(answer: Answer) -> list[str]:
    """The keys said, or the words of the demo's own sentences."""
    everything = [*answer.said, *([answer.question] if answer.question else [])]
    return [str(one.values.get("month", one.key)) for one in everything]


def labels(menu: Menu | None) -> list[str]:
    return [] if menu is None else [choice.key for choice in menu.choices]

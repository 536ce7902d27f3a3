"""A delivery at home as the person hears of it, while an officer and the Post move it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.compose import Parts
from core.clock import PlayClock
from core.ledger import delivering, visiting
from core.ledger.deliveries import Criterion, Decline, DeliveryState, Proof, Window
from core.ledger.delivery_steps import Desk
from core.refusals import Refusal
from core.store.commit_points import CommitPoint
from core.store.deliveries import DeliveryRow, deliveries_of
from core.store.people import beneficiaries_by_code
from tests.transcripts.conftest import opened
from tests.transcripts.telling import Exchange, Transcript, told
from tests.transcripts.town import found_town

BUOI = "HT000003"
ASKS = ("xin nhận tiền tại nhà", "1", "1", "cuối xóm Đình", "con dâu, buổi sáng", "có")
WHEN = "khi nào đem tiền đến nhà cho tôi"


class Street:
    """Bà Bưởi writes, officers act."""

    def __init__(self, parts: Parts, clock: PlayClock) -> None:
        self.parts, self.clock = parts, clock

    def hears(self, *texts: str, channel: str = "web") -> str:
        exchanges = tuple(Exchange(one, ()) for one in texts)
        heard = told(self.parts, Transcript("", (), "buoi", 2, exchanges), channel)
        return " ".join(heard[-1].lines)

    def does(self, step: Callable[[Desk, int], DeliveryRow | Refusal], by: str = "an") -> None:
        def work(tx: object) -> DeliveryRow | Refusal:
            desk = Desk(tx, self.parts.ledger, self.parts.programme, f"staff:{by}")  # type: ignore[arg-type]
            person = beneficiaries_by_code(desk.tx, [BUOI])[BUOI]
            return step(desk, deliveries_of(desk.tx, [person.id])[-1].id)

        done = self.parts.store.transact(work, CommitPoint.DECISION)
        assert isinstance(done, DeliveryRow), done

    def accepts(self) -> None:
        self.does(lambda desk, number: delivering.assess(desk, number, Criterion.ILL, ""))
        self.does(lambda desk, number: delivering.accept(desk, number, is_standing=False))


@pytest.fixture
def street(database_url: str, tmp_path: Path) -> Iterator[Street]:
    parts, clock = opened(database_url, tmp_path)
    found_town(parts, clock)
    yield Street(parts, clock)
    parts.close()


def test_what_comes_next_is_told_at_every_step(street: Street) -> None:
    assert "đã gửi cán bộ xã đề nghị chi tại nhà" in street.hears(*ASKS)
    assert "chưa có quyết định" in street.hears(WHEN)
    street.accepts()
    assert "ngày đến sẽ được hẹn" in street.hears(WHEN)
    friday = date(2021, 4, 23)
    street.does(
        lambda desk, number: visiting.schedule(desk, number, friday, Window.MORNING, "BD-012")
    )
    assert "hẹn mang đến nhà buổi sáng ngày 23/04/2021" in street.hears(WHEN)
    street.clock.move_to(datetime(2021, 4, 23, 2, tzinfo=UTC))
    street.does(visiting.set_off)
    assert "đang trên đường đến" in street.hears(WHEN)
    street.does(visiting.miss)
    assert "không gặp Lê Thị Bưởi" in street.hears(WHEN)
    monday = date(2021, 4, 26)
    street.does(
        lambda desk, number: visiting.schedule(desk, number, monday, Window.AFTERNOON, "BD-012")
    )
    street.clock.move_to(datetime(2021, 4, 26, 7, tzinfo=UTC))
    street.does(visiting.set_off)
    street.does(lambda desk, number: visiting.hand_over(desk, number, Proof.SIGNED, ""))
    street.hears("nhận đủ rồi", "có")
    person = street.parts.store.read(lambda tx: beneficiaries_by_code(tx, [BUOI])[BUOI])
    (row,) = street.parts.store.transact(
        lambda tx: deliveries_of(tx, [person.id]), CommitPoint.DECISION
    )
    assert row.state == DeliveryState.CONFIRMED
    assert row.requested_by == f"person:{person.person_id}"


def test_a_declined_request_is_sent_to_another_officer(street: Street) -> None:
    street.hears(*ASKS, channel="sms")
    street.does(lambda desk, number: delivering.decline(desk, number, Decline.CAN_COLLECT, ""))
    no = street.hears(WHEN, channel="sms")
    assert "con den duoc diem chi tra" in no
    assert "một cán bộ khác sẽ quyết định" in street.hears(WHEN, "có")
    assert "chưa có quyết định" in street.hears(WHEN)


def test_it_is_taken_back_until_somebody_is_on_the_way(street: Street) -> None:
    street.hears(*ASKS)
    assert "đã thôi việc nhận tại nhà" in street.hears(WHEN, "có")
    assert "đã gửi cán bộ xã" in street.hears(*ASKS)

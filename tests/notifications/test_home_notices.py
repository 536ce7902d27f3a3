"""What people are told of a delivery at home, and when it is not said after all: both engines."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from core.ledger import delivering, visiting
from core.ledger.deliveries import MOST_SECOND_TRIES, Criterion, Decline, Window
from core.ledger.delivery_steps import Asked, Desk
from core.ledger.events import EventType
from core.ledger.following import follower
from core.ledger.record import Ledger
from core.people import Basis, Purpose, Role
from core.refusals import Refusal
from core.store import contacts
from core.store.deliveries import DeliveryRow
from core.store.engine import Tx
from core.store.people import BeneficiaryRow, beneficiaries_by_code
from core.store.recipients import Place, places_beside
from core.terms import Programme
from notifications import sms_text, triggers
from notifications.home_notices import text_of
from notifications.notices import Voice, dressed
from tests.builders import PHU_BAI, TENANT, beneficiaries
from tests.notifications import district
from tests.notifications.families import outbox
from tests.notifications.post import Post
from tests.stand_ins.carrier import Carrier

CODE = "HT000777"
Step = Callable[[Desk], DeliveryRow | Refusal]


class Home:
    """Somebody who asked, with a telephone and a relative, both of whom agreed to be told."""

    def __init__(self, post: Post) -> None:
        self.post = post
        react = triggers.reactor(post.programme, post.clock)
        told = Ledger(TENANT, (react,), post.clock)
        self.ledger = replace(told, reactors=(react, follower(told)))
        post.do(lambda tx: beneficiaries(tx, [CODE], commune=PHU_BAI) and None)
        self.person = post.do(self._founded)
        asked = Asked(Criterion.ILL, "cuối xóm Đình", "con dâu")
        row = self.does(lambda desk: delivering.request(desk, self._row(desk), asked))
        self.number = row.id

    def _founded(self, tx: Tx) -> int:
        row = beneficiaries_by_code(tx, [CODE])[CODE]
        district.stands(tx, row.id, row.person_id, Role.SELF)
        district.a_phone(tx, row.person_id, "0912345678", level=2)
        district.agrees(tx, row.id, row.person_id, Purpose.NOTICE)
        relative = district.a_person(tx, "Nguyễn Văn Hai")
        district.stands(tx, row.id, relative, Role.RELATIVE, basis=Basis.CONSENT)
        district.a_phone(tx, relative, "0912345679")
        district.agrees(tx, row.id, relative, Purpose.RELATIVE, by=row.person_id)
        return row.person_id

    def _row(self, desk: Desk) -> BeneficiaryRow:
        return beneficiaries_by_code(desk.tx, [CODE])[CODE]

    def does(self, step: Step, actor: str = "staff:lan") -> DeliveryRow:
        done = self.post.do(lambda tx: step(Desk(tx, self.ledger, self.post.programme, actor)))
        assert isinstance(done, DeliveryRow), done
        return done

    def declines(self, why: Decline = Decline.CAN_COLLECT) -> None:
        self.does(lambda desk: delivering.decline(desk, self.number, why, "ghi chú riêng"))

    def accepts(self) -> None:
        self.does(lambda desk: delivering.assess(desk, self.number, Criterion.ILL, ""))
        self.does(lambda desk: delivering.accept(desk, self.number, is_standing=False))

    def texts(self) -> list[str]:
        return [one.text for one in outbox(self.post)]


@pytest.fixture
def home(post: Post) -> Home:
    return Home(post)


def test_a_decision_is_told_to_the_person_alone_and_not_where_they_live(home: Home) -> None:
    assert home.texts() == []
    home.declines()
    [one] = outbox(home.post)
    assert (one.person_id, one.purpose, one.state) == (home.person, "home", "queued")
    assert "con den duoc diem chi" in one.text
    for private in ("xom Dinh", "dau om", "ghi chu", "con dau"):
        assert private not in one.text
    home.does(lambda desk: delivering.appeal(desk, home.number))
    home.does(
        lambda desk: delivering.assess(desk, home.number, Criterion.ILL, ""), actor="staff:minh"
    )
    home.does(
        lambda desk: delivering.accept(desk, home.number, is_standing=False), actor="staff:minh"
    )
    assert [text.count("Da dong y") for text in home.texts()] == [0, 1]


async def test_what_is_still_so_leaves(home: Home) -> None:
    home.accepts()
    carrier = Carrier()
    await home.post.drain(carrier)
    [one] = outbox(home.post)
    assert (one.state, len(carrier.calls)) == ("sent", 1)


async def test_what_has_moved_on_or_is_not_wanted_any_more_is_dropped(home: Home) -> None:
    home.accepts()
    home.post.clock.move_to(home.post.clock.now() + timedelta(minutes=1))
    home.does(lambda desk: delivering.withdraw(desk, home.number))
    await home.post.drain(Carrier())
    [one] = outbox(home.post)
    assert (one.state, one.reason) == ("suppressed", "not_true_any_more")


@pytest.mark.parametrize("how", ["stopped", "no_consent", "died"])
async def test_who_stopped_took_consent_back_or_died_is_not_told(home: Home, how: str) -> None:
    home.declines()
    now = home.post.clock.now()

    def change(tx: Tx) -> None:
        contact = contacts.contacts_of(tx, [home.person])[home.person][0][0]
        if how == "stopped":
            contacts.stop(tx, contact, now)
        elif how == "died":
            district.dies(tx, home.person, date(2021, 4, 14))
        else:
            district.takes_back_all(tx, now)

    home.post.do(change)
    carrier = Carrier()
    await home.post.drain(carrier)
    [one] = outbox(home.post)
    assert one.state == "suppressed"
    assert carrier.calls == []


def test_who_never_agreed_is_told_nothing(home: Home) -> None:
    home.post.do(lambda tx: district.takes_back_all(tx, home.post.clock.now()))
    home.declines()
    assert home.texts() == []


def test_what_the_person_does_is_not_told_back(home: Home) -> None:
    home.does(lambda desk: delivering.withdraw(desk, home.number), actor=f"person:{home.person}")
    assert home.texts() == []


def test_a_visit_that_cannot_be_promised_is_not_told(home: Home) -> None:
    home.accepts()
    refused = home.post.do(
        lambda tx: visiting.schedule(
            Desk(tx, home.ledger, home.post.programme, "staff:lan"),
            home.number,
            date(2021, 4, 19),
            Window.MORNING,
            "BD-012",
        )
    )
    assert isinstance(refused, Refusal)
    assert len(home.texts()) == 1


_BODIES = [
    (EventType.DELIVERY_ACCEPTED, {}),
    *((EventType.DELIVERY_DECLINED, {"why": why.value}) for why in Decline),
    *(
        (EventType.DELIVERY_SCHEDULED, {"day": "2021-04-28", "window": window.value})
        for window in Window
    ),
    (EventType.DELIVERY_MISSED, {"try": 1}),
    (EventType.DELIVERY_MISSED, {"try": MOST_SECOND_TRIES + 1}),
]


@pytest.mark.parametrize(
    ("lang", "event", "body"),
    [(lang, *one) for lang, one in itertools.product(("vi", "en"), _BODIES)],
    ids=str,
)
def test_every_text_is_one_sms_at_its_longest(
    programme: Programme,
    post: Post,
    lang: str,
    event: EventType,
    body: dict[str, object],
) -> None:
    voice = Voice(programme, answered=True)
    place = post.do(lambda tx: _a_place(tx, lang))
    text = dressed(text_of(event, body, "Nghiêng N.T.M", lang, voice), place, voice)
    measured = sms_text.measure(text)
    assert (measured.encoding, measured.segments) == ("GSM-7", 1), (text, measured)


def _a_place(tx: Tx, lang: str) -> Place:
    beneficiary_id, person_id = district.a_beneficiary(tx, "HT000888")
    district.a_phone(tx, person_id, "0912345670")
    found = places_beside(tx, [beneficiary_id])
    return replace(found[0], language=lang)

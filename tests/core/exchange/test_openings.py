"""Papers, identity cards, accounts and cards: the four lists, on both engines."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.exchange import accounts, cards, id_cards, papers
from core.exchange.intake import Kind, take_in
from core.exchange.verdicts import Report
from core.ledger import enrolling
from core.ledger.enrolment import Confirmed
from core.ledger.events import EventType
from core.ledger.opening import OpeningState
from core.refusals import Code
from core.store.commit_points import CommitPoint
from core.store.engine import Store, Tx
from core.store.enrolments import EnrolmentRow
from core.store.methods import accounts_of, newest_methods
from core.store.openings import OpeningPerson, openings_in
from core.store.people import beneficiaries_by_code
from core.store.tables.ledger import event
from core.store.tables.people import standing
from core.terms import Method
from tests.builders import TENANT, beneficiaries
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_registrations import (
    CHILD,
    GRANDMOTHER,
    HOA,
    SIBLING,
    done,
    taken_in,
)

KINDS: dict[str, Kind] = {
    "papers": papers.KIND,
    "accounts": accounts.KIND,
    "cards": cards.KIND,
    "id-cards": id_cards.KIND,
}
BA: Line = {
    "code": "HT000200",
    "role": "đối tượng",
    "name": "Lê Văn Ba",
    "birth": "1950",
    "citizen_id": "191234567",
    "commune": "Phường Phú Bài",
    "method": "tiền mặt",
}
OPENED: Line = {
    "code": "HT000200",
    "name": "Lê Văn Ba",
    "status": "Đã mở",
    "account": "109876543210",
    "holder": "LE VAN BA",
    "day": "20/03/2021",
}


class Lists:
    """A desk into which lists go, and what stands after them."""

    def __init__(self, store: Store, desk_for: DeskFor, folder: Path) -> None:
        self.store, self.desk_for, self.folder, self.at = store, desk_for, folder, 0

    def take(self, kind: str, *lines: Line, provider: str = "vietinbank") -> Report:
        self.at += 1
        desk = self.desk_for(kind, provider=provider if kind == "accounts" else "")
        path = write_list(self.folder / f"{kind}-{self.at}.xlsx", desk.layout, lines)
        return done(take_in(path, KINDS[kind], desk))

    def codes(self, kind: str, *lines: Line, provider: str = "vietinbank") -> list[Code]:
        return [
            one.problem.refusal.code for one in self.take(kind, *lines, provider=provider).rejects
        ]

    def standing(self, code: str = "HT000200") -> OpeningPerson:
        found = self.store.read(lambda tx: openings_in(tx, TENANT, list(OpeningState)))
        return next(one for one in found if one.code == code)

    def state(self, code: str = "HT000200") -> str:
        return self.standing(code).row.state


@pytest.fixture
def lists(store: Store, desk_for: DeskFor, tmp_path: Path) -> Lists:
    taken_in(desk_for, tmp_path, HOA, BA, CHILD, SIBLING, GRANDMOTHER)
    both: Line = {**GRANDMOTHER, "code": "PL000002"}
    taken_in(desk_for, tmp_path, both, name="b")
    return Lists(store, desk_for, tmp_path)


def events_of(tx: Tx) -> list[str]:
    kinds = [
        kind.value for kind in EventType if kind.value.startswith(("opening", "card_", "first"))
    ]
    query = sa.select(event.c.type).where(event.c.type.in_(kinds)).order_by(event.c.id)
    return list(tx.connection.execute(query).scalars())


def test_from_papers_to_an_account_that_works(lists: Lists, store: Store) -> None:
    missing: Line = {
        "code": "HT000200",
        "name": "Lê Văn Ba",
        "missing": "CCCD; phiếu đăng ký",
        "status": "Thiếu",
        "due": "10/04/2021",
    }
    assert lists.take("papers", missing).accepted == 1
    stands = lists.standing()
    assert (stands.row.state, stands.row.missing) == ("MISSING", ("citizen_id", "form"))
    assert str(stands.row.due_on) == "2021-04-10"

    waiting: Line = {
        "code": "HT000200",
        "name": "Lê Văn Ba",
        "result": "Hẹn trả",
        "ready": "05/04/2021",
    }
    assert lists.take("id-cards", waiting).rejected == 0
    assert lists.state() == "WAITING_ID"
    issued: Line = {**waiting, "result": "Đã cấp", "new_id": "046050000200"}
    assert lists.take("id-cards", issued).rejected == 0
    stands = lists.standing()
    assert (stands.row.state, stands.row.missing) == ("MISSING", ("form",))
    assert stands.citizen_id == "046050000200"

    assert lists.take("papers", {"code": "HT000200", "status": "Đã đủ"}).rejected == 0
    assert lists.state() == "ELIGIBLE"
    assert lists.take("accounts", OPENED).rejected == 0
    assert lists.state() == "OPENED"
    early: Line = {"code": "HT000200", "status": "Đã ghi có lần đầu"}
    assert lists.codes("accounts", early) == [Code.OPENING_WRONG_STATE]
    assert lists.take("cards", {"code": "HT000200", "status": "Đã trao"}).rejected == 0
    assert lists.state() == "CARD_HANDED"

    def newest(tx: Tx) -> tuple[str, str, tuple[str | None, str | None]]:
        ba = beneficiaries_by_code(tx, ["HT000200"])["HT000200"].id
        version = newest_methods(tx, [ba])[ba]
        return version.method, version.from_cycle, accounts_of(tx, [version.id])[version.id]

    assert store.read(newest)[0] == "cash"
    assert lists.take("accounts", {**early, "day": "25/03/2021"}).rejected == 0
    assert lists.state() == "FIRST_CREDIT_OK"
    # 25 March is after the cut-off of April.
    assert store.read(newest) == ("account", "2021-05", ("109876543210", "LE VAN BA"))
    kinds = store.read(events_of)
    assert kinds == [
        *("opening_listed", "opening_missing", "opening_waiting_id", "opening_missing"),
        *("opening_eligible", "opening_submitted", "opening_opened"),
        *("card_printed", "card_at_commune", "card_handed", "first_credit_ok"),
    ]


def test_the_same_list_again_changes_nothing(lists: Lists, store: Store) -> None:
    enough: Line = {"code": "HT000200", "status": "Đủ"}
    lists.take("papers", enough)
    before = store.read(events_of)
    again = lists.take("papers", enough, {"code": "HT000123", "status": "Đủ"})
    assert (again.unchanged, again.accepted, again.rejected) == (1, 0, 1)
    assert store.read(events_of) == before


def test_nothing_personal_stands_in_an_event(lists: Lists, store: Store) -> None:
    lists.take("papers", {"code": "HT000200", "status": "Đủ"})
    lists.take("accounts", OPENED)
    bodies = store.read(
        lambda tx: " ".join(
            tx.connection.execute(sa.select(event.c.body, event.c.source)).scalars()
        )
    )
    assert "109876543210" not in bodies
    assert "VAN BA" not in bodies.upper()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ({"code": "HT999999", "status": "Đủ"}, Code.BENEFICIARY_NOT_LISTED),
        ({"code": "HT000200", "status": "gì đó"}, Code.STATUS_UNKNOWN),
        ({"code": "HT000200", "status": "Thiếu"}, Code.PAPERS_UNCLEAR),
        ({"code": "HT000200", "status": "Đủ", "missing": "CCCD"}, Code.PAPERS_UNCLEAR),
        ({"code": "HT000200", "status": "Chờ cấp CCCD", "missing": "phiếu"}, Code.PAPER_UNKNOWN),
        ({"code": "HT000200", "status": "Đủ", "name": "Lê Văn Bốn"}, Code.OPENING_OTHER_NAME),
        ({"code": "HT000200", "status": "Đủ", "role": "giám hộ"}, Code.OPENING_HOLDER),
        ({"code": "PL000001", "status": "Đủ"}, Code.OPENING_TOO_YOUNG),
        ({"code": "HT000123", "status": "Đủ"}, Code.OPENING_HAS_ACCOUNT),
    ],
)
def test_what_is_wrong_in_a_line_of_papers_is_named(lists: Lists, line: Line, code: Code) -> None:
    assert lists.codes("papers", line) == [code]


def test_what_is_wrong_in_a_line_of_accounts_is_named(lists: Lists) -> None:
    assert lists.codes("accounts", OPENED) == [Code.OPENING_UNKNOWN]
    lists.take("papers", {"code": "HT000200", "status": "Đủ"})
    assert lists.codes("accounts", OPENED, provider="viettel") == [Code.PHONE_WRONG_LENGTH]
    for over, code in (
        ({"name": "Lê Văn Bốn"}, Code.OPENING_OTHER_NAME),
        ({"holder": "LE VAN BON"}, Code.HOLDER_NAME_DIFFERS),
        ({"account": ""}, Code.ACCOUNT_MISSING),
        ({"account": "9704151234567890"}, Code.ACCOUNT_IS_CARD_NUMBER),
        ({"account": "101234567890"}, Code.ACCOUNT_SHARED),
    ):
        assert lists.codes("accounts", {**OPENED, **over}) == [code], over
    refused: Line = {
        "code": "HT000200",
        "status": "Từ chối",
        "error": "TEN_LECH",
        "day": "20/03/2021",
    }
    assert lists.take("accounts", refused).rejected == 0
    assert (lists.state(), lists.standing().row.reason) == ("REJECTED", "TEN_LECH")
    # Reviewed again, it is asked for again.
    lists.take("papers", {"code": "HT000200", "status": "Đã đủ", "day": "22/03/2021"})
    assert (lists.state(), lists.standing().row.reason) == ("ELIGIBLE", None)


def test_a_guardian_has_one_wallet_for_two_wards_and_for_nobody_else(lists: Lists) -> None:
    for code in ("PL000001", "PL000002"):
        found: Line = {"code": code, "role": "giám hộ", "name": "Lê Thị Gái", "status": "Đủ"}
        assert lists.take("papers", found).rejected == 0
    wallet: Line = {"status": "OPENED", "account": "0987654321", "holder": "LE THI GAI"}
    two = [{**wallet, "code": code} for code in ("PL000001", "PL000002")]
    assert lists.take("accounts", *two, provider="viettel").rejected == 0
    assert lists.state("PL000002") == "OPENED"
    # A wallet has no card: its first credit follows at once.
    credited: Line = {"code": "PL000001", "status": "Đã ghi có lần đầu"}
    assert lists.take("accounts", credited, provider="viettel").rejected == 0
    assert lists.state("PL000001") == "FIRST_CREDIT_OK"


def test_an_identity_number_of_somebody_else_is_refused(lists: Lists) -> None:
    line: Line = {"code": "HT000200", "result": "Đã cấp", "new_id": "046138000123"}
    assert lists.codes("id-cards", line) == [Code.OPENING_UNKNOWN]
    lists.take("papers", {"code": "HT000200", "status": "Thiếu", "missing": "CCCD"})
    # The same file again would be the same report: lists are mended and sent again.
    line = {**line, "day": "24/03/2021"}
    assert lists.codes("id-cards", line) == [Code.CITIZEN_ID_TAKEN]
    assert lists.take("id-cards", {**line, "new_id": ""}).rejected == 0
    assert lists.state() == "ELIGIBLE"
    assert lists.codes("id-cards", {**line, "result": "Hẹn trả"}) == [Code.OPENING_HAS_ID]


def test_lines_of_one_list_may_come_in_any_order(lists: Lists) -> None:
    lists.take("papers", {"code": "HT000200", "status": "Đủ"})
    got: Line = {"code": "HT000200", "status": "Đã tiếp nhận", "day": "15/03/2021"}
    assert lists.codes("accounts", OPENED, got) == []
    steps = ("Đã ghi có lần đầu", "Đã trao", "Đã in", "Đã về xã")
    assert lists.codes("cards", *({"code": "HT000200", "status": one} for one in steps)) == []
    assert lists.state() == "FIRST_CREDIT_OK"
    assert lists.store.read(events_of)[-4:] == [
        *("card_printed", "card_at_commune", "card_handed", "first_credit_ok"),
    ]


def test_two_people_of_one_list_are_not_given_one_identity_number(
    lists: Lists, store: Store
) -> None:
    pair = ("HT000301", "HT000302")
    store.transact(lambda tx: beneficiaries(tx, pair) and None, CommitPoint.STAFF)
    lists.take("papers", *({"code": c, "status": "Thiếu", "missing": "CCCD"} for c in pair))
    both: list[Line] = [{"code": c, "result": "Đã cấp", "new_id": "046050000301"} for c in pair]
    assert lists.codes("id-cards", *both) == [Code.CITIZEN_ID_TAKEN]


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_list_costs_the_same_statements_however_long_it_is(
    lists: Lists, store: Store, kind: str
) -> None:
    codes = [f"HT0004{number:02}" for number in range(12)]
    store.transact(lambda tx: beneficiaries(tx, codes) and None, CommitPoint.STAFF)
    before: dict[str, Line] = {
        "id-cards": {"status": "Thiếu", "missing": "CCCD"},
        "accounts": {"status": "Đủ"},
        "cards": {"status": "Đủ"},
    }
    if kind in before:
        lists.take("papers", *({"code": code, **before[kind]} for code in codes))
    if kind == "cards":
        lists.take("accounts", *(opened(code) for code in codes))
    says: dict[str, Callable[[str], Line]] = {
        "papers": lambda code: {"code": code, "status": "Thiếu", "missing": "CCCD"},
        "id-cards": lambda code: {
            "code": code,
            "result": "Đã cấp",
            "new_id": f"0460500004{code[-2:]}",
        },
        "accounts": opened,
        "cards": lambda code: {"code": code, "status": "Đã trao"},
    }
    reads = [
        selects(store, partial(lists.take, kind, *(says[kind](code) for code in part)))
        for part in (codes[:2], codes[2:])
    ]
    assert reads[0] == reads[1]


def opened(code: str) -> Line:
    number = f"1098765000{code[-2:]}"
    return {
        "code": code,
        "status": "Đã mở",
        "account": number,
        "holder": f"NGUYEN THI {code}",
    }


def selects(store: Store, work: Callable[[], Report]) -> int:
    """How often the database is read meanwhile."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    sa.event.listen(store.engine, "before_cursor_execute", note)
    found = work()
    sa.event.remove(store.engine, "before_cursor_execute", note)
    assert found.rejected == 0, found.rejects
    return len([one for one in seen if one.startswith("SELECT")])


@pytest.mark.parametrize("is_over", [False, True])
def test_no_money_goes_into_the_account_of_a_guardian_whose_time_is_over(
    lists: Lists, store: Store, *, is_over: bool
) -> None:
    lists.take("papers", {"code": "PL000001", "role": "giám hộ", "status": "Đủ"})
    wallet: Line = {
        "code": "PL000001",
        "status": "Đã mở",
        "account": "0987654321",
        "holder": "LE THI GAI",
    }
    assert lists.take("accounts", wallet, provider="viettel").rejected == 0

    def ends(tx: Tx) -> None:
        over = sa.update(standing).where(standing.c.role == "guardian")
        tx.connection.execute(over.values(valid_to=date(2021, 3, 20)))

    if is_over:
        store.transact(ends, CommitPoint.STAFF)
    works: Line = {"code": "PL000001", "status": "Đã ghi có lần đầu"}
    assert lists.take("accounts", works, provider="viettel").rejected == 0
    assert lists.state("PL000001") == "FIRST_CREDIT_OK"
    id_ = store.read(lambda tx: beneficiaries_by_code(tx, ["PL000001"])["PL000001"].id)
    newest = store.read(lambda tx: newest_methods(tx, [id_])[id_])
    assert newest.method == ("cash" if is_over else "wallet")


def test_a_number_that_somebody_else_asks_to_be_paid_into_is_taken(
    lists: Lists, store: Store
) -> None:
    asks = enrolling.Wish(Method.ACCOUNT, str(OPENED["account"]), "NGUYEN THI HOA")

    def draft(tx: Tx) -> object:
        desk = lists.desk_for("papers")
        counter = enrolling.Desk(tx, desk.ledger, desk.programme, "an")
        hoa = beneficiaries_by_code(tx, ["HT000123"])["HT000123"]
        return enrolling.draft(counter, hoa, asks)

    assert isinstance(store.transact(draft, CommitPoint.DECISION), EnrolmentRow)
    lists.take("papers", {"code": "HT000200", "status": "Đủ"})
    assert lists.codes("accounts", OPENED) == [Code.ACCOUNT_SHARED]


def test_whoever_chose_another_way_meanwhile_stays_with_it(lists: Lists, store: Store) -> None:
    desk = lists.desk_for("papers")
    lists.take("papers", {"code": "HT000200", "status": "Đủ"})

    def chooses(tx: Tx) -> None:
        ba = beneficiaries_by_code(tx, ["HT000200"])["HT000200"]
        lan, minh = (enrolling.Desk(tx, desk.ledger, desk.programme, by) for by in ("lan", "minh"))
        wish = enrolling.draft(lan, ba, enrolling.Wish(Method.HOME))
        assert isinstance(wish, EnrolmentRow), wish
        enrolling.confirm(lan, wish.id, Confirmed.IN_PERSON)
        enrolling.check(lan, wish.id)
        assert isinstance(enrolling.approve(minh, wish.id, is_office=False), EnrolmentRow)

    store.transact(chooses, CommitPoint.DECISION)
    lists.take("accounts", OPENED)
    lists.take("cards", {"code": "HT000200", "status": "Đã trao"})
    lists.take("cards", {"code": "HT000200", "status": "Đã ghi có lần đầu"})
    assert lists.state() == "FIRST_CREDIT_OK"

    def newest(tx: Tx) -> str:
        ba = beneficiaries_by_code(tx, ["HT000200"])["HT000200"].id
        return newest_methods(tx, [ba])[ba].method

    assert store.read(newest) == "cash"

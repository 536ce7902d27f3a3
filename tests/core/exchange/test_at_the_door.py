"""The provider's list of the day, and what it reports of the doors: on both engines."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from core.exchange.layouts import load_layout
from core.ledger import delivering, visiting
from core.ledger.deliveries import Criterion, DeliveryState, Proof, Window
from core.ledger.delivery_steps import Asked, Desk
from core.ledger.states import Money
from core.store.commit_points import CommitPoint
from core.store.deliveries import DeliveryRow, delivery_for_update
from core.store.people import beneficiaries_by_code
from tests.bot.parts import Office
from tests.bot.test_payday import lists, money_of, to_instruction
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

T = TypeVar("T")
S = DeliveryState
CO, CODE = "2104-HT000200-M-1", "HT000200"
PAID: Line = {
    "payment": CO,
    "status": "Đã chi",
    "day": "09/04/2021",
    "amount": 540000,
    "signed_by": "Lê Thị Dâu",
    "relation": "con dâu",
}
NOT_MET: Line = {"payment": CO, "status": "Không gặp", "day": "09/04/2021", "amount": 540000}


class Post:
    """The Post and the office; a visit to Cơ is arranged for the ninth."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder, self.files = office, folder, 0
        to_instruction(office, lists(folder), folder / "orders")
        asked = Asked(Criterion.ILL, "cuối xóm Đình", "con dâu, buổi sáng")

        def arranged(desk: Desk) -> int:
            person = beneficiaries_by_code(desk.tx, [CODE])[CODE]
            row = delivering.request(desk, person, asked)
            assert isinstance(row, DeliveryRow), row
            delivering.assess(desk, row.id, Criterion.ILL, "")
            delivering.accept(desk, row.id, is_standing=False)
            return row.id

        self.number = self.does(arranged)
        self.schedules(9)

    def does(self, step: Callable[[Desk], T]) -> T:
        parts = self.office.session.parts

        def work(tx: object) -> T:
            return step(Desk(tx, parts.ledger, parts.programme, "staff:an"))  # type: ignore[arg-type]

        return parts.store.transact(work, CommitPoint.DECISION)

    def schedules(self, day: int) -> None:
        done = self.does(
            lambda desk: visiting.schedule(
                desk, self.number, date(2021, 4, day), Window.MORNING, "BD-012"
            )
        )
        assert isinstance(done, DeliveryRow), done

    def sets_off(self) -> None:
        done = self.does(lambda desk: visiting.set_off(desk, self.number))
        assert isinstance(done, DeliveryRow), done

    def day_is(self, day: int) -> None:
        self.office.clock.move_to(datetime(2021, 4, day, 9, tzinfo=UTC))

    def reports(self, *lines: Line) -> int:
        self.files += 1
        layout = load_layout(FOLDER, "results-post")
        path = write_list(self.folder / f"post-{self.files}.xlsx", layout, lines)
        return self.takes_in(path)

    def takes_in(self, path: Path) -> int:
        return self.office.types(
            "import", "results", path, "--cycle", "2021-04", "--provider", "post"
        )

    @property
    def row(self) -> DeliveryRow:
        found = self.does(
            lambda desk: delivery_for_update(desk.tx, desk.ledger.tenant, self.number)
        )
        assert found is not None
        return found

    def stands(self) -> tuple[Money, str, int]:
        assert self.office.types("ledger", "verify") == 0
        row = self.row
        return money_of(self.office, CO), row.state, row.tries


@pytest.fixture
def post(database_url: str, tmp_path: Path) -> Iterator[Post]:
    made = Office(database_url, tmp_path / "var", datetime(2021, 3, 20, 2, tzinfo=UTC))
    yield Post(made, tmp_path)
    made.close()


def home_list(post: Post, day: str) -> Path:
    file = post.folder / f"home-{day}.xlsx"
    ask = ("export", "home-list", "--cycle", "2021-04", "--provider", "post", "--day", day)
    assert post.office.types(*ask, "--out", file, "--json") == 0, post.office.err.getvalue()
    return file


def test_the_list_of_a_day_says_who_is_visited_where_and_by_whom(post: Post) -> None:
    file = home_list(post, "2021-04-09")
    told = json.loads(post.office.out.getvalue())
    assert (told["rows"], told["amount"], told["day"]) == (1, 540000, "2021-04-09")
    rows = CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()
    (line,) = [dict(zip(map(str, rows[3]), row, strict=True)) for row in rows[4:] if row[0] == 1]
    assert line["Buổi"] == "buổi sáng"
    assert (line["Người đi chi"], line["Họ tên"]) == ("BD-012", "Lê Văn Cơ")
    assert line["Nơi ở"] == "cuối xóm Đình, Phường Thủy Châu"
    assert (line["Ai mở cửa, khi nào"], line["Số tiền"]) == ("con dâu, buổi sáng", 540000)
    assert line["Ký nhận"] == ""
    assert "đau ốm" not in str(rows)
    assert post.office.types("ledger", "verify") == 0
    home_list(post, "2021-04-12")
    assert json.loads(post.office.out.getvalue())["rows"] == 0


def test_the_filled_list_comes_back_as_a_result(post: Post) -> None:
    file = home_list(post, "2021-04-09")
    book = openpyxl.load_workbook(file)
    sheet = book.active
    assert sheet is not None
    heads = {str(cell.value): place for place, cell in enumerate(sheet[4], 1)}
    for head, cell in (("Trạng thái", "Đã chi"), ("Quan hệ", "Điểm chỉ"), ("Người ký nhận", "Cơ")):
        sheet.cell(row=5, column=heads[head], value=cell)
    book.save(file)
    assert post.takes_in(file) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 0)
    row = post.row
    assert (row.proof, row.signer, row.handed_on) == ("fingerprint", "Cơ", date(2021, 4, 9))


def test_a_list_needs_a_day_and_a_provider(post: Post) -> None:
    out = ("--out", post.folder / "x.xlsx")
    ask = ("export", "home-list", "--cycle", "2021-04")
    assert post.office.types(*ask, *out) == 2
    assert post.office.types(*ask, "--provider", "post", "--day", "mai", *out) == 2
    assert post.office.types(*ask, "--provider", "post", *out) == 0
    assert (
        post.office.types("export", "home-list", "--cycle", "2021-05", "--provider", "post", *out)
        == 2
    )


def test_a_report_proves_that_the_visit_had_set_off(post: Post) -> None:
    assert post.reports(PAID) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 0)
    assert (post.row.proof, post.row.signer) == ("signed_family", "Lê Thị Dâu")
    assert post.office.types("ledger", "explain", CO, "--json") == 0
    told = [step["type"] for step in json.loads(post.office.out.getvalue())["events"]]
    assert told[-4:] == ["home_opened", "delivery_set_off", "handed", "delivery_handed_over"]


def test_nobody_was_met_and_the_second_try_succeeds(post: Post) -> None:
    assert post.reports(NOT_MET) == 0
    assert post.stands() == (Money.HOME_PENDING, S.NOT_HOME, 1)
    post.day_is(12)
    post.schedules(12)
    both = [dict(PAID) | {"day": "12/04/2021"}, dict(NOT_MET) | {"day": "09/04/2021"}]
    assert post.reports(*both) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 1)


def test_two_misses_and_a_hand_over_may_come_in_one_file(post: Post) -> None:
    post.day_is(13)
    lines = [
        dict(PAID) | {"day": "13/04/2021"},
        NOT_MET,
        dict(NOT_MET) | {"day": "12/04/2021"},
    ]
    assert post.reports(*lines) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 2)


def test_what_the_page_said_already_is_not_said_twice(post: Post) -> None:
    post.sets_off()
    post.does(lambda desk: visiting.miss(desk, post.number))
    assert post.reports(NOT_MET) == 0
    assert post.stands() == (Money.HOME_PENDING, S.NOT_HOME, 1)
    post.day_is(12)
    post.schedules(12)
    post.sets_off()
    done = post.does(lambda desk: visiting.hand_over(desk, post.number, Proof.SIGNED, "Lê Văn Cơ"))
    assert isinstance(done, DeliveryRow)
    assert post.reports(dict(PAID) | {"day": "12/04/2021"}) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 1)
    assert (post.row.proof, post.row.signer) == ("signed", "Lê Văn Cơ")


def test_money_that_was_refused_is_brought_back_and_owed(post: Post) -> None:
    assert post.reports(dict(NOT_MET) | {"status": "Từ chối"}) == 0
    assert post.stands() == (Money.UNCLAIMED, S.REFUSED, 0)


def test_a_return_of_what_was_never_paid_moves_nothing(post: Post) -> None:
    failed = dict(NOT_MET) | {"status": "Hoàn trả", "error": "x"}
    assert post.reports(failed) == 3
    assert post.stands()[1] == S.SCHEDULED


def test_unclaimed_at_the_end_brings_it_back(post: Post) -> None:
    assert post.reports(NOT_MET) == 0
    layout = load_layout(FOLDER, "unclaimed")
    path = write_list(post.folder / "unclaimed.xlsx", layout, [{"payment": CO, "amount": 540000}])
    ask = ("import", "unclaimed", path, "--cycle", "2021-04", "--provider", "post", "--by", "an")
    assert post.office.types(*ask) == 0, post.office.err.getvalue()
    assert post.stands() == (Money.UNCLAIMED, S.BROUGHT_BACK, 1)


def test_a_line_that_cannot_be_believed_sets_nothing_off(post: Post) -> None:
    assert post.reports(dict(PAID) | {"amount": 540001}) == 3
    assert post.stands() == (Money.INSTRUCTED, S.SCHEDULED, 0)


def test_not_met_on_the_day_of_the_hand_over_contradicts_it(post: Post) -> None:
    assert post.reports(PAID) == 0
    assert post.reports(NOT_MET) == 3
    assert post.stands() == (Money.SETTLED, S.HANDED_OVER, 0)

"""The programme's files: what stands in them is right, and what is wrong in them is named."""

import pickle
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import programme, wording
from core.programme import Kind, Method, ProgrammeErrors, Provider, Release, in_words
from core.programme_files.sheets import read_day
from core.terms import FOR_EVER

SHIPPED = programme.FOLDER / "thua-thien-hue-2021"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped programme, to be spoiled."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "copy"))


NO_LINE = "no line"


class Slip(NamedTuple):
    """One slip of the pen, and how it must be told."""

    file: str
    old: str
    new: str
    kind: Kind
    column: str
    words: str
    at: str = ""  # how the line begins that is named, if not the first one changed


def slips() -> list[Slip]:
    """One for every cell, row and file that can go wrong."""
    K = Kind  # noqa: N806
    toml, areas, communes, aliases = "programme.toml", "areas.csv", "communes.csv", "aliases.csv"
    offers, points, rates = "offers.csv", "pay_points.csv", "base_rates.csv"
    categories, coefficients, cycles = "categories.csv", "coefficients.csv", "cycle_rules.csv"
    rules, exceptions, holidays = "pay_rules.csv", "pay_exceptions.csv", "holidays.csv"
    accounts = "receiving_accounts.csv"
    hours, failures, codes = "working_hours.csv", "failures.csv", "provider_codes.csv"
    return [
        Slip(accounts, "k,000000000001", "k,00-01", K.BAD_CODE, "account", "00-01"),
        Slip(accounts, "post,", "vietinbank,", K.OVERLAP, "provider", "vietinbank",
             "vietinbank,000000000002"),
        # programme.toml
        Slip(toml, 'sender = "', "sender = CHI ", K.TOML_BROKEN, "", "dấu ngoặc kép"),
        Slip(toml, "[safety]", "[safetie]", K.TABLE_UNKNOWN, "safetie", "programme, contact"),
        Slip(toml, 'hotline = "0234 000 0123"', "", K.KEY_MISSING, "hotline", "[contact]", NO_LINE),
        Slip(toml, "[safety]", '[safety]\nhotlin = "1"', K.KEY_UNKNOWN, "hotlin",
             "cool_off", "hotlin ="),
        Slip(toml, "cool_off_days = 7", "cool_off_days = 7.5", K.VALUE_WRONG_TYPE, *_of("cool")),
        Slip(toml, "cool_off_days = 7", "cool_off_days = 3", K.OUT_OF_RANGE, *_of("cool", "7")),
        Slip(toml, '"second-person"\n', '"nobody"\n', K.NOT_ONE_OF, "release", "“nobody”"),
        Slip(toml, '"2021-04"', '"04/2021"', K.NOT_A_MONTH, "first_cycle", "“04/2021”"),
        Slip(toml, '"07:00"', '"7h"', K.NOT_A_TIME, "loud_from", "“7h”"),
        Slip(toml, '"21:00"', '"06:00"', K.CLOSES_BEFORE_IT_OPENS, "quiet_from", "07:00"),
        Slip(toml, 'tenant = "thua', 'tenant = "Thừa', K.BAD_TENANT, "tenant", "“Thừa"),
        Slip(toml, '"CHITRA"', '"Chi Trả Huế"', K.BAD_SENDER, "sender", "“Chi Trả Huế”"),
        Slip(toml, '"0234 000 0123"', '"gọi xã"', K.BAD_HOTLINE, "hotline", "“gọi xã”"),
        # headings and rows
        Slip(areas, "code,kind", "ma,kind", K.COLUMN_MISSING, "code", "dòng tiêu đề"),
        Slip(areas, "valid_to\n", "valid_to,ghi_chu\n", K.COLUMN_UNKNOWN, "ghi_chu", "code,kind"),
        Slip(areas, "code,kind,", "code,kind,kind,", K.COLUMN_TWICE, "kind", "hai lần"),
        Slip(areas, "482,Huyện,", "482,Huyện,x,", K.ROW_TOO_LONG, "", "7 ô nhưng chỉ có 6 cột"),
        Slip(areas, "482,Huyện,", "482,", K.ROW_TOO_SHORT, "", "chỉ có 5 ô"),
        Slip(areas, "482,Huyện,", '482,"Huyện,', K.QUOTE_OPEN, "", "dấu ngoặc kép"),
        # cells
        Slip(communes, "19966,Xã,Thủy Thanh", "19966,Xã,", K.CELL_EMPTY, "name", "Điền vào"),
        Slip(communes, "19966,Xã,Thủy Thanh", "1996,Xã,T", K.BAD_CODE, "code", "“1996”"),
        Slip(communes, "2021-06-30,19963", "2021-06-31,19963", K.NOT_A_DAY, "valid_to", "06-31"),
        Slip(areas, "Huế,no,", "Huế,không,", K.NOT_YES_OR_NO, "paid", "“không”"),
        Slip(offers, "479,home,post", "479,home,vnpost", K.NOT_ONE_OF, "provider", "viettel"),
        Slip(rates, "360000,", "360.000,", K.NOT_A_NUMBER, "amount", "“360.000”"),
        Slip(rates, "360000,", "36,", K.OUT_OF_RANGE, "amount", "từ 1000"),
        Slip(coefficients, "5.5c,1.0", "5.5c,một", K.NOT_A_NUMBER, "coefficient", "“một”"),
        Slip(coefficients, "5.5c,1.0", "5.5c,0", K.OUT_OF_RANGE, "coefficient", "“0”"),
        Slip(points, "8,10,07:30,11:30", "8,10,7g30,11:30", K.NOT_A_TIME, "opens", "“7g30”"),
        Slip(points, "8,10,07:30,11:30", "8,32,07:30,11:30", K.OUT_OF_RANGE, *_of("last", "31")),
        Slip(holidays, "2021-09-02", "02-09-2021", K.NOT_A_DAY, "day", "“02-09-2021”"),
        Slip(hours, "mon,07:30", "thu 2,07:30", K.NOT_ONE_OF, "weekday", "mon, tue"),
        Slip(exceptions, "2021-04,482", "2021-4,482", K.NOT_A_MONTH, "cycle", "“2021-4”"),
        Slip(rules, "account,5,5", "account,5,4", K.OUT_OF_RANGE, "last_day", "từ 5"),
        Slip(cycles, "20,24,", "30,30,", K.OUT_OF_RANGE, "cut_off_day", "đến 28"),
        Slip(failures, "TK_SAI,commune", "TK_SAI,xã", K.NOT_ONE_OF, "owner", "beneficiary"),
        Slip(offers, "482,cash,viettel,2021", "482,cash,viettel,0221", K.OUT_OF_RANGE,
             "valid_from", "từ 1990"),
        # one row in itself
        Slip(offers, "479,cash,post,2021-01-01,", "479,cash,post,2021-01-01,2020-01-01",
             K.ENDS_BEFORE_IT_BEGINS, "valid_to", "2020-01-01"),
        Slip(hours, "mon,07:30,11:30", "mon,07:30,07:30", K.CLOSES_BEFORE_IT_OPENS, *_of("closes")),
        Slip(categories, "trợ cấp xã hội hàng tháng", "Trẻ nhiễm H.I.V", K.LABEL_LEAKS,
             "public_vi", "nhạy cảm"),
        Slip(holidays, "make-up,Làm bù,Make-up day,mon", "make-up,Làm bù,Make-up day,",
             K.MAKE_UP_WITHOUT_WEEKDAY, "stands_for", "thứ mấy"),
        Slip(holidays, "2024-05-04", "2024-05-03", K.MAKE_UP_ON_A_WEEKDAY, "day", "2024-05-03"),
        Slip(categories, "5 6 8", "5;6;8", K.NOT_A_NUMBER, "adds_to", "“5;6;8”"),
        # rows beside one another
        Slip(rates, "2021-07-01,2024-06-30", "2021-06-30,2024-06-30", K.OVERLAP,
             "valid_from", "trùng với dòng"),
        Slip(rates, "2021-07-01,2024-06-30", "2021-07-02,2024-06-30", K.GAP, "valid_to",
             "2021-07-01..2021-07-01", "270000,"),
        Slip(rates, "500000,2024-07-01,", "500000,2024-07-01,2025-12-31", K.GAP, "valid_to",
             "2026-01-01.."),
        Slip(cycles, "2021-01-01,", "2021-05-01,", K.GAP, "valid_to", "2021-04-01..2021-04-30"),
        Slip(communes, "19966,Xã,Thủy Thanh", "19969,Xã,Thủy Thanh", K.OVERLAP, "code",
             "“19969”", "19969,Phường,Thủy Dương"),
        Slip(communes, "Xã,Thủy Thanh,479", "Xã,Thủy Tân,479", K.NAME_TWICE, "name", "dòng",
             "19984,"),
        Slip(communes, "Thủy Thanh,479", "Thủy Thanh,497", K.UNKNOWN_AREA, "area", "“497”"),
        Slip(communes, "2021-06-30,19963", "2021-06-30,", K.SUCCESSOR_MISSING, "successor",
             "nhập vào đâu"),
        Slip(communes, "2021-06-30,19963", "2021-06-30,19000", K.SUCCESSOR_UNKNOWN, "successor",
             "“19000” vào ngày 2021-07-01"),
        Slip(aliases, "Cầu Hai,20107", "Cầu Hai,20119", K.UNKNOWN_COMMUNE, "commune", "“20119”"),
        Slip(aliases, "Cầu Hai,20107", "Vinh Hưng,20107", K.ALIAS_IS_A_NAME, "text",
             "Xã Vinh Hưng"),
        Slip(offers, "479,account", "497,account", K.UNKNOWN_AREA, "area", "“497”"),
        Slip(offers, "479,account", "474,account", K.OFFER_IN_UNPAID_AREA, "area", "“474”"),
        Slip(offers, "479,cash,post,2021-01-01,", "479,cash,post,2021-01-01,2021-12-31",
             K.OFFER_MISSING, "method", "Thị xã Hương Thủy"),
        Slip(offers, "482,home,viettel,2021-01-01,", "", K.OFFER_MISSING, "method", "home",
             NO_LINE),
        Slip(points, "BD-19966-1,19966", "BD-19960-1,19966", K.OVERLAP, "code", "BD-19960-1"),
        Slip(points, "VB-479-A,479", "VB-479-A,499", K.UNKNOWN_PLACE, "serves", "“499”"),
        Slip(points, "VB-479-A,479,vietinbank", "VB-479-A,479,viettel",
             K.PAY_POINT_WITHOUT_OFFER, "provider", "viettel không chi trả ở địa bàn 479"),
        Slip(points, "BD-19966-1,19966,post,commune-day", "BD-19966-1,19966,post,late-desk",
             K.PAY_POINT_MISSING, "serves", "Xã Thủy Thanh (19966)"),
        Slip(rules, "home,8,15,,no,2021-01-01,", "", K.PAY_RULE_MISSING, "method", "home", NO_LINE),
        Slip(coefficients, "5.5c,1.0", "5.5x,1.0", K.UNKNOWN_CATEGORY, "category", "“5.5x”"),
        Slip(coefficients, "5.7,1.5,2021-07-01,", "5.7,1.5,2021-08-01,", K.COEFFICIENT_MISSING,
             "code", "5.7", "5.7,"),
        Slip(coefficients, "5.5c,1.0", "5.5c,1.000001", K.AMOUNT_NOT_WHOLE, "coefficient",
             "270000.27"),
        Slip(exceptions, "2021-04-13", "2021-04-10", K.PAY_DAY_CLOSED, "last", "(T7)"),
        Slip(exceptions, "2021-04-13", "2021-04-21", K.PAY_DAY_CLOSED, "last", "Giỗ Tổ"),
        Slip(exceptions, "2021-04-09,", "2021-03-19,", K.PAY_DAY_BEFORE_CUT_OFF, "first",
             "2021-03-20"),
        Slip(exceptions, "482,cash", "482,account", K.NOT_OFFERED, "method", "account"),
        Slip(exceptions, "2021-04,482", "2021-04,482,cash,2021-04-09,\n2021-04,482", K.TWICE,
             "cycle", "đã có ở dòng", "2021-04,482,cash,2021-04-09,2021-04-13"),
        Slip(holidays, "2021-09-03,off", "2021-09-02,off", K.TWICE, "day", "2021-09-02"),
        Slip(hours, "mon,13:30", "mon,11:00", K.OVERLAP, "opens", "“mon”"),
        Slip(failures, "TK_DONG,", "TK_SAI,", K.TWICE, "code", "“TK_SAI”"),
        Slip(codes, "vietinbank,R02,TK_DONG", "vietinbank,R02,TK_XONG", K.UNKNOWN_FAILURE,
             "failure", "“TK_XONG”"),
        Slip(codes, "post,Không gặp", "post,CHUA DEN NHAN", K.TWICE, "text", "CHUA DEN NHAN"),
    ]  # fmt: skip


def _of(start: str, words: str = "") -> tuple[str, str]:
    columns = {"cool": "cool_off_days", "last": "last_day", "closes": "closes"}
    return columns[start], words


SLIPS = slips()


def spoil(folder: Path, file: str, old: str, new: str) -> int:
    """Put a slip into a file, once. The number of the line it is in."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    body = text.index(old) if not text.startswith("#") else _after_comments(text, old)
    path.write_text(text[:body] + new + text[body + len(old) :], encoding="utf-8")
    return text.count("\n", 0, body) + 1


def line_of(path: Path, start: str) -> int:
    """The number of the first line that begins so; 0 where a problem is of no line."""
    if start == NO_LINE:
        return 0
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(n for n, line in enumerate(lines, 1) if line.startswith(start))


def _after_comments(text: str, old: str) -> int:
    at = -1
    while True:
        at = text.index(old, at + 1)
        start = text.rfind("\n", 0, at) + 1
        if not text[start:].startswith("#"):
            return at


@pytest.mark.parametrize(
    "slip", SLIPS, ids=[f"{slip.file}-{slip.kind}-{n}" for n, slip in enumerate(SLIPS)]
)
def test_a_slip_is_named_by_file_line_and_column(folder: Path, slip: Slip) -> None:
    line = spoil(folder, slip.file, slip.old, slip.new)

    problems = programme.problems_in(folder)

    found = [problem for problem in problems if problem.kind is slip.kind]
    assert found, [in_words(problem) for problem in problems]
    assert found[0].column == slip.column
    wanted = line_of(folder / found[0].file, slip.at) if slip.at else line
    assert found[0].line == wanted
    assert slip.words in in_words(found[0])
    assert in_words(found[0]).startswith(found[0].where + ": ")


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_problem_says_in_both_languages_how_to_mend_it(kind: Kind) -> None:
    for lang in wording.LANGUAGES:
        words = wording.sentence(f"programme.problem.{kind}", lang, "programme")
        assert words.parts


def test_every_kind_of_problem_is_shown_by_a_slip() -> None:
    elsewhere = {
        *(Kind.FOLDER_MISSING, Kind.FILE_MISSING, Kind.FILE_NOT_UTF8, Kind.FILE_EMPTY),
        *(Kind.HOLIDAYS_MISSING, Kind.HOURS_MISSING, Kind.CATCH_ALL_MISSING),
    }

    assert {slip.kind for slip in SLIPS} | elsewhere == set(Kind)


def test_the_shipped_programme_has_no_fault() -> None:
    assert programme.problems_in(SHIPPED) == ()


def test_every_problem_is_told_at_once_in_the_order_of_the_files(folder: Path) -> None:
    hours = spoil(folder, "working_hours.csv", "mon,07:30", "mon,7.30")
    area = spoil(folder, "areas.csv", "482,Huyện,Phú Lộc,yes", "48,Huyện,,có")
    sender = spoil(folder, "programme.toml", '"CHITRA"', '"CHI TRA"')

    with pytest.raises(ProgrammeErrors) as caught:
        programme.load(folder)

    where = [problem.where for problem in caught.value.problems]
    assert where == [
        f"programme.toml:{sender} [sender]",
        *(f"areas.csv:{area} [{column}]" for column in ("code", "name", "paid")),
        f"working_hours.csv:{hours} [opens]",
    ]
    assert str(caught.value).splitlines() == list(caught.value.lines("vi"))
    assert "Write it as hours:minutes" in caught.value.lines("en")[-1]


def test_one_bad_area_is_not_told_again_by_all_its_communes(folder: Path) -> None:
    spoil(folder, "areas.csv", "482,Huyện", "48,Huyện")

    assert [problem.file for problem in programme.problems_in(folder)] == ["areas.csv"]


def test_problems_keep_their_words_on_the_way_to_another_process(folder: Path) -> None:
    spoil(folder, "areas.csv", "482,Huyện", "48,Huyện")
    with pytest.raises(ProgrammeErrors) as caught:
        programme.load(folder)

    again = pickle.loads(pickle.dumps(caught.value))

    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def _nothing(path: Path) -> None:
    path.write_text("# chỉ có ghi chú\n\n", encoding="utf-8")


def _legacy(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


@pytest.mark.parametrize(
    ("ruin", "kind", "line"),
    [
        (Path.unlink, Kind.FILE_MISSING, 0),
        (_nothing, Kind.FILE_EMPTY, 0),
        (_legacy, Kind.FILE_NOT_UTF8, 1),
    ],
)
def test_a_whole_file_can_be_wrong(
    folder: Path, ruin: Callable[[Path], None], kind: Kind, line: int
) -> None:
    ruin(folder / "communes.csv")

    (problem,) = programme.problems_in(folder)

    assert (problem.file, problem.kind, problem.line) == ("communes.csv", kind, line)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProgrammeErrors, match="thua-thien-hue-2099: không có thư mục này"):
        programme.load(tmp_path / "thua-thien-hue-2099")


def _without(folder: Path, file: str, start: str) -> None:
    path = folder / file
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(x for x in lines if not x.startswith(start)), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "start", "kind", "words"),
    [
        ("holidays.csv", "2023-", Kind.HOLIDAYS_MISSING, "năm 2023"),
        ("working_hours.csv", ("mon", "tue", "wed", "thu", "fri"), Kind.HOURS_MISSING, "giờ làm"),
        ("failures.csv", "KHONG_RO", Kind.CATCH_ALL_MISSING, "KHONG_RO"),
    ],
)
def test_missing_rows_are_missed(
    folder: Path, file: str, start: str, kind: Kind, words: str
) -> None:
    _without(folder, file, start)

    (problem,) = programme.problems_in(folder)

    assert (problem.file, problem.kind) == (file, kind)
    assert words in in_words(problem)


def test_a_file_saved_by_a_spreadsheet_reads_the_same(folder: Path) -> None:
    """Byte order mark, semicolons, CRLF, padded comments and 01/07/2021 are what Excel makes."""
    path = folder / "base_rates.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    saved = [f'"{x}";;;' if x.startswith("#") else x.replace(",", ";") for x in lines]
    text = "\r\n".join(saved).replace("2021-07-01", "01/07/2021") + "\r\n;;;\r\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())

    assert programme.load(folder).base_rates == programme.load(SHIPPED).base_rates


@pytest.mark.parametrize(
    "text", ["2021-02-29", "31/04/2021", "20210401", "2021-W01-1", "1/1/21", ""]
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


@given(
    st.sampled_from(sorted(path.name for path in SHIPPED.glob("*.*"))),
    st.integers(0, 10_000),
    st.text(max_size=12) | st.sampled_from(["0", "-1", "2099-12-31", "9999-12-31", "99:99", '"']),
)
@settings(max_examples=60)
def test_no_slip_of_the_pen_is_more_than_a_list_of_problems(
    name: str, where: int, slip: str
) -> None:
    with TemporaryDirectory() as place:
        copy = Path(shutil.copytree(SHIPPED, Path(place) / "copy"))
        text = (copy / name).read_text(encoding="utf-8")
        at = where % len(text)
        spoiled = text[:at] + slip + text[at + 1 :]
        (copy / name).write_bytes(spoiled.encode("utf-8", "surrogatepass"))

        problems = programme.problems_in(copy)

        assert all(in_words(problem, "en") for problem in problems)
        assert problems or programme.load(copy).tenant


def test_the_settings_of_the_pilot() -> None:
    hue = programme.load(SHIPPED)

    assert hue.tenant == "thua-thien-hue-2021"
    assert hue.settings.release is Release.SECOND_PERSON
    assert str(hue.settings.first_cycle) == "2021-04"
    assert {method.value for method in Method} == {"account", "wallet", "cash", "home"}
    assert {provider.value for provider in Provider} == {"vietinbank", "post", "viettel"}


def test_what_was_invented_is_counted_until_it_is_settled() -> None:
    hue = programme.load(SHIPPED)
    before, after = (programme.unconfirmed(hue, date(year, 1, 1)) for year in (2021, 2040))

    assert (before.sample_contact, before.sample_pay_points) == (True, len(hue.pay_points))
    assert before.sample_accounts == len(hue.receiving_accounts) == len(Provider)
    assert before.assumed_days == sum(special.assumed for special in hue.special_days) > 0
    assert before.holidays_until == date(2027, 9, 3)
    assert after.assumed_days == 0
    assert 0 < after.sample_pay_points < before.sample_pay_points


def test_a_fingerprint_is_of_the_files_and_not_of_the_folder(folder: Path) -> None:
    assert programme.fingerprint(folder) == programme.fingerprint(SHIPPED)
    spoil(folder, "base_rates.csv", "500000", "540000")
    changed = programme.fingerprint(folder)
    (folder / "base_rates.csv").rename(folder / "base_rates_2.csv")

    assert len({programme.fingerprint(SHIPPED), changed, programme.fingerprint(folder)}) == 3


def test_every_pay_point_that_was_invented_says_so() -> None:
    hue = programme.load(SHIPPED)

    assert all(point.sample for point in hue.pay_points)
    assert [p.valid.last for p in hue.pay_points if p.serves == "20122"][-1] == FOR_EVER

"""The quality of a list, commune by commune, for those who must mend it."""

from pathlib import Path

from core.exchange import payroll, registrations
from core.exchange.intake import take_in
from core.exchange.quality import Flaw, Quality, quality_of
from core.exchange.quality_file import write_quality
from core.exchange.sheets import read_sheet
from core.refusals import Code, Refusal
from core.store.engine import Store
from core.store.tables.ledger import event
from tests.core.exchange.conftest import DeskFor
from tests.core.exchange.lists import Line, write_list
from tests.core.exchange.test_payroll import HOA, TAM, count, done


def found(outcome: Quality | Refusal) -> Quality:
    assert isinstance(outcome, Quality), outcome
    return outcome


def flaws(quality: Quality) -> list[tuple[int, Flaw]]:
    return sorted((one.line, one.flaw) for one in quality.findings)


def test_each_flaw_is_named_with_its_line(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for()
    lines: list[Line] = [
        HOA,
        {**HOA, "code": "HT000124", "name": "Nguyen Thi Hoa", "phone": ""},
        {**TAM, "citizen_id": "19123", "phone": "0912 34"},
        {**TAM, "code": "PL000046", "citizen_id": "191234567", "commune": "Xã Không Có"},
    ]
    quality = found(quality_of(write_list(tmp_path / "a.xlsx", desk.layout, lines), desk))

    assert flaws(quality) == sorted(
        [
            *((5, Flaw.SAME_ID), (5, Flaw.SAME_PERSON)),
            *((6, Flaw.SAME_ID), (6, Flaw.SAME_PERSON), (6, Flaw.NO_PHONE)),
            *((7, Flaw.BAD_ID), (7, Flaw.BAD_PHONE)),
            *((8, Flaw.OLD_ID), (8, Flaw.NO_PHONE), (8, Flaw.STRANGE_COMMUNE)),
        ]
    )
    assert quality.lines == {"Phường Phú Bài": 2, "Xã Vinh Hưng": 1, "Xã Không Có": 1}
    assert quality.by_commune()["Phường Phú Bài"][Flaw.SAME_ID] == 2


def test_a_commune_that_ended_is_named_under_its_heir(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for(cycle="2025-08")
    lines: list[Line] = [{**HOA, "commune": "Xã Thủy Phù"}]
    path = write_list(tmp_path / "a.xlsx", desk.layout, lines, cycle="08/2025")
    quality = found(quality_of(path, desk))

    assert flaws(quality) == [(5, Flaw.OLD_COMMUNE)]
    assert list(quality.lines) == ["Phường Phú Bài"]


def test_a_good_list_has_no_flaw(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for()
    path = write_list(tmp_path / "a.xlsx", desk.layout, [HOA])

    assert found(quality_of(path, desk)).findings == []


def test_a_guardian_of_two_is_no_duplicate_and_an_ended_paper_is_named(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for("registrations")
    child: Line = {
        "code": "HT000300",
        "role": "Đối tượng",
        "name": "Lê An",
        "birth": "01/02/2014",
        "citizen_id": "046214000111",
        "phone": "0912345678",
        "commune": "Phường Phú Bài",
    }
    guardian: Line = {
        "code": "HT000300",
        "role": "Người giám hộ",
        "name": "Lê Bình",
        "birth": "1960",
        "citizen_id": "046060000111",
        "phone": "0912345679",
        "valid_to": "01/01/2020",
    }
    sister: Line = {**child, "code": "HT000301", "name": "Lê Yến", "citizen_id": "046314000112"}
    lines = [child, guardian, sister, {**guardian, "code": "HT000301", "valid_to": ""}]
    quality = found(quality_of(write_list(tmp_path / "a.xlsx", desk.layout, lines), desk))

    assert flaws(quality) == [(6, Flaw.EXPIRED_PAPER)]
    assert quality.lines == {"Phường Phú Bài": 4}


def test_an_old_list_is_looked_at_and_nothing_is_written(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for(cycle="2020-06")
    path = write_list(tmp_path / "cu.xlsx", desk.layout, [HOA], cycle="06/2020")
    quality = found(quality_of(path, desk))
    rehearsed = done(take_in(path, payroll.KIND, desk, rehearse=True))

    assert quality.lines == {"Phường Phú Bài": 1}
    assert (rehearsed.accepted, rehearsed.is_rehearsal) == (1, True)
    assert count(store, event) == 0


def test_a_list_of_2019_is_held_against_the_communes_it_is_to_be_paid_in(
    store: Store, desk_for: DeskFor, tmp_path: Path
) -> None:
    """It is standardised for the programme's first month: what is gone by then is an old name."""
    desk = desk_for(cycle="2019-12")
    lines: list[Line] = [
        HOA,
        {**HOA, "code": "PL000046", "name": "Lê Sáu", "citizen_id": "", "commune": "Xã Vinh Hải"},
    ]
    path = write_list(tmp_path / "cu.xlsx", desk.layout, lines, cycle="12/2019")
    quality = found(quality_of(path, desk))

    of_communes = {Flaw.OLD_COMMUNE, Flaw.STRANGE_COMMUNE}
    assert [one for one in flaws(quality) if one[1] in of_communes] == [(6, Flaw.OLD_COMMUNE)]
    assert quality.lines == {"Phường Phú Bài": 1, "Xã Giang Hải": 1}
    rehearsed = done(take_in(path, payroll.KIND, desk, rehearse=True))
    assert (rehearsed.accepted, rehearsed.rejected) == (2, 0)
    assert count(store, event) == 0


def test_a_list_that_declares_no_totals_is_looked_at_all_the_same(
    desk_for: DeskFor, tmp_path: Path
) -> None:
    desk = desk_for(cycle="2020-06")
    path = tmp_path / "cu.csv"
    titles = [one.title for one in desk.layout.columns if one.field in HOA]
    cells = [str(HOA[one.field]) for one in desk.layout.columns if one.field in HOA]
    path.write_text("\n".join(";".join(one) for one in (titles, cells)), encoding="utf-8")

    assert found(quality_of(path, desk)).lines == {"Phường Phú Bài": 1}


def test_the_file_counts_by_commune_and_names_nobody(desk_for: DeskFor, tmp_path: Path) -> None:
    desk = desk_for()
    lines: list[Line] = [{**HOA, "phone": ""}, TAM]
    quality = found(quality_of(write_list(tmp_path / "a.xlsx", desk.layout, lines), desk))
    write_quality(tmp_path / "chat-luong.xlsx", quality, "vi")
    sheet = read_sheet(tmp_path / "chat-luong.xlsx")
    assert not isinstance(sheet, Refusal)
    cells = [str(cell) for _, row in enumerate(sheet.rows) for cell in row]

    assert "Phường Phú Bài" in cells
    assert "Thiếu số điện thoại" in cells
    assert "Cộng" in cells
    assert not any("HOA" in cell.upper() for cell in cells)


def test_a_file_that_is_no_list_is_refused(desk_for: DeskFor, tmp_path: Path) -> None:
    refused = quality_of(tmp_path / "khong-co.xlsx", desk_for(registrations.KIND.name))

    assert isinstance(refused, Refusal)
    assert refused.code is Code.FILE_MISSING

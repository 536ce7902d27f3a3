"""Files as districts send them: broken, empty, locked, garbled, of the wrong kind, too large."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter
import xlwt

from core.exchange import sheets
from core.exchange.sheets import Sheet, read_sheet
from core.refusal_words import in_words
from core.refusals import Code, Refusal
from tests.core.exchange.locked import compound, locked_xls, locked_xlsx, workbook_stream

ROWS: list[list[str | int]] = [
    ["Mã đối tượng", "Họ và tên", "Tổng tiền"],
    ["HT1", "Nguyễn Thị Hoa", 270000],
]


def refused(path: Path) -> Code:
    found = read_sheet(path)
    assert isinstance(found, Refusal), found
    return found.code


def xlsx(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    book.close()
    return path


def read_rows(path: Path) -> list[list[str]]:
    found = read_sheet(path)
    assert isinstance(found, Sheet), found
    return [[str(cell).removesuffix(".0") for cell in row] for row in found.rows]


EXPECTED = [[str(cell) for cell in row] for row in ROWS]


def test_a_workbook_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    assert read_rows(xlsx(tmp_path / "danh sách.dat")) == EXPECTED


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("DS")
    for at, row in enumerate(ROWS):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    book.save(str(tmp_path / "a.xls"))
    assert read_rows(tmp_path / "a.xls") == EXPECTED


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_text_list_is_read(tmp_path: Path, separator: str, encoding: str) -> None:
    text = "\n".join(separator.join(str(cell) for cell in row) for row in ROWS)
    (tmp_path / "a.csv").write_text(text, encoding=encoding)
    assert read_rows(tmp_path / "a.csv") == EXPECTED


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path / "không có.xlsx") is Code.FILE_MISSING


@pytest.mark.parametrize("content", [b"", b"\n\n\n", b" , , \n,,\n"])
def test_an_empty_file_is_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    assert refused(tmp_path / "a.csv") in {Code.FILE_EMPTY, Code.FILE_WRONG_KIND}


def test_a_workbook_without_rows_is_empty(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet()
    book.close()
    assert refused(tmp_path / "a.xlsx") is Code.FILE_EMPTY


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_cut_workbook_is_broken(tmp_path: Path, kept: float) -> None:
    content = xlsx(tmp_path / "a.xlsx").read_bytes()
    (tmp_path / "b.xlsx").write_bytes(content[: int(len(content) * kept)])
    assert refused(tmp_path / "b.xlsx") is Code.FILE_BROKEN


LONG: list[list[object]] = [[f"HT{number:06}", "Nguyễn Thị Lan"] for number in range(200)]


@pytest.mark.parametrize("cut", [False, True], ids=["long", "short"])
def test_a_locked_workbook_asks_for_the_password_to_be_removed(tmp_path: Path, cut: bool) -> None:
    package = xlsx(tmp_path / "plain.xlsx").read_bytes()
    (tmp_path / "a.xlsx").write_bytes(locked_xlsx(package[:2000] if cut else package))
    assert refused(tmp_path / "a.xlsx") is Code.FILE_PASSWORD


def test_a_locked_workbook_of_the_old_kind_asks_for_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(locked_xls(workbook_stream(LONG)))
    assert refused(tmp_path / "a.xls") is Code.FILE_PASSWORD


def test_the_same_container_without_a_password_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(compound({"Workbook": workbook_stream(LONG)}))
    assert read_rows(tmp_path / "a.xls") == LONG


def test_a_cell_that_speaks_of_an_encrypted_package_locks_nothing(tmp_path: Path) -> None:
    # The word stands in the file as it would in the directory: an accent makes it two bytes each.
    rows: list[list[object]] = [["EncryptedPackage ộ", "b"], ["Workbook ộ", "d"]]
    (tmp_path / "a.xls").write_bytes(compound({"Workbook": workbook_stream(rows)}))
    assert read_rows(tmp_path / "a.xls") == rows


@pytest.mark.parametrize("kept", [8, 40, 512, 600, 1100, 5000])
def test_what_is_left_of_a_locked_workbook_is_refused_and_never_a_fault(
    tmp_path: Path, kept: int
) -> None:
    content = locked_xls(workbook_stream(LONG))
    (tmp_path / "a.xls").write_bytes(content[:kept])
    assert refused(tmp_path / "a.xls") in {Code.FILE_BROKEN, Code.FILE_PASSWORD}


def test_the_sentence_says_how_a_password_is_removed() -> None:
    wrong, mend = in_words(Refusal(Code.FILE_PASSWORD), "vi")
    assert "mật khẩu" in wrong
    assert "mật khẩu" in mend


def test_other_kinds_of_files_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(range(256)) * 8)
    assert refused(tmp_path / "a.xlsx") is Code.FILE_WRONG_KIND
    with zipfile.ZipFile(tmp_path / "b.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refused(tmp_path / "b.docx") is Code.FILE_WRONG_KIND
    (tmp_path / "c.csv").write_text("Kính gửi phòng Lao động\nxin gửi danh sách sau\n")
    assert refused(tmp_path / "c.csv") is Code.FILE_WRONG_KIND


def test_a_text_in_an_old_encoding_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("Mã,Tên\nHT1,Nguyễn\n".encode("cp1258", "replace"))
    assert refused(tmp_path / "a.csv") is Code.FILE_ENCODING


def test_a_file_that_is_too_large_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    with path.open("wb") as file:
        file.truncate(300 * 1024 * 1024)
    found = read_sheet(path)
    assert isinstance(found, Refusal)
    assert found.code is Code.FILE_TOO_LARGE
    assert found.details == {"megabytes": 300, "limit_megabytes": sheets.MAX_BYTES >> 20}

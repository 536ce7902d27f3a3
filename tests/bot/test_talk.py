"""`chat`, `understand`, `sms`: the same flows from a terminal, as text and as JSON lines."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from bot.compose import Parts
from core.store.commit_points import CommitPoint
from core.store.inbound import Standing, move_inbound
from notifications.capabilities import CAPABILITIES
from tests.bot.citizens import rows
from tests.bot.parts import Office
from tests.transcripts.telling import read, told, written
from tests.transcripts.town import NOW

PAID = "thang ni tien ve chua o\n"
Say = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def office(town: Parts) -> Iterator[Office]:
    office = Office(town.settings.database_url, town.settings.data_dir, NOW)
    yield office
    office.close()


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "script.txt"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def says(office: Office, script: Callable[[str], Path]) -> Say:
    def run(text: str, *words: str) -> list[dict[str, Any]]:
        assert office.types("chat", "--script", script(text), "--json", *words) == 0
        return [json.loads(line) for line in office.out.getvalue().splitlines()]

    return run


def keys(turn: dict[str, Any]) -> list[str]:
    return [part["key"] for part in turn["out"]]


def test_a_line_of_json_for_each_turn(says: Say, town: Parts) -> None:
    first, second = says(PAID + "1\n", "--as", "HT000001")

    assert list(first) == ["in", "out", "flow", "pending"]
    assert first["in"] == PAID.strip()
    assert (first["flow"], first["pending"]) == ("check_arrival", "receipt.word")
    assert "540.000 đ" in first["out"][0]["text"]
    assert keys(second) == ["receipt.kept_full"]
    cited = set(first["out"][0]["facts"])
    known = {row["id"] for row in rows(town, "event") if row["payment_id"] is not None}
    assert cited
    assert cited <= known


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("HT000001", "arrival.paid"),
        ("HT000002", "arrival.failed"),
        ("HT000003", "arrival.cash_waits"),
        ("HT000004", "arrival.sent_not_reported"),
        ("HT000005", "arrival.not_listed"),
    ],
)
def test_each_person_hears_their_own_truth(says: Say, code: str, key: str) -> None:
    (turn,) = says(PAID, "--as", code)

    assert keys(turn)[0] == key
    assert bool(turn["out"][0]["facts"]) is (key != "arrival.not_listed")


@pytest.mark.parametrize("channel", CAPABILITIES)
def test_every_channel_can_be_played(says: Say, channel: str) -> None:
    (turn,) = says(PAID, "--as", "HT000001", "--channel", channel)

    assert keys(turn)[0] == "arrival.paid"
    assert ("Nguyễn" in turn["out"][0]["text"]) is (channel != "sms")


def test_a_script_run_twice_gives_the_same_answers_with_keys_and_facts(says: Say) -> None:
    first = says(PAID + "tháng 3\n", "--as", "HT000001")
    again = says(PAID + "tháng 3\n", "--as", "HT000001")

    assert again == first
    assert all(keys(turn)[0] for turn in again)
    assert again[0]["out"][0]["facts"]


def test_a_turn_that_could_not_be_answered_fails_the_command(
    town: Parts, office: Office, script: Callable[[str], Path]
) -> None:
    # What a turn that waits leaves: the message after it waits too.
    code = "HT000001"
    assert office.types("chat", "--as", code, "--script", script(PAID)) == 0
    (talk,) = rows(town, "inbound")
    town.store.transact(
        lambda tx: move_inbound(tx, talk["id"], Standing.UNANSWERED), CommitPoint.VISIT
    )

    assert office.types("chat", "--as", code, "--script", script(PAID)) == 1
    assert "worker" in office.err.getvalue()


def test_a_step_played_again_is_the_same_talk(says: Say, town: Parts, office: Office) -> None:
    office.session.is_played = True
    says(PAID + "3\ncó\n", "--as", "HT000001")
    before = {name: len(rows(town, name)) for name in ("event", "posting", "message", "care_case")}
    says(PAID + "3\ncó\n", "--as", "HT000001")

    assert {name: len(rows(town, name)) for name in before} == before


def test_each_run_begins_with_nothing_pending(says: Say, office: Office) -> None:
    says("tháng này tiền về chưa\n2\n", "--as", "HT000001")
    office.clock.move_to(NOW + timedelta(minutes=1))
    (turn,) = says("tiền tháng này về chưa\n", "--as", "HT000001")

    assert keys(turn) == ["arrival.paid", "receipt.word"]


def test_a_guardian_of_two_speaks_of_the_child_whose_code_was_given(says: Say) -> None:
    (na,) = says(PAID, "--as", "PL000002")
    (tom,) = says(PAID, "--as", "PL000003")

    assert [keys(turn)[0] for turn in (na, tom)] == ["arrival.paid", "arrival.sent_not_reported"]
    assert "Đặng Thị Na" in na["out"][0]["text"]
    assert "Đặng Văn Tôm" in tom["out"][0]["text"]
    assert not set(na["out"][0]["facts"]) & set(tom["out"][0]["facts"])


def test_the_other_child_can_still_be_asked_about_by_name(says: Say) -> None:
    first, other = says(PAID + "tiền của bé Na tháng ni về chưa\n", "--as", "PL000003")
    (na,) = says(PAID, "--as", "PL000002")

    assert other["out"][0]["text"] == na["out"][0]["text"] != first["out"][0]["text"]


def test_what_needs_an_officer_is_about_the_child_spoken_of(says: Say, town: Parts) -> None:
    says("cho gap can bo\nhỏi giấy tờ\n", "--as", "PL000002")

    (case,) = rows(town, "care_case")
    (na,) = [row for row in rows(town, "beneficiary") if row["code"] == "PL000002"]
    assert case["beneficiary_id"] == na["id"]


def test_without_json_the_talk_is_printed_as_a_transcript(
    office: Office, script: Callable[[str], Path]
) -> None:
    assert office.types("chat", "--as", "HT000001", "--script", script(PAID)) == 0

    lines = office.out.getvalue().splitlines()
    assert lines[0] == f"citizen> {PAID.strip()}"
    assert lines[1].startswith("bot> Dạ, VietinBank báo đã chuyển")
    assert lines[-1] == "bot> [3. Chưa nhận được]"


@pytest.mark.parametrize(
    "who", [("--as", "HT000001"), ("--as", "PL000002"), ()], ids=["known", "ward", "stranger"]
)
def test_a_talk_is_printed_as_a_test_that_holds(
    office: Office,
    script: Callable[[str], Path],
    tmp_path: Path,
    fresh_town: Callable[[], Parts],
    who: tuple[str, ...],
) -> None:
    path = script(PAID + "cho gap can bo\nhỏi giấy tờ\n")
    assert office.types("chat", *who, "--script", path, "--test") == 0
    (tmp_path / "kept.txt").write_text(office.out.getvalue(), encoding="utf-8")
    kept = read(tmp_path / "kept.txt")

    assert kept.head[0] == "# script"
    heard = told(fresh_town(), kept, "web")
    assert [one.bot for one in kept.exchanges] == [one.lines for one in heard]
    assert written(kept, heard) == office.out.getvalue()


def test_only_a_script_is_printed_as_a_test(office: Office, script: Callable[[str], Path]) -> None:
    assert office.types("chat", "--test") == 2
    assert office.types("chat", "--script", script(PAID), "--test", "--json") == 2
    assert "--script" in office.err.getvalue()


def test_a_script_that_cannot_be_read_is_refused_with_a_reason(
    office: Office, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(b"\xff\xfe\x00")

    assert office.types("chat", "--script", tmp_path / "none.txt") == 2
    assert "none.txt" in office.err.getvalue()
    assert office.types("chat", "--script", bad) == 2
    assert "UTF-8" in office.err.getvalue()


def test_nobody_and_no_channel_are_refused(office: Office, script: Callable[[str], Path]) -> None:
    assert office.types("chat", "--as", "HT999999", "--script", script(PAID)) == 2
    assert office.types("chat", "--channel", "fax", "--script", script(PAID)) == 2
    assert "telegram" in office.err.getvalue()


def test_wishes_and_sizes_come_as_json_lines(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO('tiền về chưa\n{"text": "cho gặp cán bộ"}\n'))
    assert office.types("understand", "--json") == 0
    found = [json.loads(line) for line in office.out.getvalue().splitlines()]
    assert [one["intent"] for one in found] == ["check_payment", "talk_to_human"]
    assert all(one["intent"] == one["top"][0][0] for one in found)

    monkeypatch.setattr("sys.stdin", StringIO("tien ve\n" + "ạ" * 71 + "\n"))
    assert office.types("sms", "measure", "--json") == 0
    assert [json.loads(line) for line in office.out.getvalue().splitlines()] == [
        {"encoding": "GSM-7", "units": 7, "segments": 1},
        {"encoding": "UCS-2", "units": 71, "segments": 2},
    ]

    monkeypatch.setattr("sys.stdin", StringIO("Tiền về rồi ạ\n"))
    assert office.types("sms", "fold") == 0
    assert office.out.getvalue() == "Tien ve roi a\n"

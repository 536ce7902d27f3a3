"""The page of disputes: the overdue first, an outcome with its evidence, and the person told."""

import re
from datetime import timedelta
from typing import Any

import httpx
import pytest

from bot.disputing import open_dispute
from core.calendar import Cycle, local_day
from core.ledger.reads import payment_with_code
from core.ledger.receipt import Dispute
from core.reports.month import month_found, month_report
from core.reports.scope import Scope
from core.store.commit_points import CommitPoint
from core.store.engine import Tx
from core.store.tables.everything import metadata
from tests.bot.parts import Office
from tests.bot.web.conftest import Opening
from tests.bot.web.offices import acting, browser, bubbles, said, signs_in, words
from verifier import verify_ledger

NOTE = "Phiếu ký nhận ngày 05/04 có chữ ký của bà Hoa"


async def complains(page: httpx.AsyncClient) -> None:
    await acting(page, "HT000123")
    for text in ("tiền tháng này về chưa", "3", "có"):
        assert (await said(page, text)).status_code == 303


async def dispute(desk: httpx.AsyncClient) -> str:
    shown = (await desk.get("/officer/disputes")).text
    found = re.search(r'action="(/officer/disputes/\d+)"', shown)
    assert found, words(shown)
    return found.group(1)


def rows(office: Office, name: str) -> list[Any]:
    with office.session.parts.store.engine.connect() as connection:
        return list(connection.execute(metadata.tables[name].select()))


def kinds(office: Office) -> list[str]:
    return [row.type for row in rows(office, "event") if row.type.startswith("dispute_")]


async def test_a_word_against_the_provider_stands_with_its_clock(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await complains(page)
    shown = words((await desk.get("/officer/disputes")).text)

    assert kinds(office) == ["dispute_opened"]
    assert "HT000123" in shown
    assert "chưa nhận (người hưởng)" in shown
    assert "Đơn vị chi trả phải trả lời chậm nhất ngày 14/04/2021" in shown
    assert "Trễ hạn" not in shown


def says_again(office: Office, word: int) -> None:
    """Another word against the provider about the same payment."""
    parts = office.session.parts

    def work(tx: Tx) -> None:
        payment = payment_with_code(tx, "2104-HT000123-M-1")
        assert payment is not None
        why = Dispute.AGAINST_PROVIDER
        open_dispute(tx, parts.ledger, payment, why, word=word, now=parts.clock.now())

    parts.store.transact(work, CommitPoint.TURN)


async def test_the_same_complaint_again_is_the_same_dispute(
    office: Office, page: httpx.AsyncClient
) -> None:
    await complains(page)
    says_again(office, 999)

    assert kinds(office) == ["dispute_opened"]


async def test_after_its_last_day_it_is_late(office: Office, page: httpx.AsyncClient) -> None:
    await complains(page)
    office.clock.move_to(office.clock.now() + timedelta(days=6))
    async with browser(office) as desk:
        await signs_in(desk, "xa-here")
        assert "Trễ hạn" in words((await desk.get("/officer/disputes")).text)


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("PROVEN_PAID", "có chứng từ cho thấy khoản tháng 4/2021 đã được chi đủ"),
        ("REPAID", "tiền tháng 4/2021 đã được trả đủ"),
        ("UNRESOLVED", "chưa làm rõ được khoản tháng 4/2021"),
    ],
)
async def test_an_outcome_is_kept_with_its_evidence_and_told(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient, outcome: str, told: str
) -> None:
    await complains(page)
    where = await dispute(desk)
    answer = await desk.post(where, data={"outcome": outcome, "note": NOTE})

    assert answer.headers["location"] == f"/officer/disputes?done={outcome}"
    assert any(told in one for one in bubbles((await page.get("/chat")).text))
    assert NOTE not in (await page.get("/chat")).text
    assert kinds(office) == ["dispute_opened", f"dispute_{outcome.lower()}"]
    (case,) = rows(office, "care_case")
    assert (case.state, case.outcome) == ("closed", outcome.lower())
    texts = [row.text for row in rows(office, "case_entry") if row.kind == "note"]
    assert len(texts) == 1
    assert NOTE.encode() not in texts[0]
    shown = await desk.get(f"/officer/case/{case.id}")
    assert NOTE in shown.text
    assert office.types("ledger", "verify") == 0


async def test_the_months_report_counts_what_came_of_it(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    def counted() -> dict[str, int]:
        parts, now = office.session.parts, office.clock.now() + timedelta(seconds=1)
        scope = Scope(parts.programme, local_day(now))
        found = parts.store.read(lambda tx: month_found(tx, scope, Cycle.parse("2021-04"), now))
        sums = month_report(found, "vi").totals["disputes"]
        return {name: count for name, count in sums.items() if count}

    await complains(page)
    where = await dispute(desk)
    assert counted() == {"opened": 1, "open": 1}
    office.clock.move_to(office.clock.now() + timedelta(days=8))
    assert counted() == {"opened": 1, "open": 1, "late": 1}
    await signs_in(desk, "xa-here")
    await desk.post(where, data={"outcome": "RECOVERED", "note": NOTE})
    assert counted() == {"opened": 1, "recovered": 1}
    await desk.post(where, data={"outcome": "REPAID", "note": NOTE})
    assert counted() == {"opened": 1, "repaid": 1}


async def test_recovered_money_is_owed_until_it_is_repaid(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await complains(page)
    where = await dispute(desk)
    await desk.post(where, data={"outcome": "RECOVERED", "note": NOTE})
    shown = (await desk.get("/officer/disputes")).text
    running = words(shown).partition("Đã có kết quả")[0]

    assert "Đã thu hồi tiền, chờ trả" in running
    assert rows(office, "care_case")[0].state != "closed"
    assert 'value="PROVEN_PAID"' not in shown
    await desk.post(where, data={"outcome": "REPAID", "note": NOTE})
    assert kinds(office)[-2:] == ["dispute_recovered", "dispute_repaid"]
    assert len([one for one in bubbles((await page.get("/chat")).text) if "về việc số" in one]) == 2


async def test_a_new_word_opens_a_settled_dispute_again(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await complains(page)
    where = await dispute(desk)
    await desk.post(where, data={"outcome": "PROVEN_PAID", "note": NOTE})
    says_again(office, 999)

    assert kinds(office) == ["dispute_opened", "dispute_proven_paid", "dispute_opened"]
    assert await dispute(desk) == where
    running = words((await desk.get("/officer/disputes")).text).partition("Đã có kết quả")[0]
    assert "HT000123" in running


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"outcome": "PROVEN_PAID", "note": "  "}, 422),
        ({"outcome": "PROVEN_PAID", "note": "x" * 301}, 422),
        ({"outcome": "PAID", "note": NOTE}, 422),
        ({"outcome": "OPEN", "note": NOTE}, 422),
        ({"note": NOTE}, 422),
    ],
)
async def test_what_is_not_complete_is_not_kept_and_not_lost(
    office: Office,
    page: httpx.AsyncClient,
    desk: httpx.AsyncClient,
    data: dict[str, str],
    status: int,
) -> None:
    await complains(page)
    refused = await desk.post(await dispute(desk), data=data)

    assert refused.status_code == status
    assert 'role="alert"' in refused.text
    assert data["note"].strip() in refused.text
    assert kinds(office) == ["dispute_opened"]


async def test_the_same_outcome_twice_is_one(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await complains(page)
    where = await dispute(desk)
    for status in (303, 409):
        again = await desk.post(where, data={"outcome": "REPAID", "note": NOTE})
        assert again.status_code == status
    assert kinds(office) == ["dispute_opened", "dispute_repaid"]


async def test_it_is_seen_and_settled_only_in_its_place(
    office: Office, page: httpx.AsyncClient, desk: httpx.AsyncClient
) -> None:
    await complains(page)
    where = await dispute(desk)
    async with browser(office) as other:
        await signs_in(other, "xa-elsewhere")
        assert "HT000123" not in (await other.get("/officer/disputes")).text
        answer = await other.post(where, data={"outcome": "REPAID", "note": NOTE})
        assert answer.status_code == 404
        assert (
            await other.post("/officer/disputes/999999", data={"outcome": "REPAID", "note": NOTE})
        ).status_code == 404
    assert (await page.get("/officer/disputes")).headers["location"] == "/officer/sign-in"
    assert (await page.post(where)).headers["location"] == "/officer/sign-in"
    assert kinds(office) == ["dispute_opened"]


async def test_a_dispute_older_than_its_life_is_opened_before_it_is_settled(
    office: Office,
    page: httpx.AsyncClient,
    desk: httpx.AsyncClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.commands.open_dispute", lambda *_, **__: None)
    await complains(page)
    where = await dispute(desk)
    assert kinds(office) == []
    await desk.post(where, data={"outcome": "REPAID", "note": NOTE})

    assert kinds(office) == ["dispute_opened", "dispute_repaid"]
    running = words((await desk.get("/officer/disputes")).text).partition("Đã có kết quả")[0]
    assert "HT000123" not in running


async def test_the_verifier_of_auditors_agrees_with_disputes(opening: Opening) -> None:
    office = opening()
    async with browser(office) as page, browser(office) as desk:
        await signs_in(desk, "xa-here")
        await complains(page)
        where = await dispute(desk)
        for outcome in ("UNRESOLVED", "RECOVERED", "REPAID"):
            await desk.post(where, data={"outcome": outcome, "note": NOTE})
    assert office.types("ledger", "verify") == 0
    assert office.types("ledger", "rebuild", "--check") == 0
    place = office.session.settings.database_url.removeprefix("sqlite:///")
    assert len(kinds(office)) == 4
    office.close()

    assert verify_ledger.main([place]) == 0

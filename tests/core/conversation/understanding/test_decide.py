"""What a message wants, and how far one may go on it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation.understanding.decide import TOP, Decision, Understanding, understand
from core.conversation.understanding.intents import MONEY, REPLIES, RISK, Intent, Risk

ACTED = {Decision.ACT, Decision.CONFIRM}


def well_formed(got: Understanding) -> bool:
    shares = [share for _, share in got.top]
    return (
        got.intent is got.top[0][0]
        and 1 <= len(got.top) <= TOP
        and shares == sorted(shares, reverse=True)
        and all(0 <= share <= 1 for share in shares)
    )


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("thang ni tien ve chua o", Intent.CHECK_PAYMENT),
        ("Tiền tháng này của mẹ tôi đã về chưa ạ?", Intent.CHECK_PAYMENT),
        ("tieenf thangs nayf veef chuwa", Intent.CHECK_PAYMENT),
        ("tie62n tha1ng na2y ve62 chu7a", Intent.CHECK_PAYMENT),
        ("toi chua nhan duoc tien thang 4", Intent.PAYMENT_NOT_RECEIVED),
        ("cả xóm nhận rồi mà tôi chưa có đồng nào", Intent.PAYMENT_NOT_RECEIVED),
        ("co nguoi goi dien bao toi doc ma otp", Intent.FRAUD_REPORT),
        ("tôi bị lừa mất hết tiền trong thẻ", Intent.FRAUD_REPORT),
        ("cho tôi gặp cán bộ", Intent.TALK_TO_HUMAN),
        ("toi muon noi chuyen voi nguoi that", Intent.TALK_TO_HUMAN),
        ("đừng nhắn tin cho tôi nữa", Intent.STOP_NOTIFICATIONS),
        ("TC", Intent.STOP_NOTIFICATIONS), ("stop", Intent.STOP_NOTIFICATIONS),
        ("đổi số tài khoản", Intent.CHANGE_ACCOUNT),
        ("mẹ tôi nằm liệt, xin phát tiền tại nhà", Intent.HOME_DELIVERY),
        ("bao giờ người ta đem tiền tới nhà", Intent.DELIVERY_STATUS),
        ("cảm ơn cán bộ nhiều", Intent.THANKS), ("xin chào", Intent.GREETING),
    ],
)  # fmt: skip
def test_plain_wishes_are_found_and_acted_on(text: str, intent: Intent) -> None:
    got = understand(text)
    assert got.intent is intent
    assert got.decision is Decision.ACT


@pytest.mark.parametrize(
    "text",
    [
        "Thẻ bảo hiểm y tế của tôi hết hạn thì gia hạn ở đâu?", "vay ngan hang chinh sach 20 trieu",
        "Ngày mai trời có mưa không?", "asdfgh qwerty", "luong huu thang nay co chua",
        "làm sổ đỏ hết bao nhiêu tiền", "🤷🤷", "", "   ", "...", "\u200b\u200b",
    ],
)  # fmt: skip
def test_nothing_of_ours_leads_to_nobodys_money(text: str) -> None:
    got = understand(text)
    assert not (got.intent in MONEY and got.decision in ACTED)


@pytest.mark.parametrize("text", ["có", "không", "1", "2", "0", "dạ", "ok", "ừ", "👍"])
def test_a_bare_reply_means_nothing_without_a_question(text: str) -> None:
    assert understand(text).intent in REPLIES
    assert understand(text).decision is Decision.NONE
    assert understand(text, pending="delivery.sure").decision is Decision.ACT


@pytest.mark.parametrize("pending", [None, "delivery.sure"])
def test_a_bare_dung_is_asked_back(pending: str | None) -> None:
    got = understand("dung", pending=pending)
    assert got.decision is Decision.CHOOSE
    assert {intent for intent, _ in got.top} == {Intent.YES, Intent.NO, Intent.CANCEL}


def test_a_bare_huy_is_asked_back_unless_something_is_running() -> None:
    assert understand("HUY").decision is Decision.CHOOSE
    assert understand("HUY", pending="delivery.sure").decision is Decision.ACT


@pytest.mark.parametrize("text", ["đổi", "thẻ", "mất", "nhận", "thiếu", "số", "cắt"])
def test_one_bare_word_never_acts_on_money_or_identity(text: str) -> None:
    got = understand(text)
    assert RISK[got.intent] is not Risk.HIGH or got.decision is not Decision.ACT


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Chào cán bộ, tiền tháng này có chưa?", Intent.CHECK_PAYMENT),
        ("alo ad oi cho hoi tien thang nay co chua", Intent.CHECK_PAYMENT),
        ("Dạ em chào chị. Cho em hỏi rút tiền có mất phí không?", Intent.FEES_QUESTION),
        (
            (
                "Tôi ở thôn 3, trước giờ vẫn ra bưu điện nhận bình thường, hai vợ chồng già cả "
                "con cháu đi làm xa, mấy năm nay vẫn vậy, cho hỏi tháng này ngày mấy thì phát tiền?"
            ),
            Intent.SCHEDULE,
        ),
    ],
)
def test_beside_politeness_and_at_the_end_of_a_story_the_wish_is_found(
    text: str, intent: Intent
) -> None:
    assert understand(text).intent is intent


@pytest.mark.parametrize(
    ("text", "first", "also"),
    [
        (
            "Tiền tháng này về chưa? Tôi muốn đổi số tài khoản.",
            Intent.CHANGE_ACCOUNT,
            Intent.CHECK_PAYMENT,
        ),
        (
            "ngày mấy thì phát tiền, với lại có người gọi điện lừa đảo tôi",
            Intent.FRAUD_REPORT,
            Intent.SCHEDULE,
        ),
    ],
)
def test_of_two_wishes_the_graver_is_first_and_the_other_is_kept(
    text: str, first: Intent, also: Intent
) -> None:
    got = understand(text)
    assert (got.intent, got.also) == (first, also)


def test_what_is_mentioned_comes_along() -> None:
    got = understand("tháng 4 tôi chỉ nhận được 270 ngàn")
    assert got.slots.month is not None
    assert got.slots.month.month == 4
    assert got.slots.amounts == (270_000,)


def test_the_printed_line_has_its_three_facts() -> None:
    got = understand("tiền về chưa")
    line = got.as_json()
    assert list(line) == ["intent", "top", "decision"]
    assert line["intent"] == got.top[0][0].value == "check_payment"
    assert line["decision"] == "act"


HOSTILE = (
    "", " ", "\n", "a" * 10_000, "tiền " * 3_000, "😀" * 500, "'; DROP TABLE payment; --",
    "<script>alert(1)</script>", "%s %n {0} {name}", "\x00\x01", "\ufffd", "e\u0301" * 900,
    "\u202e\u200f", "9" * 5_000, "-" * 5_000, "Tie\u0302\u0300n ve\u0302\u0300 chu\u031ba",
    "１２３", "a1" * 4_000, "?" * 4_000, ". " * 4_000, "t" * 300 + "1", "\ud83d",
    "²", "t²", "①", "٣", "tháng ³", "½ triệu", "1tr²",
)  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_answered_in_bounded_time(text: str) -> None:
    understand("tiền về chưa")
    started = time.perf_counter()
    got = understand(text)
    assert time.perf_counter() - started < 0.25
    assert well_formed(got)


@given(st.text(max_size=400))
def test_any_text_is_understood_as_something_well_formed(text: str) -> None:
    assert well_formed(understand(text))


@given(
    st.lists(
        st.sampled_from(
            "tiền tháng 4 chưa về tài khoản đổi hủy dung không nhắn cán bộ lừa , . ? 500k".split()
        ),
        max_size=40,
    )
)
def test_any_mixture_of_our_words_is_well_formed(words: list[str]) -> None:
    got = understand(" ".join(words))
    assert well_formed(got)
    assert got.also is not got.intent

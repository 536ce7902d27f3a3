"""Told in free words that somebody has died; and all that is lost without anybody dying."""

import pytest

from core.conversation.understanding.deaths import tells_of_a_death
from core.conversation.understanding.normalise import normalise
from core.vietnamese import fold

DIED = (
    "ông tôi mất rồi",
    "mẹ tui mất hôm qua",
    "bà ấy qua đời",
    "bà mất rồi",
    "ông nội chết rồi",
    "ba tôi vừa mất tuần trước",
    "cụ nhà tôi mới mất, tiền tính sao",
    "chồng tôi bị bệnh mất rồi",
    "mẹ tôi mất rồi thì tiền tháng này có được nhận không",
    "dạ báo với cán bộ là ông ngoại cháu đã qua đời sáng nay",
    "Anh chị ơi, vợ tôi từ trần hôm 3/4",
    "tên chủ tài khoản là tên mẹ, mẹ mất rồi",
    "con tôi chết rồi",
    "trước nay mẹ tôi đứng ra nhận tiền nhưng mẹ vừa qua đời, giờ phải làm sao",
    "ba toi mat hom qua",
    "chị tôi không may mất đêm qua",
)
ONLY_WITH_MARKS = ("mạ mất rồi", "ôn tui mất hồi sáng", "mệ mất tối qua", "dì tôi đã mất")
NOBODY_DIED = (
    "mẹ tôi mất thẻ",
    "mẹ tôi bị mất sim",
    "bà tôi mất tiền",
    "mất tiền rồi",
    "tiền của mẹ tôi mất rồi",
    "thẻ của bà mất rồi",
    "thẻ ATM đâu không thấy, bà mất rồi",
    "cái sổ ông mất rồi",
    "mất sóng",
    "máy ông mất sóng",
    "tôi mất căn cước",
    "căn cước của tôi mất rồi",
    "nhà có một cái điện thoại mà mất rồi",
    "ai ký tên tui lãnh tiền mất rồi",
    "tiền mặt",
    "ông tôi nhận tiền mặt",
    "ông tôi mất trí nhớ",
    "mẹ tôi mất sức lao động",
    "mẹ tôi làm mất rồi",
    "bà quên mất rồi",
    "tôi chết mất",
    "mệt chết",
    "ấy chết, chọn lộn người",
    "lỡ mẹ tôi mất thì ai nhận thay",
    "nếu ông tôi chết thì có mai táng phí không",
    "toi chua chet ma sao bi cat",
    "xã báo mẹ tôi đã chết mà mẹ còn sống",
    "cha mẹ cháu mất sớm, cháu ở với bà",
    "ông nội mất lâu rồi",
    "ba toi mat nam 2010",
    "mất bao lâu thì có tiền",
    "tháng ni tiền về chưa",
    "có chi bà con trong xóm còn má tui thì mất",
    "1",
    "",
)


@pytest.mark.parametrize("said", DIED + ONLY_WITH_MARKS)
def test_a_death_is_heard(said: str) -> None:
    assert tells_of_a_death(normalise(said))


@pytest.mark.parametrize("said", DIED)
def test_a_death_is_heard_without_marks(said: str) -> None:
    assert tells_of_a_death(normalise(fold(said)))


@pytest.mark.parametrize("said", NOBODY_DIED)
def test_a_loss_is_no_death(said: str) -> None:
    assert not tells_of_a_death(normalise(said))
    assert not tells_of_a_death(normalise(fold(said)))


@pytest.mark.parametrize("said", ["bà Hoa mất rồi", "ba hoa mat roi", "bà Nguyễn Thị Hoa đã mất"])
def test_somebody_known_by_name_died(said: str) -> None:
    assert tells_of_a_death(normalise(said), ["Nguyễn Thị Hoa"])

"""Every text about a payment, at its longest: one segment, nothing private, nothing unsendable."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.people import Basis, Role
from core.store.recipients import Place, Subject
from core.terms import Programme, Provider
from notifications import sms_text
from notifications.notices import News, Voice, merged_words, words
from notifications.outbox import Purpose
from notifications.recipients import Recipient, Tells
from tests.notifications.district import NOW

LONGEST_NAME = "Nguyễn Phước Quỳnh Hương Giang"
LONGEST_AMOUNT = 99_999_999
LETTERS = (
    "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
)
WORDS = st.text(LETTERS, min_size=1, max_size=10).map(str.title)
NAMES = st.lists(WORDS, min_size=2, max_size=6).map(" ".join).filter(lambda name: len(name) <= 30)
TOLD = (
    Purpose.SETTLED,
    Purpose.COLLECTED,
    Purpose.HANDED,
    Purpose.READY_CASH,
    Purpose.DELAYED,
    Purpose.UNCLAIMED,
)
TO_RELATIVES = {Purpose.SETTLED, Purpose.COLLECTED, Purpose.HANDED, Purpose.DELAYED}
OWNERS = ("TK_SAI", "TK_DONG", "TK_KHOA", "CHUA_CAP_TIEN", "KHONG_RO", None)
KINDS = [
    (purpose, tells)
    for purpose, tells in product(TOLD, (Tells.AMOUNT, Tells.STATE, Tells.RELATIVE))
    if tells is not Tells.RELATIVE or purpose in TO_RELATIVES
]


def a_place(*, language: str = "vi", accents: bool | None = None, channel: str = "sms") -> Place:
    return Place(
        beneficiary_id=1,
        person_id=1,
        role=Role.SELF,
        basis=Basis.OWN,
        is_payee=False,
        valid_from=date(2021, 1, 1),
        valid_to=None,
        died_on=None,
        contact_id=1,
        channel=channel,
        address_index="x",
        language=language,
        accents=accents,
        level=2,
        linked_at=NOW,
    )


def news(
    purpose: Purpose,
    *,
    name: str = LONGEST_NAME,
    provider: str = Provider.VIETINBANK,
    reason: str | None = None,
    first_cycle: str = "2021-12",
) -> News:
    subject = Subject(
        payment_id=1,
        code="2112-HT000001-M-1",
        cycle="2021-12",
        amount=LONGEST_AMOUNT,
        money="SETTLED",
        provider=provider,
        reason=reason,
        effective_on=date(2021, 12, 31),
        beneficiary_id=1,
        name=name,
        died_on=None,
        first_cycle=first_cycle,
    )
    return News(subject, purpose, date(2021, 12, 31))


def test_the_longest_name_is_as_long_as_promised() -> None:
    assert len(LONGEST_NAME) == 30


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "one way"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("provider", list(Provider))
@pytest.mark.parametrize(("purpose", "tells"), KINDS)
def test_every_text_fits_one_segment_at_its_longest(
    programme: Programme,
    purpose: Purpose,
    tells: Tells,
    provider: str,
    language: str,
    answered: bool,
) -> None:
    giver = LONGEST_NAME if tells is Tells.RELATIVE else None
    recipient = Recipient(a_place(language=language), tells, 1 if giver else None)
    for reason in OWNERS:
        told = news(purpose, provider=provider, reason=reason)
        said = words(told, recipient, Voice(programme, answered), giver=giver)

        measured = sms_text.measure(said.text)
        assert (measured.encoding, measured.segments) == ("GSM-7", 1), said.text
        if tells is not Tells.RELATIVE:
            assert sms_text.fold(LONGEST_NAME) in said.text, said.text


@pytest.mark.parametrize("answered", [True, False], ids=["answered", "one way"])
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("provider", list(Provider))
@pytest.mark.parametrize(("purpose", "tells"), KINDS)
def test_money_that_is_paid_again_is_told_by_its_own_month_in_one_segment(
    programme: Programme,
    purpose: Purpose,
    tells: Tells,
    provider: str,
    language: str,
    answered: bool,
) -> None:
    giver = LONGEST_NAME if tells is Tells.RELATIVE else None
    recipient = Recipient(a_place(language=language), tells, 1 if giver else None)
    for reason in OWNERS:
        told = news(purpose, provider=provider, reason=reason, first_cycle="2021-10")
        said = words(told, recipient, Voice(programme, answered), giver=giver)
        again = "10/2021 (chi lai ky 12/2021)" if language == "vi" else "10/2021 (again in 12/2021)"
        assert again in said.text, said.text
        assert sms_text.measure(said.text).segments == 1, said.text


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("answered", [True, False])
def test_the_text_of_a_shared_phone_fits_one_segment(
    programme: Programme, language: str, answered: bool
) -> None:
    said = merged_words(
        news(Purpose.SETTLED), a_place(language=language), Voice(programme, answered)
    )

    assert sms_text.measure(said.text).segments == 1
    assert said.menu_token is None


@given(name=NAMES, purpose=st.sampled_from(TOLD), amount=st.booleans())
def test_any_name_fits_and_is_written_without_accents(
    programme: Programme, name: str, purpose: Purpose, amount: bool
) -> None:
    recipient = Recipient(a_place(), Tells.AMOUNT if amount else Tells.STATE)

    said = words(news(purpose, name=name), recipient, Voice(programme))

    assert sms_text.measure(said.text) == sms_text.measure(sms_text.fold(said.text))
    assert sms_text.measure(said.text).segments == 1
    assert "₫" not in said.text
    assert "\u00a0" not in said.text
    assert "http" not in said.text


@pytest.mark.parametrize(("purpose", "tells"), KINDS)
def test_an_amount_is_said_only_to_who_may_hear_it(
    programme: Programme, purpose: Purpose, tells: Tells
) -> None:
    said = words(news(purpose), Recipient(a_place(), tells), Voice(programme))

    tells_amount = tells is Tells.AMOUNT and purpose in {
        Purpose.SETTLED,
        Purpose.COLLECTED,
        Purpose.HANDED,
        Purpose.READY_CASH,
    }
    assert ("99.999.999d" in said.text) is tells_amount


@pytest.mark.parametrize(("purpose", "tells"), KINDS)
def test_every_text_says_who_reported_it(
    programme: Programme, purpose: Purpose, tells: Tells
) -> None:
    said = words(
        news(purpose, provider=Provider.POST), Recipient(a_place(), tells), Voice(programme)
    )

    assert "Buu dien bao" in said.text


def test_a_relative_reads_given_name_and_initial_only(programme: Programme) -> None:
    said = words(news(Purpose.SETTLED), Recipient(a_place(), Tells.RELATIVE, 1), Voice(programme))

    assert "Giang N." in said.text
    assert "Quynh" not in said.text
    assert said.menu_token is None


def test_a_very_long_name_is_shortened_rather_than_the_text_cut(programme: Programme) -> None:
    told = news(Purpose.SETTLED, name=f"{LONGEST_NAME} {LONGEST_NAME}")

    said = words(told, Recipient(a_place(), Tells.AMOUNT), Voice(programme))

    assert "Giang N" in said.text
    assert sms_text.measure(said.text).segments == 1
    assert said.text.endswith("1 du 2 thieu 3 chua nhan")


def test_who_asked_for_accents_gets_them(programme: Programme) -> None:
    said = words(
        news(Purpose.SETTLED), Recipient(a_place(accents=True), Tells.STATE), Voice(programme)
    )

    assert "Nguyễn" in said.text
    assert said.text.startswith("CHITRA:")

"""What providers' failure codes mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import labels, programme
from core.failures import UNCLEAR, failure, failure_for
from core.terms import Owner, Provider, Retry

HUE = programme.load(programme.FOLDER / "thua-thien-hue-2021")


def test_the_catalogue_has_its_fourteen_codes() -> None:
    assert [entry.code for entry in HUE.failures] == [
        *("TK_SAI", "TK_DONG", "TK_KHOA", "TEN_LECH", "VI_CHUA_KH", "HAN_MUC", "NGUOI_NHAN_MAT"),
        *("UQ_HET_HAN", "GIAM_HO_THIEU", "CHUA_DEN_NHAN", "KHONG_GAP", "CHUA_CAP_TIEN", "TRUNG"),
        "KHONG_RO",
    ]


@pytest.mark.parametrize(
    ("provider", "text", "code"),
    [
        (Provider.VIETINBANK, "R03", "TK_SAI"),
        (Provider.VIETINBANK, " r02 ", "TK_DONG"),
        (Provider.VIETINBANK, "tai khoan bi khoa", "TK_KHOA"),
        (Provider.VIETTEL, "5200", "HAN_MUC"),
        (Provider.POST, "CHƯA  ĐẾN NHẬN", "CHUA_DEN_NHAN"),
        (Provider.POST, "TK_SAI", "TK_SAI"),
        (Provider.POST, "tk_sai", "TK_SAI"),
        (Provider.POST, "R03", UNCLEAR),
        (Provider.POST, "", UNCLEAR),
    ],
)
def test_a_providers_code_becomes_ours(provider: Provider, text: str, code: str) -> None:
    assert failure_for(HUE, provider, text).code == code


@given(st.sampled_from(list(Provider)), st.text(max_size=30))
def test_any_text_is_in_the_catalogue(provider: Provider, text: str) -> None:
    assert failure_for(HUE, provider, text) in HUE.failures


def test_a_death_is_never_told_by_a_machine() -> None:
    death = failure(HUE, "NGUOI_NHAN_MAT")

    assert death is not None
    assert (death.tell, death.retry, death.owner) == (False, Retry.STOP, Owner.OFFICE)
    assert all(entry.tell for entry in HUE.failures if entry is not death)


def test_only_the_provider_repeats_what_nobody_has_to_mend() -> None:
    again = {entry.code for entry in HUE.failures if entry.retryable}

    assert again == {"HAN_MUC", "KHONG_GAP", "CHUA_CAP_TIEN"}
    assert failure(HUE, "XX") is None


def test_every_failure_has_a_name_and_an_unknown_one_shows_its_code() -> None:
    for entry in HUE.failures:
        for lang in ("vi", "en"):
            assert labels.failure_name(entry.code, lang) != entry.code
    assert labels.failure_name("XX_YY") == "XX_YY"

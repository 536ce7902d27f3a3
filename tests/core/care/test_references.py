"""References that survive being read aloud, misheard and typed."""

from hypothesis import given
from hypothesis import strategies as st

from core.care.references import check_digit, new_reference, reference_in, spoken

references = st.integers(1_000_000, 9_999_999).map(lambda n: f"{n}{check_digit(str(n))}")


def test_a_new_reference_is_one() -> None:
    for _ in range(200):
        reference = new_reference()
        assert reference_in(reference) == reference


def test_new_references_do_not_follow_one_another() -> None:
    assert len({new_reference() for _ in range(500)}) > 490


@given(references)
def test_what_is_read_aloud_is_found_again(reference: str) -> None:
    assert reference_in(spoken(reference)) == reference


@given(references, st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(reference: str, place: int, by: int) -> None:
    wrong = str((int(reference[place]) + by) % 10)
    assert reference_in(reference[:place] + wrong + reference[place + 1 :]) is None


@given(references, st.integers(0, 6))
def test_two_swapped_digits_are_found_unless_they_are_nought_and_nine(
    reference: str, place: int
) -> None:
    one, other = reference[place], reference[place + 1]
    swapped = reference[:place] + other + one + reference[place + 2 :]
    if one != other and {one, other} != {"0", "9"}:
        assert reference_in(swapped) is None


@given(st.text(max_size=12))
def test_nothing_else_is_taken_for_a_reference(text: str) -> None:
    found = reference_in(text)
    assert found is None or (len(found) == 8 and found == "".join(text.split()))

import pickle

from core.faults import Fault, fault_key


class Plain(Fault):
    """The lamp
    is out.

    A second paragraph is for the reader of the code.
    """


class WithValues(Fault):
    """{key} must be {form}."""


def test_the_first_paragraph_of_the_docstring_is_the_message() -> None:
    assert str(Plain()) == "The lamp is out."


def test_values_fill_the_message_and_stay_with_it() -> None:
    fault = WithValues(key="A", form="b {c}")

    assert str(fault) == "A must be b {c}."
    assert fault.values == {"key": "A", "form": "b {c}"}


def test_a_message_given_stands_as_it_is() -> None:
    assert str(Plain("{x}", y=1)) == "{x}"


def test_the_key_is_the_name_in_small_letters() -> None:
    assert WithValues(key=1, form=2).key == fault_key(WithValues) == "fault.with_values"


def test_a_fault_travels_between_processes_whole() -> None:
    sent = WithValues(key="A", form="b")

    came = pickle.loads(pickle.dumps(sent))

    assert (type(came), str(came), came.values) == (WithValues, str(sent), sent.values)

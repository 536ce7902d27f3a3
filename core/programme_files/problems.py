"""What can be wrong with a programme's files, and how it is told.

What does not live here: finding it (`sheets.py` for a cell, `checks.py` for the
whole), and the sentences (`locales/<lang>/programme.po`, key `programme.problem.<kind>`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from core import wording
from core.faults import Fault


class Kind(StrEnum):
    """What is wrong. Each has a sentence that also says how to mend it."""

    # files
    FOLDER_MISSING = "folder_missing"
    FILE_MISSING = "file_missing"
    FILE_NOT_UTF8 = "file_not_utf8"
    FILE_EMPTY = "file_empty"
    TOML_BROKEN = "toml_broken"
    TABLE_UNKNOWN = "table_unknown"
    KEY_MISSING = "key_missing"
    KEY_UNKNOWN = "key_unknown"
    VALUE_WRONG_TYPE = "value_wrong_type"
    # headings and rows
    COLUMN_MISSING = "column_missing"
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_TWICE = "column_twice"
    ROW_TOO_LONG = "row_too_long"
    ROW_TOO_SHORT = "row_too_short"
    QUOTE_OPEN = "quote_open"
    # cells
    CELL_EMPTY = "cell_empty"
    NOT_A_DAY = "not_a_day"
    NOT_A_TIME = "not_a_time"
    NOT_A_NUMBER = "not_a_number"
    OUT_OF_RANGE = "out_of_range"
    NOT_YES_OR_NO = "not_yes_or_no"
    NOT_ONE_OF = "not_one_of"
    NOT_A_MONTH = "not_a_month"
    BAD_CODE = "bad_code"
    BAD_TENANT = "bad_tenant"
    BAD_SENDER = "bad_sender"
    BAD_HOTLINE = "bad_hotline"
    # one row in itself
    ENDS_BEFORE_IT_BEGINS = "ends_before_it_begins"
    CLOSES_BEFORE_IT_OPENS = "closes_before_it_opens"
    LABEL_LEAKS = "label_leaks"
    MAKE_UP_WITHOUT_WEEKDAY = "make_up_without_weekday"
    MAKE_UP_ON_A_WEEKDAY = "make_up_on_a_weekday"
    # rows beside one another
    OVERLAP = "overlap"
    TWICE = "twice"
    NAME_TWICE = "name_twice"
    ALIAS_IS_A_NAME = "alias_is_a_name"
    GAP = "gap"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_COMMUNE = "unknown_commune"
    UNKNOWN_PLACE = "unknown_place"
    UNKNOWN_CATEGORY = "unknown_category"
    UNKNOWN_FAILURE = "unknown_failure"
    SUCCESSOR_UNKNOWN = "successor_unknown"
    SUCCESSOR_MISSING = "successor_missing"
    OFFER_MISSING = "offer_missing"
    OFFER_IN_UNPAID_AREA = "offer_in_unpaid_area"
    NOT_OFFERED = "not_offered"
    PAY_POINT_MISSING = "pay_point_missing"
    PAY_POINT_WITHOUT_OFFER = "pay_point_without_offer"
    PAY_RULE_MISSING = "pay_rule_missing"
    COEFFICIENT_MISSING = "coefficient_missing"
    AMOUNT_NOT_WHOLE = "amount_not_whole"
    PAY_DAY_CLOSED = "pay_day_closed"
    PAY_DAY_BEFORE_CUT_OFF = "pay_day_before_cut_off"
    HOLIDAYS_MISSING = "holidays_missing"
    HOURS_MISSING = "hours_missing"
    CATCH_ALL_MISSING = "catch_all_missing"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and the words for its sentence.

    `line` counts from 1 and is 0 for a whole file; `column` is the heading of the cell, or empty.
    """

    file: str
    line: int
    column: str
    kind: Kind
    values: Mapping[str, str | int] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """`communes.csv:12`, with the column after it where there is one."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place} [{self.column}]" if self.column else place


DOMAIN: Final = "programme"


def in_words(problem: Problem, lang: str = "vi") -> str:
    """`file:line [column]: what is wrong; how to mend it`."""
    key = f"programme.problem.{problem.kind}"
    return f"{problem.where}: {wording.text(key, lang, DOMAIN, **problem.values)}"


class ProgrammeErrors(Fault):
    """The files of the programme have faults."""

    problems: tuple[Problem, ...]

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.lines()))

    def lines(self, lang: str = "vi") -> tuple[str, ...]:
        """Every problem in words, in the order of files and lines."""
        return tuple(in_words(problem, lang) for problem in self.problems)

    def __reduce__(self) -> tuple[object, ...]:
        """All problems go along to another process."""
        return ProgrammeErrors, (self.problems,)

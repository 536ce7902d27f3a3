"""Every expected "no" of the product, in one catalogue.

A refusal is a value, not an exception: a code and the facts that belong to it. Its wording is in
`locales/` under `refusal.<code>`, per audience.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What was refused, and why; the dotted part before the first dot is the noun it concerns."""

    # cells of a list
    AMOUNT_MISSING = "amount.missing"
    AMOUNT_NOT_A_NUMBER = "amount.not_a_number"
    AMOUNT_NOT_WHOLE = "amount.not_whole"
    AMOUNT_NOT_POSITIVE = "amount.not_positive"
    AMOUNT_TOO_LARGE = "amount.too_large"
    COEFFICIENT_BAD = "coefficient.bad"
    AMOUNT_PARTS_DISAGREE = "amount.parts_disagree"
    PHONE_MISSING = "phone.missing"
    PHONE_NOT_A_NUMBER = "phone.not_a_number"
    PHONE_WRONG_LENGTH = "phone.wrong_length"
    PHONE_NOT_MOBILE = "phone.not_mobile"
    PHONE_FOREIGN = "phone.foreign"
    CITIZEN_ID_NOT_A_NUMBER = "citizen_id.not_a_number"
    CITIZEN_ID_WRONG_LENGTH = "citizen_id.wrong_length"
    CITIZEN_ID_TWICE = "citizen_id.twice"
    ACCOUNT_MISSING = "account.missing"
    ACCOUNT_IS_CARD_NUMBER = "account.is_card_number"
    ACCOUNT_WRONG_LENGTH = "account.wrong_length"
    ACCOUNT_BAD_CHARACTER = "account.bad_character"
    NAME_MISSING = "name.missing"
    NAME_LEGACY_ENCODING = "name.legacy_encoding"
    NAME_BAD_CHARACTER = "name.bad_character"
    DAY_NOT_A_DAY = "day.not_a_day"
    DAY_IN_FUTURE = "day.in_future"
    DAY_BEFORE_START = "day.before_start"
    BENEFICIARY_CODE_MISSING = "beneficiary.code_missing"
    BENEFICIARY_CODE_BAD = "beneficiary.code_bad"
    BENEFICIARY_UNKNOWN = "beneficiary.unknown"
    BENEFICIARY_TWICE = "beneficiary.twice"
    BENEFICIARY_DIED = "beneficiary.died"
    COMMUNE_MISSING = "commune.missing"
    COMMUNE_UNKNOWN = "commune.unknown"
    COMMUNE_AMBIGUOUS = "commune.ambiguous"
    COMMUNE_NOT_IN_PROGRAMME = "commune.not_in_programme"
    CATEGORY_UNKNOWN = "category.unknown"
    METHOD_UNKNOWN = "method.unknown"
    METHOD_NOT_IN_AREA = "method.not_in_area"
    PROVIDER_UNKNOWN = "provider.unknown"
    ROLE_UNKNOWN = "role.unknown"
    BASIS_UNKNOWN = "basis.unknown"
    CONSENT_UNCLEAR = "consent.unclear"
    RELATIVE_WITHOUT_CONSENT = "relative.without_consent"
    STANDING_ENDED = "standing.ended"
    ROW_CONFLICT = "row.conflict"
    ROW_EMPTY = "row.empty"
    # results
    RESULT_UNKNOWN_PAYMENT = "result.unknown_payment"
    RESULT_WRONG_AMOUNT = "result.wrong_amount"
    RESULT_WRONG_PROVIDER = "result.wrong_provider"
    RESULT_STATUS_UNKNOWN = "result.status_unknown"
    RESULT_CONTRADICTS = "result.contradicts"
    RESULT_NOT_INSTRUCTED = "result.not_instructed"
    RESULT_TWICE = "result.twice"
    RESULT_WRONG_CYCLE = "result.wrong_cycle"
    RESULT_NOTHING_TO_WITHDRAW = "result.nothing_to_withdraw"
    RESULT_WITHDRAWS_A_PAYMENT = "result.withdraws_a_payment"
    VOUCHER_MISSING = "voucher.missing"
    VOUCHER_TWICE = "voucher.twice"
    # whole files
    FILE_MISSING = "file.missing"
    FILE_EMPTY = "file.empty"
    FILE_BROKEN = "file.broken"
    FILE_TOO_LARGE = "file.too_large"
    FILE_WRONG_KIND = "file.wrong_kind"
    FILE_PASSWORD = "file.password"  # noqa: S105  a code, not a secret
    FILE_ENCODING = "file.encoding"
    FILE_COLUMNS_MISSING = "file.columns_missing"
    FILE_COLUMN_TWICE = "file.column_twice"
    FILE_WRONG_CYCLE = "file.wrong_cycle"
    FILE_TOTAL_MISSING = "file.total_missing"
    FILE_TOTAL_DISAGREES = "file.total_disagrees"
    FILE_BUSY = "file.busy"
    # cycles and money
    CYCLE_UNKNOWN = "cycle.unknown"
    CYCLE_WRONG_STATE = "cycle.wrong_state"
    CYCLE_SAME_PERSON = "cycle.same_person"
    CYCLE_UNROUTED = "cycle.unrouted"
    CYCLE_CONFLICTS = "cycle.conflicts"
    CYCLE_NOTHING_LISTED = "cycle.nothing_listed"
    CYCLE_UNDER_WAY = "cycle.under_way"
    CYCLE_IN_TRANSIT = "cycle.in_transit"
    CYCLE_SUSPENSE = "cycle.suspense"
    BALANCE_MISSING = "balance.missing"
    BALANCE_DIFFERS = "balance.differs"
    PROVIDER_NOT_FUNDED = "provider.not_funded"
    PAYMENT_ILLEGAL_MOVE = "payment.illegal_move"
    # people and identity
    STAFF_UNKNOWN = "staff.unknown"
    STAFF_DISABLED = "staff.disabled"
    STAFF_NOT_ALLOWED = "staff.not_allowed"
    CODE_WRONG = "code.wrong"
    CODE_EXPIRED = "code.expired"
    CODE_USED = "code.used"
    CODE_TOO_MANY = "code.too_many"
    LEVEL_TOO_LOW = "level.too_low"
    NO_STANDING = "no_standing"
    SELF_SERVICE_FROZEN = "self_service.frozen"
    CONTACT_NOT_OWN = "contact.not_own"
    # cases and messages
    CASE_UNKNOWN = "case.unknown"
    CASE_CLOSED = "case.closed"
    CASE_NEWER_MESSAGE = "case.newer_message"
    BATCH_UNKNOWN = "batch.unknown"
    BATCH_SAME_PERSON = "batch.same_person"
    BATCH_WRONG_STATE = "batch.wrong_state"
    DEMO_ONLY = "demo.only"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An expected "no": the code says which, the details fill its wording."""

    code: Code
    details: Mapping[str, str | int] = field(default_factory=dict)

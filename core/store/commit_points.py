"""Every place where a transaction may commit, by name (design 10).

Crash tests kill the process before and after each of these; the engine refuses a transaction
that does not say which one it is.
"""

from enum import StrEnum


class CommitPoint(StrEnum):
    """Where a COMMIT is allowed."""

    MIGRATE = "migrate"
    INSTALL = "install"
    STAFF = "staff"
    SIGN_IN = "sign_in"
    IMPORT_BEGIN = "import_begin"
    IMPORT_CHUNK = "import_chunk"
    IMPORT_END = "import_end"
    CYCLE_MOVE = "cycle_move"
    SEAL = "seal"
    REBUILD = "rebuild"
    LINK_CODE = "link_code"
    RELATIVE = "relative"
    DECISION = "decision"
    ASKED = "asked"
    INBOUND = "inbound"
    TURN = "turn"
    TURN_FAULT = "turn_fault"
    CASE = "case"
    VISIT = "visit"
    CLAIM = "claim"
    CALLING = "calling"
    OUTCOME = "outcome"
    RECEIPT = "receipt"
    SWEEP = "sweep"
    GATEWAY = "gateway"
    SANDBOX = "sandbox"
    BATCH = "batch"
    SCHEDULE = "schedule"
    SIMULATE = "simulate"

"""April goes wrong for two people and is closed; May pays them again. From the command line."""

from datetime import UTC, datetime
from pathlib import Path

from core.exchange.layouts import load_layout
from tests.bot.parts import Office
from tests.bot.test_payday import PAYROLL, lists, to_instruction
from tests.core.exchange.conftest import FOLDER
from tests.core.exchange.lists import Line, write_list

APRIL, MAY = "2021-04", "2021-05"
HOA, CO, BA = "HT000123", "HT000200", "PL000001"
PROVIDERS = {"vietinbank": "VietinBank", "post": "Bưu điện", "viettel": "Viettel"}


class Month:
    """Whoever sends files in one month, and moves it."""

    def __init__(self, office: Office, folder: Path, cycle: str) -> None:
        self.office, self.folder, self.cycle, self.files = office, folder, cycle, 0

    def sends(self, kind: str, *lines: Line, provider: str = "", amount: int | None = None) -> int:
        """The exit code of importing a list with these lines."""
        self.files += 1
        name = f"{kind}-{provider}" if kind == "results" else kind
        path = self.folder / f"{self.cycle}-{self.files}.xlsx"
        declared = f"{self.cycle[5:]}/{self.cycle[:4]}"
        write_list(path, load_layout(FOLDER, name), lines, cycle=declared, amount=amount)
        of = ("--provider", provider) if provider else ()
        return self.office.types("import", kind, path, "--cycle", self.cycle, "--by", "an", *of)

    def reports(self, provider: str, *lines: Line) -> None:
        assert self.sends("results", *lines, provider=provider) == 0, self.office.err.getvalue()

    def states(self, day: str, **held: int) -> None:
        lines: list[Line] = [
            {"voucher": f"XN-{name}", "day": day, "provider": PROVIDERS[name], "amount": amount}
            for name, amount in held.items()
        ]
        assert self.sends("balances", *lines) == 0, self.office.err.getvalue()

    def moves(self, *steps: tuple[str, str]) -> None:
        for step, by in steps:
            words = ("cycle", step, self.cycle, "--by", by)
            out = ("--out", self.folder / self.cycle) if step == "instruct" else ()
            assert self.office.types(*words, *out) == 0, (step, self.office.err.getvalue())


def april_is_closed(office: Office, folder: Path) -> Month:
    """The account of Hoa was wrong, the cash of Cơ was not collected, Bé was paid."""
    to_instruction(office, lists(folder), folder / "orders")
    april = Month(office, folder, APRIL)
    wrong: Line = {
        "payment": f"2104-{HOA}-M-1",
        "day": "05/04/2021",
        "amount": 270000,
        "status": "Thất bại",
        "error": "TK_SAI",
    }
    april.reports("vietinbank", wrong)
    paid: Line = {
        "payment": f"2104-{BA}-M-1",
        "day": "05/04/2021",
        "amount": 405000,
        "status": "Thành công",
    }
    april.reports("viettel", paid)
    waits: Line = {
        "payment": f"2104-{CO}-M-1",
        "day": "08/04/2021",
        "amount": 540000,
        "status": "Chưa đến nhận",
    }
    april.reports("post", waits)
    given_up: Line = {"payment": f"2104-{CO}-M-1", "amount": 540000}
    assert april.sends("unclaimed", given_up, provider="post") == 0
    april.states("09/04/2021", vietinbank=270000, post=540000, viettel=0)
    april.moves(("close", "an"))
    return april


def may_is_approved(office: Office, folder: Path) -> Month:
    """The same people once more, and what April left."""
    office.clock.move_to(datetime(2021, 4, 25, 2, tzinfo=UTC))
    may = Month(office, folder, MAY)
    assert may.sends("payroll", *PAYROLL, amount=1215000) == 0, office.err.getvalue()
    may.moves(("freeze", "an"), ("approve", "an"), ("approve", "binh"))
    return may


def may_is_paid(may: Month) -> None:
    """The Treasury sends what is missing, all orders go out, and everything is paid."""
    may.office.clock.move_to(datetime(2021, 5, 5, 2, tzinfo=UTC))
    sent: list[Line] = [
        {"voucher": "KB05", "day": "04/05/2021", "provider": PROVIDERS[name], "amount": amount}
        for name, amount in (("vietinbank", 270000), ("post", 810000), ("viettel", 405000))
    ]
    assert may.sends("funding", *sent) == 0, may.office.err.getvalue()
    may.moves(("instruct", "an"))
    may.office.clock.move_to(datetime(2021, 5, 9, 2, tzinfo=UTC))

    def line(code: str, amount: int, status: str) -> Line:
        return {"payment": code, "day": "07/05/2021", "amount": amount, "status": status}

    may.reports("vietinbank", line(f"2105-{HOA}-M-1", 270000, "Thành công"))
    may.reports("viettel", line(f"2105-{BA}-M-1", 405000, "Thành công"))
    may.reports(
        "post",
        line(f"2105-{HOA}-R-1", 270000, "Đã chi"),
        line(f"2105-{CO}-M-1", 540000, "Đã chi"),
        line(f"2105-{CO}-R-1", 540000, "Đã chi"),
    )

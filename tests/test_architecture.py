"""The shape of the project: what stands where, how long it may be, who may touch whom.

`.importlinter` holds the direction of imports; this holds what it cannot see.
"""

import ast
import re
from pathlib import Path

import pytest

from tests import sources

LONGEST_FILE = 400
LONGEST_FUNCTION = 40
# Alembic writes the steps of a schema; nobody reads them as prose.
GENERATED = "core/store/migrations/versions/"
VAGUE_FILES = re.compile(r"(utils?|helpers?|managers?|common|misc|shared|tools)")
VAGUE_FUNCTIONS = re.compile(r"(get|process|do)_")
OTHER_PEOPLES_WORDS = {
    "do_request",
    "process_bind_param",
    "process_result_value",
    "do_GET",
    "do_POST",
}

# What only the places named may import, besides tests, benches and training.
HOMES = {
    "telegram": ("bot/channels/telegram.py", "notifications/gateways/telegram.py"),
    "twilio": ("bot/channels/sms.py", "notifications/gateways/twilio.py"),
    "sqlalchemy": ("core/store/",),
    "alembic": ("core/store/",),
    "psycopg": ("core/store/",),
    "sqlite3": ("core/store/",),
    "fastapi": ("bot/",),
    "starlette": ("bot/",),
    "uvicorn": ("bot/",),
    "typer": ("bot/cli",),
    "asyncio": ("notifications/", "bot/"),
    "babel": ("core/wording.py",),
    "dotenv": ("core/settings.py",),
    "smtplib": (),
    "pickle": (),
    "unittest": (),
}
NOW = {"now", "utcnow", "today"}
PRINTERS = ("bot/cli",)


def shipped_under(path: Path, homes: tuple[str, ...]) -> bool:
    return path.as_posix().startswith(homes)


def written() -> list[Path]:
    return [path for path in sources.modules() if not path.as_posix().startswith(GENERATED)]


def test_no_file_is_longer_than_a_person_reads_in_one_go() -> None:
    long = {
        str(path): lines
        for path in written()
        if (lines := sources.text(path).count("\n")) > LONGEST_FILE
    }

    assert long == {}


def test_no_function_has_more_statements_than_fit_a_screen() -> None:
    long = {
        f"{path}:{function.lineno} {function.name}": count
        for path in written()
        for function in sources.functions(path)
        if (count := _statements(function)) > LONGEST_FUNCTION
    }

    assert long == {}


def test_a_file_is_named_after_its_noun() -> None:
    vague = [path for path in sources.modules() if VAGUE_FILES.fullmatch(path.stem)]

    assert vague == []


def test_a_function_is_named_after_what_it_yields() -> None:
    vague = [
        f"{path}:{function.lineno} {function.name}"
        for path in sources.product()
        for function in sources.functions(path)
        if VAGUE_FUNCTIONS.match(function.name.lstrip("_"))
        and function.name not in OTHER_PEOPLES_WORDS
    ]

    assert vague == []


def test_packages_say_nothing_when_they_are_imported() -> None:
    busy = [
        path
        for path in sources.modules()
        if path.name == "__init__.py" and not _only_a_docstring(path)
    ]

    assert busy == []


@pytest.mark.parametrize("name", sorted(HOMES))
def test_an_outside_library_is_known_in_its_own_place_only(name: str) -> None:
    strangers = [
        path
        for path in sources.product()
        if not shipped_under(path, HOMES[name])
        and any(found.split(".")[0] == name for found in sources.imports(path))
    ]

    assert strangers == []


def test_only_the_clock_reads_the_time() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in sources.product()
        if path != Path("core/clock.py")
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Call) and _is_now(node.func)
    ]

    assert wrong == []


def test_only_settings_reads_the_environment() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in sources.product()
        if path != Path("core/settings.py")
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"environ", "getenv", "putenv"}
    ]

    assert wrong == []


def test_only_commands_print() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path in sources.product()
        if not shipped_under(path, PRINTERS)
        for node in ast.walk(sources.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "input", "breakpoint", "eval", "exec"}
    ]

    assert wrong == []


def test_nothing_is_left_unfinished() -> None:
    marks = "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3, "NotImplemented" + "Error"])
    wrong = [path for path in sources.product() if re.search(rf"\b({marks})\b", sources.text(path))]

    assert wrong == []


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    """Only pages may go untested, where no browser is; they say so, and `.ci/run` insists."""
    marks = re.compile(r"\b(pytest\.(skip|xfail|importorskip)|mark\.(skip|skipif|xfail))\b")
    wrong = [
        path
        for path in sources.modules()
        if path.parts[0] == "tests"
        and path.parts[1] != "e2e"
        and path.name != "test_architecture.py"
        and marks.search(sources.text(path))
    ]

    assert wrong == []


def test_no_test_replaces_our_own_code_with_a_mock() -> None:
    wrong = [
        path
        for path in sources.modules()
        if any(found.startswith("unittest.mock") for found in sources.imports(path))
    ]

    assert wrong == []


def _statements(function: ast.AST) -> int:
    body = sum(isinstance(node, ast.stmt) for node in ast.walk(function)) - 1
    return body - _has_docstring(function)


def _has_docstring(function: ast.AST) -> bool:
    return isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef) and bool(
        ast.get_docstring(function)
    )


def _only_a_docstring(path: Path) -> bool:
    body = sources.tree(path).body
    return all(isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) for node in body)


def _is_now(called: ast.expr) -> bool:
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return False
    return (called.value.id in {"datetime", "date"} and called.attr in NOW) or (
        called.value.id == "time" and called.attr == "time"
    )


def test_a_ledger_is_made_in_one_place_with_its_reactors() -> None:
    """Any other would write events that nobody is told of."""
    made = [
        path.as_posix()
        for path in sources.modules()
        if path.parts[0] in sources.PACKAGES
        for node in ast.walk(ast.parse((sources.ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Ledger"
    ]
    assert made == ["bot/compose.py"]

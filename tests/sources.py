"""The files of this project as tests read them: nothing installed, cached or left by a run."""

import ast
import os
from functools import cache
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[1]
PACKAGES: Final = ("core", "notifications", "bot")
_LEFT_OUT: Final = {
    *(".git", ".venv", "__pycache__", "var", "data", "node_modules"),
    *(".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache"),
}


@cache
def files() -> tuple[Path, ...]:
    """Every file of the project, relative to its root."""
    found: list[Path] = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in _LEFT_OUT]
        found.extend((Path(folder) / name).relative_to(ROOT) for name in names)
    return tuple(sorted(path for path in found if path.name != ".env"))


@cache
def modules() -> tuple[Path, ...]:
    """Every Python file of the project."""
    return tuple(path for path in files() if path.suffix == ".py")


def product() -> tuple[Path, ...]:
    """Every Python file that ships."""
    return tuple(path for path in modules() if path.parts[0] in PACKAGES)


@cache
def text(path: Path) -> str:
    """The content; empty for what is not text."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(text(path), filename=str(path))


def imports(path: Path) -> set[str]:
    """Every module a file imports, anywhere in it, with the names taken from it."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        node
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]

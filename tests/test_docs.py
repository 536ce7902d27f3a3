"""What the pages say is what the code does."""

import re
from pathlib import Path

import pytest
import typer.main
from typer.core import TyperGroup

from bot.cli.app import app
from core import settings
from core.ledger.states import Money, Receipt
from tests import sources

ROOT = sources.ROOT
PAGES = [path for path in sources.files() if path.suffix == ".md"]
DECISIONS = [path for path in PAGES if path.parent == Path("docs/decisions")]
READMES = ["README.md", "README.vi.md"]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
COMMAND_ROW = re.compile(r"^\| (`[a-z].*?) \|", re.MULTILINE)
PATH = re.compile(r"`((?:core|notifications|bot|tests|locales|programmes|docs)/[\w./-]+)`")


def read(name: str | Path) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_link_leads_somewhere(page: Path) -> None:
    links = [link for link in LINK.findall(read(page)) if "://" not in link]
    broken = [link for link in links if not (ROOT / page.parent / link).exists()]

    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    named = set(re.findall(r"CHITRA_[A-Z][A-Z_]*[A-Z]", read(page)))

    assert named - set(settings.names()) == set()


@pytest.mark.parametrize("page", ["docs/ARCHITECTURE.md", *READMES])
def test_every_path_that_is_named_exists(page: str) -> None:
    missing = [path for path in PATH.findall(read(page)) if not (ROOT / path).exists()]

    assert missing == []


def test_the_map_of_the_architecture_is_the_territory() -> None:
    chart = read("docs/ARCHITECTURE.md").split("```")[1]
    missing = []
    package = Path()
    for line in chart.splitlines():
        found = re.match(r"( *)([\w*]+[/\w.]*)", line)
        if found is None or found[2].startswith("*"):
            continue
        path = Path(found[2]) if not found[1] else package / found[2]
        package = path if not found[1] else package
        if not (ROOT / path).exists():
            missing.append(str(path))

    assert missing == []


def test_the_architecture_fits_in_one_reading() -> None:
    assert read("docs/ARCHITECTURE.md").count("\n") <= 150


@pytest.mark.parametrize("name", READMES)
def test_the_readme_lists_exactly_the_commands_there_are(name: str) -> None:
    root = typer.main.get_command(app)

    assert sorted(_listed(read(name), root)) == sorted(_commands(root))


@pytest.mark.parametrize("state", [*Money, *Receipt])
def test_the_glossary_knows_every_state(state: str) -> None:
    assert re.search(rf"^\| {state} \| .+ \|$", read("docs/glossary.md"), re.MULTILINE)


@pytest.mark.parametrize("page", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_says_why_and_what_follows(page: Path) -> None:
    text = read(page)

    assert re.fullmatch(r"\d{4}-[a-z0-9-]+", page.stem)
    assert text.startswith(f"# {page.stem[:4]} ")
    for part in ("Context", "Decision", "Consequences"):
        assert part in text


def test_no_two_decisions_have_one_number() -> None:
    numbers = [page.stem[:4] for page in DECISIONS]

    assert len(numbers) == len(set(numbers))


def _commands(command: object, path: str = "") -> list[str]:
    """`db upgrade` and the like: every command below this one."""
    if not isinstance(command, TyperGroup):
        return [path]
    return [
        found
        for name, child in command.commands.items()
        for found in _commands(child, f"{path} {name}".strip())
    ]


def _listed(text: str, root: object) -> list[str]:
    """The commands in the first column of the table: `cycle status|freeze YYYY-MM` is two."""
    assert isinstance(root, TyperGroup)
    table = text.split("\n## ")[3]
    found = []
    for row in COMMAND_ROW.findall(table):
        for span in re.findall(r"`([^`]+)`", row):
            words = span.replace("\\|", "|").split()
            if isinstance(root.commands.get(words[0]), TyperGroup):
                found += [f"{words[0]} {word}" for word in words[1].split("|")]
            else:
                found.append(words[0])
    return found

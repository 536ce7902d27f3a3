"""The catalogues as tests see them: every entry of every domain, and where code names a key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

ROOT: Final = Path(__file__).resolve().parents[1]
FOLDER: Final = ROOT / "locales"
LANGUAGES: Final = ("vi", "en")
_CODE: Final = ("core", "notifications", "bot", "programmes")
_SUFFIXES: Final = (".py", ".html", ".txt", ".js", ".toml", ".json")
# A key built from a stem: f"refusal.{code}", "refusal." + code, "refusal." ~ code.
_STEM: Final = re.compile(r"""["']([a-z][a-z0-9_]*\.[a-z0-9_.-]*?)(?:\{|["']\s*[+~])""")
_LITERAL: Final = re.compile(r"""["']([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+)["']""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence of a catalogue."""

    domain: str
    lang: str
    key: str
    words: str
    fuzzy: bool

    def __str__(self) -> str:
        return f"{self.lang}/{self.domain}.po {self.key}"


def domains(lang: str) -> set[str]:
    return {path.stem for path in (FOLDER / lang).glob("*.po")}


@cache
def catalogue(lang: str, domain: str) -> Catalog:
    with (FOLDER / lang / f"{domain}.po").open("rb") as file:
        return read_po(file, locale=lang, charset="utf-8", abort_invalid=True)


@cache
def entries(lang: str, domain: str) -> dict[str, Entry]:
    found = (m for m in catalogue(lang, domain) if m.id)
    return {str(m.id): _entry(lang, domain, m) for m in found}


def every_entry() -> Iterator[Entry]:
    for lang in LANGUAGES:
        for domain in sorted(domains(lang)):
            yield from entries(lang, domain).values()


@cache
def code() -> str:
    """All our code and templates in one text."""
    paths = sorted(path for folder in _CODE for path in (ROOT / folder).rglob("*"))
    return "\n".join(
        path.read_text(encoding="utf-8")
        for path in paths
        if path.suffix in _SUFFIXES and "vendor" not in path.parts
    )


@cache
def literals() -> frozenset[str]:
    return frozenset(_LITERAL.findall(code()))


@cache
def stems() -> tuple[str, ...]:
    return tuple(set(_STEM.findall(code())))


@cache
def questions() -> frozenset[str]:
    """Names of questions: beside each stand its options, why, help and short name."""
    names = ROOT / "core" / "conversation" / "question_names.txt"
    return frozenset(names.read_text(encoding="utf-8").splitlines())


def fault_keys() -> list[str]:
    """The key of every class that might be a fault."""
    return [
        "fault." + re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()
        for name in re.findall(r"^class (\w+)\(", code(), re.MULTILINE)
    ]


def _entry(lang: str, domain: str, message: Message) -> Entry:
    return Entry(domain, lang, str(message.id), str(message.string), message.fuzzy)

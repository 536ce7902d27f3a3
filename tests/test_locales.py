"""Both languages say everything, with the same values, and nothing that nobody says."""

import re
import unicodedata
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from dennis.linter import Linter

from bot.compose import DatabaseAway, DemoInProduction, UnknownProgramme
from core import wording
from core.calendar import BadCycle
from core.clock import BadInstant
from core.faults import Fault, fault_key, sentence
from core.keys import BadKeyFile, BadKeys, NoPlaceForKeys
from core.settings import BadSetting
from core.store.engine import GaveUp, UnknownDatabase
from core.store.sealing import CannotUnseal
from tests import catalogues
from tests.catalogues import FOLDER, LANGUAGES, Entry

DOMAINS = sorted(catalogues.domains("vi"))
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9][a-z0-9_-]*)+")
OPERATORS_FAULTS = (
    *(BadInstant, BadKeyFile, BadKeys, CannotUnseal, GaveUp, NoPlaceForKeys, UnknownDatabase),
    *(BadCycle, DatabaseAway, DemoInProduction, UnknownProgramme),
)
RESERVED = {"lang", "domain"}
INVISIBLE = re.compile("[\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def complaints(wrong: list[Entry]) -> str:
    return "\n".join(map(str, wrong))


def test_there_are_catalogues() -> None:
    assert DOMAINS


def test_both_languages_have_the_same_domains() -> None:
    assert catalogues.domains("vi") == catalogues.domains("en")


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_have_the_same_keys(domain: str) -> None:
    vi, en = (set(catalogues.entries(lang, domain)) for lang in LANGUAGES)

    assert vi - en == set()
    assert en - vi == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_both_languages_take_the_same_values(domain: str) -> None:
    different = [
        key
        for key in catalogues.entries("vi", domain)
        if wording.sentence(key, "vi", domain).names != wording.sentence(key, "en", domain).names
    ]

    assert different == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_independent_checker_finds_nothing(domain: str) -> None:
    """dennis compares the sentences as a translator's tool would: English in, Vietnamese out."""
    rules = ["E101", "E102", "E103", "E104", "E201", "W202", "W301", "W303"]
    pairs = Catalog(locale="vi")
    for key, entry in catalogues.entries("en", domain).items():
        pairs.add(entry.words, catalogues.entries("vi", domain)[key].words, context=key)
    file = BytesIO()
    write_po(file, pairs)

    found = Linter(["python-brace-format"], rules).verify_file(file.getvalue().decode())

    assert [(message.rule_num, message.msg) for message in found] == []


def test_nothing_is_fuzzy_or_untranslated() -> None:
    wrong = [e for e in catalogues.every_entry() if e.fuzzy or not e.words.strip()]

    assert complaints(wrong) == ""


def test_a_key_is_a_dotted_name() -> None:
    wrong = [e for e in catalogues.every_entry() if not KEY.fullmatch(e.key)]

    assert complaints(wrong) == ""


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("domain", DOMAINS)
def test_a_key_stands_once_and_nothing_is_left_commented_out(lang: str, domain: str) -> None:
    text = (FOLDER / lang / f"{domain}.po").read_text(encoding="utf-8")
    keys = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)

    assert sorted(keys) == sorted(set(keys))
    assert "#~" not in text


def test_no_value_has_a_name_that_wording_needs() -> None:
    wrong = [
        e
        for e in catalogues.every_entry()
        if wording.sentence(e.key, e.lang, e.domain).names & RESERVED
    ]

    assert complaints(wrong) == ""


def test_letters_are_composed_and_visible() -> None:
    wrong = [
        e
        for e in catalogues.every_entry()
        if unicodedata.normalize("NFC", e.words) != e.words or INVISIBLE.search(e.words)
    ]

    assert complaints(wrong) == ""


def test_nobody_old_is_called_ban() -> None:
    wrong = [
        e
        for e in catalogues.every_entry()
        if e.lang == "vi" and re.search(r"\bbạn\b", e.words, re.IGNORECASE)
    ]

    assert complaints(wrong) == ""


def test_every_sentence_is_said_somewhere() -> None:
    faults = set(catalogues.fault_keys())
    unused = [
        e
        for e in catalogues.every_entry()
        if e.lang == "vi"
        and e.key not in catalogues.literals()
        and e.key not in faults
        and e.key.rpartition(".")[0] not in catalogues.questions()
        and not e.key.startswith(catalogues.stems())
    ]

    assert complaints(unused) == ""


@pytest.mark.parametrize("kind", [*BadSetting.__subclasses__(), *OPERATORS_FAULTS])
def test_what_an_operator_can_mend_is_said_in_both_languages(kind: type[Fault]) -> None:
    english = wording.sentence(fault_key(kind), "en", "faults")

    assert _written(english) == sentence(kind, {})
    assert wording.has(fault_key(kind), "vi", "faults")


def _written(parsed: wording.Sentence) -> str:
    return "".join(words + (f"{{{name}}}" if name else "") for words, name in parsed.parts)

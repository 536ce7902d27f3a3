"""Whatever `ledger verify` may find has a sentence in both languages."""

import pytest

from core import wording
from core.ledger.findings import Wrong


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("wrong", list(Wrong))
def test_every_finding_is_said_in_words(wrong: Wrong, lang: str) -> None:
    assert wording.has(f"ledger.wrong.{wrong}", lang, "cli")

"""One message as parsers see it: what was typed, and the same in comparable words."""

from dataclasses import dataclass, field
from functools import lru_cache

from core.conversation.understanding.normalise import Text, normalise
from core.vietnamese import clean

_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Heard:
    """A message. `line` is what was typed, composed and without invisible characters."""

    raw: str = field(repr=False)
    line: str = field(repr=False)
    text: Text = field(repr=False)

    @property
    def folded(self) -> str:
        """The words in one line, without marks, short forms spelt out."""
        return self.text.folded


@lru_cache(maxsize=_KEPT)
def heard(raw: str) -> Heard:
    """The message, taken apart. Never fails, whatever the text."""
    return Heard(raw, clean(raw), normalise(raw))

"""What each channel can show: one table that rendering reads.

What does not live here: how text is brought to fit (`render.py`), and how it travels
(`gateways/`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What one channel can show and do.

    `max_buttons` 0: none at all. `label_limit`: letters on a button. `max_text`: letters in one
    message. `segments`: most SMS segments in one message, 0 where they are not counted. `lines`:
    sentences stand on lines of their own. `live`: the person is looking at it now. `can_receive`:
    an answer can come back.
    """

    channel: str
    max_buttons: int
    label_limit: int
    accents: bool
    max_text: int
    segments: int
    lines: bool
    live: bool
    can_receive: bool

    @property
    def buttons(self) -> bool:
        """Whether there are buttons at all."""
        return self.max_buttons > 0


_WEB: Final = Capabilities(
    channel="web",
    max_buttons=9,
    label_limit=80,
    accents=True,
    max_text=4000,
    segments=0,
    lines=True,
    live=True,
    can_receive=True,
)
# Source: Telegram Bot API, sendMessage (4096 letters) and InlineKeyboardButton.
_TELEGRAM: Final = Capabilities(
    channel="telegram",
    max_buttons=9,
    label_limit=60,
    accents=True,
    max_text=4000,
    segments=0,
    lines=True,
    live=True,
    can_receive=True,
)
# Source: GSM 03.38 and 03.40; three segments is what a reply may cost.
_SMS: Final = Capabilities(
    channel="sms",
    max_buttons=0,
    label_limit=0,
    accents=False,
    max_text=459,
    segments=3,
    lines=False,
    live=False,
    can_receive=True,
)
# Source: Zalo Official Account API, buttons of a text message.
_ZALO: Final = Capabilities(
    channel="zalo",
    max_buttons=5,
    label_limit=100,
    accents=True,
    max_text=2000,
    segments=0,
    lines=True,
    live=True,
    can_receive=True,
)

CAPABILITIES: Final[Mapping[str, Capabilities]] = MappingProxyType(
    {one.channel: one for one in (_WEB, _TELEGRAM, _SMS, _ZALO)}
)

"""What the first message would otherwise wait for, done before anybody writes.

Reading the trained words takes a tenth of a second, and the collector's walks over them another
tenth each time: thirty people who write in that moment all wait for it (measured: the slowest of a
hundred turns, bench/turns.py).
"""

import gc
from typing import Final

from core.conversation.understanding.decide import understand

# A sentence with an abbreviation and a slip of the finger, so that every table is read.
_SENTENCE: Final = "tien tr cấp thagn ni ve chua"
# Much is made in a turn and nearly all of it is gone at its end: walk less often.
_THRESHOLDS: Final = (20_000, 50, 100)


def warm_up() -> None:
    """Read the tables of understanding, and take what is here to stay out of the collector."""
    understand(_SENTENCE)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)

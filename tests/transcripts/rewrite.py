"""Write into each transcript what is answered now: `python -m tests.transcripts.rewrite`.

Whoever runs it reads every changed line as a citizen would, before it is committed.
"""

import tempfile
from pathlib import Path

from tests.transcripts.conftest import opened
from tests.transcripts.telling import FOLDER, told, transcripts, written
from tests.transcripts.town import found_town


def rewrite() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for transcript in transcripts():
            path = Path(folder) / f"{transcript.name}.db"
            parts, clock = opened(f"sqlite:///{path}", Path(folder))
            found_town(parts, clock)
            text = written(transcript, told(parts, transcript, "web"))
            (FOLDER / f"{transcript.name}.txt").write_text(text, encoding="utf-8")
            parts.close()


if __name__ == "__main__":
    rewrite()

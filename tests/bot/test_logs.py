import json
import logging
from collections.abc import Iterator

import pytest

from bot.logs import configure
from core.settings import LogLevel


@pytest.fixture(autouse=True)
def _own_handlers() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    yield
    root.handlers[:] = before
    root.setLevel(level)


def test_a_line_is_json_and_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogLevel.INFO)
    logging.getLogger("chitra.test").warning(
        "gọi 0912345678 cho thẻ 9704366612345678", extra={"action": "call", "phone": "0912345678"}
    )
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["logger"], line["action"]) == ("warning", "chitra.test", "call")
    assert "0912345678" not in json.dumps(line)
    assert "9704366612345678" not in json.dumps(line)


def test_a_traceback_passes_through_the_scrubber_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure(LogLevel.INFO)
    try:
        raise ValueError("0987654321")
    except ValueError:
        logging.getLogger("chitra.test").exception("hỏng")
    text = capsys.readouterr().err
    assert "ValueError" in text
    assert "0987654321" not in text

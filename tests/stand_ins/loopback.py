"""A small HTTP server on this machine that a stand-in answers from; it can cut a line."""

import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, slots=True)
class Asked:
    """One request. `form`: fields of body or query, in order."""

    method: str
    path: str
    query: dict[str, str]
    form: list[tuple[str, str]]
    headers: Mapping[str, str]

    def field(self, name: str) -> str | None:
        return dict(self.form).get(name)


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer; `cut`: the line is cut without a word of it."""

    status: int
    body: str
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


Answering = Callable[[Asked], Answered]


class Loopback:
    """Serves on 127.0.0.1 while it is open. `url` has no path."""

    def __init__(self, answering: Answering) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(answering))
        self._server.daemon_threads = True
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(answering: Answering) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer([])

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self._answer(parse_qsl(body.decode(), keep_blank_values=True))

        def _answer(self, form: list[tuple[str, str]]) -> None:
            parts = urlsplit(self.path)
            query = dict(parse_qsl(parts.query))
            asked = Asked(self.command, parts.path, query, form, dict(self.headers))
            answer = answering(asked)
            if answer.cut:
                self.close_connection = True
                return
            content = answer.body.encode()
            self.send_response(answer.status)
            for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with contextlib.suppress(BrokenPipeError):  # whoever asked did not wait
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing: what went wrong is in the test's own words."""

    return Handler

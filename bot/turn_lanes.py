"""One message of a contact at a time, in the order in which they arrived in this process.

Between processes the lock on the contact keeps two turns apart; here a message waits until the
one before it is durable, so that a fault cannot let the next one overtake.
"""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
Key = tuple[str, str]
_Start = Callable[[], "Future[T]"]

THREADS: Final = 4


class Lanes:
    """A lane for each contact that has a message at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lanes: dict[Key, deque[Callable[[], None]]] = {}
        # What follows a commit may not run in the thread that made it: that one writes.
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="turns")

    def put(self, key: Key, start: "_Start[T]") -> "Future[T]":
        """The future of what `start` begins, once nothing before it is at work in this lane."""
        outer: Future[T] = Future()

        def run() -> None:
            self._run(key, start, outer)

        with self._lock:
            lane = self._lanes.get(key)
            if lane is not None:
                lane.append(run)
                return outer
            self._lanes[key] = deque()
        run()
        return outer

    def after(self, first: "Future[T]", mend: Callable[[BaseException], T]) -> "Future[T]":
        """The future of `first`, or of `mend` run in a thread of its own if `first` failed."""
        outer: Future[T] = Future()

        def done(future: "Future[T]") -> None:
            error = future.exception()
            if error is None:
                outer.set_result(future.result())
            else:
                self._threads.submit(_fulfil, outer, lambda: mend(error))

        first.add_done_callback(done)
        return outer

    def _run(self, key: Key, start: "_Start[T]", outer: "Future[T]") -> None:
        try:
            inner = start()
        except BaseException as error:  # noqa: BLE001  told to whoever waits
            self._next(key)
            outer.set_exception(error)
            return
        inner.add_done_callback(lambda future: self._settle(key, future, outer))

    def _settle(self, key: Key, inner: "Future[T]", outer: "Future[T]") -> None:
        self._next(key)
        _copy(inner, outer)

    def _next(self, key: Key) -> None:
        with self._lock:
            lane = self._lanes[key]
            if not lane:
                del self._lanes[key]
                return
            run = lane.popleft()
        self._threads.submit(run)


def _fulfil(outer: "Future[T]", work: Callable[[], T]) -> None:
    try:
        outer.set_result(work())
    except BaseException as error:  # noqa: BLE001  told to whoever waits
        outer.set_exception(error)


def _copy(inner: "Future[T]", outer: "Future[T]") -> None:
    error = inner.exception()
    if error is None:
        outer.set_result(inner.result())
    else:
        outer.set_exception(error)

"""The one thread that writes to SQLite in a process, and the queue before it.

What does not live here: how a group of jobs becomes a transaction (`core/store/engine.py`).
"""

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from core.faults import Fault
from core.store.commit_points import CommitPoint

T = TypeVar("T")

GROUP: Final = 64


class WaitsForItself(Fault):
    """A transaction was asked for inside a transaction: it would wait for itself."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The outcome of a job that raised: nothing that it wrote is kept."""

    error: BaseException


@dataclass(slots=True)
class Job(Generic[T]):
    """One transaction that waits to be run."""

    work: Callable[[Any], T]
    point: CommitPoint
    future: "Future[T]" = field(default_factory=Future)

    def settle(self, outcome: Any) -> None:
        """Tell whoever waits: called only after the COMMIT has returned."""
        if isinstance(outcome, Failed):
            self.future.set_exception(outcome.error)
        else:
            self.future.set_result(outcome)

    def fail(self, error: BaseException) -> None:
        """Tell whoever waits that nothing was written."""
        self.future.set_exception(error)


class Writer:
    """A thread that takes what waits, up to `GROUP` jobs, and runs it as one group."""

    def __init__(self, run_group: Callable[[list[Job[Any]]], None]) -> None:
        self._run_group = run_group
        self._waiting: queue.SimpleQueue[Job[Any] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._loop, name="store-writer", daemon=True)
        self._thread.start()

    def put(self, job: Job[T]) -> "Future[T]":
        """The future of `job`.

        Raises: WaitsForItself, when called from inside a transaction.
        """
        if threading.current_thread() is self._thread:
            raise WaitsForItself
        self._waiting.put(job)
        return job.future

    def stop(self) -> None:
        """Run what waits, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _loop(self) -> None:
        while True:
            jobs, last = self._take()
            if jobs:
                self._run(jobs)
            if last:
                return

    def _run(self, jobs: list[Job[Any]]) -> None:
        try:
            self._run_group(jobs)
        except BaseException as error:  # noqa: BLE001  the thread must outlive any one group
            for job in jobs:
                if not job.future.done():
                    job.fail(error)

    def _take(self) -> tuple[list[Job[Any]], bool]:
        first = self._waiting.get()
        if first is None:
            return [], True
        jobs = [first]
        while len(jobs) < GROUP and not self._waiting.empty():
            job = self._waiting.get()
            if job is None:
                return jobs, True
            jobs.append(job)
        return jobs, False

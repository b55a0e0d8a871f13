"""The worker: signs what the web process may not, renews status lists, sends mails.

The database row, not the queue, is the truth about what remains to be done: a task only says "look now", and
once a minute everything left behind is found again. A lock file tells whether a folder has a worker.
"""

import fcntl
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import structlog
from huey import SqliteHuey, crontab

from app.audit_anchor import write_anchor
from app.database import make_private, refresh_statistics
from app.queue_messages import JsonSerializer
from issuer import Issuer, IssuerError
from issuer.audit.verify import anchors_now
from issuer.batching.forgetting import forget_lines
from issuer.outbox import Send

QUEUE_FILE = "queue.db"
LOCK_FILE = "worker.lock"
LOOK_BETWEEN = 10.0  # seconds
_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Queue:
    """The queue of a data folder and its tasks; calling a task enters it.

    The web process and the commands make one without `issuer` and can only enter tasks.
    """

    huey: SqliteHuey
    issue_batch: Callable[[str], Any]
    sign_status_lists: Callable[[], Any]
    deliver_mail: Callable[[], Any]
    look_around: Callable[[], Any]


class _Work:
    """What the tasks do, where there is an issuing office with keys."""

    def __init__(
        self,
        data_dir: Path,
        issuer: Issuer | None,
        send: Send | None,
        stopping: Callable[[], bool],
        pause: float,
    ) -> None:
        self._data_dir = data_dir
        self._issuer = issuer
        self._send = send
        self._stopping = stopping
        self._pause = pause
        self._looked = time.monotonic()

    def issue_batch(self, batch_id: str) -> None:
        self._guarded(
            "issue_batch",
            lambda issuer: issuer.issue_batch(
                batch_id, progress=self._in_between, should_stop=self._stopping
            ),
        )
        self.deliver_mail()

    def _in_between(self, _done: int, _total: int) -> None:
        """Let revocations become public and mails go out while thousands are signed (THREATS, S1)."""
        if time.monotonic() - self._looked >= self._pause:
            self.sign_status_lists()
            self.deliver_mail()
            self._looked = time.monotonic()

    def sign_status_lists(self) -> None:
        self._guarded("sign_status_lists", lambda issuer: issuer.sign_status_lists())

    def deliver_mail(self) -> None:
        send = self._send
        if send is not None:
            self._guarded("deliver_mail", lambda issuer: issuer.deliver(send))

    def look_around(self) -> None:
        """Find keys, batches, lists and mails that are owed; forget what is over; note the audit's end."""
        self._guarded("create_missing_keys", lambda issuer: issuer.create_missing_keys())
        self._guarded("resume", self._resume)
        self._guarded("sign_statements", lambda issuer: issuer.sign_statements())
        self.sign_status_lists()
        self.deliver_mail()
        self._guarded("forget_lines", lambda issuer: forget_lines(issuer.deployment))
        self._guarded("anchor_audit", self._anchor_audit)

    def _resume(self, issuer: Issuer) -> None:
        issuer.resume(progress=self._in_between, should_stop=self._stopping)

    def keep_statistics(self) -> None:
        """Tell the database once an hour how its rows are spread, so that it finds the short way to them."""
        self._guarded("keep_statistics", lambda issuer: refresh_statistics(issuer.deployment.engine))

    def _anchor_audit(self, issuer: Issuer) -> None:
        write_anchor(self._data_dir, anchors_now(issuer.deployment))

    def _guarded(self, name: str, act: Callable[[Issuer], object]) -> None:
        """Do one thing; what our own rules refuse is logged, and the next minute tries again."""
        if self._issuer is None:
            raise IssuerError("no_keys", "This process only enters tasks; the worker does them.")
        try:
            act(self._issuer)
        except IssuerError as refused:
            _log.warning("task_refused", task=name, code=refused.code)  # a sentence may name somebody


def make_queue(
    data_dir: Path,
    *,
    issuer: Issuer | None = None,
    send: Send | None = None,
    stopping: Callable[[], bool] = lambda: False,
    pause: float = LOOK_BETWEEN,
) -> Queue:
    """Open the queue of a data folder; with `issuer` its tasks can be done here, with `send` mails go out.

    While a batch is issued, lists are signed and mails sent every `pause` seconds.
    """
    make_private(data_dir / QUEUE_FILE)
    huey = SqliteHuey(
        "testamur",
        filename=str(data_dir / QUEUE_FILE),
        results=False,
        fsync=True,
        serializer=JsonSerializer(),
    )
    work = _Work(data_dir, issuer, send, stopping, pause)

    def issue_batch(batch_id: str) -> None:
        work.issue_batch(batch_id)

    def sign_status_lists() -> None:
        work.sign_status_lists()

    def deliver_mail() -> None:
        work.deliver_mail()

    def look_around() -> None:
        work.look_around()

    def every_minute() -> None:
        work.look_around()

    def every_hour() -> None:
        work.keep_statistics()

    huey.periodic_task(crontab(minute="*"))(every_minute)
    huey.periodic_task(crontab(minute="17"))(every_hour)
    return Queue(
        huey=huey,
        issue_batch=huey.task()(issue_batch),
        sign_status_lists=huey.task()(sign_status_lists),
        deliver_mail=huey.task()(deliver_mail),
        look_around=huey.task()(look_around),
    )


def run_worker(
    *,
    data_dir: Path,
    issuer: Issuer,
    send: Send | None = None,
    stop: threading.Event | None = None,
    beside: AbstractContextManager[None] | None = None,
) -> None:
    """Work until SIGTERM or SIGINT, or until `stop` is set; a running batch ends after its present rows.

    `beside` is entered for as long as this is the worker. Raises IssuerError if another worker has this data
    folder.
    """
    stop = stop or threading.Event()
    with worker_lock(data_dir), _signals_set(stop), beside or nullcontext():
        queue = make_queue(data_dir, issuer=issuer, send=send, stopping=stop.is_set)
        queue.look_around()  # at once, and then each minute
        consumer = queue.huey.create_consumer(workers=1, periodic=True, initial_delay=0.05, max_delay=0.5)
        consumer._set_signal_handlers = lambda: None  # ours are set, and not only in the main thread
        consumer.start()
        try:
            while not stop.wait(1.0):
                pass
        finally:
            consumer.stop(graceful=True)


def work_off(queue: Queue, until: Callable[[], bool] = lambda: False) -> int:
    """Do entered tasks in this process until none is left or `until` says so; give how many were done."""
    done = 0
    while not until():
        task = queue.huey.dequeue()
        if task is None:
            break
        queue.huey.execute(task)
        done += 1
    return done


@contextmanager
def worker_lock(data_dir: Path) -> Iterator[None]:
    """Be the one worker of a data folder; raises IssuerError if there is another."""
    with (data_dir / LOCK_FILE).open("a") as file:
        tries = 5
        while not _locked(file.fileno()):
            tries -= 1
            if not tries:
                raise IssuerError("worker_running", f"Another worker is at work in {data_dir}.")
            time.sleep(0.1)  # it may have been somebody who only asked, see worker_alive
        yield


def worker_alive(data_dir: Path) -> bool:
    """Say whether some process is the worker of this data folder."""
    with (data_dir / LOCK_FILE).open("a") as file:
        return not _locked(file.fileno())


def _locked(descriptor: int) -> bool:
    """Take the lock; the kernel gives it back when the file closes or the process dies, however it dies."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _signals_set(stop: threading.Event) -> Iterator[None]:
    """Turn SIGTERM and SIGINT into a wish to stop; only the main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def wish(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, wish) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

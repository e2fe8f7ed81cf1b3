"""Jobs: work that outlives a request, in a process of its own, so that the live room keeps its memory and its GIL.

    settings.JOBS["letters.print"] = "campaigns.letters.print_all"      # name → function
    job = enqueue("letters.print", request.user, {"campaign": 7})       # starts after the commit
    progress(job)                                                       # {"state", "share", "text", "message"}

The function gets `(job, report)`, calls `report(share, text)` as often as it likes (share from 0 to 1) and
returns a JSON-able dict, kept as `job.result`. It must be idempotent: a job whose process died is marked
failed and may be started again by `restart`. It raises `Refused("…")` for what its owner should read;
any other exception is logged and told in general words.

Progress is a small file in `DATA/jobs/`: on SQLite a job that writes in a long transaction holds the only
write lock, and could not tell a table how far it is. The same file is the heartbeat of its process.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from common.models import Job

__all__ = ["Job", "Refused", "Report", "enqueue", "progress", "restart", "run", "sweep"]
logger = logging.getLogger(__name__)
BEAT_SECONDS = 5.0
DEAD_SECONDS = 60.0
KEPT = dt.timedelta(days=30)
Report = Callable[[float, str], None]


class Refused(Exception):
    """The job cannot be done, and this sentence says to its owner why and what to do."""


def enqueue(kind: str, owner: Any, payload: Mapping[str, Any]) -> Job:
    """A job that starts when the transaction around this call has committed. `owner`: a user or None."""
    if kind not in settings.JOBS:
        raise LookupError(f"settings.JOBS knows no {kind}")
    job = Job.objects.create(kind=kind, owner_id=getattr(owner, "pk", None), payload=dict(payload))
    if settings.JOBS_INLINE:
        run(job.pk)
        job.refresh_from_db()
    else:
        transaction.on_commit(lambda: launch(job.pk))
    return job


def restart(job: Job) -> bool:
    """Start a failed job once more; False when it is not a failed one (a second click)."""
    again = Job.objects.filter(pk=job.pk, state=Job.State.FAILED)
    if not again.update(state=Job.State.QUEUED, message="", created_at=timezone.now()):
        return False
    if settings.JOBS_INLINE:
        run(job.pk)
    else:
        transaction.on_commit(lambda: launch(job.pk))
    return True


def launch(pk: int) -> None:
    """A process of its own for the job, which survives the request and this server."""
    with (folder() / f"{pk}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, str(settings.ROOT / "manage.py"), "run_job", str(pk)],
            env={**os.environ, "SHIWUFANG_NO_VENV": "1", "SHIWUFANG_DATA": str(settings.DATA)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    # Somebody must take notice of its end, or the system keeps a dead entry of it.
    threading.Thread(target=process.wait, name=f"job-{pk}", daemon=True).start()


def run(pk: int) -> Job | None:
    """Do one queued job here and now. None: it is not queued, or as many as allowed are running."""
    fail_the_dead()
    with transaction.atomic():
        if Job.objects.filter(state=Job.State.RUNNING).count() >= settings.JOBS_AT_ONCE:
            return None
        if not Job.objects.filter(pk=pk, state=Job.State.QUEUED).update(
            state=Job.State.RUNNING, started_at=timezone.now()
        ):
            return None
    job = Job.objects.get(pk=pk)
    with Heart(pk) as heart:
        try:
            result, message, state = import_string(settings.JOBS[job.kind])(job, heart.report), "", Job.State.DONE
        except Refused as refused:
            result, message, state = {}, str(refused), Job.State.FAILED
        except Exception:
            logger.exception("job %s (%s) failed", job.pk, job.kind)
            message = _("出了意外，没有完成。可以再试一次；还不行，请把任务号 %(pk)s 告诉管理员。")
            result, message, state = {}, message % {"pk": pk}, Job.State.FAILED
    job.result, job.message, job.state, job.finished_at = result or {}, message[:500], state, timezone.now()
    job.save(update_fields=["result", "message", "state", "finished_at"])
    return job


def next_queued() -> int | None:
    """The job that has waited longest."""
    return Job.objects.filter(state=Job.State.QUEUED).order_by("pk").values_list("pk", flat=True).first()


def progress(job: Job) -> dict[str, Any]:
    """How far a job is: state, share (0 to 1), text, message. Finds out that its process died."""
    if job.state == Job.State.RUNNING and is_dead(job):
        fail_the_dead()
        job.refresh_from_db()
    told: dict[str, Any] = {"share": 0.0, "text": ""}
    if job.state == Job.State.RUNNING:
        with suppress(OSError, ValueError):
            told.update(json.loads(_file(job.pk).read_text("utf-8")))
    elif job.state == Job.State.DONE:
        told["share"] = 1.0
    return {**told, "state": job.state, "label": str(Job.State(job.state).label), "message": job.message}


def is_dead(job: Job) -> bool:
    """Whether the process of a running job has shown no sign of life for a minute."""
    try:
        last = _file(job.pk).stat().st_mtime
    except OSError:
        last = job.started_at.timestamp() if job.started_at else 0.0
    return time.time() - last > DEAD_SECONDS


def fail_the_dead() -> int:
    """Mark running jobs as failed whose process died: a power cut, a restart, memory. Returns how many."""
    dead = [job.pk for job in Job.objects.filter(state=Job.State.RUNNING) if is_dead(job)]
    message = _("任务中途停下了（可能是服务重启，或文件太大内存不够）。可以再试一次。")
    return Job.objects.filter(pk__in=dead, state=Job.State.RUNNING).update(
        state=Job.State.FAILED, message=message, finished_at=timezone.now()
    )


def sweep(now: dt.datetime) -> tuple[int, int, int]:
    """Housekeeping: (jobs found dead, queued jobs started, old jobs deleted)."""
    dead = fail_the_dead()
    # A queued job whose process never came: the server stopped in between.
    waiting = Job.objects.filter(state=Job.State.QUEUED, created_at__lt=now - dt.timedelta(seconds=30))
    started = 0
    if waiting.exists() and Job.objects.filter(state=Job.State.RUNNING).count() < settings.JOBS_AT_ONCE:
        first = next_queued()
        if first is not None:
            launch(first)
            started = 1
    old = Job.objects.filter(created_at__lt=now - KEPT).exclude(state=Job.State.RUNNING)
    gone = list(old.values_list("pk", flat=True))
    for pk in gone:
        _file(pk).unlink(missing_ok=True)
        (folder() / f"{pk}.log").unlink(missing_ok=True)
    old.filter(pk__in=gone).delete()
    return dead, started, len(gone)


def folder() -> Path:
    path = Path(settings.DATA) / "jobs"
    path.mkdir(exist_ok=True)
    return path


def _file(pk: int) -> Path:
    return folder() / f"{pk}.json"


class Heart:
    """Keeps the progress file of a running job, and touches it while the job lives."""

    def __init__(self, pk: int) -> None:
        self.path = _file(pk)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._beat, name=f"heart-{pk}", daemon=True)
        self.told = 0.0

    def __enter__(self) -> Heart:
        self._write(0.0, "")
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopped.set()
        self.thread.join()
        self.path.unlink(missing_ok=True)

    def report(self, share: float, text: str) -> None:
        """At most four times a second reaches the disk."""
        if time.monotonic() - self.told >= 0.25:
            self.told = time.monotonic()
            self._write(share, text)

    def _write(self, share: float, text: str) -> None:
        part = self.path.with_suffix(".part")
        with suppress(OSError):  # a reader on Windows may hold it open; the next report comes
            part.write_text(json.dumps({"share": round(share, 3), "text": text}, ensure_ascii=False), "utf-8")
            part.replace(self.path)

    def _beat(self) -> None:
        while not self.stopped.wait(BEAT_SECONDS):
            with suppress(OSError):
                os.utime(self.path)

"""Jobs: done once, told to their owner, found dead, started again, and forgotten in the end."""

from __future__ import annotations

import datetime as dt
import os
import time
from typing import Any

import pytest
from django.utils import timezone

from common import jobs
from common.jobs import Job

pytestmark = pytest.mark.django_db
CALLS: list[Any] = []


def add(job: Job, report: jobs.Report) -> dict[str, Any]:
    report(0.5, "加到一半")
    CALLS.append(jobs.progress(job)["text"])
    return {"sum": sum(job.payload["numbers"])}


def refuse(job: Job, report: jobs.Report) -> dict[str, Any]:
    raise jobs.Refused("文件里没有名单，请换一个。")


def break_down(job: Job, report: jobs.Report) -> dict[str, Any]:
    raise ZeroDivisionError("秘密的细节")


@pytest.fixture(autouse=True)
def known_jobs(settings: Any) -> None:
    CALLS.clear()
    settings.JOBS = {name: f"{__name__}.{name}" for name in ("add", "refuse", "break_down")}
    settings.JOBS_INLINE = True


def test_a_job_is_done_and_its_result_kept() -> None:
    job = jobs.enqueue("add", None, {"numbers": [1, 2, 3]})
    assert (job.state, job.result) == ("done", {"sum": 6})
    assert jobs.progress(job)["share"] == 1.0


def test_while_it_runs_it_tells_how_far_it_is_without_the_database(django_assert_num_queries: Any) -> None:
    job = Job.objects.create(kind="add", state="running", started_at=timezone.now())
    with jobs.Heart(job.pk) as heart:
        heart.report(0.4, "正在写入")
        with django_assert_num_queries(0):
            told = jobs.progress(job)
    assert (told["share"], told["text"], told["state"]) == (0.4, "正在写入", "running")


def test_an_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(LookupError):
        jobs.enqueue("nonsense", None, {})


def test_the_owner_reads_why_it_was_refused_but_no_inner_detail_of_a_failure() -> None:
    assert jobs.enqueue("refuse", None, {}).message == "文件里没有名单，请换一个。"
    failed = jobs.enqueue("break_down", None, {})
    assert failed.state == "failed"
    assert "秘密" not in failed.message and str(failed.pk) in failed.message


def test_a_job_is_done_once_however_often_it_is_run() -> None:
    job = jobs.enqueue("add", None, {"numbers": [1]})
    assert jobs.run(job.pk) is None
    assert len(CALLS) == 1


def test_no_more_jobs_run_at_once_than_the_machine_can_bear(settings: Any) -> None:
    settings.JOBS_AT_ONCE = 1
    Job.objects.create(kind="add", state="running", started_at=timezone.now())
    waiting = jobs.enqueue("add", None, {"numbers": [1]})
    assert waiting.state == "queued"
    assert jobs.next_queued() == waiting.pk


def test_a_job_without_a_sign_of_life_is_failed_and_can_be_started_again() -> None:
    job = Job.objects.create(
        kind="add", state="running", payload={"numbers": [4]}, started_at=timezone.now() - dt.timedelta(minutes=5)
    )
    assert jobs.progress(job)["state"] == "failed"
    assert "再试一次" in job.message
    assert jobs.restart(job) is True
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"sum": 4})
    assert jobs.restart(job) is False


def test_a_job_whose_heart_beats_is_left_alone() -> None:
    job = Job.objects.create(kind="add", state="running", started_at=timezone.now() - dt.timedelta(minutes=5))
    with jobs.Heart(job.pk) as heart:
        assert jobs.fail_the_dead() == 0
        os.utime(heart.path, (time.time() - 120, time.time() - 120))
        assert jobs.fail_the_dead() == 1


def test_old_jobs_are_swept_and_young_ones_kept() -> None:
    now = timezone.now()
    Job.objects.create(kind="add", state="done", created_at=now - dt.timedelta(days=31))
    young = Job.objects.create(kind="add", state="done", created_at=now - dt.timedelta(days=29))
    assert jobs.sweep(now) == (0, 0, 1)
    assert list(Job.objects.all()) == [young]

"""Many who record at the same moment: no gap, no double number, whatever fails between."""

from __future__ import annotations

import threading

import pytest
from django.db import connections, transaction

from people.audit.models import AuditEntry, AuditHead
from people.audit.services import Entry, record, record_many
from people.audit.verify import verify

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
WRITERS, EACH = 4, 15


def test_threads_that_write_at_once_leave_one_whole_chain():
    before = AuditHead.objects.filter(pk=1).values_list("number", flat=True).first() or 0
    ready = threading.Barrier(WRITERS)
    problems: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            ready.wait(timeout=30)
            for number in range(EACH):
                try:
                    with transaction.atomic():
                        record("people.edit", target=("user", writer))
                        if number % 5 == 4:
                            raise InterruptedError  # what is rolled back takes no number
                except InterruptedError:
                    record_many([Entry("people.leave", ("user", writer))])
        except BaseException as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert problems == []
    numbers = list(AuditEntry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, before + WRITERS * EACH + 1))
    assert verify().fault == ""

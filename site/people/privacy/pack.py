"""The audit pack for the yearly compliance audit (未成年人网络保护条例 art. 37): one zip, no personal data."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from people.audit.models import AuditCheck
from people.audit.verify import verify
from people.audit.words import FAULTS
from people.privacy.export import zipped
from people.privacy.models import Deletion, Erasure
from people.privacy.pages import map_context
from people.privacy.tables import installed


def pack() -> bytes:
    """Data map, timers, deletion log, counts, and the audit log's chain, walked up to now."""
    check = verify(only_new=True)  # a whole walk is due once a month; a request must not wait for it
    whole = AuditCheck.objects.filter(whole=True).first()
    chain = {
        "核对到": check.number,
        "校验值": f"{check.number}:{check.hash}",
        "结果": FAULTS[check.fault] if check.fault else "连续，没有被改动",
        "出错的序号": check.fault_number,
        "核对时间": _iso(check.at),
        "最近一次从头核对": _iso(whole.at) if whole else "",
    }
    facts = {
        "生成时间": _iso(timezone.now()),
        "本站": settings.WAGTAIL_SITE_NAME,
        "地址": settings.PUBLIC_URL,
        "个人信息联系人": settings.PRIVACY_CONTACT,
        "保留天数": settings.PRIVACY_DAYS,
        "操作记录": chain,
        "条数": counts(),
        "删除申请": erasures(),
    }
    return zipped(
        {
            "说明.txt": README,
            "数据清单.html": render_to_string("privacy/map_file.html", {**map_context(), "at": timezone.localtime()}),
            "删除记录.csv": deletion_log(),
            "设置与核对.json": json.dumps(facts, ensure_ascii=False, indent=1, default=str),
        }
    )


README = """合规审计包

数据清单.html    收集了哪些数据，为什么，保留多久，谁能看到，怎样删除
删除记录.csv     每次到期清理和按申请删除的条数，可以用 Excel 打开
设置与核对.json  保留天数、各类数据的条数、删除申请的件数、操作记录的核对结果

“校验值”请抄下来另外保存。以后用 manage.py audit_verify --anchor 校验值，可以证明此前的操作记录没有被改写。
包里没有任何人的姓名和电话。
"""


def counts() -> dict[str, int]:
    """Rows of every table of the map."""
    return {table.model: model._default_manager.count() for _holding, table, model in installed()}


def erasures() -> dict[str, int]:
    asked = Erasure.objects
    return {
        "申请": asked.count(),
        "撤回": asked.exclude(withdrawn_at=None).count(),
        "完成": asked.exclude(done_at=None).count(),
    }


def deletion_log() -> str:
    """CSV with a byte order mark: Excel then reads it as UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow([_("时间"), _("数据"), _("数据表"), _("原因"), _("条数"), _("其中最早的")])
    for line in Deletion.objects.order_by("pk").iterator():
        oldest = _iso(line.oldest) if line.oldest else ""
        writer.writerow([_iso(line.at), line.holding, line.model, line.get_cause_display(), line.count, oldest])
    return out.getvalue()


def _iso(at: Any) -> str:
    return timezone.localtime(at).isoformat(sep=" ", timespec="seconds")

"""Questions get immutable versions; what stood in the row and its options becomes version 1."""

import hashlib
import json

from django.db import migrations


def to_versions(apps, schema_editor):
    question_model = apps.get_model("bank", "Question")
    version_model = apps.get_model("bank", "QuestionVersion")
    for question in question_model.objects.all():
        options = []
        for option in apps.get_model("bank", "QuestionOption").objects.filter(question=question).order_by("sort_order"):
            data = {"text": option.text}
            if option.right:
                data["right"] = True
            if option.misconception:
                data["misconception"] = option.misconception
            options.append(data)
        content = {"kind": question.kind, "stem": question.stem, "options": options}
        content |= {"explanation": question.explanation, "source": question.source_mark}
        text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        version = version_model.objects.create(
            question=question, number=1, content=content, content_hash=hashlib.sha256(text.encode()).hexdigest()
        )
        question.latest_version = version
        if question.live:
            question.live_version = version
        question.state = "published" if question.live else "draft"
        question.to_check = "G" in question.source_mark.split("、")
        question.save()


def forget_wagtail_drafts(apps, schema_editor):
    """Drafts and reviews of the old form cannot be opened any more."""
    types = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="bank", model="question")
    ids = [each.pk for each in types]
    apps.get_model("wagtailcore", "WorkflowState").objects.filter(base_content_type_id__in=ids).delete()
    apps.get_model("wagtailcore", "Revision").objects.filter(base_content_type_id__in=ids).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("bank", "0002_versions"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [
        migrations.RunPython(to_versions, migrations.RunPython.noop),
        migrations.RunPython(forget_wagtail_drafts, migrations.RunPython.noop),
    ]

"""What 0003 carried over into versions is no longer kept twice."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("bank", "0003_first_versions")]
    operations = [
        migrations.RemoveField(
            model_name="question",
            name="expire_at",
        ),
        migrations.RemoveField(
            model_name="question",
            name="expired",
        ),
        migrations.RemoveField(
            model_name="question",
            name="explanation",
        ),
        migrations.RemoveField(
            model_name="question",
            name="first_published_at",
        ),
        migrations.RemoveField(
            model_name="question",
            name="go_live_at",
        ),
        migrations.RemoveField(
            model_name="question",
            name="has_unpublished_changes",
        ),
        migrations.RemoveField(
            model_name="question",
            name="last_published_at",
        ),
        migrations.RemoveField(
            model_name="question",
            name="latest_revision",
        ),
        migrations.RemoveField(
            model_name="question",
            name="live_revision",
        ),
        migrations.RemoveField(
            model_name="question",
            name="source_mark",
        ),
        migrations.DeleteModel(
            name="QuestionOption",
        ),
    ]

"""The tables of the question bank: questions and their options."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import quizzes.bank.fields
import wagtail.models.preview
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="has unpublished changes"
                    ),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(
                        blank=True, db_index=True, null=True, verbose_name="first published at"
                    ),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="last published at"
                    ),
                ),
                (
                    "go_live_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="go live date/time"),
                ),
                (
                    "expire_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time"),
                ),
                (
                    "expired",
                    models.BooleanField(default=False, editable=False, verbose_name="expired"),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="写成 q 加数字，例如 q201。课件和答题记录靠编号找到题目，定了就不要再改。",
                        max_length=8,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^q\\d{3,6}$", "编号写成 q 加数字，例如 q201。"
                            )
                        ],
                        verbose_name="编号",
                    ),
                ),
                (
                    "topic_slug",
                    models.SlugField(
                        help_text="主题的英文短名，与课程页一致，例如 drowning。",
                        max_length=30,
                        verbose_name="主题",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("single", "单选题"), ("multiple", "多选题"), ("judge", "判断题")],
                        max_length=10,
                        verbose_name="题型",
                    ),
                ),
                (
                    "stem",
                    models.CharField(
                        help_text="最多 80 字。后排要看得清，一句话问一件事。",
                        max_length=80,
                        verbose_name="题干",
                    ),
                ),
                (
                    "explanation",
                    models.CharField(
                        help_text="最多 120 字。先说该怎么做，再说为什么。",
                        max_length=120,
                        verbose_name="解析",
                    ),
                ),
                (
                    "source_mark",
                    models.CharField(
                        help_text="与课程来源表一致，例如 V61；常识写 G，发布前请核对。",
                        max_length=16,
                        verbose_name="来源标记",
                    ),
                ),
                (
                    "bands",
                    quizzes.bank.fields.BandsField(
                        help_text="勾选能看懂、用得上这道题的人。",
                        max_length=40,
                        verbose_name="适用对象",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="建立时间")),
                ("updated_at", models.DateTimeField(auto_now=True, verbose_name="修改时间")),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "题目",
                "verbose_name_plural": "题目",
                "ordering": ["code"],
            },
            bases=(
                wagtail.models.preview.PreviewableMixin,
                modelsearch.index.Indexed,
                models.Model,
            ),
        ),
        migrations.CreateModel(
            name="QuestionOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sort_order", models.IntegerField(blank=True, editable=False, null=True)),
                (
                    "text",
                    models.CharField(
                        help_text="最多 40 字，24 字以内后排看得最清。",
                        max_length=40,
                        verbose_name="文字",
                    ),
                ),
                ("right", models.BooleanField(default=False, verbose_name="正确")),
                (
                    "misconception",
                    models.CharField(
                        blank=True,
                        help_text="选了它的人多半是怎么想的？最多 24 字；正确选项不用写。",
                        max_length=24,
                        verbose_name="误区",
                    ),
                ),
                (
                    "question",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="options",
                        to="bank.question",
                    ),
                ),
            ],
            options={
                "verbose_name": "选项",
                "verbose_name_plural": "选项",
                "ordering": ["sort_order"],
                "abstract": False,
            },
        ),
    ]

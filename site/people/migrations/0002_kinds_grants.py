"""Kinds become data, roles become grants; what 0.1 knew is kept."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KINDS = [("bureau", "教育局", 10, True), ("district", "学区", 20, True), ("school", "学校", 30, True),
         ("grade", "年级", 40, False), ("class", "班级", 50, False)]


def seed_kinds(apps, schema_editor):
    kind = apps.get_model("people", "OrganisationKind")
    for slug, name, rank, has_staff in KINDS:
        kind.objects.update_or_create(slug=slug, defaults={"name": name, "rank": rank, "has_staff": has_staff})


def grants_from_memberships(apps, schema_editor):
    grant = apps.get_model("people", "Grant")
    for old in apps.get_model("people", "Membership").objects.all():
        role = "editor" if old.role == "school_editor" else old.role
        grant.objects.create(user_id=old.user_id, organisation_id=old.organisation_id, role=role)


def whole_names(apps, schema_editor):
    for user in apps.get_model("people", "User").objects.exclude(last_name=""):
        user.first_name, user.last_name = f"{user.last_name}{user.first_name}"[:60], ""
        user.save(update_fields=["first_name", "last_name"])


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="OrganisationKind",
            fields=[
                ("slug", models.SlugField(max_length=20, primary_key=True, serialize=False, verbose_name="英文短名")),
                ("name", models.CharField(max_length=20, unique=True, verbose_name="名称")),
                ("rank", models.PositiveSmallIntegerField(help_text="数字小的在上面；上级的数字要小于下级。", verbose_name="层级")),
                ("has_staff", models.BooleanField(default=True, verbose_name="有教职工")),
            ],
            options={"verbose_name": "单位类型", "verbose_name_plural": "单位类型", "ordering": ["rank", "slug"]},
        ),
        migrations.RunPython(seed_kinds, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="organisation",
            name="kind",
            field=models.ForeignKey(
                db_column="kind", on_delete=django.db.models.deletion.PROTECT, related_name="organisations",
                to="people.organisationkind", verbose_name="类型",
            ),
        ),
        # Not a rename: PostgreSQL would keep the old names of the indexes, which 0003 needs for the new table.
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(max_length=20, verbose_name="角色")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="grants", to="people.organisation"
                    ),
                ),
            ],
        ),
        migrations.RunPython(grants_from_memberships, migrations.RunPython.noop),
        migrations.DeleteModel("Membership"),
        migrations.RunPython(whole_names, migrations.RunPython.noop),
    ]

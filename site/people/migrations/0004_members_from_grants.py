"""Whoever had a role somewhere in 0.1 worked there."""

from django.db import migrations


def members(apps, schema_editor):
    membership = apps.get_model("people", "Membership")
    for user_id, organisation_id in set(apps.get_model("people", "Grant").objects.values_list("user_id", "organisation_id")):
        membership.objects.get_or_create(user_id=user_id, organisation_id=organisation_id, until=None)


class Migration(migrations.Migration):
    dependencies = [("people", "0003_people_and_posts")]
    operations = [migrations.RunPython(members, migrations.RunPython.noop)]

"""The database refuses to change or delete an entry."""

from django.db import migrations

from people.audit.guards import install, remove


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_indexes_and_checks")]
    operations = [migrations.RunPython(install, remove, elidable=False)]

"""A decision says by itself whether somebody from outside took it. Of earlier ones the record says so."""

from django.db import migrations, models


def read_from_record(apps, schema_editor):
    entries = apps.get_model("audit", "AuditEntry").objects.filter(
        actor_role="outside person", act__startswith="decision "
    )
    decisions = apps.get_model("moderation", "Decision").objects
    decisions.filter(public_id__in=list(entries.values_list("ref", flat=True))).update(from_outside=True)


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only"), ("moderation", "0002_statistics_off")]
    operations = [
        migrations.AddField("decision", "from_outside", models.BooleanField(default=False)),
        migrations.RunPython(read_from_record, migrations.RunPython.noop, elidable=True),
    ]

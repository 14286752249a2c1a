from __future__ import annotations

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_case(apps, schema_editor):
    cases = apps.get_model("moderation", "Case").objects.filter(pk=OuterRef("case_id"))
    apps.get_model("moderation", "Party").objects.update(ref=Subquery(cases.values("public_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0005_copies_to_go"),
    ]

    operations = [
        migrations.RemoveField(model_name="case", name="is_outside"),
        migrations.AddField(
            model_name="party", name="ref", field=models.CharField(default="", max_length=20), preserve_default=False
        ),
        migrations.RunPython(name_the_case, migrations.RunPython.noop),
    ]

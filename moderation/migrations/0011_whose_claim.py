from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0010_worries_apart"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="case", name="a_claim_has_an_end"),
        migrations.RemoveField(model_name="case", name="holder"),
        migrations.AddField(model_name="case", name="holder", field=models.BinaryField(max_length=32, null=True)),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(holder=None) | models.Q(lease_until__isnull=False), name="a_claim_has_an_end"
            ),
        ),
    ]

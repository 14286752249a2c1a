from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0011_whose_claim"),
    ]

    operations = [
        migrations.AddField(model_name="case", name="opened_at", field=models.PositiveBigIntegerField(default=0)),
    ]

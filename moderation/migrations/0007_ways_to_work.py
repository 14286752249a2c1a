from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0006_parts_go_on"),
    ]

    operations = [
        migrations.AddField(model_name="visit", name="shows", field=models.BooleanField(default=False)),
        migrations.AddField(model_name="visit", name="keys", field=models.BooleanField(default=False)),
    ]

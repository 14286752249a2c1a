from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0007_ways_to_work"),
    ]

    operations = [
        migrations.AddField(model_name="visit", name="open_until", field=models.DateTimeField(null=True)),
    ]

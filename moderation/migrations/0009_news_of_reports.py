from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0008_open_pages"),
    ]

    operations = [
        migrations.AddField(model_name="report", name="is_new", field=models.BooleanField(default=False)),
    ]

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0009_limits_follow_who_left"),
    ]

    operations = [
        migrations.AddField(model_name="member", name="judges_since", field=models.PositiveBigIntegerField(default=0)),
    ]

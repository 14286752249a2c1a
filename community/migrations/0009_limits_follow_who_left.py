from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0008_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="member", name="sealed_tag", field=models.BinaryField(default=bytes), preserve_default=True
        ),
        migrations.AddField(model_name="member", name="off_rota", field=models.BooleanField(default=False)),
    ]

"""Of what waits, whose doing the last thing was that happened with it: for them it is not new."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_from_outside")]
    operations = [migrations.AddField("case", "told_by", models.BinaryField(max_length=32, null=True))]

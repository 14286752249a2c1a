"""Who is on the team of a group is found without looking through its members."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0002_statistics_off")]
    operations = [
        migrations.AddIndex(
            model_name="member", index=models.Index(fields=["group", "role"], name="members_by_role")
        )
    ]

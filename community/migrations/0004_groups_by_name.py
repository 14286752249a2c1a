"""The list of groups is read by an index, wherever in it somebody is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("community", "0003_team_found")]
    operations = [
        migrations.AddIndex(
            model_name="group", index=models.Index(fields=["name", "public_id"], name="groups_by_name")
        )
    ]

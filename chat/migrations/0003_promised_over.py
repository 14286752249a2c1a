"""An answer remembers the version of the promise that it is about to change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("chat", "0002_statistics_off")]
    operations = [
        migrations.AddField(
            model_name="proposal", name="answered_over", field=models.PositiveIntegerField(null=True)
        ),
        migrations.AlterField(
            model_name="proposal",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("taken", "We will change the promise like this"),
                    ("partly", "We will change some of it"),
                    ("left", "The promise stays as it is"),
                ],
                max_length=8,
            ),
        ),
    ]

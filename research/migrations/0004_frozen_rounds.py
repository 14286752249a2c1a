"""A round can be left out, and once frozen it never changes: people answered it as it was approved."""

from django.db import migrations, models

TABLE = "research_wave"
SAYS = "a round of questions never changes"


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        then = "FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION research_refuses()"
    else:
        then = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_changed BEFORE UPDATE ON {TABLE} {then};", params=None)


class Migration(migrations.Migration):
    dependencies = [("research", "0003_pause_and_ethics")]
    operations = [
        migrations.AlterField(
            model_name="wavetask",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "not opened"), ("started", "part-way"), ("done", "done"), ("declined", "left out"),
                    ("cancelled", "cancelled"),
                ],
                default="waiting",
                max_length=9,
            ),
        ),
        migrations.RunPython(forward),
    ]

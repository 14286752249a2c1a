"""What a round came to is counted once: then it never changes, whoever leaves."""

import django.db.models.deletion
from django.db import migrations, models

import core.clock
import core.fields
import core.ids

TABLE = "research_tally"
SAYS = "a figure that was shown never changes"


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        then = "FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION research_refuses()"
    else:
        then = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    schema_editor.execute(f"CREATE TRIGGER {TABLE}_changed BEFORE UPDATE ON {TABLE} {then};", params=None)


class Migration(migrations.Migration):
    dependencies = [("research", "0008_rooms")]
    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                (
                    "id",
                    core.fields.RandomKeyField(
                        default=core.ids.new_key, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("measure", models.CharField(max_length=100)),
                ("shown", models.JSONField()),
                ("made_on", models.DateField(default=core.clock.today)),
                (
                    "study",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tallies", to="research.study"
                    ),
                ),
                (
                    "wave",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="research.wave"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("wave", "measure"), name="tally_once")],
            },
        ),
        migrations.RunPython(forward),
    ]

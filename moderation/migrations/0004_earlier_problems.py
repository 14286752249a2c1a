import secrets

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def start_anew(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """What there was said whose it is, and could not be told from what a one-thread name did."""
    apps.get_model("moderation", "Strike").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("moderation", "0003_held")]

    operations = [
        migrations.RunPython(start_anew, migrations.RunPython.noop),
        migrations.RemoveField(model_name="strike", name="owner_tag"),
        migrations.AddField(
            model_name="strike",
            name="key",
            field=models.BinaryField(db_index=True, default=secrets.token_bytes, max_length=32),
            preserve_default=False,
        ),
    ]

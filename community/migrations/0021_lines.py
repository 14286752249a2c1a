from django.db import migrations, models

from core import ids


def give_each_its_own(apps, schema_editor):
    names = apps.get_model("community", "Persona").objects
    for pk in names.values_list("pk", flat=True).iterator():
        names.filter(pk=pk).update(line=ids.new_key())


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0020_leavers"),
    ]

    operations = [
        migrations.AddField("persona", "line", models.BigIntegerField(null=True)),
        migrations.RunPython(give_each_its_own, migrations.RunPython.noop),
        migrations.AlterField("persona", "line", models.BigIntegerField(default=ids.new_key)),
    ]

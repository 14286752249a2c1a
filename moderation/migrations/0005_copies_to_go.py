from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("moderation", "0004_earlier_problems")]

    operations = [
        migrations.AddField(
            model_name="case", name="is_to_forget", field=models.BooleanField(default=False)
        ),
    ]

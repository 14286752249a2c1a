from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [
        statistics.off(
            community_joinrequest=("answer",),
            community_persona=("handle", "handle_key", "about"),
        )
    ]

from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_initial")]
    operations = [
        statistics.off(
            chat_alias=("handle", "sealed_owner_tag"),
            chat_post=("text", "html"),
            chat_thread=("title",),
        )
    ]

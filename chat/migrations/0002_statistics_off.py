"""What people wrote stays out of the planner's statistics."""

from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("chat", "0001_tables")]
    operations = [
        statistics.off(
            chat_alias=("handle", "sealed_owner_tag"),
            chat_dispute=("answer", "text"),
            chat_label=("link", "source"),
            chat_post=("about", "html", "text"),
            chat_proposal=("answer",),
            chat_statement=("for_whom", "html", "text", "title"),
            chat_thread=("kept_title", "title"),
        )
    ]

"""What people wrote stays out of the planner's statistics."""

from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_tables")]
    operations = [
        statistics.off(
            moderation_appeal=("answer", "words"),
            moderation_case=("context", "sealed_author", "text"),
            moderation_decision=("facts", "undone_because"),
            moderation_groupcare=("handover", "outside_person"),
            moderation_notice=("message",),
            moderation_report=("answer", "note", "question"),
            moderation_sanction=("sealed",),
            moderation_switch=("phrases",),
        )
    ]

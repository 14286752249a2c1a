from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial")]
    operations = [
        statistics.off(
            moderation_appeal=("words", "answer"),
            moderation_case=("text", "context", "sealed_author"),
            moderation_decision=("facts", "undone_because"),
            moderation_groupcare=("handover", "outside_person"),
            moderation_notice=("message",),
            moderation_report=("note", "question", "answer"),
            moderation_sanction=("sealed",),
        )
    ]

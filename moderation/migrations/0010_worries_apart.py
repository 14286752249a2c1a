from __future__ import annotations

from django.db import migrations, models
from django.db.models import Q

CARE = Q(reason__in=["worried", "worried_mentioned"])


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0009_news_of_reports"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="case", name="one_open_case_a_thing"),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=["subject_kind", "subject_id"], condition=Q(state="open") & ~CARE, name="one_open_case_a_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                fields=["subject_kind", "subject_id"],
                condition=Q(state="open") & CARE,
                name="one_open_worry_a_thing",
            ),
        ),
    ]

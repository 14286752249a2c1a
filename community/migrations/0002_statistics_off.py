"""What people wrote stays out of the planner's statistics."""

from django.db import migrations

from core import statistics


class Migration(migrations.Migration):
    dependencies = [("community", "0001_tables")]
    operations = [
        statistics.off(
            community_announcement=("answer_html", "for_whom", "html", "text", "title"),
            community_anonymitypolicy=("name",),
            community_badge=("organisation", "role"),
            community_disclosure=("path",),
            community_dutyaddress=("code", "sealed"),
            community_joinrequest=("answer",),
            community_ownlist=("sealed",),
            community_persona=("about", "handle", "handle_key"),
            community_resource=("answer", "link", "note", "title"),
        )
    ]

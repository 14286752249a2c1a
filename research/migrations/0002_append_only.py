"""What was promised, asked and answered is added to and never changed; an answer goes with its owner's part alone.

Writing a row again with the same values is let through: that is how the order of rows is forgotten on PostgreSQL.
Whoever makes one of these tables anew on SQLite (Django does, to alter a column) must run `forward` again for it.
"""

from django.db import migrations

from core import statistics

SAYS = {
    "research_protocol": "research is only added to",
    "research_consentdocument": "research is only added to",
    "research_consentevent": "research is only added to",
    "research_instrument": "research is only added to",
    "research_wave": "a round of questions never changes",
    "research_presence": "research is only added to",
    "research_fieldnoterevision": "research is only added to",
    "research_anchor": "research is only added to",
    "research_tally": "a figure that was shown never changes",
}


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION research_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
            " 'research is only added to' USING ERRCODE = 'integrity_constraint_violation'; END $$;",
            params=None,
        )
    for table, says in SAYS.items():
        if schema_editor.connection.vendor == "postgresql":
            then = "FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION research_refuses()"
        else:
            then = f"BEGIN SELECT RAISE(ABORT, '{says}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_changed BEFORE UPDATE ON {table} {then};", params=None
        )


class Migration(migrations.Migration):
    dependencies = [("research", "0001_tables")]
    operations = [
        migrations.RunPython(forward),
        statistics.off(
            research_allocationlist=("sealed_seed",),
            research_export=("recipient", "sealed_made", "sealed_reading"),
            research_fieldnoterevision=("sealed",),
            research_oncename=("sealed",),
            research_quoteask=("sealed",),
            research_response=("sealed",),
            research_roomface=("sealed_owner_tag",),
            research_roompost=("html", "text"),
            research_safetyentry=("sealed",),
            research_stillcounted=("rounds",),
            research_study=("draft", "sealed_key"),
            research_studygroup=("note",),
        ),
    ]

"""What was promised and what was answered is added to and never changed; an answer goes with its owner's part alone.

Writing a row again with the same values is let through: that is how the order of rows is forgotten on PostgreSQL.
"""

from django.db import migrations

from core import statistics

TABLES = ("research_protocol", "research_consentdocument", "research_consentevent", "research_instrument")
SAYS = "research is only added to"


def forward(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            f"CREATE FUNCTION research_refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{SAYS}'"
            " USING ERRCODE = 'integrity_constraint_violation'; END $$;",
            params=None,
        )
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            then = "FOR EACH ROW WHEN (OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION research_refuses()"
        else:
            then = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        schema_editor.execute(
            f"CREATE TRIGGER {table}_changed BEFORE UPDATE ON {table} {then};", params=None
        )


class Migration(migrations.Migration):
    dependencies = [("research", "0001_initial")]
    operations = [
        migrations.RunPython(forward),
        statistics.off(
            research_study=("draft", "sealed_key"),
            research_studygroup=("note",),
            research_safetyentry=("sealed",),
            research_response=("sealed",),
            research_allocationlist=("sealed_seed",),
        ),
    ]

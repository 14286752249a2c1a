"""Keeping what people wrote out of the planner's statistics, which PostgreSQL copies values into."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def off(**columns: tuple[str, ...]) -> migrations.RunPython:
    """A migration step: no statistics on these columns, given as table=(column, …). SQLite keeps none."""

    def switch(schema_editor: BaseDatabaseSchemaEditor, target: int) -> None:
        if schema_editor.connection.vendor != "postgresql":
            return
        quote = schema_editor.quote_name
        for table, names in columns.items():
            for name in names:
                schema_editor.execute(
                    f"ALTER TABLE {quote(table)} ALTER COLUMN {quote(name)} SET STATISTICS {target}"
                )

    def forward(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        switch(schema_editor, 0)

    def backward(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        switch(schema_editor, -1)

    return migrations.RunPython(forward, backward)

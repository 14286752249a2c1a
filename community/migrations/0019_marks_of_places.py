from __future__ import annotations

from typing import Any

from django.db import migrations

from core import keyring, sealing


def mark(apps: Any, schema_editor: Any) -> None:
    """A limit for one talk named it in the open, beside the owner tag of whoever it limits."""
    for limit in apps.get_model("community", "Standing").objects.exclude(place=""):
        key = sealing.derive(key=keyring.lasting_key(), purpose="place of a limit")
        parts = (limit.place, bytes(limit.owner_tag).hex())
        limit.place = sealing.tag(key=key, parts=parts).hex()[:20]
        limit.save(update_fields=["place"])


class Migration(migrations.Migration):
    dependencies = [("community", "0018_duty_address_confirmed")]

    operations = [migrations.RunPython(mark)]

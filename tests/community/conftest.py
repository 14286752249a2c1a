"""The cast, with names compared as Kith compares them."""

from __future__ import annotations

import pytest

from community import handles
from community.models import Persona
from tests.people import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody, each name under its real key, so that look-alikes clash."""
    people = make_cast()
    for persona in Persona.objects.all():
        Persona.objects.filter(pk=persona.pk).update(handle_key=handles.key_of(persona.handle))
    return people

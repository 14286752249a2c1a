"""The line about oneself was taken back, and an older backup is restored."""

from __future__ import annotations

from pathlib import Path

import pytest

from community.actions import disclosures, personas
from community.models import Persona
from tests.people import Cast, make_cast
from tests.privacy import backups
from tests.privacy.test_erasure_restore import serves

pytestmark = pytest.mark.django_db(transaction=True)
LINE = "Nurse at Leeds General"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.mark.parametrize("how", ["line", "nothing", "name"])
def test_a_line_that_was_taken_back_does_not_come_back(cast: Cast, tmp_path: Path, how: str) -> None:
    here = cast.alice.here(cast.harbour)
    personas.change_about(here=here, about=LINE)
    backup = backups.make(tmp_path / "backups")
    if how == "line":
        disclosures.delete_line(here=here)
    elif how == "nothing":
        disclosures.show_nothing_here(here=here)
    else:
        personas.stop_using_name(here=cast.alice.here(cast.harbour))
    backups.restore(backup)
    assert Persona.objects.filter(about=LINE).exists(), "an older copy holds it again"
    assert serves() == 200
    assert not Persona.objects.filter(about=LINE).exists()

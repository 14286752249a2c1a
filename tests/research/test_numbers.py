"""What a study of so few groups can show is said in plain numbers, to everyone alike, and no interval is drawn."""

from __future__ import annotations

from itertools import product

import pytest
from django.urls import reverse

from community.enums import Role
from research.enums import StudyState
from research.presenters import numbers
from research.simulation import exact
from tests.people import Cast, add, make_group
from tests.research.studies import in_pairs, make_study, settings_for

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("pairs", [1, 2, 3, 5])
def test_the_ways_a_lot_can_fall_are_counted(cast: Cast, pairs: int) -> None:
    groups = [make_group(name=f"g{nth}") for nth in range(pairs * 2)]
    settings = settings_for(*groups, **in_pairs(*groups))
    assert numbers.ways(settings) == len(list(product("AB", repeat=pairs)))


def test_without_pairs_there_is_nothing_to_count(cast: Cast) -> None:
    assert numbers.ways(settings_for(cast.harbour)) is None


def test_three_pairs_are_a_handful_and_everybody_reads_so(cast: Cast) -> None:
    groups = [cast.harbour, *(make_group(name=f"g{nth}") for nth in range(5))]
    hosts = [(group, cast.lead) for group in groups]
    for group in groups[1:]:
        add(cast.lead, group, handle="Broad Field", role=Role.LEAD)
    team = make_study(*hosts, state=StudyState.INVITING, **in_pairs(*groups))
    sid = team.study.public_id
    texts = [
        team.ana.client.get(reverse("research:numbers", args=[sid])).content.decode(),
        team.ruth.client.get(reverse("research:pack", args=[sid])).content.decode(),
        cast.alice.client.get(
            reverse("research:study_here", args=[cast.harbour.public_id, sid])
        ).content.decode(),
    ]
    assert "Feasibility, not effect." in texts[0]
    for text in texts:
        assert "It cannot show whether it helps." in text and "in only 8 ways" in text
        assert "comes up by chance 2 times in 8." in text, "of both sides"
        assert exact.smallest_p(3) == 2 / 8
        assert "We draw no error bars here." in text and '<svg class="chart' not in text


def test_many_groups_are_not_called_a_handful(cast: Cast) -> None:
    groups = [make_group(name=f"g{nth}") for nth in range(numbers.HANDFUL)]
    assert not numbers.is_handful(settings_for(*groups))
    assert numbers.is_handful(settings_for(*groups[1:]))

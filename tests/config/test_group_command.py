"""A group from the terminal, and its first lead."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from community.enums import Role, Visibility
from community.models import Group, Invitation
from tests.people import make_person


def _run(*args: str) -> str:
    out = StringIO()
    call_command("group", *args, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_group_is_made_and_its_code_admits_one_lead() -> None:
    said = _run("River walkers", "--kind", "other", "--visibility", "hidden", "--summary", "We walk.")
    code = re.search(r"group lead: (\w{12})", said)[1]
    group = Group.objects.get()
    assert (group.name, group.visibility, group.summary) == ("River walkers", Visibility.HIDDEN, "We walk.")
    assert group.charters.get().rules.count() >= 5
    person, other = make_person(name="first", strong=True), make_person(name="second")
    answer = {"code": code, "stage": "promise", "version": "1", "accept": "on"}
    assert person.client.post("/join/", answer).status_code == 302
    assert person.member(group).role == Role.LEAD
    assert other.client.post("/join/", answer).status_code == 422
    assert person.client.get(f"/g/{group.public_id}/roles/").status_code == 200


@pytest.mark.django_db
def test_a_member_becomes_lead_with_a_code_for_a_group_that_is() -> None:
    _run("River walkers")
    group = Group.objects.get()
    Invitation.objects.all().delete()
    person = make_person(name="first")
    from tests.people import add

    add(person, group)
    code = re.search(r"group lead: (\w{12})", _run("--lead-for", group.public_id))[1]
    person.client.post("/join/", {"code": code, "stage": "promise", "version": "1", "accept": "on"})
    assert person.member(group).role == Role.LEAD


@pytest.mark.django_db
def test_a_charter_from_a_file(tmp_path) -> None:
    text = tmp_path / "charter.toml"
    text.write_text(
        'purpose = "To walk."\nwho_can_see = "Us."\nthird_party_privacy = "No names."\n'
        '[[rules]]\ncode = "slow"\ntext = "Walk slowly."\n'
    )
    _run("River walkers", "--charter", str(text))
    charter = Group.objects.get().charters.get()
    assert (charter.purpose, charter.rules.get().text) == ("To walk.", "Walk slowly.")


@pytest.mark.django_db
def test_it_says_what_is_missing() -> None:
    with pytest.raises(CommandError, match="name"):
        _run()
    with pytest.raises(CommandError, match="No group"):
        _run("--lead-for", "nothing")

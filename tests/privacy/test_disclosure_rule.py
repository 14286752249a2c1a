"""What each viewer gets of a member, against a model of ten lines; and nothing of it anywhere else."""

from __future__ import annotations

import html
import re
import uuid

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.actions import posts
from community import fact_kinds
from community.enums import Audience
from community.models import Disclosure, Persona
from tests.people import Cast, make_thread
from tests.privacy.reference import VALUES, VIEWERS, may_see

MARK = "Lighthouse keeper in a very small town"

choices = st.fixed_dictionaries(
    {},
    optional={
        kind: st.tuples(st.sampled_from(values), st.integers(0, 2), st.sampled_from(["moderators", "group"]))
        for kind, values in VALUES.items()
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=choices, viewer=st.sampled_from(VIEWERS), has_name=st.booleans())
def test_a_card_says_what_the_model_says(cast: Cast, chosen, viewer: str, has_name: bool) -> None:
    member = cast.alice.member(cast.harbour)
    Disclosure.objects.all().delete()
    Persona.objects.filter(handle="Grey Heron").update(is_current=has_name)
    details = {}
    for code, (value, depth, audience) in chosen.items():
        step = fact_kinds.kinds()[code].steps(value)[: depth + 1][-1]
        details[code] = (step.words, audience)
        Disclosure.objects.create(
            member=member, group=cast.harbour, kind=code, level=step.level, audience=audience, path=step.path
        )
    persona = Persona.objects.get(handle="Grey Heron")
    answer = cast.people[viewer].client.get(f"/g/{cast.harbour.public_id}/who/{persona.public_id}/")
    expected = may_see(viewer, details, has_name)
    if expected is None:
        assert answer.status_code == 404
    else:
        shown = re.findall(r'<dd dir="auto">(.*?)</dd>', answer.content.decode(), re.DOTALL)
        assert {html.unescape(words) for words in shown} == {words for words, _ in expected.values()}


@pytest.mark.parametrize("audience", [Audience.MODERATORS, Audience.GROUP])
def test_no_other_page_says_any_of_it(cast: Cast, audience: str) -> None:
    """What is shown stands on the card alone: not in talks, messages, live frames, lists or the team's pages."""
    thread = make_thread(cast.harbour)
    post, _ = posts.publish_post(
        here=cast.alice.here(cast.harbour), thread=thread, text="Hello.", client_id=str(uuid.uuid4())
    )
    for code, path in [("about", f"{MARK}/"), ("diagnosis", "mood/bipolar/2/")]:
        Disclosure.objects.create(
            member=cast.alice.member(cast.harbour), group=cast.harbour, kind=code, level="exact",
            audience=audience, path=path,
        )  # fmt: skip
    persona = Persona.objects.get(handle="Grey Heron")
    inside, talk = f"/g/{cast.harbour.public_id}/", f"/g/{cast.harbour.public_id}/t/{thread.public_id}/"
    pages = [inside, talk, f"{talk}p/{post.public_id}/", f"{talk}events/?after=0", "/home/"]
    pages += [f"{inside}{name}/" for name in ("about", "promise", "name", "who", "rota", "names", "leave")]
    team = [f"{inside}{name}/" for name in ("requests", "invitations", "roles")]
    for person, paths in [(cast.bob, pages), (cast.lead, pages + team)]:
        for path in paths:
            answer = person.client.get(path)
            assert answer.status_code == 200, path
            assert MARK not in answer.content.decode() and "type II</dd>" not in answer.content.decode(), path
    card = f"{inside}who/{persona.public_id}/"
    assert MARK in cast.lead.client.get(card).content.decode()
    assert (MARK in cast.bob.client.get(card).content.decode()) == (audience == Audience.GROUP)

"""A file for somebody outside the team: only for whom the approved protocol names, and only of people who read that
name before they said yes."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from django.urls import reverse

from community.errors import MayNot
from core import clock
from research import consent_text, protocols
from research.actions import documents, exports, making
from research.actions.consent import write_event
from research.enums import Answer, ExportState, Item, QuoteAnswer, StudyState, Wanted
from research.files.gather import gather
from research.files.recipe import of_json
from research.models import ConsentDocument, Export, Participant, Protocol, QuoteAsk, Study
from research.presenters import pack
from research.release import risk
from research.selectors import outside, usable
from research.selectors.measures import FLOOR
from tests.people import Cast
from tests.research.consenting import open_study, settings
from tests.research.filing import LATER, SAID, Filing, filing, quote_asked, rows_of, writes
from tests.research.studies import make_study, sent, settings_for
from tests.research.test_files_for_others import TO, telling

pytestmark = pytest.mark.django_db
OTHER = TO["recipient"]


def says_nobody(made: Filing) -> None:
    """The protocol in force names nobody any more."""
    Protocol.objects.filter(study=made.study).delete()
    Protocol.objects.create(
        study=made.study,
        version=1,
        settings=settings(made.cast.harbour),
        digest="",
        published_on=clock.today(),
    )


def test_there_is_none_where_the_protocol_names_nobody(cast: Cast) -> None:
    made = filing(cast, size=24)
    with pytest.raises(MayNot, match="names nobody"):
        made.ask(**TO)
    url = reverse("research:files", args=[made.sid])
    client = made.people["ruth"].client
    page = client.get(url).content.decode()
    assert 'value="t1"' not in page and "no file for anyone outside" in page
    form = {"tier": "t1", "last_round": "1", "recipient": OTHER, "agreement": "No. 7"}
    assert client.post(url, form).status_code == 422 and not Export.objects.exists()


def test_only_whom_it_names_can_be_picked(cast: Cast) -> None:
    made = telling(cast)
    url = reverse("research:files", args=[made.sid])
    client = made.people["ruth"].client
    page = client.get(url).content.decode()
    assert 'value="t1"' in page and OTHER in page and "no file for anyone outside" not in page
    form = {"tier": "t1", "last_round": "1", "recipient": "Dr Else", "agreement": "No. 7"}
    assert client.post(url, form).status_code == 422 and not Export.objects.exists()
    assert client.post(url, form | {"recipient": OTHER}).status_code == 302


@pytest.mark.parametrize("step", ["check", "decide", "fetch", "take"])
def test_nor_is_one_let_go_or_fetched_once_it_names_them_no_more(cast: Cast, step: str) -> None:
    made = telling(cast)
    export = made.let_go(**TO) if step in {"fetch", "take"} else made.checked(**TO)
    if step == "check":
        Export.objects.update(state=ExportState.REFUSED)
    if step == "take":
        making.want(desk=made.desk(), fid=export.public_id, what=Wanted.FETCH)
        making.make_wanted()
    says_nobody(made)
    with pytest.raises(MayNot, match="does not name them"):
        if step == "decide":
            exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)
        elif step == "take":
            making.take(desk=made.desk(), fid=export.public_id)
        else:
            getattr(exports, step)(desk=made.desk(), fid=export.public_id)
    if step == "decide":
        exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=False)
        export.refresh_from_db()
        assert export.state == ExportState.TURNED_DOWN


def test_one_that_was_asked_for_before_protocols_named_anybody_stays(cast: Cast) -> None:
    made = telling(cast)
    export = made.checked(**TO)
    Export.objects.update(recipe={key: value for key, value in export.recipe.items() if key != "outside"})
    with pytest.raises(MayNot, match="does not name them"):
        exports.decide(desk=made.desk("remy"), fid=export.public_id, is_yes=True)


def reads_again(made: Filing, *, days: int, names: list[str]) -> ConsentDocument:
    """So many days after the beginning people are told something else of who may get a file."""
    with clock.held_at(clock.now() - LATER + dt.timedelta(days=days)):
        said = settings(made.cast.harbour, outside=names)
        return documents.publish(study=made.study, settings=said, is_material=True)


def says(who: Participant, document: ConsentDocument, study: Study) -> None:
    """Somebody says yes to questions again, under this."""
    write_event(
        study=study, key=bytes(who.key), item=Item.SURVEYS, answer=Answer.GIVEN, document=document,
        on_day=document.published_on,
    )  # fmt: skip


def test_only_who_read_the_name_before_they_answered_is_in_it(cast: Cast) -> None:
    made = filing(cast, size=6)
    first = list(Participant.objects.filter(study=made.study))
    later = reads_again(made, days=5, names=[OTHER])  # after they answered, on their third day
    for person in first:
        says(person, later, made.study)
    assert {one.pid for one in usable.answers(study=made.study)} == {one.pid for one in first}
    assert not list(usable.answers(study=made.study, recipient=OTHER))


def test_and_who_said_yes_to_it_at_the_last(cast: Cast) -> None:
    made = filing(cast, size=6, outside=[OTHER])
    people = list(Participant.objects.filter(study=made.study))
    assert {one.pid for one in usable.answers(study=made.study, recipient=OTHER)} == {
        one.pid for one in people
    }
    assert not list(usable.answers(study=made.study, recipient="Dr Else"))
    nobody = reads_again(made, days=5, names=[])
    for person in people[:2]:
        says(person, nobody, made.study)
    found = {one.pid for one in usable.answers(study=made.study, recipient=OTHER)}
    assert found == {one.pid for one in people[2:]}
    assert {one.pid for one in usable.answers(study=made.study)} == {one.pid for one in people}


@pytest.mark.parametrize("names", [True, False])
def test_a_quote_goes_out_only_if_its_writer_read_the_name(cast: Cast, names: bool) -> None:
    made = filing(cast, size=6, outside=[OTHER] if names else [])
    (post,) = writes(cast.alice, made, SAID)
    ask = quote_asked(post, made)
    QuoteAsk.objects.filter(pk=ask.pk).update(answer=QuoteAnswer.VERBATIM)
    ours = made.ask(quotes=True)
    assert len(gather(study=made.study, recipe=of_json(ours.recipe)).quotes) == 1
    theirs = of_json(ours.recipe | {"outside": OTHER})
    assert len(gather(study=made.study, recipe=theirs).quotes) == names


def test_the_second_person_reads_what_people_were_told(cast: Cast) -> None:
    made = telling(cast)
    export = made.checked(**TO)
    url = reverse("research:file", args=[made.sid, export.public_id])
    page = made.people["remy"].client.get(url).content.decode()
    assert "recipients text" in page and page.index("recipients text") < page.index('name="yes"')
    ours = made.checked()
    url = reverse("research:file", args=[made.sid, ours.public_id])
    assert "recipients text" not in made.people["remy"].client.get(url).content.decode()


def test_what_people_read_says_who_may_get_a_file(cast: Cast) -> None:
    said = {bool(names): dict(_about(cast, names))["Who else gets it?"] for names in ([], [OTHER])}
    assert "Nobody outside the team" in said[False] and OTHER not in said[False]
    assert OTHER in said[True] and "Nobody outside the team gets a file" not in said[True]


def _about(cast: Cast, names: list[str]) -> list[tuple[str, str]]:
    body = consent_text.body(settings=settings(cast.harbour, outside=names))
    return [(one["question"], one["answer"]) for one in body["about"]]


def test_names_are_typed_one_on_each_line(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.DRAFT)
    url = reverse("research:set_up", args=[team.study.public_id, "law"])
    given = {"recipients": "A b and C.", "outside": "A  b\n\n C \nA b"}
    team.ruth.client.post(url, sent(team.ruth, url, given))
    team.study.refresh_from_db()
    assert team.study.draft["outside"] == ["A b", "C"]
    assert "A b\nC</textarea>" in team.ruth.client.get(url).content.decode()


def test_a_name_has_to_stand_in_the_sentence_too_and_changes_what_was_said_yes_to(cast: Cast) -> None:
    before = settings_for(cast.harbour)
    named = {"outside": [OTHER]}
    assert {gap.what for gap in protocols.missing(before | named)} == {"outside_said"}
    both = before | named | {"recipients": f"Only {OTHER.upper()}."}
    assert not protocols.missing(both)
    assert {gap.what for gap in protocols.missing(both | {"joins": True})} >= {"outside_joins"}
    assert protocols.is_material(before=before, after=before | named)


def test_the_papers_say_of_files_what_is_built(cast: Cast) -> None:
    """In both directions: what the papers say is refused, and what they name is not."""
    for names in ([], [OTHER]):
        study = open_study(cast.harbour, outside=names)
        papers = " ".join(pack.pack(study=study, protocol=study.protocols.get(), for_team=True).files)
        assert ("No file about single people goes outside" in papers) == (not outside.named(study))
        assert (f"may go to: {OTHER}." in papers) == (OTHER in outside.named(study))
        assert f"for {exports.LASTS.days} days" in papers and f"fewer than {FLOOR} people" in papers
        study.hosts.all().delete()


def test_a_name_that_ends_in_a_full_stop_brings_no_second_one(cast: Cast) -> None:
    """Neither in what people read nor in the papers; the name itself stays as it was typed."""
    study = open_study(cast.harbour, outside=["One Archive", "Example Ltd."])
    found = pack.pack(study=study, protocol=study.protocols.get(), for_team=True)
    for text in (" ".join(found.files), json.dumps(found.consent)):
        assert "may go to: One Archive, Example Ltd. " in text and "Ltd.." not in text
    assert outside.named(study)[1] == "Example Ltd."


def test_every_paper_that_tells_of_files_tells_how_they_leave(cast: Cast) -> None:
    team = make_study((cast.harbour, cast.lead), state=StudyState.APPROVED)
    page = team.ruth.client.get(reverse("research:pack", args=[team.study.public_id])).content.decode()
    assert "Data leaves in files alone." in page and "makes no files" not in page
    assert "out of messages" not in page  # it does not ask for them


def test_the_second_person_looks_before_letting_it_go(cast: Cast) -> None:
    """What was reached beside what is allowed, each column, and a tick that they looked."""
    made = telling(cast)
    export = made.checked(**TO)
    url = reverse("research:file", args=[made.sid, export.public_id])
    step = reverse("research:file_step", args=[made.sid, export.public_id])
    client = made.people["remy"].client
    page = client.get(url).content.decode()
    for words in ("What it can tell of people", "People who look alike, at least (k)", "at most 10%", "sensitive",
                  "Columns by which somebody could be known", 'name="looked"'):  # fmt: skip
        assert words in page, words
    assert client.post(step, {"yes": "1"}).status_code == 409
    export.refresh_from_db()
    assert not export.wanted
    assert client.post(step, {"yes": "1", "looked": "1"}).status_code == 302
    export.refresh_from_db()
    assert export.wanted == Wanted.DECIDE


def test_the_report_is_what_the_rows_say(cast: Cast) -> None:
    made = telling(cast, loud=2)
    _export, files = made.fetched(**TO)
    report = json.loads(files["risk_report.json"])
    people = rows_of(files, "people")
    names = list(report["columns by which somebody could be known"])
    lines = {one["what"]: one["in this file"] for one in report["in short"]}
    sizes = [len(places) for places in risk.classes(people, names)]
    assert (
        lines["People in it"] == str(len(people))
        and lines["People left out, as nothing hides them"][0] == "2"
    )
    assert lines["People who look alike, at least (k)"] == str(min(sizes)) and min(sizes) >= 5
    average = lines["People found by somebody who looks for everybody, on average"]
    assert average == f"{len(sizes) / len(people):.1%}"
    sets = [int(n) for what, n in lines.items() if what.startswith("Sets of")]
    assert sum(sets) == len(sizes) and len(report["sensitive columns"]) == 6
    page = files["risk_report.html"].decode()
    assert average in page and "{" not in page and "in this file" in page


def test_the_report_of_the_teams_own_file_says_that_nobody_is_hidden(cast: Cast) -> None:
    made = filing(cast, size=6)
    writes(cast.alice, made, SAID)
    _export, files = made.fetched(messages=True)
    lines = {one["what"]: one["in this file"] for one in json.loads(files["risk_report.json"])["in short"]}
    assert lines["Of them, people whose words can be found by whoever is in the group"] == "all"
    assert (
        lines["People whom nobody in it resembles, by group, version and answers that others may know"]
        == "0 of 6"
    )

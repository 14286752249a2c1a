"""A study in harbour whose data can leave: people who answered, two who write, and a team of four."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chat.models import Post
from community.errors import MayNot
from core import clock, ids
from research import sealed
from research.actions import exports, making
from research.actions.exports import Asked, Marked
from research.enums import ExportTier, Item, StudyRole
from research.files import pipeline
from research.models import Export, Participant, QuoteAsk, Response, Source, Study, WaveTask
from research.policies import Desk
from research.selectors import passages, quotes
from tests.chat.saying import send
from tests.people import Cast, Person, make_people, make_thread
from tests.research.consenting import ALL, say
from tests.research.questions import asking, crowd
from tests.research.studies import desk_of
from tests.research.watchers import from_today, works_on
from tests.scenes import same

LATER = dt.timedelta(days=60)
ONE_ROUND = [
    {"number": 1, "week": 0, "open_days": 14, "instruments": [["bad_moments", "1"], ["brought", "1"]]}
]
TEAM = {
    "ruth": StudyRole.LEAD, "remy": StudyRole.RESEARCHER, "ana": StudyRole.ANALYST, "leo": StudyRole.LEAD,
}  # fmt: skip
SAID = "The nights are long and the kitchen is cold."


@dataclass
class Filing:
    """The study on a day on which its first round is over for everybody."""

    cast: Cast
    study: Study
    people: dict[str, Person]

    @property
    def sid(self) -> str:
        return self.study.public_id

    def desk(self, who: str = "ruth") -> Desk:
        return desk_of(self.people[who], self.study)

    def ask(self, who: str = "ruth", **more: Any) -> Export:
        """A file that was asked for and made. Raises MayNot where there is none."""
        given: dict[str, Any] = {"tier": ExportTier.T0, "last_round": 1} | more
        export = exports.ask(desk=self.desk(who), asked=Asked(**given))
        making.make_wanted()
        export.refresh_from_db()
        if export.refusal:
            raise MayNot(export.refusal)
        return export

    def read_all(self, export: Export, **more: Any) -> None:
        """Somebody reads every message; `more` is done to each."""
        rows = pipeline.to_read(export)
        marked = {one.said.mid: Marked(seen=one.mark, **more) for one in rows}
        exports.mark(desk=self.desk(), fid=export.public_id, marked=marked)

    def checked(self, **more: Any) -> Export:
        """A file that waits for the second person."""
        export = self.ask(**more)
        if more.get("messages") or more.get("once"):
            self.read_all(export)
            exports.check(desk=self.desk(), fid=export.public_id)
        export.refresh_from_db()
        return export

    def let_go(self, **more: Any) -> Export:
        """A file that can be fetched."""
        export = self.checked(**more)
        assert exports.decide(desk=self.desk("remy"), fid=export.public_id, is_yes=True)
        export.refresh_from_db()
        return export

    def fetched(self, **more: Any) -> tuple[Export, dict[str, bytes]]:
        """A file that left, and what is in it."""
        export = self.let_go(**more)
        data = exports.fetch(desk=self.desk(), fid=export.public_id)
        assert data is not None
        export.refresh_from_db()
        return export, opened(data)


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as held:
        return {name: held.read(name) for name in held.namelist()}


def rows_of(files: dict[str, bytes], table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in files[f"data/{table}.jsonl"].splitlines()]


@same
def filing(cast: Cast, *, size: int = 6, rounds: Sequence[Any] = ONE_ROUND, **more: Any) -> Filing:
    """Begun sixty days ago; `size` people without accounts, each with answers."""
    start = clock.now() - LATER
    people = make_people(dict.fromkeys(TEAM, True))
    with clock.held_at(start):
        study = asking(cast.harbour, rounds=list(rounds), **more)
        for name, role in TEAM.items():
            works_on(people[name], study, role=role)
        answered(crowd(study, cast.harbour, size=size))
    return Filing(cast=cast, study=study, people=people)


def answered(
    people: Sequence[Participant], *, number: int = 1, instrument: str = "bad_moments",
    items: Sequence[str] = ("advice", "unkind"),
) -> None:  # fmt: skip
    """Each of them answered these questions of a round."""
    tasks = {one.participant_id: one for one in WaveTask.objects.filter(wave__number=number)}
    Response.objects.bulk_create(
        Response(task=tasks[one.pk], instrument=instrument, item=item, value=1, study_day=2)
        for one in people for item in items
    )  # fmt: skip


def writes(who: Person, filing: Filing, *texts: str, items: Sequence[Item] = ALL, day: int = 9) -> list[Post]:
    """Somebody said yes at the beginning, and wrote these in one talk some days later."""
    start = clock.now() - LATER
    with clock.held_at(start):
        say(who, filing.cast.harbour, filing.study, dict.fromkeys(items, True))
        from_today(who, filing)  # type: ignore[arg-type]  # what the test made
    with clock.held_at(start + dt.timedelta(days=day)):
        thread = make_thread(filing.cast.harbour)
        return [send(who, thread, text) for text in texts]


def quote_asked(post: Post, filing: Filing, words: str = SAID) -> QuoteAsk:
    """Its writer was asked to be quoted, some days after it was written."""
    at, qid = passages.locate(study=filing.study, post=post, words=words), ids.new_public_id()
    assert at is not None
    said = json.dumps({"use": "In a report.", "rewording": "Nights are hard."}).encode()
    value = sealed.seal(study=filing.study, value=said, place=quotes.place_of(qid))
    source = Source.objects.get(study=filing.study, member=post.byline.persona.member_id)  # type: ignore[union-attr]  # what the test made
    return QuoteAsk.objects.create(
        study=filing.study, public_id=qid, post=post, source=source, sealed=value, **at
    )


def source_of(who: Person, filing: Filing) -> Source:
    return Source.objects.get(study=filing.study, member=who.member(filing.cast.harbour))

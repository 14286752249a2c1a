"""What somebody said to each item, last, and whether that covers a day."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit.models import AuditEntry
from community.errors import NotHere
from community.models import Group
from core import clock
from core.prepared import Prepared
from research.digests import digest
from research.enums import Agreement, Answer, Item, Part
from research.models import ConsentDocument, ConsentEvent, Participant, Source, Study, StudyGroup
from research.selectors import parts
from research.selectors.desks import KeyOf

OF_ANSWERS = frozenset({Item.SURVEYS})
OF_MESSAGES = frozenset({Item.ACTIVITY, Item.POSTS, Item.QUOTES})  # of one's name here, which a member has


@dataclass(frozen=True, kw_only=True)
class Own:
    """Somebody's own part in one study in one group, in their own request. Neither row: they never answered."""

    host: StudyGroup
    document: ConsentDocument
    participant: Participant | None
    source: Source | None
    said: Mapping[str, ConsentEvent]

    @property
    def study(self) -> Study:
        return self.host.study

    @property
    def takes_part(self) -> bool:
        """Whether they are in it now."""
        return self.participant is not None and self.participant.part == Part.IN

    @property
    def has_left(self) -> bool:
        """Whether they stopped, and what they gave is still there: nobody comes back from that."""
        return self.participant is not None and self.participant.part in {Part.STOPPED, Part.EXCLUDED}

    @property
    def is_to_be_asked_again(self) -> bool:
        """Whether what they said yes to has changed since."""
        return self.takes_part and any(event.answer == Answer.SUPERSEDED for event in self.said.values())

    def says_yes(self, item: str) -> bool:
        """Whether the last thing they said to an item is yes."""
        return item in self.said and self.said[item].answer == Answer.GIVEN

    @property
    def asks_for_nothing(self) -> bool:
        """Whether a yes to being asked for quotes stands beside a no to messages: there is nothing to ask about."""
        return quotes_of_nothing({item: self.says_yes(item) for item in self.document.body["items"]})

    def goes_with(self, item: str) -> list[Item]:
        """What is taken back with one item: nothing where there is no yes to it; else it, and putting both together
        where it was one of the two, or the last of what is put together with answers."""
        if not self.says_yes(item):
            return []
        messages = [one for one in OF_MESSAGES if one != item and self.says_yes(one)]
        rests = item == Item.SURVEYS or (item in OF_MESSAGES and not messages)
        return [Item(item), *([Item.LINK] if rests and self.says_yes(Item.LINK) else [])]

    @property
    def took_back_posts(self) -> bool:
        """Whether what a quote is of was said yes to once."""
        return self.took_back(Item.POSTS)

    def took_back(self, item: str) -> bool:
        """Whether they said yes to an item, and then no, or left."""
        return item in self.said and self.said[item].answer == Answer.WITHDRAWN


_host = Prepared(
    lambda sid, group: StudyGroup.objects.select_related("study", "group").filter(
        study__public_id=sid, group=group
    )
)
_participant = Prepared(lambda key: Participant.objects.filter(key=key))
_source = Prepared(lambda key: Source.objects.filter(key=key))
_document = Prepared(lambda study, version: ConsentDocument.objects.filter(study=study, version=version))
_events = Prepared(lambda key: ConsentEvent.objects.filter(key=key).order_by("nth"))
_with_documents = Prepared(
    lambda key: ConsentEvent.objects.select_related("document").filter(key=key).order_by("nth")
)
_last = Prepared(
    lambda key: ConsentEvent.objects.filter(key=key).order_by("-nth").values_list("nth", flat=True)[:1]
)


def own(*, sid: str, group: Group, key_of: KeyOf) -> Own:
    """One's own part in a study that this group agreed to, or agreed to once. Raises NotHere for any other study, and
    for whoever has no part in one that the group has not agreed to as it is now."""
    host = _host.first(sid=sid, group=group.pk)
    if host is None or not host.study.opened_on:
        raise NotHere
    ref = parts.ref(study=host.study, gid=group.public_id)
    participant = _participant.first(key=key_of(parts.PARTICIPANT, ref))
    source = _source.first(key=key_of(parts.SOURCE, ref))
    if host.state != Agreement.AGREED and participant is None:
        raise NotHere
    said = answers(key=bytes(participant.key)) if participant else {}
    if source:
        said |= {item: one for item, one in answers(key=bytes(source.key)).items() if item in OF_MESSAGES}
    body = document(study=host.study, version=host.study.consent_version)
    assert body is not None  # the study is open
    return Own(host=host, document=body, participant=participant, source=source, said=said)


def quotes_of_nothing(said: Mapping[str, bool]) -> bool:
    """Whether somebody says yes to being asked for quotes, and no to what a quote is of."""
    return bool(said.get(Item.QUOTES)) and said.get(Item.POSTS) is False


def document(*, study: Study, version: int) -> ConsentDocument | None:
    """What people read in one version, fixed with the protocol of that number; before there is one, nothing."""
    return _document.first(study=study.pk, version=version)


def takes_part_in_any(*, gid: str, key_of: KeyOf) -> bool:
    """Whether somebody takes part in any study here."""
    return any(row.part == Part.IN for row in parts.participants(gid=gid, key_of=key_of))


def answers(*, key: bytes) -> dict[str, ConsentEvent]:
    """The last event of each item under a key."""
    found: dict[str, ConsentEvent] = {}
    for event in _events(key=key):
        found[event.item] = event
    return found


def events(*, key: bytes) -> list[ConsentEvent]:
    """All events under a key, in order, with their documents."""
    return _with_documents(key=key)


def next_number(*, key: bytes) -> int:
    """The number of the next event under a key."""
    return (_last.first(key=key) or 0) + 1


def keys_taking_part(*, study: Study) -> Iterator[bytes]:
    """The keys of all parts that are not over."""
    for model in (Participant, Source):
        for key in model._default_manager.filter(study=study, part=Part.IN).values_list("key", flat=True):
            yield bytes(key)


def digests_on(*, study: Study, on_day: dt.date) -> frozenset[str]:
    """The documents that a yes may rest on, on a day: the last one that changed what matters, and those since. On the
    day of such a change only the new one."""
    rows = ConsentDocument.objects.filter(study=study, published_on__lte=on_day).order_by("version")
    found: list[str] = []
    for one, is_material in rows.values_list("digest", "is_material"):
        found = [one] if is_material else [*found, one]
    return frozenset(found)


def digests_today(*, study: Study) -> frozenset[str]:
    """The same, today."""
    return digests_on(study=study, on_day=clock.today())


def covers(*, events: Sequence[ConsentEvent], item: str, on_day: dt.date, digests: Collection[str]) -> bool:
    """Whether the events of one key, in order, allow what came into being on a day: the last answer to this item up to
    then is yes, and rests on one of these documents."""
    last = None
    for event in events:
        if event.item == item and event.on_day <= on_day:
            last = event
    return last is not None and last.answer == Answer.GIVEN and last.document.digest in digests


def on_record(*, study: Study, act: str) -> set[str]:
    """The fingerprints of all events that are on a study's record."""
    found = set[str]()
    entries = AuditEntry.objects.filter(chain__scope=study.public_id, act=act).select_related("kept")
    for entry in entries.iterator():
        found.update(json.loads(entry.kept.payload)["events"])
    return found


def fingerprint(event: ConsentEvent) -> str:
    """What an event is on the record by: nobody can tell from it whose it is, and no other event fits it."""
    return digest(
        [
            bytes(event.key).hex(),
            event.nth,
            event.item,
            event.answer,
            event.document.digest,
            event.on_day.isoformat(),
        ]
    )

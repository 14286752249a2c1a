"""Being asked to be quoted: one's own, and a study's; and who could find words by looking for them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chat.models import Post
from community.enums import Reach, Visibility
from community.errors import NotHere
from community.models import Announcement
from core import clock
from research import policies, sealed
from research.enums import Answer, Item, Part, QuoteAnswer
from research.models import QuoteAsk, Source, Study
from research.policies import Desk
from research.selectors import consent, passages, shown
from research.selectors.consent import Own


@dataclass(frozen=True, kw_only=True)
class Quote:
    """What somebody was asked. `words` are none where the message was changed or taken away, or must not be used any
    more; `quote` is what may be quoted now, if anything. What is `seen` is for the team's own page: there it does not
    show at once that somebody left."""

    ask: QuoteAsk
    words: str
    use: str
    rewording: str
    is_open: bool  # they still let the study ask
    seen_words: str
    is_seen_open: bool

    @property
    def quote(self) -> str:
        return self._agreed(self.words) if self.is_open else ""

    @property
    def is_waiting(self) -> bool:
        """Whether there is no answer yet, and the team's page tells that there may be one."""
        return self.ask.answer == QuoteAnswer.WAITING and bool(self.seen_words) and self.is_seen_open

    @property
    def seen_quote(self) -> str:
        """What was agreed to, as the team's page tells it."""
        return self._agreed(self.seen_words) if self.is_seen_open else ""

    def _agreed(self, words: str) -> str:
        said = {QuoteAnswer.VERBATIM: words, QuoteAnswer.REWORDED: self.rewording}
        return said.get(QuoteAnswer(self.ask.answer), "") if words else ""


def place_of(qid: str) -> str:
    """What the words of an ask are sealed for."""
    return f"quote|{qid}"


def of_study(*, desk: Desk) -> Sequence[Quote]:
    """All that a study asked, the latest first. Raises NotHere for an analyst."""
    policies.require("ask_to_quote", desk)
    rows = _rows().filter(study=desk.study).exclude(shown.is_over()).order_by("-asked_on", "id")
    return [_quote(row) for row in rows]


def own(*, part: Own) -> Sequence[Quote]:
    """What one was asked oneself in a study, what waits first. Nothing waits for whoever left."""
    found = of_sources(sources=[part.source] if part.source else [])
    if part.source and part.source.part != Part.IN:
        return [one for one in found if one.ask.answer != QuoteAnswer.WAITING]
    return sorted(found, key=lambda one: one.ask.answer != QuoteAnswer.WAITING)


def of_sources(*, sources: Iterable[Source]) -> list[Quote]:
    """What was asked of these parts, the latest first."""
    rows = _rows().filter(source__in=list(sources)).order_by("-asked_on", "id")
    return [_quote(row) for row in rows]


def find_own(*, part: Own, qid: str) -> Quote:
    """One of those. Raises NotHere."""
    found = next((one for one in own(part=part) if one.ask.public_id == qid), None)
    if found is None:
        raise NotHere
    return found


def waiting(*, keys: Collection[bytes]) -> Sequence[QuoteAsk]:
    """What waits for an answer under these keys of one person."""
    rows = QuoteAsk.objects.select_related("study", "source__study", "post__thread__group")
    mine = rows.filter(source__key__in=list(keys), source__part=Part.IN, answer=QuoteAnswer.WAITING)
    return [row for row in mine.order_by("asked_on", "id") if may_be_asked(row.source)]


def may_be_asked(source: Source) -> bool:
    """Whether the last thing somebody said about being quoted is yes, to what the study promises today."""
    last = consent.answers(key=bytes(source.key)).get(Item.QUOTES)
    digests = consent.digests_on(study=source.study, on_day=clock.today())
    is_yes = last is not None and last.answer == Answer.GIVEN and last.document.digest in digests
    return is_yes and source.part == Part.IN


def whom_to_ask(*, study: Study, post: Post) -> Source | None:
    """Whose message it is, if they may be asked about it, as the team's pages tell it."""
    source = shown.source_of(study=study, post=post)
    is_open = source is not None and shown.lets_ask(source, may_be_asked=may_be_asked(source))
    return source if is_open else None


def who_finds(*, post: Post, words: str) -> list[str]:
    """In sentences, who could find these exact words of a message by looking for them, without being in the study."""
    group = post.thread.group
    found = [_("Everyone in this group can find these words in the talk.")]
    if group.visibility == Visibility.OPEN:
        found.append(_("Anyone who signs up can come into this group and find them."))
    wanted = " ".join(words.casefold().split())
    public = Announcement.objects.filter(reach__in=[Reach.LINK, Reach.PRINT], ends_on__gte=clock.today())
    pages = (
        " ".join(f"{title} {text}".casefold().split()) for title, text in public.values_list("title", "text")
    )
    if any(wanted in page for page in pages):
        found.append(_("They stand on a page for people outside the group."))
    else:
        found.append(_("They stand on no page for people outside the group."))
    return found


def _rows() -> QuerySet[QuoteAsk]:
    return QuoteAsk.objects.select_related(
        "study", "source__study", "post__thread__group", "post__byline__persona"
    )


def _quote(row: QuoteAsk) -> Quote:
    said = json.loads(sealed.unseal(study=row.study, sealed=bytes(row.sealed), place=place_of(row.public_id)))
    return Quote(
        ask=row, words=passages.words(row, study=row.study), use=said["use"], rewording=said["rewording"],
        is_open=(is_open := may_be_asked(row.source)), seen_words=shown.words(row, study=row.study),
        is_seen_open=shown.lets_ask(row.source, may_be_asked=is_open),
    )  # fmt: skip

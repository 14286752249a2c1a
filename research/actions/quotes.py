"""Quoting somebody: only by asking the one who wrote it, who can say no, and can take a yes back."""

from __future__ import annotations

import datetime as dt
import json

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from chat.models import Post
from community.errors import MayNot, NotHere
from community.models import Group
from community.selectors.here import Here
from core import clock, ids
from core import text as texts
from research import sealed
from research.actions.codes import lock, locked
from research.enums import QuoteAnswer
from research.models import QuoteAsk
from research.selectors import consent as reading
from research.selectors import passages, presence, quotes
from research.selectors.desks import KeyOf

NOT_ASKED = gettext_noop("You cannot ask to quote this message.")  # says nothing of its writer
MOST, DAYS = 2, 30  # asks of one person, whichever study asks
YES = {QuoteAnswer.VERBATIM, QuoteAnswer.REWORDED}


def ask(*, here: Here, pid: str, passage: str, use: str, rewording: str, key_of: KeyOf) -> None:
    """Ask a message's writer to be quoted. Raises NotHere for a message that is not open to them, and MayNot for one
    whose writer is not to be asked, or was asked enough."""
    with transaction.atomic():
        now = locked(presence.desk_of(here=here, key_of=key_of), "ask_to_quote")
        post = passages.message(here=here, pid=pid, key_of=key_of)
        source = quotes.whom_to_ask(study=now.study, post=post)
        if source is None:
            raise MayNot(_(NOT_ASKED))
        at = passages.locate(study=now.study, post=post, words=passage)
        if at is None:
            raise MayNot(_("These words are not in the message. Copy them as they stand there."))
        _require_rested(post)
        if QuoteAsk.objects.filter(study=now.study, post=post, mark=at["mark"]).exists():
            raise MayNot(_("You asked for these words before. An answer stays."))
        qid, said = ids.new_public_id(), {"use": texts.tidy(use), "rewording": texts.tidy(rewording)}
        value = sealed.seal(study=now.study, value=json.dumps(said).encode(), place=quotes.place_of(qid))
        QuoteAsk.objects.create(study=now.study, public_id=qid, post=post, source=source, sealed=value, **at)


def answer(*, group: Group, sid: str, qid: str, answer: QuoteAnswer, key_of: KeyOf) -> None:
    """Answer, or answer anew, until it has gone out. A no is always taken. Raises NotHere, or MayNot."""
    with transaction.atomic():
        own = reading.own(sid=sid, group=group, key_of=key_of)
        lock(own.study)
        found = quotes.find_own(part=reading.own(sid=sid, group=group, key_of=key_of), qid=qid)
        if answer == QuoteAnswer.WAITING or (answer == QuoteAnswer.REWORDED and not found.rewording):
            raise NotHere
        if answer in YES and not (found.words and found.is_open):
            raise MayNot(_("These words cannot be quoted any more. You need not do anything."))
        free = Q(pk=found.ask.pk, released_on=None)
        if not QuoteAsk.objects.filter(free).update(answer=answer, answered_on=clock.today()):
            raise MayNot(_("It has gone out already. Nobody can call it back."))


def _require_rested(post: Post) -> None:
    """Nobody is asked more than they can bear, by however many studies."""
    assert post.byline.persona  # nobody is asked about what they wrote under a one-thread name
    since = clock.today() - dt.timedelta(days=DAYS)
    asked = QuoteAsk.objects.filter(post__byline__persona__member=post.byline.persona.member_id)
    if asked.filter(asked_on__gt=since).count() >= MOST:
        raise MayNot(_("This person was asked twice in 30 days. Let them be for now."))

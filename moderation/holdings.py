"""What moderation holds of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db.models import QuerySet

from core import ledger
from core.models import RandomKeyModel
from core.registries import holdings
from core.registries.holdings import Apart, Owner, Row
from moderation import parties
from moderation.actions import folds, forgetting
from moderation.models import (
    Appeal,
    Case,
    Decision,
    DutyMail,
    Fold,
    GroupCare,
    Held,
    Look,
    Notice,
    Party,
    Queue,
    QueueEvent,
    Report,
    Sanction,
    SlowThread,
    Strike,
    Switch,
    Visit,
    Worry,
    Written,
)
from moderation.selectors.folds import KIND


def _reports(owner: Owner) -> QuerySet[Report]:
    assert owner.key is not None
    cases = Case.objects.filter(group__public_id=owner.group)
    keys = [owner.key("report", public_id) for public_id in cases.values_list("public_id", flat=True)]
    return Report.objects.filter(key__in=keys)


def _own_reports(owner: Owner) -> Iterator[Row]:
    for found in _reports(owner):
        yield {
            "reported on": found.reported_on,
            "because": found.get_reason_display(),
            "your note": found.note,
            "you were asked": found.question,
            "you answered": found.answer,
        }


def _own_notices(owner: Owner) -> Iterator[Row]:
    for notice in _notices(owner):
        yield {"told on": notice.sent_on, "the team wrote": notice.message}


def _notices(owner: Owner) -> list[Notice]:
    rows = Notice.objects.filter(group__public_id=owner.group)
    key_of = parties.keys_of(owner_tag=owner.tag)
    return [one for one in rows if bytes(one.key) == key_of(one.public_id)]


def _cases(owner: Owner) -> list[Case]:
    rows = Case.objects.filter(group__public_id=owner.group)
    key_of = parties.keys_of(owner_tag=owner.tag)
    return [one for one in rows if bytes(one.author_key) == key_of(one.public_id)]


def _strikes(owner: Owner) -> QuerySet[Strike]:
    """Those of one's name here, and those of one's one-thread names."""
    places = Case.objects.filter(group__public_id=owner.group).values_list("place", flat=True).distinct()
    keys = [
        parties.strike_key(group=owner.group, owner_tag=owner.tag, once_in=place) for place in {"", *places}
    ]
    return Strike.objects.filter(key__in=keys)


def _own_strikes(owner: Owner) -> Iterable[Row]:
    for strike in _strikes(owner):
        yield {"earlier problem, by line of the group promise": strike.rule_code, "fades on": strike.fades_on}


def _folds(owner: Owner) -> QuerySet[Fold]:
    assert owner.key is not None
    return Fold.objects.filter(key=owner.key(KIND, owner.group))


def _own_folds(owner: Owner) -> Iterable[Row]:
    for one in _folds(owner):
        yield {"you folded a message, until": one.until, "you can fold again from": one.barred_until}


def _nothing(_owner: Owner) -> Iterable[Row]:
    return ()


def _refs(find: Callable[[Owner], Iterable[RandomKeyModel]]) -> Callable[[Owner], Iterable[str]]:
    return lambda owner: [str(row.pk) for row in find(owner)]


def register() -> None:
    """Register every model, and what the ledger of erasures can name."""
    ledger.register("reported copy", refs=forgetting.copies_there, erase=forgetting.forget_copy_again)
    ledger.register("copy to go", refs=forgetting.copies_there, erase=forgetting.forget_copy)
    ledger.register(forgetting.AROUND, refs=forgetting.around_there, erase=forgetting.forget_around_again)
    ledger.register(forgetting.WHOSE, refs=forgetting.cases_there, erase=forgetting.forget_author)
    ledger.register("report", refs=forgetting.reports_there, erase=forgetting.forget_report)
    ledger.register("notice", refs=forgetting.notices_there, erase=forgetting.forget_notice)
    strikes = Apart(refs=_refs(_strikes), erase=forgetting.forget_strike, final=True)
    folded = Apart(refs=_refs(_folds), erase=folds.forget, final=True)
    reports = Apart(refs=_refs(_reports), erase=forgetting.forget_report)
    notices = Apart(refs=_refs(_notices), erase=forgetting.forget_notice)
    holdings.hold(Report, export=_own_reports, erase=reports, title="What you reported")
    holdings.hold(Notice, export=_own_notices, erase=notices, title="What the team told you")
    holdings.hold(Strike, export=_own_strikes, erase=strikes, title="Earlier problems")
    holdings.hold(Fold, export=_own_folds, erase=folded, title="What you folded")
    cases = Apart(refs=_refs(_cases), erase=forgetting.forget_copy, untie=forgetting.forget_author)
    holdings.hold(Case, export=_nothing, erase=cases)
    holdings.keep(Party, because="keys that only a person's own tag and the key ring make")
    holdings.keep(Look, because="the team's acts are on the record")
    holdings.keep(Decision, because="what was decided and why stays; it names nobody")
    holdings.keep(Sanction, because="sealed, to undo a decision; it opens to a tag that nobody has any more")
    holdings.keep(Appeal, because="what was asked and answered belongs to the decision; it names nobody")
    holdings.keep(Queue, because="a counter for each group")
    holdings.keep(QueueEvent, because="says that a case changed, and nothing of whose it is")
    holdings.keep(
        Held, because="says that something waits; what and whose is sealed in its act, and it goes with that"
    )
    holdings.keep(Worry, because="says how far the team's care has come; whose it is, its case alone knows")
    holdings.keep(Written, because="says in which case of care a notice was written; it goes with the notice")
    holdings.keep(DutyMail, because="goes with the team member who got it")
    holdings.keep(Visit, because="goes with the team member who came")
    holdings.keep(GroupCare, because="belongs to its group")
    holdings.keep(SlowThread, because="belongs to its group")
    holdings.keep(Switch, because="belongs to its group; it counts messages and keeps none")

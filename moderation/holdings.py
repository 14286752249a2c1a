"""What moderation holds of a person in one group, and what happens to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from community.actions import erasing
from core import ledger
from core.registries import holdings
from core.registries.holdings import Owner, Row
from moderation import parties
from moderation.actions import forgetting
from moderation.models import (
    Appeal,
    Case,
    Decision,
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
    Visit,
)


def _own_reports(owner: Owner) -> Iterator[Row]:
    assert owner.key is not None
    cases = Case.objects.filter(group__public_id=owner.group)
    keys = [owner.key("report", public_id) for public_id in cases.values_list("public_id", flat=True)]
    for found in Report.objects.select_related("case").filter(key__in=keys):
        yield {
            "reported on": found.reported_on,
            "because": found.get_reason_display(),
            "your note": found.note,
            "you were asked": found.question,
            "you answered": found.answer,
        }


def _erase_reports(owner: Owner) -> None:
    assert owner.key is not None
    cases = Case.objects.filter(group__public_id=owner.group)
    keys = [owner.key("report", public_id) for public_id in cases.values_list("public_id", flat=True)]
    forgetting.forget_reports(Report.objects.filter(key__in=keys))


def _own_notices(owner: Owner) -> Iterator[Row]:
    for notice in _notices(owner):
        yield {"told on": notice.sent_on, "the team wrote": notice.message}


def _notices(owner: Owner) -> list[Notice]:
    rows = Notice.objects.filter(group__public_id=owner.group)
    key_of = parties.keys_of(owner_tag=owner.tag)
    return [one for one in rows if bytes(one.key) == key_of(one.public_id)]


def _erase_notices(owner: Owner) -> None:
    forgetting.forget_notices([notice.pk for notice in _notices(owner)])


def _erase_cases(owner: Owner) -> None:
    rows = Case.objects.filter(group__public_id=owner.group)
    mine = [
        one.pk
        for one in rows
        if bytes(one.author_key) == parties.key_of(ref=one.public_id, owner_tag=owner.tag)
    ]
    forgetting.forget_copies(mine)


def _own_strikes(owner: Owner) -> Iterable[Row]:
    for strike in Strike.objects.filter(owner_tag=owner.tag):
        yield {"earlier problem, by line of the group promise": strike.rule_code, "fades on": strike.fades_on}


def _nothing(_owner: Owner) -> Iterable[Row]:
    return ()


def _stays(_owner: Owner) -> None:
    """It binds through leaving and coming back, and goes when the account is finally deleted."""


def register() -> None:
    """Register every model, and what the ledger of erasures can name."""
    erasing.at_the_end(forgetting.forget_person)
    ledger.register("reported copy", refs=forgetting.copies_there, erase=forgetting.forget_copy_again)
    ledger.register("report", refs=forgetting.reports_there, erase=forgetting.forget_report_again)
    ledger.register("notice", refs=forgetting.notices_there, erase=forgetting.forget_notice_again)
    holdings.hold(Report, export=_own_reports, erase=_erase_reports, title="What you reported")
    holdings.hold(Notice, export=_own_notices, erase=_erase_notices, title="What the team told you")
    holdings.hold(Strike, export=_own_strikes, erase=_stays, title="Earlier problems")
    holdings.hold(Case, export=_nothing, erase=_erase_cases)
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
    holdings.keep(Visit, because="goes with the team member who came")
    holdings.keep(GroupCare, because="belongs to its group")
    holdings.keep(SlowThread, because="belongs to its group")

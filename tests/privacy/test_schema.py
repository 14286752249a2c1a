"""The two worlds share no column, no row tells when or in what order people came, and no key tells either."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import combinations

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from core import ids
from core.fields import RandomKeyField

PERSONA_WORLD = {"audit", "community", "moderation", "chat", "research"}
PRIVATE_WORLD = {"accounts", "account", "mfa", "auth"}
OURS = PERSONA_WORLD | {"accounts", "config", "core"}
NAMES_PRIVATE = re.compile(r"account|user|session|passphrase|(^|_)facts?(_|$)|username")
DJANGOS_OWN = {"auth"}  # has a "group" of its own, which stays empty
NAMES_PERSONA = re.compile(r"member|persona|byline|alias|handle|(^|_)(group|thread|post)s?(_|$)")
TRACES = re.compile(
    r"(^|_)ip(_|$)|(^|_)agent|e?mail|address|last_login|last_seen|date_joined|(created|updated|joined|seen)(_at)?$"
)

FINE_TIMES = {
    "community.Standing.until": "a limit of hours must end at its hour; nobody but its owner and the team see it",
    "community.DueAct.due_at": "drawn at random when it is asked for, so that it tells no moment that was",
    "moderation.Case.since": "the hour of the first report, so that the oldest is looked at first",
    "moderation.Case.lease_until": "until when a moderator holds what they look at; about nobody else",
    "moderation.Worry.check_at": "the hour from which a team looks again at how somebody is; it goes when they do",
    "moderation.Written.at": "the hour in which a team wrote to somebody, for a colleague who goes on with it",
    "moderation.Held.since": "the hour since when a message is checked, so that the oldest is looked at first",
    "moderation.Visit.open_until": "in steps of five minutes, for the team to see that a page is open; gone soon",
    "moderation.GroupCare.slow_until": "a full hour, at which a group is slow no more; about no person",
    "moderation.Fold.until": "a full hour, at which a message is folded no more; in the database alone",
    "moderation.SlowThread.until": "a full hour, at which a talk is slow no more; about no person",
    "research.Export.made_until": "until when a file that was made lies to be fetched; about no member",
    "community.OffDuty.until": "the strip says when somebody of the team is back; chosen by that person",
    "accounts.Account.closing_at": "the end of an undo time, at a full hour; the row is deleted then",
    "config.Lease.until": "which process runs due work; about no person",
    "mfa.Authenticator.created_at": "allauth's; set to the first of the month (accounts.adapter)",
    "mfa.Authenticator.last_used_at": "allauth's; always empty (accounts.adapter)",
    "account.EmailConfirmation.created": "allauth's; the table stays empty",
    "account.EmailConfirmation.sent": "allauth's; the table stays empty",
}
TIMES_OF_DAY = {
    "community.Shift.starts": "the weekly rota, published on purpose",
    "community.Shift.ends": "the weekly rota, published on purpose",
}
NAME_EXCEPTIONS = {
    "moderation.Decision.facts": "what a decision rests on, in the words of the team; the law calls it so",
}
TRACE_EXCEPTIONS: dict[str, str] = {}  # column -> why its name is harmless

Columns = list[tuple[str, models.Field]]  # type: ignore[type-arg]


def columns_of(candidates: Iterable[type[models.Model]]) -> Columns:
    """`app.Model.column` and field, for every stored column."""
    return [
        (f"{model._meta.label}.{field.name}", field)
        for model in candidates
        for field in model._meta.local_fields
    ]


def label_of(column: str) -> str:
    """The app of a column."""
    return column.split(".", maxsplit=1)[0]


def across_the_worlds(columns: Columns) -> list[str]:
    """Columns that refer from one world to the other, by key or by name."""
    found = []
    for column, field in columns:
        name = field.name
        target = field.related_model._meta.app_label if field.is_relation and field.related_model else ""
        if label_of(column) in PERSONA_WORLD and (target in PRIVATE_WORLD or NAMES_PRIVATE.search(name)):
            found.append(column)
        named = NAMES_PERSONA.search(name) and label_of(column) not in DJANGOS_OWN
        if label_of(column) in PRIVATE_WORLD and (target in PERSONA_WORLD or named):
            found.append(column)
    return found


def fine_times(columns: Columns) -> set[str]:
    """Columns that hold a moment."""
    return {column for column, field in columns if isinstance(field, models.DateTimeField)}


def times_of_day(columns: Columns) -> set[str]:
    """Columns that hold a time of day, or a length of time."""
    return {column for column, field in columns if isinstance(field, models.TimeField | models.DurationField)}


def ordered_keys(columns: Columns) -> list[str]:
    """Primary keys of ours that are not random."""
    keys = [(column, field) for column, field in columns if field.primary_key and label_of(column) in OURS]
    return [
        column
        for column, field in keys
        if not isinstance(field, RandomKeyField) or field.default != ids.new_key
    ]


def traces(columns: Columns) -> list[str]:
    """Columns of ours whose name says that they follow people."""
    return [column for column, field in columns if label_of(column) in OURS and TRACES.search(field.name)]


def ordered_public_ids(columns: Columns) -> list[str]:
    """Public ids that do not come from core.ids, or are keys to something else too."""
    found = [(column, field) for column, field in columns if field.name in {"public_id", "avatar_id"}]
    return [column for column, field in found if field.default != ids.new_public_id or not field.unique]


def kendall_tau(values: list[str]) -> float:
    """How far the order of creation agrees with the sorted order: 1 the same, 0 nothing, -1 the reverse."""
    agreeing = sum(1 if left < right else -1 for left, right in combinations(values, 2))
    return agreeing / (len(values) * (len(values) - 1) / 2)


@pytest.fixture(scope="module")
def columns() -> Columns:
    return columns_of(apps.get_models(include_auto_created=True))


@pytest.fixture
def faulty() -> Iterator[Columns]:
    """The columns of two models that break every rule at once."""
    with isolate_apps("chat", "accounts"):

        class Diary(models.Model):  # noqa: DJ008 never printed
            writer = models.ForeignKey("accounts.Account", on_delete=models.CASCADE)
            username = models.CharField(max_length=9)
            client_ip = models.CharField(max_length=9)
            written_at = models.DateTimeField()
            woke = models.TimeField()
            public_id = models.CharField(max_length=9, unique=True)

            class Meta:
                app_label = "chat"

        class Login(models.Model):  # noqa: DJ008 never printed
            seen_as = models.ForeignKey("community.Member", on_delete=models.CASCADE)
            persona_handle = models.CharField(max_length=9)
            last_login = models.DateField()

            class Meta:
                app_label = "accounts"

        for model in (Diary, Login):
            for field in model._meta.local_fields:
                if isinstance(field.remote_field and field.remote_field.model, str):
                    field.remote_field.model = apps.get_model(field.remote_field.model)
        yield columns_of([Diary, Login])


def test_no_column_leads_from_one_world_to_the_other(columns: Columns) -> None:
    assert set(across_the_worlds(columns)) == set(NAME_EXCEPTIONS)


def test_no_moment_is_stored_that_nothing_needs(columns: Columns) -> None:
    assert fine_times(columns) == set(FINE_TIMES), "not excused, or excused and not there any more"


def test_no_time_of_day_is_stored_but_the_rota(columns: Columns) -> None:
    assert times_of_day(columns) == set(TIMES_OF_DAY)


def test_every_key_of_ours_is_random(columns: Columns) -> None:
    assert ordered_keys(columns) == []


def test_no_column_follows_people(columns: Columns) -> None:
    assert set(traces(columns)) == set(TRACE_EXCEPTIONS)


def test_public_ids_come_from_one_place(columns: Columns) -> None:
    assert ordered_public_ids(columns) == []


@pytest.mark.parametrize(
    ("guard", "caught"),
    [
        (across_the_worlds, {"Diary.writer", "Diary.username", "Login.seen_as", "Login.persona_handle"}),
        (fine_times, {"Diary.written_at"}),
        (times_of_day, {"Diary.woke"}),
        (ordered_keys, {"Diary.id", "Login.id"}),
        (traces, {"Diary.client_ip", "Login.last_login"}),
        (ordered_public_ids, {"Diary.public_id"}),
    ],
)
def test_a_seeded_column_is_caught(
    faulty: Columns, guard: Callable[[Columns], Iterable[str]], caught: set[str]
) -> None:
    assert {column.split(".", maxsplit=1)[1] for column in guard(faulty)} == caught


@pytest.mark.parametrize("draw", [ids.new_public_id, lambda: f"{ids.new_key():020d}", ids.new_code])
def test_ids_do_not_tell_who_came_first(draw: Callable[[], str]) -> None:
    # For 1,000 unrelated values tau has a standard deviation of 0.021: 0.12 is nearly six of them.
    assert abs(kendall_tau([draw() for _ in range(1000)])) < 0.12


def test_ids_that_tell_the_order_are_caught() -> None:
    assert kendall_tau([f"{number:06d}" for number in range(1000)]) == 1.0
    mostly = [f"{number // 50:06d}{ids.new_public_id()}" for number in range(1000)]
    assert kendall_tau(mostly) > 0.9

"""Every row says what happens to it when a person takes their things out, or has them erased."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import isolate_apps

from core.registries import holdings

# Tables that Django brings. Kith writes nothing about people into them.
KEPT_BY_DJANGO = {
    "auth.Permission": "names of rights, made by Django from the models; nobody is given any",
    "auth.Group": "stays empty: roles belong to members of a group, not to accounts",
    "auth.Group_permissions": "stays empty, like the groups of Django's own",
    "contenttypes.ContentType": "names of models",
}


def all_models() -> list[type[models.Model]]:
    """Every model of every installed app, the hidden ones of many-to-many fields too."""
    return list(apps.get_models(include_auto_created=True))


def undecided(candidates: list[type[models.Model]]) -> set[str]:
    """The labels of models that are neither held, nor kept with a reason, nor Django's own."""
    return {model._meta.label for model in holdings.unregistered(candidates)} - set(KEPT_BY_DJANGO)


@pytest.fixture
def newcomer() -> Iterator[type[models.Model]]:
    """A model that somebody forgot to register."""
    with isolate_apps("chat"):

        class Whisper(models.Model):  # noqa: DJ008 never printed
            text = models.TextField()

            class Meta:
                app_label = "chat"

        yield Whisper


def test_every_model_is_held_or_kept() -> None:
    assert undecided(all_models()) == set()


def test_a_seeded_unregistered_model_is_caught(newcomer: type[models.Model]) -> None:
    assert undecided([*all_models(), newcomer]) - undecided(all_models()) == {"chat.Whisper"}


def test_what_is_excused_is_there_and_not_registered_as_well() -> None:
    labels = {model._meta.label for model in holdings.unregistered(all_models())}
    assert set(KEPT_BY_DJANGO) <= labels


def test_every_reason_is_a_reason() -> None:
    assert all(len(reason.split()) >= 2 for reason in holdings._kept.values())
    assert not set(holdings._kept) & {holding.model for holding in holdings.holdings()}, (
        "held and kept at once"
    )


def test_every_table_in_the_database_belongs_to_a_model(db: None) -> None:
    known = {model._meta.db_table for model in all_models()} | {"django_migrations"}
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    assert tables - known == set(), "a migration made a table that no model describes"


def idle_erasures(held: Iterable[holdings.Holding]) -> list[str]:
    """Labels of held models whose erasure does nothing, says nothing, and whose rows go with no other held row."""
    models_held = {holding.model for holding in holdings.holdings()}
    found = []
    for holding in held:
        leans_on = {
            field.related_model
            for field in holding.model._meta.local_fields
            if field.remote_field and field.remote_field.on_delete is models.CASCADE
        }
        erase = holding.erase.erase if isinstance(holding.erase, holdings.Apart) else holding.erase
        acts = bool(erase.__code__.co_names)  # type: ignore[attr-defined]  # a function
        if not acts and not inspect.getdoc(erase) and not leans_on & models_held:
            found.append(holding.model._meta.label)
    return found


def test_an_erasure_that_does_nothing_has_a_reason() -> None:
    assert idle_erasures(holdings.holdings()) == []


def test_a_seeded_idle_erasure_is_caught(newcomer: type[models.Model]) -> None:
    def forget(owner: holdings.Owner) -> None:
        return

    def nothing(owner: holdings.Owner) -> list[holdings.Row]:
        return []

    seed = holdings.Holding(model=newcomer, export=nothing, erase=forget)
    assert idle_erasures([seed]) == ["chat.Whisper"]

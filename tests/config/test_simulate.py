"""`manage.py simulate`: files with a stamp, errors in words, and a group of made-up people in a demo only."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Account
from chat.models import Post, Thread
from community.models import Group, Member, Persona
from config.guard import DEMO_SIGN_IN

FEW = {"members": 30, "weeks": 3, "runs": 2}


def test_it_writes_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("simulate", out=tmp_path / "a", policy=["hours shown"], **FEW)
    assert "Made-up people" in capsys.readouterr().out
    assert len(list((tmp_path / "a").iterdir())) == 5
    call_command("simulate", out=tmp_path / "b", policy=["hours shown"], **FEW)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


@pytest.mark.parametrize("wrong", [{"runs": 0}, {"members": -1}, {"processes": 0}])
def test_what_makes_no_sense_is_said(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(CommandError, match="at least 1"):
        call_command("simulate", out=tmp_path, **wrong)
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("simulate", "--policy", "no such policy")


def test_a_log_gets_a_line_and_no_bar(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("simulate", out=tmp_path, policy=["hours shown"], **FEW)
    written = capsys.readouterr().err
    assert "\r" not in written and written.count("trade-offs") == 1


def test_no_power_is_told_from_few_runs(tmp_path: Path) -> None:
    call_command("simulate", out=tmp_path, against="hours shown", worlds=2, **FEW)
    assert not (tmp_path / "made-up-people-power.csv").exists()
    assert "Not worked out" in (tmp_path / "made-up-people-report.md").read_text()


def test_help_says_what_holds_where_nothing_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("simulate", "--help")
    shown = capsys.readouterr().out
    assert all(f"(default: {value})" in " ".join(shown.split()) for value in (200, 12, 1, 100, 40))


@pytest.mark.django_db
def test_no_other_database_is_filled(settings: pytest.FixtureRequest) -> None:
    for demo, account in ((False, ""), (False, DEMO_SIGN_IN), (True, ""), (True, "somebody")):
        settings.KITH_DEMO = demo  # type: ignore[attr-defined]  # set for a test
        Account.objects.all().delete()
        if account:
            Account.objects.create(username=account)
        with pytest.raises(CommandError, match="demo only"):
            call_command("simulate", fill="Load", **FEW)
    assert not Group.objects.exists() and not Post.objects.exists()


@pytest.mark.django_db
def test_a_demo_is_filled_through_the_real_actions(settings: pytest.FixtureRequest) -> None:
    settings.KITH_DEMO = True  # type: ignore[attr-defined]  # set for a test
    Account.objects.create(username=DEMO_SIGN_IN)
    call_command("simulate", fill="Load", members=25, weeks=2)
    group = Group.objects.get(name="Load")
    assert Member.objects.filter(group=group).count() == 25
    posts = Post.objects.filter(thread__group=group)
    assert posts.count() > 5 and posts.count() == sum(
        thread.last_seq for thread in Thread.objects.filter(group=group)
    )
    assert Persona.objects.filter(group=group).exists()
    assert all("Made-up" in post.text for post in posts)
    assert {post.byline.persona_id is None for post in posts.select_related("byline")} <= {True, False}

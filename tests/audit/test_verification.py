"""Checking the record: what is wrong is found and said, what is right raises no alarm, and what was signed binds."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from audit import actions, checkpoints, duties, inclusion, selectors, verification
from audit.errors import Disagrees, RecordAway
from audit.models import AuditEntry, AuditPayload, Chain
from proof import audit_chain, tampering
from tests.audit.acts import SCOPE, act, acts, all_powers, run

pytestmark = pytest.mark.django_db(transaction=True)


def faults(scope: str = SCOPE) -> list[str]:
    return verification.verify(scope=scope).faults


def audit(*what: str) -> str:
    out = StringIO()
    call_command("audit", *what, stdout=out)
    return out.getvalue()


@pytest.fixture
def signed() -> Path:
    """Twelve acts, signed at 5, by itself at 10, and at 12. Returns the file of signed lines."""
    acts(5)
    actions.sign(scope=SCOPE)
    acts(7)
    actions.sign(scope=SCOPE)
    return checkpoints.folder() / "signed" / SCOPE


# --- what is found ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("plain", [True, False], ids=["plain", "with new hashes"])
@pytest.mark.parametrize("name", [*tampering.WAYS, *tampering.WITH_THE_FOLDER])
def test_tampering_is_found(signed: Path, name: str, plain: bool) -> None:
    way = (tampering.WAYS | tampering.WITH_THE_FOLDER)[name]
    before = tampering.take(SCOPE)
    with tampering.powers():
        for at in (1, 6, 11):
            held = dataclasses.replace(before, rows=[*before.rows], lines=[*before.lines])
            way(held, at, plain, random.Random(at))
            with transaction.atomic():
                tampering.put(held, before=before)
                assert faults(), f"{name} at {at}"
                transaction.set_rollback(True)
            signed.write_text("".join(f"{line}\n" for line in before.lines))
    assert faults() == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_auditentry SET act = 'x' WHERE seq = 4", "Entry 4 was changed"),
        ("UPDATE audit_auditentry SET version = 2 WHERE seq = 4", "Entry 4 is in a form that this version"),
        ("UPDATE audit_auditpayload SET payload = '{}' WHERE payload = '{\"n\":3}'",
         "The words of entry 4 are not those"),
        ("UPDATE audit_chain SET head_seq = 15", "should end at entry 15"),
        ("UPDATE audit_chain SET signed_seq = 15", "knows of a signature for entry 15"),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_and_where(signed: Path, statement: str, words: str) -> None:
    with all_powers():
        run(statement)
    assert words in " ".join(faults())


def test_a_chain_or_an_entry_that_is_gone_is_missed(signed: Path) -> None:
    with all_powers():
        run("DELETE FROM audit_auditpayload")
        run("DELETE FROM audit_auditentry")
        run("DELETE FROM audit_chain")
    assert "signed up to entry 12 and ends at entry 0" in faults()[0]
    with pytest.raises(CommandError, match="NOT intact"):
        audit("verify")


@pytest.mark.sqlite
def test_rubbish_in_a_column_is_a_fault_and_no_crash(signed: Path) -> None:
    with all_powers():
        run("UPDATE audit_auditentry SET seq = x'05' WHERE seq = 4")
    assert any("cannot be read" in words for words in faults())


def test_many_faults_are_counted_and_not_all_said(signed: Path) -> None:
    acts(20)
    with all_powers():
        run("UPDATE audit_auditentry SET act = 'x'")
    verdict = verification.verify(scope=SCOPE)
    assert (len(verdict.faults), verdict.more) == (verification.SHOWN, 32 - verification.SHOWN)


def test_entries_and_signed_lines_are_read_as_they_come_and_not_all_at_once(signed: Path) -> None:
    assert isinstance(verification._rows(Chain.objects.get(), 1), Iterator)
    assert isinstance(checkpoints.lines(scope=SCOPE), Iterator)


# --- the signed lines -----------------------------------------------------------------------------------------------
def test_what_is_signed_is_the_head_with_a_day_for_its_owner_alone(signed: Path) -> None:
    lines = signed.read_text().splitlines()
    assert [tampering.seq_of(line) for line in lines] == [5, 10, 12]
    assert AuditEntry.objects.get(seq=12).hash == bytes.fromhex(lines[-1].split()[5])
    assert all(len(line.split()) == 8 for line in lines)
    key = checkpoints.folder() / "key"
    assert [path.stat().st_mode & 0o077 for path in (signed, key, signed.parent)] == [0, 0, 0]


def test_every_so_many_entries_are_signed_by_themselves_and_the_rest_by_the_duty() -> None:
    acts(actions.EVERY + 1)
    assert verification.verify(scope=SCOPE).signed_to == actions.EVERY
    actions.sign_all()
    assert verification.verify(scope=SCOPE).signed_to == actions.EVERY + 1
    actions.sign_all()
    assert len((checkpoints.folder() / "signed" / SCOPE).read_text().splitlines()) == 2


def test_nothing_more_is_signed_over_a_chain_that_was_rewritten(signed: Path) -> None:
    with all_powers():
        run("UPDATE audit_auditentry SET hash = prev WHERE seq = 12")
    act(day=20)
    with pytest.raises(Disagrees):
        actions.sign(scope=SCOPE)
    actions.sign_all()  # says so in the log, and goes on
    assert len(signed.read_text().splitlines()) == 3


def test_a_line_that_was_being_written_when_the_power_went_is_written_over(signed: Path) -> None:
    with signed.open("a") as held:
        held.write("kith-record-1 signed harb")
    assert faults() == []
    act(day=20)
    actions.sign(scope=SCOPE)
    assert len(signed.read_text().splitlines()) == 4
    assert faults() == []


def test_a_key_that_is_gone_is_not_made_anew(signed: Path) -> None:
    (checkpoints.folder() / "key").unlink()
    act(day=20)
    with pytest.raises(RecordAway):
        actions.sign(scope=SCOPE)
    with pytest.raises(CommandError, match="KITH_RECORD"):
        audit("verify")
    assert not (checkpoints.folder() / "key").exists()


def test_an_act_stands_though_nothing_can_be_signed(signed: Path) -> None:
    signed.unlink()
    signed.mkdir()
    acts(actions.EVERY)
    assert Chain.objects.get().head_seq == 12 + actions.EVERY


@pytest.mark.sqlite
def test_what_is_signed_is_on_disk_first(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def note(execute, sql, *rest):
        said.append(sql)
        return execute(sql, *rest)

    act()
    monkeypatch.setattr(checkpoints, "add", lambda **_: said.append("signed"))
    with connection.execute_wrapper(note):
        actions.sign(scope=SCOPE)
    assert "PRAGMA wal_checkpoint(PASSIVE)" in said[: said.index("signed")]


# --- an older copy ----------------------------------------------------------------------------------------------------
def test_a_restored_backup_is_an_alarm_until_it_is_said_and_stays_in_the_record(signed: Path) -> None:
    before = tampering.take(SCOPE)
    tampering.rollback(before, 8, True, random.Random(1))
    with all_powers():
        run(
            "DELETE FROM audit_auditpayload WHERE entry_id IN (SELECT id FROM audit_auditentry WHERE seq > 7)"
        )
        run("DELETE FROM audit_auditentry WHERE seq > 7")
        run("UPDATE audit_chain SET head_seq = 7, signed_seq = 5, head_hash = %s", before.head[1])
    assert "older copy" in faults()[0]
    act(day=20)
    assert "harbour2harbour: signed up to 12, went back to 5" in audit("restored")
    said = verification.verify(scope=SCOPE)
    assert said.faults == []
    assert "holds the first 5" in said.remarks[0]
    assert selectors.entries(scope=SCOPE)[0].act == "restored"
    acts(5, scope=SCOPE)
    actions.sign_all()
    assert faults() == []
    assert "Nothing was written" in audit("restored")


def test_what_is_rewritten_after_a_restore_is_found_as_before(signed: Path) -> None:
    test_a_restored_backup_is_an_alarm_until_it_is_said_and_stays_in_the_record(signed)
    for at in (3, 8, 11):
        with transaction.atomic(), all_powers():
            run("UPDATE audit_auditentry SET act = 'x', hash = prev WHERE seq = %s", at)
            assert faults()
            transaction.set_rollback(True)


def test_nobody_without_the_key_says_that_a_copy_was_put_back(signed: Path) -> None:
    line = signed.read_text().splitlines()[-1].replace("signed", "restored", 1).split(" ")
    with signed.open("a") as held:
        held.write(" ".join([*line[:6], "5", line[7]]) + "\n")
    assert "A line says that a copy was put back" in faults()[0]


def test_signed_lines_that_are_lost_are_an_alarm_until_it_is_said(signed: Path) -> None:
    signed.unlink()
    assert "The database knows of a signature for entry 12" in faults()[0]
    act(day=20)
    with pytest.raises(Disagrees):
        actions.sign(scope=SCOPE)
    audit("restored")
    assert faults() == []


def test_words_that_are_gone_are_a_fault_unless_they_were_erased(signed: Path) -> None:
    actions.erase_words(entry=AuditEntry.objects.get(seq=7))
    assert faults() == []
    AuditPayload.objects.filter(entry__seq=3).delete()
    assert faults() == ["The words of entry 3 are gone, and nobody erased them."]
    with pytest.raises(CommandError, match="NOT intact"):
        audit("verify")


# --- who asks ---------------------------------------------------------------------------------------------------------
def test_the_command_says_that_all_is_well(signed: Path) -> None:
    acts(2, scope="site")
    assert "The record is intact: 2 scopes" in audit("verify")
    assert "12 entries, signed up to 12" in audit("verify", "--scope", SCOPE)


def test_an_outside_copy_of_the_lines_and_the_key_finds_what_the_folder_cannot(
    signed: Path, tmp_path: Path
) -> None:
    key, outside = audit("key").strip(), tmp_path / "outside"
    outside.mkdir()
    (outside / SCOPE).write_text(signed.read_text())
    assert "intact" in audit("verify", "--signed", str(outside), "--key", key)
    other = checkpoints.base64.b64encode(
        Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    ).decode()
    with pytest.raises(CommandError, match="NOT intact"):
        audit("verify", "--key", other)
    with pytest.raises(CommandError, match="not a key"):
        audit("verify", "--key", "nonsense")
    with pytest.raises(CommandError, match="not a folder"):
        audit("verify", "--signed", str(tmp_path / "nowhere"))


def test_there_is_no_record_of_a_name_nobody_used() -> None:
    with pytest.raises(CommandError, match="NOT intact"):
        audit("verify", "--scope", "nobody")


def test_intact_is_what_the_last_check_said_and_what_came_since(signed: Path) -> None:
    assert selectors.soundness(scope="quiet").is_intact
    assert not selectors.soundness(scope=SCOPE).is_intact  # nobody has looked yet
    duties.check()
    assert selectors.soundness(scope=SCOPE).is_intact
    acts(3)
    assert selectors.soundness(scope=SCOPE).is_intact
    with transaction.atomic(), all_powers():
        run("UPDATE audit_auditentry SET act = 'x' WHERE seq = 14")
        assert not selectors.soundness(scope=SCOPE).is_intact
        transaction.set_rollback(True)
    with all_powers():
        run("UPDATE audit_auditentry SET act = 'x' WHERE seq = 2")
    assert selectors.soundness(scope=SCOPE).is_intact  # today's check is behind us
    Chain.objects.update(checked_on=None)
    duties.check()
    assert not selectors.soundness(scope=SCOPE).is_intact


def test_each_chain_is_checked_once_a_day(signed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    acts(2, scope="site")
    monkeypatch.setattr(duties, "BUDGET", 0)
    seen = []
    for _ in range(3):
        duties.check()
        seen.append(Chain.objects.filter(checked_on=None).count())
    assert seen == [1, 0, 0]


def test_one_entry_is_proved_with_the_key_alone_and_nothing_of_others_is_shown(signed: Path) -> None:
    proof = json.loads(audit("prove", SCOPE, "7"))
    key = checkpoints.own_key()
    assert inclusion.holds(proof, key=key)
    assert len(proof["after"]) == 3 and "n" in json.loads(proof["payload"])
    for change in (
        {"before": "00" * 32},
        {"payload": "{}"},
        {"scope": "site"},
        {"after": []},
        {"signed": "x"},
    ):
        assert not inclusion.holds(proof | change, key=key)
    assert not inclusion.holds(proof | {"entry": proof["entry"] | {"act": "x"}}, key=key)
    assert not inclusion.holds(proof, key=Ed25519PrivateKey.generate().public_key())
    actions.erase_words(entry=AuditEntry.objects.get(seq=7))
    assert inclusion.holds(json.loads(audit("prove", SCOPE, "7")), key=key)
    act(day=20)
    with pytest.raises(CommandError, match="not signed yet"):
        audit("prove", SCOPE, "13")


def test_a_process_killed_at_any_moment_leaves_no_act_without_its_entry() -> None:
    assert audit_chain._kills(random.Random(4), 8).found == 0

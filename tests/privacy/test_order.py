"""Neither file, journal nor PostgreSQL's stamps tell in which order rows came, once the duty has run."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest
from django.db import OperationalError, connection, transaction

from accounts import facts
from accounts.models import Account, FactSheet
from community.models import Group, Member, Persona
from core import forgetting, ticker
from tests.people import make_group

ROWS = 60
dice = random.Random(4821)
pytestmark = pytest.mark.django_db(transaction=True)


def _token() -> str:
    return dice.randbytes(16).hex()


def _key() -> int:
    return dice.getrandbits(63)


def _correlation(values: list[int]) -> float:
    """Spearman's rank correlation of the values with the order they stand in: 1 in order, near 0 in none."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    apart = sum((rank - ranks[value]) ** 2 for rank, value in enumerate(values))
    return 1 - 6 * apart / (len(values) * (len(values) ** 2 - 1))


def _person(group: Group, picture: str = "<svg/>") -> tuple[Account, Member, Persona]:
    """One sign-up and a first name, a few transactions apart. Keys by fixed dice, so that no run is unlucky."""
    account = Account.objects.create(id=_key(), username=_token(), password=_token())
    tag, handle = dice.randbytes(32), _token()
    member = Member.objects.create(id=_key(), group=group, owner_tag=tag, accepted_version=1)
    persona = Persona.objects.create(
        id=_key(), member=member, group=group, handle=handle, handle_key=handle, avatar_svg=picture
    )
    return account, member, persona


# --- SQLite -----------------------------------------------------------------------------------------------------


@pytest.fixture
def database() -> Path:
    """The real file, laid out afresh."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    forgetting.journal()
    return Path(connection.settings_dict["NAME"])


def _journal_of(database: Path) -> int:
    return database.with_name(database.name + "-wal").stat().st_size


def _places(database: Path, tokens: list[bytes]) -> list[int]:
    held = database.read_bytes()
    assert all(held.count(token) == 1 for token in tokens)  # each whole, on one page
    return [held.index(token) for token in tokens]


@pytest.mark.sqlite
def test_the_file_of_an_embedded_kith_tells_no_order_of_pictures(database: Path) -> None:
    group = make_group(name="Harbour")
    tokens = [_token() for _ in range(ROWS)]
    for token in tokens:
        _person(group, picture=_token() * 140 + token)  # its end spills over to the next free page
    ends = [token.encode() for token in tokens]
    forgetting.journal()
    assert _correlation(_places(database, ends)) > 0.9
    forgetting.order()
    assert abs(_correlation(_places(database, ends))) < 0.4


@pytest.mark.sqlite
def test_a_sheet_of_facts_spills_over_nowhere(database: Path) -> None:
    sheets = [dice.randbytes(facts.SIZE + 29) for _ in range(ROWS)]  # as large as a sealed one
    for sealed in sheets:
        account = Account.objects.create(id=_key(), username=_token(), password="")
        FactSheet.objects.create(id=_key(), account=account, sealed=sealed)
    forgetting.journal()
    assert abs(_correlation(_places(database, sheets))) < 0.4  # each whole, on a page by its key


@pytest.mark.sqlite
def test_nor_of_small_rows_that_share_a_page(database: Path) -> None:
    tokens = []
    for _ in range(ROWS // 2):
        tokens.append(_token().encode())
        Account.objects.create(id=_key(), username=_token()[:8], password=tokens[-1].decode())
    forgetting.journal()
    assert abs(_correlation(_places(database, tokens))) > 0.9  # from the end of the page backwards
    forgetting.order()
    assert abs(_correlation(_places(database, tokens))) < 0.4


@pytest.mark.sqlite
def test_the_journal_is_no_diary(database: Path) -> None:
    Account.objects.create(username=_token())
    assert _journal_of(database) > 0
    forgetting.journal()
    assert _journal_of(database) == 0
    Account.objects.create(username=_token())
    forgetting.order()
    assert _journal_of(database) == 0


# --- PostgreSQL -------------------------------------------------------------------------------------------------
def _column(table: str, what: str, keys: list[int]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, {what} FROM {table} WHERE id = ANY(%s)", [keys])  # noqa: S608
        found = dict(cursor.fetchall())
    return [found[key] for key in keys]


def _whole(table: str, what: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {what} FROM {table}")  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


@pytest.fixture
def tables() -> None:
    """Nothing on disk from tests before this one."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE accounts_account, community_member, community_persona CASCADE")


STAMP = "xmin::text::bigint"
PLACE = "(ctid::text::point)[0]::bigint * 1000 + (ctid::text::point)[1]::bigint"
TABLES = ("accounts_account", "community_member", "community_persona")


@pytest.mark.postgres
def test_stamps_and_places_in_postgresql_tell_no_order(tables: None) -> None:
    group = make_group(name="Harbour")
    made = [_person(group) for _ in range(ROWS)]
    keys = {table: [people[nth].pk for people in made] for nth, table in enumerate(TABLES)}
    for table in TABLES:
        assert _correlation(_column(table, STAMP, keys[table])) == 1.0
        assert _correlation(_column(table, PLACE, keys[table])) == 1.0
    forgetting.order()
    assert len({stamp for table in forgetting.tables() for stamp in _whole(table, STAMP)}) == 1
    for table in TABLES:
        in_key_order = sorted(keys[table])
        assert _correlation(_column(table, PLACE, in_key_order)) == 1.0
        assert abs(_correlation(_column(table, PLACE, keys[table]))) < 0.4


@pytest.mark.postgres
def test_the_table_on_disk_holds_every_row_once_and_in_no_order(tables: None) -> None:
    tokens = [_token().encode() for _ in range(ROWS)]
    for token in tokens:
        account = Account.objects.create(id=_key(), username=_token(), password=token.decode())
        Account.objects.filter(pk=account.pk).update(is_active=True)  # leaves a dead row behind
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        on_disk = "SELECT pg_read_binary_file(pg_relation_filepath('accounts_account'))"
        cursor.execute(on_disk)
        held = bytes(cursor.fetchone()[0])
        assert sum(held.count(token) for token in tokens) > ROWS
        # The server's own look at a table can hold old rows through one run, and so does what another process of the
        # tests has open at the time, in whichever database of that server; a later run lets them go.
        for _ in range(40):
            forgetting.order()
            cursor.execute("CHECKPOINT")
            cursor.execute(on_disk)
            held = bytes(cursor.fetchone()[0])
            if all(held.count(token) == 1 for token in tokens):
                break
            time.sleep(1)
    assert [held.count(token) for token in tokens] == [1] * ROWS
    assert abs(_correlation([held.index(token) for token in tokens])) < 0.4


@pytest.mark.postgres
def test_what_lies_apart_from_its_row_loses_its_order_too(tables: None) -> None:
    sheets = [dice.randbytes(facts.SIZE + 29) for _ in range(ROWS)]
    for sealed in sheets:
        account = Account.objects.create(id=_key(), username=_token())
        FactSheet.objects.create(id=_key(), account=account, sealed=sealed)
    assert _correlation(_numbers(sheets)) == 1.0
    for _ in range(4):  # as above: the server's own look can hold old rows through one run
        forgetting.order()
        if abs(_correlation(_numbers(sheets))) < 0.4:
            break
        time.sleep(1)
    assert abs(_correlation(_numbers(sheets))) < 0.4
    assert {bytes(sheet.sealed) for sheet in FactSheet.objects.all()} == set(sheets)


def _numbers(sheets: list[bytes]) -> list[int]:
    """PostgreSQL's number of each large value, which it finds by how the value begins."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT reltoastrelid::regclass::text FROM pg_class WHERE relname = 'accounts_factsheet'"
        )
        (table,) = cursor.fetchone()
        cursor.execute(f"SELECT chunk_data, chunk_id::bigint FROM {table} WHERE chunk_seq = 0")  # noqa: S608
        found = {bytes(begins)[:32]: number for begins, number in cursor.fetchall()}
    return [found[sealed[:32]] for sealed in sheets]


# --- both -------------------------------------------------------------------------------------------------------
def test_the_ticker_has_the_duties() -> None:
    assert {"forget order", "empty the journal"} <= set(ticker._duties)


def test_a_busy_database_is_tried_again_and_a_free_one_is_left_alone_for_hours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[int] = []

    def busy() -> None:
        runs.append(1)
        if len(runs) == 1:
            raise OperationalError

    monkeypatch.setattr(forgetting, "order", busy)
    monkeypatch.setattr(forgetting.time, "monotonic", lambda: now)
    duty, now = forgetting.Order(), 1000.0
    for later in (0.0, 3600.0, 3600.0, 5 * 3600.0):
        now += later
        duty()
    assert len(runs) == 3


def test_somebody_who_writes_is_not_kept_waiting() -> None:
    import threading

    written, done = threading.Event(), threading.Event()

    def write() -> None:
        with transaction.atomic():
            Account.objects.create(username=_token())
            written.set()
            done.wait(10)
        connection.close()

    other = threading.Thread(target=write)
    other.start()
    assert written.wait(10)
    started = forgetting.time.monotonic()
    try:
        with pytest.raises(OperationalError):
            forgetting.order()
    finally:
        waited = forgetting.time.monotonic() - started
        done.set()
        other.join()
    assert waited < 5
    assert Account.objects.count() == 1
    forgetting.order()

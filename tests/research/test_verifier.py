"""The check of a written file: each kind of fault, put into the bytes, is found by file, line and kind."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import random
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from research.release import verify, verify_counts
from research.release.verify import Expected, Fault

NAMES, ID = frozenset({"Grey Heron", "Moss"}), "abcdefgh234567"
EXPECTED = Expected(names=NAMES, ids=frozenset({ID}), needed=frozenset({"README.txt", "codebook.csv"}))
FIELDS = [
    {"name": "number", "type": "string", "constraints": {"required": True}},
    {"name": "group", "type": "string", "constraints": {"enum": ["G1", "G2"]}},
    {"name": "score", "type": "integer", "constraints": {"enum": [0, 1, 2]},
     "missingValues": [{"value": "", "label": "none"}, {"value": "-1", "label": "skipped"}]},
    {"name": "words", "type": "string"},
]  # fmt: skip
HEAD = "number,group,score,words\n"
ROWS = [(f"P{nth}", "G1" if nth < 5 else "G2", str(nth % 3), "So it is.") for nth in range(10)]


def package(rows=ROWS, *, change=None, listed=None, more=None, jsonl=None, fields=FIELDS) -> bytes:  # type: ignore[no-untyped-def]  # fields by name
    """A file as it is written, with a fault where one is asked for."""
    table = HEAD + "".join(",".join(row) + "\n" for row in rows)
    lines = [
        {"number": one[0], "group": one[1], "score": int(one[2]) if one[2].isdigit() else None,
         "words": one[3].removeprefix("'")}
        for one in rows
    ]  # fmt: skip
    schema = {"fields": fields, "primaryKey": ["number"], "missingValues": [""]}
    described = {"resources": [{"name": "people", "path": "data/people.csv", "schema": schema}]}
    files = {
        "data/people.csv": table.encode(),
        "data/people.jsonl": "".join(json.dumps(one) + "\n" for one in lines).encode(),
        "datapackage.json": (json.dumps(described) + "\n").encode(), "codebook.csv": b"table,column\nMoss,score\n",
        "README.txt": b"A file.\n",
    } | (more or {})  # fmt: skip
    if jsonl:
        files["data/people.jsonl"] = jsonl
    digests = {name: {"sha256": hashlib.sha256(data).hexdigest()} for name, data in files.items()}
    files["manifest.json"] = (json.dumps({"files": digests | (listed or {})}) + "\n").encode()
    files["manifest.sig"] = b"c2lnbmVk\n"
    files |= change or {}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as made:
        for name, data in files.items():
            if data is not None:
                made.writestr(name, data)
    return held.getvalue()


def found(data: bytes, expected: Expected = EXPECTED) -> list[Fault]:
    return verify.verify(data, expected)


def row(**changed: str) -> list[tuple[str, ...]]:
    """The rows, the third with something else in it."""
    old = dict(zip(("number", "group", "score", "words"), ROWS[2], strict=True)) | changed
    return [*ROWS[:2], tuple(old.values()), *ROWS[3:]]


def test_what_is_in_order_has_no_fault() -> None:
    assert found(package()) == []
    assert found(package(row(words="Moss grows."), fields=FIELDS), Expected(needed=frozenset())) == []


WORDS = [
    ("grey  HERON said so", "name"), ("so said Moss", "name"), (f"see {ID}", "id"), (f"x{ID}y", "id"),
    ("=1+1", "formula"),
    ("@all", "formula"), ("+44", "formula"), ("-dash", "formula"), ("ring 020 7946 0999", "phone"),
    ("ring 0.2.0/7-9-4-6", "phone"), ("oh two oh seven nine four six", "phone"), ("me at a@b.uk", "mail"),
    ("me(at)mail(dot)uk", "mail"), ("www.x.y", "link"), ("see example.com", "link"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "what"), WORDS)
def test_what_must_not_stand_in_words(words: str, what: str) -> None:
    faults = found(package(row(words=words)))
    assert Fault("data/people.csv", 4, what) in faults
    assert not any(words in str(fault) for fault in faults)


@pytest.mark.parametrize(
    "words", ["It was 1999 or so", "10 of 12 people", "mossy", "Grey. Heron-like?", "a.b"]
)
def test_what_may_stand_there(words: str) -> None:
    assert [one.what for one in found(package(row(words=words)))] in ([], ["name", "name"])


@pytest.mark.parametrize("words", ["on 3 May", "May 3rd", "at 14:30", "in March 2025"])
def test_no_day_in_files_for_others(words: str) -> None:
    assert found(package(row(words=words))) == []
    dateless = Expected(needed=frozenset(), is_dateless=True)
    assert Fault("data/people.csv", 4, "date") in found(package(row(words=words)), dateless)
    for day in ("2026-11-29", "29/11/2026"):
        assert Fault("data/people.csv", 4, "date") in found(package(row(words=day)), dateless)


CHANGES = {
    "not a zip": (b"no", "zip"),
    "a file more": (package(change={"x.txt": b"x\n"}), "list"),
    "a file less": (package(change={"README.txt": None}), "missing"),
    "not in the list": (package(change={"README.txt": b"Another.\n"}), "list"),
    "no list": (package(change={"manifest.json": b"{}\n"}), "list"),
    "no signature": (package(change={"manifest.sig": None}), "missing"),
    "a file outside": (package(more={"../x": b"x\n"}), "zip"),
    "a mark at the beginning": (package(more={"README.txt": b"\xef\xbb\xbfA file.\n"}), "encoding"),
    "not UTF-8": (package(more={"README.txt": b"\xff\n"}), "encoding"),
    "line ends of another kind": (package(more={"README.txt": b"A file.\r\n"}), "encoding"),
    "no end": (package(more={"README.txt": b"A file."}), "encoding"),
    "an id beside the data": (package(more={"README.txt": f"{ID}\n".encode()}), "id"),
    "a name beside the data": (package(more={"README.txt": b"By Grey Heron.\n"}), "name"),
    "a value that is none": (package(row(score="7")), "value"),
    "no number": (package(row(score="x1"), jsonl=b"x\n"), "value"),
    "nothing where something has to be": (package(row(number="")), "value"),
    "twice": (package(row(number="P1")), "twice"),
    "a column too many": (package(row(words="a,b")), "columns"),
    "other heads": (package(fields=[*FIELDS[:3], {"name": "text", "type": "string"}]), "columns"),
    "the other form says more": (package(jsonl=b"{}\n"), "differs"),
    "a table that nobody described": (package(more={"data/more.csv": b"a\n1\n"}), "description"),
    "no description": (package(more={"datapackage.json": b"no\n"}), "description"),
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_a_seeded_fault_is_found(change: str) -> None:
    data, what = CHANGES[change]
    assert what in {one.what for one in found(data)}


def test_a_name_that_the_questions_have_themselves_refuses_no_file() -> None:
    assert found(package()) == []  # "Moss" stands in the codebook
    assert found(package(row(words="some moss"))) == []
    assert "name" in {one.what for one in found(package(row(words="Moss")))}


def test_who_is_pointed_to_stands_there() -> None:
    files = {
        "data/more.csv": b"number\nP1\nP99\n",
        "data/more.jsonl": b'{"number": "P1"}\n{"number": "P99"}\n',
    }
    schema = {"fields": [FIELDS[0]], "foreignKeys": [
        {"fields": ["number"], "reference": {"resource": "people", "fields": ["number"]}}]}  # fmt: skip
    people = {"fields": FIELDS, "primaryKey": ["number"]}
    described = {"resources": [{"name": "people", "path": "data/people.csv", "schema": people},
                               {"name": "more", "path": "data/more.csv", "schema": schema}]}  # fmt: skip
    data = package(more=files | {"datapackage.json": (json.dumps(described) + "\n").encode()})
    assert found(data) == [Fault("data/more.csv", 3, "points")]


def test_how_many_look_alike_is_counted_anew() -> None:
    asks = {
        "needed": frozenset[str](),
        "quasi": ("people.group",),
        "tables": ("people",),
        "k": 5,
        "most_risk": 0.2,
    }
    assert found(package(), Expected(**asks)) == []  # type: ignore[arg-type]  # fields by name
    assert [one.what for one in found(package(row(group="G2")), Expected(**asks))] == ["alike"]  # type: ignore[arg-type]  # fields by name
    assert [one.what for one in found(package(), Expected(**asks | {"most_risk": 0.1}))] == ["risk"]  # type: ignore[arg-type]  # fields by name
    rows = [(one[0], one[1], "1" if one[1] == "G1" else one[2], one[3]) for one in ROWS]
    asks |= {"sensitive": ("people.score",), "l": 2}
    assert found(package(), Expected(**asks)) == []  # type: ignore[arg-type]  # fields by name
    assert [one.what for one in found(package(rows), Expected(**asks))] == ["sensitive"]  # type: ignore[arg-type]  # fields by name


BITS = [
    "zero",
    "oh",
    "Two",
    "phone",
    "7",
    "44",
    "at",
    "(at)",
    "@",
    ".",
    "dot",
    "x.org",
    "www",
    ":",
    "https:",
    "and",
    " ",
    "-",
]


@pytest.mark.once
def test_looking_first_for_what_has_to_be_there_misses_nothing() -> None:
    """What is looked for in full is found as well where it is first asked whether it can be there."""
    dice, kinds = random.Random(3), {"phone": (verify.DIGITS, verify.SPOKEN), "mail": (verify.MAIL,),
                                     "link": (verify.LINK,)}  # fmt: skip
    hits = 0
    for _ in range(4_000):
        text = "".join(dice.choice(BITS) + dice.choice(["", " ", ", "]) for _ in range(dice.randint(1, 14)))
        full = {kind for kind, patterns in kinds.items() if any(one.search(text) for one in patterns)}
        assert set(verify._contacts(text)) == full
        hits += len(full)
    assert hits > 1_000


def test_a_table_of_counts_has_to_be_there() -> None:
    """What is wrong with one is tested where totals are."""
    assert [one.what for one in found(package(), Expected(counts="totals"))] == ["missing"]


@pytest.mark.parametrize("module", [verify, verify_counts])
def test_it_shares_nothing_with_what_writes_files(module: ModuleType) -> None:
    """Not a line of it, and nothing beyond Python's own and its other half."""
    tree = ast.parse(Path(str(module.__file__)).read_text())
    names = {
        f"{node.module}.{one.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for one in node.names
    }
    names |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    names -= {verify_counts.__name__}
    assert not {one.split(".")[0] for one in names} & {"research", "core", "audit", "django", "chat"}

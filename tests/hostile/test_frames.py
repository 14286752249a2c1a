"""No hostile line is a frame, whole or in part; each is refused with a reason."""

from __future__ import annotations

import json

import pytest

from core.live import frames
from tests.hostile import corpora


def test_every_line_is_refused() -> None:
    for line in filter(corpora.can_be_sent, corpora.everything()):
        for frame in (line, json.dumps({"type": "after", "seq": line}), json.dumps({"type": line, "seq": 1})):
            with pytest.raises(frames.BadFrame, match=r"\w"):
                frames.parse_after(frame)


def test_every_line_as_a_number_in_an_address_is_a_number_or_none() -> None:
    for line in corpora.everything():
        seq = frames.parse_seq(line)
        assert seq is None or line == str(seq) or line.lstrip("0") == str(seq)


def test_our_own_lines_are_of_every_kind() -> None:
    ours = set(corpora.own())
    assert [kind for kind, lines in corpora.by_kind().items() if not ours & set(lines)] == []

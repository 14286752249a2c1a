"""Log lines name code, never people: planted words must not come out."""

from __future__ import annotations

import logging

from config.logs import Plain

PLANTED = "sertraline in the stock cupboard"


def _record(name: str, message: str, *, error: BaseException | None = None, **extra: object) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    record = logging.LogRecord(name, logging.ERROR, __file__, 1, message, (), info)
    for key, value in extra.items():
        setattr(record, key, value)
    return Plain().format(record)


def test_an_error_is_logged_without_its_text_or_path() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as error:
        line = _record("django.request", "Internal Server Error: /g/Abc123/", error=error, status_code=500)
    assert "ValueError" in line
    assert "answered 500" in line
    assert "test_logs.py" in line
    assert PLANTED not in line
    assert "Abc123" not in line


def test_even_our_own_loggers_do_not_print_the_text_of_an_exception() -> None:
    try:
        raise ValueError(PLANTED)
    except ValueError as error:
        line = _record("kith.live", PLANTED, error=error)
    assert PLANTED not in line


def test_our_own_loggers_speak_in_sentences() -> None:
    assert "lease taken" in _record("kith.ticker", "lease taken")

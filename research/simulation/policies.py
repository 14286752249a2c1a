"""The settings for names that a made-up group runs under: the same fields and values that a version of a study has."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Policy:
    """One way for names to work. `asks` holds for every kind of detail alike."""

    one_thread: str = "available"  # first, available, off
    asks: str = "optional"  # hidden, optional, prompted
    what_matters: str = "with_words"  # shown, with_words
    times: str = "days"  # days, hours
    rhythm: bool = False


START = Policy()  # what every group starts with
POLICIES: dict[str, Policy] = {
    "as groups start": START,
    "one-thread names first": replace(START, one_thread="first"),
    "no one-thread names": replace(START, one_thread="off"),
    "no details": replace(START, asks="hidden"),
    "asked for details": replace(START, asks="prompted"),
    "a list of what matters": replace(START, what_matters="shown"),
    "hours shown": replace(START, times="hours"),
    "busy hours shown": replace(START, rhythm=True),
    "most hidden": Policy(one_thread="first", asks="hidden"),
    "most shown": Policy(one_thread="off", asks="prompted", what_matters="shown", times="hours", rhythm=True),
}

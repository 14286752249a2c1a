"""Where somebody works, with the town: the two together often leave one person.

"I work at Marlow's in Otley" · "I'm a nurse at Jimmy's, in Leeds" · "I teach in Otley, at Northgate" ·
"I work for the council in Wetherby" · "I live in Otley. […] I work at Marlow's."
"""

from __future__ import annotations

from community.coaches.places import BROAD
from community.coaches.reading import WORDS, Word, said, words

_WORKING = WORDS["working"]
_JOBS = WORDS["jobs"]
_EMPLOYERS = WORDS["employers"]
_NO_TOWNS = WORDS["no_towns"] | BROAD
_FAR = 8  # words from the work to what it is


def find(text: str) -> list[str]:
    """What in a text says an employer and a town, as it was typed."""
    found = words(text)
    together = [piece for at in range(len(found)) if (piece := _works(found, at))]
    if together:
        return together
    alone = [piece for at in range(len(found)) if (piece := _works(found, at, alone=True))]
    towns = [
        said(found[at : at + 2])
        for at in range(len(found) - 1)
        if found[at].low in {"in", "near"} and not found[at].ends and _is_town(found, at + 1)
    ]
    return [*alone, *towns] if alone and towns else []


def _works(found: list[Word], at: int, *, alone: bool = False) -> str:
    """From the word for work to the later of the two, in one sentence. `alone`: where only the employer is in it."""
    if found[at].low not in _WORKING and not _is_a_job(found, at):
        return ""
    stop = next((n for n in range(at, len(found)) if found[n].ends), len(found) - 1)
    span = range(at + 1, min(stop, at + _FAR))
    employer = next(
        (n for n in span if found[n].low in {"at", "for"} and _is_employer(found, n + 1, stop)), 0
    )
    town = next((n for n in span if found[n].low in {"in", "near"} and _is_town(found, n + 1)), 0)
    if not employer or bool(town) == alone:
        return ""
    last = max(employer, town) + 1
    while last < stop and found[last + 1].is_name:
        last += 1
    return said(found[at : last + 1])


def _is_a_job(found: list[Word], at: int) -> bool:
    """ "I'm a staff nurse", not "I spoke to a nurse" """
    return found[at].low in _JOBS and any(
        one.low in {"i'm", "im", "am", "as"} for one in found[max(0, at - 4) : at]
    )


def _is_employer(found: list[Word], at: int, stop: int) -> bool:
    """ "Marlow's", "the Marlow's", "the council" """
    if found[at].low in {"a", "an", "the", "our", "my"} and at < stop:
        return found[at].low in {"the", "our"} and (found[at + 1].is_name or found[at + 1].low in _EMPLOYERS)
    return found[at].is_name


def _is_town(found: list[Word], at: int) -> bool:
    return found[at].is_name and found[at].low not in _NO_TOWNS

"""The code's words stay off the screen: people read plain ones instead."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from tests.architecture import house, pages

# The code's word -> what it looks like in a sentence, and the plain words that stand on screen.
WORDS: dict[str, tuple[str, str]] = {
    "persona": (r"personas?", "your name here"),
    "alias": (r"alias(?:es)?", "one-thread name"),
    "byline": (r"bylines?", "signed as"),
    "disclosure": (r"disclosures?|disclosed?", "what you show"),
    "fact": (r"facts?", "what you show"),
    "audience": (r"audiences?", "who sees it"),
    "meter": (r"meters?", "could someone work out who you are?"),
    "charter": (r"charters?", "group promise"),
    "expectation strip": (r"expectation strips?", "who is on duty now"),
    "listening": (r"listening|listeners?", "just reading"),
    "ask": (r"(?:an|the|your|their|this|each|every) asks?", "what would help?"),
    "content note": (r"content (?:notes?|warnings?)", "heads-up"),
    "attested role": (r"attest(?:ed|ation)", "checked: nurse"),
    "label": (r"labels?|labell?ed", "about this advice"),
    "retire a persona": (r"retire[sd]?|retiring", "stop using this name"),
    "anonymity policy": (r"anonymity polic(?:y|ies)", "how names work here"),
    "case": (r"(?<!in )(?<!in any )cases?", "something to look at"),
    "claim, lease": (r"claim(?:s|ed)?|leases?", "yours until 20:14"),
    "conflict": (r"conflicts?", "someone just dealt with this"),
    "sanction": (r"sanction(?:s|ed)?", "limit"),
    "strike": (r"strikes?", "earlier problem, fades with the end of March"),
    "uphold, vary, overturn": (r"uphold|upheld|var(?:y|ied)|overturn(?:ed)?", "keep, change, undo"),
    "approval before posting": (r"approval|pre-?approv\w+", "checked before it appears"),
    "arm": (r"arms?", "version of the settings"),
    "wave": (r"waves?", "questions, 2 of 4"),
    "withdraw": (r"withdraw(?:n|al|s)?|withdrew", "leave the study"),
    "T0, T1, T3": (r"(?-i:T[0-3])", "study-team file, file for a named recipient, totals"),
    "k = 7": (r"(?-i:k) ?[=≥] ?\d+|k-anonym\w+", "at least 7 people look alike"),
    "crypto-shredding": (r"(?:crypto-)?shred(?:ding|ded)?", "made unreadable"),
    "never shown": (r"fences?|owner tags?|tombstones?|seeds?|tiers?|alias keys?", "nothing"),
    # Words that blame or frighten.
    "user": (r"users?", "you, people, members"),
    "violation": (r"violat\w+", "what happened, in plain words"),
    "terminate": (r"terminat\w+", "end, close"),
    "failed": (r"fail(?:s|ed|ure)?", "did not work"),
    "invalid": (r"invalid", "what to change"),
}

# (file, what it says) -> why it may. An exception that nothing needs any more fails.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("chat/enums.py", "Just listening"): "says what others are asked to do: listen to the one who wrote",
}


def code_words(sentences: Iterable[str]) -> list[tuple[str, str, str]]:
    """(sentence, the code's word, what to say instead) for each word that should not be there."""
    return [
        (sentence, word, instead)
        for sentence in sentences
        for word, (pattern, instead) in WORDS.items()
        if re.search(rf"\b(?:{pattern})\b", sentence, re.IGNORECASE)
    ]


def _shown() -> dict[str, Iterable[str]]:
    shown: dict[str, Iterable[str]] = {
        f"templates/{name}": pages.blocks(source) for name, source in house.templates().items()
    }
    return shown | pages.sentences_in_code()


def test_the_screen_speaks_plainly() -> None:
    found = [(name, *hit) for name, sentences in _shown().items() for hit in code_words(sentences)]
    bad = [f"{name}: {word!r} in {said!r}; say {instead!r}" for name, said, word, instead in found
           if (name, said) not in EXCEPTIONS]  # fmt: skip
    assert not bad, "\n".join(bad)
    assert not house.unused(set(EXCEPTIONS), {(name, said) for name, said, _, _ in found})


def test_titles_name_no_danger() -> None:
    titled = re.compile(
        r"<(?:title|h1)[^>]*>(.*?)</(?:title|h1)>|{% block title %}(.*?){% endblock", re.DOTALL
    )
    found = [
        name
        for name, source in house.templates().items()
        for title in titled.findall(pages.html_of(source)) + titled.findall(source)
        if re.search(r"suicid|self.harm", " ".join(title), re.IGNORECASE)
    ]
    assert not found


@pytest.mark.parametrize(
    "template",
    [
        "<p>{% translate 'Pick a persona' %}</p>",
        "{% blocktranslate %}The charter changed{% endblocktranslate %}",
        "<img alt='Aliases'>",
        "{% if x %}<p title=\"{% translate 'Your case is open' %}\"></p>{% endif %}",
        "{{ name|default:_('Unknown user') }}",
        "<button>{# fine #}Claim</button>",
        "<p>This reading arm</p>",
        "{% include 'x.html' with title=_('Invalid code') %}",
    ],
)
def test_a_seeded_word_is_caught(template: str) -> None:
    assert code_words(pages.blocks(template))


@pytest.mark.parametrize(
    "template",
    [
        "{% with persona=here.persona %}{{ persona.handle }}{% endwith %}",
        "<p class='label' data-case='1'>{% comment %}the persona{% endcomment %}Hello</p>",
        "<p>{# persona #}Ask them. Just in case, keep the card. It looks harmless.</p>",
        "<style>.persona {}</style>{% url 'community:charter' %}",
    ],
)
def test_what_nobody_reads_is_left_alone(template: str) -> None:
    assert not code_words(pages.blocks(template))

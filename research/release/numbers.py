"""Rules for numbers: telephones, identifiers, IP addresses and coordinates. Patterns hold no repeat inside a repeat that
could read the same letters twice, so that no message takes long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from research.release import checks
from research.release.spans import Span

Hit = re.Match[str]
PUBLIC = re.compile(r"(?:0044|\+44|44)?0?(?:800|808|500|3\d\d)|0?(?:84[3-5]|87[0-3])\d{7}$|1?(?:800|888|877|866|855|844|833)\d{7}$|116\d{3}$")


class Rule(NamedTuple):
    """What looks like a kind, and what else must hold. The group `it` is taken where there is one."""

    kind: str
    pattern: re.Pattern[str]
    holds: Callable[[Hit], bool] = lambda _: True


def rule(kind: str, pattern: str, holds: Callable[[Hit], bool] = lambda _: True, *, flags: int = re.IGNORECASE) -> Rule:
    """A rule that does not look at capitals, unless it is told otherwise."""
    return Rule(kind, re.compile(pattern, flags), holds)


def applied(rules: list[Rule], text: str) -> Iterator[Span]:
    """What each rule finds, rule by rule."""
    for kind, pattern, holds in rules:
        for hit in pattern.finditer(text):
            if holds(hit):
                start, end = hit.span("it") if "it" in pattern.groupindex else hit.span()
                yield Span(start, end, kind)


def _is_private_phone(hit: Hit) -> bool:
    """No line that is there for everybody: free numbers, helplines, what companies share."""
    found = re.sub(r"[^0-9+]", "", hit["it"].replace("(0)", ""))
    return not PUBLIC.match(found) and not checks.digits(found).startswith("116")


def _is_cued(hit: Hit) -> bool:
    """After "ref" anything with many digits; after "order" or "case" only what no plain number or year could be."""
    code, count = hit["it"], len(checks.digits(hit["it"]))
    if hit["cue"].lower() in {"pin", "id"} and not hit["mark"]:
        return count >= 5
    if hit["mark"]:
        return count >= 3 and len(code) >= 4
    return count >= 5 or (count >= 3 and len(code) >= 6 and not code.isdigit())


def _is_mixed(hit: Hit) -> bool:
    letters = sum(one.isalpha() for one in hit[0])
    return letters >= 2 and len(checks.digits(hit[0])) >= 4


def _is_iban(hit: Hit) -> bool:
    return bool(checks.iban(hit[0]))


CUED = r"""\b(?P<cue>nhs|chi|hospital|patient|mrn|passport|driving\slicen[cs]e|licen[cs]e|account|acct?|a/c|sort\scode|ref(?:erence)?
|case|claim|policy|order|booking|invoice|student|employee|staff|payroll|membership|member|customer|crime|incident|police|pip|utr|tax
|badge|collar|prescription|warrant|visa|brp|ticket|court|urn|pps|ppsn|national\sinsurance|ni|nino|ssn|social\ssecurity|id|registration|reg
|number\splate|plate|vin|serial|tracking|pin|referral|appointment|record|file|library\scard|candidate|applicant|roll|tenancy|rent|meter|ehic|ghic|no\.|number|numbers
|medicare|medicaid|insurance|health\scard|dossier|aktenzeichen|steuer-?id|dni|nie|siret)s?
(?P<mark>(?:\s(?:card|reference|ref|number|numbers|num|no\.?|nr\.?|nº|id|code|plate|details))*(?:\s?(?:is|was|[:=\#-])+\s?\#?|\s?\#)?)
\s?(?P<it>(?:[a-z]{1,4}\s(?=\d))?(?=[a-z/-]{0,8}\d)[a-z0-9][a-z0-9/-]{2,30}(?:\s\d[\da-z]{1,7}(?![\w/])){0,5})"""

SEP = r"[ .\-()]{0,2}"
IDS = [
    rule("id", r"(?<![\d.])\d{3}[ -]?\d{3}[ -]?\d{4}(?![\d.]\d|\d)", lambda hit: checks.is_nhs(hit[0])),
    rule("id", r"(?<![\d.])\d(?:[ -]?\d){12,18}(?!\d)", lambda hit: checks.is_luhn(hit[0])),
    rule("id", r"\b[A-CEGHJ-TW-Z]{2}[ -]?\d\d[ -]?\d\d[ -]?\d\d[ -]?[A-D]\b"),
    rule("id", r"(?<![\d-])\d{3}-\d\d-\d{4}(?![\d-])"),
    rule("id", r"\b[A-Z]{2}\d\d ?(?:[A-Z0-9]{4} ?){2,7}[A-Z0-9]{1,4}\b", _is_iban),
    Rule("id", re.compile(CUED, re.IGNORECASE | re.VERBOSE), _is_cued),
    rule("id", r"\b(?:[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]\d{1,3} [A-Z]{3})\b", flags=0),
    rule("id", r"\b(?:reg|plate|registration|car|van)\b[\w ':]{0,20}?\s(?P<it>(?:[A-Z]{2}\d\d ?[A-Z]{3}|[A-Z]{3} ?\d{1,4}))\b"),
    rule("id", r"\b\d{2,3}-[A-Z]{1,2}-\d{1,6}\b", flags=0),
    rule("id", r"\b\d{7}[A-W][A-IW]?\b"),
    rule("id", r"\b\d{8}-?[A-HJ-NP-TV-Z]\b"),
    rule("id", r"\b[A-Z9]{5}\d{6}[A-Z9]{2}\d[A-Z]{2}\b"),
    rule("id", r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b"),
    rule("id", r"\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b"),
    rule("id", r"\b[12] ?\d\d ?\d\d ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d\b"),
    rule("id", r"\b[A-Z]{2}[A-Z0-9]{6,18}\b", _is_mixed, flags=0),
    rule("id", r"\b[A-Z]{1,6}[-/]\d[\dA-Z]{1,12}(?:[-/][\dA-Z]{1,12}){0,3}\b", _is_mixed, flags=0),
    rule("id", r"(?<![\d-])\d\d-\d\d-\d\d(?![\d-])"),
    rule("id", r"(?<![\w.,£$€+/-])\d{8,12}(?![\w%]|[.,/-]\d)"),
]  # fmt: skip

PHONES = [
    rule("phone", rf"(?<![\w£$€.])(?P<it>(?:\+|00) ?\d{{1,3}}(?:{SEP}\d){{7,12}}(?!\d)(?: ?(?:ext|x)\.? ?\d{{1,5}}\b)?)", _is_private_phone),
    rule("phone", rf"(?<![\w£$€.])(?P<it>\(?0(?:{SEP}\d){{9,10}}(?!\d)(?: ?(?:ext|x)\.? ?\d{{1,5}}\b)?)", _is_private_phone),
    rule("phone", r"(?<![\w£$€.])(?P<it>\(?0\d{1,4}\)?[ /-]{1,3}\d(?:[ /-]?\d){4,9})(?!\d)", _is_private_phone),
    rule("phone", r"(?<![\w£$€.])(?P<it>(?:1[ .-]?)?(?:\([2-9]\d\d\) ?|[2-9]\d\d[ .-]?)[2-9]\d\d[ .-]?\d{4})(?!\d)", _is_private_phone),
    rule("phone", r"(?<![\w£$€.])(?P<it>[679]\d\d(?:[ .-]\d{3}[ .-]\d{3}|(?:[ .-]\d\d){3}))(?![\d.])"),
    rule("phone", r"\b(?:call|calls|ring|text|phone|tel|telephone|mobile|mob|cell|number|whatsapp|landline|fax|reach me|on|ext|extension)\b"
         r"[^\d\n]{0,12}(?<![\d£$.])(?P<it>\d{3,4}[ .-]?\d{3,4})(?![\d]|[/.,]\d| ?(?:mg|ml|kcal|calories|steps|people|words|%))",
         lambda hit: len(checks.digits(hit["it"])) in {7, 8} and _is_private_phone(hit)),
]  # fmt: skip

DEGREE = r"\d{1,3}(?:\.\d{1,8})? ?°(?: ?\d{1,2}(?:\.\d{1,6})? ?['′’](?: ?\d{1,2}(?:\.\d{1,6})? ?(?:\"|″|”|''))?)? ?[NSEWO]"
PLACED = [
    rule("ip", r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w]|\.\d)", lambda hit: checks.is_ip(hit[0])),
    rule("ip", r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", lambda hit: checks.is_ip(hit[0])),
    rule("coordinates", rf"{DEGREE}(?:[,; ]{{1,3}}{DEGREE})?"),
    rule("coordinates", r"(?<![\w.])-?\d{1,2}\.\d{3,9}°? ?[NS]?[,; /]{1,3}-?\d{1,3}\.\d{3,9}(?:°? ?[EW]\b|°)?(?![\d.]\d)"),
    rule("coordinates", r"\b(?:grid|os) ?(?:ref(?:erence)?)?\b[ :a-z]{0,5} (?P<it>[A-Z]{1,2} ?\d{3,5} ?\d{3,5})\b"),
    rule("coordinates", r"\b[HJNOST][A-HJ-Z] \d{3,5} \d{3,5}\b", flags=0),
    rule("coordinates", r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b"),
]  # fmt: skip
WORDED_PLACES = [
    rule("coordinates", r"(?<![:/])/{2,3}[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20}\b"),
    rule("coordinates", r"\b(?:what ?3 ?words?|what three words|w3w)\b[^.\n]{0,30}?[ :](?P<it>[a-z]{3,20}\.[a-z]{3,20}\.[a-z]{3,20})\b"),
]  # fmt: skip

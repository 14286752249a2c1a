"""What must hold beyond a pattern: the second half of a rule, named by `holds` in rules/*.toml."""

from __future__ import annotations

import re
from itertools import pairwise

from research.release import checks
from research.release.lists import folded, lists

Hit = re.Match[str]
SAID = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
PUBLIC = re.compile(
    r"(?:(?:0044|\+44|44)0?|0)(?:(?:800|808|500)\d{4,7}|3\d{9})$|0(?:84[3-5]|87[0-3])\d{7}$"
    r"|1?(?:800|888|877|866|855|844|833)\d{7}$|1800\d{6}$|116\d{3}$|741741$"
)
NO_HANDLES = re.compile(
    r"(?:covid|iphone|windows|omega|ipad|vitamin|galaxy|what3|type|phase|stage|level|grade|area)\d|hba1c",
    re.IGNORECASE,
)
UNITS = (
    r"m?c?g|mls?|l|iu|kcal|cals?|k?j|steps|k|kgs?|lbs?|st|mm|cm|k?m|ft|s|st|nd|rd|th|bpm|mmhg|hz|mmol|am|pm|hrs?|mins?"
    r"|days?|weeks?|months?|years?|yrs?|p|gbp|usd|w|mw|gb|mb|tb|ish|ers?|words?|x"
)
NO_CODES = re.compile(
    rf"\d+(?:{UNITS})?(?:[-/](?:\d*(?:{UNITS})?|[a-z]+))*|\d+(?:[-/]\d+)*[-/]?[a-z]{{2,}}|\d+x\d+[a-z]*"
    r"|[a-z]+-(?:19|20)\d\ds?|(?:covid|sars|ng|cg|qs|ta|iso|icd|dsm|ds|ib|ca|cyp|rtx|gtx|windows|omega)-?\d+\w*",
    re.IGNORECASE,
)
DAY_BEFORE = (
    "on ",
    "since ",
    "by ",
    "dob ",
    "dob: ",
    "born ",
    "until ",
    "from ",
    "dated ",
    "birthday ",
    "birthday is ",
)
VERSION_BEFORE = re.compile(
    r"(?:\bv|version|update|ios|android|build|chapter|section|step|figure|table|firmware) ?$", re.I
)
NO_AGE_BEFORE = ("size", "bra", "ward", "room", "flat", "was", "temp", "sat", "seat", "bed", " the")
OWN = frozenset(
    ("badge", "collar", "warrant", "payroll", "employee", "staff", "student", "membership", "mrn", "hosp")
)
SPINE = re.compile(
    r"\b(?:dis[ck]s?|spin(?:e|al)|vertebrae?|lumbar|mri|nerve|sciatica?)\b|[LTSC]\d[/-][LTSC]?\d",
    re.IGNORECASE,
)
SELF_BEFORE = ("(", "i'm", "im", "i am", "here", ",", "hi", "hello", "my", "a")


def is_nhs(hit: Hit) -> bool:
    """Its last digit checks the others."""
    return checks.is_nhs(hit[0])


def is_luhn(hit: Hit) -> bool:
    """Its last digit checks the others."""
    return checks.is_luhn(hit[0])


def is_iban(hit: Hit) -> bool:
    """It begins with one."""
    return bool(checks.iban(hit[0]))


def is_ip(hit: Hit) -> bool:
    """It is an address, and no time or version."""
    return checks.is_ip(hit[0])


def is_private_phone(hit: Hit) -> bool:
    """No line that is there for everybody: free numbers, helplines, what companies share."""
    return not PUBLIC.match(re.sub(r"[^0-9+]", "", hit["it"].replace("(0)", "")))


def is_local_phone(hit: Hit) -> bool:
    """Seven or eight digits, after "call me on"; six after "landline"."""
    least = 6 if hit[0][:3].lower() in {"lan", "tel", "pho", "mob", "fax"} else 7
    return least <= len(checks.digits(hit["it"])) <= 8 and is_private_phone(hit)


def is_cued(hit: Hit) -> bool:
    """After "ref" anything with digits; after "order" or "case" only what no plain number or year could be."""
    code, count, cue = hit["it"], len(checks.digits(hit["it"])), hit["cue"].lower()
    if PUBLIC.match(checks.digits(code)) or (
        cue.startswith(("no", "number")) and not any(map(str.isalpha, code))
    ):
        return False
    if cue.endswith(" code") or (cue == "pin" and re.search(r"[:=]|is", hit["mark"])):
        return count >= 4
    is_mixed = any(map(str.isupper, code)) and len(code) >= 5 and " " not in code
    if is_mixed and (hit["mark"] or cue.startswith(("ref", "conf", "booking", "pnr", "locator"))):
        return True
    if hit["mark"] and cue not in {"pin", "id"}:
        return count >= 3 and len(code) >= 4
    is_knit = len(code) >= 5 and bool(re.search(r"\d[A-Z]+\d", code))
    if cue in OWN and code.isdigit():
        return count >= 4 and not code.startswith(("19", "20"))
    least = 5 if cue.startswith("ref") else 6
    return count >= 5 or is_knit or (count >= 3 and len(code) >= least and not code.isdigit())


def is_code(hit: Hit) -> bool:
    """Letters and digits as a reference has them: "2024-FA-003318", "s3310947", not "150mg", "1990s", "post-2008"."""
    code = hit[0]
    count, letters = len(checks.digits(code)), [one for one in re.split(r"[\d/-]+", code.lower()) if one]
    is_short = count < 3 or len(re.sub(r"[/-]", "", code)) < 5
    if is_short or set("".join(letters)) <= {"o"} or NO_CODES.fullmatch(code):
        return False
    return count >= 4 or any(map(str.isupper, code))


def is_plate(hit: Hit) -> bool:
    """Letters and digits as a plate has them: "7KLM482", "1AB 2CD", not "MOT 2019"."""
    code = re.sub(r"[ -]", "", hit["it"])
    letters = sum(map(str.isalpha, code))
    return (
        5 <= len(code) <= 10
        and letters >= 1
        and len(code) - letters >= 2
        and not re.search(r"(?:19|20)\d\d$", code)
    )


def is_no_word(hit: Hit) -> bool:
    """Letters that are no English word: "ZXKQPR", not "PLEASE"."""
    low = folded(hit["it"])
    return low not in lists().common and low not in lists().cues["stay"]


def is_no_year(hit: Hit) -> bool:
    """Four or five digits that are no year and no round number."""
    return not re.fullmatch(r"(?:19|20)\d\d|\d+00", hit["it"])


def is_split(hit: Hit) -> bool:
    """Parts with at least five digits: "22/4471", not "50/50", and no line for everybody."""
    return len(checks.digits(hit["it"])) >= 5 and is_private_phone(hit)


def is_no_amount(hit: Hit) -> bool:
    """A run of digits that is no round number and no line for everybody."""
    return not hit[0].endswith("000") and not PUBLIC.match(hit[0])


def is_long_number(hit: Hit) -> bool:
    """Groups of digits that are at least nine together: no round numbers, no years."""
    groups = re.findall(r"\d+", hit["it"])
    if not 9 <= sum(map(len, groups)) <= 19 or not is_private_phone(hit):
        return False
    plain = [one for one in groups if one.endswith("0") or re.fullmatch(r"(?:19|20)\d\d", one)]
    return len(plain) < len(groups)


def is_local_line(hit: Hit) -> bool:
    """ "555-0184", and no range of round numbers."""
    return not hit["it"].endswith("00") and is_private_phone(hit)


def is_dictated(hit: Hit) -> bool:
    """A number said in words: with a zero or a "double" in it, or seven in no order, so that nobody counts."""
    said = re.findall(r"[a-z]+|\d", hit[0].lower())
    count = sum(
        2 if one == "hundred" else 1 for one in said if one not in {"double", "treble", "triple", "plus"}
    )
    count += sum(one in {"double", "treble", "triple"} for one in said)
    is_order = [SAID.index(one) for one in said if one in SAID]
    steps = {after - before for before, after in pairwise(is_order)}
    is_mixed = len(is_order) == len(said) and len(steps) > 2
    is_known = not {"oh", "o", "zero", "nought", "double", "treble", "triple", "0"}.isdisjoint(said)
    return any(map(str.isalpha, said)) and ((is_known and count >= 6) or (is_mixed and count >= 7))


def is_three_words(hit: Hit) -> bool:
    """Three words that name a spot, and nobody's way to stress what they say: "every.single.time"."""
    return lists().cues["stressed"].isdisjoint(hit["it"].split("."))


def is_building(hit: Hit) -> bool:
    """A house with a name: no court of law, no opera."""
    return lists().cues["no_buildings"].isdisjoint(folded(hit["name"]).split())


def is_mixed(hit: Hit) -> bool:
    """Letters and many digits: "HX-4432-99", not "COVID-19"."""
    return sum(map(str.isalpha, hit[0])) >= 2 and len(checks.digits(hit[0])) >= 4


def has_side(hit: Hit) -> bool:
    """North or east somewhere, or else it is a fever."""
    return any(side in hit[0].upper() for side in "NSEWO")


def is_no_verb(hit: Hit) -> bool:
    """ "2 may" and "3 march" are days only with an ordinal, a year or a capital."""
    month = hit["month"].rstrip(".")
    if month[0].isupper() or hit["year"] or month.lower() not in {"may", "march", "mar", "mars", "mai"}:
        return True
    if hit.string[: hit.start()].lower().endswith(DAY_BEFORE):
        return True
    after = hit.string[hit.end() :].split(maxsplit=1)[:1]
    return hit["ordinal"] is not None and after not in (["be"], ["have"], ["not"], ["help"])


def is_day(hit: Hit) -> bool:
    """Three numbers that can be a day, in any order that people use."""
    a, b, c = int(hit["a"]), int(hit["b"]), int(hit["c"])
    if len(hit["a"]) == 4:
        return 1900 <= a <= 2100 and 1 <= b <= 12 and 1 <= c <= 31
    if len(hit["a"]) > 2 or len(hit["c"]) not in {2, 4} or not (1 <= min(a, b) <= 12 and max(a, b) <= 31):
        return False
    if len(hit["c"]) == 4:
        return 1900 <= c <= 2100
    return hit["sep"] != "." or not VERSION_BEFORE.search(hit.string[max(hit.start() - 12, 0) : hit.start()])


def is_short_day(hit: Hit) -> bool:
    """Two numbers that can be a day, and no score: "on 14/6", not "on 8/10"."""
    a, b = int(hit["a"]), int(hit["b"])
    return 1 <= min(a, b) <= 12 and max(a, b) <= 31 and not (b == 10 and a <= 10)


def is_no_metres(hit: Hit) -> bool:
    """ "34m" is an age in brackets, after "I'm" or as the first word; "34F" is one unless it is a size or a fever."""
    before, tight = hit.string[max(hit.start() - 12, 0) : hit.start()].lower().rstrip(), hit[0].lower()
    if before.endswith(NO_AGE_BEFORE):
        return False
    opens = not before or before.endswith(SELF_BEFORE)
    return opens or (hit[0].isupper() and ("/" in tight or " " in tight or "f" in tight or tight[0] == "m"))


def is_no_list(hit: Hit) -> bool:
    """A number between commas is an age where no number stands on either side: "she/her, 37, and tired"."""
    return not re.search(
        r"\d[^a-z]*$|%[^a-z]*$", hit.string[: hit.start("it")], re.IGNORECASE
    ) and is_no_reading(hit)


def is_no_reading(hit: Hit) -> bool:
    """No pulse, weight, score, page or speed stands just before."""
    before = re.findall(r"[a-z\d-]+", hit.string[max(hit.start("it") - 45, 0) : hit.start("it")].lower())
    return lists().cues["readings"].isdisjoint(before[-6:])


def is_handle(hit: Hit) -> bool:
    """No plain word: a handle has a digit or a mark inside, or is no English word, or something says that it is one."""
    name, known = hit["it"], lists()
    if re.search(r"[\d_.]", name.strip(".")) or hit["sure"]:
        return True
    low = folded(name)
    return not any(low in among for among in (known.common, known.cues["stay"], known.cues["kin"]))


def is_coined(hit: Hit) -> bool:
    """A word with a number that names no thing: "mooncat99", not "iphone13"."""
    return not NO_HANDLES.match(hit[0]) and not hit[0].isupper()


def is_long_coined(hit: Hit) -> bool:
    """The same, long enough to be no unit or dose."""
    return len(hit[0]) >= 7 and is_coined(hit)


def is_postcode(hit: Hit) -> bool:
    """An area that there is; in small letters no "1st" or "2nd"."""
    return hit["area"].lower() in lists().cues["areas"] and not re.search(r"\d(?:st|nd|rd|th)$", hit[0])


def is_outward(hit: Hit) -> bool:
    """The first half of a postcode, and no vitamin, motorway or place in the back."""
    cues, code = lists().cues, hit["it"].lower()
    is_road = code[0] == "m" and hit.string[: hit.start("it")].endswith("the ")
    if is_road or (code[0] in "lstc" and SPINE.search(hit.string)):
        return False
    return hit["area"].lower() in cues["areas"] and code not in cues["no_postcodes"]


def is_before_place(hit: Hit) -> bool:
    """Digits beside a town, and no round number of people or steps."""
    place = folded(hit["place"])
    is_town = place in lists().places and place not in lists().common
    return (is_town or place.startswith("[")) and not re.fullmatch(r"\d+\d000", hit["it"])


def is_street(hit: Hit) -> bool:
    """Not the words of a way that anybody takes: "10 minutes down the road"."""
    return lists().cues["no_street"].isdisjoint(hit["street"].lower().split())


def is_named_street(hit: Hit) -> bool:
    """A street that points somewhere: not "the High Street", and none that everyone talks of."""
    words = folded(hit["it"]).split()
    if words in (["high", "street"], ["main", "street"], ["main", "road"]):
        return False
    return words[0] not in lists().cues["famous"] | {"the", "my", "our", "this", "that", "one", "no"}

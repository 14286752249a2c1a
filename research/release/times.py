"""Rules for days, years and ages. A weekday or a month alone stays, and so does how long something took."""

from __future__ import annotations

from research.release.numbers import Hit, rule

MONTH = (
    r"(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|march|mar|märz|mars|apr(?:il)?|avril|may|mai|june?|juin|juni|july?|juli|juillet"
    r"|aug(?:ust)?|août|sept?(?:ember|embre)?|oct(?:ober|obre)?|oktober|nov(?:ember|embre)?|dec(?:ember)?|dezember|décembre"
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)\b\.?"
)
YEAR = r"(?:(?:19|20)\d\d|['’]\d\d)(?!\d)"
DAY = r"(?:0?[1-9]|[12]\d|3[01])"
ORDINAL = r"(?:1st|2nd|3rd|[4-9]th|1\dth|2(?:1st|2nd|3rd|[04-9]th)|30th|31st)"
WORDED = (
    r"(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth"
    r"|sixteenth|seventeenth|eighteenth|nineteenth|twentieth|thirtieth|twenty[- ](?:first|second|third|fourth|fifth|sixth"
    r"|seventh|eighth|ninth)|thirty[- ]first)"
)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? (?:the )?)?"
END = r"(?=\s*(?:[.,;:!?)]|$|\n|-|–|(?:and|at|but|so|to|for|if|because|when|which|then|i|we|he|she|they|my|as|with|is|was|it)\b))"
SEASON = (
    r"(?:spring|summer|autumn|winter|fall|christmas|xmas|easter|halloween|thanksgiving|ramadan|new year'?s?|lockdown)(?: day| eve)?"
)
YEAR_CUES = (
    r"(?:in|since|until|till|from|by|during|before|after|around|circa|back in|of|late|early|mid|year|through|to|between|and|it's|was"
    r"|end of|start of|nineties|class of|graduated|dob|yob|born|b\.)"
)


ORDINAL_WORDS = frozenset(
    """first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth
    sixteenth seventeenth eighteenth nineteenth twentieth thirtieth""".split()
)
NUMBER_WORDS = ORDINAL_WORDS | frozenset(
    """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fourty fifty sixty seventy eighty ninety twenties thirties forties fifties sixties
    seventies eighties nineties teens fortieth fiftieth sixtieth seventieth eightieth ninetieth""".split()
)


def _is_no_verb(hit: Hit) -> bool:
    """ "2 may" and "3 march" are days only with an ordinal, a year or a capital."""
    month = hit["month"].rstrip(".")
    if month[0].isupper() or hit["year"] or month.lower() not in {"may", "march", "mar", "mars", "mai"}:
        return True
    after = hit.string[hit.end() :].split(maxsplit=1)[:1]
    return hit["ordinal"] is not None and after not in (["be"], ["have"], ["not"], ["help"])


def _is_day(hit: Hit) -> bool:
    """Whether three numbers can be a day, in any order that people use."""
    a, b, c = int(hit["a"]), int(hit["b"]), int(hit["c"])
    if len(hit["a"]) == 4:
        return 1900 <= a <= 2100 and 1 <= b <= 12 and 1 <= c <= 31
    if len(hit["a"]) > 2 or len(hit["c"]) not in {2, 4} or not (min(a, b) >= 1 and min(a, b) <= 12 and max(a, b) <= 31):
        return False
    return 1900 <= c <= 2100 if len(hit["c"]) == 4 else hit["sep"] != "." or len(hit["a"]) == 2


def _is_short_day(hit: Hit) -> bool:
    """Two numbers after a word that announces a day, and no score: "on 14/6", not "on 8/10"."""
    a, b = int(hit["a"]), int(hit["b"])
    return 1 <= min(a, b) <= 12 and max(a, b) <= 31 and min(a, b) > 0 and not (b == 10 and a <= 10)


DATES = [
    rule("date", rf"\b{WEEKDAY}(?:the )?(?:{DAY}(?:st|nd|rd|th)? ?(?:-|–|to|and|or|&) ?(?:the )?)?{DAY}(?P<ordinal>st|nd|rd|th)?(?: of | de | d'|\.? |[-/.])?(?P<month>{MONTH})"
         rf"(?:(?:,? |[-/.,])(?:of |de )?(?P<year>{YEAR}))?(?!\w)", _is_no_verb),
    rule("date", rf"\b{WEEKDAY}(?P<month>{MONTH}) (?:the )?{DAY}(?P<ordinal>st|nd|rd|th)?\b(?:,? (?P<year>{YEAR}))?(?![\d:%/]|\.\d| ?(?:mg|ml|of us|pm|am)\b)", _is_no_verb),
    rule("date", rf"\b(?P<month>{MONTH})(?:,? |[-/])(?:of |in |de )?{YEAR}"),
    rule("date", r"(?<![\w./-])(?P<a>\d{1,4}) ?(?P<sep>[-./]) ?(?P<b>\d{1,2}) ?(?P=sep) ?(?P<c>\d{2,4})(?![\d%]|[./-]\d)", _is_day),
    rule("date", r"\b(?:on|since|from|until|till|by|dated?|dob|born|appointment|appt|before|after|due|for|of|between|and|to)"
         r"(?: is| was|:)?(?: the)? (?P<it>(?P<a>\d{1,2})[/](?P<b>\d{1,2}))(?![\d/%]|\.\d| ?(?:on|out|in|pain|score|mmhg|points?)\b)", _is_short_day),
    rule("date", r"(?<![\d/])(?:0?[1-9]|1[0-2])[/.-](?:19|20)\d\d(?![\d/])"),
    rule("date", rf"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day,? (?:the )?{ORDINAL}\b"),
    rule("date", rf"\b(?:on|by|until|till|since|from|before|after|for|it's|its|is|was|and|to|of) (?P<it>the {ORDINAL}){END}"),
    rule("date", rf"\b(?P<it>{ORDINAL} of (?:this|last|next) month)\b"),
    rule("date", rf"\b{SEASON},? (?:of |in )?{YEAR}"),
    rule("date", rf"\b{YEAR_CUES}(?: the)?(?: end| start| summer| spring| autumn| winter)?(?: of)?[: ]{{1,2}}(?P<it>(?:19[2-9]\d|20[0-4]\d|['’]\d\d))(?![\d%:/]|\.\d"
         r"|s\b|['’]s\b|[- ]?(?:mg|ml|mcg|g|iu|steps|calories|kcal|people|words|miles|metres|pounds|hours|days|of|other)\b)"),
    rule("date", r"\((?P<it>(?:19[2-9]\d|20[0-4]\d)(?:[-–](?:\d\d){1,2})?)\)"),
    rule("date", r"(?<![\w£$€.,/-])(?P<it>(?:19[2-9]\d|20[0-4]\d) ?(?:[-–]|to) ?(?:19[2-9]\d|20[0-4]\d))(?![\d.])"),
    rule("date", r"(?:^|[.,;:(\n] ?)(?P<it>(?:19[5-9]\d|20[0-3]\d))(?=[ ]?[.,;:)\n]| (?:was|is)\b)"),
]  # fmt: skip

WORDED_DATES = [
    rule("date", rf"\b{WEEKDAY}(?:the )?{WORDED} (?:of )?{MONTH}(?:,? {YEAR})?"),
    rule("date", rf"\b{MONTH} (?:the )?{WORDED}\b(?:,? {YEAR})?"),
]

ONES = r"(?:one|two|three|four|five|six|seven|eight|nine)"
NUMBER = (
    rf"(?:(?:twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety)(?:[- ]?{ONES})?|ten|eleven|twelve|thirteen|fourteen"
    rf"|fifteen|sixteen|seventeen|eighteen|nineteen|{ONES}|1[01]\d|[1-9]?\d)"
)
UNIT = r"(?:years?|yrs?|months?|mths?|mos?|weeks?|wks?|days?)"
ABOUT = (
    r"(?:only |just |now |nearly |almost |about |around |barely |roughly |still |already |approaching |pushing |not even |over |under )?"
)
KIN = (
    r"(?:son|daughter|kid|child|boy|girl|baby|toddler|brother|sister|mum|mom|dad|mother|father|husband|wife|partner|boyfriend"
    r"|girlfriend|nephew|niece|cousin|grandson|granddaughter|nan|gran|grandad|granddad|grandma|eldest|oldest|youngest|middle one|twins|friend|uncle"
    r"|aunt|auntie|stepson|stepdaughter|teenager|teen|lad|ex)"
)
WHO = (
    rf"(?:i['’]?m|i am|im|iam|he['’]?s|she['’]?s|he is|she is|they['’]?re|they are|we['’]?re|we are|i was|he was|she was|they were"
    rf"|were both|we were|both|{KIN}(?: [a-z]{{2,12}})?(?: is|['’]s| was| turned| who is| who's| who was))"
)
AFTER_AGE = (
    r"(?=\s*(?:[.,;!?)\n/]|$|-\s|–|(?:and|but|now|with|so|or|when|who|living|from|currently|diagnosed|based|next|this|last|in (?:a|two|three|\d|jan|feb|mar"
    r"|apr|may|jun|jul|aug|sep|oct|nov|dec)|on (?:mon|tue|wed|thu|fri|sat|sun)|at the time|then|at|too|female|male|f|m|today|tomorrow"
    r"|already|if|as|because|yet|going on|soon|he|she|i|we|they|my|single|married|divorced|have|has|old|tomorrow|soon|this)\b))"
)
NO_PLURAL = r"(?!\s?(?!(?:years|this|is|was|as|has|yrs|always)\b)[a-z]+s\b|\s?(?:years|yrs) (?!old)|\s?-)"
NO_AGE = (
    r"(?![\d.,:/]?\d|%|\s?(?:mg|ml|kg|lb|lbs|st|stone|cm|mm|ft|feet|foot|inch|st|nd|rd|th|am|pm|min|mins|minutes?|hours?|hrs|days?|weeks?"
    r"|months?|miles?|times?|of|per|out|percent|pounds?|quid|sessions?|people|degrees|steps|th)\b)"
)


def _is_no_metres(hit: Hit) -> bool:
    """ "34m" is an age in brackets, after "I'm" or as the first word; "34F" is one unless it is a size or a fever."""
    before = hit.string[max(hit.start() - 12, 0) : hit.start()].lower()
    if before.rstrip().endswith(("size", "bra", "ward", "room", "flat", "was", "temp", "sat", "seat", "bed")):
        return False
    tight = hit[0].lower()
    opens = not before.strip() or before.rstrip().endswith(("(", "i'm", "im", "i am", "here", ",", "hi", "hello", "my", "a"))
    return ("/" in tight or " " in tight or tight.startswith(("f", "m")) or tight.endswith("f") or opens) and (
        opens or hit[0].upper() == hit[0]
    )


AGES = [
    rule("age", rf"\b{NUMBER}(?:[- ]and[- ]a[- ]half|½|\.5)?[\s-]*{UNIT}[\s-]?(?:olds?|of age|young)\b"),
    rule("age", rf"\b{NUMBER}[ -]?(?:y/?o|y\.o\.?|yr old|yrs old)\b"),
    rule("age", rf"\b(?:aged?|ages|turned|turning|turns|age of|age is|age was|age:|hit|reached|reaching|approaching|pushing)(?: of| at)?:? {ABOUT}(?P<it>{NUMBER}(?:(?: ?(?:-|–|to|and|,|&) ?{NUMBER}){{1,2}})?)\b{NO_AGE}"),
    rule("age", rf"\b(?:when|since|until|till|before|after|that|where|while|as)(?: [a-z]+)? (?:i|he|she|they|we|you)(?: was| were| am| is|['’]s|['’]m| turned| turn| turns| hit) {ABOUT}(?P<it>{NUMBER})\b{NO_AGE}"),
    rule("age", rf"\b(?:{WHO}|(?:i|we|they|he|she)['’]d (?:have been|be)|{KIN}s? (?:are|were)|twins (?:are|were)|both) {ABOUT}(?P<it>{NUMBER}(?: years)?)\b{NO_AGE}{AFTER_AGE}"),
    rule("age", rf"\b(?:{WHO}|(?:will|['’]ll|have|['’]ve|has|would|['’]d) (?:have )?(?:be|been)|{KIN}s? (?:are|were)) {ABOUT}(?P<it>1[2-9]|[2-9]\d)\b{NO_AGE}{NO_PLURAL}"),
    rule("age", rf"\b{KIN}(?:,? [a-z]{{2,12}})?(?:,? ?\(|, | is | who is | aged )(?P<it>{NUMBER}(?:(?: ?(?:-|–|to|and|,|&) ?{NUMBER}){{1,3}})?)\b{NO_AGE}(?=[,).;!?]|$| and\b)"),
    rule("age", rf"\b(?:(?:man|woman|boy|girl|male|female|lad|bloke|lady|guy) (?:of |aged )?|(?:mum|mother|father|dad) (?:aged )?)(?P<it>[1-9]\d|{NUMBER}(?=[,.;)]))\b{NO_AGE}"),
    rule("age", r"(?<![\w/.])(?:1[3-9]|[2-9]\d) ?/? ?[mf]\b(?![\d/])|(?<![\w/.])[mf](?: ?/ ?|, | )?(?:1[3-9]|[2-9]\d)(?![\d.%/]|\w)", _is_no_metres),
    rule("age", rf"\b(?:in my|in his|in her|in their|in our|into my|my)[ -]{{1,3}}(?P<it>(?:early |mid[ -]?|late )?(?:[1-9]0['’]?s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties|teens))\b"),
    rule("age", rf"\b(?P<it>(?:{ORDINAL}|{DAY}\dth|[4-9]\d?(?:th|st|nd|rd)|100th|(?!first|second|third){WORDED}|fortieth|fiftieth|sixtieth|seventieth|eightieth|ninetieth)) ?(?:birthday|bday|b-day)\b"),
    rule("age", rf"(?:\[NAME_\d+\])(?:['’]s|,? \(|, | is | was | turned | aged |,? who is | will be |'ll be ){ABOUT}(?P<it>{NUMBER})\b{NO_AGE}(?=[,).;!?]|$| (?:and|now|this|next|when|but|today|tomorrow|so)\b)"),
    rule("age", r"(?:^|[.!?\n] )(?P<it>1[6-9]|[2-8]\d)(?=(?: ?\([mf]\))?, (?!\d)| ?\([mf]\)| and [a-z]|\. [A-Z])"),
    rule("age", r"(?<![\w/.])(?:1[3-9]|[2-9]\d) ?\([mf]\)"),
    rule("age", rf"\b(?:diagnosed|died|married|pregnant|widowed|orphaned|retired|sectioned|came|moved|divorced|sober|adopted|dropped out|left home|left school|not bad|young|fit)"
         rf"(?: [a-z]+)? (?:at|for) (?P<it>{NUMBER})\b{NO_AGE}(?! ?(?:am|pm|o'clock))(?=[.,;!?]|$| (?:and|with|because|so|but|when|i|he|she|after)\b)"),
    rule("age", rf"\b(?P<it>{NUMBER} and (?:a half|three quarters))(?=[,.!?]|$| and\b)"),
    rule("age", r"\bd[sd][ (]{0,2}(?P<it>\d{1,2})\b"),
    rule("age", rf"\bat (?P<it>{NUMBER})(?=,? (?:i|he|she|they|we|years old|my|and i|and he|and she)\b)"),
    rule("age", rf"\b(?:kids|children|boys|girls|sons|daughters|grandchildren|siblings|two|three|both)(?: are|,| \(| aged| who are)*[ ,(](?P<it>{NUMBER}(?:,? ?(?:and|&|,) ?{NUMBER}){{1,3}})\b{NO_AGE}"),
]  # fmt: skip

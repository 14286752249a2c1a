"""Rules for ways to reach somebody: mail, sites, handles, postcodes and streets."""

from __future__ import annotations

import re

from research.release.lists import folded, lists
from research.release.numbers import Hit, rule

TLD = (
    r"(?:com|org|net|info|biz|app|dev|io|co\.uk|org\.uk|ac\.uk|gov\.uk|nhs\.uk|me\.uk|sch\.uk|uk|ie|eu|com\.au|ca|de|fr|es|nl|ch|tv|blog|site"
    r"|online|shop|xyz|edu|gov|int|scot|wales|london|health|social|chat|club|page|link|news|care|support|nz|pl|se|dk)"
)
WORDLIKE = r"(?:me|us|it|at|be|no|is|so|to|in|ly|gl|gg|am|fm|co|by|my|lol|care|life|world)"
HOST = r"(?:[a-z0-9-]{1,63}\.){1,4}"
WEB = [
    rule("email", r"(?<![\w.+%-])[\w.+%'-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}"),
    rule("email", r"(?<![\w.+%-])[\w.+%-]{1,64} ?(?:\(at\)|\[at\]|\{at\}|<at>| @ ) ?[a-z0-9-]{2,63}(?: ?(?:\(dot\)|\[dot\]|\{dot\}| dot |\.) ?[a-z]{2,12}){1,3}\b"),
    rule("email", r"(?<![\w.+%-])(?<! dot )[\w.+%-]{1,64}(?: dot [\w+%-]{1,64}){0,3} at [a-z0-9-]{2,63}(?: dot [a-z]{2,12}){0,2} dot (?:com|uk|org|net|ie|de|fr|es|eu|me|edu|info|io|us|ca)\b"),
    rule("email", r"(?<![\w.+%-])[\w.+%-]{1,64} at (?:gmail|hotmail|outlook|yahoo|icloud|live|btinternet|aol|proton|protonmail|gmx)\b(?:\.[a-z]{2,4}){0,2}"),
    rule("url", r"\b(?:https?://|ftp://|www\.)[^\s<>\"'\])]*[\w/]"),
    rule("url", rf"(?<![\w@.-]){HOST}{TLD}\b(?:[:/][^\s<>\"')\]]*[\w/])?"),
    rule("url", rf"(?<![\w@.-]){HOST}{WORDLIKE}/[^\s<>\"')\]]*[\w/]"),
    rule("url", r"(?<![\w@.-])[a-z0-9-]{2,63} (?:dot|\(dot\)|\[dot\]) (?:com|org|net|co dot uk|org dot uk)\b"),
]  # fmt: skip

SITES = (
    r"(?:insta(?:gram)?|ig|snap(?:chat)?|twitter|discord|reddit|tik ?tok|steam|xbox|psn|gamertag|telegram|kik|skype|facebook|fb|tumblr|youtube"
    r"|twitch|threads|mastodon|bluesky|signal|wechat|viber|linkedin|pinterest|messenger|strava|vinted|roblox|minecraft)"
)
SITE_WORDS = frozenset(
    """insta instagram ig snap snapchat twitter discord reddit tik tok tiktok steam xbox psn gamertag telegram kik skype facebook fb tumblr
    youtube twitch threads mastodon bluesky signal wechat viber linkedin pinterest messenger strava vinted roblox minecraft username
    user handle screenname screen gamer profile channel login nick nickname""".split()
)
NO_HANDLES = re.compile(
    r"covid\d|iphone\d|windows\d|omega\d|ipad\d|vitamin\d|galaxy\d|type\d|phase\d|stage\d|level\d|grade\d|area\d|hba1c", re.IGNORECASE
)


def _is_handle(hit: Hit) -> bool:
    """No plain word: a handle has a digit, a mark or a capital inside, or is no English word."""
    name = hit["it"]
    if re.search(r"[\d_.]", name.strip(".")) or hit["sure"]:
        return True
    low = folded(name)
    known = lists()
    return low not in known.common and low not in known.cues["stay"] and low not in known.cues["kin"]


HANDLES = [
    rule("handle", r"(?<![\w@/.])@[a-z0-9_](?:[\w.-]{0,62}\w)?(?:@[\w.-]{1,80}\w)?"),
    rule("handle", r"(?<![\w/])/?[ur]/[\w-]{2,40}"),
    rule("handle", r"(?<![\w#@])[\w.]{2,32}#\d{4}\b"),
    rule("handle", rf"\b(?:{SITES}|user ?name|user|handle|screen ?name|gamer ?tag|profile|channel|login|nick(?:name)?)\b(?: (?:account|handle|name|username|profile|user|tag|id|is|as|under|at|called|me))*"
         r"(?P<sure> ?[:=-]| (?:is|as|called|under|at))? ?[\"'“‘(@]{0,2}(?P<it>[a-z0-9_][\w.-]{1,38}\w)", _is_handle),
    rule("handle", rf"(?<![\w.@/])(?P<it>(?=[\w.-]{{0,38}}[\d_.])(?P<sure>)[a-z0-9_][\w.-]{{2,38}}\w) (?:on|over on|at) {SITES}\b"),
    rule("handle", r"(?<![\w@/.])(?=\w{0,40}[a-z])[a-z0-9]{1,30}_[a-z0-9_]{1,40}\b"),
    rule("handle", r"(?<![\w@/.-])[a-z]{4,24}\d{2,4}(?![\w]|[.-]\d)", lambda hit: not NO_HANDLES.match(hit[0]) and not hit[0].isupper()),
    rule("handle", r"(?<![\w@/.-])[a-z]{2,20}\d{1,4}[a-z]{2,20}\d{0,4}\b", lambda hit: len(hit[0]) >= 7 and not NO_HANDLES.match(hit[0]) and not hit[0].isupper()),
]  # fmt: skip

AREAS = frozenset(
    """ab al b ba bb bd bf bh bl bn br bs bt ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt dy e ec eh en ex fk fy g gl gu
    gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le ll ln ls lu m me mk ml n ne ng nn np nr nw ol ox pa pe ph pl
    po pr rg rh rm s sa se sg sk sl sm sn so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze""".split()
)
STATES = (
    r"A[LKZR]|C[AOT]|DE|DC|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]|W[AVIY]"
)


def _is_postcode(hit: Hit) -> bool:
    """An area that there is; in small letters no "1st" or "2nd"."""
    return hit["area"].lower() in AREAS and not re.search(r"\d(?:st|nd|rd|th)$", hit[0])


def _is_outward(hit: Hit) -> bool:
    return hit["area"].lower() in AREAS and hit["it"].upper() not in {"B1", "B2", "B3", "B5", "B6", "B7", "B9", "B12", "E45", "M25", "M1", "M6"}


def _is_before_place(hit: Hit) -> bool:
    return folded(hit["place"]) in lists().places and folded(hit["place"]) not in lists().common


POSTCODES = [
    rule("postcode", r"\b(?P<area>[A-Z]{1,2})\d[A-Z\d]? {0,2}\d[ABD-HJLNP-UW-Z]{2}\b", _is_postcode),
    rule("postcode", r"\b(?:postcode|post code|postcodes|postal code)\b(?: area)?(?: is| was|:|,)? ?(?P<it>(?P<area>[A-Z]{1,2})\d[A-Z\d]?)\b", _is_outward),
    rule("postcode", r"\b(?:in|near|around|from|to|live|lives|lived|at|the|of|over in|[A-Z][a-z]{3,20},?) (?P<it>(?P<area>[A-Z]{1,2})\d{1,2}[A-Z]?)\b(?! ?(?:\d|vitamin|deficien|injection|tablet|mg|motorway))", _is_outward, flags=0),
    rule("postcode", r"\b(?P<it>(?:D6W|[AC-FHKNPRTV-Y]\d\d) ?(?=[A-Z0-9]{0,3}\d)[AC-FHKNPRTV-Y0-9]{4})\b"),
    rule("postcode", r"\b[ABCEGHJ-NPRSTVXY]\d[A-CEGHJ-NPRSTV-Z] ?\d[A-CEGHJ-NPRSTV-Z]\d\b"),
    rule("postcode", rf"\b(?:{STATES}),? (?P<it>\d{{5}}(?:-\d{{4}})?)(?!\d)", flags=0),
    rule("postcode", r"(?<![\d-])\d{5}-\d{4}(?![\d-])"),
    rule("postcode", r"\b(?:zip|zip ?code|plz|postleitzahl|code postal|código postal|codigo postal|postcode|postal code|eircode)\b(?: is| was| ist|:|,| es| est)? ?(?P<it>[A-Z]?\d{4,5}(?:-\d{4})?|[A-Z]\d\w ?\w{4})\b"),
    rule("postcode", r"(?<![\d£$€.,])(?P<it>(?:D-|F-|E-)?\d{5}),? (?P<place>[A-ZÄÖÜ][a-zäöüßéèáíóúñ]{2,25})\b", _is_before_place, flags=0),
    rule("postcode", r"\b(?P<place>[A-ZÄÖÜ][a-zäöüßéèáíóúñ]{2,25}),? (?P<it>\d{5})\b", _is_before_place, flags=0),
]  # fmt: skip

FULL = r"Street|Road|Avenue|Lane|Close|Drive|Way|Court|Crescent|Place|Terrace|Gardens|Grove|Hill|Park|Square|Row|Mews|Walk|Parade|Rise|View|Boulevard|Green|Gate|Bank|Fold|Croft|Quay|Wharf|Circle|Parkway|Highway|Cottages?|Villas|Heights|Mount"
SHORT = r"St|Rd|Ave|Av|Ln|Cl|Dr|Ct|Cres|Pl|Terr?|Gdns|Gr|Sq|Blvd|Pkwy"
LOWER = r"street|road|avenue|lane|crescent|terrace|grove|gardens|close|drive|mews|rd|ave|st"
FLAT = r"(?:(?:flat|apt\.?|apartment|unit|suite|room) ?#?(?:\d{1,4}[a-z]?|[a-z]\d{0,3})(?:,| -)? )?"
STREET_WORDS = frozenset(
    """street road avenue lane close drive crescent terrace gardens grove mews boulevard rd ave flat apartment apt""".split()
)
NO_STREET = frozenset(
    """a about after along an any at away back bit busy by car close cross dark day days down every few foot for from ft good half hour
    hours hr hrs i in inch km kms last long longer m main metre metres meter meters mile miles min mins minute minutes more my narrow
    nearest next of off on one open other our out over people quiet same short side steps straight the their times to towards two up
    via walk week weeks yard yards year years your high th st nd rd pm am mg lane hard long bumpy dual""".split()
)


def _is_street(hit: Hit) -> bool:
    """Not the words of a way that anybody takes: "10 minutes down the road"."""
    return not any(word in NO_STREET for word in hit["street"].lower().split())


def _is_nameless(hit: Hit) -> bool:
    first, *_rest = words = folded(hit["it"]).split()
    return first in lists().cues["famous"] or words in (["high", "street"], ["main", "street"], ["main", "road"]) or first in {"the", "my", "our", "this", "that", "one", "no"}


ADDRESSES = [
    rule("address", rf"\b(?i:{FLAT})\d{{1,5}}[a-zA-Z]?(?: ?[-/] ?\d{{1,4}})?,? (?:[A-Z0-9][\w'’.-]{{0,25}} ){{1,4}}(?:{FULL}|{SHORT})\b\.?", flags=0),
    rule("address", rf"\b{FLAT}\d{{1,4}}[a-z]?,? (?P<street>(?:[a-z'’]{{2,20}} ){{1,2}})(?:{LOWER})\b", _is_street),
    rule("address", r"\b(?P<it>(?:The )?(?:[A-Z][\w'’-]{1,25} ){1,2}(?:Cottage|Rectory|Farm|Barn|Vicarage|Manor|Farmhouse|Bungalow)\b)", flags=0),
    rule("address", r"\b\d{1,4}[a-z]?,? The [A-Z][a-z]{3,20}\b", flags=0),
    rule("address", rf"\b(?P<it>(?:[A-Z][\w'’-]{{1,25}} ){{1,3}}(?:Street|Road|Avenue|Lane|Close|Drive|Crescent|Terrace|Gardens|Grove|Mews|Boulevard|Rd|Ave))\b", lambda hit: not _is_nameless(hit), flags=0),
    rule("address", r"\b(?:flat|apartment|apt) ?#?(?:\d{1,4}[a-z]?|[a-z]\d{0,3})\b(?:,? (?P<more>[A-Z][\w'’]{1,20} (?:House|Court|Tower|Point|Lodge|Heights|Mansions)\b))?"),
    rule("address", r"\bP\.?O\.? Box \d{1,6}\b"),
    rule("address", r"\b\d{1,4}[a-z]?,? (?:bis |ter )?(?:rue|avenue|boulevard|place|impasse|allée|chemin|quai)(?: (?:de|du|des|la|le|les|d'|l'|saint|st))*[ '’]?[a-zà-ü'’-]{2,25}(?: [a-zà-ü'’-]{3,25})?"),
    rule("address", r"\b(?:calle|avenida|avda\.?|plaza|paseo|c/) ?(?:(?:de|del|la|las|los|el) )*(?:[a-záéíóúñü]{2,20} ){0,2}[a-záéíóúñü]{2,20},? (?:n[ºo°]\.? ?)?\d{1,4}\b"),
    rule("address", r"\b(?:[A-ZÄÖÜ][\wäöüß-]{1,30}[- ]?)(?:stra(?:ß|ss)e|str\.|weg|platz|allee|gasse|ufer|damm|Stra(?:ß|ss)e|Str\.|Weg|Platz|Allee) \d{1,4} ?[a-z]?\b", flags=0),
    rule("address", r"\b(?:house )?(?:number|no\.?) \d{1,4}[a-z]? (?P<street>(?:[a-z'’]{2,20} ){1,2})(?:street|road|avenue|lane|close|crescent|terrace|grove|gardens|drive)\b", _is_street),
]  # fmt: skip

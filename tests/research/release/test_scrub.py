"""What is taken out of a message: each kind, and what only looks like one."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from research.release import checks
from research.release.scrub import Known, Numbering, Scrubbed, scrub

pytestmark = pytest.mark.once
SERVICES = Path(__file__).parents[3] / "community/data/services.csv"
NOBODY = Known([])

OUT = [
    ("name", "My daughter Xanthe starts on Monday.", "Xanthe"),
    ("name", "my son kieran won't go in", "kieran"),
    ("name", "I'm Thandiwe, hello", "Thandiwe"),
    ("name", "Dr Okonkwo said no", "Dr Okonkwo"),
    ("name", "i see dr khan on thursdays", "dr khan"),
    ("name", "Grace said I should ring", "Grace"),
    ("name", "I told Will about it", "Will"),
    ("name", "Sarah O'Brien came round", "Sarah O'Brien"),
    ("name", "We called him Bear", "Bear"),
    ("name", "hey Josh, how was it?", "Josh"),
    ("email", "mail jo.bloggs+kith@example.co.uk today", "jo.bloggs+kith@example.co.uk"),
    ("email", "it is sunita dot rao at gmail dot com ok", "sunita dot rao at gmail dot com"),
    ("phone", "ring 07700 900461 later", "07700 900461"),
    ("phone", "ring +44 (0)7700 900461 later", "+44 (0)7700 900461"),
    ("phone", "it's (020) 7946 0018, ask", "(020) 7946 0018"),
    ("phone", "on 087 123 4567 in Ireland", "087 123 4567"),
    ("phone", "it is (617) 555-0132 there", "(617) 555-0132"),
    ("phone", "le 06 12 34 56 78 merci", "06 12 34 56 78"),
    ("phone", "es el 612 345 678 gracias", "612 345 678"),
    ("postcode", "near LS1 4AP somewhere", "LS1 4AP"),
    ("postcode", "near ls14ap somewhere", "ls14ap"),
    ("postcode", "our eircode is D08 XY57", "D08 XY57"),
    ("postcode", "zip 10001 by the river", "10001"),
    ("postcode", "wohne in 20095 Hamburg", "20095"),
    ("address", "it's 27 Mafeking Road now", "27 Mafeking Road"),
    ("address", "at 14 elm street now", "14 elm street"),
    ("address", "wohne Gartenstraße 17 hier", "Gartenstraße 17"),
    ("place", "I live in Stockport now", "Stockport"),
    ("place", "i live in leeds now", "leeds"),
    ("place", "I moved to Reading for work", "Reading"),
    ("place", "I grew up in Penrhyndeudraeth", "Penrhyndeudraeth"),
    ("place", "train to Newcastle upon Tyne", "Newcastle upon Tyne"),
    ("organisation", "goes to Oakwood Primary School", "Oakwood Primary School"),
    ("organisation", "at the Royal Berkshire Hospital", "Royal Berkshire Hospital"),
    ("organisation", "St Mark's has tea", "St Mark's"),
    ("organisation", "on Ward 7B again", "Ward 7B"),
    ("organisation", "I work at Deloitte", "Deloitte"),
    ("url", "see https://example.org/a/b?c=1.", "https://example.org/a/b?c=1"),
    ("url", "see mentalhealthblog.net/posts/14", "mentalhealthblog.net/posts/14"),
    ("handle", "follow @kit_and_kaboodle", "@kit_and_kaboodle"),
    ("handle", "ask u/tea_and_trauma", "u/tea_and_trauma"),
    ("handle", "discord is quietfrog#4471", "quietfrog#4471"),
    ("handle", "my insta is lilmissbrainfog", "lilmissbrainfog"),
    ("date", "on 14/02/2023 they rang", "14/02/2023"),
    ("date", "since the 3rd of March it hurts", "the 3rd of March"),
    ("date", "discharged 5th Feb 2022.", "5th Feb 2022"),
    ("date", "in March 2021 I fell", "March 2021"),
    ("date", "I was diagnosed in 2009", "2009"),
    ("age", "I'm 34, and tired", "34"),
    ("age", "my 7 year old won't sleep", "7 year old"),
    ("age", "she's fifteen and scared", "fifteen"),
    ("age", "34F here", "34F"),
    ("age", "when I was 17 it began", "17"),
    ("age", "Priya, 29, from nowhere", "29"),
    ("id", "NHS number 943 476 5919", "943 476 5919"),
    ("id", "it is 943 476 5919, I think", "943 476 5919"),
    ("id", "my NI is AB 12 34 56 C", "AB 12 34 56 C"),
    ("id", "card 4929 1234 5678 9015 was used", "4929 1234 5678 9015"),
    ("id", "IBAN GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19"),
    ("id", "SSN 219-09-9999 leaked", "219-09-9999"),
    ("id", "passport no. 502135678 expired", "502135678"),
    ("id", "case reference PIP/2291/88A please", "PIP/2291/88A"),
    ("id", "the car, YK19 ZTP, was keyed", "YK19 ZTP"),
    ("ip", "it showed 86.134.22.109 there", "86.134.22.109"),
    ("ip", "and 2001:db8:85a3::8a2e:370:7334 too", "2001:db8:85a3::8a2e:370:7334"),
    ("coordinates", "at 53.4808, -2.2426 by the canal", "53.4808, -2.2426"),
    ("coordinates", "meet at ///filled.count.soap", "///filled.count.soap"),
    ("name", "Dr. R. Vance-Lund wrote", "Dr. R. Vance-Lund"),
    ("name", "ask Prof. Quillanbar there", "Prof. Quillanbar"),
    ("name", "so Nana Bev rang", "Nana Bev"),
    ("name", "Ask for T. Okonjo-Hale there", "T. Okonjo-Hale"),
    ("name", "Morwenna will be there", "Morwenna"),
    ("name", "will said he would pay", "will"),
    ("name", "only C.R. was left", "C.R."),
    ("email", "mine is r.lowe at foo.example ok", "r.lowe at foo.example"),
    (
        "phone",
        "it's oh seven seven double oh, nine double oh one two three",
        "oh seven seven double oh, nine double oh one two three",
    ),
    ("phone", "fax to 555-0184, please", "555-0184"),
    ("phone", "or O7700 9OO123 then", "O7700 9OO123"),
    ("phone", "ask on ext. 4471 then", "4471"),
    ("postcode", "in Duluth, MN 55802 there", "MN 55802"),
    ("postcode", "EH15 or EH16 anyone", "EH16"),
    ("postcode", "in NSW 2042 now", "NSW 2042"),
    ("address", "at 22 Cooper's Yard now", "22 Cooper's Yard"),
    ("address", "it is 6 Heol Fach, by the sea", "6 Heol Fach"),
    ("place", "from Much Wibbleton originally", "Much Wibbleton"),
    ("organisation", "moved to HMP Stonecastle today", "HMP Stonecastle"),
    ("organisation", "left the Brethren of the Open Gate", "Brethren of the Open Gate"),
    ("organisation", "I work nights at Greggs now", "Greggs"),
    ("url", "on myweekly.example/opinion/why-me today", "myweekly.example/opinion/why-me"),
    ("handle", "whats your discord? mine is .wibblebrain", ".wibblebrain"),
    ("handle", "I am zibblefox on twitch", "zibblefox"),
    ("date", "in nineteen ninety-six we met", "nineteen ninety-six"),
    ("age", "Jo, she/her, 37, and new", "37"),
    ("age", "he left at 60, alone", "60"),
    ("age", "they turn 13 soon", "13"),
    ("age", "Hello. 61 as you'd guess.", "61"),
    ("age", "Theo 12, and me", "12"),
    ("age", "I've hit the big 5-0 now", "5-0"),
    ("age", "forty-something and lost", "forty-something"),
    ("id", "application 2024-FA-003318 it says", "2024-FA-003318"),
    ("id", "with s3310947 on it", "s3310947"),
    ("id", "that 1EG4-TE5-MK73 thing", "1EG4-TE5-MK73"),
    ("id", "the car, BX 5517 ZZ, again", "BX 5517 ZZ"),
    ("id", "card ending in 4471 is mine", "4471"),
    ("id", "the door code is 7741C now", "7741C"),
    ("ip", "from 192 dot 0 dot 2 dot 44 again", "192 dot 0 dot 2 dot 44"),
    ("coordinates", "it is at filled.count.soap there", "filled.count.soap"),
    ("coordinates", "at 50.39N 4.11W by sea", "50.39N 4.11W"),
    ("email", "it's wren underscore vale at proton dot me ok", "wren underscore vale at proton dot me"),
    ("email", "or w_vale_at_proton_dot_com ok", "w_vale_at_proton_dot_com"),
    ("email", "on wrenvale at the rate gmail dot com please", "wrenvale at the rate gmail dot com"),
    ("url", "it is wrenknits dot wordpress dot com now", "wrenknits dot wordpress dot com"),
    ("handle", "cashapp $wrenvale for the raffle", "wrenvale"),
    ("handle", "same username everywhere: wrenknitz", "wrenknitz"),
    ("phone", "call me on seven seven four one eight two six", "seven seven four one eight two six"),
    ("phone", "it is 07700/900*461 there", "07700/900*461"),
    ("phone", "area code 719 if that helps", "719"),
    ("postcode", "we live in 3350, near the lake", "3350"),
    ("postcode", "3056 postcode here", "3056"),
    ("postcode", "wohne in 10115 berlin hier", "10115"),
    ("organisation", "in bay 4 bed 11 since monday", "bay 4 bed 11"),
    ("id", "booking ref ZXKQPR for friday", "ZXKQPR"),
    ("id", "booking ref QX7TLM for friday", "QX7TLM"),
    ("id", "policy no. 88 2291 7 it says", "88 2291 7"),
    ("id", "log 417 of 12/03/2023 they said", "417"),
    ("id", "BSB 062-118 for the fund", "062-118"),
    ("id", "expiry 04/28 on it", "04/28"),
    ("id", "rego 1KL 2MX parked here", "1KL 2MX"),
    ("id", "IBAN GB11 ABCD 2044 1811 2288 33 it is", "GB11 ABCD 2044 1811 2288 33"),
    ("id", "the password is teal!44bucket", "teal!44bucket"),
    ("id", "my union number 44718 is old", "44718"),
    ("date", "dob 03 07 84 on it", "03 07 84"),
    ("date", "my birthday is 3/7, every year", "3/7"),
    ("date", "it was 8.8.08, easy", "8.8.08"),
    ("date", "dob 12th of the 3rd 72", "12th of the 3rd 72"),
    ("age", "my mums 74 and well", "74"),
    ("age", "his 70th on sunday", "70th"),
    ("age", "I'm a month off 40 now", "40"),
    ("age", "im nineteen btw", "nineteen"),
    ("age", "I was 19 in january", "19"),
]

STAYS = [
    "Mind's number is 0300 123 3393 if you want it.",
    "I was looking at this point today, and met him at the dot of nine.",
    "The MRI shows a bulge at L4 and S1. HLA-B27 was found.",
    "We took the M62 home. Version 2.3.10 is out.",
    "5000 people came, 10000 steps, and 2 nights.",
    "They gave me a number of 4000 steps. The password is wrong.",
    "My sister wants one that sings. They gave it 5 of 10.",
    "Booking ref PLEASE. Bay of plenty, room to breathe.",
    "Ring Samaritans on 116 123, NHS 111, or 999. In the US it is 988.",
    "Childline is 0800 1111 and Mind is on 0300 123 3393. Text SHOUT to 85258.",
    "BP was 142/91, pulse 88, HbA1c 48 and TSH 4.2.",
    "I take 75mg of Venlafaxine at 8am, then 2.5 mg of diazepam and 30/500.",
    "PHQ-9 was 19, GAD-7 was 16/21. Pain 8/10.",
    "Monday and Thursday are bad. In March I relapsed, April was fine.",
    "Will it get better? I hope so. Mark my words. May I ask? It may.",
    "Rose petals, a candle, and hope. Faith and art got me through.",
    "Jack of all trades. The bill came. It will be a joy.",
    "Parkinson's, Crohn's and Down's syndrome are not the same.",
    "10 minutes down the road there is a park.",
    "I'm 10 weeks pregnant. He was 20 minutes late. I'm 99% sure.",
    "Day 45 of being sober, 24/7 in my head, 2 out of 3 days.",
    "Citizens Advice helped with PIP. CAMHS said 18 months.",
    "How is everyone? My GP and the crisis team were kind.",
    "I CANNOT DO THIS ANYMORE, WILL IT END",
    "COVID-19 and B12 and my iPhone 13. Version 2.3 crashed.",
    "It cost £400, or £92.40 a week. I walked 8,432 steps.",
    "The General Hospital was full. My School was fine.",
    "The 2nd may be better, 2 may help, and 3 march on.",
    "We live in the UK. I speak Polish and English.",
    "My BMI is 31, sats at 94, and a pulse of 122, then 88.",
    "I scored 14, so moderate. Chapter 17. Episode 15, great.",
    "On 1000mg/day, 2x500mg, 12000 steps, the 1990s and mid-2019s.",
    "A double whammy, zero energy. Oh no, oh my. Seven or eight times.",
    "Every.single.time. And/or he/she/they.",
    "L4-L5 disc, CD4, FY1 doctor, CO2, WD40, the M25, A4.",
    "The High Court, the White House and the Family Court.",
    "Accident & Emergency, health & safety. U.S. or U.K. at 9 a.m.",
    "I put the kettle on. Long-Term effects. Wi-Fi is down.",
    "Yeah, same. Definately will. Dont know. Ive had it.",
    "I weighed in at 71, and my pulse sat at 68.",
    "It went 12, 31, 40, then none.",
    "It is every.single.time with them.",
    "Oh no. Count four five six seven eight nine, and breathe.",
    "The 4-7-8 breathing, 40-50 people, 200-400 units, 100 200 300.",
]  # fmt: skip


def scrubbed(text: str, *names: str) -> Scrubbed:
    return scrub(text, known=Known(names) if names else NOBODY, numbers=Numbering())


@pytest.mark.parametrize(("kind", "text", "piece"), OUT, ids=[f"{k}-{p[:20]}" for k, _, p in OUT])
def test_it_is_taken_out(kind: str, text: str, piece: str) -> None:
    found = {(one.kind, text[one.start : one.end]) for one in scrubbed(text).found}
    assert (kind, piece) in found
    assert piece not in scrubbed(text).text


@pytest.mark.parametrize("text", STAYS)
def test_it_stays(text: str) -> None:
    assert scrubbed(text).text == text


def test_numbers_that_are_for_everybody_stay() -> None:
    with SERVICES.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["region"].startswith(("gb", "ie", "us"))]
    dialled = {row["phone"] for row in rows if row["phone"]} - {
        "07860 077333"
    }  # one line has a mobile number
    assert len(dialled) > 30
    wrong = {one for one in dialled if scrubbed(f"You can ring {one} any time.").found}
    assert not wrong


def test_the_same_name_has_the_same_number_within_what_one_person_wrote() -> None:
    numbers = Numbering()
    texts = ["My sister Sarah rang.", "Then Tom came.", "Sarah and Tom left. SARAH'S car broke."]
    made = [scrub(text, known=NOBODY, numbers=numbers).text for text in texts]
    assert made[0] == "My sister [NAME_1] rang."
    assert made[1] == "Then [NAME_2] came."
    assert made[2].startswith("[NAME_1] and [NAME_2] left.")
    assert "[NAME_1]'S car" in made[2]


def test_two_people_of_one_first_name_are_two_and_the_name_alone_is_the_first() -> None:
    numbers, names = Numbering(), ("sarah jones", "sarah smith", "sarah brown", "sarah", "sarah smith")
    assert [numbers.number(one) for one in names] == [1, 2, 3, 1, 2]
    numbers = Numbering()
    assert [numbers.number(one) for one in ("sarah", "sarah jones", "sarah smith")] == [1, 1, 2]


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (checks.is_nhs, "943 476 5919", "943 476 5918"),
        (checks.is_luhn, "4111 1111 1111 1111", "4111 1111 1111 1112"),
        (checks.iban, "GB29 NWBK 6016 1331 9268 19 and", "GB28 NWBK 6016 1331 9268 19 and"),
        (checks.is_ip, "::1", "12:30:45"),
    ],
)
def test_a_number_proves_what_it_is(check: Callable[[str], object], good: str, bad: str) -> None:
    assert check(good)
    assert not check(bad)


def test_what_overlaps_is_one_stretch() -> None:
    text = "mail sarah.jones@leeds.ac.uk"
    assert [(one.kind, text[one.start : one.end]) for one in scrubbed(text).found] == [
        ("email", "sarah.jones@leeds.ac.uk")
    ]


def test_offsets_are_those_of_the_original_also_for_what_a_second_look_finds() -> None:
    text = "Priya, 29, is here; ring 07700 900461."
    assert [text[one.start : one.end] for one in scrubbed(text).found] == ["Priya", "29", "07700 900461"]


def test_what_looks_like_a_placeholder_stays_whole() -> None:
    assert scrubbed("[NAME_3] said [PHONE] and [ADDRESS]").text == "[NAME_3] said [PHONE] and [ADDRESS]"


HOSTILE = [
    "a" * 20_000, "1" * 20_000, "1 " * 10_000, "-" * 20_000, "a.b" * 7_000, "a@" * 10_000, "Aa " * 8_000, "(0" * 10_000,
    "my my son is " * 1_500, "12 Elm " * 3_000, "www." * 5_000, "a at b dot " * 2_000, "1/1/" * 5_000, "::" * 8_000,
    "ab12 " * 4_000, "@a." * 6_000, "the 1st " * 2_500, "twenty " * 3_000, "St " * 5_000, "Aa of the " * 2_000,
    "_" * 20_000, "1a" * 10_000, "ref no no " * 2_000, "rue de la " * 2_000, "calle de " * 2_500, "A-1/" * 5_000,
    "GB29 " * 4_000, "[NAME_1]" * 2_000, "Flat 1 " * 3_000, "what3words " + "a." * 9_000,
    "insta " * 2_000, "double oh " * 1_500, "a.bcde." * 2_000, "[ADDRESS] " * 1_000, "A.B." * 3_000,
    "Aa-Bb " * 3_000, "Block A " * 2_000, "1-a/" * 4_000, "at 13 " * 2_000, "Aa & Aa " * 2_000, "ab1" * 4_000,
    "**** " * 4_000, "xxxx" * 5_000, "my case of " * 2_000, "AB1.23" * 3_000, "son is now " * 2_000,
    "police cad " * 2_000, "thirty " * 3_000, "last four of my " * 1_500, "sc is " * 3_000,
    "a hundred and one " * 1_000, "pin code is " * 2_000, "number one " * 2_000, "1 A 1/" * 3_000, "ref 1 22 " * 2_000,
    "a-dot-" * 2_000, "a_at_" * 2_000, "a dot " * 2_000, "a b c d " * 1_500, "plate A1 " * 1_500,
    "iban gb29 1 " * 1_000,
    "dob is on the " * 1_000, "[PLACE] 1234 " * 1_000, "five " * 2_000, "day off 20 " * 1_000, "bay 1 bed 1 " * 1_000,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_no_message_makes_a_rule_run_away(text: str) -> None:
    """Each takes far below a second; a pattern that reads the same letters in two ways would take hours."""
    assert isinstance(scrubbed(text[:4_000]).text, str)

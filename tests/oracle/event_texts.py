"""A slow, obvious reading of texts of adverse events: strike out what is known, part by part; what is left is asked.

It shares nothing with the project's SQL: names, grades, measures and remarks are struck out one after another, and nobody
looks at their order except where a denial, a sign or a grade must find its name.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from oracle.drawn_events import NAMES

TERM_OF = {name.lower(): term for term, names in NAMES.items() for name in (term, *names)}
NAME = re.compile("|".join(re.escape(name) for name in sorted(TERM_OF, key=len, reverse=True)))
NUMERALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
ONE = r"(iii|ii|iv|i|v|[0-5])"
GRADE = re.compile(
    r"(?:\((?:ctcae v4\.03 )?|nci-ctc )?(?<![a-z])(?:grade|gr|g)[ .]*"
    + ONE
    + r"(?![a-z0-9])(?:\s*-\s*"
    + ONE
    + r"(?![a-z0-9]))?-?\)?"
    r"|(?<![a-z])(?:grade|gr|g)[ .]*([0-5])(?![0-9])"
    r"|(?<![0-9.])([1-5])(?:도|등급)"
)
MEASURES = (
    *(
        r"\d{4}-\d\d-\d\d",
        r"\d{4}\.\d+\.\d+",
        r"\d+월 \d+일",
        r"c\d+d\d+",
        r"#\d+ cycle",
        r"d\d\d",
        r"since",
        r"ecog \d",
        r"nrs \d",
        r"vas \d/10",
    ),
    *(
        r"하루 \d회",
        r"\d+-\d+회",
        r"\d+회/일",
        r"\d+회 이상",
        r"\d+일간",
        r"\d+주째",
        r"\d+개월",
        r"for \d days",
        r"\d times a day",
        r"\d/day",
    ),
    *(r"\d weeks", r"x \d", r"\d+%", r"\d+kg", r"\d+mg", r"\d+/\d+"),
)
REMARKS = (
    *(
        "감량 후 호전",
        "호전 없음",
        "호전 중",
        "변화 없음",
        "으로 감량",
        "감량 후",
        "로 입원",
        "조절 중",
        "지속",
        "호소(?!하지)",
        "심함",
        "약간",
        "발생",
        "악화",
        "있음",
    ),
    *(
        "both hands",
        "both soles > palms",
        "on trunk",
        "no change",
        "improved",
        "loperamide prn",
        "amlodipine",
        "start",
        "sora hold",
    ),
    *(
        "d/t sorafenib",
        "not controlled",
        "related",
        "dose reduction",
        "양손",
        "lactulose",
        "ongoing",
        "후",
        "로",
        "에서",
        "으로",
        r"\bnow\b",
    ),
)
BUT = re.compile(r"있었으나|였으나")
DENIED_AFTER = r"호소하지 않음|없다고 함|(?:모두|다|전혀) (?:없음|부인)|all denied|은 없음|없음|부인|denied|none"
DENIED_BEFORE = r"no evidence of|denies|without|\bno\b"
DOUBTED = r"r/o|의심|의증|suspected|possible|\?|\(±\)|\(\+/-\)"
PAST = r"h/o|과거력|known|underlying|\(기저\)|history of|기존"
NOTHING = r"특이사항 없음|부작용 없음|no ae|tolerable|증상 없음|식사 양호|ae: none"
CONNECTED = re.compile(r"\s*(?:/|,|\bor\b|, or)\s*$")
COUNTED = {"Diarrhea", "Vomiting", "Weight loss", "Abdominal pain", "Headache", "Fever", "Mucositis oral", "Epistaxis"}


@dataclass
class _Reading:
    """What has been read so far: of each term its grades, or that it is denied; and whether something must be asked."""

    grades: dict[str, list[int]] = field(default_factory=dict)
    is_asked: bool = False
    last_name: str | None = None


def read_text(words: str) -> tuple[dict[str, int | None], bool]:
    """Read a text: its events with the worst grade of each, and whether some of its words are in no list."""
    reading = _Reading()
    for sentence in _sentences(unicodedata.normalize("NFKC", words).lower().replace("->", "→")):
        reading.last_name = None
        if re.fullmatch(rf"\s*(?:{NOTHING}|없음)\s*", sentence):
            continue
        for part in _parts(sentence):
            _read_part(part, reading)
    found = {term: max((grade for grade in grades if grade), default=None) for term, grades in reading.grades.items()}
    return found, reading.is_asked


def _sentences(text: str) -> Iterator[str]:
    for line in re.split(r"[;\n]", text):
        for item in re.split(r"(?:^|(?<!grade)\s)\d\) ", line):
            if item.strip():
                yield re.sub(r"^\s*-\s+", "", item)


def _parts(sentence: str) -> list[str]:
    """Cut at commas, at 'but', and at arrows that no grade follows; a denied list stays whole."""
    is_list = re.match(rf"\s*(?:{DENIED_BEFORE})", sentence) or re.search(
        r"(모두|다|전혀) (없음|부인)\s*$|all denied\s*$", sentence
    )
    if is_list:
        return [sentence]
    return [part for half in BUT.split(sentence) for part in re.split(r",|→(?!\s*g\d)| - ", half) if part.strip()]


def _read_part(part: str, reading: _Reading) -> None:
    names = [(match.start(), match.end(), TERM_OF[match.group()]) for match in NAME.finditer(part)]
    bare = NAME.sub(lambda match: "¦" * len(match.group()), part)
    numerals = [(match.start(), _numbers(match)) for match in GRADE.finditer(bare)]
    rest = GRADE.sub(lambda match: " " * len(match.group()), bare)
    signs = [(match.start(), match.group()[1:-1].split("/")) for match in re.finditer(r"\([-+]+(?:/[-+]+)*\)", rest)]
    doubt = re.search(DOUBTED, rest) and not (signs and len(names) == len(signs[0][1]) > 1)
    number = re.search(r"¦+(?:\s+|: | = )(iii|ii|iv|i|v|[0-5])\s*$", rest)
    is_denied, is_past = _strike_out(rest)
    left = _left(rest, has_number=bool(number))
    if number and names and not numerals:
        numerals = [(number.start(1), [NUMERALS[number.group(1)]])]
        left = left or NUMERALS[number.group(1)] == 5
    if left:
        reading.is_asked = True
        return
    if not names:
        _attach(numerals, reading)
        return
    reading.last_name = names[-1][2]
    if signs and not doubt:
        _sign(part, names, signs, reading)
    elif doubt or is_past or (is_denied and not numerals):
        return
    else:
        _give(part, names, numerals, reading)


def _numbers(match: re.Match[str]) -> list[int]:
    return [NUMERALS[group] for group in match.groups() if group]


def _strike_out(rest: str) -> tuple[bool, bool]:
    """Say whether the part denies its names, and whether it dates them back; remarks that hold a 'no' deny nothing."""
    without_remarks = re.sub("|".join(REMARKS), " ", rest)
    return bool(re.search(f"{DENIED_AFTER}|{DENIED_BEFORE}", without_remarks)), bool(re.search(PAST, without_remarks))


def _left(rest: str, *, has_number: bool) -> str:
    """Strike out everything known and give the letters and digits that are left."""
    for known in (
        NOTHING,
        *MEASURES,
        "|".join(REMARKS),
        DOUBTED,
        PAST,
        DENIED_AFTER,
        DENIED_BEFORE,
        r"\bor\b|\band\b|현재",
    ):
        rest = re.sub(known, " ", rest)
    if has_number:
        rest = re.sub(r"(¦+(?:\s+|: | = ))(?:iii|ii|iv|i|v|[0-5])\s*$", r"\1", rest)
    return re.sub(r"[\W_¦]", "", rest)


def _attach(numerals: list[tuple[int, list[int]]], reading: _Reading) -> None:
    """A grade without a name is of the name before it; a denial without a name ends what was there, or says nothing."""
    if numerals and reading.last_name is None:
        reading.is_asked = True
    elif numerals and reading.last_name:
        reading.grades.setdefault(reading.last_name, []).extend(grade for _, grades in numerals for grade in grades)


def _sign(part: str, names: list[tuple[int, int, str]], signs: list[tuple[int, list[str]]], reading: _Reading) -> None:
    """Give each name its sign: its place in the row, or the sign right behind it."""
    if len(signs) == 1 and len(signs[0][1]) == len(names):
        given = list(zip(names, signs[0][1], strict=True))
    else:
        given = [(name, next(row[0] for start, row in signs if start >= name[1])) for name in names]
    for (_, _, term), sign in given:
        if not sign.startswith("-"):
            reading.grades.setdefault(term, [])


def _give(
    part: str, names: list[tuple[int, int, str]], numerals: list[tuple[int, list[int]]], reading: _Reading
) -> None:
    """Give each grade to its name: the only one, all that a slash joins, or the one before it."""
    for _, _, term in names:
        reading.grades.setdefault(term, [])
    for start, grades in numerals:
        before = [term for _, end, term in names if end <= start]
        if len(names) == 1:
            reading.grades[names[0][2]] += grades
        elif len(numerals) == 1 and "/" in part:
            for _, _, term in names:
                reading.grades[term] += grades
        elif before:
            reading.grades[before[-1]] += grades

"""Texts of adverse events drawn from a grammar, so that what they mean is known: names, grades, denials, remarks, separators.

Korean and English, with words that are in no list. The words stand here a second time, and not from the project's lists.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from oracle.drawn_events import NAMES, ROMAN

Found = dict[str, int | None]

IN_NO_LIST = (
    "찌뿌드드함",
    "gizzlement",
    "뻑적지근",
    "zorbitis",
    "몽글거림",
    "quibbling of ears",
    "헛헛함",
    "floopiness",
    "비틀배틀",
    "xanthofrobia",
)
GRADES = (
    *(
        " G{g}",
        " Gr {g}",
        " gr.{g}",
        "(G{g})",
        " (grade {g})",
        " Grade{r}",
        " {g}도",
        " GR {r}",
        ": G{g}",
        " = G{g}",
        " g{g}",
    ),
    *(" (CTCAE v4.03 grade {g})", " NCI-CTC gr {g}", " {g}등급", "(Gr.{g})", " grade {r}"),
)
BEFORE = ("G{g} ", "Gr.{g} ", "grade {g} ", "Grade {r} ", "gr {g}-", "{g}도 ")
MEASURES = (
    *(
        " 4/day",
        " 3회/일",
        " 5-6회",
        " 3일간",
        " 2주째",
        " x 3",
        " 10회 이상",
        " for 3 days",
        " 3 times a day",
        " (2/14)",
        " 2개월",
    ),
    *(
        " 2 weeks",
        " 3/10",
        " NRS 5",
        " VAS 4/10",
        " 하루 4회",
        " 30%",
        " D21",
        " since C2D1",
        " ECOG 2",
        " 5kg",
        " 400mg",
    ),
)
DATES = ("2/14 ", "2010-03-05 ", "C2D1 ", "#3 cycle ", "2012.4.3 ", "3월 5일 ")
REMARKS = (
    *(
        " 지속",
        " 호소",
        " 심함",
        " 약간",
        " 발생",
        " 호전 중",
        " 호전 없음",
        " 변화 없음",
        "으로 감량",
        " 감량 후 호전",
        "로 입원",
        " 있음",
    ),
    *(
        " both hands",
        " on trunk",
        " improved",
        " no change",
        ", loperamide prn",
        ", amlodipine 5mg start",
        " → sora hold",
        " d/t sorafenib",
    ),
    *(
        ", related",
        " - dose reduction",
        ", both soles > palms",
        " 양손",
        " 조절 중",
        ", ECOG 1",
        " (lactulose)",
        " ongoing",
        " not controlled",
    ),
)
AFTER = (
    "{} 없음",
    "{}없음",
    "{}은 없음",
    "{} 전혀 없음",
    "{} 부인",
    "{} 호소하지 않음",
    "{}(-)",
    "{} denied",
    "{}: none",
    "{} 없다고 함",
)
FIRST = ("no {}", "denies {}", "No evidence of {}", "without {}")
DOUBT = ("r/o {}", "{} 의심", "{} 의증", "suspected {}", "{}?", "{}(±)", "possible {}", "{} (+/-)")
PAST = ("h/o {}", "{} 과거력", "known {}", "underlying {}", "{} (기저)", "history of {}", "기존 {}")
ALL_DENIED = ("{} 모두 없음", "{} 다 없음", "{} 모두 부인", "{} 전혀 없음", "{} all denied")
NOTHING = ("특이사항 없음", "부작용 없음", "no AE", "tolerable", "증상 없음", "식사 양호", "없음", "AE: none")
COUNTED = {"Diarrhea", "Vomiting", "Weight loss", "Abdominal pain", "Headache", "Fever", "Mucositis oral", "Epistaxis"}
"""Of these two bare numbers may be counts."""
WIDE = str.maketrans("0123456789()/,GgRr", "０１２３４５６７８９（）／，ＧｇＲｒ")


@dataclass(frozen=True)
class Text:
    """A text, the events that it means, and whether some of its words are in no list."""

    words: str
    found: Found
    is_asked: bool


@dataclass(frozen=True)
class _Part:
    words: str
    found: Found
    is_asked: bool = False
    is_list: bool = False
    """What it says could be said of a name next to it, so that it stands in a sentence of its own."""


def draw_texts(count: int, *, seed: int) -> Iterator[Text]:
    """Draw texts: of one to four parts, each about names of its own."""
    rng = random.Random(seed)  # noqa: S311
    for _ in range(count):
        yield _text(rng)


def _text(rng: random.Random) -> Text:
    if rng.random() < 0.03:
        return Text(rng.choice(NOTHING), {}, is_asked=False)
    terms = rng.sample(sorted(NAMES), 12)
    parts = [rng.choice(KINDS)(rng, terms) for _ in range(rng.choice((1, 1, 2, 2, 3, 4)))]
    words = _joined(rng, parts)
    if rng.random() < 0.1:
        words = words.translate(WIDE)
    if rng.random() < 0.1:
        words = words.upper()
    found = {term: grade for part in parts for term, grade in part.found.items()}
    return Text(words, found, is_asked=any(part.is_asked for part in parts))


def _joined(rng: random.Random, parts: list[_Part]) -> str:
    style = rng.random()
    if len(parts) > 1 and style < 0.15:
        return rng.choice((" ", "\n")).join(f"{number}) {part.words}" for number, part in enumerate(parts, 1))
    if len(parts) > 1 and style < 0.25:
        return "\n".join(f"- {part.words}" for part in parts)
    words = parts[0].words
    for earlier, part in pairwise(parts):
        is_apart = earlier.is_list or part.is_list or earlier.is_asked or part.is_asked
        words += rng.choice(("; ", "\n", " ;\n") if is_apart else (", ", ",", "; ", "\n")) + part.words
    return words


def _name(rng: random.Random, terms: list[str]) -> tuple[str, str]:
    term = terms.pop()
    return term, rng.choice((term, *NAMES[term]))


def _grade(rng: random.Random, form: str, grade: int) -> str:
    return form.format(g=grade, r=ROMAN[grade])


def _plain(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    return _Part(name, {term: None}, is_list=True)


def _graded(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    grade = rng.randint(1, 5)
    if rng.random() < 0.3:
        return _Part(_grade(rng, rng.choice(BEFORE), grade) + name, {term: grade})
    if rng.random() < 0.2:
        name = rng.choice(DATES) + name
    if rng.random() < 0.3:
        name += rng.choice(MEASURES)
    words = name + _grade(rng, rng.choice(GRADES), grade)
    return _Part(words + (rng.choice(REMARKS) if rng.random() < 0.4 else ""), {term: grade})


def _bare(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    grade = rng.randint(1, 5)
    words = name + rng.choice((" {g}", " {r}", ": {g}", " = {g}")).format(g=grade, r=ROMAN[grade])
    return _Part(words, {}, is_asked=True) if grade == 5 else _Part(words, {term: grade}, is_list=True)


def _measured(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    words = name + rng.choice(MEASURES) + (rng.choice(REMARKS) if rng.random() < 0.3 else "")
    return _Part(words, {term: None}, is_list=True)


def _remarked(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    return _Part(name + rng.choice(REMARKS), {term: None}, is_list=True)


def _denied(rng: random.Random, terms: list[str]) -> _Part:
    _, name = _name(rng, terms)
    return _Part(rng.choice((*AFTER, *FIRST)).format(name), {}, is_list=True)


def _doubted(rng: random.Random, terms: list[str]) -> _Part:
    _, name = _name(rng, terms)
    return _Part(rng.choice((*DOUBT, *PAST)).format(name), {}, is_list=True)


def _all_denied(rng: random.Random, terms: list[str]) -> _Part:
    names = [_name(rng, terms)[1] for _ in range(rng.randint(2, 3))]
    if rng.random() < 0.4:
        words = (
            rng.choice(("no ", "denies ", "No "))
            + ", ".join(names[:-1])
            + rng.choice((", ", " or ", ", or "))
            + names[-1]
        )
        return _Part(words, {}, is_list=True)
    return _Part(rng.choice(ALL_DENIED).format(rng.choice((", ", "/", ",")).join(names)), {}, is_list=True)


def _signed(rng: random.Random, terms: list[str]) -> _Part:
    drawn = [_name(rng, terms) for _ in range(rng.randint(1, 3))]
    signs = [rng.choice(("+", "-", "+", "-", "++")) for _ in drawn]
    found: Found = {term: None for (term, _), sign in zip(drawn, signs, strict=True) if sign != "-"}
    if rng.random() < 0.5:
        words = "/".join(name for _, name in drawn) + rng.choice(("", " ")) + f"({'/'.join(signs)})"
        # (+/-) after one name is a doubt, and after two a sign for each.
        return _Part(words, found, is_list=True)
    words = rng.choice((" ", ", ")).join(f"{name}({sign})" for (_, name), sign in zip(drawn, signs, strict=True))
    return _Part(words, found, is_list=True)


def _course(rng: random.Random, terms: list[str]) -> _Part:
    term, name = _name(rng, terms)
    high, low = rng.randint(2, 4), rng.randint(0, 1)
    form = rng.choice(
        (
            "{name} G{high} → G{low}",
            "{name} G{high}->G{low}",
            "{name} G{low} → G{high}",
            "{name} G{high} → 감량 후 G{low}",
            "{name} G{high}였으나 현재 G{low}",
            "{name} G{high} → 없음",
            "{name} G{high} 발생 후 현재 없음",
            "{name} G{high} 있었으나 현재 없음",
            "{name} Gr {low}-{high}",
            "{name} grade {high}, now grade {low}",
            "{name} G{low}에서 G{high}로 악화",
            "{name} G{high}, dose reduction 후 G{low}",
        )
    )
    return _Part(form.format(name=name, high=high, low=low), {term: high}, is_list=True)


def _shared(rng: random.Random, terms: list[str]) -> _Part:
    drawn = [_name(rng, terms) for _ in range(2)]
    grade = rng.randint(1, 4)
    return _Part(f"{drawn[0][1]}/{drawn[1][1]} G{grade}", {term: grade for term, _ in drawn}, is_list=True)


def _each(rng: random.Random, terms: list[str]) -> _Part:
    drawn = [(*_name(rng, terms), rng.randint(1, 4)) for _ in range(rng.randint(2, 3))]
    form = rng.choice(("{name} G{grade}", "{name}(G{grade})", "{name} grade {grade}"))
    words = rng.choice((" ", " / ", " + ", " and ", "")).join(
        form.format(name=name, grade=grade) for _, name, grade in drawn
    )
    return _Part(words, {term: grade for term, _, grade in drawn})


def _unlisted(rng: random.Random, terms: list[str]) -> _Part:
    word = rng.choice(IN_NO_LIST)
    form = rng.choice(
        (
            "{word}",
            "{word} G2",
            "G3 {word}",
            "{word} 없음",
            "no {word}",
            "{name} {word}",
            "{name} G2 {word}",
            "{word} 3/10",
        )
    )
    return _Part(form.format(word=word, name=_name(rng, terms)[1]), {}, is_asked=True, is_list=True)


KINDS: tuple[Callable[[random.Random, list[str]], _Part], ...] = (
    *(_plain, _graded, _graded, _graded, _bare, _measured, _measured, _remarked, _denied, _denied, _doubted),
    *(_all_denied, _signed, _course, _shared, _each, _unlisted),
)

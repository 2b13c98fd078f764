"""Draw cells that readers get wrong: quotes, delimiters, leading zeros, Korean, widths, breaks, what looks like something else."""

import random
from collections.abc import Sequence

NAMES = (
    "번호",
    "성별",
    "날짜",
    "검사",
    "결과",
    "단위",
    "메모",
    "값",
    "id",
    "AFP (ng/mL)",
    "a'b",
    "x;y",
    "열 1",
    "Ø",
    "note",
)
WORDS = (
    "007", "1.50", "-0", "1e5", "2010-03-05", "20100305", "NA", "NULL", "''", " x ", "남", "여", "가나다라", "㎎/㎗", "10²", "#N/A",
    "TRUE", "=1+1", "+3", "@x", "%", "\\", "\\N", 'a\\"b', "ＡＢ", "０1", "é", "e\u0301", "\u00a0", "1,5", "a;b", "x|y", "\t",
    "-", "''a'", "0.1", "1,234.5", "1-2", "3/4", ".", "..", "ab" * 30,
)  # fmt: skip
QUOTED = ('"', '""', 'a"b', '"a"', "a\nb", "a\r\nb", "\n", ",", '",', 'x"\ny')


def draw_text(chance: random.Random, *, encoding: str = "utf-8", with_quotes: bool = True) -> str:
    """Draw a text that the encoding can hold; now and then one of random characters."""
    kind = chance.random()
    if kind < 0.2:  # noqa: PLR2004
        return ""
    if kind < 0.35 and with_quotes:  # noqa: PLR2004
        return chance.choice(QUOTED)
    if kind < 0.45:  # noqa: PLR2004
        return _encodable("".join(chr(chance.randrange(0x20, 0x7F)) for _ in range(chance.randrange(1, 9))), encoding,
                          with_quotes=with_quotes)  # fmt: skip
    if kind < 0.55:  # noqa: PLR2004
        return _encodable(chr(chance.randrange(0xA0, 0xD7FF)) + "x", encoding, with_quotes=with_quotes)
    if kind < 0.75:  # noqa: PLR2004
        return str(chance.randrange(0, 10 ** chance.randrange(1, 16)))
    return _encodable(chance.choice(WORDS), encoding, with_quotes=with_quotes)


def draw_names(chance: random.Random, width: int, *, encoding: str = "utf-8") -> list[str]:
    """Draw names of columns that differ."""
    able = [name for name in NAMES if _encodable(name, encoding, with_quotes=True) == name]
    return chance.sample(able, width)


def draw_width(chance: random.Random) -> int:
    """Draw how many columns: mostly few."""
    return chance.choice((1, 2, 2, 3, 4, 5, 8))


def draw_count(chance: random.Random) -> int:
    """Draw how many records: mostly few, seldom many."""
    return chance.choice((0, 1, 2, 3, 5, 8, 20, 20, chance.randrange(1, 300)))


def pick(chance: random.Random, choices: Sequence[str], *, mostly: float) -> str:
    """Draw the first of several with a chance, or any of the others."""
    return choices[0] if chance.random() < mostly else chance.choice(choices[1:])


def _encodable(text: str, encoding: str, *, with_quotes: bool) -> str:
    if not with_quotes:
        text = text.replace('"', "'")
    try:
        return text if text.encode(encoding).decode(encoding) == text else "x"
    except UnicodeError:
        return "x"

"""Draw mapping files and code lists: those of the project, damaged line by line, word by word and byte by byte."""

import random
from functools import cache
from pathlib import Path

from tools.fuzz.case import DAMAGED, WHOLE, Case
from tools.fuzz.draw.cells import draw_text
from tools.fuzz.draw.damage import damage_bytes

_MAPPINGS = Path(__file__).resolve().parents[3] / "site_mappings"
_VALUES = (
    "", "null", "[]", "{}", "yes", "off", "0x1F", "1_000", "1e400", "-1", "2010-01-01", "12:30:00", "&a x", "*a", "!!python/none x",
    "<<", "'", '"', "[", "{a: b", "| x", "> y", "# z", "@", "%Y", "%", "a: b: c", "((((", "9" * 400, "'1' || '2'", "select 1",
    "x" * 5000, "\u200b", "가", "codes/../x.csv", "/etc/hostname", "*", "?", "number: {decimal: ','}", "{constant: x}",
)  # fmt: skip


def draw_mapping(chance: random.Random) -> Case:
    """Draw a site's folder whose mapping is damaged; one in twenty is whole."""
    site = chance.choice(_sites())
    files = dict(_files(site))
    if chance.random() < 0.05:  # noqa: PLR2004
        return Case(files, f"{site}, whole", WHOLE)
    text = files["mapping.yaml"].decode()
    done = []
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        text, how = _damage_text(text, chance)
        done.append(how)
    data = text.encode()
    if chance.random() < 0.15:  # noqa: PLR2004
        data, how = damage_bytes(data, chance)
        done.append(how)
    return Case({**files, "mapping.yaml": data}, f"{site}; {', '.join(done)}", DAMAGED)


def draw_code_list(chance: random.Random) -> Case:
    """Draw a code list; half of them are damaged afterwards."""
    names = ["code", "value", *chance.choice(([], [], ["note"]))]
    drawn = [draw_text(chance) for _ in range(chance.choice((1, 3, 10)))]
    codes = list({code.strip(): code for code in drawn if code.strip()}.values()) or ["1"]
    lines = [",".join(names)]
    lines += [",".join(_written(cell) for cell in (code, draw_text(chance), "x")[: len(names)]) for code in codes]
    data = chance.choice(("\n", "\r\n")).join(lines).encode(chance.choice(("utf-8", "utf-8-sig")))
    name = "codes/drawn.csv"
    if chance.random() < 0.5:  # noqa: PLR2004
        return Case({name: data}, f"{len(codes)} codes", DAMAGED)
    damaged, how = damage_bytes(data, chance)
    return Case({name: damaged}, f"{len(codes)} codes; {how}", DAMAGED)


@cache
def _sites() -> list[str]:
    return sorted(path.parent.name for path in _MAPPINGS.glob("[!_]*/mapping.yaml"))


@cache
def _files(site: str) -> dict[str, bytes]:
    folder = _MAPPINGS / site
    paths = [folder / "mapping.yaml", *sorted(folder.glob("codes/*.csv"))]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _damage_text(text: str, chance: random.Random) -> tuple[str, str]:
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    line = lines[at]
    how = chance.choice(("left out", "twice", "moved", "indented", "value", "value", "value", "word", "cut"))
    if how == "left out":
        del lines[at]
    elif how == "twice":
        lines.insert(at, line)
    elif how == "moved":
        lines.insert(chance.randrange(len(lines)), lines.pop(at))
    elif how == "indented":
        lines[at] = chance.choice(("  ", " ", "\t")) + line if chance.random() < 0.6 else line.lstrip()  # noqa: PLR2004
    elif how == "value" and ":" in line:
        lines[at] = f"{line.partition(':')[0]}: {chance.choice((*_VALUES, _other_value(lines, chance)))}"
    elif how == "word" and line.strip():
        words = line.split(" ")
        words[chance.randrange(len(words))] = chance.choice(
            ("x", "", *chance.choice(lines).split(" ")[-1:], *_VALUES[:3])
        )
        lines[at] = " ".join(words)
    elif how == "cut":
        lines[at] = line[: chance.randrange(len(line) + 1)]
    return "\n".join(lines), f"line {at + 1} {how}"


def _other_value(lines: list[str], chance: random.Random) -> str:
    return chance.choice(lines).partition(":")[2].strip()


def _written(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(sign in cell for sign in '",\n\r') else cell

"""What a page of the manual has its reader do: files to write, commands to type, and what they answer."""

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^\*\*(?P<path>[^*\n]+)\*\*(?:, (?P<how>at the end|in place of `(?P<old>[^`]+)`))?\n\n)?"
    r"^```(?P<language>\w+)\n(?P<body>.*?)^```$",
    flags=re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class WrittenFile:
    """A file that the reader writes, lengthens (`how` is "at the end"), or in which one text takes another's place."""

    path: str
    how: str
    old: str
    text: str

    def write_in(self, folder: Path) -> None:
        """Do as the page says."""
        file = folder / self.path
        if not self.how:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.text, encoding="utf-8")
            return
        before = file.read_text(encoding="utf-8")
        if self.old:
            assert before.count(self.old) == 1, f"{self.path}: '{self.old}' stands there {before.count(self.old)} times"
            file.write_text(before.replace(self.old, self.text.removesuffix("\n")), encoding="utf-8")
        else:
            file.write_text(before + self.text, encoding="utf-8")


@dataclass(frozen=True)
class TypedCommand:
    """A command that the reader types, and what the page shows of its answer."""

    line: str
    answer: str

    def is_answered_by(self, printed: str) -> bool:
        """Compare with what was printed; a line of dots stands for any lines, blanks at a line's end do not count."""
        pattern = re.escape(_tidy(self.answer)).replace(re.escape("...\n"), r"(?:.*\n)*?")
        return re.fullmatch(pattern, _tidy(printed)) is not None


def read_page(path: Path) -> list[WrittenFile | TypedCommand]:
    """Read what a page has its reader do, in order; a block that is neither a file nor commands is a mistake."""
    text = path.read_text(encoding="utf-8")
    steps: list[WrittenFile | TypedCommand] = []
    for block in _BLOCK.finditer(text):
        if block["path"]:
            steps.append(WrittenFile(block["path"], block["how"] or "", block["old"] or "", block["body"]))
            continue
        assert block["language"] == "console", f"a block without a file's name: {block['body']}"
        for command in re.split(r"^\$ ", block["body"], flags=re.MULTILINE)[1:]:
            line, _, answer = command.partition("\n")
            steps.append(TypedCommand(line, answer))
    assert text.count("\n```") == 2 * sum(1 for _ in _BLOCK.finditer(text)), f"{path}: a block is not read"
    return steps


def _tidy(text: str) -> str:
    lines = [line.rstrip() for line in text.splitlines()]
    return "".join(f"{line}\n" for line in lines).rstrip("\n") + "\n"

"""Choose the test files that may notice a mutant, those first that are near to it.

A line of Python can be noticed only by tests that run it. Of a view it is not known which of its rows a test looks at, only
which test opens the file; so those tests come first that name the view, then the files that do, then those that name a view
that is fed by it.
"""

import ast
import re
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tools.mutate.areas import Mutant
from tools.mutate.reach import Reach, folder_order

_BUILDER = "warehouse/views/refresh.py"
"""The module that makes views: tests whose programs run it elsewhere open the files unseen."""


@dataclass(frozen=True)
class Chosen:
    """Test files, and single tests of one as `file::test`, in the order in which they are run."""

    near: tuple[str, ...]
    rest: tuple[str, ...]


class Chooser:
    """Knows the tests of a tree, what they reach and what they name."""

    def __init__(self, tree: Path, reach: Mapping[str, Reach]) -> None:
        """Read the tests of a tree; those that fail with nothing changed notice nothing and are left out."""
        self._tree = tree
        self._reach = {name: each for name, each in reach.items() if each.passes}
        self._texts = dict(zip(self._reach, map(self._text_with_helpers, self._reach), strict=True))

    def choose(self, mutant: Mutant) -> Chosen:
        """Choose the tests of a mutant."""
        return self._of_sql(mutant) if mutant.path.endswith(".sql") else self._of_python(mutant)

    def _of_python(self, mutant: Mutant) -> Chosen:
        lines = _statement_lines((self._tree / mutant.path).read_text(encoding="utf-8"), mutant.line)
        reaching = [name for name, each in self._reach.items() if lines & set(each.lines.get(mutant.path, ()))]
        if not reaching:  # coverage does not see what the engine calls from threads of its own
            reaching = [name for name in self._reach if self._uses(name, mutant.path)]
        module = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        naming = {name for name in reaching if re.search(rf"\b{re.escape(module)}\b", self._texts[name])}
        near = [name for name in reaching if name in naming or self._uses(name, mutant.path)]
        ran = {name: len(self._reach[name].lines.get(mutant.path, ())) for name in near}
        most = max(ran.values(), default=1)
        # Those that run most of the module look at it most closely.
        ranks = {name: 0 if name in naming else 1 + round(3 * (1 - ran[name] / most)) for name in near}
        return self._sorted(ranks, reaching)

    def _of_sql(self, mutant: Mutant) -> Chosen:
        distances: dict[str, int] = {}
        functions: set[str] = set()
        for view, distance in self._fed_by(Path(mutant.path).stem).items():
            named = re.compile(rf"""(?:\w\.|["'`]){view}\b""" + (rf"|\b{view}\b" if "_" in view else ""))
            for name, text in self._texts.items():
                if named.search(text):
                    distances[name] = min(distance, distances.get(name, distance))
                if distance == 0:
                    functions |= set(_functions_that_name(self._tree / name, name, named))
        reaching = [
            name for name, each in self._reach.items() if mutant.path in each.opened or self._uses(name, _BUILDER)
        ]
        chosen = self._sorted({name: distances[name] for name in reaching if name in distances}, reaching)
        first = [name for name in functions if name.partition("::")[0] in reaching]
        first.sort(key=lambda name: self._reach[name.partition("::")[0]].seconds)
        return Chosen((*first, *chosen.near), chosen.rest)

    def _sorted(self, near: Mapping[str, int], reaching: list[str]) -> Chosen:
        """The nearest first, of those the rules' own tests first, and of those the quickest first."""

        def cost(name: str) -> tuple[int, float]:
            return folder_order(name), self._reach[name].seconds

        return Chosen(
            tuple(sorted(near, key=lambda name: (near[name], *cost(name)))),
            tuple(sorted(set(reaching) - set(near), key=cost)),
        )

    def _uses(self, test_file: str, module: str) -> bool:
        """Return whether a test file runs more of a module than importing it does."""
        return len(self._reach[test_file].lines.get(module, ())) > self._imported.get(module, 0)

    @cached_property
    def _imported(self) -> dict[str, int]:
        """By module: how many lines its import alone runs, which is the least that any test runs that imports it."""
        least: dict[str, int] = {}
        for each in self._reach.values():
            for path, lines in each.lines.items():
                if lines:
                    least[path] = min(len(lines), least.get(path, len(lines)))
        return least

    @cached_property
    def _feeds(self) -> dict[str, set[str]]:
        """By name of a view: the views that read it."""
        import sqlglot
        from sqlglot import exp

        feeds: dict[str, set[str]] = {}
        for path in (self._tree / "warehouse/views").rglob("*.sql"):
            tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), dialect="duckdb")
            for table in tree.find_all(exp.Table):
                if table.db:
                    feeds.setdefault(table.name, set()).add(path.stem)
        return feeds

    def _fed_by(self, view: str) -> dict[str, int]:
        """The view and all that it feeds, by how many views lie between, plus one."""
        distances = {view: 0}
        waiting = deque([view])
        while waiting:
            here = waiting.popleft()
            for each in sorted(self._feeds.get(here, set()) - set(distances)):
                distances[each] = distances[here] + 1
                waiting.append(each)
        return distances

    def _text_with_helpers(self, test_file: str) -> str:
        """The text of a test file and of the helpers under tests/ that it imports, and that they import."""
        helpers = {
            ".".join(path.relative_to(self._tree / "tests").with_suffix("").parts): path
            for path in (self._tree / "tests").rglob("*.py")
        }
        by_name = {name.rpartition(".")[2]: path for name, path in helpers.items()} | helpers
        seen, waiting = set(), [self._tree / test_file]
        while waiting:
            path = waiting.pop()
            seen.add(path)
            waiting += [by_name[name] for name in _imports(path) if name in by_name and by_name[name] not in seen]
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted(seen))


def _functions_that_name(path: Path, test_file: str, named: re.Pattern[str]) -> Iterator[str]:
    """The tests of a file whose own text names something: they cost less than the whole file."""
    text = path.read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if named.search("\n".join(text.split("\n")[first - 1 : node.end_lineno])):
                yield f"{test_file}::{node.name}"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _statement_lines(text: str, line: int) -> set[int]:
    """The lines of the smallest statement that holds a line; of one with a body, those of its head."""
    spans = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = body[0].lineno - 1 if body else node.end_lineno or node.lineno
            spans.append((node.lineno, max(last, node.lineno)))
    first, last = min(
        (span for span in spans if span[0] <= line <= span[1]), key=lambda span: span[1] - span[0], default=(line, line)
    )
    return set(range(first, last + 1))

"""Find the places of a Python module that can be changed, by its syntax tree; SQL inside its strings as well.

Left out is what no run can notice or none should: docstrings, type annotations, asserts (for what cannot happen), decorators,
`__all__`, and sentences, whose words are for people.
"""

import ast
import re

from tools.mutate.change import COMPARISONS, Change, next_number, other_word

_COMPARED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
_TESTS = {ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in")}
_ARITHMETIC = {ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "//"), ast.FloorDiv: ("//", "*")}
_ARITHMETIC |= {ast.Div: ("/", "*"), ast.Mod: ("%", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&")}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SQL_KEYWORD = re.compile(
    r"\b(SELECT|WHERE|JOIN|UPDATE|DELETE|HAVING|QUALIFY|GROUP BY|ORDER BY|CASE WHEN)\b|\b(AND|OR) "
)
_SQL_PIECES = (
    (re.compile(r"\bLEFT JOIN\b"), "INNER JOIN", "join"),
    (re.compile(r"(?<!LEFT )(?<!ANTI )(?<!SEMI )(?<!CROSS )(?<!INNER )\bJOIN\b"), "LEFT JOIN", "join"),
    (re.compile(r"\bAND\b"), "OR", "operator"),
    (re.compile(r"\bOR\b(?! REPLACE)"), "AND", "operator"),
    (re.compile(r"\bNOT (?=IN\b|NULL\b|EXISTS\b|DISTINCT\b)"), "", "condition"),
    (re.compile(r"\bIS NULL\b"), "IS NOT NULL", "condition"),
    (re.compile(r" DESC\b"), "", "operator"),
    (re.compile(r"\bmin(?=\()"), "max", "aggregate"),
    (re.compile(r"\bmax(?=\()"), "min", "aggregate"),
    (re.compile(r"(?<= )<=(?= )"), "<", "comparison"),
    (re.compile(r"(?<= )>=(?= )"), ">", "comparison"),
    (re.compile(r"(?<= )<(?= )"), "<=", "comparison"),
    (re.compile(r"(?<= )>(?= )"), ">=", "comparison"),
    (re.compile(r"(?<= )=(?= )"), "<>", "comparison"),
    (re.compile(r"(?<= )\+(?= )"), "-", "operator"),
    (re.compile(r"(?<= )-(?= )"), "+", "operator"),
    (re.compile(r"(?<=[ (])\d+(?=[ ,)\"'\n])"), None, "constant"),
)


def python_changes(text: str) -> tuple[Change, ...]:
    """Find every change of a module, in the order of the text."""
    finder = _Finder(text)
    finder.visit(ast.parse(text))
    return tuple(sorted(set(finder.found)))


def is_python(text: str) -> bool:
    """Return whether a text is a module that can be parsed."""
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


class _Finder(ast.NodeVisitor):
    """Walks a module and collects changes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Change] = []
        lines = text.splitlines(keepends=True)
        self._starts = [0]
        for line in lines:
            self._starts.append(self._starts[-1] + len(line))
        self._lines = lines

    def visit(self, node: ast.AST) -> None:
        """Visit what can be changed; the parts of a definition that are no program are passed by."""
        if _is_no_program(node):
            return
        if isinstance(node, ast.AnnAssign):
            parts: list[ast.AST] = [node.value] if node.value is not None else []
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            parts = [*node.args.defaults, *filter(None, node.args.kw_defaults), *node.body]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.body]
        else:
            super().visit(node)
            return
        for part in parts:
            self.visit(part)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A comparison becomes its neighbour or its opposite."""
        operands = [node.left, *node.comparators]
        for number, operator in enumerate(node.ops):
            between = self._span(operands[number])[1], self._span(operands[number + 1])[0]
            if type(operator) in _COMPARED:
                sign = _COMPARED[type(operator)]
                self._between(between, sign, COMPARISONS[sign], "comparison")
            else:
                before, after = _TESTS[type(operator)]
                self._between(between, before, after, "comparison")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        """And becomes or; each part is left out."""
        word, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between((self._span(left)[1], self._span(right)[0]), word, other, "operator")
        spans = [self._span(each) for each in node.values]
        pieces = [self.text[start:end] for start, end in spans]
        start, end = spans[0][0], spans[-1][1]
        for dropped in range(len(pieces)):
            kept = [piece for number, piece in enumerate(pieces) if number != dropped]
            if self._is_whole(start, end):
                self._add(start, end, f" {word} ".join(kept), "condition")
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        """A negation is left out."""
        if isinstance(node.op, ast.Not):
            self._add(self._span(node)[0], self._span(node.operand)[0], "", "condition")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        """Arithmetic is turned round; the joining of texts is not arithmetic."""
        if type(node.op) in _ARITHMETIC and not (_is_text(node.left) or _is_text(node.right)):
            before, after = _ARITHMETIC[type(node.op)]
            self._between((self._span(node.left)[1], self._span(node.right)[0]), before, after, "operator")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        """A condition is turned round."""
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        """A condition is turned round."""
        self._negate(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        """Nothing is left out any more."""
        for each in node.ifs:
            start, end = self._span(each)
            if self._is_whole(start, end):
                self._add(start, end, "True", "condition")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        """The least becomes the greatest, some become all."""
        if isinstance(node.func, ast.Name) and node.func.id in _CALLS:
            self._add(*self._span(node.func), _CALLS[node.func.id], "aggregate")
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        """A number goes up in its last digit, a truth is turned round, a code becomes none of ours."""
        start, end = self._span(node)
        here = self.text[start:end]
        if isinstance(node.value, bool):
            self._add(start, end, str(not node.value), "constant")
        elif isinstance(node.value, int | float) and re.fullmatch(r"[\d_]+(\.\d+)?", here):
            self._add(start, end, next_number(here), "constant")
        elif isinstance(node.value, str) and _SQL_KEYWORD.search(here):
            self._sql(start, here)
        elif isinstance(node.value, str) and re.fullmatch(r"([\"'])[^\"'\s\\{}]*\1", here):
            self._add(start, end, f"{here[0]}{other_word(here[1:-1])}{here[0]}", "constant")

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        """The places of what an f-string holds are known only from Python 3.12 on, so its text is searched for SQL."""
        start, end = self._span(node)
        if _SQL_KEYWORD.search(self.text[start:end]):
            self._sql(start, self.text[start:end])

    def _sql(self, start: int, here: str) -> None:
        """Change SQL inside a string; what stands in braces is Python."""
        python = (
            [match.span() for match in re.finditer(r"\{[^{}]*\}", here)] if here.lower().startswith(("f", "rf")) else []
        )
        for pattern, replacement, kind in _SQL_PIECES:
            for match in pattern.finditer(here):
                is_assigned = re.search(r"\bSET \w+ $", here[: match.start()])
                if is_assigned or any(first <= match.start() < last for first, last in python):
                    continue
                after = next_number(match.group()) if replacement is None else replacement
                self._add(start + match.start(), start + match.end(), after, kind)

    def _negate(self, test: ast.expr) -> None:
        start, end = self._span(test)
        if isinstance(test, ast.BoolOp | ast.UnaryOp | ast.Compare | ast.NamedExpr):
            return  # changed piece by piece
        if self._is_whole(start, end):
            self._add(start, end, f"not {self.text[start:end]}", "condition")

    def _between(self, span: tuple[int, int], before: str, after: str, kind: str) -> None:
        """Change an operator that stands between two operands, where nothing but brackets and spaces stands with it."""
        match = re.fullmatch(
            rf"[)\s]*({re.escape(before).replace(chr(92) + ' ', chr(92) + 's+')})[(\s]*", self.text[slice(*span)]
        )
        if match:
            self._add(span[0] + match.start(1), span[0] + match.end(1), after, kind)

    def _is_whole(self, start: int, end: int) -> bool:
        """Return whether brackets in a stretch are balanced: the outermost ones are not part of a node's place."""
        stretch = self.text[start:end]
        return all(stretch.count(one) == stretch.count(other) for one, other in ("()", "[]", "{}"))

    def _add(self, start: int, end: int, after: str, kind: str) -> None:
        self.found.append(Change(start, self.text[start:end], after, kind))

    def _span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._offset(node.lineno, node.col_offset), self._offset(node.end_lineno, node.end_col_offset)

    def _offset(self, line: int, column: int) -> int:
        """Offset in the text of a line, from 1, and a column, which ast counts in bytes."""
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())


def _is_no_program(node: ast.AST) -> bool:
    """Return whether a statement is an import, an assert, `__all__`, a docstring or a constant's, or for type checkers only."""
    if isinstance(node, ast.Assign):
        return any(isinstance(each, ast.Name) and each.id == "__all__" for each in node.targets)
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))

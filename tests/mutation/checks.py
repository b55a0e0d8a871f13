"""Find the checks of the verifier in its source, and write that source with one of them switched off.

A check is a place where something is refused, left open or warned about: an `if` whose branch raises, gives
such an answer or says no, or an expression that chooses such an answer. Switched off, the branch is never
taken.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ANSWERS = frozenset(
    {"failed", "unknown", "warning", "is_not_the_issuers", "breaks_a_rule", "is_open", "_silent"}
)
REFUSERS = frozenset({"_refuse", "_undefined", "_malformed", "_stopped", "_fail", "_lost", "self.give_up"})


@dataclass(frozen=True)
class Check:
    """One check: where it stands, the text of its condition, and what is put in the place of a span.

    `start` and `end` are offsets in characters; `lines` the lines of the condition and of what it guards.
    """

    path: str
    function: str
    condition: str
    start: int
    end: int
    replacement: str
    lines: tuple[int, ...]

    @property
    def name(self) -> str:
        """Name the check so that it is found again when lines move."""
        return f"{self.path}::{self.function}::{self.condition}"

    def switched_off(self, source: str) -> str:
        """Give the source without this check."""
        return source[: self.start] + self.replacement + source[self.end :]


def checks_in(path: Path, root: Path) -> list[Check]:
    """Give the checks of a file in order; names are unique, by a number where a condition comes again."""
    source = path.read_text(encoding="utf-8")
    finder = _Finder(str(path.relative_to(root)), source)
    found, seen = [], dict[str, int]()
    for check in finder.checks(ast.parse(source)):
        number = seen[check.name] = seen.get(check.name, 0) + 1
        if number > 1:
            condition = f"{check.condition} ({number})"
            check = Check(**{**check.__dict__, "condition": condition})
        found.append(check)
    return found


class _Finder:
    def __init__(self, path: str, source: str) -> None:
        self._path = path
        self._source = source
        self._offsets = [0]
        for line in source.splitlines(keepends=True):
            self._offsets.append(self._offsets[-1] + len(line))

    def checks(self, tree: ast.Module) -> Iterator[Check]:
        """Go through every function; nested ones are named after the one outside."""
        yield from self._within(tree, "")

    def _within(self, node: ast.AST, function: str) -> Iterator[Check]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                yield from self._within(child, f"{function}.{child.name}".lstrip("."))
                continue
            if function:
                yield from self._checks_at(child, function)
            yield from self._within(child, function)

    def _checks_at(self, node: ast.AST, function: str) -> Iterator[Check]:
        if isinstance(node, ast.If):
            if any(map(_refuses, node.body)):
                yield self._check(node.test, "False", function, (node.test, *node.body))
            elif any(map(_refuses, node.orelse)) and not isinstance(node.orelse[0], ast.If):
                yield self._check(node.test, "True", function, (node.test, *node.orelse))
        elif isinstance(node, ast.IfExp):
            for arm, other in ((node.body, node.orelse), (node.orelse, node.body)):
                if _is_answer(arm) and not _is_answer(other):
                    yield self._check(node, f"({self._text(other)})", function, (node,), told=node.test)
                    break

    def _check(
        self,
        span: ast.expr,
        replacement: str,
        function: str,
        parts: tuple[ast.AST, ...],
        told: ast.expr | None = None,
    ) -> Check:
        start, end = self._span(span)
        lines = {line for part in parts for line in range(part.lineno, part.end_lineno + 1)}  # type: ignore[attr-defined]
        condition = " ".join(self._text(told or span).split())
        return Check(self._path, function, condition, start, end, replacement, tuple(sorted(lines)))

    def _text(self, node: ast.expr) -> str:
        start, end = self._span(node)
        return self._source[start:end]

    def _span(self, node: ast.expr) -> tuple[int, int]:
        return self._offset(node.lineno, node.col_offset), self._offset(
            node.end_lineno or node.lineno, node.end_col_offset or 0
        )

    def _offset(self, line: int, column: int) -> int:
        """Turn a line and a column, which the parser counts in bytes, into an offset in characters."""
        text = self._source[self._offsets[line - 1] : self._offsets[line]]
        return self._offsets[line - 1] + len(text.encode()[:column].decode())


def _refuses(statement: ast.stmt) -> bool:
    """Tell whether a statement refuses, leaves open, warns, or says no."""
    if isinstance(statement, ast.Raise):
        return True
    if isinstance(statement, ast.Return):
        says_no = isinstance(statement.value, ast.Constant) and statement.value.value in (False, None)
        return says_no or (statement.value is not None and _is_answer(statement.value))
    if isinstance(statement, ast.Expr):
        value = statement.value
        return isinstance(value, ast.Yield) or (isinstance(value, ast.Call) and _called(value) in REFUSERS)
    return False


def _is_answer(node: ast.AST) -> bool:
    """Tell whether an expression makes an answer other than a yes, at any depth."""
    return any(isinstance(one, ast.Call) and _called(one) in ANSWERS | REFUSERS for one in ast.walk(node))


def _called(call: ast.Call) -> str:
    return ast.unparse(call.func)

"""The product's own source as syntax trees, for the tests that hold the house rules."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

LMS = Path(__file__).parent.parent / "lms"


@cache
def modules() -> dict[str, ast.Module]:
    """Dotted name -> tree of every module but the migration steps."""
    return {
        name_of(path): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(LMS.rglob("*.py"))
        if "versions" not in path.parts
    }


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(LMS.parent).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports_of(module: str) -> frozenset[str]:
    """What a module imports anywhere in its text, as dotted names; of `lms` down to the module."""
    return _imported(ast.walk(modules()[module]))


@cache
def imports_at_top(module: str) -> frozenset[str]:
    """What a module imports as it is loaded: neither inside a function nor for type checkers only."""
    return _imported(modules()[module].body)


def _imported(nodes: Iterable[ast.AST]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            submodules = {f"{node.module}.{alias.name}" for alias in node.names} & modules().keys()
            found.update(submodules or {node.module})
            if len(submodules) < len(node.names):
                found.add(node.module)
    return frozenset(found)


def everything_behind(module: str) -> set[str]:
    """What a module imports, and what that imports, and so on; packages' own files left out."""
    seen: set[str] = set()
    waiting = [module]
    while waiting:
        for name in imports_of(waiting.pop()) - seen:
            seen.add(name)
            if name in modules() and name != "lms":
                waiting.append(name)
    return seen


def feature_of(module: str) -> str | None:
    """`lms.exams.views` -> `exams`; None for what is not in a package of `lms`."""
    parts = module.split(".")
    return parts[1] if len(parts) > 2 else None


def calls(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every call as the dotted text of what is called, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno

"""The rules of the architecture that a reader of the source can check: each takes modules and returns what breaks it.

A violation reads `file:line what is wrong`. `test_rules.py` applies them to the package, and to broken sources.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

STAGES = ("catalog", "collect", "validate", "account", "measure", "monitor", "evaluate", "plan", "publish")
SPEAKING = (*STAGES, "pipeline", "desk", "web", "cli")  # everything that may address a person
LONGEST_MODULE = 350
LONGEST_FUNCTION = 60
POSIX_ONLY = {"fcntl", "pwd", "grp", "termios", "resource", "tty", "pty", "syslog", "posix", "readline", "curses"}

# Third parties have one home each; a library that is not named here has none yet.
ENGINE = ("engine",)
TABULAR = ("engine", "collect", "validate", "account", "measure")
HOMES: dict[str, tuple[str, ...]] = {
    "ibis": TABULAR,
    "duckdb": ENGINE,
    "sqlglot": ENGINE,
    "pyspark": ENGINE,
    "pyarrow": ("engine", *STAGES[1:], "pipeline", "desk"),  # the form in which tables are handed on
    "pandas": (*TABULAR, "publish"),
    "numpy": ("engine", *STAGES[1:], "pipeline.nation"),
    "yaml": ("catalog",),
    "sqlalchemy": ("engine.register", "desk"),
    "psycopg": ("engine.register",),
    "pint": ("engine.units",),
    "pydantic": ("model",),
    "pydantic_core": ("model",),
    "jinja2": ("publish", "web"),
    "markupsafe": ("publish", "web"),
    "click": ("cli",),
    "docxtpl": ("publish",),
    "docx": ("publish",),
    "scipy": ("account", "publish", "measure", "evaluate"),
    "fastexcel": ("collect",),
    "openpyxl": ("collect",),
    "xlsxwriter": ("collect", "publish"),
    "opencc": ("collect",),
}


@dataclass(frozen=True)
class Module:
    """A source file of the package: its dotted name below the package, its text and its tree."""

    path: Path
    name: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST | None, what: str) -> str:
        """A violation at a node."""
        return f"{self.path.as_posix()}:{getattr(node, 'lineno', 1)} {what}"

    def is_in(self, homes: tuple[str, ...]) -> bool:
        """Whether the module is one of these or lies inside one of them."""
        return any(self.name == home or self.name.startswith(f"{home}.") for home in homes)


def read_modules(package: Path) -> list[Module]:
    """All modules of a package folder."""
    modules = []
    for path in sorted(package.rglob("*.py")):
        relative = path.relative_to(package)
        name = ".".join(relative.with_suffix("").parts).removesuffix(".__init__")
        text = path.read_text(encoding="utf-8")
        modules.append(Module(relative, name, text, ast.parse(text)))
    return modules


# ---------------------------------------------------------------- imports
def imported(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """Each absolute import of a module, wherever it stands: the node and the dotted name."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node, node.module


def imports_away_from_home(module: Module) -> Iterator[str]:
    """Third parties imported outside their home, or without one."""
    for node, name in imported(module):
        top = name.split(".")[0]
        if top in sys.stdlib_module_names or top == "greenpark":
            continue
        if top not in HOMES:
            yield module.at(node, f"{top} has no home: name one in tests/architecture/rules.py")
        elif not module.is_in(HOMES[top]):
            yield module.at(node, f"{top} belongs to {', '.join(HOMES[top])}")


def posix_only_imports(module: Module) -> Iterator[str]:
    """Modules that exist on one family of systems only."""
    for node, name in imported(module):
        if name.split(".")[0] in POSIX_ONLY:
            yield module.at(node, f"{name} is missing on other systems")


# ---------------------------------------------------------------- size
def long_modules(module: Module) -> Iterator[str]:
    """Modules that are too long to read in one go."""
    lines = module.text.count("\n")
    if lines > LONGEST_MODULE:
        yield module.at(None, f"the module has {lines} lines, at most {LONGEST_MODULE}")


def long_functions(module: Module) -> Iterator[str]:
    """Functions whose body, without the docstring, is too long."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            lines = (body[-1].end_lineno or 0) - body[0].lineno + 1
            if lines > LONGEST_FUNCTION:
                yield module.at(node, f"{node.name} has a body of {lines} lines, at most {LONGEST_FUNCTION}")


# ---------------------------------------------------------------- text files
TEXT_MODE = re.compile(r"^[rwax]\+?t?\+?$")


def files_without_encoding(module: Module) -> Iterator[str]:
    """Text files read or written in whatever encoding the machine has."""
    used_with = {
        id(item.context_expr)
        for node in ast.walk(module.tree)
        for item in getattr(node, "items", ())
        if isinstance(node, ast.With)
    }
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Call) or any(keyword.arg == "encoding" for keyword in node.keywords):
            continue
        if _is_text_file(node, is_used_with=id(node) in used_with):
            yield module.at(node, "a text file is opened without encoding=")


def _is_text_file(call: ast.Call, *, is_used_with: bool) -> bool:
    called = call.func
    if isinstance(called, ast.Name) and called.id == "open":
        return _is_text_mode(call, 1)
    if not isinstance(called, ast.Attribute):
        return False
    if called.attr in ("read_text", "write_text"):
        return len(call.args) < (1 if called.attr == "read_text" else 2)
    if called.attr != "open" or _is_library(called.value):
        return False
    # Things other than files have a method `open`: without a mode only a `with` tells that it is a file.
    return _is_text_mode(call, 0) if call.args or call.keywords else is_used_with


def _is_text_mode(call: ast.Call, position: int) -> bool:
    """Whether the mode, at its position or by keyword, is a text mode; the default is one."""
    given = next((k.value for k in call.keywords if k.arg == "mode"), None)
    if given is None and len(call.args) > position:
        given = call.args[position]
    if given is None:
        return True
    return isinstance(given, ast.Constant) and isinstance(given.value, str) and bool(TEXT_MODE.match(given.value))


def _is_library(value: ast.AST) -> bool:
    """`webbrowser.open` and its kin are no files."""
    return isinstance(value, ast.Name) and value.id in {"webbrowser", "zipfile", "tarfile", "os"}


# ---------------------------------------------------------------- sentences
HAN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf]")
HAN_RUN = re.compile(r"[\u4e00-\u9fff\u3400-\u4dbf，。；：！？、]+")
WORDS = re.compile(r"[A-Za-z][A-Za-z'’-]*")
SENTENCE_WORDS = 3
# Collect reads text, so words and patterns to recognise stand in it; what it says to a person does not.
READING = ("collect",)
LONGEST_WORD_TO_RECOGNISE = 6
PATTERN = re.compile(r"\[[^\]]*\]|[\[\](){}|?*+\\^$]")
NUMERALS = set("零〇一二三四五六七八九十百千万亿两点")
LOGGING = {"debug", "info", "warning", "error", "exception", "critical", "log"}
OF_RE = {"compile", "match", "fullmatch", "search", "sub", "subn", "findall", "finditer", "split"}


def sentence_literals(module: Module) -> Iterator[str]:
    """Sentences written in the code of a part that addresses people, outside docstrings, `raise` and logging."""
    if not module.is_in(SPEAKING):
        return
    silent = set(_silent_nodes(module.tree))
    for node in ast.walk(module.tree):
        text = _literal(node)
        if text is not None and id(node) not in silent and is_sentence(text, reading=module.is_in(READING)):
            yield module.at(node, f"a sentence stands in the code: {text[:50]!r}; make it a message")


def _literal(node: ast.AST) -> str | None:
    """The text of a string, or of an f-string with its holes left as dots; None for anything else."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        parts = [each.value if isinstance(each, ast.Constant) else "…" for each in node.values]
        return "".join(str(part) for part in parts)
    return None


def is_sentence(text: str, *, reading: bool = False) -> bool:
    """Whether a person would read this as words of a language rather than as a name or a pattern.

    With `reading`, short words and patterns are taken as what to recognise in an input.
    """
    if HAN.search(text):
        return not reading or any(_is_long(part) for part in PATTERN.split(text))
    words = [word for word in text.split() if WORDS.fullmatch(word.strip(".,;:!?()'\""))]
    fewest = SENTENCE_WORDS + reading
    return len(words) >= fewest and any(word[0].islower() for word in words)


def _is_long(part: str) -> bool:
    """Whether a part of a pattern holds more Chinese than a word to recognise."""
    return any(len(run) > LONGEST_WORD_TO_RECOGNISE and not set(run) <= NUMERALS for run in HAN_RUN.findall(part))


def _silent_nodes(tree: ast.Module) -> Iterator[int]:
    """The ids of strings that no user reads: docstrings, programming errors, assertions, logs and patterns."""
    for node in ast.walk(tree):
        is_silent = isinstance(node, ast.Raise | ast.Assert) or _is_lone_text(node) or _is_technical(node)
        if is_silent:
            yield from (id(each) for each in ast.walk(node) if isinstance(each, ast.Constant | ast.JoinedStr))
        if isinstance(node, ast.JoinedStr):  # judged as a whole
            yield from (id(each) for each in node.values if isinstance(each, ast.Constant))


def _is_lone_text(node: ast.AST) -> bool:
    """Whether this is a docstring, or a string that documents the attribute above it."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_technical(node: ast.AST) -> bool:
    """Whether this is a call of a logger or of `re`, or a list of words written as one string."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    if isinstance(node.func.value, ast.Constant):
        return node.func.attr == "split"
    if not isinstance(node.func.value, ast.Name):
        return False
    owner, called = node.func.value.id.lower().strip("_"), node.func.attr
    return (called in LOGGING and owner in {"log", "logger", "logging"}) or (owner == "re" and called in OF_RE)


PER_MODULE = (
    imports_away_from_home,
    posix_only_imports,
    long_modules,
    long_functions,
    files_without_encoding,
    sentence_literals,
)


def violations(package: Path) -> list[str]:
    """Everything in a package folder that breaks a rule, in the order of files."""
    return [told for module in read_modules(package) for rule in PER_MODULE for told in rule(module)]

"""The shape of the code: imports point down, each library has one owner, files and functions stay short."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

# From the bottom up; a module imports modules of lower lines only. Where this differs from the design:
# prompts, quoting, furniture, documents, parsing, catalogue, evidence, endpoint and progress are modules that
# it did not name; `citations` and `endpoint` stand where they do although they need less.
LAYERS = """
    models errors
    addresses compression saved
    records
    settings text disguise unpaired encoding
    naming versions history
    numberwords calendars notation
    numerals dates quantities
    amounts
    figures
    prompts quoting furniture extracting damage planted tokens framing
    documents
    alignment edits
    modals opposites names charged synonyms
    modality
    polarity roles
    restating
    wording
    kinds
    decoding
    archives sheets fields mail feeds signs
    manuscripts
    parsing
    network robots
    replies
    fetching walls
    languages
    articles
    loading splitting embedding
    arrivals
    web
    intake
    entailment
    tables
    stored
    fulltext
    database
    backup faults ledger visits
    shingles
    copies
    listing holdings
    catalogue chroma
    vectors probe
    mirror pipeline salvage
    cluster
    library
    marks cues outlets
    credits reliance
    origins
    clauses leanings
    roster sayings holders
    persons scopes views
    antecedents
    retrieval attribution progress
    events
    evidence speaking
    overlap omissions keys
    proof
    voices
    support
    inflecting
    meeting measured
    contrasts statements turning
    gates unstated
    claims judging sameness occasions abreast
    ruling
    unsaid
    rewording renderings
    citations
    stances corrections
    utterances disagreements
    findings phrasing
    accounts
    extractive endpoint
    llm preferences trial signin cautions
    credentials
    answering claimlist
    comparison searching
    labels terminal timeline
    tally pieces provenance collection fragments overruled
    sides unproved
    pens markdown webpage
    entrance annotated
    prose
    plaintext matrix interchange report
    claimreview
    judge_suite redline
    attribution_suite extraction_suite grouping_suite finding_suite
    export evaluate examples serving
    shell
    folders calls toolresults paper
    toolbox
    toolserver
    upkeep exporting mcpcommand
    uploads
    adding asking
    cli ui underway
    overruling
    drawer
    claimcard receiving
    drawing
    comparing shelf
    pages.chat pages.compare pages.sources pages.settings __main__
    app
"""
LEVEL = {name: level for level, line in enumerate(LAYERS.split("\n")) for name in line.split()}

# Who may import a library; everyone else goes through them.
OWNERS = {
    "chromadb": {"chroma", "vectors"},
    "langchain": {"endpoint", "embedding"},
    "langchain_core": {"endpoint", "embedding"},
    "langchain_openai": {"endpoint", "embedding"},
    "openai": {"endpoint", "embedding"},
    "streamlit": {
        "serving",
        "entrance",
        "underway",
        "ui",
        "overruling",
        "drawer",
        "claimcard",
        "shelf",
        "receiving",
        "drawing",
        "comparing",
        "pages.chat",
        "pages.compare",
        "pages.sources",
        "pages.settings",
        "app",
    },
    "sqlite3": {"fulltext", "history", "database", "backup", "salvage", "faults"},
    "typer": {"cli", "exporting", "mcpcommand", "upkeep"},
    "distributed": {"cluster"},
    "mcp": {"toolserver"},
    "onnxruntime": {"encoding"},
    "sqlalchemy": {
        "tables",
        "stored",
        "fulltext",
        "database",
        "backup",
        "faults",
        "ledger",
        "copies",
        "listing",
        "holdings",
        "catalogue",
        "visits",
    },
    "pydantic_settings": {"settings"},
    "httpx": {"addresses", "chroma", "fetching"},
    "httpcore": {"network", "replies", "fetching"},
    "protego": {"robots"},
    "feedparser": {"feeds"},
    "lxml": {"feeds", "signs"},
    "trafilatura": {"documents", "extracting"},
    "pypdf": {"parsing"},
    "py3langid": {"languages"},
}
HEAVY = [
    *sorted(OWNERS.keys() - {"typer", "sqlite3", "sqlalchemy", "pydantic_settings"}),
    "numpy",
    "sentencex",
    "simplemma",
]

# `settings` reads the environment, through pydantic. These hand it on to a child or to the chat's
# server, and read nothing else.
ENVIRONMENT = {"serving", "parsing"}

MOST_LINES, MOST_LINES_OF_A_FUNCTION, MOST_LINES_OF_APP = 400, 60, 60


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removeprefix("assistant.")


PRODUCT = [ROOT / "app.py", *sorted((ROOT / "assistant").rglob("*.py"))]
MODULES = {module_name(path): path for path in PRODUCT if path.name != "__init__.py"}
FOLDERS = ("assistant", "tests", "benchmarks", "training")
EVERY_FILE = [ROOT / "app.py", *(path for name in FOLDERS for path in sorted((ROOT / name).rglob("*.py")))]


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Full names of what a file imports anywhere, also for type checking only, with the line."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write imports in full"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def own(name: str) -> str | None:
    """The module of ours that a full name leads to: "assistant.text.words" to "text"."""
    if name != "app" and not name.startswith("assistant."):
        return None
    rest = name.removeprefix("assistant.")
    return max((module for module in MODULES if f"{rest}.".startswith(f"{module}.")), key=len, default=None)


def test_every_module_has_a_layer_and_every_layer_is_there() -> None:
    assert set(MODULES) == set(LEVEL)


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_point_down(module: str) -> None:
    up = [
        f"line {line}: {module} imports {below}"
        for name, line in imports(MODULES[module])
        if (below := own(name)) is not None and LEVEL[below] >= LEVEL[module]
    ]
    assert not up


@pytest.mark.parametrize("library", OWNERS)
def test_a_library_has_one_owner(library: str) -> None:
    users = {
        module
        for module, path in MODULES.items()
        if any(name == library or name.startswith(f"{library}.") for name, _ in imports(path))
    }
    assert users <= OWNERS[library]
    assert users or library in ("openai", "langchain_core"), f"nobody imports {library} any more"


def reads_environment(path: Path) -> bool:
    return any(
        (isinstance(node, ast.Attribute) and node.attr in ("environ", "environb", "getenv"))
        or (isinstance(node, ast.ImportFrom) and node.module == "os")
        for node in ast.walk(parsed(path))
    )


def test_the_environment_is_read_in_one_place() -> None:
    assert {module for module, path in MODULES.items() if reads_environment(path)} == ENVIRONMENT


def test_no_import_is_hidden_from_these_tests() -> None:
    # The child of `parsing` imports the one reader that it is started for; `serving` loads the pages early.
    for module, path in MODULES.items():
        hidden = any(name.split(".")[0] == "importlib" for name, _ in imports(path))
        assert not hidden or module in ("parsing", "serving"), module
        assert "__import__(" not in path.read_text("utf-8"), module


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_file_is_longer_than_a_reader_can_hold(path: Path) -> None:
    most = MOST_LINES_OF_APP - 1 if path == ROOT / "app.py" else MOST_LINES
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= most


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name} has {length} lines"
        for path in EVERY_FILE
        for node in functions(path)
        if (length := (node.end_lineno or 0) - node.lineno + 1) > MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


@pytest.mark.parametrize(
    "module", ["assistant.cli", "assistant.answering", "assistant.library", "assistant.loading"]
)
def test_heavy_libraries_are_loaded_when_they_are_needed_and_not_before(module: str) -> None:
    light = {"numpy", "sentencex", "simplemma"} if module != "assistant.cli" else set()
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert set(done.stdout.split()) <= light


def test_help_loads_none_of_them_either() -> None:
    code = (
        "import sys; from assistant.cli import app\n"
        "try: app(['--help'])\n"
        f"finally: print('LOADED', *[name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.splitlines()[-1] == "LOADED"

"""A chat assistant for news verification: every sentence cites a passage, every quotation is proved.

For programs, this module is the door; what it names stays, and what it does not name may change:

    from assistant import Library, ask, compare, render

    with Library.open("library") as library:
        library.add_from("articles/")
        answer = ask(library, "Was the bridge closed?")
        print(answer.finding, answer.as_json())
        print(render(library, answer, "md"))
        print(compare(library, ["The bridge was closed.", "Nobody was hurt."]).stances)

Everything that is raised on purpose is an AssistantError, whose message says what to do next.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "Account",
    "Added",
    "Answer",
    "Article",
    "AssistantError",
    "Citation",
    "Comparison",
    "Filters",
    "Found",
    "InputRefused",
    "Library",
    "Notice",
    "Passage",
    "Progress",
    "Sentence",
    "Settings",
    "Source",
    "Turn",
    "Voice",
    "__version__",
    "ask",
    "compare",
    "load",
    "load_settings",
    "load_text",
    "render",
    "search",
]

if TYPE_CHECKING:
    from assistant.answering import ask
    from assistant.comparison import Comparison, compare
    from assistant.errors import AssistantError, InputRefused
    from assistant.library import Library
    from assistant.loading import load, load_text
    from assistant.models import (
        Account,
        Answer,
        Article,
        Citation,
        Filters,
        Notice,
        Passage,
        Progress,
        Sentence,
        Source,
        Turn,
        Voice,
    )
    from assistant.paper import render
    from assistant.pipeline import Added
    from assistant.searching import Found, search
    from assistant.settings import Settings
    from assistant.settings import load as load_settings
else:
    # Loaded when first asked for: `import assistant` alone costs nothing, and is what every module does.
    _HOMES = {
        "answering": "ask",
        "comparison": "Comparison compare",
        "errors": "AssistantError InputRefused",
        "library": "Library",
        "loading": "load load_text",
        "models": "Account Answer Article Citation Filters Notice Passage Progress Sentence Source Turn"
        " Voice",
        "paper": "render",
        "pipeline": "Added",
        "searching": "Found search",
        "settings": "Settings",
    }
    _HOME = {name: (home, name) for home, names in _HOMES.items() for name in names.split()}
    _HOME["load_settings"] = ("settings", "load")

    def __getattr__(name):
        """The public name, from the module that holds it."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        home, there = _HOME[name]
        found = globals()[name] = getattr(import_module(f"{__name__}.{home}"), there)
        return found

    def __dir__():
        """The public names beside what a module has."""
        return sorted({*globals(), *__all__})

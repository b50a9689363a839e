"""What the model is told: the files of `prompts/`, checked when they are read.

A file begins with a line that names its variables between two lines of `---`; then comes the system
message, a line `=== user ===`, and the user message. Variables are written `$name`.

`string.Template` and not a format string: one pass over the file, so that a value (the text of an
article, a question) is never read as a template, whatever braces or dollars it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Literal

from assistant.errors import PromptError
from assistant.settings import Settings, packaged

NOT_ENOUGH = "NOT ENOUGH EVIDENCE"
"""What the model writes when the passages do not answer the question, in whatever language."""

VARIABLES: dict[str, frozenset[str]] = {
    "answer": frozenset({"form", "marker", "passages", "question", "sentinel", "silent"}),
    "rewrite": frozenset({"history", "question"}),
}

Message = tuple[Literal["system", "user"], str]

_FILE = re.compile(
    r"\A---[ \t]*\nvariables:(?P<names>[^\n]*)\n---[ \t]*\n"
    r"(?P<system>.+?)\n===[ \t]*user[ \t]*===[ \t]*\n(?P<user>.+)\Z",
    re.DOTALL,
)
# What could be taken for the fence, and the control tokens of chat templates, which some servers
# read out of any message as if the template had put them there.
_FENCE = re.compile(r"<(?=\s*/?\s*text\s*-)|<(?=\|)|<(?=/?(?:s|bos|eos)>)|(?<=<)<(?=/?SYS>)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Prompt:
    """One file of `prompts/`: its two messages and the variables that both together name."""

    path: Path
    system: Template
    user: Template
    variables: frozenset[str]

    def render(self, **values: str) -> list[Message]:
        """The two messages with `values` put in; PromptError for a value too many or too few."""
        for name in sorted(self.variables - values.keys()):
            raise PromptError(f"{self.path}: no value was given for ${name}. Remove ${name} from the file.")
        for name in sorted(values.keys() - self.variables):
            raise PromptError(f"{self.path}: the file does not use ${name}. Put ${name} where it belongs.")
        return [
            ("system", self.system.substitute(values).strip()),
            ("user", re.sub(r"\n{3,}", "\n\n", self.user.substitute(values)).strip()),
        ]


def load(settings: Settings, name: str) -> Prompt:
    """The prompt `name` from `settings.prompts`, or the shipped one.

    Raises PromptError, naming the file and the variable, when the file cannot be read or when the
    variables of its first lines, of its text and of the code are not the same.
    """
    path = (settings.prompts or packaged("prompts")) / f"{name}.md"
    try:
        match = _FILE.match(path.read_text(encoding="utf-8").replace("\r\n", "\n"))
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise PromptError(
            f"{path}: the prompt cannot be read ({why}). Restore the file, or unset NEWS_ASSISTANT_PROMPTS."
        ) from None
    if match is None:
        raise PromptError(
            f"{path}: the form of the file is not known. It begins with ---, a line "
            f"“variables: {' '.join(sorted(VARIABLES[name]))}” and ---, and has a line “=== user ===” "
            f"between its two messages."
        )
    prompt = Prompt(
        path,
        Template(match["system"]),
        Template(match["user"]),
        frozenset(re.split(r"[\s,]+", match["names"].strip())) - {""},
    )
    _check(prompt, VARIABLES[name])
    return prompt


def _check(prompt: Prompt, needed: frozenset[str]) -> None:
    for template in (prompt.system, prompt.user):
        if not template.is_valid():
            raise PromptError(
                f"{prompt.path}: a $ stands before something that is no variable. Write $$ for a dollar."
            )
    used = {*prompt.system.get_identifiers(), *prompt.user.get_identifiers()}
    for name in sorted(needed - used):
        raise PromptError(
            f"{prompt.path}: the text lacks the variable ${name}. Put ${name} where it belongs."
        )
    for name in sorted(used - needed):
        raise PromptError(
            f"{prompt.path}: ${name} is no variable of this prompt. Known: {_list(needed)}. "
            f"Correct the name, or write $$ for a dollar."
        )
    for name in sorted(needed ^ prompt.variables):
        raise PromptError(
            f"{prompt.path}: the line “variables:” and the text do not agree on {name}. "
            f"The line must name {_list(needed)}."
        )


def _list(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def fenced(text: str, marker: str) -> str:
    """`text` between two lines that nothing in it can imitate: `marker` is made anew for each request."""
    return f"<text-{marker}>\n{harmless(text).replace(marker, '…')}\n</text-{marker}>"


def harmless(text: str) -> str:
    """`text` in which nothing looks like a fence or like a control token of a chat template."""
    return _FENCE.sub("‹", text)


def one_line(text: str, limit: int = 160) -> str:
    """`text` for a header line, which stands outside the fence: one line, short, no key-like brackets."""
    line = " ".join(harmless(text).split()).replace("[", "(").replace("]", ")")
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"

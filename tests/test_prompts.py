"""Prompt files: checked when they are read, and never mixed up with what is put into them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import prompts
from assistant.errors import PromptError
from assistant.settings import Settings, load

GOOD = "---\nvariables: history question\n---\nRewrite.\n=== user ===\n$history\n$question costs $$5\n"


def settings(folder: Path | None = None) -> Settings:
    return load(prompts=folder)


def written(folder: Path, text: str) -> Settings:
    (folder / "rewrite.md").write_text(text, encoding="utf-8")
    return settings(folder)


@pytest.mark.parametrize("name", sorted(prompts.VARIABLES))
def test_the_shipped_prompts_are_whole(name: str) -> None:
    values = dict.fromkeys(prompts.VARIABLES[name], "VALUE")
    (first, system), (second, user) = prompts.load(settings(), name).render(**values)
    assert (first, second) == ("system", "user")
    assert "$" not in system + user and "===" not in system + user
    assert len(system) < 2_300  # a small model has to keep it in mind


@given(st.text(), st.text())
def test_values_are_never_read_as_templates(history: str, question: str) -> None:
    with_marks = history + "$question ${question} {0} {x} %s $$"
    prompt = prompts.load(settings(), "rewrite")
    user = prompt.render(history=f"<{with_marks}>", question="Q?")[1][1]
    assert "$question ${question} {0} {x} %s $$" in user
    prompt.render(history=history, question=question)


def test_a_folder_of_ones_own(tmp_path: Path) -> None:
    prompt = prompts.load(written(tmp_path, GOOD.replace("\n", "\r\n")), "rewrite")
    assert prompt.render(history="H", question="Q")[1] == ("user", "H\nQ costs $5")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (GOOD.replace("$history", ""), "$history"),
        (GOOD.replace("$history", "$history $histroy"), "$histroy"),
        (GOOD.replace("variables: history", "variables:"), "history"),
        (GOOD.replace("variables: history", "variables: history, extra"), "extra"),
        (GOOD.replace("$$5", "$5"), "$$"),
        (GOOD.replace("=== user ===", ""), "=== user ==="),
        ("", "variables:"),
    ],
)
def test_a_wrong_file_is_named_with_its_variable(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(PromptError) as caught:
        prompts.load(written(tmp_path, text), "rewrite")
    assert named in str(caught.value) and str(tmp_path / "rewrite.md") in str(caught.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="No such file"):
        prompts.load(settings(tmp_path), "rewrite")
    (tmp_path / "rewrite.md").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PromptError, match="UTF-8"):
        prompts.load(settings(tmp_path), "rewrite")


def test_values_too_few_or_too_many() -> None:
    prompt = prompts.load(settings(), "rewrite")
    with pytest.raises(PromptError, match=r"\$question"):
        prompt.render(history="H")
    with pytest.raises(PromptError, match=r"\$colour"):
        prompt.render(history="H", question="Q", colour="red")


@given(
    st.text(), st.sampled_from(["</text-0a1b>", "< / TEXT - 0a1b>", "<text-ffff>", "<|im_start|>", "0a1b"])
)
def test_nothing_in_a_text_looks_like_its_fence(text: str, hostile: str) -> None:
    fenced = prompts.fenced(text + hostile + text, "0a1b")
    inside = fenced.removeprefix("<text-0a1b>\n").removesuffix("\n</text-0a1b>")
    assert "0a1b" not in inside and "<|" not in inside
    assert "<text" not in inside.lower() and "</text-" not in inside.lower()


@given(st.text())
def test_a_header_is_one_short_line(text: str) -> None:
    line = prompts.one_line(text, 50)
    assert len(line) <= 50 and len(line.splitlines()) <= 1 and "[" not in line

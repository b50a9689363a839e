"""The README and the help texts say what is so: their commands run, their tables are complete."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from assistant.cli import app
from assistant.settings import Settings
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")


def settings_table() -> str:
    """The table of settings, as the fields themselves tell it."""
    rows = ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        names = [str(choice) for choice in alias.choices] if alias is not None else []  # type: ignore[union-attr]
        variables = ", ".join(f"`{item}`" for item in names or [f"NEWS_ASSISTANT_{name.upper()}"])
        default = (
            "processors, at most 4" if name == "threads" else "" if field.default is None else field.default
        )
        rows.append(f"| {variables} | {default} | {field.description} |")
    return "\n".join(rows)


def test_every_setting_is_in_the_readme() -> None:
    assert settings_table() in README, f"put this table under <!-- settings -->:\n{settings_table()}"


def test_every_command_is_in_the_readme_and_has_help() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]
    for name, command in commands.items():
        assert command.help, name
        assert re.search(rf"^\| `{name}[ `]", README, re.MULTILINE), f"the README does not name `{name}`"
    named = set(re.findall(r"^\| `([a-z]+)[ `]", README, re.MULTILINE))
    assert named <= set(commands), f"the README names commands that are not there: {named - set(commands)}"


def test_every_make_target_of_the_readme_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    for target in re.findall(r"`?make ([a-z]+)", README):
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target


def ran(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What became of a command in a folder, given nothing to read."""
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )


@pytest.mark.parametrize(
    "block", re.findall(r"<!-- test: run python -->\n```python\n(.*?)```", README, re.DOTALL)
)
def test_programs_of_the_readme_run(block: str, tmp_path: Path) -> None:
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    done = ran([sys.executable, "-c", block], tmp_path)
    assert done.returncode == 0, done.stderr
    assert "8 added" in done.stdout and "contradicted 1" in done.stdout and "affirms" in done.stdout


def test_the_client_of_the_readme_starts_a_command_that_is_there(tmp_path: Path) -> None:
    (block,) = re.findall(r"```json\n(\{\s+\"mcpServers.*?)```", README, re.DOTALL)
    server = json.loads(block)["mcpServers"]["news"]
    given = [part.replace("/path/to/articles", str(tmp_path)) for part in server["args"]]
    given = [part.replace("/path/to/library", str(tmp_path / "library")) for part in given]
    done = ran([sys.executable, "-m", "assistant", *given], tmp_path)
    assert done.returncode == 0 and "Serving" in done.stderr, done.stderr


@pytest.mark.parametrize("block", re.findall(r"<!-- test: run -->\n```sh\n(.*?)```", README, re.DOTALL))
def test_blocks_of_the_readme_run(block: str, tmp_path: Path) -> None:
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    shell = f'news-assistant() {{ "{sys.executable}" -m assistant "$@"; }}\nset -e\n' + block
    # A shell function cannot have a hyphen in its name everywhere, so the name is changed in both places.
    shell = shell.replace("news-assistant", "news_assistant")
    done = ran(["sh", "-c", shell], tmp_path)
    assert done.returncode == 0, done.stderr
    for sentence in re.findall(r"^The .* says: “(.*?)” \[\d\]$", README, re.MULTILINE):
        assert sentence in done.stdout

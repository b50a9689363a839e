"""The commands of `news-assistant`: data on stdout, notes and progress on stderr.

Exit status: 0 done; 1 error; 2 usage; 3 answered, but not enough evidence; 4 done in part, because
some inputs were refused, each by name; 130 interrupted.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Container, Iterable
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

import typer

from assistant import __version__, exporting, mcpcommand, upkeep
from assistant.errors import AssistantError, InputRefused
from assistant.shell import Exit, check_outlets, choose, configured, open_library, reporter
from assistant.terminal import note, say, say_json

if TYPE_CHECKING:
    from assistant.answering import Step, Text
    from assistant.stored import Entry


app = typer.Typer(
    name="news-assistant",
    help="Answers questions about news articles, every sentence with the passage that it rests on.\n\n"
    "Example: news-assistant add articles/ && news-assistant ask 'Was the bridge closed?'",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
# What was read by guess or left out, which whoever adds it can still mend.
GUESSED = frozenset({"decoded_as", "bytes_damaged", "date_unreadable", "language_identified", "attachments"})
SUITE = typer.Argument(
    help="attribution, extraction, finding, grouping, judge, quotes or retrieval", show_default=False
)
JsonFlag = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
SourceId = Annotated[str, typer.Argument(help="Id of a source, as `sources` lists it.", show_default=False)]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _global(
    library: Annotated[
        Path | None,
        typer.Option("--library", help="Folder of the library [default: ./library]", show_default=False),
    ] = None,
    _: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    choose(library)


@app.command()
def add(
    paths: Annotated[
        list[str],
        typer.Argument(help="Files, folders, or addresses of pages, feeds, sitemaps.", show_default=False),
    ],
    outlet: Annotated[str | None, typer.Option(help="Outlet of these articles.", show_default=False)] = None,
    date: Annotated[
        str | None, typer.Option(help="Date of these articles, YYYY-MM-DD.", show_default=False)
    ] = None,
    engine: Annotated[
        Literal["local", "dask"], typer.Option(help="What embeds: this machine, or a Dask cluster.")
    ] = "local",
    as_json: JsonFlag = False,
) -> None:
    """Add articles to the library; what cannot be read is refused by name, the others are added."""
    from assistant.answering import check_filters
    from assistant.intake import Intake
    from assistant.library import exists
    from assistant.models import Filters

    check_filters(Filters(since=date))
    settings = configured()
    taken = Intake(paths, outlet, date, settings)
    if not exists(settings) and not taken.begins():
        _refuse(taken.refused, as_json)  # before a library is made for nothing
    with open_library(settings, must_exist=False) as library:
        added = library.add(taken.articles(library.catalogue.visits), reporter(), engine)
        taken.refused.extend(added.refused)
        listed = library.catalogue.entries([*added.added, *added.unchanged])
        entries = {entry.source.id: entry for entry in listed}
    if as_json:
        say_json({**asdict(added), "refused": [vars(item) for item in taken.refused]})
    else:
        # Another program may have removed one of them by now.
        for source in filter(entries.__contains__, added.added):
            say(f"{source}  {entries[source].source.label}, {entries[source].source.title}")
        for source in filter(entries.__contains__, added.unchanged):
            note(f"Already in the library, unchanged: {source}  {entries[source].source.title}")
        if added.unchanged and (outlet or date):
            note("To change the outlet or the date of an article, remove it and add it again.")
    for passed in taken.passed:
        note(passed.text)
    _warn((entries[source] for source in added.added if source in entries), GUESSED)
    if taken.refused:
        _refuse(taken.refused)


def _refuse(refused: Iterable[InputRefused], as_json: bool = False) -> NoReturn:
    """Names what was refused; with `as_json` also as the whole result, where nothing was added."""
    if as_json:
        say_json({"added": [], "unchanged": [], "refused": [vars(item) for item in refused]})
    for refusal in refused:
        note(f"Refused: {refusal}")
    raise typer.Exit(Exit.IN_PART)


@app.command()
def sources(as_json: JsonFlag = False) -> None:
    """List the articles of the library."""
    with open_library(configured()) as library:
        entries = library.entries()
    if as_json:
        say_json(
            [
                asdict(entry.source)
                | {
                    "passages": entry.passages,
                    "added": entry.added,
                    "file": entry.file,
                    "replaced_by": entry.replaced_by,
                    "copy_of": entry.copy_of,
                    "notices": [asdict(notice) for notice in entry.notices],
                }
                for entry in entries
            ]
        )
        return
    for entry in entries:
        source = entry.source
        later = f"  (replaced by {entry.replaced_by})" if entry.replaced_by else ""
        later += f"  (copy of {entry.copy_of})" if entry.copy_of else ""
        date, outlet = source.date or "no date   ", source.outlet or "no outlet"
        say(f"{source.id}  {date}  {outlet}: {source.title}{later}")
    _warn(entries)
    note(f"{len(entries)} source{'s' if len(entries) != 1 else ''}")


def _warn(entries: Iterable[Entry], also: Container[str] = ()) -> None:
    """What a reader must not miss of articles, on stderr; `also`: codes of notices that are told here too."""
    from assistant.labels import NOTICES

    for entry in entries:
        for notice in entry.notices:
            if notice.code in NOTICES:
                note(f"Warning: {entry.source.id}  {NOTICES[notice.code]}: {notice.text}")
            elif notice.code in also:
                note(f"Note: {entry.source.id}  {notice.text}")


@app.command()
def show(
    source_id: SourceId,
    changes: Annotated[
        bool, typer.Option("--changes", help="What changed since the version before, or in the newer one.")
    ] = False,
    as_json: JsonFlag = False,
) -> None:
    """Print the text of an article exactly as it is stored: offsets of citations count in it."""
    from assistant.labels import NOTICES

    if changes:
        _show_changes(source_id, as_json)
        return
    with open_library(configured()) as library:
        article = library.article(source_id)
    if as_json:
        say_json(asdict(article))
        return
    facts = [article.outlet, article.date, article.author, article.language, article.url, article.file]
    note(article.title)
    note(" | ".join(fact for fact in facts if fact))
    for notice in article.notices:
        note(f"{'Warning' if notice.code in NOTICES else 'Note'}: {notice.text}")
    sys.stdout.write(article.text)
    sys.stdout.flush()


def _show_changes(source_id: str, as_json: bool) -> None:
    from assistant import redline

    with open_library(configured()) as library:
        found = library.revision(source_id)
    if found is None:
        note(f"There is no other version of {source_id} in the library.")
    if as_json:
        say_json({"changes": asdict(found) if found else None})
    elif found:
        for line in redline.lines(found):
            say(line)
        note(f"{redline.summary(found)}.  ({redline.LEGEND})")


@app.command()
def remove(source_id: SourceId) -> None:
    """Remove an article from the library."""
    with open_library(configured()) as library:
        library.remove(source_id)
    note(f"Removed {source_id}.")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question or a claim.", show_default=False)],
    engine: Annotated[
        Literal["auto", "extractive", "llm"] | None,
        typer.Option(help="What writes the answer.", show_default=False),
    ] = None,
    outlet: Annotated[
        list[str] | None, typer.Option(help="Only this outlet; may be repeated.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only from this date, YYYY-MM-DD.", show_default=False)
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only up to this date.", show_default=False)] = None,
    form: Annotated[
        Literal["text", "md", "html", "json", "csv", "claimreview"] | None,
        typer.Option("--format", help="Form of the answer [default: text]", show_default=False),
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Ask the library a question."""
    from assistant.answering import ask as ask_library
    from assistant.answering import check_filters, check_question
    from assistant.export import render
    from assistant.history import now
    from assistant.models import Filters
    from assistant.provenance import provenance
    from assistant.saved import Record

    if as_json and form not in (None, "json"):
        raise typer.BadParameter("--json prints JSON; leave it out, or leave --format out.")
    settings = configured(engine=engine)
    check_question(question)
    filters = check_filters(Filters(tuple(outlet or ()), since, until))
    with open_library(settings) as library:
        check_outlets(library, filters.outlets)
        asked = now()
        answer = ask_library(library, question, filters=filters, on_event=_listener())
        record = Record(answer, asked, provenance(library, answer))
        exporting.keep(library, record)
    if as_json or form == "json":
        say_json(answer.as_json())
    elif form in (None, "text"):
        say(render(record, "text").rstrip("\n"))
    else:
        exporting.put(render(record, form))
    if answer.finding == "not_enough_evidence":
        raise typer.Exit(Exit.NOT_ENOUGH_EVIDENCE)


@app.command()
def evaluate(
    suite: Annotated[str, SUITE],
    path: Annotated[Path, typer.Argument(help="Data of the suite.", show_default=False)],
    as_json: JsonFlag = False,
) -> None:
    """Measure against labelled data; prints one JSON object of metrics."""
    from assistant.evaluate import run

    metrics = run(suite, path, configured(), reporter())
    typer.echo(json.dumps(metrics, indent=None if as_json else 2))


@app.command()
def chat(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)] = 8501,
) -> None:
    """Open the chat in the browser; a new library starts with the example articles."""
    from assistant import examples
    from assistant.library import exists
    from assistant.serving import check_port, hurry, serve
    from assistant.settings import packaged

    check_port(port)
    hurry()
    settings = configured()
    new = not exists(settings)
    with open_library(settings, must_exist=False) as library:
        if new or examples.unfinished(library):
            note("A new library: loading the example articles, which are restated or fictional.")
            examples.add(library, reporter())
        place = library.catalogue.place
    typer.echo(f"The chat is on http://127.0.0.1:{port} (library: {place})", err=True)
    serve(packaged("app.py"), settings.library, port)


app.command()(exporting.export)
app.command()(mcpcommand.mcp)
app.command()(upkeep.check)
app.command()(upkeep.rebuild)
app.command()(upkeep.backup)
app.command()(upkeep.restore)


def _listener() -> Callable[[Step | Text], None]:
    from assistant.answering import Step

    def listen(event: Step | Text) -> None:
        if isinstance(event, Step) and sys.stderr.isatty():
            note(event.text)

    return listen


def _fail(error: AssistantError, as_json: bool) -> NoReturn:
    if as_json:
        say_json({"error": {"code": error.code, "message": str(error)}})
    note(f"Error: {error}")
    sys.exit(Exit.ERROR)


def _wants_json(arguments: list[str]) -> bool:
    """Whether an error has to be an object too."""
    pairs = [f"{first}={second}" for first, second in pairwise(arguments)]
    return not {"--json", "--format=json"}.isdisjoint([*arguments, *pairs])


def main() -> None:
    """Runs the commands; every expected error is one line on stderr and exit status 1."""
    for stream in (sys.stdout, sys.stderr):  # quote marks and other scripts, whatever the locale can show
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        app()
    except AssistantError as error:
        _fail(error, _wants_json(sys.argv))
    except SystemExit as left:
        if left.code == Exit.INTERRUPTED:  # what typer makes of Ctrl-C
            note("Interrupted. What was stored is kept, and the next command finishes it.")
        raise

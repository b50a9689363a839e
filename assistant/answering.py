"""Asking: retrieve, let an engine write, check what it wrote, and give one typed answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from assistant import citations as checking
from assistant.accounts import Comparison, accounts_of, compare, disagreements_of, superseded, utterances_of
from assistant.cautions import cautions
from assistant.errors import LibraryError, ModelError, NoRewrite, QuestionError
from assistant.events import is_question
from assistant.evidence import Asked, weigh
from assistant.extractive import Draft, apart, compose
from assistant.findings import Decision
from assistant.keys import whole
from assistant.library import Library
from assistant.llm import Shown, Writer
from assistant.models import (
    Answer,
    Citation,
    Count,
    Engine,
    Filters,
    Kind,
    Notice,
    Sentence,
    Source,
    Turn,
)
from assistant.naming import name_of
from assistant.retrieval import Retrieved, retrieve
from assistant.ruling import MOST_READ, make_judge
from assistant.settings import MAX_QUESTION, Settings
from assistant.text import clean, content_key, digest, is_common, words

INTERRUPTED = "The model was stopped. What it had written in whole sentences is kept and was checked."
MODEL_DECLINED = "model_finds_no_answer"
SHORT = 10  # words of a question that may lean on the one before it
HISTORY = 4  # earlier turns that a follow-up question is read with

_REFERS_BACK = re.compile(
    r"^\W*(and|but|so|why|what about|how about|then)\b|\b(he|she|it|they|him|her|them|his|its|their)\b", re.I
)
_PERSON = re.compile(r"\b(he|she|him|her|his)\b", re.I)
_NAMES = re.compile(r"\b[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*")


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is being done, in words for the reader who waits; `counts` by outlet, where known."""

    text: str
    counts: tuple[Count, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of the model's answer as it arrives, not yet checked."""

    text: str


Listen = Callable[[Step | Text], None]


@dataclass(frozen=True, slots=True)
class _Asking:
    """What one question carries through the steps."""

    library: Library
    settings: Settings
    question: str
    filters: Filters
    listen: Listen
    stop: Callable[[], bool] | None


def ask(
    library: Library,
    question: str,
    *,
    settings: Settings | None = None,
    engine: Literal["auto", "extractive", "llm"] | None = None,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    on_event: Listen | None = None,
    stop: Callable[[], bool] | None = None,
) -> Answer:
    """Answers a question or a claim from the library.

    With the llm engine a failing endpoint gives the extractive answer with a notice. Raises
    QuestionError for a question that cannot be asked, LibraryError and EmbedderError.
    """
    settings = settings or library.settings
    chosen = _engine(settings, engine)
    asking = _Asking(
        library, settings, check_question(question), check_filters(filters), on_event or _ignore, stop
    )
    writer = Writer(settings) if chosen == "llm" else None
    notices: list[Notice] = []
    standing, writer = _standalone(asking, history[-HISTORY:], writer, notices)
    catalogue = library.catalogue
    scope = catalogue.in_scope(asking.filters)
    if not scope and not catalogue.in_scope(Filters()):
        raise LibraryError(
            "The library holds no articles yet. Add some with `news-assistant add PATH`, or on the "
            "Sources page."
        )
    notices += _undated(library, asking.filters)
    asking.listen(Step(f"Searching {scope} source{'s' if scope != 1 else ''}"))
    retrieved = retrieve(library, standing, asking.filters)
    asked = _worth_showing(weigh(retrieved, library.embedder), retrieved, settings)
    comparison = compare(
        asked,
        standing,
        kind=_kind(asking.question),
        judge=make_judge(settings, MOST_READ),
        embedder=library.embedder,
    )
    if retrieved.readings:
        asking.listen(Step(_read(asked), _counts(asked)))
    notices += retrieved.notices
    draft: Draft | None = None
    if writer and any(item.evidence for item in asked):
        asking.listen(Step(f"Asking the model {settings.model}"))
        draft = _written(asking, standing, comparison, writer, notices)
    used: Engine = "llm" if draft else chosen if not any(item.evidence for item in asked) else "extractive"
    return _answer(
        asking, draft or compose(comparison, library.catalogue.passages_of), comparison, used, notices
    )


def check_question(question: str) -> str:
    """The question without white space around it. Raises QuestionError."""
    text = clean(question).strip()
    if not words(text):
        why = "empty but for punctuation" if text else "empty"
        raise QuestionError(f"The question is {why}. Type a question or a claim in words.")
    if len(text) > MAX_QUESTION:
        raise QuestionError(
            f"The question is {len(text):,} characters long, and at most {MAX_QUESTION:,} can be asked. "
            "Ask about one claim at a time; a whole text can be added as an article."
        )
    return text


def check_filters(filters: Filters | None) -> Filters:
    """The filters, with their dates in order. Raises QuestionError."""
    given = filters or Filters()
    for day in (given.since, given.until):
        try:
            if day and date.fromisoformat(day).isoformat() != day:
                raise ValueError
        except ValueError:
            raise QuestionError(
                f"{day!r} is not a date. Write dates as YYYY-MM-DD, for example 2022-01-16."
            ) from None
    if given.since and given.until and given.since > given.until:
        raise QuestionError(f"No date is both after {given.since} and before {given.until}. Swap the two.")
    return given


def _engine(settings: Settings, engine: str | None) -> Engine:
    if engine in ("extractive", "llm"):
        return "llm" if engine == "llm" else "extractive"
    return settings.chosen_engine


def _ignore(_: Step | Text) -> None:
    return None


def _standalone(
    asking: _Asking, history: Sequence[Turn], writer: Writer | None, notices: list[Notice]
) -> tuple[str, Writer | None]:
    """The question as it reads without the conversation, with a notice of what it was read as.

    Gives no writer where the endpoint failed, so that nobody waits for it twice.
    """
    question = asking.question
    if not history:
        return question, writer
    read_as = _with_names(question, history)
    if writer:
        try:
            read_as = writer.rewrite(question, history, stop=asking.stop)
        except NoRewrite:
            pass  # the endpoint works; the question is read as it would be without a model
        except ModelError as error:
            notices.append(_failed(asking, error))
            writer = None
    if words(read_as) == words(question):
        return question, writer
    notices.append(Notice("read_as", f"Read in this conversation as: {read_as}"))
    return read_as[:MAX_QUESTION], writer


def _with_names(question: str, history: Sequence[Turn]) -> str:
    """A question that refers back, with the names of the last question that had any."""
    if len(words(question)) > SHORT or not _REFERS_BACK.search(question):
        return question
    for turn in reversed(history):
        names = [name for name in _NAMES.findall(turn.question) if not is_common(name)]
        if names:
            # "He" is one person, and a question names the person first.
            kept = names[:1] if _PERSON.search(question) else names
            new = [name for name in kept if name not in question]
            return f"{question} ({', '.join(new)})" if new else question
    return question


def _failed(asking: _Asking, error: ModelError) -> Notice:
    if asking.stop and asking.stop():
        return Notice("stopped", "The model was stopped; this answer quotes the sources without it.")
    return Notice("endpoint_failed", f"This answer was made without the model, which failed. {error}")


def _undated(library: Library, filters: Filters) -> list[Notice]:
    """A notice of the articles that a date filter leaves out only since nobody knows their date."""
    if not filters.since and not filters.until:
        return []
    count = library.catalogue.undated(Filters(filters.outlets))
    if not count:
        return []
    said = "1 article without a date was" if count == 1 else f"{count} articles without a date were"
    return [Notice("undated_left_out", f"{said} not asked, since the question is limited to dates.")]


def _read(asked: Sequence[Asked]) -> str:
    speaking = sum(bool(item.evidence) for item in asked)
    return (
        f"Read {len(asked)} source{'s' if len(asked) != 1 else ''}, {speaking} of which address the question"
    )


def _counts(asked: Sequence[Asked]) -> tuple[Count, ...]:
    """What was read, by outlet; those that address the question first."""
    outlets: dict[str, list[Asked]] = {}
    for item in asked:
        outlets.setdefault(name_of(item.reading.article), []).append(item)
    counts = [
        Count(
            outlet,
            len(items),
            sum(len(item.reading.hits) for item in items),
            sum(bool(item.evidence) for item in items),
        )
        for outlet, items in outlets.items()
    ]
    return tuple(sorted(counts, key=lambda count: -count.speaking))


def _worth_showing(asked: Sequence[Asked], retrieved: Retrieved, settings: Settings) -> tuple[Asked, ...]:
    """In a large library, silence counts for each outlet once, and not where it speaks elsewhere."""
    if retrieved.in_scope <= settings.small_library:
        return tuple(asked)
    speaking = [item for item in asked if item.evidence]
    heard = {item.reading.article.outlet for item in speaking}
    shown = list(speaking)
    for item in asked:
        outlet = item.reading.article.outlet
        if not item.evidence and outlet not in heard:
            heard.add(outlet)
            shown.append(item)
    return tuple(shown)


def _written(
    asking: _Asking, question: str, comparison: Comparison, writer: Writer, notices: list[Notice]
) -> Draft | None:
    """The model's answer, checked; None with a notice when the endpoint fails.

    It is shown one source of each origin, so that a text repeated fifty times is read once.
    """
    asked = comparison.asked
    shown = [
        Shown(content_key(hit.passage.article, hit.passage.start, hit.passage.end), source, hit.passage)
        for item in apart([item for item in asked if item.evidence], comparison.origins)[0]
        for source in [Source.of(item.reading.article)]
        for hit in item.reading.hits
    ]
    silent = [Source.of(item.reading.article) for item in asked if not item.evidence]
    try:
        text = writer.write(
            question, shown, silent=silent, on_text=lambda piece: asking.listen(Text(piece)), stop=asking.stop
        )
    except ModelError as error:
        text = whole(error.partial) if asking.stop and asking.stop() else ""
        notices.append(Notice("interrupted", INTERRUPTED) if text else _failed(asking, error))
        if not text:
            return None
    articles = {item.reading.article.id: item.reading.article for item in asked}
    passages = {item.key: item.passage for item in shown}
    checked = checking.check_draft(text, passages, articles, asking.library.catalogue.passages_of)
    if checked.sentences and all(checking.says_not_enough(item.text) for item in checked.sentences):
        return _declined(comparison)
    notices.extend(checked.notices)
    found = dict(checked.citations)
    return Draft(checked.sentences, accounts_of(comparison, found), found)


def _declined(comparison: Comparison) -> Draft:
    """The model sees no answer: what would have been quoted becomes the nearest passages."""
    citations: dict[str, Citation] = {}
    accounts = tuple(
        replace(account, stance="silent", voices=(), nearest=(*keys, *account.nearest))
        for account in accounts_of(comparison, citations)
        for keys in [[key for voice in account.voices for key in voice.citations]]
    )
    said = "There is not enough evidence: the model finds no answer in the passages that were read."
    return Draft((Sentence(said, (), "unchecked"),), accounts, citations)


def _answer(
    asking: _Asking, draft: Draft, comparison: Comparison, engine: Engine, notices: Sequence[Notice]
) -> Answer:
    asked = comparison.asked
    nothing = all(account.stance == "silent" for account in draft.accounts)
    declined = nothing and any(item.evidence for item in asked)
    decision = Decision("not_enough_evidence", MODEL_DECLINED) if declined else comparison.decision
    citations = draft.citations
    disagreements = () if nothing else disagreements_of(comparison, citations)
    utterances = () if nothing else utterances_of(comparison, citations, asking.library.catalogue.passages_of)
    keys = _used(draft)
    beside = [key for item in disagreements for side in item.sides for key in side.citations]
    beside += [key for item in utterances for key in item.renderings]
    told = () if nothing else superseded(comparison)
    return Answer(
        id=digest(asking.question, engine, *(item.text for item in draft.summary), *keys)[:12],
        question=asking.question,
        kind=_kind(asking.question),
        engine=engine,
        finding=decision.finding,
        rule=decision.rule,
        summary=draft.summary,
        accounts=draft.accounts,
        citations={key: citations[key] for key in dict.fromkeys([*keys, *beside])},
        sources={item.reading.article.id: Source.of(item.reading.article) for item in asked},
        notices=tuple(dict.fromkeys([*notices, *cautions(draft, keys, asked, told)])),
        disagreements=disagreements,
        utterances=utterances,
        origins=comparison.origins,
        filters=asking.filters,
    )


def _used(draft: Draft) -> list[str]:
    """Every key that the answer names, once, in the order of reading."""
    keys = [key for sentence in draft.summary for key in sentence.citations]
    for account in draft.accounts:
        keys += [key for voice in account.voices for key in voice.citations]
        keys += account.nearest
    return [key for key in dict.fromkeys(keys) if key in draft.citations]


def _kind(question: str) -> Kind:
    return "question" if is_question(question) else "claim"

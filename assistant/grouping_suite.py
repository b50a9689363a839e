"""The suite `grouping`: are two answers to one question put together where a person put them together."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from assistant.embedding import make_embedder
from assistant.models import Progress
from assistant.records import EvaluationError, Metrics, mean, records
from assistant.sameness import same_account
from assistant.settings import Settings


@dataclass(frozen=True, slots=True)
class Grouped:
    """A question with its answers, and for each answer the group that a person put it in.

    `spans`: how many of the answers are only the words that answer, as a person marked them.
    """

    question: str
    answers: tuple[str, ...]
    groups: tuple[str, ...]
    spans: int = 0

    @property
    def same(self) -> list[bool]:
        """For every pair of answers, in the order of `itertools.combinations`: are they in one group."""
        return [a == b for a, b in combinations(self.groups, 2)]


@dataclass(frozen=True, slots=True)
class Recalls:
    """Of one question: the share of the pairs that are the same, and of those that are not, which were
    called so; None where the question has no such pair."""

    same: float | None
    different: float | None

    @property
    def balanced(self) -> float:
        """The mean of the two, or the one that there is."""
        there = [recall for recall in (self.same, self.different) if recall is not None]
        return sum(there) / len(there)


def grouping(path: Path, settings: Settings, progress: Callable[[Progress], None]) -> Metrics:
    """Pairs of answers, called the same or different, against a person's groups.

    A line of `path` is {question, answers: [{text, group}]}, with two answers or more; a group is a text or
    a number. Where an answer has the field `answer` too, the words of its text that answer the question, they
    are compared in place of the text; `spans` counts them. Other fields are not read.

    For each question all pairs of its answers are judged; its balanced accuracy is the mean of two recalls,
    that on the pairs of one group and that on the pairs of two groups. balanced_accuracy is its mean over
    questions, each counting alike, however many answers it has. Where all answers of a question are in one
    group, or each is in its own, only one recall exists: such questions are counted in `one_class`, and
    stand in recall_same or recall_different, but not in balanced_accuracy, unless there are no others.
    recall_same and recall_different are means over the questions too. questions and pairs are counts;
    pairs_per_s is that of the judging alone.
    Raises EvaluationError, which names the line and the field, and EmbedderError.
    """
    cases = [_case(record, place) for place, record in records(path)]
    if not cases:
        raise EvaluationError(
            f"{path.name} holds no questions. Write one object with question and answers a line."
        )
    embedder = make_embedder(settings)
    embedder.embed(["warm"], "query")
    found: list[Recalls] = []
    start = time.perf_counter()
    for number, case in enumerate(cases, 1):
        given = [pair.same for pair in same_account(case.question, case.answers, embedder)]
        found.append(recalls(case.same, given))
        progress(Progress("grouping", number, len(cases)))
    seconds = time.perf_counter() - start
    pairs = sum(len(case.same) for case in cases)
    spans = sum(case.spans for case in cases)
    rate = round(pairs / max(seconds, 1e-9), 1)
    return metrics(found) | {"spans": spans, "pairs": pairs, "pairs_per_s": rate}


def recalls(gold: Sequence[bool], given: Sequence[bool]) -> Recalls:
    """What was called right of one question's pairs."""
    same = [was for is_same, was in zip(gold, given, strict=True) if is_same]
    different = [not was for is_same, was in zip(gold, given, strict=True) if not is_same]
    return Recalls(
        sum(same) / len(same) if same else None,
        sum(different) / len(different) if different else None,
    )


def metrics(found: Sequence[Recalls]) -> Metrics:
    """The metrics of `grouping` over its questions."""
    both = [item for item in found if item.same is not None and item.different is not None]
    return {
        "balanced_accuracy": mean([item.balanced for item in both or found]),
        "recall_same": mean([item.same for item in found if item.same is not None]),
        "recall_different": mean([item.different for item in found if item.different is not None]),
        "questions": len(found),
        "one_class": len(found) - len(both),
    }


def _case(record: Mapping[str, Any], place: str) -> Grouped:
    """The question that a line holds. Raises EvaluationError, which names the line and the field."""

    def wrong(name: str, wanted: str) -> EvaluationError:
        return EvaluationError(f"{place}: {name!r} is not {wanted}. Mend the line.")

    question, answers = record.get("question"), record.get("answers")
    if not isinstance(question, str) or not question.strip():
        raise wrong("question", "a text")
    if not isinstance(answers, list) or len(answers) < 2:
        raise wrong("answers", "a list of two objects or more")
    for number, answer in enumerate(answers, 1):
        if not isinstance(answer, dict) or not isinstance(answer.get("text"), str):
            raise wrong(f"answers {number} text", "a text")
        if not isinstance(answer.get("answer"), str | None):
            raise wrong(f"answers {number} answer", "a text, or left out")
        group = answer.get("group")
        if not isinstance(group, str | int) or isinstance(group, bool):
            raise wrong(f"answers {number} group", "a text or a number that names the group")
    return Grouped(
        question,
        tuple((answer.get("answer") or "").strip() or answer["text"] for answer in answers),
        tuple(str(answer["group"]) for answer in answers),
        sum(bool((answer.get("answer") or "").strip()) for answer in answers),
    )

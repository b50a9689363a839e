"""The contract of `ask --json`, schema 1, as a strict check: no key more, none less, no type bent.

check(json.loads(stdout))            # AssertionError names the place, such as $.accounts[2].stance
check(answer.as_json(), articles)    # and that each citation is its span of its article
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from assistant.models import Article

Rule = Callable[[Any, str], None]

STANCES = ("affirms", "denies", "mixed", "mentions", "silent")
FINDINGS = ("supported", "contradicted", "conflicting", "attributed_only", "not_enough_evidence")
STATUSES = ("verbatim", "verbatim_spacing", "elided", "altered", "stitched", "misattributed", "not_found")


def text(value: Any, at: str) -> None:
    assert type(value) is str, f"{at} is {value!r}, no string"


def filled(value: Any, at: str) -> None:
    text(value, at)
    assert value.strip(), f"{at} is empty"


def whole(value: Any, at: str) -> None:
    assert type(value) is int and value >= 0, f"{at} is {value!r}, no offset"


def day(value: Any, at: str) -> None:
    text(value, at)
    assert date.fromisoformat(value).isoformat() == value, f"{at} is {value!r}, no YYYY-MM-DD"


def language(value: Any, at: str) -> None:
    text(value, at)
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", value), f"{at} is {value!r}, no language tag"


def one_of(*values: Any) -> Rule:
    def rule(value: Any, at: str) -> None:
        assert value in values and type(value) in map(type, values), f"{at} is {value!r}, none of {values}"

    return rule


def null_or(inner: Rule) -> Rule:
    def rule(value: Any, at: str) -> None:
        if value is not None:
            inner(value, at)

    return rule


def listed(inner: Rule) -> Rule:
    def rule(value: Any, at: str) -> None:
        assert type(value) is list, f"{at} is {value!r}, no list"
        for index, item in enumerate(value):
            inner(item, f"{at}[{index}]")

    return rule


def keyed(inner: Rule) -> Rule:
    def rule(value: Any, at: str) -> None:
        assert type(value) is dict, f"{at} is {value!r}, no object"
        for key, item in value.items():
            filled(key, f"{at}'s key")
            inner(item, f"{at}.{key}")

    return rule


def having(**fields: Rule) -> Rule:
    def rule(value: Any, at: str) -> None:
        assert type(value) is dict, f"{at} is {value!r}, no object"
        assert set(value) == set(fields), f"{at} has {sorted(set(value) ^ set(fields))} too many or too few"
        for name, inner in fields.items():
            inner(value[name], f"{at}.{name}")

    return rule


NAMES = listed(filled)
SENTENCE = having(text=filled, citations=NAMES, check=one_of("proved", "unsupported", "unchecked"), why=text)
VOICE = having(speaker=null_or(filled), stance=one_of(*STANCES), citations=NAMES)
ACCOUNT = having(source=filled, stance=one_of(*STANCES), voices=listed(VOICE), nearest=NAMES)
SIDE = having(sources=NAMES, citations=NAMES)
DISAGREEMENT = having(about=filled, sides=listed(SIDE), rule=filled)
UTTERANCE = having(
    speaker=null_or(filled), renderings=NAMES, differences=listed(having(kind=filled, a=text, b=text))
)
CITATION = having(
    source=filled, passage=filled, start=whole, end=whole, quote=filled, status=one_of(*STATUSES)
)
SOURCE = having(outlet=text, title=filled, date=null_or(day), url=null_or(filled), language=language)
ANSWER = having(
    schema=one_of(1),
    id=filled,
    question=filled,
    kind=one_of("claim", "question"),
    engine=one_of("extractive", "llm"),
    finding=one_of(*FINDINGS, None),
    rule=text,
    summary=listed(SENTENCE),
    accounts=listed(ACCOUNT),
    disagreements=listed(DISAGREEMENT),
    utterances=listed(UTTERANCE),
    origins=listed(having(id=filled, sources=NAMES, why=filled)),
    citations=keyed(CITATION),
    sources=keyed(SOURCE),
    notices=listed(having(code=filled, text=filled, source=null_or(filled))),
)


def check(found: Any, articles: Mapping[str, Article] | None = None) -> None:
    """Raises AssertionError at the first place where `found` is not what the contract says."""
    answer = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8"))
    ANSWER(answer, "$")
    _refers_only_to_itself(answer)
    _makes_sense(answer)
    for key, citation in answer["citations"].items() if articles is not None else ():
        assert articles is not None
        span = articles[citation["source"]].text[citation["start"] : citation["end"]]
        assert span == citation["quote"], f"{key} is not its span of {citation['source']}"


def keys_of(answer: dict[str, Any]) -> list[str]:
    """Every citation key that an answer uses anywhere, in order, with repetitions."""
    keys = [key for sentence in answer["summary"] for key in sentence["citations"]]
    for account in answer["accounts"]:
        keys += [key for voice in account["voices"] for key in voice["citations"]] + account["nearest"]
    for item in answer["disagreements"]:
        keys += [key for side in item["sides"] for key in side["citations"]]
    return keys + [key for item in answer["utterances"] for key in item["renderings"]]


def _refers_only_to_itself(answer: dict[str, Any]) -> None:
    used = set(keys_of(answer))
    assert used == set(answer["citations"]), f"keys differ: {sorted(used ^ set(answer['citations']))}"
    named = [account["source"] for account in answer["accounts"]]
    assert len(named) == len(set(named)), "a source has two accounts"
    named += [citation["source"] for citation in answer["citations"].values()]
    named += [source for item in answer["origins"] for source in item["sources"]]
    named += [s for item in answer["disagreements"] for side in item["sides"] for s in side["sources"]]
    assert set(named) == set(answer["sources"]), f"sources differ: {set(named) ^ set(answer['sources'])}"


def _makes_sense(answer: dict[str, Any]) -> None:
    assert answer["summary"], "the answer says nothing"
    named = answer["finding"] is not None or answer["rule"] == "no_voice_takes_a_side"
    assert bool(answer["rule"]) == named, "a finding and its rule come together"
    for sentence in answer["summary"]:
        assert sentence["why"] or sentence["check"] != "unsupported", sentence
        assert not sentence["why"] or sentence["check"] != "proved", sentence
        assert len(sentence["citations"]) == len(set(sentence["citations"])), sentence
    for key, citation in answer["citations"].items():
        assert citation["end"] - citation["start"] == len(citation["quote"]) > 0, key
    for account in answer["accounts"]:
        own = [key for voice in account["voices"] for key in voice["citations"]] + account["nearest"]
        assert {answer["citations"][key]["source"] for key in own} <= {account["source"]}, account
        silent = account["stance"] == "silent"
        assert silent == (not account["voices"]), f"{account['source']} is silent, or it has voices"

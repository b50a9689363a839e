"""ClaimReview: schema.org's vocabulary and nothing else, no score, nothing invented."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from assistant.answering import INTERRUPTED, ask
from assistant.claimreview import claim_review, written
from assistant.collection import Collection
from assistant.errors import ExportError
from assistant.export import render
from assistant.library import Library
from assistant.models import Account, Notice, Source, Voice
from assistant.provenance import provenance
from assistant.saved import Overruling, Record
from tests import compared
from tests.answers import ARTICLES
from tests.pages import HOSTILE
from tests.recorded import ASKED, CLAIM, COMPARISON, CONVERSATION, JUDGED, OVERRULED, READER, TIDINGS_URL
from tests.vocabulary import problems

TIDINGS, COURANT, POST, MESSENGER, WEEKLY, GAZETTE = (each.id for each in compared.ARTICLES)
JUDGED_CLAIM = replace(
    CLAIM,
    overrulings=(
        Overruling("stance", WEEKLY, "silent", "affirms", "the caption says so", READER, JUDGED),
        Overruling("quotation", next(iter(CLAIM.answer.citations)), "verbatim", "altered", "", "", JUDGED),
        Overruling("sentence", "1", "proved", "unsupported", "", READER, JUDGED),
    ),
)


def test_the_judge_itself_finds_what_is_wrong() -> None:
    """The validator of these tests is no rubber stamp."""
    base = claim_review(CLAIM)
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"@type": "TruthReview"}, "no type"),
        ({"truthScore": 3}, "no property"),
        ({"recipeYield": "2"}, "not a property of"),
        ({"reviewRating": "false"}, "is none of"),
        ({"dateCreated": "yesterday"}, "is none of"),
        ({"itemReviewed": {"@type": "Claim", "appearance": {"@type": "Person", "name": "x"}}}, "a Person"),
        ({"author": "Somebody"}, "is none of"),
        ({"itemReviewed": {"@id": "#nowhere"}}, "nothing has the id"),
        ({"@context": "https://other.example"}, "context"),
    ]
    for change, said in wrong:
        assert any(said in fault for fault in problems({**base, **change})), change


def test_an_answer_that_was_stopped_says_so() -> None:
    stopped = replace(CLAIM.answer, notices=(Notice("interrupted", INTERRUPTED),))
    review = claim_review(replace(CLAIM, answer=stopped))
    assert review["creativeWorkStatus"] == f"Incomplete. {INTERRUPTED}" and not problems(review)
    assert "creativeWorkStatus" not in claim_review(CLAIM)


@pytest.mark.parametrize(
    "item", [CLAIM, JUDGED_CLAIM, COMPARISON, CONVERSATION], ids=["claim", "overruled", "comparison", "talk"]
)
def test_only_the_vocabulary_of_schema_org_is_used(item: Record | Collection) -> None:
    found = json.loads(render(item, "claimreview"))
    assert problems(found) == []


def test_a_real_answer_is_valid_too(example: Library) -> None:
    answer = ask(example, "NATO promised Russia not to expand eastwards.", engine="extractive")
    assert answer.kind == "claim"
    found = claim_review(Record(answer, ASKED, provenance(example, answer)))
    assert problems(found) == []
    texts = {key: example.article(key).text for key in answer.sources}
    for item in found["citation"]:
        assert any(
            item["text"] == " ".join(texts[each.source][each.start : each.end].split())
            for each in answer.citations.values()
        )


def test_the_finding_is_a_word_and_never_a_number() -> None:
    found = claim_review(CLAIM)
    assert found["claimReviewed"] == compared.CLAIM == found["itemReviewed"]["text"]
    rating = found["reviewRating"]
    assert rating["alternateName"] == "Sources contradict each other"
    assert "Rule: own voices differ" in rating["ratingExplanation"]
    assert "Denies: The Ellmar Courant" in rating["ratingExplanation"]
    text = written(JUDGED_CLAIM)
    for member in ("ratingValue", "bestRating", "worstRating"):
        assert member not in text


def test_articles_say_what_is_known_of_them_and_nothing_else() -> None:
    claim = claim_review(CLAIM)["itemReviewed"]
    first = claim["appearance"][0]
    assert first["@type"] == "NewsArticle" and first["url"] == TIDINGS_URL
    assert first["publisher"] == {"@type": "Organization", "name": "The Port Sabel Tidings"}
    assert first["datePublished"] == "2023-10-10" and first["creditText"] == "A. Writer"
    assert first["identifier"]["value"] == CLAIM.provenance.sources[TIDINGS].sha256
    appearing = [each["@id"].removeprefix("#source-") for each in claim["appearance"]]
    assert appearing == [TIDINGS, POST, MESSENGER, GAZETTE], "those that affirm it, not those that deny it"
    assert "firstAppearance" not in claim, "one of them has no date, so nobody knows which was first"
    assert "author" not in claim, "outlets say so themselves"
    for unknown in ("author", "url", "datePublished", "publisher"):
        assert unknown not in claim_review(CLAIM), "the publisher of the review has to say it"


def changed(**sources: Any) -> Record:
    answer = CLAIM.answer
    dated = {key: replace(each, **sources) for key, each in answer.sources.items() if key == GAZETTE}
    return replace(CLAIM, answer=replace(answer, sources={**answer.sources, **dated}))


def test_the_first_appearance_is_told_where_it_is_known() -> None:
    first = claim_review(changed(date="2023-10-08"))["itemReviewed"]["firstAppearance"]
    assert first["@id"] == f"#source-{GAZETTE}" and first["headline"] and "identifier" not in first, (
        "in brief"
    )
    tied = claim_review(changed(date="2023-10-10"))["itemReviewed"]
    assert "firstAppearance" not in tied


def test_a_source_that_is_no_news_article_for_all_we_know_is_an_article() -> None:
    found = claim_review(changed(outlet=None, title="Leaflet", url="javascript:alert(1)"))
    node = found["itemReviewed"]["appearance"][-1]
    assert node["@type"] == "Article" and "publisher" not in node and "url" not in node
    assert problems(found) == []


def test_a_speaker_is_a_person_where_the_article_shows_one() -> None:
    answer = replace(OVERRULED.answer, kind="claim", finding="attributed_only")
    found = claim_review(replace(OVERRULED, answer=answer))
    ada = [each for each in found["citation"] if "pier was not safe" in each["text"]]
    assert ada[0]["spokenByCharacter"] == {"@type": "Person", "name": "Ada Torvane"}, "“the harbour master”"
    operator = [each for each in claim_review(CLAIM)["citation"] if "Nobody was" in each["text"]]
    assert operator[0]["creditText"] == "the operator" and "spokenByCharacter" not in operator[0]


def test_who_claims_it_is_told_where_only_one_quoted_party_does() -> None:
    answer = OVERRULED.answer
    key = answer.summary[1].citations[0]
    accounts = (Account(ARTICLES[0].id, "affirms", (Voice("Ada Torvane", "affirms", (key,)),)),)
    alone = replace(answer, kind="claim", finding="attributed_only", accounts=accounts)
    claim = claim_review(replace(OVERRULED, answer=alone))["itemReviewed"]
    assert claim["author"] == {"@type": "Person", "name": "Ada Torvane"}
    both = (*accounts, Account(ARTICLES[1].id, "affirms", (Voice("Brandt Oyen", "affirms", (key,)),)))
    claim = claim_review(replace(OVERRULED, answer=replace(alone, accounts=both)))["itemReviewed"]
    assert "author" not in claim


def test_what_is_not_proved_and_what_was_rejected_is_told() -> None:
    answer = replace(OVERRULED.answer, kind="claim", finding="not_enough_evidence")
    body = claim_review(replace(OVERRULED, answer=answer))["reviewBody"]
    assert (
        "Unsupported (modality differs)" in body and "[not in the source: the answer had ‘dark day’" in body
    )
    rejected = claim_review(CLAIM)["mentions"]
    assert [each["text"] for each in rejected] == [compared.WEEKLY.strip()]
    assert rejected[0]["description"].startswith("Read and not used.")


def test_a_reader_who_overrules_speaks_in_comments() -> None:
    found = claim_review(JUDGED_CLAIM)
    plain = claim_review(CLAIM)
    comments = found.pop("comment")
    assert found == plain, "what the assistant found is unchanged"
    assert comments[0]["author"] == {"@type": "Person", "name": READER}
    assert comments[0]["about"] == {"@id": f"#source-{WEEKLY}"} and comments[0]["dateCreated"] == JUDGED
    assert "Affirms instead of Silent, because “the caption says so”" in comments[0]["text"]
    assert "author" not in comments[1], "nobody signed it"


def test_an_open_question_is_no_claim() -> None:
    with pytest.raises(ExportError, match=r"open question.*Ask for what"):
        claim_review(OVERRULED)
    with pytest.raises(ExportError, match="holds no answer about a claim"):
        claim_review(Collection.comparison("Two", [OVERRULED, OVERRULED]))
    assert [each["claimReviewed"] for each in claim_review(CONVERSATION)["@graph"]] == [compared.CLAIM]


def test_it_can_stand_in_a_page_whatever_an_article_says() -> None:
    text = f"</script><script>alert(1)</script><!-- {HOSTILE}"
    sources = {key: Source(key, text, text, None, text, text) for key in CLAIM.answer.sources}
    record = replace(CLAIM, answer=replace(CLAIM.answer, question=text, sources=sources))
    block = render(record, "claimreview")
    assert not re.search("[<>&]", block)
    assert json.loads(block)["claimReviewed"] == text

    class Tags(HTMLParser):
        found: list[str] = []  # noqa: RUF012

        def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002
            self.found.append(tag)

    Tags().feed(f'<script type="application/ld+json">{block}</script><p>')
    assert Tags.found == ["script", "p"]

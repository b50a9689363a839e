"""What rests on the report of another outlet is found, and what only mentions one is not."""

from __future__ import annotations

import pytest

from assistant.models import Article
from assistant.reliance import Reliance, reliances
from assistant.settings import Settings
from tests.conftest import CORPUS
from tests.stocking import articles


def article(key: str, text: str, outlet: str) -> Article:
    return Article(key, "A title", text, outlet=outlet)


def rests(text: str, *others: Article, outlet: str = "The Inland Voice") -> list[tuple[str, str]]:
    found = reliances([article("x", text, outlet=outlet), *others])
    return [(item.outlet, text[item.start : item.end]) for item in found if item.article == "x"]


@pytest.mark.parametrize(
    ("sentence", "outlet"),
    [
        ("The Washington Post reported on Thursday that he left.", "Washington Post"),
        ("He left, according to the Washington Post.", "Washington Post"),
        ("He left, according to the state-run Russian news agency TASS.", "TASS"),
        ("Citing Reuters, the ministry said that he left.", "Reuters"),
        ("As reported by The New York Times, he left.", "New York Times"),
        ("The letter, obtained by The Associated Press, says so.", "The Associated Press"),
        ("CNN's Jake Tapper reported that he left.", "CNN"),
        ("RIA quotes Peskov as saying that he left.", "RIA Novosti"),
        ("«He left» — he said (quote from RIA Novosti).", "RIA Novosti"),
        ("The Springfield Gazette first reported the deal.", "Springfield Gazette"),
        ("Wie Reuters berichtete, ist er weg.", "Reuters"),
        ("Er ist weg, meldet die Agentur unter Berufung auf Reuters.", "Reuters"),
        ("Selon l'agence TASS, il est parti.", "TASS"),
        ("Il est parti, a rapporté l'AFP.", "Agence France-Presse"),
        ("Se fue, según informó Reuters.", "Reuters"),
        ("Он ушел, сообщает РИА Новости.", "RIA Novosti"),
        ("Он ушел, пишет газета со ссылкой на «Интерфакс».", "Interfax"),
        ("Він пішов, повідомляє видання з посиланням на Reuters.", "Reuters"),
        ("За даними Укрінформу, він пішов.", "Ukrinform"),
    ],
)
def test_a_sentence_that_cites_an_outlet_rests_on_it(sentence: str, outlet: str) -> None:
    assert rests(sentence) == [(outlet, sentence)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Peskov told CNN that he left.",
        "In an interview with Fox News, he said that he left.",
        "Песков рассказал РИА Новости, что ушел.",
        "Об этом сообщил ТАСС источник.",
        "Trump denied a New York Times report that he left.",
        "According to a CNN poll, he leads.",
        "“According to the New York Times, he left,” she said.",
        "Fox News said it had fired him.",
        "“I left,” Mr. Bloomberg said.",
        "The paper was printed in the American Journal of Sociology, he said.",
        "The newspaper reported that he left.",
        "Laut Polizei ist er weg.",
    ],
)
def test_what_is_no_report_of_another_outlet_rests_on_none(sentence: str) -> None:
    assert rests(sentence) == []


def test_an_outlet_never_rests_on_itself() -> None:
    text = "The Courant reported on Monday that he left. The Ellmar Courant has seen the letter."
    assert rests(text, outlet="The Ellmar Courant") == []


def test_a_report_carries_on_in_its_paragraph_and_a_quotation_does_not() -> None:
    report = "Reuters reported that he left. He took a bag. A spokesman declined to comment.\n\nIt rained."
    assert rests(report) == [("Reuters", "Reuters reported that he left. He took a bag.")]
    assert rests("RIA quotes Peskov as saying so. He was wrong.") == [
        ("RIA Novosti", "RIA quotes Peskov as saying so.")
    ]
    assert rests("Reuters reported that he left.\n\nThe agency said that he took a bag.\n\nIt rained.") == [
        ("Reuters", "Reuters reported that he left."), ("Reuters", "The agency said that he took a bag."),
    ]  # fmt: skip


def test_a_short_name_counts_where_one_outlet_can_be_meant() -> None:
    text = "The Post reported that he left."
    quayside, evening = (
        article("q", "A text.", outlet="Quayside Post"),
        article("e", "Another.", outlet="Evening Post"),
    )
    assert rests(text, quayside) == [("Quayside Post", text)]
    assert rests(text, quayside, evening) == []
    assert rests(text) == []
    named = "The Washington Post said so. The Post reported that he left."
    assert rests(named, quayside, evening)[0][0] == "Washington Post"


def test_the_planted_citing_chain_and_the_planted_quotation_are_found(settings: Settings) -> None:
    given = articles(CORPUS / "harbour", CORPUS / "interview", settings=settings)
    by_id = {item.id: item for item in given}

    def told(item: Reliance) -> tuple[str, str, str | None]:
        source = by_id[item.source].label if item.source else None
        return by_id[item.article].label.partition(" (")[0], item.outlet, source

    assert {told(item) for item in reliances(given)} == {
        ("The Ellmar Courant", "Der Quillbote", "Der Quillbote"),
        ("Restated account A", "RIA Novosti", None),
    }

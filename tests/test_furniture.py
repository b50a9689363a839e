"""Page furniture: what is left out of passages, and what must never be."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.furniture import is_furniture
from tests.loaded import refusal

FURNITURE = """
2 min read | ·2 min read | 3-minute read | Leave a Reply | Leave a comment | Comments (12) | 12 comments
Share | Share on Facebook | Tweet | Email | Print | Share this:
Click to share on Twitter (Opens in new window) | Advertisement | ADVERTISEMENT
Sign up for our newsletter | Subscribe | Subscribe now | Read more | READ MORE: Talks fail again
Related articles | Recommended | Follow us on Twitter | All rights reserved
© 2022 The Courier. All rights reserved. | Copyright 2021 Example Media
This website uses cookies to ensure you get the best experience. | Skip to main content | Back to top
Photo: John Doe/AP | Getty Images | (AP Photo/Jane Roe) | Facebook Twitter WhatsApp Email | ___ | * * *
Lesezeit: 3 Minuten | Teilen | Anzeige | Alle Rechte vorbehalten | Auf Facebook teilen | Mehr zum Thema
Compartir en Facebook | Publicidad | Leer más | Partager sur Twitter | Lire aussi : la crise
Tous droits réservés | Поделиться | Реклама | Читайте также | Оставить комментарий | Все права защищены
Поділитися | Читайте також: новини дня | Залишити коментар | Час читання: 2 хв | Follow @courier
7 years ago | Loading...
"""
PROSE = """
Share prices fell on Monday. | Print sales rose. | Subscribe or not, readers stay. | Email is dead.
Share of Russian gas falls to 9% | Print media lose readers | Read more books, she told them.
Photo shows troops near the border | Comments made by Putin alarm Kyiv | Follow the money, he said.
Copyright reform divides Brussels | No comment from the Kremlin | Sign up to Nato would take years
Advertisement spending fell | “Subscribe to our view or leave,” he said. | Tweet by Trump stuns allies
We baked cookies for the troops, she said. | Related talks in Geneva failed | Image of the war changes
Kommentare aus Moskau empören Kiew | Реклама алкоголя запрещена | Поделиться властью он не готов.
Teilen will sie die Macht nicht. | Recommended sentence was 9 years | Get your troops out, he told Putin.
2 min after the blast, calm | Reuters reported the attack first | Share Putin's view? Never
"""


@pytest.mark.parametrize("line", re.split(r" \| |\n", FURNITURE.strip()))
def test_furniture_is_known(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize("line", re.split(r" \| |\n", PROSE.strip()))
def test_prose_that_begins_like_furniture_is_kept(line: str) -> None:
    assert not is_furniture(line)


START = "Share Print Email Subscribe Comments Photo Image Read Follow Related Recommended Watch More"
OPENERS = st.sampled_from(re.findall(r"\w+", START))
WORDS = st.sampled_from(re.findall(r"\w+", "prices talks fell the of in Moscow on newsletter Monday Twitter"))


@given(OPENERS, st.lists(WORDS, min_size=1, max_size=9), st.sampled_from(["fell", "said so", "were denied"]))
def test_a_sentence_with_a_verb_and_a_full_stop_is_never_furniture(
    opener: str, words: list[str], verb: str
) -> None:
    assert not is_furniture(f"{opener} {' '.join(words)} {verb}.")


@given(OPENERS, st.lists(WORDS, min_size=20, max_size=40))
def test_a_long_line_is_never_furniture(opener: str, words: list[str]) -> None:
    line = f"{opener} {' '.join(words)}"
    assert len(line) > 80
    assert not is_furniture(line)


def test_a_text_of_nothing_but_furniture_is_refused() -> None:
    assert "furniture" in refusal("a.txt", "Share\nTweet\n\n2 min read\nLeave a Reply\n").why

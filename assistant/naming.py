"""What sources are called in running prose."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from assistant.models import Article
from assistant.text import long_date

TITLE = 50  # characters of a headline that stands for an outlet


def names_of(articles: Sequence[Article]) -> dict[str, str]:
    """What each source is called in running prose, by id; the date tells two articles of one outlet apart."""
    several = {
        outlet for outlet, count in Counter(a.outlet for a in articles).items() if outlet and count > 1
    }
    return {
        article.id: f"{article.outlet} of {long_date(article.date)}"
        if article.outlet in several and article.date
        else name_of(article)
        for article in articles
    }


def name_of(article: Article) -> str:
    """A source's outlet, else its headline, cut short, in single quote marks."""
    if article.outlet:
        return article.outlet
    title = article.title if len(article.title) <= TITLE else article.title[:TITLE].rsplit(" ", 1)[0] + " …"
    return f"‘{title}’"


def listed(names: Sequence[str]) -> str:
    """Names as a list in prose, each once."""
    unique = list(dict.fromkeys(names))
    return unique[0] if len(unique) == 1 else f"{', '.join(unique[:-1])} and {unique[-1]}"


def capital(text: str) -> str:
    """`text` as it begins a sentence."""
    return text[:1].upper() + text[1:]

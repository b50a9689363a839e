"""What the markup of a page says of itself, apart from its article: whether it is free, and to whom.

Read in the child process of `parsing` only.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from assistant.documents import described

_SEEN = 12_000  # characters of the page that are looked at
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True, slots=True)
class Signs:
    """What the markup of a page says, apart from its article."""

    title: str = ""
    free: bool | None = None
    """schema.org's isAccessibleForFree."""
    tier: str = ""
    """article:content_tier: free, metered or locked."""
    behind: int | None = None
    """Characters in the parts that are marked as not free, None where none are marked."""
    stated: int | None = None
    """Words of the article by the page's own count."""
    article: bool = False
    """Whether the page says that it is an article, or marks one part of it as one."""
    login: bool = False
    paywall: bool = False
    robot: bool = False
    text: str = ""
    """The start of what is to be seen, up to a few thousand characters."""
    feeds: tuple[str, ...] = ()

    @classmethod
    def of(cls, fields: dict[str, Any]) -> Signs:
        """The signs that came through the pipe as JSON."""
        return cls(**{**fields, "feeds": tuple(fields["feeds"])})


_MARKUP = re.compile(
    r"paywall|regwall|registration-?wall|subscriber-?only|subscription-required|leaky-?paywall|poool|piano-"
    r"|tp-(?:modal|container-inner)|pelcro|zephr|premium-?(?:wall|lock|teaser)|meteredContent|article-?gate",
    re.IGNORECASE,
)
_ROBOT = re.compile(
    r"challenges\.cloudflare\.com|/cdn-cgi/challenge-platform|cf[-_]chl|_Incapsula_Resource|px-captcha"
    r"|captcha-delivery\.com|hcaptcha\.com|/recaptcha/|awswaf|ddos-guard",
    re.IGNORECASE,
)
_FEED_TYPE = re.compile(r"application/(?:rss|atom|rdf)\+xml", re.IGNORECASE)


def read_signs(data: bytes, name: str) -> Signs:  # noqa: ARG001 - as every reader of `parsing`
    """The signs of a page in UTF-8. Method: lxml, and schema.org's and OpenGraph's words."""
    from lxml import etree  # type: ignore[import-untyped]
    from lxml.html import HTMLParser, document_fromstring  # type: ignore[import-untyped]

    with suppress(etree.ParserError, ValueError):
        return _signs(document_fromstring(data, parser=HTMLParser(encoding="utf-8")))
    return Signs()


def _signs(tree: Any) -> Signs:
    metas = {
        (element.get("property") or element.get("name") or "").lower(): element.get("content") or ""
        for element in tree.iter("meta")
    }
    facts = next(described(tree), {})
    one = len(tree.xpath("//article")) == 1
    sources = " ".join(tree.xpath("//script/@src | //iframe/@src | //form/@action | //div/@id"))
    classes = " ".join(tree.xpath("//*/@class | //*/@id"))
    for element in tree.xpath("//script | //style | //noscript | //template"):
        element.drop_tree()
    body = tree.find("body")
    return Signs(
        title=" ".join((tree.findtext(".//title") or "").split())[:300],
        free=_truth(facts.get("isAccessibleForFree")),
        tier=metas.get("article:content_tier", "").strip().lower(),
        behind=_behind(tree, facts),
        stated=_number(facts.get("wordCount")),
        article=bool(facts) or metas.get("og:type", "").lower() == "article" or one,
        login=bool(tree.xpath("//input[@type='password']")),
        paywall=_MARKUP.search(classes) is not None,
        robot=_ROBOT.search(sources) is not None,
        text=" ".join((body if body is not None else tree).text_content().split())[:_SEEN],
        feeds=tuple(
            str(link.get("href"))
            for link in tree.xpath("//link[@rel='alternate'][@href]")
            if _FEED_TYPE.match(link.get("type") or "")
        )[:5],
    )


def _truth(value: object) -> bool | None:
    """A truth value as sites write it: true, "False", "http://schema.org/False"."""
    word = str(value).rsplit("/", 1)[-1].lower()
    return {"true": True, "false": False}.get(word)


def _number(value: object) -> int | None:
    return int(value) if isinstance(value, int | str) and re.fullmatch(r"\d{1,6}", str(value)) else None


def _behind(tree: Any, facts: dict[str, Any]) -> int | None:
    """How much text stands in the parts that JSON-LD marks as not free (hasPart, cssSelector)."""
    parts = facts.get("hasPart")
    found = None
    for part in (parts if isinstance(parts, list) else [parts])[:10]:
        if not isinstance(part, dict) or _truth(part.get("isAccessibleForFree")) is not False:
            continue
        # Only what is usual: one class or one id.
        mark = re.fullmatch(r"\s*([.#])([\w-]+)\s*", str(part.get("cssSelector")))
        if mark:
            at = "class" if mark[1] == "." else "id"
            path = f"//*[contains(concat(' ', normalize-space(@{at}), ' '), ' {mark[2]} ')]"
            sizes = [size(element.text_content()) for element in tree.xpath(path)]
            found = max([found or 0, *sizes]) if sizes else found
    return found


def size(text: str) -> int:
    """Characters, where one of a script without spaces counts as three."""
    return len(" ".join(text.split())) + 2 * len(_CJK.findall(text))

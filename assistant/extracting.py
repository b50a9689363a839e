"""The body of a web page: the paragraphs that a reader calls the article, without what surrounds them.

For the child process of `parsing` only. Method: trafilatura twice, in the mode that prefers precision and in
its default mode, which finds leads that the first leaves out but takes menus for text. Of the default's lines
those are added that are prose: no link and no heading, as long as a sentence. Where the first finds nothing,
the body is what the page's data for search engines states, else its blocks of prose. Measured on
`tests/layouts.py` (mean F1 of 31 layouts; of 7 pages without a story, those taken for one): precision alone
.933 and 4, default .984 and 7, this .999 and 0.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Sequence
from typing import Any

_LEAST_PROSE = 40  # letters in sentences that a page must have to be an article
_LEAST_LINE = 60  # letters of a line that may be added
_MOST_TWICE = 1_000_000  # characters of a page that is worth reading twice
_MOST_BOX = 1_500  # characters of a box for consent
_STOP = re.compile(r"[.!?…。！？؟।][\"'”’»）)\]]*$")
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_BOX = re.compile(r"cookie|consent|gdpr|onetrust|didomi", re.IGNORECASE)
_BLOCKS = ("p", "figcaption", "dd", "li", "blockquote", "pre", "td")
_OUTSIDE = ("nav", "footer", "aside", "form")
_FRAMES = ("html", "body", "main", "article", "head")


def body_of(tree: Any, size: int) -> str | None:
    """The paragraphs of a page, an empty line between two; None where there is no article.

    `size` is the length of the page in characters. The tree is used up.
    """
    stated = _stated_body(tree)
    _prune(tree)
    links = _links(tree)
    blocks = _blocks(tree, links)
    rest = copy.deepcopy(tree) if size <= _MOST_TWICE else None
    found = _lines(tree, favor_precision=True)
    # trafilatura looks there too, and gives all of it as one line.
    if stated and sum(map(len, found)) < (0.5 if len(found) > 1 else 1.1) * sum(map(len, stated)):
        return "\n\n".join(stated)
    if _prose(found, links) < _LEAST_PROSE:
        found = blocks
    if found and rest is not None:
        found = _with_prose(found, _lines(rest, favor_precision=False), links)
    return "\n\n".join(found) if _prose(found, links) >= _LEAST_PROSE else None


def _lines(tree: Any, favor_precision: bool) -> list[str]:
    """What trafilatura finds in one mode."""
    import trafilatura

    found = trafilatura.bare_extraction(tree, favor_precision=favor_precision, include_comments=False)
    lines = (getattr(found, "text", None) or "").split("\n")
    return [line.strip() for line in lines if line.strip()]


def _blocks(tree: Any, links: frozenset[str]) -> list[str]:
    """The prose of a page that is laid out as nobody expects: its innermost blocks outside of boxes."""
    taken = []
    for element in tree.iter(*_BLOCKS):
        inner = next(element.iterdescendants(*_BLOCKS), None) is not None
        if not inner and next(element.iterancestors(*_OUTSIDE), None) is None:
            line = " ".join(element.text_content().split())
            taken += [line] if _is_prose(line, links) else []
    return list(dict.fromkeys(taken))


def _prune(tree: Any) -> None:
    """Takes out what is hidden from the page's readers, and boxes that ask for consent.

    Hidden words may be orders to programs that read pages. Where nearly all is hidden, a script shows it.
    """
    size = len(tree.text_content())
    for element in [element for element in tree.iter() if _is_hidden(element)]:
        if element.tag not in _FRAMES and len(element.text_content()) < 0.8 * size:
            _drop(element)
    for element in [element for element in tree.iter("div", "section", "aside") if _is_box(element)]:
        if len(element.text_content()) <= _MOST_BOX:
            _drop(element)


def _is_hidden(element: Any) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or (
        style is not None and "display:none" in style.replace(" ", "").lower()
    )


def _is_box(element: Any) -> bool:
    """Whether an element asks for consent: it is named so, has something to press, and holds no article."""
    if not _BOX.search(f"{element.get('id', '')} {element.get('class', '')}"):
        return False
    pressed = next(element.iterdescendants("button", "input"), None) is not None
    return pressed and next(element.iterdescendants("article", "main", "h1"), None) is None


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _links(tree: Any) -> frozenset[str]:
    """The words of every link."""
    return frozenset(" ".join(link.text_content().split()) for link in tree.iter("a"))


def _with_prose(found: Sequence[str], wider: Sequence[str], links: frozenset[str]) -> list[str]:
    """The lines of `found`, and those of `wider` that are prose and stand before the last of them.

    Behind it stand comments and other stories; they are taken only where `found` is the smaller part.
    """
    known = set(found)
    again = list(found[:5])  # a line with these in it is the whole text in one
    more = [
        line not in known and _is_prose(line, links) and not any(part in line for part in again)
        for line in wider
    ]
    last = max((place for place, line in enumerate(wider) if line in known), default=-1)
    behind = sum(len(line) for line, new in zip(wider[last + 1 :], more[last + 1 :], strict=True) if new)
    end = len(wider) if behind > sum(map(len, found)) else last + 1
    if not any(more[:end]):
        return list(found)
    taken = (line for place, line in enumerate(wider[:end]) if line in known or more[place])
    return list(dict.fromkeys(taken))


def _is_prose(line: str, links: frozenset[str]) -> bool:
    core = line.removeprefix("- ")
    return core not in links and _letters(core) >= _LEAST_LINE and bool(_STOP.search(core))


def _prose(lines: Sequence[str], links: frozenset[str]) -> int:
    """The letters of the lines that are sentences."""
    cores = (line.removeprefix("- ") for line in lines)
    return sum(
        _letters(core) for core in cores if core not in links and (_STOP.search(core) or len(core) > 80)
    )


def _letters(line: str) -> int:
    """Letters; a Chinese, Japanese or Korean character stands for three."""
    return sum(map(str.isalpha, line)) + 2 * len(_DENSE.findall(line))


def _stated_body(tree: Any) -> list[str]:
    """The paragraphs that the page's data for search engines states."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            todo = [json.loads(script, strict=False)]
        except (ValueError, RecursionError):
            continue
        while todo:
            item = todo.pop(0)
            if isinstance(item, list):
                todo.extend(item)
            elif isinstance(item, dict):
                if isinstance(text := item.get("articleBody"), str):
                    return [
                        line.strip() for line in re.sub(r"<[^<>]*>", "\n", text).split("\n") if line.strip()
                    ]
                todo.extend(value for key, value in item.items() if key in ("@graph", "mainEntity"))
    return []

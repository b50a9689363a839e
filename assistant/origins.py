"""Sources that go back to one report: near-duplicates, reprints of a wire story, and chains of citing.

One report repeated fifty times counts once. Three causes join articles:

- the same text: white space, case, punctuation, page furniture, the headline and credit lines do not count;
- one agency's report: both articles credit the agency, and a good part of the shorter one's own prose is in
  the other, quotations left out, since two reporters at one press conference quote the same words;
- reliance: all that an answer uses of an article rests on what another outlet reported.

Method: shingles of five words (Broder 1997, "On the resemblance and containment of documents"), candidates by
a bottom-k sketch, then the exact share of common shingles; groups are the connected components. Own code and
not datasketch: its MinHashLSH brings scipy for an estimate of what numpy counts exactly here, and a MinHash
estimates resemblance, while an outlet that cut a wire story shows only by containment.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from assistant.credits import UNNAMED, credit_lines, credited
from assistant.marks import quoted
from assistant.models import Article, Origin, Span
from assistant.outlets import key_of
from assistant.reliance import Reliance, reliances
from assistant.shingles import SHARED, SHINGLE, Print, fingerprint, overlap, print_of
from assistant.text import digest

ALONE = "no other source that was read has this text"
REPRINTED = (
    0.25  # of the shorter text's shingles, where both credit one agency; independent reports: under .1
)
_LEAST = 25  # shingles that a text must have to be called a reprint


@dataclass(frozen=True, slots=True)
class _Link:
    """Two articles of one origin. `cause` is what links are put together by to be told in one clause."""

    a: str
    b: str
    cause: str
    share: float = 1.0


def copies(articles: Sequence[Article]) -> tuple[Origin, ...]:
    """Articles grouped by their text; each is in exactly one origin, in the order of first appearance.

    `why` is `ALONE` for an article that has no copy. The id depends on the members, not on their order.
    """
    known = {article.id: article for article in articles}
    return _origins(known, _copied(known))


def origins_of(
    articles: Sequence[Article], spans: Mapping[str, Sequence[Span]] | None = None
) -> tuple[Origin, ...]:
    """Articles grouped by the report that they go back to; each is in exactly one origin.

    `spans`: what is used of each article, by article id; an article that uses only passages which rest on
    another outlet's report joins that outlet's article, or those that rest on the same outlet. Without
    `spans` only copies and reprints join. Order and ids are as in `copies`; `why` has a clause for each
    cause, joined by "; ".
    """
    known = {article.id: article for article in articles}
    links = [*_copied(known), *_reprinted(known)]
    if spans:
        links += _relying(known, spans)
    return _origins(known, links)


def _origins(known: Mapping[str, Article], links: Sequence[_Link]) -> tuple[Origin, ...]:
    groups = _components(known, links)
    return tuple(
        Origin("o" + digest(*sorted(group))[:7], tuple(group), _why(group, known, links)) for group in groups
    )


def _components(keys: Iterable[str], links: Sequence[_Link]) -> list[list[str]]:
    """Connected components, each in the order of `keys`."""
    root = {key: key for key in keys}
    for link in links:
        root[_find(root, link.a)] = _find(root, link.b)
    groups: dict[str, list[str]] = defaultdict(list)
    for key in root:
        groups[_find(root, key)].append(key)
    return list(groups.values())


def _find(root: dict[str, str], key: str) -> str:
    while root[key] != key:
        root[key] = root[root[key]]
        key = root[key]
    return key


def _copied(known: Mapping[str, Article]) -> list[_Link]:
    """Near-duplicates, two by two; two that others join already are not compared."""
    prints = {key: print_of(article) for key, article in known.items()}
    buckets: dict[int, list[str]] = defaultdict(list)
    for key in sorted(prints):
        for number in prints[key].sketch:
            buckets[number].append(key)
    pairs = {pair for bucket in buckets.values() if len(bucket) > 1 for pair in combinations(bucket, 2)}
    root = {key: key for key in prints}
    links = []
    for a, b in sorted(pairs):
        if _find(root, a) != _find(root, b) and (share := overlap(prints[a], prints[b])) >= SHARED:
            root[_find(root, a)] = _find(root, b)
            links.append(_Link(a, b, "copy", share))
    return links


def _reprinted(known: Mapping[str, Article]) -> list[_Link]:
    """Every two articles of different outlets that credit one agency and share much of their own prose."""
    credits_of = {key: named for key in sorted(known) if (named := credited(known[key]))}
    links = []
    for a, b in combinations(credits_of, 2):
        one, other = known[a], known[b]
        if one.outlet and other.outlet and key_of(one.outlet) == key_of(other.outlet):
            continue  # what two pages of one site share is mostly their furniture
        same = [(x, y) for x in credits_of[a] for y in credits_of[b] if x.same(y)]
        if not same:
            continue
        share = _contained(_narrative(one), _narrative(other))
        if share >= REPRINTED:
            names = {credit.name for pair in same for credit in pair}
            agency = max(names, key=lambda name: (name != UNNAMED, len(name), name))
            links.append(_Link(a, b, agency, share))
    return links


def _relying(known: Mapping[str, Article], spans: Mapping[str, Sequence[Span]]) -> list[_Link]:
    """Articles of which nothing is used but what one outlet reported, each with that outlet's article."""
    rests: dict[tuple[str, str], list[Reliance]] = defaultdict(list)
    for item in reliances(list(known.values())):
        rests[item.article, key_of(item.outlet)].append(item)
    links, together = [], defaultdict(list)
    for (article, outlet), items in sorted(rests.items()):
        used = [span for span in spans.get(article, ()) if known[article].text[slice(*span)].strip()]
        held = [(item.start, item.end) for item in items]
        if not used or not all(_inside(known[article].text, span, held) for span in used):
            continue
        if items[0].source is not None:
            links.append(_Link(article, items[0].source, "rests:" + items[0].outlet))
        else:
            together[outlet].append((article, items[0].outlet))
    for members in together.values():
        name = min(outlet for _, outlet in members)
        links += [_Link(members[0][0], article, "both:" + name) for article, _ in members[1:]]
    return links


def _inside(text: str, span: Span, held: Sequence[Span]) -> bool:
    """Whether all words of a span stand in `held` spans."""
    at, end = span
    for first, last in sorted(held):
        if first >= end or last <= at:
            continue
        if any(char.isalnum() for char in text[at:first]):
            return False
        at = last
    return not any(char.isalnum() for char in text[at:end])


def _contained(a: Print, b: Print) -> float:
    """The share of its shingles that the shorter text has in common with the other."""
    least = min(len(a.shingles), len(b.shingles))
    return len(a.shingles & b.shingles) / least if least >= _LEAST else 0.0


def _why(group: Sequence[str], known: Mapping[str, Article], links: Sequence[_Link]) -> str:
    """One clause for each cause that joins a group, in words."""
    causes: dict[str, list[_Link]] = defaultdict(list)
    for link in links:
        if link.a in group:
            causes[link.cause].append(link)
    if not causes:
        return ALONE
    clauses = [
        _clause(cause, part, [link for link in found if link.a in part], group, known)
        for cause, found in sorted(causes.items(), key=lambda item: (item[0] != "copy", item[0]))
        for part in _components(sorted({key for link in found for key in (link.a, link.b)}), found)
    ]
    return "; ".join(sorted(set(clauses), key=clauses.index))


def _clause(
    cause: str,
    part: Sequence[str],
    links: Sequence[_Link],
    group: Sequence[str],
    known: Mapping[str, Article],
) -> str:
    labels = sorted({known[key].label for key in part})
    who = _listed(labels)
    kind, _, outlet = cause.partition(":")
    if kind == "rests":
        relying = _listed(sorted({known[link.a].label for link in links}))
        return f"what is used of {relying} rests on the report of {outlet}"
    if kind == "both":
        return f"what is used of {who} rests on the report of {outlet}, which was not read"
    share = f"{100 * min(link.share for link in links):.0f} %"
    if kind == "copy":
        said = _copy_clause([print_of(known[key]) for key in part], share)
        return said if len(part) == len(group) else f"{who} have {said}"
    both = ("both" if len(part) == 2 else "all") if len(part) == len(group) else who
    agency = "one news agency" if cause == UNNAMED else cause
    least = "" if len(links) == 1 else "at least "
    return (
        f"{both} print the report of {agency}: {least}{share} of the shorter text's runs of {SHINGLE} words "
        "are shared"
    )


def _copy_clause(prints: Sequence[Print], share: str) -> str:
    if len({item.words for item in prints}) == 1:
        return "the same text, word for word"
    if len({item.shingles for item in prints}) == 1:
        return "the same text, but for repeated words"
    return f"the same text, but for small edits ({share} of all runs of {SHINGLE} words are shared)"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


@lru_cache(maxsize=128)
def _narrative(article: Article) -> Print:
    """What a text is compared by without its quotations and without credits of agencies."""
    text = article.text
    for item in quoted(text):
        if item.depth == 0:
            text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    skip = sorted([*article.skip, *credit_lines(article.text)])
    return fingerprint(text, article.title, tuple(skip))

"""Which passages of an article rest on what another outlet reported: "Der Quillbote reported that ...".

Method: an outlet is named beside a citing word ("according to", "reported", "citing"), by the article and not
by somebody it quotes. A report carries on to the sentences that go on in its paragraph; a quotation ("as
quoted by RIA") does not. Not counted: what somebody told a broadcaster, polls, and reports that somebody is
said to reject. Cues in English, German, French, Spanish, Russian and Ukrainian; but for English, only for
outlets that are loaded and agencies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.marks import paragraphs, quoted
from assistant.models import Article, Span
from assistant.outlets import AGENCIES, Mention, key_of, mentions
from assistant.text import romanised, sentences

_KIND = "news|state|state-run|state-owned|official|independent|local|national|daily|weekly|rival|public"
_NOUN = (
    r"newspapers?|papers?|magazines?|agency|agencies|broadcasters?|networks?|websites?|"
    r"outlets?|tabloids?|newswire"
)
_LED = rf"(?:(?:the|a|an|its|{_KIND}|{_NOUN}|[A-Z][a-z]+(?:an|sh|ch|se))\s+){{0,6}}(?:the\s+)?[“\"'‘«„]?$"
_REPORT = "reports?|article|story|stories|account|investigation|dispatch"
_LEFT = re.compile(
    rf"(?<!/)\b(?:according\s+to|citing|per|(?<=\()via|rel(?:y|ies|ied|ying)\s+(?:\w+\s+)?on|rests?\s+on|based\s+on)\s+"
    rf"(?:(?:[\w-]+\s+){{0,3}}(?:{_REPORT})\s+(?:\w+\s+)?(?:by|in|from|of)\s+)?{_LED}"
    r"|\b(?:reported|disclosed|revealed|detailed|uncovered|obtained|reviewed|seen|published|leaked)\s+"
    rf"(?:\w+\s+){{0,2}}(?:by|in|to)\s+{_LED}|\b(?:{_REPORT})\s+(?:\w+\s+)?(?:by|in|from)\s+{_LED}",
    re.IGNORECASE,
)
_LEFT_QUOTE = re.compile(
    rf"\b(?:(?:quoted|cited)\s+by|quot(?:e|es|ation|ations)\s+from|quoting)\s+{_LED}", re.IGNORECASE
)
_TIMES = r"(?:\s+(?:has|have|had|also|first|later|earlier|previously|(?:on\s+)?\w+day(?:\s+\w+)?|,))*"
_OTHERS = r"(?:\s*(?:,|and|&)\s*(?:the\s+)?\x01)*"
_RIGHT = re.compile(
    rf"[”\"’»]?{_OTHERS}{_TIMES}\s+(?:report(?:s|ed)\b(?!\s+(?:\w+\s+){{0,3}}(?:profit|loss|earnings|revenue))"
    r"|(?:revealed|disclosed|wrote|writes|noted|cites|cited|learned|obtained)\b|published\b(?=.{0,40}\b(?:report|extract"
    r"|letter|document|memo|photo|record)s?)|(?:says|said)\b(?!.{0,60}\b(?:its?|statement|spokes\w+)\b))"
    rf"|[’']s?\s+(?:(?:[A-Z][\w.’'-]+\s+){{1,4}}(?:first\s+)?(?:report(?:s|ed)|wrote|writes)\b|(?:\w+\s+)?(?:{_REPORT})\b)"
    rf"|\s+(?:{_REPORT})\s+(?:of|that|which|said|says|on|about|published|citing)\b"
)
_RIGHT_QUOTE = re.compile(rf"[”\"’»]?{_OTHERS}{_TIMES}\s+(?:quotes|quoted)\b")
_NO_LEFT = re.compile(
    rf"\b(?:told|tells|telling|interview(?:ed)?\s+(?:with|by|on|for|in)|(?:spoke|speaking|statement|talking)\s+to)\s+{_LED}"
    r"|\b(?:op-ed|opinion|column|essay|editorial|interview)\b[^.;]{0,60}$",
    re.IGNORECASE,
)
_REJECTED = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject|dismiss|disput|refut|rebut|contradict|critici[sz]|slam|blast|condemn|attack|"
    r"respond\w*\s+to|asked\s+about|react|comment(?:ed|ing)\s+on|pushed\s+back)\w*\b[^.;]{0,80}$",
    re.IGNORECASE,
)
_NO_RIGHT = re.compile(
    r"(?:[’']s?)?\s*(?:[/–-]\s*\S+\s+)?(?:[\w-]+\s+){0,2}?(?:polls?|polling|surveys?|spokes\w+|reporters?|"
    r"correspondents?|editors?|hosts?|anchors?|executives?|employees?|staff\w*|contributors?|columnists?|analysts?|"
    r"lawyers?|debate|town\s+hall|program\w*|shows?)\b",
    re.IGNORECASE,
)
# Other languages: the name may follow a word such as "die Nachrichtenagentur" and a quotation mark.
_LED_ABROAD = (
    r"(?:(?:der|die|das|dem|den|des|la|le|les|el|los|du|l[’']|\w*agent\w+|\w*agence|\w*zeitung|\w*magazin\w*|\w*sender\w*|"
    r"journal|quotidien|chaîne|diario|periódico|cadena|agencia|(?:информ\w*\s+)?агент\w+|агенці\w+|газет\w+|издани\w+|"
    r"видання|телеканал\w*|канал\w*)\s*){0,3}\s*[«„“\"]?$"
)
_LEFT_ABROAD = re.compile(
    r"(?:\b(?:laut|unter\s+Berufung\s+auf|nach\s+(?:Angaben|Informationen|Berichten)(?:\s+von)?|"
    r"(?:berichtet|meldet|schreib)\w*|schrieb|"
    r"selon|d[’']après|citant|(?:rapporté|cité|relayé|révélé)\w*\s+par|rapporte|indique|a\s+(?:rapporté|indiqué|révélé|écrit)|"
    r"según(?:\s+(?:inform|public|report)\w+)?|citando\s+a|de\s+acuerdo\s+con|citad[oa]s?\s+por|inform(?:a|ó)|"
    r"сообща(?:ет|ют)|сообщило|переда[её]т|передают|передало|пишет|пишут|по\s+(?:данным|информации|сообщению)|"
    r"со\s+ссылкой\s+на|ссылаясь\s+на|цитирует|повідомля(?:є|ють)|повідомило|передає|пише|"
    r"за\s+(?:даними|інформацією|повідомленням)|з\s+посиланням\s+на|посилаючись\s+на|цитує)\s+)"
    + _LED_ABROAD,
    re.IGNORECASE,
)
_RIGHT_ABROAD = re.compile(
    r"[»“”\"]?\s*,?\s*(?:zufolge\b|(?:berichtet|meldet)\w*|schrieb\b|schreibt\b|hatt?en?\s+.{0,60}\b(?:berichtet|gemeldet)\b|"
    r"(?:a\s+)?(?:rapport|révél)(?:e|é|ait)\b|écrit\b|(?:inform|public|report|revel)(?:ó|a)\b|"
    r"сообща(?:ет|ют)\b|сообщил[аои]?\b(?!\s+(?:в|источник|представител))|переда[её]т\b|пишет\b|написал\w*|цитирует\b|"
    r"повідомля(?:є|ють)\b|повідомил[аои]\b|передає\b|пише\b|цитує\b)",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    rf"\b(?:according\s+to|reported|said|wrote)\s+(?:the|that)\s+(?:[\w-]+\s+){{0,2}}(?:{_NOUN}|report|article)\b"
    rf"|\b[Tt]he\s+(?:{_NOUN}|report|article)\s+(?:also\s+|further\s+)?(?:said|says|adds|added|report|wrote|quot|cit|went\s+on)",
)
# Where a reporter's own work sets in again.
_OWN = re.compile(
    r"\b(?:declined\s+to|did\s+not\s+(?:immediately\s+)?(?:respond|reply|return|comment)|could\s+not\s+be\s+reached|"
    r"told\s+(?!the\s+(?:newspaper|agency|paper))|in\s+a\s+(?:written\s+)?statement|den(?:y|ies|ied)|reject(?:s|ed)|"
    r"dismiss(?:es|ed)|confirmed)\b|\b(?:dementiert|bestätigt|zurückgewiesen|démenti|desmint|опроверг|отверг|спростув|"
    r"подтверд|підтверд)\w*",
    re.IGNORECASE,
)
_MONTH = 31  # days
_DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday the a an in on he she it but and".split()
)


@dataclass(frozen=True, slots=True)
class Reliance:
    """`text[start:end]` of an article rests on what `outlet` reported.

    `source` is the id of that outlet's article among those given, None where that is not loaded.
    """

    article: str
    start: int
    end: int
    outlet: str
    source: str | None


def reliances(articles: Sequence[Article]) -> tuple[Reliance, ...]:
    """The passages of `articles` that rest on another outlet's report, in the order of articles and text."""
    unique = {article.id: article for article in articles}.values()
    loaded = tuple(sorted({article.outlet for article in unique if article.outlet}))
    found = []
    for article in unique:
        rests = _rests(article.text, article.language, article.outlet, loaded)
        sources = {
            key: _source(article, key, [span for span, other in rests if other.key == key], tuple(unique))
            for key in {mention.key for _, mention in rests}
        }
        found += [
            Reliance(article.id, start, end, mention.name, sources[mention.key])
            for (start, end), mention in rests
        ]
    return tuple(found)


@lru_cache(maxsize=500)
def _rests(
    text: str, language: str | None, own: str | None, loaded: tuple[str, ...]
) -> tuple[tuple[Span, Mention], ...]:
    named = [item for item in mentions(text, loaded) if not own or item.key != key_of(own)]
    spoken = [(item.start, item.end) for item in quoted(text) if item.depth == 0]
    named = [item for item in named if not _is_spoken(item, spoken)]
    if not named:
        return ()
    abroad = frozenset(key_of(name) for name in (*loaded, *AGENCIES))
    found: list[tuple[Span, Mention]] = []
    last: tuple[Mention, ...] = ()  # what this paragraph or the one before it cited last
    for start, end in paragraphs(text):
        here = [item for item in named if start <= item.start < end]
        if not here and not (last and _AGAIN.search(text, start, end)):
            last = ()
            continue
        current: tuple[Mention, ...] = ()
        cited: tuple[Mention, ...] = ()
        for span in sentences(text, language, (start, end)):
            inside = [item for item in here if span[0] <= item.start < span[1]]
            citing = [(item, kind) for item in inside if (kind := _citing(text, span, item, inside, abroad))]
            if citing:
                now = _once(item for item, _ in citing)
                current = _once(item for item, kind in citing if kind == "report")
                cited = now
            else:
                again = _AGAIN.search(text, *span) is not None
                if again and len(cited or last) == 1:
                    current = cited = cited or last
                elif not again and (inside or _OWN.search(text, *span)):
                    current = ()
                now = current
            found += [(span, item) for item in now]
        last = cited
    return tuple(_joined(found, text))


def _is_spoken(mention: Mention, spoken: Sequence[Span]) -> bool:
    """Whether somebody who is quoted names the outlet; quotation marks around a name are none."""
    return any(
        start <= mention.start and mention.end <= end and end - start > mention.end - mention.start + 6
        for start, end in spoken
    )


def _once(items: Iterator[Mention]) -> tuple[Mention, ...]:
    return tuple({item.key: item for item in items}.values())


def _citing(
    text: str, span: Span, mention: Mention, others: Sequence[Mention], abroad: frozenset[str]
) -> str | None:
    """ "report" or "quote" where a sentence cites an outlet that it mentions, else None."""
    chars = list(text[span[0] : span[1]])
    for other in others:
        if other != mention:
            chars[other.start - span[0] : other.end - span[0]] = ["\x01"] + [""] * (
                other.end - other.start - 1
            )
    left = "".join(chars[: mention.start - span[0]])[-200:]
    right = "".join(chars[mention.end - span[0] :])[:200]
    if _NO_LEFT.search(left) or _NO_RIGHT.match(right):
        return None
    left = re.sub(r"\x01(?:\s*,\s*(?:the\s+)?\x01)*\s*(?:,|and|&)\s*", "", left)  # "citing Reuters and AFP"
    if _LEFT_QUOTE.search(left) or _RIGHT_QUOTE.match(right):
        return "quote"
    if not _REJECTED.search(left) and (_LEFT.search(left) or _RIGHT.match(right)):
        return "report"
    if mention.key in abroad and (_LEFT_ABROAD.search(left) or _RIGHT_ABROAD.match(right)):
        return "report"
    return None


def _joined(found: Sequence[tuple[Span, Mention]], text: str) -> Iterator[tuple[Span, Mention]]:
    """Neighbouring sentences of one paragraph that rest on one outlet, as one span."""
    open_: dict[str, tuple[Span, Mention]] = {}
    done: list[tuple[Span, Mention]] = []
    for span, mention in found:
        before = open_.get(mention.key)
        if before and not text[before[0][1] : span[0]].strip(" \t\u00a0"):
            open_[mention.key] = (before[0][0], span[1]), before[1]
        else:
            if before:
                done.append(before)
            open_[mention.key] = span, mention
    yield from sorted([*done, *open_.values()], key=lambda item: (item[0], item[1].key))


def _source(article: Article, key: str, spans: Sequence[Span], articles: Sequence[Article]) -> str | None:
    """The article of the outlet that was cited: no later one, and one with the same names and numbers."""
    told = {word for start, end in spans for word in _telling(article.text[start:end], key)}
    told = told or set(_telling(article.text, key))
    best: tuple[int, str, str] | None = None
    for other in articles:
        if (
            other.id == article.id
            or not other.outlet
            or key_of(other.outlet) != key
            or not _is_near(other, article)
        ):
            continue
        shared = len(told & _all_words(other.text))
        rank = shared, other.date or "", other.id
        if shared >= min(2, len(told)) and 2 * shared >= len(told) and (best is None or rank > best):
            best = rank
    return best[2] if best else None


def _telling(text: str, key: str) -> Iterator[str]:
    """Folded names and numbers of a passage, the outlet's own name left out."""
    for match in re.finditer(r"\b(?:[^\W\d_a-zа-яёіїєґß-öø-ÿ][\w’'-]+|\d[\d.,]*)", text):
        for word in romanised(match.group()):
            if word not in key.split() and word not in _DAYS:
                yield word


@lru_cache(maxsize=500)
def _all_words(text: str) -> frozenset[str]:
    return frozenset(romanised(text))


def _is_near(other: Article, article: Article) -> bool:
    """Whether `other` can be the report that `article` cites: from the month before it, as far as dates tell.

    A day later is allowed for time zones.
    """
    try:
        days = (date.fromisoformat(article.date or "") - date.fromisoformat(other.date or "")).days
    except ValueError:
        return True
    return -1 <= days <= _MONTH

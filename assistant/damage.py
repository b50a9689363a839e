"""Spans of an article's text that look damaged, so that nobody builds on them.

A mark says "this looks odd", never what stood there. Rules, one for each kind; what a rule cannot
judge, such as a language it does not know, gives nothing. Offsets are character offsets, end exclusive.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.models import Notice, Span
from assistant.text import sentences
from assistant.unpaired import unpaired

Kind = Literal["doubled_word", "stray_letter", "headless", "spaces", "unbalanced_quote", "replacement"]

MISLEADING: frozenset[Kind] = frozenset({"doubled_word", "stray_letter", "headless", "replacement"})
"""Damage after which the words themselves may be wrong; spaces and quotation marks leave them as they are."""

_TEXTS: dict[Kind, str] = {
    "doubled_word": "a word is doubled",
    "stray_letter": "a single letter stands alone",
    "headless": "the sentence has lost its beginning",
    "spaces": "a long gap in the line",
    "unbalanced_quote": "a quotation mark has no partner",
    "replacement": "characters were lost in conversion",
}


_WORST: tuple[Kind, ...] = (
    "stray_letter", "headless", "doubled_word", "replacement", "unbalanced_quote", "spaces",
)  # fmt: skip
_SHOWN = 3  # places that a notice names
_BESIDE = 24  # characters of an excerpt to either side
_GAP_SHOWN = "\xa0" * 4
_SENTENCE = 1_200  # characters beyond which nothing is sought of the sentence around a span


@dataclass(frozen=True, slots=True)
class Damage:
    """A span of a text that is odd, and in what way."""

    start: int
    end: int
    kind: Kind

    @property
    def text(self) -> str:
        """What a reader is told of it, in a few words."""
        return _TEXTS[self.kind]


@lru_cache(maxsize=256)
def damaged(text: str, language: str | None = None) -> tuple[Damage, ...]:
    """What looks damaged in `text`, in order; of marks that overlap the first and longest is kept.

    `language` is a tag such as "en"; without one the commonest function words decide.
    """
    code = _code(text, language)
    found = [
        *_replacements(text),
        *_headless(text, code),
        *_spaces(text),
        *_doubled(text, code),
        *_stray(text, code),
        *(Damage(start, end, "unbalanced_quote") for start, end in unpaired(text)),
    ]
    kept: list[Damage] = []
    for item in sorted(found, key=lambda mark: (mark.start, -mark.end)):
        if not kept or item.start >= kept[-1].end:
            kept.append(item)
    return tuple(kept)


def damage_in(text: str, start: int, end: int, language: str | None = None) -> tuple[Damage, ...]:
    """The marks inside the sentences that the span `text[start:end]` belongs to."""
    low, high = _around(text, start, end)
    near = [mark for mark in damaged(text, language) if mark.start < high and mark.end > low]
    if not near:
        return ()
    first, last = start, end
    for a, b in sentences(text, language, (low, high)):
        if a < end and b > start:
            first, last = min(first, a), max(last, b)
    return tuple(mark for mark in near if mark.start < last and mark.end > first)


def _around(text: str, start: int, end: int) -> Span:
    """The paragraphs that a span touches, as far as they reach."""
    low, high = max(0, start - _SENTENCE), min(len(text), end + _SENTENCE)
    before, after = text.rfind("\n\n", low, start), text.find("\n\n", max(start, end - 1), high)
    return (low if before < 0 else before), (high if after < 0 else after)


def notice(text: str, language: str | None = None, skip: Sequence[Span] = ()) -> Notice | None:
    """What a reader of an article is told when it looks damaged, the worst places first.

    `skip`: spans that do not count, since no passage holds them.
    """
    marks = [
        mark for mark in damaged(text, language) if not any(start <= mark.start < end for start, end in skip)
    ]
    if not marks:
        return None
    worst = sorted(marks, key=lambda mark: _WORST.index(mark.kind))[:_SHOWN]
    places = "; ".join(f"“{_excerpt(text, mark)}” ({mark.text})" for mark in worst)
    more = "; …" if len(marks) > _SHOWN else ""
    count = "1 place looks damaged" if len(marks) == 1 else f"{len(marks)} places look damaged"
    return Notice("damaged_text", f"{count}: {places}{more}")


def _excerpt(text: str, mark: Damage) -> str:
    """The mark with a few words around it, on one line; a gap stays visible."""
    low, high = max(0, mark.start - _BESIDE), min(len(text), mark.end + _BESIDE)
    inside, after = text[mark.start : mark.end][:_BESIDE], text[mark.end : high]
    before = text[low : mark.start]
    if low > 0:
        before = "… " + (before.split(maxsplit=1)[1] if len(before.split(maxsplit=1)) > 1 else "")
    if high < len(text):
        after = (after.rsplit(maxsplit=1)[0] if len(after.rsplit(maxsplit=1)) > 1 else "") + " …"
    line = re.sub(
        r"[^\S\n]{3,}|\s+", lambda gap: _GAP_SHOWN if len(gap[0]) > 2 else " ", before + inside + after
    )
    return "".join(char if char.isprintable() or char == "\xa0" else " " for char in line).strip(" ")


# --- which language -------------------------------------------------------------------------------

# Function words that are never doubled in good prose of that language. Left out: "that that", "had had",
# "her her", "is is", "in in" and the like, "die die", "nous nous", "что что-то".
_NEVER_TWICE = {
    "en": "the a an of to and or but as at for with from into than by be been are were was has have"
    " their its our your my his this these those when where which if because while about after before"
    " between under against during through would could should may might can cannot not we they he she",
    "de": "und oder von mit für im zum zur beim vom aus bei als aber auch ist wird wurde nicht eine einen",
    "fr": "le les de des du et à au aux un une dans pour par sur avec est sont qui mais ou ce cette son sa",
    "es": "el los las de del al y en un una por para con su sus es son pero como entre desde hasta",
    "ru": "и в на с из от для по к о об за при не но или это его их до после между также был была были",
    "uk": "і й в у на з із від для по до про за при не але або це його їх після між також був була були що",
}
_WORDS = {code: frozenset(words.split()) for code, words in _NEVER_TWICE.items()}
# Neighbours of those languages, not judged and not to be taken for one of them; their words count double.
_OTHERS = {
    "nl": "het een van dat niet met voor zijn wordt en ook worden heeft over naar",
    "pt": "os um uma do da dos das em no na não com mais foi ao são",
    "ca": "els les amb i per dels una no aquest ha més són",
    "bg": "се да е са че като който това ще към със във",
    "sr": "је се да су од или би због није",
    "be": "што як гэта яны ён пры быў ад ў для",
}
_VOTES = _WORDS | {code: frozenset(words.split()) for code, words in _OTHERS.items()}
_TOKEN = re.compile(r"[^\W\d_]+")
_SAMPLE = 6_000  # characters that the language is read from
_SHARE = 0.12  # of function words that a text of the language has at least; English news has 0.3


def _code(text: str, language: str | None) -> str:
    """The language whose rules hold: a declared one that is not judged is believed, others are checked."""
    declared = (language or "")[:2].lower()
    return declared if declared and declared not in _WORDS else _language(text) or declared


def _language(text: str) -> str:
    """The language of `text` by its function words, "" when none of those that are judged stands out."""
    words = [word.lower() for word in _TOKEN.findall(text[:_SAMPLE])]
    counts = Counter(
        {
            code: sum(word in known for word in words) * (1 + (code in _OTHERS))
            for code, known in _VOTES.items()
        }
    )
    (code, most), (_, next_most) = counts.most_common(2)
    clear = most >= max(2, _SHARE * len(words)) and most > next_most
    return code if clear and code in _WORDS else ""


# --- words ----------------------------------------------------------------------------------------

_TWICE = re.compile(r"(?<![\w’'-])([^\W\d_]+)[^\S\n]+(?=(\1)(?![\w’'-]))", re.IGNORECASE)


_STARTS = re.compile(r"(?:^|[.!?:\n”\"“–—-])\s*\Z")


def _doubled(text: str, code: str) -> Iterator[Damage]:
    known = _WORDS.get(code, frozenset())
    for match in _TWICE.finditer(text):
        first, second = match[1], match[2]
        if first.lower() not in known or (first.isupper() and len(first) > 1):
            continue
        # "the The Who", "by The The": a capital inside a sentence is a name
        if second.islower() or (
            first == second and _STARTS.search(text[max(0, match.start() - 4) : match.start()])
        ):
            yield Damage(match.start(), match.end(2), "doubled_word")
    if code == "en":
        yield from (Damage(*match.span(1), "doubled_word") for match in _TWICE_EN.finditer(text))


# Words that are doubled rightly, where they cannot be: "that that the", but not "that that mistake".
_TWICE_EN = re.compile(
    r"(?<![\w’'-])(that[^\S\n]+that"
    r"(?=[^\S\n]+(?:the|an?|he|she|they|we|there|these|those|this|his|their|if|when)\b)"
    r"|(?<!free )(?<!the )(?<!good )(?<!own )(?<!political )will[^\S\n]+will"
    r"|it[^\S\n]+it(?=[^\S\n]+(?:was|is|had|has|will|would)\b)|who[^\S\n]+who(?=[^\S\n]+[a-z]))(?![\w’'-])"
)


# Single letters that are words, or that stand for something in running text, and the words before which
# or after which a letter is a name: "the f word", "vitamin d", "hepatitis c".
_LETTERS = {
    "en": "b c d e f g h j k l m p q r s t z",
    "de": "b c d f g h j k l m p q r s t v w z",
    "fr": "b c d f g h j l m p q r s t v w z",
    "es": "b c d f g h j l m p q r s t v w z",
    "ru": "г д л м н п р т ф х ц ч ш щ ь ы ъ э ю",
    "uk": "г д л м н п р т ф х ц ч ш щ ь ю",
}
_NAMED_BY_LETTER = frozenset(
    "the a an letter letters grade grades plan type group class vitamin vitamins hepatitis"
    " influenza section part phase article title exhibit appendix level category item series figure point"
    " page form row seat gate block wing line lane room unit zone team pool division chapter schedule annex"
    " variable value model version medicare generation strain protein schedule drive capital".split()
)
_LONE = re.compile(r"(?<=[^\W\d_][^\W\d_][^\S\n])([^\W\d_])(?=[^\S\n]([^\W\d_]{2,20}))")


_LISTED = re.compile(r"(?:^|\W)\w,? (?:and|or) $")  # options a, b and c
_CUT_OFF = frozenset(
    "with will was were would which when who what where while not now one only other over the they that this"
    " their them then there these those than".split()
)
_SOMETIMES = frozenset("noy")  # "rock n roll", "Ortega y Gasset": odd only beside an English function word


def _stray(text: str, code: str) -> Iterator[Damage]:
    letters, known = _LETTERS.get(code, "").split(), _WORDS.get(code, frozenset())
    for match in _LONE.finditer(text) if letters else ():
        before = re.search(r"[\w’'-]+$", text[max(0, match.start() - 40) : match.start() - 1])
        after = re.match(r"[\w’'-]+", text[match.end() + 1 : match.end() + 41])
        if before is None or after is None:
            continue
        left, right = before[0], after[0]
        english = code == "en"
        if _LISTED.search(text[max(0, match.start() - 9) : match.start()]):
            continue
        beside = not known.isdisjoint((left, right))
        odd = match[1] in letters or (english and beside and match[1] in _SOMETIMES)
        odd = odd and left.lower() not in _NAMED_BY_LETTER and (right.islower() or left in known)
        if odd or (english and match[1] + right in _CUT_OFF):
            yield Damage(match.start(), match.end(), "stray_letter")


# --- sentences without a head, and gaps -----------------------------------------------------------

_GAP = re.compile(r"(?<=[^\s])[^\S\n]{3,}(?=[^\s])")
_HEADS = r"(?:They|He|She|We|It|There|However|But|These|Those|Meanwhile)"
_CUT = re.compile(
    r"(?<![\w’'-])(?:[Tt]he|[Aa]n?|of|[Aa]nd|to|[Ww]ith|[Ff]or|[Ii]n|by|from|at)(?:[^\S\n]{3,}(?=[A-Z])"
    rf"|[^\S\n]+(?={_HEADS}[^\S\n]+(?:were|was|had|has|have|is|are|said|will|would|did|also)\b))[A-Z][\w’'-]*"
)
_LOWER_START = re.compile(r"(?<=\n\n)(?=[^\W\d_])[^\n]+")
_STYLE = 3  # paragraphs that begin in lower case: more of them are how a transcript or a blog writes
_SENTENCE_END = re.compile(r"[.!?][”\"»’')\]]*\s*\Z")


def _headless(text: str, code: str) -> Iterator[Damage]:
    if code == "en":
        yield from (Damage(match.start(), match.end(), "headless") for match in _CUT.finditer(text))
    low = list(_lower_starts(text))
    if len(low) <= _STYLE:
        yield from low


def _lower_starts(text: str) -> Iterator[Damage]:
    """Paragraphs that begin in lower case after one that ended."""
    for match in _LOWER_START.finditer(text):
        line = match[0]
        word = re.match(r"[^\W\d_]+(?![\w’'.@/-])", line)
        if word is None or not word[0].islower() or len(line.split()) < 5 or line[:8] == "see also":
            continue
        if _SENTENCE_END.search(line[-12:]) and _SENTENCE_END.search(
            text[max(0, match.start() - 12) : match.start()]
        ):
            yield Damage(match.start(), match.start() + word.end(), "headless")


def _spaces(text: str) -> Iterator[Damage]:
    for match in _GAP.finditer(text):
        yield Damage(match.start(), match.end(), "spaces")


# --- characters -----------------------------------------------------------------------------------

_REPLACED = re.compile(
    "\ufffd+|[\x80-\x9f]+|â€(?:[™œ\x9d˜¦“”¢]|(?=\\W))|Ã[\xa1-\xbf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸ©]|Â[\xa0-\xbf]"
    "|(?:[ÐÑ][\xa0-\xbf€-™‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜š›œžŸ]){3,}"
    "|(?:[РС][°±Ііґµ¶·ё№є»јЅѕїЂЃѓЉЊЌЋЏђљњќћџЎўЈ¤Ґ¦§Ё©Є«¬®Ї]){3,}"
)


def _replacements(text: str) -> Iterator[Damage]:
    for match in _REPLACED.finditer(text):
        yield Damage(match.start(), match.end(), "replacement")

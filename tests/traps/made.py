"""Cases made by rule from the articles of corpus/ and from the invented reports."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.text import sentences
from tests.conftest import CORPUS
from tests.traps.table import Case

# What a person sees as the same words. Each gets a quotation and gives it in another form.
NOISE: dict[str, Callable[[str], str]] = {
    "no_break_spaces": lambda words: words.replace(" ", "\u00a0"),
    "thin_spaces": lambda words: words.replace(" ", "\u2009"),
    "double_spaces": lambda words: words.replace(" ", "  "),
    "line_breaks": lambda words: re.sub(r"((?:\S+ ){5}\S+) ", r"\1\n", words),
    "indented_breaks": lambda words: re.sub(r"((?:\S+ ){3}\S+) ", "\\1\r\n\t", words),
    "soft_hyphens": lambda words: re.sub(r"([a-z]{4})(?=[a-z]{3})", "\\1\u00ad", words),
    "decomposed": lambda words: unicodedata.normalize("NFD", words),
    "full_width": lambda words: re.sub(r"[A-Za-z0-9]", lambda m: chr(ord(m.group()) + 0xFEE0), words),
    "ligatures": lambda words: words.replace("ffi", "\ufb03").replace("fi", "\ufb01").replace("fl", "\ufb02"),
    "straight_marks": lambda words: re.sub("[“”]", '"', re.sub("[‘’]", "'", words)),
    "curly_marks": lambda words: re.sub(r"(?<=\w)'(?=\w)", "’", words),
    "first_letter": lambda words: words[0].swapcase() + words[1:],
    "bracketed_letter": lambda words: f"[{words[0].swapcase()}]{words[1:]}",
    "em_dashes": lambda words: re.sub(" [-–—] ", "\u2014", words),
    "en_dashes": lambda words: re.sub(" [-–—] ", " \u2013 ", words),
    "final_comma": lambda words: f"{words.rstrip('.,')},",
    "final_stop": lambda words: f"{words.rstrip('.,')}.",
    "marks_around": lambda words: f"»{words}«",
}


def library() -> dict[str, str]:
    """The bodies of the articles of corpus/, by the name of their file."""
    files = sorted(CORPUS.glob("*/*.md"))
    return {path.stem: path.read_text("utf-8").split("---\n", 2)[2].strip() for path in files}


def noisy(texts: Mapping[str, str], chance: random.Random) -> Iterator[Case]:
    """Every kind of noise: on a quotation with the source as it was, and on the source instead."""
    found = [(name, words) for name, text in texts.items() for words in _narrated(text)]
    for kind, form in NOISE.items():
        fitting = [(name, words) for name, words in found if form(words) != words]
        if not fitting:
            continue
        for name, words in chance.sample(fitting, min(2, len(fitting))):
            around = _around(texts[name], words)
            yield Case(f"noise_{kind}", "verbatim_spacing", form(words), ((name, around),), name)
        if kind not in ("final_comma", "final_stop", "marks_around", "bracketed_letter"):
            name, words = chance.choice(fitting)
            damaged = _around(texts[name], words).replace(words, form(words))
            yield Case(f"noise_{kind}_in_source", "verbatim_spacing", words, ((name, damaged),), name)


def copied(texts: Mapping[str, str], chance: random.Random) -> Iterator[Case]:
    """Whole words of an article as they stand, and the same with another source claimed."""
    names = sorted(texts)
    for name in names:
        words = _run(chance.choice(_paragraphs(texts[name])), chance)
        yield Case("copied", "verbatim", words, ((name, texts[name]),), name)
        other = chance.choice([rest for rest in names if rest != name and words not in texts[rest]])
        sources = ((name, _around(texts[name], words)), (other, texts[other].split("\n\n")[0]))
        why = "the words are in the other source"
        yield Case("copied_from_other", "misattributed", words, sources, other, None, why)


def spoiled(texts: Mapping[str, str], chance: random.Random) -> Iterator[Case]:
    """One digit, one word or one negation is changed in a sentence of the outlet's own voice."""
    for name, text in sorted(texts.items()):
        told = _narrated(text)
        for kind, spoil in SPOILS.items():
            pairs = [(words, wrong) for words in told if (wrong := spoil(words, chance)) != words]
            if pairs:
                words, wrong = chance.choice(pairs)
                yield Case(kind, "altered", wrong, ((name, _around(text, words)),), name)


def sewn(texts: Mapping[str, str], chance: random.Random) -> Iterator[Case]:
    """Two sentences of an article that stand far apart, joined with a full stop or with dots."""
    for name, text in sorted(texts.items()):
        told = _narrated(text)
        first, second = told[1], told[-2]
        joint = chance.choice([" ", " ... ", " […] "])
        why = "the two sentences stand paragraphs apart"
        yield Case("sewn", "stitched", f"{first}{joint}{second}", ((name, text),), name, None, why)


def _digit(words: str, chance: random.Random) -> str:
    places = [match.start() for match in re.finditer(r"\d", words)]
    if not places:
        return words
    at = chance.choice(places)
    other = chance.choice([digit for digit in "123456789" if digit != words[at]])
    return words[:at] + other + words[at + 1 :]


def _dropped(words: str, chance: random.Random) -> str:
    parts = words.split(" ")
    at = chance.randrange(2, len(parts) - 2)
    return " ".join(parts[:at] + parts[at + 1 :])


def _doubled(words: str, chance: random.Random) -> str:
    parts = words.split(" ")
    at = chance.randrange(2, len(parts) - 2)
    return " ".join([*parts[:at], chance.choice(["not", "never", "nicht", "two", "possibly"]), *parts[at:]])


def _swapped(words: str, chance: random.Random) -> str:
    parts = words.split(" ")
    places = [at for at in range(2, len(parts) - 3) if parts[at] != parts[at + 2]]
    if places:
        at = chance.choice(places)
        parts[at], parts[at + 2] = parts[at + 2], parts[at]
    return " ".join(parts)


SPOILS: dict[str, Callable[[str, random.Random], str]] = {
    "digit_changed": _digit,
    "word_dropped": _dropped,
    "word_added": _doubled,
    "words_swapped": _swapped,
}


def _paragraphs(text: str) -> list[str]:
    return [paragraph for paragraph in text.split("\n\n") if paragraph.count(" ") > 12]


def _narrated(text: str) -> Sequence[str]:
    """Sentences of ten words and more without quotation marks, in the order of the text."""
    spans = [text[start:end] for start, end in sentences(text)]
    return [words for words in spans if words.count(" ") > 8 and not re.search('[“”„‟«»"\n]', words)]


def _around(text: str, words: str) -> str:
    """The paragraph that `words` stand in and the one before it, so that the set stays small."""
    paragraphs = text.split("\n\n")
    at = next(number for number, paragraph in enumerate(paragraphs) if words in paragraph)
    return "\n\n".join(paragraphs[max(0, at - 1) : at + 1])


def _run(paragraph: str, chance: random.Random) -> str:
    """Some words of a paragraph in a row, without punctuation at their ends."""
    places = [match.span() for match in re.finditer(r"[^\W_]+(?:[-'’.,:][^\W_]+)*", paragraph)]
    length = chance.randint(5, 12)
    first = chance.randrange(len(places) - length)
    return paragraph[places[first][0] : places[first + length - 1][1]]

"""Numerals in running text: digits in any notation and number words, each with its value and place.

Number words are read in English, German, French, Spanish and Russian; digits of every script are read.
The grammar is our own: a descending sum below a thousand, then magnitudes ("two hundred and fifty
thousand"). What is no quantity (COVID-19, G7, 9/11, [1]) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache
from itertools import islice

from assistant import numberwords as table
from assistant.notation import Kind, Numeral, amount, clock, split_time
from assistant.numberwords import Token, tokens

__all__ = ["Kind", "Numeral", "numerals"]

_MOST = 10**15
_QUARTERS = frozenset("1234")
MOST_NUMERALS = 2_000  # of one text: a longer one is a table, or hostile

_HYPHENS = frozenset("-‑")
_MINUS = frozenset("-−–")
_HALF_OF = re.compile(
    r"(?:\s+of)?\s+an?\s+(thousand|million|billion|trillion|dozen|hundred)\b|[\s-]+(million|billion|trillion|dozen)\b"
)
_AND_A_HALF = re.compile(r"[\s-]+and[\s-]+a[\s-]+half\b", re.IGNORECASE)
_LETTER_BEFORE = re.compile(r"[A-Za-z\u00c0-\u024f\u0400-\u04ff]")
_FOREIGN = re.compile(r"[\u0590-\u1dff\u3040-\ud7af]")


@lru_cache(maxsize=1024)
def numerals(text: str, languages: tuple[str, ...] = ("en",)) -> tuple[Numeral, ...]:
    """The numerals of `text`, in order. `languages`: whose words are read, that of the text first.

    The first one also decides what 1.500 is: a decimal in English, else a thousand and more.
    """
    return tuple(islice(_Reader(text, languages).read(), MOST_NUMERALS))


class _Reader:
    """One pass over the tokens of a text."""

    def __init__(self, text: str, languages: tuple[str, ...]) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.english = languages[:1] == ("en",)
        self.words: dict[str, tuple[str, int]] = {}
        for name in reversed(languages):
            self.words |= table.WORDS.get(name, {})
        self.magnitudes = {word: n for word, (rank, n) in table.WORDS["en"].items() if rank == "magnitude"}
        self.magnitudes |= {word: 10**power for word, power in table.ANY_MAGNITUDE.items()}
        self.magnitudes |= {word: n for word, (rank, n) in self.words.items() if rank == "magnitude"}
        self.french = "fr" in languages

    def read(self) -> Iterator[Numeral]:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            found, after = None, at + 1
            if token.kind == "n":
                found, after = self._digits(at)
            elif token.kind == "w":
                found, after = self._word(at)
            if found:
                yield found
            at = max(after, at + 1)

    # --- neighbours -------------------------------------------------------------------------------

    def _at(self, at: int) -> Token:
        return self.tokens[at] if 0 <= at < len(self.tokens) else Token("", "", -9, -9)

    def _joined(self, at: int) -> bool:
        """Whether the token at `at` follows the one before without a space."""
        return self._at(at).start == self._at(at - 1).end

    def _index(self, offset: int, at: int) -> int:
        """The first token from `at` on that starts at `offset` or later."""
        while at < len(self.tokens) and self.tokens[at].start < offset:
            at += 1
        return at

    # --- digits -----------------------------------------------------------------------------------

    def _digits(self, at: int) -> tuple[Numeral | None, int]:
        token = self.tokens[at]
        if len(token.text) > table.MOST_DIGITS or self._is_name(at):
            return None, at + 1
        if (
            self._joined(at + 1)
            and self._at(at + 1).text in "/:"
            and self._at(at + 2).kind == "n"
            and self._joined(at + 2)
        ):
            return self._pair(at)
        if time := self._time(token.start, token.end, *split_time(token.text)):
            return time, self._index(time.end, at + 1)
        read = amount(token.text, self.english)
        if read is None:
            return None, at + 1
        marker = self._joined(at) and self._at(at - 1).text == "[" and self._at(at + 1).text == "]"
        found = Numeral(
            token.start, token.end, read[0], other=read[1], soft=marker, mantissa=read[0], digits=True
        )
        after = at + 1
        if self._joined(after) and self._at(after).kind == "w":
            suffixed = self._suffixed(found, self._at(after))
            if suffixed is None:
                return None, after + 1
            after += suffixed.end > found.end
            found = suffixed
        if found.kind == "cardinal":
            found, after = self._added(found, after)
            found, after = self._scaled(found, after)
        if self._at(at - 1).text == "q" and self._joined(at):
            return replace(found, start=found.start - 1, kind="ordinal"), after
        return self._signed(found, at), after

    def _is_name(self, at: int) -> bool:
        """Whether the digits belong to a name (G7, COVID-19) or are a citation marker ([1])."""
        before = self._at(at - 1)
        quarter = before.text == "q" and self.tokens[at].text in _QUARTERS
        if at == 0 or quarter or before.end != self.tokens[at].start:
            return False
        if before.kind == "w":
            return bool(_LETTER_BEFORE.match(before.text[-1])) and before.text not in table.PREFIXES
        if before.text in _HYPHENS and self._at(at - 2).kind == "w" and self._joined(at - 1):
            word = self._at(at - 2).text
            return word not in table.PREFIXES and word not in self.words and word not in table.SUFFIXES
        return False

    def _pair(self, at: int) -> tuple[Numeral | None, int]:
        """1/2, 6:40 p.m.; 9/11, 24/7 and 1/2/22 are names."""
        first, sign, second = self.tokens[at : at + 3]
        after = at + 3
        if sign.text == "/":
            if self._joined(after) and self._at(after).text == "/":
                return None, after + 2
            if not (first.text.isdecimal() and second.text.isdecimal() and len(second.text) < 4):
                return None, after
            top, bottom = int(first.text), int(second.text)
            if not (0 < top < bottom <= 10 or bottom == 100):
                return None, after
            value = Fraction(top, bottom)
            return Numeral(first.start, second.end, value, "fraction", mantissa=value, digits=True), after
        if self._joined(after) and self._at(after).text == ":":
            return None, after + 2
        time = self._time(first.start, second.end, first.text, second.text, bare=True)
        return time, self._index(time.end, after) if time else after

    def _time(self, start: int, end: int, hour: str, minute: str, bare: bool = False) -> Numeral | None:
        read = clock(self.text, end, hour, minute, bare)
        return Numeral(start, read[0], read[1], "time", read[2]) if read else None

    def _suffixed(self, found: Numeral, suffix: Token) -> Numeral | None:
        """1st, 5m, 2½, 120万, 16h; None when the letters make it a name (5G, 3D, 1990s)."""
        word = suffix.text
        if word in ("st", "nd", "rd", "th"):
            return replace(found, end=suffix.end, kind="ordinal")
        if word in table.VULGAR:
            value = found.value + Fraction(*table.VULGAR[word])
            return replace(found, end=suffix.end, value=value, mantissa=value)
        if word in table.SUFFIXES:
            other = found.value if word in ("m", "b") else None
            value = found.value * 10 ** table.SUFFIXES[word]
            return replace(found, end=suffix.end, value=value, other=other, scaled=True)
        if word[0] in table.CJK:
            value, end = found.value, suffix.start
            for char in word:
                if char not in table.CJK:
                    break
                value, end = value * 10 ** table.CJK[char], end + 1
            return replace(found, end=end, value=value, scaled=True)
        return found if (word in table.ADJACENT and word != "s") or _FOREIGN.match(word) else None

    def _signed(self, found: Numeral, at: int) -> Numeral:
        """`found` with the minus sign in front of it, if there is one."""
        before = at - 1
        if self._at(before).text in ("$", "€", "£") and self._joined(at):
            before -= 1
        sign = self._at(before)
        lone = sign.start == 0 or self.text[sign.start - 1 : sign.start] in (" ", "\n", "(", "“", '"')
        minus = sign.text in _MINUS and sign.text and self._joined(before + 1) and lone
        if sign.text != "minus" and not minus:
            return found
        return replace(found, start=sign.start, value=-found.value, other=None, mantissa=-found.mantissa)

    # --- what may follow both ---------------------------------------------------------------------

    def _added(self, found: Numeral, after: int) -> tuple[Numeral, int]:
        """`found` with "and a half" or a fraction behind it (2 1/2)."""
        if half := _AND_A_HALF.match(self.text, found.end):
            value = found.value + Fraction(1, 2)
            return replace(found, end=half.end(), value=value, mantissa=value), self._index(half.end(), after)
        if found.digits and found.value.denominator == 1 and self._at(after).kind == "n":
            slash, bottom = self._at(after + 1), self._at(after + 2)
            if (
                slash.text == "/"
                and bottom.kind == "n"
                and self.text[found.end] in " -"
                and bottom.end - bottom.start < 3
            ):
                part, end = self._pair(after)
                if part and part.kind == "fraction" and part.start == found.end + 1:
                    value = found.value + part.value
                    return replace(found, end=part.end, value=value, mantissa=value), end
        return found, after

    def _scaled(self, found: Numeral, after: int) -> tuple[Numeral, int]:
        """`found` times the magnitudes that follow it: 1.2 million, 5-million, 3 mil millones."""
        while True:
            at = after + (
                self._at(after).text in _HYPHENS and self._joined(after) and self._joined(after + 1)
            )
            token = self._at(at)
            scale = self.magnitudes.get(token.text) if token.kind == "w" else None
            if scale is None or found.value > _MOST or len(self.text[found.end : token.start]) > 2:
                return found, after
            other = found.other * scale if found.other is not None else None
            found = replace(found, end=token.end, value=found.value * scale, other=other, scaled=True)
            after = at + 1

    # --- words ------------------------------------------------------------------------------------

    def _word(self, at: int) -> tuple[Numeral | None, int]:
        token = self.tokens[at]
        word = token.text
        if word in self.words and not (
            word in ("cent", "cents") and self._at(at - 1).text in ("pour", "per")
        ):
            return self._sum(at)
        if word in table.VULGAR:
            value = Fraction(*table.VULGAR[word])
            return Numeral(token.start, token.end, value, "fraction", mantissa=value), at + 1
        if word == "half":
            return self._half(at)
        if word in table.PARTS and (part := self._part(at)):
            return part
        if word in table.ORDINALS:
            second = word == "second" and self._at(at - 1).kind == "n"
            value = Fraction(table.ORDINALS[word])
            found = Numeral(token.start, token.end, value, "ordinal", weak=value == 1, mantissa=value)
            return (None if second else found), at + 1
        if word in table.FEW or word in table.PLURALS or word == "tens":
            return self._vague(at)
        if word in ("noon", "midnight"):
            return Numeral(token.start, token.end, Fraction(720 if word == "noon" else 0), "time"), at + 1
        if word in table.SOFT:
            return Numeral(token.start, token.end, Fraction(table.SOFT[word]), soft=True), at + 1
        return None, at + 1

    def _sum(self, at: int) -> tuple[Numeral | None, int]:
        """Number words from `at` on: "two hundred and fifty thousand", "zwölf", "двадцать один"."""
        total, current, rank, largest, scaled = 0, -1, 4, 0, False
        first, after = self.tokens[at], at
        while total < _MOST and (entry := self._entry(after)) is not None:
            name, n = entry
            if name == "magnitude":
                if n in (12, 100):
                    if current > 99:
                        break
                    current, rank = (current if current > 0 else 1) * n, 2 if n == 100 else -1
                else:
                    if total and n > largest:
                        total = (total + max(current, 0)) * n
                    else:
                        total += (current if current > 0 else 1) * n
                    current, rank, largest, scaled = -1, 4, n, True
            elif name == "tens" and n == 20 and current == 4 and self.french:
                current, rank = 80, 1
            elif current >= 0 and (
                table.RANK[name] >= rank or current == 0 or (n > 9 and rank == 1 and not self.french)
            ):
                break
            else:
                current, rank = max(current, 0) + n, table.RANK[name]
            after = self._next(after)
        last = self.tokens[self._last(after)]
        value = Fraction(total + max(current, 0))
        weak = value == 1 and after == at + 1
        found = Numeral(first.start, last.end, value, weak=weak, scaled=scaled, mantissa=value)
        return self._finished(found, self._last(after) + 1)

    def _entry(self, at: int) -> tuple[str, int] | None:
        token = self._at(at)
        return self.words.get(token.text) if token.kind == "w" else None

    def _next(self, at: int) -> int:
        """The token that may go on with a number after the word at `at`: past a hyphen or a joiner."""
        after = at + 1
        token = self._at(after)
        if token.text in _HYPHENS and self._joined(after):
            return after + 1
        if (
            token.text in table.JOINERS
            and (entry := self._entry(after + 1)) is not None
            and entry[0] != "magnitude"
        ):
            name, n = self.words[self.tokens[at].text]
            if (name == "magnitude" and n != 12 and token.text == "and") or (
                token.text in ("y", "et") and name == "tens" and entry[1] < 12
            ):
                return after + 1
        return after

    def _last(self, after: int) -> int:
        """The index of the last number word before `after`."""
        at = after - 1
        while self._entry(at) is None:
            at -= 1
        return at

    def _finished(self, found: Numeral, after: int) -> tuple[Numeral | None, int]:
        """A sum with what may follow it: twenty-first, two-thirds, three and a half million."""
        at = after + (self._at(after).text in _HYPHENS and self._joined(after))
        token = self._at(at)
        near = len(self.text[found.end : token.start]) == 1
        value = found.value
        if (
            near
            and at > after
            and token.text in table.ORDINALS
            and value % 10 == 0
            and table.ORDINALS[token.text] < 10
        ):
            value += table.ORDINALS[token.text]
            return replace(
                found, end=token.end, value=value, mantissa=value, kind="ordinal", weak=False
            ), at + 1
        if near and token.text in table.PARTS and (value == 1) == (not token.text.endswith("s")):
            value = value / table.PARTS[token.text]
            return Numeral(found.start, token.end, value, "fraction", mantissa=value), at + 1
        if (
            value.denominator == 1
            and value < 13
            and (time := self._time(found.start, found.end, str(value), "0"))
        ):
            return time, self._index(time.end, after)
        found, after = self._added(found, after)
        return self._scaled(found, after)

    def _half(self, at: int) -> tuple[Numeral | None, int]:
        token, before = self.tokens[at], self._at(at - 1).text
        if before in table.ORDINALS or before in table.NO_HALF:
            return None, at + 1
        if scale := _HALF_OF.match(self.text, token.end):
            value = Fraction(self.magnitudes[scale.group(1) or scale.group(2)], 2)
            found = Numeral(token.start, scale.end(), value, mantissa=Fraction(1, 2), scaled=True)
            return found, self._index(scale.end(), at)
        joined = self._joined(at + 1) and self._at(at + 1).text in _HYPHENS
        if joined and self._at(at + 2).text not in ("hour", "century", "mile", "day", "year", "point"):
            return None, at + 2
        return Numeral(token.start, token.end, Fraction(1, 2), "fraction", mantissa=Fraction(1, 2)), at + 1

    def _part(self, at: int) -> tuple[Numeral | None, int] | None:
        """ "a third of": a fraction after "a" where nothing follows that a third one could be."""
        token, after = self.tokens[at], self._at(at + 1)
        if self._at(at - 1).text not in ("a", "an") or token.text.endswith("s"):
            return None
        if after.kind == "w" and after.text not in table.AFTER and token.text != "quarter":
            return None
        value = Fraction(1, table.PARTS[token.text])
        end, following = token.end, at + 1
        if scale := _HALF_OF.match(self.text, token.end):
            value *= self.magnitudes[scale.group(1) or scale.group(2)]
            end, following = scale.end(), self._index(scale.end(), at)
        kind: Kind = "fraction" if value < 1 else "cardinal"
        return Numeral(token.start, end, value, kind, mantissa=value), following

    def _plural_of(self, at: int) -> int:
        return table.PLURALS.get(self._at(at + 1).text, 0) if self._at(at).text == "of" else 0

    def _vague(self, at: int) -> tuple[Numeral | None, int]:
        """Hundreds, dozens, tens of thousands, several hundred."""
        token = self.tokens[at]
        value, after = table.PLURALS.get(token.text, 0), at + 1
        if token.text in table.FEW:
            scale = self.magnitudes.get(self._at(after).text, 0)
            if not scale or self._at(after).text in table.PLURALS:
                return (
                    (Numeral(token.start, token.end, Fraction(2), soft=True), after)
                    if token.text == "couple"
                    else (None, after)
                )
            value, after = 2 * scale, after + 1
        elif (
            token.text in table.TENS_OF
            and self._at(after).text == "of"
            and self._at(after + 1).text in table.PLURALS
        ):
            value, after = table.TENS_OF[token.text] * table.PLURALS[self._at(after + 1).text], after + 2
        elif not value:
            return None, after
        return Numeral(token.start, self._at(after - 1).end, Fraction(value), "vague"), after

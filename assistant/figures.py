"""Numbers of an answer against the text that it cites: value, magnitude, unit, hedge, and what is counted.

The rule: every number of the sentence stands in the evidence. A number may be written in another notation
("twelve", 1 000, 1.2m) and may be said less exactly ("about 8,400" or "more than 8,000" for 8,412), never
more exactly. A dropped "about" is a doubt of its own, `hedge_dropped`: who prints "100,000" where the source
says "roughly 100,000" claims a count that nobody made, but so do most fair summaries. An added hedge is none.
Sums, shares and converted units are not in the passage, so they are differences too: nobody checks the
arithmetic here. Where a number only seems to count something else, there is no alarm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from assistant.amounts import DAY, Figure, hard, read
from assistant.calendars import Date, dates
from assistant.dates import date_reasons, date_spans
from assistant.models import Reason
from assistant.numberwords import language
from assistant.quantities import same_unit

__all__ = ["Figure", "date_reasons", "figures", "masked", "number_reasons", "same_value"]

_LONGEST = 20_000  # characters of one sentence: more is no sentence
_FALL = re.compile(
    r"\b(?:fe?ll|fall|drop|declin|los[st]|down|decreas|shr[aiu]n|contract|negativ|minus|slump|plung|lower|reduc|cut)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?<![\w/.,:$-])(?:\d{1,4}[:/]\d{1,4}|\d+s\b|\d{1,4}(?:\.\d{1,4}){2,3})(?![\w/:]|[.,]\d)"
)
_SEPTEMBER_11 = re.compile(r"\bSept(?:\.|ember)\s+11\b|\b11\s+September\b")
_THE_TWO = re.compile(
    r"\b(?:the|these|those|its|their|both)\s+two\s+(?:sides|countries|nations|leaders|men|women|parties|sources|"
    r"outlets|articles|reports|accounts|governments|presidents|ministers|companies|capitals)\b",
    re.IGNORECASE,
)

# --- comparing ------------------------------------------------------------------------------------


def figures(text: str) -> list[Figure]:
    """The quantities of `text`, in order; dates are left to `dates`; a bare year is soft."""
    return list(read(text, (language(text),)))


def number_reasons(sentence: str, evidence: str) -> list[Reason]:
    """What the numbers of `sentence` say otherwise than `evidence`: `number_differs` or `hedge_dropped`."""
    if len(sentence) > _LONGEST:
        return [Reason("number_differs", "it is too long for its numbers to be checked")]
    own, other = language(sentence), language(evidence)
    said = read(sentence, (own,))
    if not any(not item.soft for item in said) and not _LABEL.search(sentence):
        return []
    known = read(evidence, (other,) if own in (other, "und") else (other, own))
    excused = [match.span() for match in _THE_TWO.finditer(sentence)]
    reasons = [Reason("number_differs", text) for text in _labels(sentence, evidence)]
    for item in said:
        if item.soft or any(start <= item.start < end for start, end in excused):
            continue
        if other == "und" and not _tells(item, known):
            continue
        if found := _difference(item, known, sentence):
            reasons.append(found)
    return list(dict.fromkeys(reasons))


def _labels(sentence: str, evidence: str) -> list[str]:
    """Digits that are neither quantity nor date (9/11, 24/7, 6:60, 50s), and that the evidence has not."""
    found = []
    for match in _LABEL.finditer(sentence):
        label = match.group()
        if label not in evidence and not (label == "9/11" and _SEPTEMBER_11.search(evidence)):
            known = any(item.start <= match.start() < item.end for item in figures(sentence))
            if not known and not any(a <= match.start() < b for a, b in date_spans(sentence)):
                found.append(f"it says {label} and the passage has no such number")
    return found


def _tells(item: Figure, known: Sequence[Figure]) -> bool:
    """Whether a figure missed in a language that is not read must be missing: it would be in digits."""
    if item.kind != "cardinal" or item.low != item.high:
        return False
    value = item.mantissa if item.mantissa else item.low
    if any(value in (near.mantissa, near.low) for near in known):
        return False
    return value.denominator > 1 or (value > 100 and value % 10 != 0)


def _difference(item: Figure, known: Sequence[Figure], sentence: str) -> Reason | None:
    """What is wrong with one figure of the sentence; None when the evidence supports it."""
    hedged: Figure | None = None
    units: Figure | None = None
    things: Figure | None = None
    for near in known:
        if not _equal(item, near, sentence):
            if _bounded(item, near):
                return None
            continue
        if not _same_thing(item, near, known):
            units = units or near
        elif not _bound_holds(item, near):
            hedged = hedged or near
        elif _counts_else(item, near, known):
            things = things or near
        else:
            return None
    if item.kind == "vague" and any(_vaguely(item, near) for near in known):
        return None
    if item.low != item.high and all(_has_end(item, end, known) for end in (item.low, item.high)):
        return None
    if hedged:
        code = "hedge_dropped" if item.bound == "exact" and hedged.bound == "about" else "number_differs"
        return Reason(code, f"it says {item.shown} where the passage says “{hedged.shown}”")
    if item.weak and not _contradicted(item, known):
        return None
    if rival := _nearest(item, known) or units or things:
        return Reason("number_differs", f"it says {item.shown} where the passage says {rival.shown}")
    return Reason("number_differs", f"it says {item.shown} and the passage has no such number")


def _equal(item: Figure, near: Figure, sentence: str) -> bool:
    """Whether two figures have the same value, whatever they count."""
    if near.low != near.high and item.low == item.high and not (near.unit or near.counts):
        return item.low in (near.low, near.high)  # as likely a score as a range
    if (item.low != item.high) or (near.low != near.high):
        return item.low == near.low and item.high == near.high
    if {item.kind, near.kind} & {"ordinal", "time", "vague"} and item.kind != near.kind:
        return False
    if any(value in near.readings for value in item.readings):
        return True
    if near.low < 0 and -near.low == item.low and near.unit and _FALL.search(sentence):
        return True
    return _as_share(item) is not None and _share_equal(item, near)


def _as_share(item: Figure) -> Fraction | None:
    """A percentage or a fraction as a share of one."""
    if item.unit == "%":
        return item.low / 100
    return item.low if item.kind == "fraction" and item.unit is None else None


def _share_equal(item: Figure, near: Figure) -> bool:
    """Half is 50 percent, and a third is 33."""
    a, b = _as_share(item), _as_share(near)
    if a is None or b is None or item.kind == near.kind:
        return False
    return abs(a - b) <= (Fraction(1, 100) if (a * 100).denominator > 1 or (b * 100).denominator > 1 else 0)


def _same_thing(item: Figure, near: Figure, known: Sequence[Figure]) -> bool:
    """Whether the units agree, or the evidence leaves one open that it uses elsewhere."""
    mine, theirs = hard(item.unit), hard(near.unit)
    if near.counts == DAY:
        return item.unit is None and not item.counts
    if near.soft and item.counts and near.counts and not _share_word(item, near):
        return False  # "both campaigns" is no word on two states
    if near.soft or same_unit(mine, theirs) or (_as_share(item) is not None and _as_share(near) is not None):
        return True
    if mine is None:
        return not item.counts or theirs in ("time", "point")
    if theirs is None:
        if mine in ("year", "time", "point"):
            return True
        return not near.counts and not near.weak and any(other.unit == mine for other in known)
    return False


def _bound_holds(item: Figure, near: Figure) -> bool:
    """Whether the sentence's hedge says no more than the evidence's, for equal values.

    A hedge that is only weaker is fine ("12" as "at least 12"); one that is dropped, turned round or made
    stricter ("at least 12" as "more than 12") is not.
    """
    a, b = item.bound, near.bound
    if a == b or near.soft or item.kind in ("ordinal", "vague"):
        return True
    if b == "exact":
        return a in ("about", "least", "most")
    if a == "exact":
        return False
    if a == "about":
        return True
    return (b, a) in {("over", "least"), ("under", "most"), ("nearly", "most"), ("nearly", "under")}


def _bounded(item: Figure, near: Figure) -> bool:
    """Whether another value of the evidence makes a hedged figure true: 8,412 is more than 8,000."""
    if (
        item.bound == "exact"
        or item.kind in ("ordinal", "vague", "time")
        or near.kind in ("ordinal", "vague", "time")
    ):
        return False
    if item.low != item.high or near.soft or item.low <= 0 or _roundness(item.low) >= _roundness(near.low):
        return False
    shares = _as_share(item), _as_share(near)
    if shares[0] is not None and shares[1] is not None:
        value, low, high = shares[0], shares[1], shares[1]
    elif not same_unit(hard(item.unit), hard(near.unit)) or (
        item.counts and near.counts and not _share_word(item, near)
    ):
        return False
    else:
        value, low, high = item.low, near.low, near.high
    if item.bound in ("over", "least"):
        return near.bound not in ("under", "nearly", "most") and value <= low <= value * 3 / 2
    if item.bound == "nearly":
        return near.bound in ("exact", "about") and value * 9 / 10 <= low and high < value
    if item.bound in ("under", "most"):
        return near.bound not in ("over", "least") and value * 2 / 3 <= low and high <= value
    return abs(low - value) <= _rounding(value) and low == high


def _roundness(value: Fraction) -> Fraction:
    """How many digits say something: 1 for 8,000, 1.5 for 8,500, 2 for 8,400; less for a simple share."""
    if value.denominator in (2, 3, 4, 5):
        return Fraction(1, 2)
    digits = str(value.numerator * (10**12 // value.denominator)).strip("-0")
    return Fraction(len(digits)) - (Fraction(1, 2) if digits.endswith("5") else 0)


def _rounding(value: Fraction) -> Fraction:
    """How far "about" may be off: half of the last digit that is not zero, and at most a tenth."""
    if value.denominator % 3 == 0 or value.denominator % 7 == 0:
        return value / 12  # a third, a sixth: no decimal ends
    step = Fraction(1)
    while (value / step).denominator > 1:
        step /= 10
    while (value / (step * 10)).denominator == 1:
        step *= 10
    if value / step % 10 == 5 and step >= 10:
        return min(step * 5 / 2, value / 50)
    return min(step / 2, value / 10)


def _vaguely(item: Figure, near: Figure) -> bool:
    """Whether a number of the evidence is meant by "dozens", "hundreds", "thousands"."""
    if near.kind != "cardinal" or (near.soft and near.low < 1000):
        return near.kind == "vague" and near.low == item.low
    base = item.low / 2
    return base * 3 / 2 <= near.low < base * (20 if base in (12, 100) else 1000)


def _has_end(item: Figure, end: Fraction, known: Sequence[Figure]) -> bool:
    """Whether one end of a range stands in the evidence by itself or as the end of another one."""
    return any(
        end in (near.low, near.high)
        and not near.soft
        and (same_unit(hard(item.unit), hard(near.unit)) or not near.unit)
        for near in known
    )


# --- what is counted ------------------------------------------------------------------------------


_ANYBODY = frozenset({"person", "peopl", "people", "man", "men", "woman", "human", "resid", "other"})


def _share_word(item: Figure, near: Figure) -> bool:
    """Whether they name one thing; people are one only where the sentence says no more than that."""
    common = set(item.counts) & set(near.counts)
    return bool(common - _ANYBODY or (common and _ANYBODY.issuperset(item.counts)))


def _counts_else(item: Figure, near: Figure, known: Sequence[Figure]) -> bool:
    """Whether an equal number counts something else, and what the sentence counts has another number."""
    if near.soft or not item.counts or not near.counts or not set(item.counts).isdisjoint(near.counts):
        return False
    return any(other.low != item.low and _share_word(item, other) and not other.soft for other in known)


def _contradicted(item: Figure, known: Sequence[Figure]) -> bool:
    """Whether "one" or "first" stands where the evidence has another number of the same thing."""
    if item.kind == "ordinal":
        return any(
            near.kind == "ordinal" and near.low != item.low and item.counts[:1] == near.counts[:1] != ()
            for near in known
        )
    if item.unit in (None, "person", "day", "time", "point"):
        return False
    return any(near.unit == item.unit and near.kind == "cardinal" and near.low != item.low for near in known)


def _nearest(item: Figure, known: Sequence[Figure]) -> Figure | None:
    """The figure of the evidence that the sentence most likely means: of its unit or of its thing."""

    def distance(near: Figure) -> tuple[bool, Fraction]:
        low, high = sorted((abs(item.low), abs(near.low)))
        return not _share_word(item, near), high / low if low else Fraction(10**9)

    alike = [
        near
        for near in known
        if not near.soft
        and (near.kind == item.kind or "cardinal" in (near.kind, item.kind))
        and (near.low, near.high) != (item.low, item.high)
        and (
            (hard(item.unit) and same_unit(item.unit, near.unit))
            or _share_word(item, near)
            or item.kind == near.kind != "cardinal"
        )
    ]
    return min(alike, key=distance, default=None)


# --- for others -----------------------------------------------------------------------------------


def same_value(a: str, b: str) -> bool:
    """Whether two words or short phrases are one number or one date in two notations: "12" and "twelve"."""
    dates_a, dates_b = dates(a), dates(b)
    if dates_a and dates_b:
        return [_parts(item) for item in dates_a] == [_parts(item) for item in dates_b]
    first, second = _written(a), _written(b)
    return len(first) == len(second) > 0 and all(
        _equal(x, y, "") and _same_thing(x, y, ()) and x.bound == y.bound
        for x, y in zip(first, second, strict=True)
    )


def _written(text: str) -> list[Figure]:
    return [item for item in figures(text) if not item.soft or (item.low > 999 and item.shown.isdecimal())]


def _parts(item: Date) -> tuple[object, ...]:
    return item.year, item.month, item.day, item.weekday, item.decade, item.relative, item.last


def masked(text: str) -> str:
    """`text` with numbers, their units and dates as spaces, of the same length."""
    spans = date_spans(text) + [(item.start, item.end) for item in figures(text) if not item.soft]
    chars = list(text)
    for start, end in spans:
        chars[start:end] = " " * (end - start)
    return "".join(chars)

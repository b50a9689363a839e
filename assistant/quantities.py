"""What stands around a numeral: its currency, unit and hedge, and the words that it counts."""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from assistant.numberwords import AFTER
from assistant.text import fold, stem

_Bound = Literal["exact", "about", "over", "under", "least", "most", "nearly"]

# --- units ----------------------------------------------------------------------------------------

_SIGNS = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₽": "RUB",
    "¥": "JPY",
    "₴": "UAH",
    "₹": "INR",
    "₪": "ILS",
    "₺": "TRY",
}
_DOLLARS = {"us": "USD", "u.s.": "USD", "a": "AUD", "au": "AUD", "c": "CAD", "ca": "CAD", "hk": "HKD", "nz": "NZD",
            "s": "SGD", "nt": "TWD", "r": "BRL"}  # fmt: skip
_CODES = "usd eur gbp rub jpy uah inr ils try aud cad chf cny".split()
_UNITS = {
    "%": "% percent|per cent|pct|per-cent|prozent|pour cent|por ciento|процент|процента|процентов|per cento|por cento",
    "percentage point": "percentage point|percentage points|percent point|percent points|prozentpunkt|prozentpunkte|"
    "prozentpunkten|points de pourcentage|puntos porcentuales|процентных пункта|процентных пунктов",
    "basis point": "basis point|basis points",
    "point": "point|points|pts",
    "USD": "dollar|dollars|us dollar|us dollars|u.s. dollars|american dollars|dólares|доллар|доллара|долларов",
    "AUD": "australian dollars", "CAD": "canadian dollars", "CENT": "cents|¢",
    "EUR": "euro|euros|евро", "GBP": "pounds sterling|british pounds", "pound": "pound|pounds|lb|lbs",
    "RUB": "rouble|roubles|ruble|rubles|rubel|рубль|рубля|рублей|руб", "JPY": "yen", "CNY": "yuan|renminbi",
    "INR": "rupee|rupees", "UAH": "hryvnia|hryvnias|гривен|гривень", "CHF": "swiss francs|franken",
    "person": "person|persons|people|personen|menschen|leute|personne|personnes|personas|человек|людей|человека",
    "second": "second|seconds|sec|sekunde|sekunden|segundos|secondes|секунд|секунды",
    "minute": "minute|minutes|min|mins|minuten|minutos|минут|минуты",
    "hour": "hour|hours|hr|hrs|h|stunde|stunden|heure|heures|hora|horas|час|часа|часов|ч",
    "day": "day|days|tag|tage|tagen|jour|jours|día|días|день|дня|дней",
    "week": "week|weeks|woche|wochen|semaine|semaines|semana|semanas|неделя|недели|недель",
    "month": "month|months|monat|monate|monaten|mois|mes|meses|месяц|месяца|месяцев",
    "year": "year|years|yr|yrs|jahr|jahre|jahren|ans|année|années|año|años|год|года|лет",
    "decade": "decade|decades|jahrzehnt|jahrzehnte|décadas|décennies", "century": "century|centuries",
    "km": "km|kms|kilometer|kilometers|kilometre|kilometres|kilometern|kilomètre|kilomètres|kilómetros|"
    "километр|километра|километров|км",
    "m": "m|meter|meters|metre|metres|metern|mètre|mètres|metro|metros|метр|метра|метров|м",
    "cm": "cm|centimeter|centimeters|centimetre|centimetres|zentimeter|centimètres|centímetros|сантиметров|см",
    "mm": "mm|millimeter|millimeters|millimetre|millimetres|millimètres|milímetros|миллиметров|мм",
    "mile": "mile|miles|mi|meilen|millas|миль", "nautical mile": "nautical mile|nautical miles|nm",
    "foot": "foot|feet|ft", "inch": "inch|inches", "yard": "yard|yards",
    "sq km": "square kilometer|square kilometers|square kilometre|square kilometres|sq km|km²|km2|quadratkilometer",
    "sq mile": "square mile|square miles|sq mi", "sq m": "square meters|square metres|m²|quadratmeter",
    "sq foot": "square feet|sq ft", "acre": "acre|acres", "hectare": "hectare|hectares|ha|hektar|гектаров",
    "tonne": "tonne|tonnes|metric ton|metric tons|tonnen|toneladas|тонна|тонны|тонн|t|т",
    "ton": "ton|tons", "kg": "kg|kilo|kilos|kilogram|kilograms|kilogramm|kilogrammes|kilogramos|килограмм|кг",
    "gram": "gram|grams|gramm|grammes|gramos", "ounce": "ounce|ounces|oz",
    "litre": "litre|litres|liter|liters|litros", "gallon": "gallon|gallons", "barrel": "barrel|barrels|bpd",
    "km/h": "km/h|kph|kilometers per hour|kilometres per hour|kilometers an hour|kilometres an hour",
    "mph": "mph|miles per hour|miles an hour", "knot": "knot|knots",
    "watt": "watts", "kW": "kw|kilowatt|kilowatts", "MW": "mw|megawatt|megawatts", "GW": "gw|gigawatt|gigawatts",
    "kWh": "kwh|kilowatt hours", "°C": "°c|° c|degree celsius|degrees celsius|grad celsius|degrés|градусов",
    "°F": "°f|° f|degrees fahrenheit", "degree": "°|degree|degrees|grad",
    "time": "time|times|mal|fois|veces|раз|раза",
}  # fmt: skip
_TIMES = ("second", "minute", "hour", "day", "week", "month", "year", "decade")
CURRENCIES = frozenset({*_SIGNS.values(), *_DOLLARS.values(), *(code.upper() for code in _CODES)})
"""Canonical units that are money."""
_CANONICAL = (
    {
        name.strip(): unit
        for unit, names in _UNITS.items()
        for name in names.replace("% percent", "%|percent").split("|")
    }
    | {code: code.upper() for code in _CODES}
    | _SIGNS
)
_ALIKE = (
    frozenset({"ton", "tonne"}), frozenset({"pound", "GBP"}), frozenset({"degree", "°C"}),
    frozenset({"degree", "°F"}), frozenset({"point", "percentage point"}), frozenset({"mile", "nautical mile"}),
)  # fmt: skip
_LONGEST_UNIT = max(map(len, _CANONICAL)) + 2
_UNIT = re.compile(
    r"(?:[ \u00a0\u202f\u2009]?|-)("
    + "|".join(
        re.escape(name).replace(r"\ ", r"[ \u00a0-]") for name in sorted(_CANONICAL, key=len, reverse=True)
    )
    + r")(?![^\W_])",
    re.IGNORECASE,
)
_SIGN_UNIT = re.compile(
    r"[ \u00a0\u202f\u2009]?(%|°\s?[CF]?\b|°|[€£₽₴¢])|[ ]?\$(?=[\s.,;:)]|\Z)", re.IGNORECASE
)
_PREFIX = re.compile(
    r"(?:(?<![^\W\d_])(?P<country>US|U\.S\.|AU|A|CA|C|HK|NZ|S|NT|R))?(?P<sign>[$€£₽¥₴₹₪₺])[ \u00a0]?[-−–]?\Z"
    rf"|(?<![^\W_])(?P<code>{'|'.join(_CODES).upper()})[ \u00a0]?\Z"
)


def prefix(text: str, start: int) -> tuple[int, str | None]:
    """Where a figure with the numeral at `start` begins, and the currency in front of it."""
    low = max(0, start - 8)
    found = _PREFIX.search(text[low:start])
    if not found:
        return start, None
    if found["code"]:
        return low + found.start(), found["code"]
    unit = _SIGNS[found["sign"]]
    if found["country"] and found["sign"] == "$":
        unit = _DOLLARS[found["country"].lower()]
    return low + (found.start("country") if found["country"] else found.start("sign")), unit


def unit_after(text: str, end: int) -> tuple[str | None, int]:
    """The canonical unit behind the numeral that ends at `end`, and where it ends."""
    ahead = text[end : end + _LONGEST_UNIT]
    found = _SIGN_UNIT.match(ahead)
    if found and found.group().strip().lower() not in ("°c", "°f", "° c", "° f"):
        sign = (found[1] or "$").strip()
        return _CANONICAL.get(sign.lower(), "degree"), end + found.end()
    found = _UNIT.match(ahead)
    if not found:
        return None, end
    name = re.sub(r"[ \u00a0-]+", " ", found[1].lower())
    if name == "a" or (found[1].isupper() and name in ("m", "t", "h", "an", "try", "mi")):
        return None, end
    return _CANONICAL.get(name), end + found.end()


def same_unit(a: str | None, b: str | None) -> bool:
    """Whether two units may be one: equal, or names that a writer uses for each other."""
    return a == b or any({a, b} <= pair for pair in _ALIKE)


# --- hedges ---------------------------------------------------------------------------------------

_HEDGES: dict[_Bound, str] = {
    "least": r"at least|a minimum of|no (?:fewer|less) than|not less than|mindestens|au moins|al menos|не менее|"
    r"по меньшей мере|as early as|≥",
    "most": r"up to|at most|no more than|not more than|as many as|as much as|a maximum of|maximum of|bis zu|höchstens|"
    r"jusqu['’]à|hasta|до|не более|≤",
    "nearly": r"nearly|almost|close to|just under|just below|approaching|fast|knapp|près de|presque|casi|почти",
    "over": r"(?:well |just |slightly |a little |far )?(?:more than|over|above|exceeding|in excess of|upwards? of|"
    r"greater than|higher than|longer than|older than)|mehr als|über|plus de|más de|более|больше|свыше|>",
    "under": r"(?:well |slightly )?(?:less than|fewer than|under|below|lower than|younger than|shorter than)|"
    r"weniger als|unter|moins de|menos de|менее|меньше|<",
    "about": r"(?:just )?about|around|roughly|approximately|approx\.?|some|an estimated|estimated|circa|ca\.?|c\.|~|≈|"
    r"or so|in the region of|in the order of|rund|etwa|ungefähr|environ|unos|unas|alrededor de|около|примерно|"
    r"приблизительно",
}
_BEFORE = re.compile(
    r"(?<![^\W_])(?:" + "|".join(f"(?P<{name}>{words})" for name, words in _HEDGES.items()) + r")"
    r"(?:\s+(?:a|an|the|another|his|her|its|their|as much as))?[\s-]*\Z",
    re.IGNORECASE,
)
_AFTER_FIGURE = re.compile(
    r"(?P<least>\+|-plus\b|\s+or\s+(?:more|older|above|higher|longer|over))|(?P<most>\s+or\s+(?:less|fewer|younger|under|lower))|"
    r"(?P<about>-odd\b|-ish\b|\s+or\s+so\b)",
    re.IGNORECASE,
)
# "asked about 12 ships": here "about" is no hedge.
_CONCERNING = re.compile(
    r"\b(?:ask(?:ed|s|ing)?|talk\w*|sp[eo]ak\w*|spoken?|worr\w+|questions?|told|tell\w*|kn[eo]w\w*|th[io]\w*|complain\w*|"
    r"learn\w*|hear\w*|warn\w*|information|reports?|stor(?:y|ies)|l(?:ie|ies|ying|ied)|boast\w*|jok\w+|wr[io]t\w+|"
    r"concern\w*|say|says|said|details?|debate|discuss\w*)\s+about\s*\Z",
    re.IGNORECASE,
)
_AHEAD = 44  # characters in which the longest hedge fits


def hedge_before(text: str, start: int) -> tuple[_Bound, int]:
    """How the figure that begins at `start` is hedged by the words in front of it, and where these begin."""
    low = max(0, start - _AHEAD)
    ahead = text[low:start]
    found = _BEFORE.search(ahead)
    if not found or not found.lastgroup or _CONCERNING.search(ahead):
        return "exact", start
    bound: _Bound = found.lastgroup  # type: ignore[assignment]
    return bound, low + found.start()


def hedge_after(text: str, end: int) -> _Bound | None:
    """The hedge behind a figure: 100+, "or more", "or so"."""
    found = _AFTER_FIGURE.match(text, end)
    return found.lastgroup if found else None  # type: ignore[return-value]


# --- what is counted ------------------------------------------------------------------------------

_NEXT = re.compile(
    r"[\s\u00a0]+(?:of\s+(?:the|his|her|its|their|these|those|them|our)\s+)?([^\W\d_]+)|-([^\W\d_]+)"
)
_PASSED_OVER = frozenset(
    "were was are is have has had been being be others other more additional further new".split()
)


def counted(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """Stems of up to three words that the figure before `end` may count, and where the first of them ends."""
    found: list[str] = []
    last = end
    at = end
    for _ in range(6):
        step = _NEXT.match(text, at, at + 48)
        if not step:
            break
        word = fold(step[1] or step[2])
        at = step.end()
        if word in _PASSED_OVER:
            continue
        if word in AFTER or len(found) == 3:
            break
        found.append(_stem(word))
        if len(found) == 1:
            last = at
    return tuple(found), last


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return stem(word)

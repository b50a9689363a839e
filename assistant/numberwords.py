"""Tables for reading numerals: number words, magnitudes, tokens, and a guess at the language."""

# ruff: noqa: E501 - tables read better in whole rows

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple


class Token(NamedTuple):
    """A numeral in digits (n), a word (w) or a sign (s), in lower case, with its place."""

    kind: str
    text: str
    start: int
    end: int


# --- tokens ---------------------------------------------------------------------------------------

# Groups of three after a space are one number (1 000); a run of digits, points and commas is read later.
_TOKEN = re.compile(
    r"(?P<n>\d{1,3}(?:(?:[ \u00a0\u202f\u2009]\d{3})+|(?:['’]\d{3})+)(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)*)"
    r"|(?P<w>[^\W\d_]+)|(?P<s>[^\w\s]|_)"
)
MOST_TOKENS = 60_000  # four times an article of 10,000 words
MOST_DIGITS = 40  # longer runs are no quantities, and reading them would cost


def tokens(text: str) -> list[Token]:
    """The tokens of `text`, in order."""
    return [
        Token(match.lastgroup or "s", match.group().lower(), match.start(), match.end())
        for match in islice(_TOKEN.finditer(text), MOST_TOKENS)
    ]


# --- words ----------------------------------------------------------------------------------------

READ = frozenset({"en", "de", "fr", "es", "ru"})
"""Languages whose number words are read."""

_SMALL = {
    "en": "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "de": "null ein|eins|eine|einen|einem|einer zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
    "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "zéro un|une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize",
    "es": "cero un|uno|una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince "
    "dieciséis|dieciseis diecisiete dieciocho diecinueve veinte veintiuno|veintiún|veintiuna veintidós "
    "veintitrés veinticuatro veinticinco veintiséis veintisiete veintiocho veintinueve",
    "ru": "ноль|нуль|ноля один|одна|одно|одного|одной|одним два|две|двух|двум|двумя три|трех|трёх|тремя|трём "
    "четыре|четырех|четырёх пять|пяти|пятью шесть|шести|шестью семь|семи|семью восемь|восьми девять|девяти|девятью "
    "десять|десяти|десятью одиннадцать|одиннадцати двенадцать|двенадцати тринадцать|тринадцати "
    "четырнадцать|четырнадцати пятнадцать|пятнадцати шестнадцать|шестнадцати семнадцать|семнадцати "
    "восемнадцать|восемнадцати девятнадцать|девятнадцати",
}
_TENS = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt|vingts trente quarante cinquante soixante septante huitante|octante nonante",
    "es": "- treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "ru": "двадцать|двадцати тридцать|тридцати сорок|сорока пятьдесят|пятидесяти шестьдесят|шестидесяти "
    "семьдесят|семидесяти восемьдесят|восьмидесяти девяносто",
}
_HUNDREDS = {
    "es": "cien|ciento doscientos|doscientas trescientos|trescientas cuatrocientos quinientos|quinientas "
    "seiscientos setecientos ochocientos novecientos",
    "ru": "сто|ста двести|двухсот триста|трехсот|трёхсот четыреста|четырехсот пятьсот|пятисот шестьсот|шестисот "
    "семьсот|семисот восемьсот|восьмисот девятьсот|девятисот",
}
_MAGNITUDES: dict[str, dict[str, int]] = {
    "en": {"hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12, "mn": 6, "mln": 6, "bn": 9},
    "de": {"hundert": 2, "tausend": 3, "million": 6, "millionen": 6, "mio": 6, "milliarde": 9, "milliarden": 9,
           "mrd": 9, "billion": 12, "billionen": 12},
    "fr": {"cent": 2, "cents": 2, "mille": 3, "million": 6, "millions": 6, "milliard": 9, "milliards": 9},
    "es": {"mil": 3, "millón": 6, "millon": 6, "millones": 6, "billón": 12, "billones": 12},
    "ru": {"тысяча": 3, "тысячу": 3, "тысячи": 3, "тысяч": 3, "тыс": 3, "миллион": 6, "миллиона": 6,
           "миллионов": 6, "млн": 6, "миллиард": 9, "миллиарда": 9, "миллиардов": 9, "млрд": 9,
           "триллион": 12, "триллиона": 12, "триллионов": 12, "трлн": 12},
}  # fmt: skip
ANY_MAGNITUDE = {
    "mio": 6, "mln": 6, "mrd": 9, "mld": 9, "milioni": 6, "milhões": 6, "miljoen": 6, "milyon": 6, "milyar": 9,
    "miljard": 9, "miliardi": 9, "мільйон": 6, "мільйонів": 6, "мільярд": 9, "мільярдів": 9,
}  # fmt: skip
SUFFIXES = {"k": 3, "m": 6, "mn": 6, "mln": 6, "b": 9, "bn": 9, "tn": 12, "trn": 12}
CJK = {"万": 4, "萬": 4, "億": 8, "亿": 8, "만": 4, "억": 8, "千": 3, "천": 3, "百": 2, "兆": 12, "조": 12}
ORDINALS = {
    word: number
    for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
        "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split(),
        start=1,
    )
} | {f"{tens[:-1]}ieth": 10 * n for n, tens in enumerate(_TENS["en"].split()[1:], start=3)}
PARTS = {"half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4} | {
    word + tail: n for word, n in ORDINALS.items() if 3 < n <= 20 for tail in ("", "s")
}
PLURALS = {"dozens": 24, "hundreds": 200, "thousands": 2_000, "millions": 2_000_000, "billions": 2 * 10**9,
            "trillions": 2 * 10**12, "десятки": 20, "сотни": 200}  # fmt: skip
SOFT = {"both": 2, "couple": 2, "pair": 2, "twice": 2, "double": 2, "doubled": 2, "doubling": 2, "doubles": 2,
         "twin": 2, "twins": 2, "duo": 2, "single": 1, "sole": 1, "once": 1, "triple": 3,
         "tripled": 3, "tripling": 3, "trio": 3, "thrice": 3, "quadruple": 4, "quadrupled": 4, "quartet": 4,
         "decade": 10, "century": 100, "fortnight": 14}  # fmt: skip
FEW = frozenset({"several", "few", "couple", "many"})

PREFIXES = frozenset("mid pre post under over sub non late early plus usd eur gbp rub rs chf".split())
ADJACENT = frozenset(
    """km kg m cm mm h am pm mph kph ft lb lbs g t mw gw kw kwh gb mb tb c f hrs hr min sec x p pc pct l oz hz
    ghz mhz nm sq ha kt s usd eur rub км кг м т г млн млрд тыс ч""".split()
)
VULGAR = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅕": (1, 5), "⅛": (1, 8)}
NO_HALF = frozenset("other better back top bottom latter former each first second northern southern".split())
TENS_OF = {"tens": 10, "dozens": 12, "hundreds": 100, "thousands": 1000}


AFTER = frozenset(
    """a an the of in on at by to from for with and or but as is are was were be been being has have had will would
    can could may might shall should must do does did that which who whom whose than then when where while if
    because since until after before during over under into onto out up down off about against between among
    through per via not no nor so yet also only just it its he his she her they their them we our us you your i
    my me this these those there here each every all any some such more most less least other others same own
    said says according still already even now again later earlier ago old""".split()
)
"""English function words: what follows a number and is in here is not what the number counts."""


def _table(name: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for rank, rows, first, step in (
        ("small", _SMALL, 0, 1), ("tens", _TENS, 20, 10), ("hundreds", _HUNDREDS, 100, 100)
    ):  # fmt: skip
        for index, words in enumerate(rows.get(name, "").split()):
            for word in words.split("|"):
                found[word] = (rank, first + index * step)
    found.update({word: ("magnitude", 10**power) for word, power in _MAGNITUDES[name].items()})
    if name == "de":
        found.update(_german(found))
    if name == "en":
        found["dozen"] = ("magnitude", 12)
    return found


def _german(words: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """Compounds up to 999,000 whose parts are single words: einundzwanzig, zweihundert, zwölftausend."""
    ones = {word: n for word, (rank, n) in words.items() if rank == "small" and 0 < n < 10 and word != "eins"}
    ones = {word: n for word, n in ones.items() if not (n == 1 and word != "ein")}
    tens = {word: n for word, (rank, n) in words.items() if rank == "tens"}
    small = {word: n for word, (rank, n) in words.items() if rank == "small" and n > 1}
    below = small | tens | {f"{one}und{ten}": a + b for one, a in ones.items() for ten, b in tens.items()}
    made = {word: ("small", n) for word, n in below.items() if word not in words}
    made |= {f"{one}hundert": ("hundreds", 100 * n) for one, n in ones.items()}
    made |= {f"{word}tausend": ("thousands", 1000 * n) for word, n in (below | {"ein": 1}).items()}
    return made | {f"{one}hunderttausend": ("thousands", 100_000 * n) for one, n in ones.items()}


WORDS = {name: _table(name) for name in READ}
RANK = {"small": 0, "tens": 1, "hundreds": 2, "thousands": 3}
JOINERS = frozenset({"and", "y", "et", "und"})


# --- language -------------------------------------------------------------------------------------

_VOTES = {
    "en": "the of and to in that for with was were is are on at by from has have had it its their said not",
    "de": "der die das und den dem des von zu mit ist sind war im ein eine einer nicht auf für auch sich bei nach",
    "fr": "le la les des et du dans est une un que qui pour sur pas avec ont été aux par ce au en",
    "es": "el la los las y del en que una un para con por se su fue como más al han ha",
    "it": "il lo gli di che per una non con del della sono nel dei alla anche ha dal",
    "pt": "os as do da em que uma um para com não por foi dos das no na ao são",
    "nl": "de het een van en op te dat voor met zijn is niet aan er om ook bij naar",
    "pl": "na się nie że do jest to od po przez za dla jak o są był",
    "tr": "ve bir bu için ile da de olarak daha çok en olan gibi kadar sonra",
}
_VOTE: dict[str, list[str]] = {}
for _name, _text in _VOTES.items():
    for _word in _text.split():
        _VOTE.setdefault(_word, []).append(_name)
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_NOT_RUSSIAN = re.compile(r"[іїєґўјљњћђџќѓ]", re.IGNORECASE)
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")
_WORDS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=2048)
def language(text: str) -> str:
    """The language that its function words point to, "und" for one that is not known here.

    A text without letters or function words counts as English, which most notations agree with.
    """
    head = text[:2_000]
    if not head.isascii():
        letters = len(_LETTER.findall(head))
        if len(_CYRILLIC.findall(head)) * 2 > letters:
            return "und" if _NOT_RUSSIAN.search(head) else "ru"
        if len(_LATIN.findall(head)) * 2 < letters:
            return "und"
    counts = dict.fromkeys(_VOTES, 0)
    for word in _WORDS.findall(head.lower()):
        if word in _VOTE:
            for name in _VOTE[word]:
                counts[name] += 1
    best = max(counts, key=lambda name: counts[name])
    if counts[best] < 2 or counts[best] == counts["en"]:
        return "en"
    return best if best in READ else "und"

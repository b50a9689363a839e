"""Names of outlets and news agencies, and where a text mentions them.

The agencies are those that newspapers credit most, in the spellings that they credit them by. Beside them
stand well-known outlets that reports cite, and shapes such as "X Wire Service" or "the Springfield Gazette".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.models import Span
from assistant.text import fold

# Name: other spellings, each of which means the agency wherever it stands.
AGENCIES: Mapping[str, tuple[str, ...]] = {
    "The Associated Press": ("AP", "A.P."),
    "Reuters": ("Рейтер", "Рейтерс", "Thomson Reuters"),
    "Agence France-Presse": ("AFP", "France-Presse"),
    "Deutsche Presse-Agentur": ("dpa", "DPA"),
    "Austria Presse Agentur": (),
    "Keystone-SDA": (),
    "TASS": ("ТАСС", "ITAR-TASS", "ИТАР-ТАСС"),
    "RIA Novosti": ("РИА Новости", "РІА Новості", "RIA", "РИА", "РІА"),
    "Interfax-Ukraine": ("Інтерфакс-Україна", "Интерфакс-Украина"),
    "Interfax": ("Интерфакс", "Інтерфакс"),
    "Ukrinform": ("Укрінформ", "Укринформ"),
    "UNIAN": ("УНІАН", "УНИАН"),
    "BelTA": ("БелТА", "БЕЛТА"),
    "Xinhua": ("新华社", "新華社", "Синьхуа"),
    "Kyodo News": ("Kyodo",),
    "Jiji Press": ("Jiji",),
    "Yonhap": (),
    "EFE": ("Agencia EFE",),
    "Europa Press": (),
    "ANSA": (),
    "Lusa": (),
    "Belga": (),
    "Ritzau": (),
    "Tanjug": (),
    "Anadolu Agency": ("Anadolu", "Anadolu Ajansı"),
    "Press Trust of India": ("PTI",),
    "IANS": (),
    "PA Media": ("Press Association",),
    "United Press International": ("UPI",),
    "Canadian Press": (),
    "Australian Associated Press": (),
    "IRNA": (),
    "Tasnim": (),
    "Mehr News": (),
    "WAFA": (),
    "KCNA": (),
    "Bernama": (),
    "Antara": (),
    "Télam": ("Telam",),
    "Notimex": (),
    "Bloomberg News": ("Bloomberg",),
    "Tribune News Service": (),
}
# Spellings that mean something else in running text: only a credit or a dateline shows the agency.
TAGS: Mapping[str, str] = {
    "PA": "PA Media", "CP": "Canadian Press", "AAP": "Australian Associated Press", "AA": "Anadolu Agency",
    "APA": "Austria Presse Agentur", "SDA": "Keystone-SDA", "sda": "Keystone-SDA", "ANI": "ANI", "PAP": "PAP",
    "TNS": "Tribune News Service", "ANP": "ANP", "NTB": "NTB", "TT": "TT", "MTI": "MTI", "epd": "epd",
    "KNA": "KNA", "QNA": "QNA", "WAM": "WAM", "SPA": "SPA", "MENA": "MENA", "SANA": "SANA", "CNA": "CNA",
}  # fmt: skip
_CITED = """
    New York Times|Washington Post|Wall Street Journal|Los Angeles Times|USA Today|Financial Times|
    Fox News|CNN|NBC News|CBS News|ABC News|NBC|CBS|MSNBC|CNBC|BBC|NPR|PBS|C-SPAN|Politico|
    Axios|BuzzFeed News|BuzzFeed|ProPublica|Al Jazeera|Sky News|Daily Mail|The Guardian|
    The Economist|The New Yorker|The Atlantic|The Hill|The Daily Beast|The Intercept|
    Huffington Post|HuffPost|Newsweek|Bellingcat|Der Spiegel|Die Welt|Die Zeit|Le Monde|
    Le Figaro|El País|El Mundo|La Repubblica|Corriere della Sera|Kyiv Independent|
    Ukrainska Pravda|Meduza|Kommersant|Novaya Gazeta|Haaretz|Globe and Mail|
    South China Morning Post|Süddeutsche Zeitung|Frankfurter Allgemeine Zeitung
"""
_PAPER = (
    "Post|Times|Journal|Herald|Gazette|Courier|Courant|Observer|Telegraph|Chronicle|Tribune|Daily|Weekly|"
    "Bee|Globe|Inquirer|Examiner|Dispatch|Sentinel|Register|Star-Tribune|Daily News|"
    "Sun-Times|Mirror|Messenger"
)
AGENCY_SHAPE = (
    r"(?:[A-Z][\w’'-]+ ){1,3}(?:Wire Service|News Agency|Press Agency|News Service|Telegraph Agency)\b"
)
_PAPER_SHAPE = rf"(?:[A-Z][\w’'-]+ ){{1,2}}(?:{_PAPER})\b"
_NO_NAME = re.compile(
    r"(?:(?:Citing|Quoting|According|And|But|When|After|As|In|On|By|For|Since|While|Former|The|An|A|Monday|Tuesday|"
    r"Wednesday|Thursday|Friday|Saturday|Sunday|Mr|Mrs) )+"
)
_ARTICLE = re.compile(r"\A(?:the|der|die|das|dem|den|des|le|la|les|el|los|il)\s+|\Al['’]", re.IGNORECASE)
_TAIL = re.compile(r"\s*(?:\([^)]*\)|-\s+(?:News|Editorial|Opinion)|\.(?:com|org|net|de|ru|ua))\s*$")
_PLAIN = frozenset("news online media radio tv magazine press agency service network report".split())
_INFLECTED = ("n", "s", "en", "es", "а", "у", "ом", "е")
_BETWEEN_WORDS = r"(?=[{}])(?:(?<![\w’'&-])|(?<=\b[lLdD]['’]))(?:{})(?![\w&]|-\w)"
_LAST = re.compile(r"\b[Tt]he\s+([A-Z][\w-]{2,})(?!\s+[A-Z][a-z])")


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]` names an outlet: its key, and the name as a reader knows it.

    `shaped`: it is no outlet that is loaded or listed, but its name looks like that of an English one.
    """

    start: int
    end: int
    key: str
    name: str
    shaped: bool = False


def bare(name: str) -> str:
    """A name without what libraries add to it: "CNN (Web News)" is "CNN"; the article stays."""
    while (shorter := _TAIL.sub("", name)) not in ("", name):
        name = shorter
    return name.strip()


@lru_cache(maxsize=4_096)
def key_of(name: str) -> str:
    """What an outlet's names are compared by: folded, without article, an agency under one name."""
    name = _ARTICLE.sub("", " ".join(bare(name).split()), count=1)
    name = _AGENCY_OF.get(name) or TAGS.get(name) or name
    words = [
        word for word in fold(_ARTICLE.sub("", name, count=1)).replace("&", "and").split() if word != "online"
    ]
    if name.split()[:1] and name.split()[0].isupper() and len(words[:1][0] if words else "") > 1:
        words = [words[0], *(word for word in words[1:] if word not in _PLAIN)]  # "BBC News" is "BBC"
    return " ".join(words)


def mentions(text: str, loaded: Sequence[str]) -> tuple[Mention, ...]:
    """Where `text` names one of the `loaded` outlets, an agency or another outlet, in order.

    A short form ("the Post") counts where one outlet alone can be meant: one that the text names in full,
    else one that is loaded.
    """
    names = tuple(sorted({bare(name) for name in loaded if bare(name)}))
    pattern, known = _spellings(names)
    found = [
        Mention(match.start(), match.end(), key_of(name), name)
        for match in pattern.finditer(text)
        for name in (known[" ".join(match.group().split())],)
        if " " in match.group() or not _is_surname(match.group(), text)
    ]
    found += _apart(_shaped(text), found)
    found += _apart(_short(text, found, names), found)
    return tuple(sorted(found, key=lambda item: item.start))


def _is_surname(word: str, text: str) -> bool:
    """Whether the text speaks of a person of that name: "Mr. Bloomberg"."""
    return word.istitle() and re.search(_TITLES + re.escape(word), text) is not None


def agencies_in(text: str) -> Iterator[tuple[Span, str]]:
    """Where a credit line names agencies: also by spellings that mean something else in running text."""
    for match in _CREDITED.finditer(text):
        spelling = " ".join(match.group().split())
        name = _AGENCY_OF.get(_ARTICLE.sub("", spelling, count=1)) or TAGS.get(spelling) or spelling
        yield match.span(), name


def _apart(new: Iterator[Mention], found: Sequence[Mention]) -> list[Mention]:
    """Those of `new` that share no character with one of `found`."""
    return [item for item in new if not any(item.start < old.end and old.start < item.end for old in found)]


@lru_cache(maxsize=64)
def _spellings(names: tuple[str, ...]) -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern for every spelling of a listed outlet or one of `names`, and what outlet each means."""
    known: dict[str, str] = {}
    for name in (*_WELL_KNOWN, *_AGENCY_OF):
        known.update({form: _AGENCY_OF.get(name, name) for form in _written(name)})
    for name in names:
        known.update(dict.fromkeys(_written(name), name))
        first = name.split()[0]
        if len(first) > 1 and first.isupper() and key_of(first) == key_of(name):
            known[first] = name
        known.update(dict.fromkeys(_forms(_ARTICLE.sub("", name, count=1)), name))
    for spelling, name in _AGENCY_OF.items():
        if not spelling.isascii():
            known.update(dict.fromkeys(_forms(spelling), name))
    known.update({spelling.upper(): name for spelling, name in known.items() if " " in spelling})
    return _alternatives(known), known


def _written(name: str) -> Iterator[str]:
    """A name with and without its article; "The Hill" keeps it, since "Hill" alone is something else."""
    short = _ARTICLE.sub("", name, count=1)
    if short != name and " " not in short:
        yield from (name, name[0].lower() + name[1:])
        if name.startswith("The "):
            return
    yield from (short, short.replace("&", "and"))


def _forms(name: str) -> Iterator[str]:
    """A name of one word with the endings that it takes in German, Russian and Ukrainian."""
    if " " in name or name.isupper() or (name.isascii() and name in _WELL_KNOWN):
        return
    for ending in _INFLECTED:
        yield name + ending
        if name.endswith(("а", "я")):
            yield name[:-1] + ending


def _alternatives(spellings: Iterable[str]) -> re.Pattern[str]:
    longest = sorted(spellings, key=lambda item: (-len(item), item))
    first = re.escape("".join(sorted({item[0] for item in longest})))
    escaped = (re.escape(item).replace(r"\ ", r"\s+") for item in longest)
    return re.compile(_BETWEEN_WORDS.format(first, "|".join(escaped)))


def _shaped(text: str) -> Iterator[Mention]:
    for match in _SHAPE.finditer(text):
        lead = _NO_NAME.match(match.group())
        start = match.start() + (lead.end() if lead else 0)
        name = text[start : match.end()]
        if " " in name:
            yield Mention(start, match.end(), key_of(name), name, shaped=True)


def _short(text: str, full: Sequence[Mention], names: Sequence[str]) -> Iterator[Mention]:
    """ "the Post", where one outlet with that last word is named in full, or is the only one loaded."""
    here = {item.key: item.name for item in full}
    loaded = {key_of(name): name for name in names}
    for match in _LAST.finditer(text):
        last = fold(match.group(1))
        for pool in (here, loaded):
            meant = {key: name for key, name in pool.items() if key.endswith(" " + last)}
            if meant:
                if len(meant) == 1 and last not in _PLAIN:
                    key, name = next(iter(meant.items()))
                    yield Mention(match.start(1), match.end(1), key, name)
                break


_AGENCY_OF: Mapping[str, str] = {
    _ARTICLE.sub("", spelling, count=1): name
    for name, others in AGENCIES.items()
    for spelling in (name, *others)
}
_WELL_KNOWN = tuple(" ".join(name.split()) for name in _CITED.split("|"))
_SHAPE = re.compile(rf"(?<![\w’'-])(?!Federal Register)(?:{AGENCY_SHAPE}|{_PAPER_SHAPE})(?! of\b)")
_TITLES = r"\b(?:Mr|Mrs|Ms|Dr|Mayor|Governor|Senator|Michael|Mike)\.? "
_CREDITED = re.compile(f"{AGENCY_SHAPE}|{_alternatives([*_AGENCY_OF, *TAGS]).pattern}")

"""A sentence as tokens with their places, keys and clauses: what the rules on wording work on.

A key is the stem of a word, or of the word that stands for its family ("closure" has the key of
"close", "Russians" that of "Russia"). English rules; in other languages tokens and keys still hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

import simplemma

from assistant.text import fold, is_common, is_in, script, stem

MOST_TOKENS = 600
"""Tokens of one sentence that are read; the rest of a longer one is not."""

_TOKEN = re.compile(r"[^\W_]+(?:[’'.][^\W_]+)*")
_CHARACTERS = 8_000
_HARD = re.compile(r"[;:()\[\]—–]|\s-\s|\.\s")
_SOFT = re.compile(r"[,…]")
_QUOTES = re.compile(r"[\"“”„«»]")

# Words that begin a clause of their own.
_CLAUSE = frozenset(
    """
    that which who whose because if unless when while although though but whereas whether since until so
    """.split()
)
# Common for a question, but verbs and nouns in a statement.
_SAYING = frozenset(
    """say says said saying tell tells told claim claims claimed report reports reported happen happened
    happens describe differ account accounts article articles source sources""".split()
)
_NUMBER_WORDS = frozenset(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million
    billion trillion dozen percent per cent""".split()
)
_NOT_ADVERBS = frozenset(
    """family early likely unlikely daily deadly friendly supply reply apply ally rally july italy assembly
    elderly rely multiply imply comply fly holy bully jelly lonely costly""".split()
)
CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december mon tue tues wed thu thur thurs fri sat sun jan feb mar apr jun
    jul aug sep sept oct nov dec christmas easter""".split()
)

# Families: the first word stands for the rest. Verbs with their nouns, and close synonyms of news verbs.
_FAMILIES = """
close closure closing shut shuts shutting shutdown | open opening reopen reopening
die death dead died kill killing | invade invasion incursion invader | attack assault strike
accuse accusation accuser blame | threaten threat threatening | criticise criticize criticism critic
promise pledge vow | demand demands | warn warning | decide decision | announce announcement
agree agreement accord | refuse refusal | deny denial | reject rejection | accept acceptance
approve approval | expand expansion enlarge enlargement | support backing back | oppose opposition opponent
arrest detain detention | injure injury wound wounded hurt | rise rose risen increase grow climb growth
fall decrease drop decline | reduce reduction cut | win won | lose lost loss
begin beginning start commence launch | end finish conclude conclusion | resign resignation
buy purchase acquire acquisition | sell sale | build construction construct | destroy destruction
collapse collapsed | vote voting | elect election | investigate investigation inquiry probe
inspect inspection examine examination | operate operator operation | withdraw withdrawal pullout
deploy deployment | deliver delivery supply | discuss discussion talk talks negotiate negotiation
meet meeting | visit trip | move movement | confirm confirmation | explain explanation | propose proposal
suggest suggestion | recommend recommendation | request ask | help aid assist assistance | need necessity
fear fears concern worry | believe belief | know knowledge | protect protection
defend defence defense defensive | govern government | kidnap abduct abduction | convict conviction
sentence sentencing | charge charges | assassinate assassination murder | marry marriage wedding
lead leader leadership | speak spoke speech | soldier troop troops soldiers
spokesman spokesperson spokeswoman | children child kid kids | people persons person | police officers
firm company corporation | sign signature | fail failure | succeed success successful | exist existence
danger dangerous endanger | legal law lawful | weapon weapons arms | kremlin kremlins | guarantee assurance
secure security | military army | eastward east eastwards eastern | westward west westwards western
northward north northern | southward south southern | stabilise stability stable | pretext excuse
tolerate tolerance | border frontier | bank lender | leave left | find found | see saw | lawyer attorney
plane aircraft airplane jet | car vehicle automobile | film movie | physician doctor | lawsuit suit sue sued
teacher instructor trainer | teach train training | territory soil | release free freed | receive get
permit allow permission | ban prohibit forbid outlaw prohibition
"""

# Names of one thing; the first stands for the rest.
_SAME_NAME = """
kyiv kiev | odesa odessa | kharkiv kharkov | lviv lvov | dnipro dnepropetrovsk | chernobyl chornobyl
beijing peking | mumbai bombay | kolkata calcutta | yangon rangoon | myanmar burma
turkey turkiye turkish turk turks | donbas donbass | gaddafi gadhafi qaddafi kadafi | qaeda qaida
zelensky zelenskyy zelenskiy | hezbollah hizbullah | russia russian russians | ukraine ukrainian ukrainians
germany german germans | france french frenchman
britain british briton britons uk u.k united_kingdom english england | europe european europeans
usa u.s u.s.a america american americans united_states | eu e.u european_union | un u.n united_nations
nato north_atlantic_alliance north_atlantic_treaty_organization north_atlantic_treaty_organisation
china chinese | japan japanese | india indian indians | iran iranian iranians | iraq iraqi iraqis
israel israeli israelis | palestine palestinian palestinians | syria syrian syrians
afghanistan afghan afghans | pakistan pakistani pakistanis | poland polish pole poles
italy italian italians | spain spanish spaniard spaniards | mexico mexican mexicans
canada canadian canadians | australia australian australians | brazil brazilian brazilians
egypt egyptian egyptians | korea korean koreans | saudi saudis | greece greek greeks
sweden swedish swede swedes | norway norwegian norwegians | finland finnish finn finns
denmark danish dane danes | netherlands dutch holland | belgium belgian belgians
austria austrian austrians | switzerland swiss | hungary hungarian hungarians | czechia czech czechs
romania romanian romanians | bulgaria bulgarian bulgarians | serbia serbian serbs serb
croatia croatian croats | ireland irish | scotland scottish scots scot | wales welsh | portugal portuguese
cuba cuban cubans | venezuela venezuelan venezuelans | colombia colombian colombians
argentina argentine argentinian | libya libyan libyans | tunisia tunisian | algeria algerian
morocco moroccan | sudan sudanese | nigeria nigerian | nigerians | kenya kenyan | ethiopia ethiopian
yemen yemeni yemenis | lebanon lebanese | jordan jordanian | vietnam vietnamese | thailand thai thais
philippines philippine filipino filipinos | indonesia indonesian | malaysia malaysian
belarus belarusian belarusians | georgia georgian georgians | moldova moldovan | lithuania lithuanian
latvia latvian | estonia estonian | armenia armenian | azerbaijan azerbaijani azeri | kazakhstan kazakh
africa african africans | asia asian asians | soviet ussr | islam islamic muslim muslims
republican republicans gop | democrat democrats democratic | catholic catholics | jew jews jewish
christian christians | isis isil islamic_state | california californian | texas texan
vardonia vardonian vardonians | fbi federal_bureau_of_investigation | cia central_intelligence_agency
who world_health_organization
"""


def _table(text: str) -> dict[str, str]:
    rows = [row.split() for line in text.strip().split("\n") for row in line.split("|")]
    return {word: row[0] for row in rows for word in row if row}


_NAMED = _table(_SAME_NAME)
_LONG_NAMES = {name: first for name, first in _NAMED.items() if "_" in name}
_LONG = re.compile(rf"(?<![a-z])(?:{'|'.join(name.replace('_', ' ') for name in _LONG_NAMES)})(?![a-z])")


@cache
def _family() -> dict[str, str]:
    """The stem that stands for each stem; made when first needed, since stemming loads a dictionary."""
    return {stem(word): stem(first) for word, first in _table(_FAMILIES).items()}


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a sentence: `text[start:end]`, without a genitive 's.

    low: folded; key: stem of its family, for comparing; content: carries meaning; head: a word that a
    "not" or a "may" can stand before, so verbs of saying too; name: a proper name; genitive: "Ann's";
    clause: number of the comma-delimited clause; part: of the part between ; : ( ) or dashes.
    """

    start: int
    end: int
    text: str
    low: str
    key: str
    content: bool
    head: bool
    name: bool
    genitive: bool
    number: bool
    clause: int
    part: int


@dataclass(frozen=True)
class Parse:
    """A sentence as tokens, with what is looked up often. `whole`: no token was left out."""

    text: str
    tokens: tuple[Token, ...]
    whole: bool

    @cached_property
    def flat(self) -> str:
        """The folded words with one space between, and " , " or " ; " where a clause or part ends."""
        return self._flat[0]

    @cached_property
    def starts(self) -> dict[int, int]:
        """The number of the token that begins at an offset of `flat`."""
        return self._flat[1]

    @cached_property
    def _flat(self) -> tuple[str, dict[int, int]]:
        pieces: list[str] = []
        starts: dict[int, int] = {}
        at, before = 0, None
        for number, token in enumerate(self.tokens):
            if before is not None:
                gap = self.text[before.end : token.start]
                mark = " ; " if token.part != before.part else " , " if _SOFT.search(gap) else " "
                pieces.append(mark)
                at += len(mark)
            starts[at] = number
            pieces.append(token.low)
            at += len(token.low)
            before = token
        return "".join(pieces), starts

    @cached_property
    def keys(self) -> frozenset[str]:
        """Keys of its content words."""
        return frozenset(token.key for token in self.tokens if token.content)

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """Where each key stands, of content words and verbs of saying."""
        found: dict[str, list[int]] = {}
        for number, token in enumerate(self.tokens):
            if token.head:
                found.setdefault(token.key, []).append(number)
        return {key: tuple(places) for key, places in found.items()}


@lru_cache(maxsize=4_096)
def parse(text: str) -> Parse:
    """The tokens of one sentence; at most MOST_TOKENS of them."""
    found = list(_TOKEN.finditer(text[:_CHARACTERS]))
    whole = len(found) <= MOST_TOKENS and len(text) <= _CHARACTERS
    raws = [(match.start(), *_bare(match)) for match in found[:MOST_TOKENS]]
    long = _long_names([low for _, _, low, _ in raws])
    heading = _is_heading([word for _, word, _, _ in raws])
    inside = {low for start, word, low, _ in raws if word[:1].isupper() and not _is_first(text, start)}
    tokens: list[Token] = []
    clause = part = before = 0
    for number, (start, word, low, genitive) in enumerate(raws):
        gap = text[before:start]
        if tokens and _HARD.search(gap):
            part += 1
            clause += 1
        elif tokens and (_SOFT.search(gap) or low in _CLAUSE):
            clause += 1
        first = _is_first(text, start)
        name = _is_name(word, low, first, low in inside, heading)
        key = long.get(number) or key_of(word, low)
        count = low[0].isdigit() or low in _NUMBER_WORDS
        head = not count and not _is_function(low)
        content = head and low not in _SAYING
        if name and not count and not content and (word == "US" or not first):
            head = content = word.isupper() and len(word) > 1  # "US", "IT", "WHO"
        before = start + len(word)
        tokens.append(
            Token(
                start, before, word, low, key, content, head, name and content, genitive, count, clause, part
            )
        )
    return Parse(text, tuple(tokens), whole)


def _bare(match: re.Match[str]) -> tuple[str, str, bool]:
    word = match.group()
    genitive = word.endswith(("'s", "’s"))
    if genitive:
        word = word[:-2]
    elif match.string[match.end() : match.end() + 2] in ("' ", "’ ") and word.endswith("s"):
        genitive = True
    return word, fold(word).replace("’", "'") or word, genitive


def _long_names(lows: list[str]) -> dict[int, str]:
    """The key of each token that is part of a name of several words with a shorter form."""
    flat = " ".join(lows)
    found: dict[int, str] = {}
    for match in _LONG.finditer(flat):
        first = flat.count(" ", 0, match.start())
        for number in range(first, first + match.group().count(" ") + 1):
            found[number] = _LONG_NAMES[match.group().replace(" ", "_")]
    return found


@lru_cache(maxsize=50_000)
def key_of(word: str, low: str) -> str:
    """The key of a word; its case tells "US" from "us"."""
    if word == "US":
        return "usa"
    if low in _NAMED and (
        word[:1].isupper() or low not in ("who", "un", "polish", "pole", "poles", "turkey")
    ):
        return _NAMED[low]
    root = stem(low)
    return _family().get(root, root)


@lru_cache(maxsize=50_000)
def _is_function(low: str) -> bool:
    if low in _SAYING:
        return False
    return (
        is_common(low)
        or low.endswith("n't")
        or ("'" in low and is_common(low.split("'")[0]))
        or len(low) == 1
    )


def _is_first(text: str, start: int) -> bool:
    """Whether a word begins a sentence or a quotation, where any word has a capital."""
    before = text[max(0, start - 3) : start].rstrip()
    return not before or before[-1] in '"“”„«»‘.:!?…—–-•*('


def _is_heading(words: list[str]) -> bool:
    """Whether ordinary words have capitals too, as in a headline: then only odd words are names."""
    long = [word for word in words[1:] if len(word) > 3 and not _is_function(fold(word))]
    plain = [word for word in long if _is_plain(fold(word))]
    return len(plain) > 2 and sum(word[0].isupper() for word in plain) >= 0.7 * len(plain)


def _is_name(word: str, low: str, first: bool, inside: bool, heading: bool) -> bool:
    if not word[:1].isupper() or low in CALENDAR:
        return False
    if low in _NAMED:
        return True
    loud = len(word) > 1 and word.isupper()  # "NO COLLUSION"
    if heading or loud:
        return not _is_plain(low)
    return not first or inside or not _is_plain(low)


@lru_cache(maxsize=50_000)
def _is_plain(low: str) -> bool:
    """Whether an English dictionary has the folded word, and not as a name."""
    return is_common(low) or (is_known(low) and simplemma.lemmatize(low, lang="en").islower())


@lru_cache(maxsize=50_000)
def is_known(low: str) -> bool:
    """Whether an English dictionary has the folded word."""
    return bool(simplemma.is_known(low, lang="en")) or is_common(low)


def is_adverb(low: str) -> bool:
    """Whether a word ends like an adverb, which a "not" or a "may" reaches over."""
    return (low.endswith("ly") and low not in _NOT_ADVERBS) or low in ("yet", "still", "even", "ever", "soon")


@lru_cache(maxsize=50_000)
def is_past(low: str) -> bool:
    """Whether a word looks like a past form: "closed", "fell"."""
    if low.endswith("ed"):
        return True
    return not low.endswith(("s", "ing")) and fold(simplemma.lemmatize(low, lang="en")) != low


_ENGLISH = frozenset(
    """the and that with from said have which were their been they this would there about has his when who
    while after because could should its it he she you of to for on by an not but had will or out than into
    over before more her is was are at""".split()
)
_FOREIGN = frozenset(
    """der die das und nicht ist ein eine den dem el la los las que del una por con le les des est et une dans
    het een van och att som il che di per nao um uma
    os je ne na w nie sie er zur zum im mit auf hat wird von""".split()
)


@lru_cache(maxsize=8_192)
def is_english(text: str) -> bool:
    """Whether a sentence is English: by its function words, else by a dictionary.

    The dictionary alone would not do, since a sentence of names has few words that it knows.
    """
    tokens = parse(text).tokens
    if not tokens or script(text) != "latin":
        return False
    ours = sum(token.low in _ENGLISH for token in tokens)
    theirs = sum(token.low in _FOREIGN for token in tokens)
    if ours >= max(1, 0.1 * len(tokens)) and ours > 2 * theirs:
        return True
    return theirs <= ours and is_in(text[:_CHARACTERS], "en")


def is_question(text: str) -> bool:
    """Whether a sentence ends with a question mark."""
    return text.rstrip("\"'”’»)]* \n").endswith("?")

"""Edits of an English news sentence that change what it says, and edits that do not.

Each edit takes a sentence and a random generator and returns the edited sentence, or None where it does
not apply. Method: FactCC's rule-made claims (Kryscinski et al. 2020), with more kinds of edit. Used by
`news_pairs`, which decides on which side of a pair an edit is made.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

import simplemma

Edit = Callable[[str, random.Random], str | None]

_OPPOSITES = """
rose fell|risen fallen|rise fall|rises falls|increased decreased|increase decrease|increases decreases
increasing decreasing|gained lost|won lost|win lose|winning losing|approved rejected|approve reject
accepted refused|accept refuse|supported opposed|support oppose|supports opposes|supporting opposing
allowed banned|allow ban|allows bans|passed failed|began ended|begin end|started stopped|start stop
opened closed|open closed|opening closing|arrived left|entered left|joined quit|hired fired
appointed dismissed|raised lowered|raise lower|raising lowering|strengthened weakened|strengthen weaken
expanded reduced|expand reduce|expanding reducing|praised criticized|praise criticize|praised condemned
confirmed denied|confirms denies|confirm deny|admitted denied|agreed refused|agrees refuses
acquitted convicted|guilty innocent|innocent guilty|legal illegal|lawful unlawful|safe dangerous
safer riskier|higher lower|highest lowest|larger smaller|largest smallest|more fewer|better worse
best worst|majority minority|success failure|successful unsuccessful|victory defeat|alive dead
first last|early late|earlier later|before after|inside outside|above below|public private
possible impossible|likely unlikely|able unable|necessary unnecessary|true false|correct wrong
strong weak|stronger weaker|rich poor|old new|cheap expensive|quickly slowly|remained left
survived died|added removed|add remove|included excluded|includes excludes|include exclude
released withheld|remembered forgot|protected endangered|succeeded failed|upheld overturned
uphold overturn|ally enemy|allies enemies|friend enemy|domestic foreign|northern southern|eastern western
north south|east west|buy sell|bought sold|borrowed lent|import export|imports exports|hot cold
increase drop|surged plunged|climbed dropped|jumped slumped|advance retreat|advanced retreated
attack defend|attacked defended|blamed credited|encouraged discouraged|encourage discourage
hopeful fearful|optimistic pessimistic|happy angry|welcomed condemned|embraced rejected|trust distrust
always never|often rarely|all none|everyone nobody|most few|many few|both neither|permanent temporary
united divided|peaceful violent|popular unpopular
"""
_SAME = """
nearly almost|approximately about
big large|huge enormous|small little|began started|begin start|ended finished|stop halt|stopped halted
purchase buy|purchased bought|help assist|helped assisted|show demonstrate|showed demonstrated
got received|get receive|gave provided|give provide|made produced|asked requested|demand insist
killed slain|children kids|people persons|physician doctor|doctors physicians|attorney lawyer
attorneys lawyers|cops police|automobile car|cars vehicles|firm company|firms companies
business company|job position|jobs positions|film movie|area region|areas regions|city town
nation country|nations countries|federal national|probe investigation|investigation inquiry|attempt try
attempted tried|trying attempting|choose pick|chose picked|important significant|crucial vital
quick fast|rapidly quickly|hard difficult|easy simple|often frequently
rarely seldom|keep retain|kept retained|want wish
wants wishes|wanted wished|happened occurred|happen occur|reply respond|replied responded
answered replied|warned cautioned|criticized slammed|praised lauded|proposed suggested|
plans intends|U.S. American
percent %|percent per_cent|kids children|talks negotiations|deal agreement|agreement accord|vote ballot
poll survey|speech address|meeting gathering|remarks comments|comment remark|statement declaration
residents inhabitants|victims casualties
shooting gunfire|death demise|deaths fatalities|injured hurt|wounded injured|attack assault
attacks assaults|soldiers troops|troops forces|border frontier|money funds
funding financing|cost price|costs expenses|wages pay|salary pay|tax levy|law statute|laws statutes
rule regulation|rules regulations|ban prohibition|banned prohibited|allow permit
allowed permitted|allows permits|reject dismiss|rejected dismissed|approved passed|backed supported
backs supports|supporters backers|opponents critics|increase rise|increased rose|decrease decline
decreased declined|fell dropped|drop fall|grew increased|surge jump|surged jumped|build construct
built constructed|destroyed demolished|arrested detained|arrest detention|released freed|fired dismissed
resigned quit|resign quit|elected chosen|appointed named|several some|numerous many|entire whole
primarily mainly|largely mostly|immediately at_once|currently now|recently lately|nearly close_to
"""
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_NUMBERS = "two three four five six seven eight nine ten eleven twelve".split()
_SCALES = ["thousand", "million", "billion", "trillion"]
_AUXILIARIES = "is are was were will would can could should must has have had does do did may might".split()
_CONTRACTED = {"will not": "won't", "can not": "can't", "cannot": "can't"} | {
    f"{word} not": f"{word}n't"
    for word in "is are was were would could should has have had does do did".split()
}
_PASTS = re.compile(r"\b([a-z]{3,}ed)\b")
_BEFORE_PARTICIPLE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|has|have|had|having|get|got|gets|a|an|the|and|or|of|by|with|newly|well|"
    r"his|her|their|its|not|never|n't|to|for|in|on|as|most|more|who|which|that)\s+(?:\w+ly\s+)?$"
)
_SUBORDINATE = re.compile(
    r"\b(?:when|as|if|although|though|because|since|who|whom|which|that|whose|after|before|while|despite|given|where|"
    r"without|being)\b"
)


def _table(text: str, both: bool) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in re.split(r"[|\n]", text):
        if pair.strip():
            one, other = (word.replace("_", " ") for word in pair.split())
            found.setdefault(one, []).append(other)
            if both:
                found.setdefault(other, []).append(one)
    return found


OPPOSITES = _table(_OPPOSITES, both=True)
SYNONYMS = _table(_SAME, both=False)


def _pick(pattern: re.Pattern[str], text: str, rng: random.Random) -> re.Match[str] | None:
    found = list(pattern.finditer(text))
    return rng.choice(found) if found else None


def _put(text: str, match: re.Match[str], new: str) -> str:
    if match.group()[:1].isupper() and new[:1].islower():
        new = new[0].upper() + new[1:]
    return text[: match.start()] + new + text[match.end() :]


_OPPOSITE = re.compile(
    r"\b(?:{})\b".format("|".join(map(re.escape, sorted(OPPOSITES, key=len, reverse=True))))
)
_SYNONYM = re.compile(
    r"(?<![\w-])(?:{})(?![\w-])".format("|".join(map(re.escape, sorted(SYNONYMS, key=len, reverse=True))))
)


def opposite(text: str, rng: random.Random) -> str | None:
    """A word for its opposite: "rose" for "fell"."""
    match = _pick(_OPPOSITE, text, rng)
    return _put(text, match, rng.choice(OPPOSITES[match.group()])) if match else None


def synonym(text: str, rng: random.Random) -> str | None:
    """Up to three words for near synonyms."""
    changed = None
    for _ in range(rng.randint(1, 3)):
        match = _pick(_SYNONYM, changed or text, rng)
        if match:
            changed = _put(changed or text, match, rng.choice(SYNONYMS[match.group()]))
    return changed


# --- negation ------------------------------------------------------------------------------------

_AUXILIARY = re.compile(r"(?<=[\w,] )({})(?= )(?! not| no | never| n't)".format("|".join(_AUXILIARIES)))
_NEGATED = re.compile(
    r"\b({})(?: not|n't| never)\b|\bcannot\b|\bwon't\b|\bcan't\b".format("|".join(_AUXILIARIES))
)


def negate(text: str, rng: random.Random) -> str | None:
    """A negation put in, in one of several forms, or taken out where the sentence has one."""
    if re.search(r"\b(?:not|never|cannot|no|nobody|none)\b|n't\b", text):
        return affirm(text)
    match = _AUXILIARY.search(text)
    past = _main_past(text)
    if match and not (past and past.start() < match.start()):
        word = match.group(1)
        forms = [f"{word} not", _CONTRACTED.get(f"{word} not", f"{word} not")]
        if word not in ("do", "does", "did"):
            forms.append(f"{word} never")
        return text[: match.start()] + rng.choice(forms) + text[match.end() :]
    if past:
        base = simplemma.lemmatize(past.group(1), lang="en")
        forms = [
            f"did not {base}",
            f"didn't {base}",
            f"never {past.group(1)}",
            f"failed to {base}",
            f"refused to {base}",
        ]
        return (
            text[: past.start()]
            + rng.choice(forms[:3] if rng.random() < 0.8 else forms[3:])
            + text[past.end() :]
        )
    return None


def _main_past(text: str) -> re.Match[str] | None:
    """The first past tense that is no participle, as far as its neighbours tell."""
    for match in _PASTS.finditer(text):
        if simplemma.lemmatize(match.group(1), lang="en") == match.group(1):
            continue
        before, after = text[: match.start()], text[match.end() :]
        if (
            _BEFORE_PARTICIPLE.search(before.lower())
            or "," in before[-3:]
            or after.startswith((" by ", ",", "-"))
        ):
            continue
        plain = before.strip() and not before.endswith("-") and not _SUBORDINATE.search(before.lower())
        return match if plain else None
    return None


def affirm(text: str) -> str | None:
    """The first negation taken out."""
    match = _NEGATED.search(text)
    if not match:
        return None
    word = {"cannot": "can", "won't": "will", "can't": "can"}.get(match.group(), match.group(1))
    return text[: match.start()] + word + text[match.end() :]


# --- numbers and days ------------------------------------------------------------------------------

_DIGITS = re.compile(r"(?<![\w.,$€£-])[$€£]?(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?![\w-]|,\d|\.\d)")
_WORD = re.compile(r"\b(?:{})\b".format("|".join(_NUMBERS)))
_SCALE = re.compile(r"(?<=\d )(?:{})\b".format("|".join(_SCALES)))
_DATE = re.compile(r"\b(?:{})\b".format("|".join(_MONTHS[:4] + _MONTHS[5:] + _DAYS)))


def number(text: str, rng: random.Random) -> str | None:
    """A number, its scale or its unit for another."""
    scale = _pick(_SCALE, text, rng)
    if scale and rng.random() < 0.3:
        return _put(text, scale, rng.choice([item for item in _SCALES if item != scale.group()]))
    word = _pick(_WORD, text, rng)
    match = _pick(_DIGITS, text, rng)
    if word and (not match or rng.random() < 0.5):
        return _put(text, word, rng.choice([item for item in _NUMBERS if item != word.group()]))
    if not match:
        return None
    digits = match.group(1)
    return text[: match.start(1)] + _other_number(digits, rng) + text[match.end(1) :]


def _other_number(digits: str, rng: random.Random) -> str:
    value = float(digits.replace(",", ""))
    if re.fullmatch(r"(?:19|20)\d\d", digits):
        return str(int(value) + rng.choice([-12, -7, -4, -3, -2, -1, 1, 2, 3, 5]))
    factor = rng.choice([0.25, 0.4, 0.5, 0.7, 1.4, 1.6, 2, 2.5, 3, 10])
    if "." in digits:
        return f"{value * factor + 0.3:.{len(digits.split('.')[1])}f}"
    new = int(value * factor) + rng.randint(1, 3)
    new += new == int(value)
    return f"{new:,}" if "," in digits else str(new)


def date(text: str, rng: random.Random) -> str | None:
    """A weekday or a month for another."""
    match = _pick(_DATE, text, rng)
    if not match:
        return None
    pool = _DAYS if match.group() in _DAYS else _MONTHS
    return _put(text, match, rng.choice([item for item in pool if item != match.group()]))


# --- modality and saying ----------------------------------------------------------------------------

_MODAL_FLIPS = {
    "must": ["need not", "must not"],
    "will": ["will not", "won't"],
    "can": ["cannot"],
    "should": ["should not"],
    "would": ["would not"],
    "has to": ["need not"],
    "have to": ["need not"],
}
_MODAL = re.compile(r"\b(?:{})\b(?! not)".format("|".join(_MODAL_FLIPS)))
_SAYING = {
    "said": "denied",
    "says": "denies",
    "confirmed": "denied",
    "claimed": "denied",
    "admitted": "denied",
    "denied": "confirmed",
    "denies": "confirms",
    "acknowledged": "denied",
    "insisted": "denied",
}
_SAID_THAT = re.compile(r"\b({})(?= that\b)".format("|".join(_SAYING)))


def modal(text: str, rng: random.Random) -> str | None:
    """A duty, a plan or a possibility turned into its contrary."""
    match = _pick(_MODAL, text, rng)
    return _put(text, match, rng.choice(_MODAL_FLIPS[match.group()])) if match else None


def saying(text: str, rng: random.Random) -> str | None:
    """ "Denied that" for "said that", and the other way."""
    match = _pick(_SAID_THAT, text, rng)
    return _put(text, match, _SAYING[match.group()]) if match else None


_FUTURES = {
    "was": "may have been",
    "were": "may have been",
    "is": "may be",
    "are": "could be",
    "has": "may have",
    "had": "may have had",
    "will": "may",
    "did not": "may not",
}
_FUTURE = re.compile(r"(?<=[\w] )(?:{})(?= )(?! not)".format("|".join(_FUTURES)))
_HOPES = (
    "may {}",
    "could {}",
    "plans to {}",
    "was expected to {}",
    "was asked to {}",
    "threatened to {}",
    "hoped to {}",
    "promised to {}",
    "allegedly {p}",
    "reportedly {p}",
    "was urged to {}",
    "considered whether to {}",
)
_FRAMES = (
    "It is unclear whether {}.",
    "Reporters asked whether {}.",
    "Critics fear that {}.",
    "If {}, the talks will end.",
    "It has been alleged that {}.",
    "Rumours that {} could not be verified.",
    "Some hope that {}.",
    "Nobody knows yet whether {}.",
    "The inquiry will examine whether {}.",
    "A video online asserts that {}.",
)


def hedge(text: str, rng: random.Random) -> str | None:
    """What happened, said only as possible, planned, asked or alleged: evidence of nothing."""
    past, match = _main_past(text), _FUTURE.search(text)
    kind = rng.random()
    if past and kind < 0.5:
        form = rng.choice(_HOPES)
        new = form.format(simplemma.lemmatize(past.group(1), lang="en"), p=past.group(1))
        return text[: past.start()] + new + text[past.end() :]
    if match and kind < 0.6 and not past:
        return _put(text, match, _FUTURES[match.group()])
    if re.search(r'[“”"?]', text):
        return None
    return rng.choice(_FRAMES).format(lower(text).rstrip("."))


def lower(text: str) -> str:
    """A sentence as a clause: its first word small where it is none of the names."""
    first = text.split(" ", 1)[0]
    small = first.lower() in _STARTERS
    return text[0].lower() + text[1:] if small else text


_STARTERS = frozenset(
    "the a an in on at this that these those it he she they we his her their its some many most all "
    "both but and more about nearly after before when while there no two three four five six one".split()
)

CHANGES: dict[str, Edit] = {
    "negation": negate,
    "opposite": opposite,
    "number": number,
    "date": date,
    "modality": modal,
    "denial": saying,
}

"""Labelled claim and evidence pairs from news sentences, to measure a judge that was not trained on them.

As in FactCC (Kryscinski et al. 2020), rules rewrite one sentence of an article. An edit lands on the claim or
the evidence, half of the time each, and some supported pairs are edited on both sides.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

from assistant.text import content_words, sentences

Label = Literal["supports", "refutes", "neutral"]


@dataclass(frozen=True)
class HeldOutPair:
    """A claim, the evidence to judge it by, the right label, and the rule that made the pair."""

    claim: str
    evidence: str
    label: Label
    kind: str


class _Story(NamedTuple):
    """The sentences of one article, which of them a rule may rewrite, and its people by surname."""

    lines: list[str]
    clean: list[int]
    text: str
    people: dict[str, str]

    def lower(self, part: str) -> str:
        """The words, to stand inside a sentence: no capital unless a name, marked where that is not sure."""
        first, _, rest = part.partition(" ")
        known = re.search(rf"\b{re.escape(first.lower())}\b", self.text)
        named = re.search(rf"[a-z,] {re.escape(first)}\b", self.text)
        if first in _SMALL or (known and not named and rest[:1].islower()):
            return part[0].lower() + part[1:]
        return part if named or not rest[:1].islower() or "'" in first else _DOUBTFUL + part


class _Draft(NamedTuple):
    """A claim, the sentence that is its evidence, and where that sentence stands in its article."""

    claim: str
    core: str
    place: int


Replace = Callable[["re.Match[str]", _Story, random.Random], str]
Rule = tuple["re.Pattern[str]", "str | Replace", bool]
_Sides, _Used = tuple[str, str], set[tuple[int, int]]
Rules = tuple[list[Rule], ...]
Maker = Callable[[_Story, int, random.Random], "_Draft | None"]

# fmt: off
_DOUBTFUL = "\0"
_NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
_DIGITS = {str(value): word for word, value in _NUMBERS.items()}
_SMALL = set("""The A An At In On After During Since Some Many Most All Two Three Last Earlier For With As
    When While Before Every""".split())
_FIRST = dict.fromkeys("""John James Robert Michael William David Joseph Thomas Paul Mike Joe Jim Tom Ted Mitt
    Barack Donald Bernie Mitch Chuck Harry Rand Ben Bob Chris Steve Tim Bill Jeb Rudy""".split(), True)
_FIRST |= dict.fromkeys("""Mary Jennifer Elizabeth Susan Sarah Nancy Michelle Laura Amy Angela Hillary Kamala
    Janet Theresa Ivanka Sonia""".split(), False)
_GROUPS = [line.split() for line in """
    Russia China Iran Israel Germany France Mexico Canada Japan India Pakistan Egypt Syria Turkey Ukraine Cuba
    Texas Florida Ohio Iowa Michigan Wisconsin Pennsylvania Arizona Nevada Colorado Illinois Oregon California
    Chicago Boston Houston Dallas Atlanta Miami Denver London Paris Moscow Beijing Berlin Tehran Baghdad
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    January February March April June July August September October November December
    days weeks months years""".strip().splitlines()]
_SAME = dict(pair.split("=") for pair in """began=started started=began bought=purchased attorney=lawyer
    lawyer=attorney attorneys=lawyers lawyers=attorneys nearly=almost almost=nearly children=kids
    quickly=rapidly frequently=often often=frequently mainly=mostly primarily=mainly largely=mostly
    remarks=comments comments=remarks despite=in+spite+of numerous=many allow=permit
    allowed=permitted""".split())
_OPPOSITE = dict(pair.split("=") for pair in """increased=decreased decreased=increased increase=decrease
    decrease=increase rose=fell won=lost lost=won win=lose supported=opposed approved=rejected
    rejected=approved legal=illegal illegal=legal higher=lower lower=higher highest=lowest lowest=highest
    majority=minority larger=smaller confirmed=denied northern=southern upheld=overturned overturned=upheld
    admitted=denied acknowledged=denied likely=unlikely survived=died rural=urban""".split())
_VERBS = {past: (base, done) for base, past, done in (verb.split(":") for verb in """win:won:won
    give:gave:given take:took:taken write:wrote:written send:sent:sent meet:met:met make:made:made
    buy:bought:bought sell:sold:sold hold:held:held build:built:built begin:began:begun pay:paid:paid
    lose:lost:lost stop:stopped:stopped""".split())}
_VERBS |= {base.removesuffix("e") + "ed": (base, base.removesuffix("e") + "ed") for base in """sign reject
    pass release launch visit introduce arrest join cancel endorse publish attack create attend remove sponsor
    defend issue adopt veto nominate appoint suspend receive accept deliver offer replace support oppose
    criticize condemn praise fire hire kill donate finish repeal expand defeat host approve""".split()}
_BASES = {base: past for past, (base, _) in _VERBS.items()}
_JUNK = re.compile(r"""["“”():;\[\]*|@&#_/…–—?!]|--|\ -\ |\.\.|'(?![a-z]{1,2}\b)|\b(?:I|[Ww]e|[Yy]ou|my|our|us|me
    |AP|Reuters|video|[Pp]hoto|here\.$|[Cc]lick|subscribe|Read|contributed|story|Pinterest)\b""", re.X)
_WEAK_START = re.compile(r"""(?:But|And|So|Or|Yet|Th(?:en|is|at|ese|ose|ere|us|ey|eir)|It|H(?:e|is|er|ere|ow)|She
    |Its|[WM][ey]|I|You|Our|Wh\w+|No[tr]|Instead|Also|Even|Such|However|Maybe|Still|Please|Another|Others|One|Of
    |Like|Unlike|Because|If|To|[A-Z][a-z]+(?:ing|ly|ed))\b""", re.X)
_NO = re.compile(r"""\b(?:no[tr]?|never|none|neither|nothing|nobody|few|hardly|cannot|without|\w+n't|fail\w*|only
    |den(?:y|ied)|refus\w+|declin\w+|unless|until|untrue|any\w*|yet|unclear|whether|if|because)\b""", re.I | re.X)
_INEXACT = """least than over nearly to as under almost about around some roughly within of every and or between
    age the his her their next past first last other The these"""
_DETAILS = ["during a visit to CITY", "after a meeting in CITY", "at the request of lawyers", "on a DAY in MONTH",
    "because of pressure from donors", "in order to avoid a lawsuit", "at a cost of $14 million"]
# Parts of the patterns below, each of which may use those before it.
_PARTS = {name: "|".join(words) for name, words in zip("PAST BASE SAME NUMBER OPPOSITE FIRST PLACE".split(), (
    _VERBS, _BASES, _SAME, _NUMBERS, _OPPOSITE, _FIRST, _GROUPS[0] + _GROUPS[1] + _GROUPS[2]), strict=True)}
_PARTS["EXACT"] = "".join(rf"(?<!\b{word} )" for word in _INEXACT.split()) + "(?<=[a-z] )"
for _line in r"""
DAY = (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)
MONTH = (?:January|February|March|April|June|July|August|September|October|November|December)
AUX = was|were|is|are|has|have|had|will|would|can|could|should|must|may|might|did|does|do
FINITE = (?:<AUX>|said|says|told|<PAST>)\b
NAME = (?:[A-Z][a-z]+[A-Z]?[a-z'-]*|U\.S\.|[A-Z]{2,5}|(?:Sen|Rep|Gov|Mr|Mrs|Ms)\.)
NAMES = (?:<NAME>(?: <NAME>){0,3})
THE = The (?!<FINITE>)[a-z]+(?: (?!<FINITE>|in |of |to |for |that |and )[a-z]+)?
OPEN = In|On|At|After|Before|During|Since|By|For|From|With|Under|As|When|While|Though|Both|Only|Among|Until|Last
WHO = (?!(?:<OPEN>|Despite|Earlier|Each|Many|Some|All|Most|Few|Two|No)\b)(?:<NAMES>|<THE>)
DID = ^(<WHO>) (<PAST>) (?!(?:by|in|on|at|for|with|as|last|<DAY>|to|<AUX>)\b)(.+\.)$
LINK = who|which|that|whose|where|when|if|as|while|because|though|after|before|since|what|how|whether
PLAIN = (?:(?! (?:<LINK>|than|said|says|say|told|and|or|but|announced|to|\w+ing)\b)[^,])+
YEAR = [Ii]n (?:<MONTH> )?(?:19|20)\d\d
WHEN = (?:[Oo]n <DAY>|<YEAR>|[Oo]n <MONTH> \d\d?|(?:[Ll]ast|[Ee]arlier this) (?:week|month|year))
SAID = (?: on <DAY>| <DAY>| last week| this week)?
HE = he|she|they|it|the|a|<NAME>
BE = ^(<PLAIN>) (was|were|is|are|would|could|should)(?! not| never| no\b| also| so| all| still| to\b)
NT = \b(do|does|did|is|are|was|were|has|have|had|would|could|should)
COUNT = \d{2,3}(?:,\d{3})*
SPOKE = police|authorities|the (?:company|agency|department|Pentagon|court)|(?:[a-z]+ )?officials
EVENT = (?:<DAY>|<MONTH>|\d{4}|week|month|year|interview|statement|speech|hearing|debate)
ROLE = criticized|defeated|beat|endorsed|accused|told|asked|urged|blamed|praised|attacked|sued|hired
""".strip().splitlines():
    _name, _, _pattern = _line.partition(" = ")
    _PARTS[_name] = re.sub(r"<([A-Z]{2,})>", lambda m: _PARTS[m[1]], _pattern)
# Kind: pattern => template. "!" asks for a sentence without negation, "@" is a function, [a|b] a choice. A group
# is given as it is (\1), raised (^1), lowered (_1), or as a verb's base (~1), participle (+1), past (<1).
_KEEP_RULES = r"""
synonym: (?<=[a-z,] )(<SAME>)\b(?! to\b| never| no\b| general|,|-) => @same
number_form: (?<=[a-z] )(<NUMBER>)(?= [a-z]) => @digits ;; \b(\d+) percent\b => \1%
number_form: (?<=[a-z] )(?<!of )\d\d?(?= [a-z])(?! percent| [ap]\.m) => @word
money: \$([\d.]+) ([mb]illion)(?= (?:to|in|for|on|over|from|by)\b|\.$) => \1 \2 dollars
contraction: <NT> not(?= [a-z]) => \1n't ;; <NT>n't(?= [a-z]) => \1 not ;; \bwon't\b => will not
nationality: (?<=[a-z] )(?<!an )American(?= [a-z]{4})(?! people| public) => U.S.
nationality: (?<=[a-z] )(?<!a )U\.S\.(?= [a-z]{4})(?! have| will| also) => American
reorder: (?<=\b(?:in|of|by|to) )(<NAME>) and (<NAME>)(?=\.$| (?:in|on|to|for|at|with|has|is)\b) => \2 and \1
attribution: ^([^,]+), (<NAMES>|police|officials|authorities) (said|says)(<SAID>)\.$ => ^2 \3\4 that _1.
attribution: ^([^,]+), according to ([^,]+)\.$ => According to \2, _1.
attribution: ^(<WHO>) (said|says)(<SAID>)(?: that)? ((?!<DAY>)(?:<HE>) [^,]+)\.$ => ^4, _1 \2\3.
move_time: ^(<WHO>) (said|announced|told reporters) (?:on )?(<DAY>) (.+)$ => On \3, _1 \2 \4
move_time: ^(?!.*\b(?:from|until|held|set|of|for|since|late|early) <WHEN>)(<PLAIN>) (<WHEN>)\.$ => ^2, _1.
cleft: !<DID> => It was _1 that \2 \3
cleft: ^(On <DAY>|<YEAR>), ((?!.*\b(?:is|are|will|has|have)\b)[^,]+\.)$ => It was _1 that _2
"""
_WEAKER_RULES = r"""
drop_clause: !^([^,]*[\w.]), (?:who|which|whose|where|an?|the|\d\d)\b[^,]+, (<FINITE>[^,]+\.)$ => \1 \2
drop_clause: !^([^,]{30,}), (?:which|who|where|whose)\b[^,]+\.$ => \1.
drop_clause: !^(<WHO> <FINITE>[^,]{20,}), (?:but|and|while|though|although) (?:<HE>) [^,]+\.$ => \1.
drop_time: !^(?:On|In|During|At|After)\b(?=[^,]*<EVENT>)[^,]+, ((?:<HE>)\b[^,]*\b<FINITE>[^,]+\.)$ => ^1
drop_time: !^((?:(?!\b(?:than|from|since|of|between|late|early)\b|U\.S\. [A-Z])[^,])+) <WHEN>\.$ => \1.
drop_speaker: !^((?:(?!\b(?:may|might|could|he|she|they)\b)[^,])+), (?:<SPOKE>) said<SAID>\.$ => \1.
looser: !(?=[\d$])<EXACT>(\$?)(<COUNT>)(?= [a-z])(?! (?:a\.m|p\.m|and|or|to)) => @looser
double_negation: !<DID> => \1 [did not|didn't] [fail|refuse] to ~2 \3
"""
_EDIT_RULES = r"""
negation: !<DID> => \1 [did not|didn't|failed to|refused to|declined to] ~2 \3 ;; !<DID> => \1 never \2 \3
negation: !<BE> => \1 \2[ not|n't| never] ;; !^(<PLAIN>) will(?! not| also| still)\b => \1 will not
negation_removed: \bdid(?: not|n't) (<BASE>)\b => <1 ;; \b(?:refused|declined) to\b => agreed to
negation_removed: \b(is|are|was|were|would|could|should)(?: not|n't)(?! only| just| even| yet| to\b) => \1
negation_removed: \b(?:will not|won't)\b => will ;; \bcan(?:not|'t)\b => can ;; \bfailed to\b => managed to
number: (?=\d)<EXACT><COUNT>(?=-year-old| [a-z])(?! [ap]\.m| and\b| or\b| to\b) => @number
number: (?=[tfsen])<EXACT>(?:<NUMBER>)(?= [a-z]+s\b) => @number ;; (?<=\$)\d{2,3}(?= [mb]illion) => @number
unit: (?<=\d )million\b => billion ;; (?<=\d )billion\b => million ;; (?<=\d )(?:days|months)\b => weeks
date: \b<DAY>\b(?!'s) => @word_like ;; \b<MONTH>(?= \d\d?\b) => @word_like
date: (?<=[Ii]n )(?:19|20)\d\d(?=,|\.$| [a-z]) => @number
name: \b(?:(<FIRST>) )?([A-Z][a-zA-Z]{2,})\b(?! [A-Z]|-) => @name
place: (?<![A-Z]\w )(?<=[a-z] )\b(?:<PLACE>)\b(?! [A-Z]|, [A-Z]|') => @word_like
roles: ^(<NAMES>) (<ROLE>|thanked|succeeded|warned) (<NAMES>)(?= [a-z]|\.$) => \3 \2 \1
antonym: (?<=[a-z] )(<OPPOSITE>)\b(?! (?:up|out|her|his|their)\b) => @opposite
denial: \b(?:said|announced|confirmed|admitted|acknowledged)(?= that\b) => denied
denial: ^(<WHO>) said ((?:he|she|they|it|the) [^,]+\.)$ => \1 denied that \2
denial: \bagreed to\b => refused to ;; \bmanaged to\b => failed to ;; \b(decided|voted|vowed) to\b => \1 not to
denial: \b(is|are|was|were) (expected|allowed|required|able|willing) to\b => \1 not \2 to
quantifier: ^(?:All|Every one) of\b => None of ;; ^Every\b => No ;; ^(?:Most|Many)(?= [a-z]+s\b) => Few
quantifier: ^Some(?= [a-z]+s\b) => No ;; \b(in|of|on|at|to|with|have|has|and) many(?= [a-z]+s\b) => \1 few
quantifier: \balways(?! un) => never ;; \boften\b => rarely
quantifier: \b(?:more than|at least)(?= \$?\d) => fewer than ;; ^(?:More than|At least)(?= \d) => Fewer than
modal: \bmust(?= [a-z]+ )(?! not| have) => need not ;; (?<!may )(?<!might )\bbe able to\b => be unable to
modal: (?<!he )\b(?:has|needs) to\b(?! say| do) => does not have to
modal: (?<!not |n't |ave )\bhad to\b(?! say| do) => did not have to
untrue: !^(.+)\.$ => It is [untrue|not true|not the case] that _1.
doubt: !^(.+)\.$ => [It is unclear|It is not known|Nobody has established] whether _1.
plan: !<DID> => \1 [planned to|had been asked to|threatened to|had been expected to] ~2 \3
plan: !<DID> => \1 may have +2 \3
plan: !^(.+)\.$ => [Opponents have claimed, without giving proof,|Rumors spread online] that _1.
plan_denied: \b(planned|threatened|been asked|been expected) to\b => never \1 to
will: ^(<WHO>) (?:will|could|may|might|would|plans to|hopes to|wants to) (<BASE>) (.+)$ => \1 <2 \3
detail: ^(?!.*<DAY>)(<WHO> (?:<PAST>) <PLAIN>)\.$ => @detail
"""
# fmt: on


def _other_name(m: re.Match[str], story: _Story, rng: random.Random) -> str:
    if m[2] not in story.people or m.string.count(m[2]) > 1:
        return m[0]
    sex = _FIRST[story.people[m[2]]]
    others = [n for n, first in story.people.items() if n not in m.string and _FIRST[first] == sex]
    name = rng.choice(sorted(others) or [m[2]])
    return f"{story.people[name]} {name}" if m[1] else name


def _word_like(m: re.Match[str], story: _Story, rng: random.Random) -> str:
    others = [w for w in next(group for group in _GROUPS if m[0] in group) if w not in m.string]
    return rng.choice([w for w in others if w in story.text] or others)


def _detail(m: re.Match[str], _story: _Story, rng: random.Random) -> str:
    found = rng.choice(_DETAILS)
    for at, mark in enumerate(("CITY", "DAY", "MONTH"), 2):
        found = found.replace(mark, rng.choice(_GROUPS[at]))
    return f"{m[1]} {found}."


def _other_number(m: re.Match[str], _story: _Story, rng: random.Random) -> str:
    if m[0] in _NUMBERS:
        return rng.choice([w for w, n in _NUMBERS.items() if abs(n - _NUMBERS[m[0]]) > 1])
    value = int(m[0].replace(",", ""))
    if re.fullmatch(r"(?:19|20)\d\d", m[0]):
        return str(value - rng.randint(2, 7))
    changed = round(value * rng.choice([0.4, 0.6, 1.5, 1.8, 2.3])) + rng.choice([1, 2]) * (value < 100)
    return f"{changed:,}" if "," in m[0] else str(changed)


def _looser(m: re.Match[str], _story: _Story, _rng: random.Random) -> str:
    value = int(m[2].replace(",", ""))
    unit = 10 ** (len(str(value)) - 1)
    return m[0] if value % unit == 0 else f"more than {m[1]}{value // unit * unit:,}"


_REPLACE: dict[str, Replace] = {
    "@same": lambda m, _s, _r: _SAME[m[1]].replace("+", " "), "@opposite": lambda m, _s, _r: _OPPOSITE[m[1]],
    "@digits": lambda m, _s, _r: str(_NUMBERS[m[1]]), "@word": lambda m, _s, _r: _DIGITS.get(m[0], m[0]),
    "@looser": _looser, "@word_like": _word_like, "@detail": _detail, "@name": _other_name,
    "@number": _other_number,
}  # fmt: skip


def _rules(text: str) -> dict[str, list[Rule]]:
    found: dict[str, list[Rule]] = defaultdict(list)
    for line in text.strip().replace("\n    ", "").splitlines():
        kind, _, body = line.partition(": ")
        for pattern, by in (rule.split(" => ") for rule in body.split(" ;; ")):
            whole = re.sub(r"<([A-Z]{2,})>", lambda m: _PARTS[m[1]], pattern.removeprefix("!"))
            found[kind].append((re.compile(whole), _REPLACE.get(by, by), pattern[0] == "!"))
    return dict(found)


_KEEP, _WEAKER, _EDIT = _rules(_KEEP_RULES), _rules(_WEAKER_RULES), _rules(_EDIT_RULES)
_DOUBT, _PLAN, _NO_PLAN, _WILL, _DETAIL = map(_EDIT.pop, ("doubt", "plan", "plan_denied", "will", "detail"))


def _apply(rules: list[Rule], text: str, story: _Story, rng: random.Random) -> str | None:
    """The text as the first fitting rule, in random order, changes it."""
    forms: dict[str, Callable[[str], str]] = {
        "\\": str, "^": lambda w: w[:1].upper() + w[1:], "_": story.lower, "~": lambda w: _VERBS[w][0],
        "+": lambda w: _VERBS[w][1], "<": lambda w: _BASES[w],
    }  # fmt: skip
    for pattern, by, plain in rng.sample(rules, len(rules)):
        found = [] if plain and _NO.search(text) else list(pattern.finditer(text))
        for match in rng.sample(found, len(found)):
            if isinstance(by, str):
                chosen = re.sub(r"\[([^]]+)\]", lambda m: rng.choice(m[1].split("|")), by)
                new = re.sub(r"([\\^_~+<])(\d)", lambda m, at=match: forms[m[1]](at[int(m[2])] or ""), chosen)
            else:
                new = by(match, story, rng)
            changed = text[: match.start()] + new + text[match.end() :]
            if changed != text and _DOUBTFUL not in changed:
                return changed
    return None


def _keep(text: str, story: _Story, rng: random.Random, times: int) -> str:
    """The text after up to so many operations that keep its meaning."""
    for kind in rng.sample(list(_KEEP), len(_KEEP)) if times else ():
        if changed := _apply(_KEEP[kind], text, story, rng):
            return _keep(changed, story, rng, times - 1)
    return text


def _made(*rules: list[Rule], swap: bool = False) -> Maker:
    """Rules for both sides, then for the claim, then for the evidence; none leaves the sentence alone."""
    return partial(_draft, rules, swap)


def _draft(rules: Rules, swap: bool, story: _Story, i: int, rng: random.Random) -> _Draft | None:
    both, left, right = (*rules, [], [])[:3]
    line: str | None = story.lines[i]
    line = _apply(both, line, story, rng) if both else line
    sides = [_apply(rules, line, story, rng) if rules and line else line for rules in (left, right)]
    claim, core = sides[::-1] if swap and rng.random() < 0.5 else sides
    times = rng.choice([0, 1]) if left or right else rng.choice([1, 2])
    return _Draft(_keep(claim, story, rng, times), core, i) if claim and core else None


def _less(rules: list[Rule], story: _Story, i: int, rng: random.Random) -> _Draft | None:
    """Evidence that says less than the claim, where the sentences around do not tell the rest."""
    draft = _draft(([], [], rules), False, story, i, rng)
    if draft is None:
        return None
    near = set(content_words(" ".join(story.lines[max(0, i - 1) : i] + story.lines[i + 1 : i + 2])))
    rest = set(content_words(draft.claim)) - set(content_words(draft.core))
    return draft if rest and len(rest & near) <= len(rest) // 4 else None


def _elsewhere(claim: str, story: _Story, others: Iterable[int], limit: float) -> _Draft | None:
    """The sentence that shares most words with the claim, but no more than that part of them."""
    wanted = set(content_words(claim))
    shares = [(len(wanted & set(content_words(story.lines[j]))) / max(1, len(wanted)), j) for j in others]
    best = max((share for share in shares if share[0] <= limit), default=(0.0, 0))
    return _Draft(claim, story.lines[best[1]], best[1]) if best[0] > 0.1 else None


def _other(story: _Story, i: int, _rng: random.Random) -> _Draft | None:
    return _elsewhere(story.lines[i], story, [j for j in story.clean if abs(j - i) > 2], 0.45)


def _makers() -> dict[Label, dict[str, Maker]]:
    """What makes each kind of pair from one sentence of a story, by label, without "same_name"."""
    sure, untrue, less = _EDIT["negation"], _EDIT["untrue"], _WEAKER["drop_clause"] + _WEAKER["drop_time"]
    supports = {kind: _made([], rules) for kind, rules in (_KEEP | _WEAKER).items()}
    both = "negation number antonym denial date name".split()
    supports |= {f"both_{kind}": _made(_EDIT[kind]) for kind in both} | {"both_planned": _made(_PLAN)}
    supports |= {"both_doubtful": _made([], _DOUBT, _DOUBT), "detail_dropped": _made([], [], _DETAIL)}
    supports["untrue_negation"] = _made([], untrue, sure, swap=True)
    refutes = {kind: _made([], rules, swap=True) for kind, rules in _EDIT.items()}
    refutes["plan_denied"] = _made(_PLAN, _NO_PLAN, swap=True)
    neutral = {"detail_missing": partial(_less, less), "detail_added": _made([], _DETAIL)}
    neutral |= {
        "planned": _made([], _WILL),
        "doubtful": _made([], [], _DOUBT + _PLAN),
        "other_sentence": _other,
    }
    return {"supports": supports, "refutes": refutes, "neutral": neutral}


def _story(text: str) -> _Story:
    text = text.replace("’", "'").replace("\xa0", " ")
    lines = [text[start:end] for start, end in sentences(text, "en")]
    clean = [
        i for i, line in enumerate(lines)
        if 8 <= len(line.split()) <= 30 and re.match(r"[A-Z].*[a-z\d%]\.$", line) and "  " not in line
        and lines.count(line) == 1 and not _JUNK.search(line) and not _WEAK_START.match(line)
    ]  # fmt: skip
    people = {m[2]: m[1] for m in _EDIT["name"][0][0].finditer(text) if m[1] and m[2] not in _FIRST}
    return _Story(lines, clean, text, people)


def _evidence(draft: _Draft, story: _Story, rng: random.Random) -> str:
    """The draft's sentence among up to two that stand beside it, in 90 words at most."""
    parts = [draft.core]
    for step in rng.sample([-1, 1], rng.choice([0, 1, 2, 2])):
        beside = story.lines[draft.place + step] if 0 <= draft.place + step < len(story.lines) else ""
        plain = re.match(r"(?!.*Caption|.*Photo)[A-Z“\"].*[.”\"]$", beside) and 5 <= len(beside.split()) <= 40
        if plain and len(" ".join([*parts, beside]).split()) <= 90:
            parts.insert(0 if step < 0 else len(parts), beside)
    return " ".join(parts)


def _scan(make: Maker, stories: list[_Story], used: _Used, rng: random.Random) -> Iterator[_Sides]:
    """Every claim and evidence of this kind, in random order, from sentences that no pair has used yet."""
    order = [(s, i) for s, story in enumerate(stories) for i in story.clean]
    rng.shuffle(order)
    for s, i in order:
        if (s, i) not in used and (draft := make(stories[s], i, rng)):
            evidence = _evidence(draft, stories[s], rng)
            fits = 6 <= len(draft.claim.split()) <= 30 and len(evidence.split()) <= 90
            if fits and draft.claim not in evidence:
                used.add((s, i))
                yield draft.claim, evidence


def _same_name(stories: list[_Story], rng: random.Random) -> Iterator[_Sides]:
    """Sentences of two articles that share a name and little else."""
    holders: dict[str, list[tuple[_Story, int]]] = defaultdict(list)
    for story in stories:
        for name in sorted(story.people):
            holders[name] += [(story, i) for i in story.clean if name in story.lines[i]]
    names = sorted(name for name, held in holders.items() if len(held) > 1)
    for _ in range(len(names) * 50):
        (story, i), (other, j) = rng.sample(holders[rng.choice(names)], 2)
        draft = _elsewhere(story.lines[i], other, [j], 0.3) if story is not other else None
        if draft:
            yield draft.claim, _evidence(draft, other, rng)


def pairs(articles: Iterable[dict[str, str]], count: int, seed: int) -> list[HeldOutPair]:
    """So many pairs, a third of each label, the same for the same articles and seed.

    Each label's kinds take equal turns while their sentences last. Fewer come back if the articles run out.
    """
    rng = random.Random(seed)
    chosen = list(articles)
    stories = [_story(one["text"]) for one in rng.sample(chosen, min(len(chosen), 400 + 2 * count))]
    used: _Used = set()
    live = {
        label: {k: _scan(m, stories, used, rng) for k, m in made.items()} for label, made in _makers().items()
    }
    live["neutral"]["same_name"] = _same_name(stories, rng)
    found: list[HeldOutPair] = []
    while len(found) < count and all(live.values()):
        label = list(live)[len(found) % 3]
        kind = rng.choice(sorted(live[label]))
        if (pair := next(live[label][kind], None)) is not None:
            found.append(HeldOutPair(*pair, label, kind))
        else:
            del live[label][kind]
    return found

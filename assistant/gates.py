"""Whether a sentence of evidence is about a claim at all, and whether it asserts what it says of it.

Method: the claim's main predicate and its names have to be met; questions, conditions, plans, allegations and
what is expressly not said assert nothing. Closed lists of English phrases, each with its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.inflecting import is_participle
from assistant.meeting import Meeting, has_verb
from assistant.modality import modality
from assistant.polarity import in_compound, polarity
from assistant.synonyms import same
from assistant.tokens import Parse, is_past

CONDITION = re.compile(r"(?<![\w'])(?:if|unless|provided that|in case|assuming)(?![\w'])")
_SUSPECT = re.compile(r"(?<![\w'])(?:the|a|an|one|two|three|four|main|prime|male|female) suspects?(?![\w'])")
UNREAL = frozenset(
    "possible likely planned promised decided requested required alleged attempted nearly question".split()
) | {"conditional", "future"}
UNSAID = re.compile(
    r"(?:not|n't|never|neither|nobody|no one|none|cannot|unable to|declin\w+ to|refus\w+ to) (?:\w+ ){0,2}?"
    r"(?:sa(?:y|id)|claim\w*|confirm\w*|think|thought|believ\w+|know|knew|mention\w*|prove[dn]?|clear|sure|"
    r"verif\w+|establish\w*|comment|certain|suggest\w*|impl\w+|mean|meant|den(?:y|ied))(?![\w'])"
)
FALSE = re.compile(
    r"(?<![\w'])(?:false|fake|hoax|untrue|debunked|fabricated|baseless|unfounded|bogus|fictitious|satirical|satire|"
    r"not true|not real|n't real|n't true|not accurate|made up|disproved|disproven|a lie|no truth)(?![\w'])"
)
# "a false flag", "fake passports": the word tells of the noun behind it, unless that is one of telling.
_FALSE_KIND = frozenset("false fake bogus fictitious fabricated baseless unfounded untrue satirical".split())
_TOLD = re.compile(
    r"(?:claims?|reports?|reporting|stor(?:y|ies)|statements?|rumou?rs?|allegations?|accusations?|news|assertions?|"
    r"information|narratives?|suggestions?|impressions?|charges?|speculation|assumptions?|headlines?|posts?|articles?|"
    r"ideas?|notions?|beliefs?|premises?|quotes?|quotations?|propaganda|accounts?|theor(?:y|ies)|conspiracy)\Z"
)
# What is said by nobody: "neither as an admission that ... nor as a denial", "no suggestion that".
_CONTENT_NOUN = (
    r"(?:admission|acknowledg\w+|confession|denial|claim|suggestion|confirmation|statement|assertion|allegation|"
    r"accusation|indication|hint|report|mention|promise|guarantee|rejection|endorsement|declaration|threat)s?"
)
_NO_CONTENT = re.compile(
    rf"(?<![\w'])(?:neither|nor|not|no|without|never|cannot|\w+n't)(?: \w+){{0,4}}? {_CONTENT_NOUN}"
    rf"(?: ,)?(?: (?:nor|or|and|as|an?|any|the|of|by|on|from|{_CONTENT_NOUN})| (?!that\b)\w+){{0,6}}?"
    r" (?:that|of \w+ing)(?![\w'])"
)
# What reverses or empties the verb after it, without a negation.
REVERSING = re.compile(
    r"(?<![\w'])(?:avoid\w*|turn\w* down|stop\w* short|abandon\w*|scrap\w*|cancel\w*|prevent\w*|block\w*|"
    r"instead of|rather than|without|forg[eo]t\w*|barely|hardly|scarcely|rarely|seldom|nearly|almost|yet to|"
    r"before \w+ing|"
    r"too \w+ to|except|far from|unlike|foil\w*|thwart\w*|halt\w*|laugh\w* off|supposed(?:ly)?|so-called|"
    r"alternate|fictional|hypothetical|popular premise)(?![\w'])"
)
_PRONOUNS = frozenset(
    "he she it they we i you him her them us his their its our my this these those that".split()
)


def is_hedged(meeting: Meeting, denied: bool = False) -> bool:
    """Whether the evidence gives a predicate of the claim only as possible, planned or alleged.

    denied: an allegation that it denies counts for nothing ("denied reports that it had").
    """
    unreal = UNREAL - {"alleged", "question"} if denied else UNREAL
    if _not_to(meeting):
        return True
    mine, theirs = modality(meeting.claim.text), modality(meeting.evidence.text)
    if _SUSPECT.search(meeting.evidence.flat):
        unreal = unreal - {"alleged"}  # "the suspect was arrested" is no allegation
    for n in meeting.predicates or [n for n in meeting.met if not meeting.claim.tokens[n].name]:
        if n not in meeting.met:
            continue
        kinds = theirs.kinds[meeting.met[n].at] & unreal
        if kinds and "asserted" not in theirs.kinds[meeting.met[n].at] and not kinds & mine.kinds[n]:
            return True
    return False


def _not_to(meeting: Meeting) -> bool:
    """Whether the evidence has somebody promise or decide "not to" do what the claim has done or not done."""
    wanted = {meeting.met[n].at for n in meeting.predicates if n in meeting.met}
    tokens = meeting.evidence.tokens
    for item in polarity(meeting.evidence.text).hard:
        after = tokens[item.last + 1].low if item.last + 1 < len(tokens) else ""
        if tokens[item.first].low == "not" and after == "to" and wanted & set(item.heads):
            return "not to" not in meeting.claim.flat
    return False


def is_called_false(meeting: Meeting) -> bool:
    """Whether a word such as "false" or "hoax" may be meant of what the claim says."""
    evidence = meeting.evidence
    taken = {item.at for item in meeting.met.values()}
    for match in FALSE.finditer(evidence.flat):
        first = evidence.starts.get(match.start())
        if first is None:
            continue
        last = first + match.group().count(" ")
        if in_compound(evidence, first, last):
            continue
        after = evidence.tokens[last + 1] if last + 1 < len(evidence.tokens) else None
        other = (
            match.group() in _FALSE_KIND
            and after is not None
            and after.head
            and after.clause == evidence.tokens[last].clause
            and last + 1 not in taken
            and not _TOLD.match(after.low)
        )
        if not other:
            return True
    return False


def is_no_content(meeting: Meeting) -> bool:
    """Whether the claim's predicate stands in a clause that nobody is said to state or to deny."""
    met = [meeting.met[n].at for n in meeting.predicates[:1] if n in meeting.met]
    starts = sorted(meeting.evidence.starts)
    for match in _NO_CONTENT.finditer(meeting.evidence.flat):
        last = meeting.evidence.starts[max(at for at in starts if at < match.end())]
        clause = meeting.evidence.tokens[last].clause
        if any(at > last and meeting.evidence.tokens[at].clause == clause for at in met):
            return not _NO_CONTENT.search(meeting.claim.flat)
    return False


def has_predicate(meeting: Meeting) -> bool:
    """Whether the main predicate is met; a denial of the claim's own stands back for what it denies."""
    if not meeting.predicates:
        return meeting.coverage >= 0.85 and has_verb(meeting.claim.text)
    met = [n for n in meeting.predicates if n in meeting.met]
    return meeting.has_main and 2 * len(met) >= len(meeting.predicates)


def has_subject(meeting: Meeting) -> bool:
    """Whether the names of the claim are met; a pronoun of the evidence may stand for one of them."""
    missing = names_missing(meeting)
    if not missing:
        return True
    if any(n in meeting.met for n, token in enumerate(meeting.claim.tokens) if token.name):
        return missing <= 1
    return only_pronoun(meeting)


def names_missing(meeting: Meeting) -> int:
    """How many names of the claim are not met; of a name of several words one is enough."""
    tokens = meeting.claim.tokens
    runs: list[list[int]] = []
    for n, token in enumerate(tokens):
        if not token.name:
            continue
        if runs and runs[-1][-1] == n - 1 and tokens[n - 1].clause == token.clause:
            runs[-1].append(n)
        else:
            runs.append([n])
    return sum(not any(n in meeting.met for n in run) for run in runs)


def lacks_addressee(meeting: Meeting) -> bool:
    """Whether all that is missing is a name right behind a verb ("promised Russia"), with no other there."""
    tokens = meeting.claim.tokens
    gone = [n for n, token in enumerate(tokens) if token.name and n not in meeting.met]
    taken = {item.at for item in meeting.met.values()}
    rivals = any(token.name and place not in taken for place, token in enumerate(meeting.evidence.tokens))
    return len(gone) == 1 and not rivals and gone[0] - 1 in meeting.predicates and gone[0] + 1 < len(tokens)


def only_pronoun(meeting: Meeting) -> bool:
    """Whether a pronoun of the evidence may stand for the claim's first name, if only that is not met."""
    named = [n for n, token in enumerate(meeting.claim.tokens) if token.name]
    others = any(token.name for token in meeting.evidence.tokens)
    pronoun = any(token.low in _PRONOUNS for token in meeting.evidence.tokens[:4])
    return pronoun and not others and names_missing(meeting) == 1 and named[0] not in meeting.met


def limits(text: str) -> Iterator[str]:
    """The small words that limit a statement: "only", "all", "first", "before"."""
    yield from (match.group().lower() for match in _LIMITS.finditer(_OF_NUMBERS.sub(" ", text)))


# "more than 10": the numbers are compared by themselves.
_NUMBER = (
    r"(?:an? )?\w*\d|\w+(?:teen|ty|een)\b|(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|dozen|"
    r"hundred|thousand|million|half|a dozen)\b"
)
_OF_NUMBERS = re.compile(rf"\b(?:(?:more|less|fewer) than|at (?:least|most)|up to|over|under) (?={_NUMBER})")
_LIMITS = re.compile(
    r"\b(?:only|all|every|always|entirely|exclusively|solely|everyone|everything|completely|first|last|before|after|"
    r"most|least|more|less|fewer|until|since|best|largest|biggest|highest|lowest|oldest|youngest|sole|fully|"
    r"whole|entire|both|same|than|mostly|mainly|primarily)\b",
    re.IGNORECASE,
)


_NONE = frozenset("nobody none neither".split())
_WHOM = frozenset("us me them him her it".split())
_MOST_OTHER = 4  # content words of a denial by "nobody" beside its verb: more say something of their own


def nobody_did(meeting: Meeting) -> bool:
    """Whether somebody says that nobody did to him what the claim, without a doer, says was done.

    "The operator was warned" against "Nobody told us of a fault": a passive without "by" has no doer, so that
    "nobody" leaves none; the pronoun stands for who is meant.
    """
    claim, evidence = meeting.claim.tokens, meeting.evidence.tokens
    if not meeting.predicates or len(evidence) < 3:
        return False
    main = meeting.predicates[0]
    passive = any(
        token.low in ("was", "were", "been", "is", "are") for token in claim[max(0, main - 3) : main]
    )
    if not passive or any(token.low in ("by", "not", "never", "no", "nobody") for token in claim):
        return False
    first = 1 if evidence[0].low in _NONE else 2 if (evidence[0].low, evidence[1].low) == ("no", "one") else 0
    at = meeting.met[main].at if main in meeting.met and not meeting.met[main].opposite else -1
    if not first or not first <= at <= first + 2 or at + 1 >= len(evidence):
        return False
    others = sum(token.content for token in evidence) - evidence[0].content
    return evidence[at + 1].low in _WHOM and others <= _MOST_OTHER


def strays(meeting: Meeting) -> bool:
    """Whether the evidence says it of something else: another object stands between the verb and the claim's.

    "The ministry opened an office near the bridge" is no word on whether it opened the bridge.
    """
    if not meeting.has_main:
        return False
    main = meeting.predicates[0]
    tokens, taken = meeting.evidence.tokens, {item.at for item in meeting.met.values()}
    later = [n for n in sorted(meeting.met) if main < n <= main + _NEXT and meeting.claim.tokens[n].content]
    between = [token.low for token in meeting.claim.tokens[main + 1 : later[0]]] if later else []
    infinitive = between == ["to"] and later[0] in meeting.predicates
    if not later or (not infinitive and not _PLACES.isdisjoint(between)):
        return False
    first, last = meeting.met[main].at, meeting.met[later[0]].at
    return any(
        tokens[place].content and place not in taken and not tokens[place + 1].head
        for place in range(first + 1, last)
    )


def is_elsewhere(meeting: Meeting) -> bool:
    """Whether the evidence names the place of the claim only to tell where another place is.

    "On Ukrainian soil" is not met by "on Russian territory near the Ukrainian border": there the adjective is
    bound to another noun, and the noun to another name.
    """
    for n, noun in _named_places(meeting.claim):
        own = meeting.claim.tokens[n]
        places = [at for at, token in enumerate(meeting.evidence.tokens) if token.name and same(own, token)]
        if places and not any(_is_there(meeting, at, noun) for at in places):
            return True
    return False


def _named_places(claim: Parse) -> Iterator[tuple[int, int | None]]:
    """The names of places of a claim, "in Ukraine" or "on Ukrainian soil", and the noun that has them."""
    tokens = claim.tokens
    for n, token in enumerate(tokens):
        before = tokens[n - 1].low if n else ""
        if before == "the":
            before = tokens[n - 2].low if n > 1 else ""
        if not token.name or before not in _INSIDE:
            continue
        after = n + 1 if n + 1 < len(tokens) and tokens[n + 1].clause == token.clause else None
        noun = after if after is not None and tokens[after].content and not tokens[after].name else None
        yield n, noun


def _is_there(meeting: Meeting, at: int, noun: int | None) -> bool:
    """Whether the name at a token of the evidence tells where the thing itself is."""
    tokens = meeting.evidence.tokens
    first = at
    while first and at - first < _LEAD and (tokens[first - 1].name or tokens[first - 1].low in _DETERMINING):
        first -= 1
    lead = tokens[first - 1].low if first else ""
    if lead in _BESIDE or (lead == "with" and first > 1 and tokens[first - 2].low in _EDGES):
        return False
    after = tokens[at + 1] if at + 1 < len(tokens) and tokens[at + 1].clause == tokens[at].clause else None
    bound = after is not None and after.content and not after.name
    if noun is None:
        return not (bound and after is not None and after.low in _EDGES)
    if not bound or noun not in meeting.met:
        return True
    last = at + 1
    while last < len(tokens) and tokens[last].content and tokens[last].clause == tokens[at].clause:
        if same(meeting.claim.tokens[noun], tokens[last]):
            return True
        last += 1
    return False


_INSIDE = frozenset("in on inside within across throughout into onto at over".split())
_BESIDE = frozenset("near off outside beside beyond bordering towards toward from to along opposite".split())
_EDGES = frozenset(
    "border borders frontier frontiers coast boundary boundaries embassy consulate ambassador".split()
)
_DETERMINING = frozenset("the a an its their his her this that".split())
_LEAD = 3  # tokens between a preposition and the name that it governs
_NEXT = 4
_PLACES = frozenset("in on at by for with from into about to of over near since during after before".split())


_BE = frozenset("is are was were be been being".split())


def out_of_order(meeting: Meeting) -> bool:
    """Whether what the claim says of its subject stands before the subject in the evidence.

    "Pearl is a song" is not told by "Corduroy is a song by Pearl". A passive may turn the order.
    """
    if not meeting.has_main or "by" in meeting.claim.flat.split():
        return False
    main = meeting.predicates[0]
    tokens = meeting.claim.tokens
    before = [n for n in sorted(meeting.met) if n < main and tokens[n].content]
    at = meeting.met[main].at
    if not before or all(meeting.met[n].at < at for n in before[-1:]):
        return False
    main_low = tokens[main].low
    copular = any(token.low in _BE for token in tokens[before[-1] + 1 : main])
    return copular and not is_past(main_low) and not is_participle(main_low)

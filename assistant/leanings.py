"""Words of English news prose by which somebody holds, wants, plans or backs something, short of saying it.

Wider than `cues`: what follows them is somebody's view or plan as the article tells it, and no speech. The
nouns are those of saying too: "reports that", "his refusal to".
"""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

Leaning = Literal["said", "thought", "intended", "reported", "unsaid"]

_VOWELS = frozenset("aeiou")


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _double(verb: str) -> bool:
    """Whether the last letter doubles: plan, planned; vow and offer do not."""
    return (
        len(verb) > 2
        and verb[-1] not in _VOWELS | set("wxy")
        and verb[-2] in _VOWELS
        and verb[-3] not in _VOWELS
        and sum(a in _VOWELS and b not in _VOWELS for a, b in pairwise(verb)) == 1
    )


def _regular(verb: str) -> dict[str, str]:
    """The forms of a regular verb, each with b (base), f (finite), g (-ing) or p (past, or passive)."""
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    stem += verb[-1] if _double(verb) else ""
    past, third = stem + "ed", verb + ("es" if verb.endswith(("s", "ch", "sh", "x", "z")) else "s")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        past, third = verb[:-1] + "ied", verb[:-1] + "ies"
    return {verb: "b", third: "f", past: "p", stem + "ing": "g"}


def _all(verbs: str, irregular: str = "") -> dict[str, str]:
    forms: dict[str, str] = {}
    for verb in verbs.split():
        forms |= _regular(verb)
    for line in irregular.split():  # base/third/past/participle/ing
        base, third, past, participle, ing = line.split("/")
        forms |= {participle: "p", past: "p" if past == participle else "f", base: "b", third: "f", ing: "g"}
    return forms


# That something is so: a clause or a thing follows, and nobody need have said it.
_HOLD = _all(
    "believe expect hope fear want wish assume guess suspect trust worry wonder imagine realize "
    "realise consider regard view doubt recall remember acknowledge notice "
    "conclude decide calculate anticipate envision desire",
    "think/thinks/thought/thought/thinking know/knows/knew/known/knowing feel/feels/felt/felt/feeling "
    "understand/understands/understood/understood/understanding",
)
# For or against somebody or something.
_SIDE = _all(
    "love hate dislike prefer favor favour support back oppose endorse reject welcome applaud "
    "praise appreciate thank congratulate blame criticize criticise slam blast attack mock "
    "ridicule bash condemn denounce decry lambast lambaste hammer question challenge dispute disagree "
    "object resent regret bemoan lament mourn tout promote trumpet hail highlight defend admire respect "
    "deride dismiss disavow deny refute rebuke scold chide chastise assail vilify demonize insult belittle "
    "downplay ignore champion advocate boo heckle salute honor honour disapprove approve trash tease "
    "taunt accuse charge label brand dub describe characterize characterise portray depict identify call "
    "credit deem declare pronounce nominate discuss mention reference cite emphasize emphasise stress "
    "underscore underline outline detail explain clarify repeat reiterate echo recite "
    "reaffirm announce propose"
)
# To do something.
_INTEND = _all(
    "plan intend vow pledge promise refuse decline agree offer propose threaten urge demand ask "
    "request encourage advise recommend warn prepare hope attempt hesitate volunteer commit",
    "seek/seeks/sought/sought/seeking swear/swears/swore/sworn/swearing",
)
# A study, a document or a deed shows something.
_SHOW = _all(
    "reveal indicate suggest determine estimate predict project forecast demonstrate prove report "
    "confirm detail chronicle claim allege require imply hint",
    "show/shows/showed/shown/showing find/finds/found/found/finding",
)
SHOWN = frozenset(_SHOW)
# With a preposition or a particle: talked about, called for.
_PHRASAL_BASES = {
    "about": "talk speak joke complain worry think care brag boast ask wonder rail inquire",
    "of": "speak approve disapprove complain dream boast warn conceive",
    "for": "call vote apologize apologise advocate push campaign plead argue pray root hope stump",
    "on": "call comment focus insist weigh opine elaborate dwell",
    "to": "refer point allude respond react object pledge reply confess admit agree vow",
    "against": "rail vote argue campaign warn protest speak inveigh",
    "at": "mock laugh scoff sneer hint shout yell hit fire",
    "out": "point rule lash call",
    "with": "agree disagree sympathize sympathise",
    "in": "believe",
    "off": "brush shrug laugh",
}
_SPOKE = "speak/speaks/spoke/spoken/speaking"

VIEWS: dict[str, tuple[Leaning, str]] = {
    **{word: ("reported", form) for word, form in _SHOW.items()},
    **{word: ("thought", form) for word, form in _SIDE.items()},
    **{word: ("thought", form) for word, form in _HOLD.items()},
    **{word: ("intended", form) for word, form in _INTEND.items()},
}
PHRASAL: dict[str, tuple[frozenset[str], str]] = {}
for _particle, _verbs in _PHRASAL_BASES.items():
    _regulars = " ".join(verb for verb in _verbs.split() if verb not in ("speak", "think", "hit"))
    _odd = _SPOKE if "speak" in _verbs else ""
    _odd += " think/thinks/thought/thought/thinking" if "think" in _verbs else ""
    _odd += " hit/hits/hit/hit/hitting" if " hit" in _verbs else ""
    for _word, _form in _all(_regulars, _odd).items():
        PHRASAL[_word] = (PHRASAL.get(_word, (frozenset(), _form))[0] | {_particle}, _form)

# What somebody says, thinks or plans, as a noun: "claims that", "his plan to", "criticism of".
SAYING_NOUNS = _set(
    "claim claims report reports statement statements allegation allegations accusation accusations warning "
    "warnings denial denials assertion assertions announcement announcements complaint complaints comment "
    "comments remark remarks criticism criticisms answer message messages argument arguments "
    "suggestion suggestions rumor rumors rumour rumours testimony admission declaration speculation "
    "question questions description descriptions rhetoric reply word prediction predictions "
    "attack attacks critique apology explanation acknowledgement acknowledgment insistence"
)
THINKING_NOUNS = _set(
    "belief beliefs view views opinion opinions hope hopes fear fears doubt doubts concern concerns idea "
    "notion conclusion suspicion expectation expectations support opposition endorsement backing approval "
    "disapproval contempt disdain preference feeling feelings confidence impression perception finding "
    "findings evidence assessment estimate estimates faith"
)
INTENDING_NOUNS = _set(
    "plan plans promise promises pledge pledges vow vows proposal proposals demand demands call calls "
    "request requests refusal offer offers threat threats decision willingness intention intentions desire "
    "push unwillingness reluctance commitment ambition ambitions"
)
NOUN_KINDS: dict[str, Leaning] = {
    **dict.fromkeys(SAYING_NOUNS, "reported"),
    **dict.fromkeys(THINKING_NOUNS, "thought"),
    **dict.fromkeys(INTENDING_NOUNS, "intended"),
}  # fmt: skip
NOUN_LINKS = _set("that to of for on about against over in by with")
# Verbs of saying that are something else as often where `scopes` finds nobody who says anything.
OTHERWISE = _set(
    "states state holds held hold spoke speaks points pointed remarks answers answer comments continued "
    "continue continues continuing maintained maintains maintaining added adds add adding read reads "
    "learned granted grants rules found finds credit credits credited proved notes note seemed known knows "
    "terms termed thanks describes write estimates answered responded respond responds imply jokes boasts "
    "hints"
)
# Common verbs that show that the words before another verb are more than a noun phrase.
FINITE = _set(
    "is are was were be been am has have had do does did can could may might must should would will shall "
    "led drew won win wins lost lose loses owned go goes went gone get gets got make makes made take takes "
    "took taken give gives gave given come comes came become becomes became begin begins began begun keep "
    "keeps kept let lets put run runs ran meet meets met send sends sent sit sits sat stand stands stood pay "
    "pays paid bring brings brought buy buys bought build builds built fall falls fell grow grows grew "
    "leave leaves left hold holds held lie sell sells sold spend spends spent strike struck swept throw "
    "threw wear wore break broke broken choose chose catch caught draw draws drive drove eat ate fight "
    "fought fly flew hear heard hit cut set shut lead leads need needs use uses see sees saw work works "
    "want wants help helps include includes compare compares represent represents provide provides serve "
    "serves remain remains move moves live lives seem seems appear appears know knows knew think thinks"
)

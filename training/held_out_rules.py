"""The words and rewriting rules of `held_out_pairs`.

A rule is "kind: pattern => template"; "!" in front asks for a sentence without negation. In a template
"@" is a function, [a|b] a choice, and a group is given as it is (\\1), raised (^1), lowered (_1), or as
a verb's base (~1), participle (+1) or past (<1).
"""

from __future__ import annotations

import re

# fmt: off
DOUBTFUL = "\0"
NUMBERS = {word: n for n, word in enumerate("two three four five six seven eight nine ten".split(), 2)}
DIGITS = {str(value): word for word, value in NUMBERS.items()}
SMALL = set("""The A An At In On After During Since Some Many Most All Two Three Last Earlier For With As
    When While Before Every""".split())
FIRST = dict.fromkeys("""John James Robert Michael William David Joseph Thomas Paul Mike Joe Jim Tom Ted Mitt
    Barack Donald Bernie Mitch Chuck Harry Rand Ben Bob Chris Steve Tim Bill Jeb Rudy""".split(), True)
FIRST |= dict.fromkeys("""Mary Jennifer Elizabeth Susan Sarah Nancy Michelle Laura Amy Angela Hillary Kamala
    Janet Theresa Ivanka Sonia""".split(), False)
GROUPS = [line.split() for line in """
    Russia China Iran Israel Germany France Mexico Canada Japan India Pakistan Egypt Syria Turkey Ukraine Cuba
    Texas Florida Ohio Iowa Michigan Wisconsin Pennsylvania Arizona Nevada Colorado Illinois Oregon California
    Chicago Boston Houston Dallas Atlanta Miami Denver London Paris Moscow Beijing Berlin Tehran Baghdad
    Monday Tuesday Wednesday Thursday Friday Saturday Sunday
    January February March April June July August September October November December
    days weeks months years""".strip().splitlines()]
SAME = dict(pair.split("=") for pair in """began=started started=began bought=purchased attorney=lawyer
    lawyer=attorney attorneys=lawyers lawyers=attorneys nearly=almost almost=nearly children=kids
    quickly=rapidly frequently=often often=frequently mainly=mostly primarily=mainly largely=mostly
    remarks=comments comments=remarks despite=in+spite+of numerous=many allow=permit
    allowed=permitted""".split())
OPPOSITE = dict(pair.split("=") for pair in """increased=decreased decreased=increased increase=decrease
    decrease=increase rose=fell won=lost lost=won win=lose supported=opposed approved=rejected
    rejected=approved legal=illegal illegal=legal higher=lower lower=higher highest=lowest lowest=highest
    majority=minority larger=smaller confirmed=denied northern=southern upheld=overturned overturned=upheld
    admitted=denied acknowledged=denied likely=unlikely survived=died rural=urban""".split())
VERBS = {past: (base, done) for base, past, done in (verb.split(":") for verb in """win:won:won
    give:gave:given take:took:taken write:wrote:written send:sent:sent meet:met:met make:made:made
    buy:bought:bought sell:sold:sold hold:held:held build:built:built begin:began:begun pay:paid:paid
    lose:lost:lost stop:stopped:stopped""".split())}
VERBS |= {base.removesuffix("e") + "ed": (base, base.removesuffix("e") + "ed") for base in """sign reject
    pass release launch visit introduce arrest join cancel endorse publish attack create attend remove sponsor
    defend issue adopt veto nominate appoint suspend receive accept deliver offer replace support oppose
    criticize condemn praise fire hire kill donate finish repeal expand defeat host approve""".split()}
BASES = {base: past for past, (base, _) in VERBS.items()}
JUNK = re.compile(r"""["“”():;\[\]*|@&#_/…–—?!]|--|\ -\ |\.\.|'(?![a-z]{1,2}\b)|
    \b(?:I|[Ww]e|[Yy]ou|my|our|us|me|AP|Reuters|video|[Pp]hoto|here\.$|[Cc]lick|subscribe
    |Read|contributed|story|Pinterest)\b""", re.X)
WEAK_START = re.compile(r"""(?:But|And|So|Or|Yet|Th(?:en|is|at|ese|ose|ere|us|ey|eir)|It|H(?:e|is|er|ere|ow)
    |She|Its|[WM][ey]|I|You|Our|Wh\w+|No[tr]|Instead|Also|Even|Such|However|Maybe|Still|Please|Another|Others|One
    |Of|Like|Unlike|Because|If|To|[A-Z][a-z]+(?:ing|ly|ed))\b""", re.X)
NO = re.compile(r"""\b(?:no[tr]?|never|none|neither|nothing|nobody|few|hardly|cannot|without|\w+n't|fail\w*
    |only|den(?:y|ied)|refus\w+|declin\w+|unless|until|untrue|any\w*|yet|unclear|whether|if|because)\b
    """, re.I | re.X)
INEXACT = """least than over nearly to as under almost about around some roughly within of every and or
    between age the his her their next past first last other The these"""
DETAILS = ["during a visit to CITY", "after a meeting in CITY", "at the request of lawyers",
    "on a DAY in MONTH", "because of pressure from donors",
    "in order to avoid a lawsuit", "at a cost of $14 million"]
# Parts of the patterns below, each of which may use those before it.
PARTS = {name: "|".join(words) for name, words in zip("PAST BASE SAME NUMBER OPPOSITE FIRST PLACE".split(), (
    VERBS, BASES, SAME, NUMBERS, OPPOSITE, FIRST, GROUPS[0] + GROUPS[1] + GROUPS[2]), strict=True)}
PARTS["EXACT"] = "".join(rf"(?<!\b{word} )" for word in INEXACT.split()) + "(?<=[a-z] )"
for _line in r"""
DAY = (?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)
MONTH = (?:January|February|March|April|June|July|August|September|October|November|December)
AUX = was|were|is|are|has|have|had|will|would|can|could|should|must|may|might|did|does|do
FINITE = (?:<AUX>|said|says|told|<PAST>)\b
NAME = (?:[A-Z][a-z]+[A-Z]?[a-z'-]*|U\.S\.|[A-Z]{2,5}|(?:Sen|Rep|Gov|Mr|Mrs|Ms)\.)
NAMES = (?:<NAME>(?: <NAME>){0,3})
THE = The (?!<FINITE>)[a-z]+(?: (?!<FINITE>|in |of |to |for |that |and )[a-z]+)?
OPEN = In|On|At|After|Before|During|Since|By|For|From|With|Under|As|When|While|Though|Both|Only|Among
    |Until|Last
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
""".strip().replace("\n    ", "").splitlines():
    _name, _, _pattern = _line.partition(" = ")
    PARTS[_name] = re.sub(r"<([A-Z]{2,})>", lambda m: PARTS[m[1]], _pattern)
KEEP_RULES = r"""
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
WEAKER_RULES = r"""
drop_clause: !^([^,]*[\w.]), (?:who|which|whose|where|an?|the|\d\d)\b[^,]+, (<FINITE>[^,]+\.)$ => \1 \2
drop_clause: !^([^,]{30,}), (?:which|who|where|whose)\b[^,]+\.$ => \1.
drop_clause: !^(<WHO> <FINITE>[^,]{20,}), (?:but|and|while|though|although) (?:<HE>) [^,]+\.$ => \1.
drop_time: !^(?:On|In|During|At|After)\b(?=[^,]*<EVENT>)[^,]+, ((?:<HE>)\b[^,]*\b<FINITE>[^,]+\.)$ => ^1
drop_time: !^((?:(?!\b(?:than|from|since|of|between|late|early)\b|U\.S\. [A-Z])[^,])+) <WHEN>\.$ => \1.
drop_speaker: !^((?:(?!\b(?:may|might|could|he|she|they)\b)[^,])+), (?:<SPOKE>) said<SAID>\.$ => \1.
looser: !(?=[\d$])<EXACT>(\$?)(<COUNT>)(?= [a-z])(?! (?:a\.m|p\.m|and|or|to)) => @looser
double_negation: !<DID> => \1 [did not|didn't] [fail|refuse] to ~2 \3
"""
EDIT_RULES = r"""
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
denial: \bagreed to\b => refused to
denial: \bmanaged to\b => failed to
denial: \b(decided|voted|vowed) to\b => \1 not to
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

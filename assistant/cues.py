"""The words of English news prose that tell who is speaking: verbs of saying, roles, titles, small words."""

from __future__ import annotations


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _forms(verbs: str) -> dict[str, str]:
    """Finite forms and the -ing form of regular verbs, each with `f` (finite), `b` (base) or `g` (gerund)."""
    forms: dict[str, str] = {}
    for verb in verbs.split():
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
        past = stem + "ed"
        third = verb + ("es" if verb.endswith(("s", "ch", "sh")) else "s")
        if verb.endswith("y") and verb[-2] not in "aeou":
            past, third = verb[:-1] + "ied", verb[:-1] + "ies"
        forms |= {verb: "b", past: "f", third: "f", stem + "ing": "g"}
    return forms


# A clause or a quotation follows or precedes: he said (that) p; p, he said.
SAY = {
    "said": "f", "says": "f", "say": "b", "saying": "g", "wrote": "f", "writes": "f", "write": "b",
    "writing": "g", "admitted": "f", "admits": "f", "admit": "b", "admitting": "g", "quipped": "f",
    "maintained": "f", "maintains": "f", "maintaining": "g", "swore": "f", "read": "b", "reads": "f",
    "replied": "f", "conceded": "f", "testified": "f", "retorted": "f", "went-on": "f", "tweeted": "f",
    **_forms(
        "state add announce claim insist assert contend argue explain note reply tweet stress declare "
        "acknowledge suggest continue indicate recall conclude testify caution confirm reveal report "
        "observe predict allege complain concede joke remark reiterate repeat respond answer counter agree "
        "emphasize emphasise disclose imply comment boast quip mention assure affirm speculate vow pledge "
        "propose recount muse lament shout whisper exclaim estimate opine"
    ),
}  # fmt: skip
# Somebody is addressed before the clause follows: he told reporters (that) p.
TELL = {
    "told": "f", "tells": "f", "tell": "b", "telling": "g",
    **_forms("inform remind warn ask advise notify brief promise"),
}  # fmt: skip
# A clause follows, and no quotation does.
THINK = {
    "believes": "f", "believed": "f", "believe": "b", "believing": "g", "thinks": "f", "thought": "f",
    "think": "b", "hopes": "f", "hoped": "f", "fears": "f", "feared": "f", "feels": "f", "felt": "f",
    "found": "f", "finds": "f", "shows": "f", "showed": "f", "expects": "f", "knows": "f", "wants": "f",
    "wanted": "f", "holds": "f", "understood": "f", "learned": "f", "seemed": "f", "worries": "f",
    "doubts": "f", "doubted": "f", "decided": "f", "decides": "f", "noticed": "f", "proved": "f",
    "sees": "f", "regards": "f", "considers": "f", "considered": "f", "held": "f",
    "granted": "f", "grants": "f",
}  # fmt: skip
# What is said is the object: he denied p, he accused them of p, he called it p.
OBJECT = {
    "spoke": "f", "speaks": "f", "termed": "f", "terms": "f", "dubbed": "f", "denied": "f", "denies": "f",
    "deny": "b", "denying": "g",
    **_forms(
        "accuse blame criticize criticise describe call reject dismiss demand urge refuse praise condemn "
        "denounce threaten mock refute dispute decry characterize label rebuke deride rule credit request "
        "ridicule"
    ),
}  # fmt: skip
# Their noun is commoner than their verb, or they speak only with "that" or a quotation after them.
NEEDS_THAT = _set(
    "pledged pledges vowed vows boasts boasted remarks remarked lamented held granted grants found finds "
    "shows showed show felt learned seemed understood decided decides proved sees holds knows thought "
    "continued continues continuing agreed agrees maintained maintains read reads indicated indicates "
    "suggests suggested suggest noticed revealed reveals confirmed confirms repeated repeats repeating "
    "responded responds answered answers countered agree noting observed fears hopes claims reports reported "
    "reporting recounted mentioned mentions considered states mentioning proposed proposes"
)
NEEDS_PARTICLE = {
    "spoke": "of", "speaks": "of", "ruled": "out", "ruling": "out", "rules": "out",
    "points": "out", "pointed": "out", "pointing": "out",
}  # fmt: skip
# Said to somebody; after other verbs "to" begins what is said: he vowed to.
ADDRESSED = _set(
    "said says say saying wrote writes explained announced complained confirmed repeated admitted"
)
HEARERS = _set("reporters journalists lawmakers him her them me us voters parliament supporters people")
CALLS = _set("called calls call calling termed terms dubbed labeled labelled described")
# Verbs that may stand in the capitals of a headline; "States" and "Reports" may not.
LOUD = _set("says said tells told asks vows claims according")
# Forms that are nouns as often: "campaign promises" have no speaker.
NOUNS = _set(
    "reports claims promises demands attacks calls rules notes comments reveals states credits requests "
    "terms fears hopes counters answers boasts remarks jokes shows labels estimates report reported "
    "proposed holds held"
)
PLURALS = _set("they we i you police people who men women republicans democrats")
INVERTED = _set(
    "said says added adds stated announced claimed insisted warned argued explained notes noted replied "
    "wrote writes stressed declared admitted continued asked asks recalled concluded tweeted testified "
    "explains recalls joked quipped remarked responded observed predicted complained lamented asserted"
)
ADDITIVE = _set("added adds adding continued continues concluded also")
# Where one person asked or told another, "he said" may be either of the two.
SPEAKS_TO = _set("asked asks told tells accused accuses replied interviewed pressed questioned urged")

VERBS: dict[str, tuple[str, str]] = {
    word: (kind, form)
    for kind, words in (("object", OBJECT), ("think", THINK), ("tell", TELL), ("say", SAY))
    for word, form in words.items()
} | {"pointed": ("say", "f"), "points": ("say", "f"), "pointing": ("say", "g")}  # fmt: skip

# --- small words ----------------------------------------------------------------------------------

SUBJECTS = _set("he she they it we i you who which that")
POSSESSIVES = _set("his her their its our my")
DETERMINERS = (
    _set("the a an this that these those some many most several one two three another") | POSSESSIVES
)
NOBODY = _set("nobody none neither no nothing")
AUXILIARIES = _set(
    "has had have also then later again further now even still once always repeatedly recently twice "
    "earlier first nevertheless today yesterday often sometimes himself herself itself "
    "themselves both all each soon ever did does do just too instead already since long thus simply only "
    "previously"
)
NEGATIONS = _set("not never n't cannot hardly nor didn't doesn't don't hasn't haven't hadn't won't wouldn't")
PASSIVE = _set("was were is are be been being am")
MODALS = _set("to would will can could may might must should shall did does do not didn't doesn't don't 'll")
PREPOSITIONS = _set(
    "in at on by for from with to near of about after before during since until through over under between "
    "against into among amid outside inside within via as despite without toward towards throughout like"
)
CONJUNCTIONS = _set(
    "and or but nor yet so because while whilst when where if as though although after before since until "
    "whether than that which who whom whose how why what unless once whereas"
)
LEADERS = _set(
    "but and so yet however meanwhile still then also instead therefore nevertheless moreover furthermore "
    "afterwards later earlier yesterday today now thus similarly separately unfortunately indeed perhaps "
    "again finally additionally besides or while though although as when because if that after before"
)
SUBORDINATORS = _set("after when while as although though if since because before until once where")
# A comma and one of these: what follows is no longer what somebody said, or cannot be told to be.
CUTTERS = _set(
    "despite although though while whereas contrary notwithstanding amid but even prompting leading "
    "drawing echoing repeating referring citing according referencing appearing speaking"
)
TIMES = _set(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july "
    "august september october november december today yesterday tonight morning afternoon evening night "
    "week month year weekend noon earlier later spring summer autumn fall winter"
)
TIME_LEADS = _set("in on by last next this since late early earlier the a at of that")
LINKS = _set("de van von der den bin al la le du da di el ben dos del ibn zu")
NOT_NAMES = _set(
    "he she it they we you i who this that these those there the a an his her its their our one some many "
    "most all both none nobody everyone as at in on but and or if when while after before though although "
    "however meanwhile monday tuesday wednesday thursday friday saturday sunday january february march "
    "april may june july august september october november december yesterday today unfortunately another "
    "others now then so yet still here what why how where which whose no not yes once since under over for "
    "from to by with of asked according two three four five six seven eight nine ten each every any such "
    "more my your critics experts witnesses analysts residents officials sources reports authorities "
    "despite during because until unlike instead well oh ok let please just even only also perhaps maybe "
    "photo image video correction read related updated follow leave"
)

# --- people and institutions ----------------------------------------------------------------------

TITLES = _set(
    "president minister secretary senator sen sen. rep rep. representative gov. gov governor mayor "
    "chancellor general gen. gen colonel col. lt. sgt. capt. captain judge justice professor prof. dr. dr "
    "mr. mr mrs. mrs ms. ms miss sir lord lady dame king queen prince princess pope inspector chief "
    "councillor congressman congresswoman ambassador rev. reverend father sister bishop cardinal rabbi "
    "imam sheikh chairman chairwoman director commissioner superintendent sheriff detective officer "
    "admiral major sergeant attorney premier vice deputy prime foreign defence defense interior finance "
    "justice former speaker coach doctor engineer pilot spokesman spokeswoman spokesperson leader adviser "
    "advisor nominee candidate"
)
MEN = _set(
    "mr. mr sir lord king prince pope father spokesman chairman congressman businessman councilman husband "
    "son brother actor man waiter fisherman salesman policeman fireman alderman"
)
WOMEN = _set(
    "mrs. mrs ms. ms miss lady dame queen princess spokeswoman chairwoman congresswoman businesswoman "
    "councilwoman wife daughter sister actress woman waitress policewoman mother"
)
# Common first names that are nearly always a man's, or a woman's.
MEN_CALLED = _set(
    "aleksandr alexander alexei andrew andrei anthony antonio barack barry ben benjamin bernie bill bob "
    "boris brian bruce carlos charles chris christopher daniel dave david dmitry donald doug emmanuel eric "
    "erik frank fred gary george giorgio greg hans harry henry igor ivan jack jacob jake james jared jason "
    "jeb jeff jeffrey jens jeremy jim jimmy joe john jonathan jorge jose joseph josh juan justin karl "
    "keith ken kenneth kevin larry lawrence luis marco mark martin matt matthew michael mike mikhail mitch "
    "mitt mohammed muhammad nicolas nigel oleg olaf pablo patrick paul pavel pedro peter phil philip "
    "pierre ralph randy ray richard rick robert roger ron ronald ross rudy rupert rudolf sergei sergey "
    "scott stephen steve steven stuart ted thomas tim timothy todd tom tony viktor vincent vladimir "
    "volodymyr walter wayne william wolfgang yuri"
)
WOMEN_CALLED = _set(
    "alice alison amanda amy angela ann anna anne annie barbara beth betty brenda carla carly carol "
    "caroline catherine charlotte christina christine cindy claire condoleezza cynthia deborah diana diane "
    "donna dorothy edda elena elizabeth ellen emily emma eva eve hannah heather heidi helen hillary irina "
    "ivanka jane janet jennifer jessica jill joan joanna judith judy julia julie karen kate katherine "
    "kathleen kathy kelly kristen laura lauren linda lisa loretta louise lucy margaret maria marie marine "
    "martha mary megyn melania melissa michelle monica nancy natalia natasha nicole nikki olga olivia "
    "pamela patricia rachel rebecca rosa ruth sandra sarah sharon sophie stephanie sue susan svetlana "
    "tatiana teresa theresa ursula valerie vanessa victoria wendy"
)
ROLES = TITLES - _set("vice deputy prime foreign defence defense interior finance former") | _set(
    "official lawyer lawmaker analyst pollster strategist manager driver prosecutor ambassador diplomat "
    "executive owner founder host reporter journalist author economist expert nurse teacher student mother "
    "son daughter wife husband woman man resident witness victim suspect deputy counsel aide billionaire "
    "businessman businesswoman mogul frontrunner front-runner rival veteran activist organizer organiser "
    "coordinator editor columnist writer scientist researcher historian scholar physician surgeon "
    "neurosurgeon player farmer worker fisherman shopkeeper councilman undersecretary commander lieutenant "
    "priest actor actress singer neighbour neighbor friend colleague insider head boss operative "
    "consultant contender hopeful democrat republican socialist conservative activist advocate critic "
    "supporter brother correspondent anchor master surveyor headmaster principal negotiator envoy "
    "negotiator broker trader clerk operator ceo treasurer chaplain doctor specialist"
)
INSTITUTIONS = _set(
    "ministry police government company firm council office agency department court campaign party "
    "committee commission board bank union group organisation organization alliance network newspaper "
    "paper report study poll survey institute university hospital army military intelligence parliament "
    "administration embassy authority authorities service services brigade outlet website magazine channel "
    "bureau kremlin pentagon house senate congress journal statement letter article memo filing lawsuit "
    "complaint document release press team association federation foundation corporation operator daily "
    "white nato editorial regulator watchdog prosecution defence state book"
)
PLACES = _set(
    "russia ukraine moscow kyiv kiev germany france britain england america china japan india iran iraq "
    "syria israel turkey poland europe washington berlin paris london beijing tehran jerusalem brussels "
    "spain italy mexico canada brazil cuba afghanistan pakistan libya egypt yemen qatar austria hungary "
    "greece sweden norway finland denmark belgium netherlands switzerland australia florida texas ohio "
    "iowa california nevada virginia carolina georgia michigan pennsylvania wisconsin hampshire york "
    "jersey donbas crimea"
)

"""Words that make a plan, a possibility, an allegation or a question of what they stand before, by kind."""

from __future__ import annotations

import re

_SPOKEN = "reports?|claims?|allegations?|accusations?|suggestions?|rumou?rs?|suspicions?|speculation"
_ABOUT = (
    "despite|rejected|denied|dismissed|amid|following|after|on|of|the|these|those|media|unconfirmed|are|were|"
    "by|with|no"
)
_OPEN = (
    r"unclear|unknown|asked|wonder\w*|doubt\w*|question\w*|debat\w+|discuss\w*|consider\w*|decid\w+|"
    r"investigat\w+|examin\w+|know|see|sure|say|determin\w+"
)
_ASKS = r"(?:urg|demand|request|propos|recommend|advis)(?:e|s|es|ed|ing)?(?! (?:of|by|that the))"
_BE = r"(?:is|are|was|were|be|been|being|'s|'re)"
_FEW = r"(?:(?:(?!(?:and|or|that|who|which) )\w+ ){1,5}?)"

# Kinds and their marks. A mark of two kinds agrees with either.
_MARKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "skip",
        (
            r"\w+ not (?:be )?(?:expected|likely|planned)|as expected|than expected|could(?:n't| not)",
            r"more likely|less likely|likely to blame|must have|might and|may be \d|in may|of may|will of",
            r"of (?:his|her|their) will|no (?:plans?|intentions?|chance|need)|in order to",
            rf"so that \w+ (?:\w+ )?could|{_BE} to (?:blame|say)",
            rf"consider(?:s|ed)?(?= {_FEW}(?:a|an|as|to be)\b)",
        ),
    ),
    (
        "possible",
        (
            r"may|might|could|possibl[ey]|perhaps|maybe|potential(?:ly)?",
            r"(?:risk|chance|possibility|danger|threat|prospect)s? (?:of|that)",
            r"(?:not|never|n't) (?:rul\w+|exclud\w+) out",
        ),
    ),
    (
        "likely",
        (
            rf"likely(?: to)?|probabl[ey]|{_BE} (?:widely )?expected to|expect(?:s|ed|ing)?(?: {_FEW}to)?",
            r"forecast to|predict(?:s|ed)?|projected to|anticipat(?:es|ed)",
        ),
    ),
    ("future", (rf"will|\w+'ll|shall|{_BE} going to|won't",)),
    ("future conditional possible", ("would",)),
    ("future conditional possible asserted", (r"\w+'d",)),
    (
        "planned",
        (
            r"plan(?:s|ned|ning)? (?:to|for|on)|planned|(?:has|have|had|with) plans? to|plans",
            r"intend(?:s|ed|ing)? to|intention to|sought to",
            rf"{_BE} (?:\w+ )?(?:set|due|scheduled|poised|about|ready|preparing|slated|on course) to",
            r"(?:set|scheduled|slated) (?:to|for)|aim(?:s|ed|ing)? (?:to|at)|hop(?:e|es|ed|ing) (?:to|for)",
            r"(?:want|seek|wish|prepar|look)(?:s|es|ed|ing|e)? to",
            r"(?:is|are|was|were) to(?= be \w+(?:ed|en|n|t)\b)|(?:is|are) to(?= \w+)",
        ),
    ),
    ("planned possible", (r"consider(?:s|ed|ing)?|mull(?:s|ed|ing)?|weigh(?:s|ed|ing)?",)),
    ("promised planned", (r"(?:promis|vow|pledg|threaten|offer|commit|committ)(?:s|es|ed|ing|e)? to",)),
    (
        "decided planned future",
        (
            r"decid(?:e|es|ed|ing) (?:to|on)|decision to|agree(?:s|d|ing)? to|resolved to|voted to",
            r"approved plans (?:to|for)",
        ),
    ),
    (
        "requested required",
        (
            rf"(?:call|press|push|appeal|plead)(?:s|ed|ing)? (?:on {_FEW}to|for)",
            rf"{_ASKS}(?: {_FEW}to)?|(?:ask|want|order|instruct|told|tell)(?:s|ed|ing)? {_FEW}to",
        ),
    ),
    (
        "required",
        (
            r"must|should|shouldn't|mustn't|ought to|(?:has|have|needs?) to|got to|required to",
            r"obliged to",
        ),
    ),
    ("required asserted", (r"had to|forced to|needed to",)),
    (
        "alleged",
        (
            r"reportedly|allegedly|apparently|seemingly|purportedly|supposedly|ostensibly|alleged|purported",
            rf"suspected(?: (?:of|to))?|suspects?|rumou?red to|accus(?:e|es|ed|ing)(?: {_FEW}of| of)",
            r"charged with|(?:appear|seem)(?:s|ed|ing)? to|allegations? (?:that|of)|rumou?rs (?:that|of)",
            r"(?:believed|thought|said|reported|understood|feared) to",
            rf"(?:{_ABOUT}) (?:{_SPOKEN}) (?:that|of)",
        ),
    ),
    (
        "attempted",
        (
            r"(?:try|tries|tried|trying|attempt|attempts|attempted|attempting|struggl\w+) to|attempted",
            r"(?:bid|efforts?|attempts?) to",
        ),
    ),
    ("begun", (r"(?:begin|begins|began|begun|start|starts|started) (?:to|(?=\w+ing\b))",)),
    ("nearly", (r"(?:almost|nearly|virtually|narrowly avoided) (?=\w+ed\b)",)),
    ("question", (rf"(?:{_OPEN}) (?:whether|if)|whether",)),
)
KINDS = tuple(frozenset(kinds.split()) for kinds, _ in _MARKS)
FINDER = re.compile(
    r"(?<![\w'])(?:"
    + "|".join(f"(?P<m{number}>{'|'.join(marks)})" for number, (_, marks) in enumerate(_MARKS))
    + r")(?![\w'])"
)

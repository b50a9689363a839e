"""Instructions that an article holds for an assistant that reads it: found, shown, and never followed.

Method: closed patterns for the moves that such texts make: setting earlier instructions aside (in many
languages), posing as a system message, naming an assistant as the reader, giving it a role, and ordering
what an answer is to say, cite or hide. They are also sought behind characters of no width, look-alike
letters, digits for letters, base64, hexadecimal, letter shifts and reversed text. A finding is a notice
for the reader and no defence: the guarantees are elsewhere, since no list of patterns is complete.

A report that somebody ordered something is no order: the patterns count where an imperative can stand.
Inside quotation marks they count as well, since a model does not heed those.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from assistant.disguise import invisible, readings
from assistant.models import Notice, Span

_REACH = 60  # characters between the words of one instruction
_SENTENCE = 300  # characters that a sentence is followed to either side of a match
_SHOWN = 160  # characters of an instruction that a notice repeats
_MOST = 100  # matches of one pattern that are looked at, since hostile text may hold any number


@lru_cache(maxsize=256)
def planted(text: str) -> tuple[Span, ...]:
    """Spans of the sentences of `text` that give orders to an AI system or a reader's tool, in order."""
    found = [span for reading in readings(text) for span in reading.back(_orders(reading.text))]
    found += invisible(text)
    merged: list[Span] = []
    for start, end in sorted(_sentence(text, span) for span in found):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def notice(text: str) -> Notice | None:
    """What a reader of an article is told when it holds such orders."""
    spans = planted(text)
    if not spans:
        return None
    first = "".join(char if char.isprintable() else " " for char in text[slice(*spans[0])])
    first = " ".join(first.split()).strip("“”\"' ")
    if len(first) > _SHOWN:
        first = first[:_SHOWN].rsplit(" ", 1)[0] + " …"
    shown = f"“{first}”" if first else "written in characters that are not shown"
    more = f" (and {len(spans) - 1} more)" if len(spans) > 1 else ""
    message = f"This article holds text that gives orders to an AI assistant: {shown}{more}."
    return Notice("planted_instruction", f"{message} It is treated as text only.")


def _sentence(text: str, span: Span) -> Span:
    """The sentence around a span, as far as it can be seen from marks and line ends."""
    start, end = span
    before = text[max(0, start - _SENTENCE) : start]
    cut = max((match.end() for match in _BREAK.finditer(before)), default=0)
    after = _BREAK.search(text, max(start, end - 1), min(len(text), end + _SENTENCE))
    first, last = start - len(before) + cut, (after.end() if after else min(len(text), end + _SENTENCE))
    while first < start and text[first].isspace():
        first += 1
    while last > end and text[last - 1].isspace():
        last -= 1
    return first, last


_BREAK = re.compile(r"[.!?…]+[”\"’»)\]]*(?=\s|$)|[。！？]|\n")

# --- setting aside what was said before -----------------------------------------------------------

# For each language: imperatives; what was said before; what is set aside. One of each, near each other.
_SET_ASIDE = r"""
de: ignorier(?:e|en sie|t)?|vergiss|vergessen sie|missachte(?:n sie)?|verwirf|beachte(?:n sie)?
    vorherig vorangegangen vorangehend vorhergehend bisherig früher obig vorig zuvor alle oben
    anweisung instruktion vorgabe befehl aufforderung anleitung
fr: ignore[zr]?|oublie[zr]?|ne (?:tiens|tenez) pas compte|fai(?:te)?s abstraction|néglige[zr]?
    précédent antérieur ci-dessus préalable reçu initial toute vos tes fonction
    instruction consigne directive commande fonction
es: ignor[ae]n?|olvid[ae]n?|olvídate|descart[ae]n?|ha(?:z|ga) caso omiso|omit[ae]n?|pasa por alto
    anterior previa previo precedente de_arriba recibid toda
    instruccion instrucción indicaciones directrices órdenes comandos consignas
pt: ignor[ae]m?|esqueç[ae]m?|esquece|desconsider[ae]m?|descart[ae]m?
    anterior prévi precedente acima recebid toda
    instruções instrução diretrizes ordens comandos orientações
it: ignora(?:te)?|ignori|dimentica(?:te)?|dimentichi|trascura(?:te)?|non seguire
    precedent anterior di_cui_sopra ricevut tutte
    istruzion direttiv indicazion comandi
nl: negeer|vergeet|sla
    vorige eerdere voorgaande voorafgaande bovenstaande alle
    instructie opdracht aanwijzing richtlijn
sv: ignorera|glöm|bortse från|ignorer|glem|se bort fra|ignorér
    tidigare tidligere föregående foregående forrige ovanstående ovenstående alla alle
    instruktion anvisning kommando direktiv instruks
pl: (?:zignoruj|ignoruj|zapomnij|pomiń|pomin)(?:cie)?
    poprzedni wcześniejsz powyższ dotychczasow wszystki
    instrukcj poleceni wytyczn
cs: (?:ignoruj|zapomeň|přehlédni|zabudni)(?:te)?
    předchoz předešl predchádzaj výše všechn
    instrukc inštrukci pokyn příkaz príkaz
ro: ignor[aăe]|ignorați|uit[aăe]|uitați
    anterioar precedent de_mai_sus toate
    instrucțiun instructiun comenz
hu: hagyd|hagyja|felejtsd|felejtse
    korábbi előző fenti eddigi összes
    utasítás instrukció
fi: ohita|unohda|jätä
    aiem aikaisem edelli edellä yllä kaikki
    ohje käsky
el: αγνόησε|αγνοήστε|ξέχνα|ξεχάστε
    προηγούμεν παραπάνω όλες
    οδηγί εντολ
tr: yok say\w*|unut\w*|göz ardı et\w*|dikkate alma\w*|görmezden gel\w*
    önceki yukarıdaki tüm bütün
    talimat komut yönerge
id: abaikan|lupakan|hiraukan
    sebelum di_atas terdahulu semua
    instruksi perintah petunjuk arahan
vi: bỏ qua|hãy quên|lờ đi|phớt lờ
    trước trên tất_cả
    hướng_dẫn chỉ_dẫn chỉ_thị lệnh
sw: puuza|sahau
    awali yaliyotangulia hapo_juu yote
    maagizo maelekezo
ru: (?:(?:про)?игнорируй|забудь|не обращай внимания|отбрось|не учитывай|пренебреги|не следуй)(?:те)?
    предыдущ прежн предшеств вышеуказан вышепривед вышеизлож прошл ранее выше все всё
    инструкци указани команд распоряжени промпт директив
uk: (?:(?:про)?ігноруй|забудь|не зважай|не звертай уваги|відкинь|знехтуй|не враховуй)(?:те)?
    попередн вищезазнач вищенавед наведен вище усі всі
    інструкці вказівк команд розпоряджен промпт директив
ar: تجاهلوا|تجاهلي|تجاهل|انسَ|انس|اهمل
    السابق أعلاه الوارد جميع كل
    تعليمات الأوامر التوجيهات الإرشادات
fa: نادیده بگیر\w*|فراموش کن\w*
    قبلی پیشین بالا
    دستور فرمان
he: התעלמ\w*|התעלם|שכח\w*
    קודמ לעיל כל
    הוראות הנחיות
hi: अनदेखा|अनदेखी|नज़रअंदाज़|नजरअंदाज|भूल जा|उपेक्षा
    पिछल उपरोक्त पूर्व पहले सभी
    निर्देश आदेश हिदायत
zh: 忽略|忽視|忽视|无视|無視|忘记|忘記|忘掉|不理会|不理會|不要理会|抛开|跳过|不要遵循
    之前 以前 先前 以上 上面 上述 前面 此前 所有 原有 系统 系統
    指示 指令 说明 說明 命令 提示 指引
ja: 無視|忘れ|破棄
    以前 前の 上記 これまで 先の 従来 すべて 全て 以上
    指示 命令 プロンプト 指図
ko: 무시|잊
    이전 앞선 앞의 위의 모든 기존
    지시 명령 지침 프롬프트
"""
_JOINED = frozenset(("ar", "he", "zh", "ja", "ko"))  # where a word may have others written on to it
_Stems = tuple[str, ...]


def _languages() -> Iterator[tuple[re.Pattern[str], _Stems, _Stems]]:
    rows = iter(_SET_ASIDE.strip().splitlines())
    for verbs, *stems in zip(rows, rows, rows, strict=True):
        code, verbs = verbs.split(": ", 1)
        pattern = re.compile(verbs if code in _JOINED else rf"\b(?:{verbs})\b", re.I)
        before, nouns = (tuple(word.replace("_", " ") for word in row.split()) for row in stems)
        yield pattern, before, nouns


_FOREIGN = tuple(_languages())


def _foreign(text: str, low: str) -> Iterator[Span]:
    for verbs, before, nouns in _FOREIGN:
        if not any(stem in low for stem in nouns):
            continue
        for number, match in enumerate(verbs.finditer(text)):
            if number >= _MOST:
                break
            start = max(0, match.start() - _REACH)
            near = text[start : match.end() + _REACH].lower()
            if any(stem in near for stem in nouns) and any(stem in near for stem in before):
                yield match.span()


# --- orders in English, and to a named reader in other languages ----------------------------------

_NAMES = {
    "{AI}": r"""(?:AIs?|A\.I\.|LLMs?|(?:large )?language models?|chat ?bots?|ChatGPT|GPT-?\d|Copilot
|(?:AI|virtual|digital|chat|language|LLM)[ -](?:powered )?(?:assistants?|systems?|models?|agents?|readers?
|bots?|tools?|crawlers?|summari[sz]ers?)|assistants?|summari[sz]ers?)""",
    "{WORK}": """(?:article|text|page|document|story|passage|report|source|outlet|website|site|paper|post
|file)s?""",
    "{SAY}": r"""(?:say|state|write|mention|answer|reply|respond|claim|tell|include|output|conclude|add|print
|always|never|only|do not|don['’]t|treat|cite|quote|assert|present|describe|call|rate|rank|ignore|disregard
|give|use|make|refer|trust|summari[sz]e)""",
    "{PAST}": r"""(?:(?:all|any|every|everything|of|the|these|those|my|your|previous|previously|prior|above
|earlier|preceding|foregoing|former|existing|original|initial|system|safety|other|past|given|hidden|current
|default|developer|content|or|and)[\s,-]+){1,7}""",
    "{DROP}": r"""(?:ignore|disregard|forget|override|overlook|neglect|bypass|discard|dismiss|do not follow
|don['’]t follow)""",
}
# Each rule: "!" where it counts only as an imperative; words of which one has to be there; the pattern.
_RULES = r"""
! instruction prompt direct guidelines commands programming message context
  {DROP}\s+{PAST}(?:instructions?|prompts?|directions|directives?|guidelines|commands|programming
  |(?:system )?messages?|context)\b
! ignore disregard forget
  (?:ignore|disregard|forget)\s+(?:all |everything |of )*(?:(?:the |that )?(?:above|foregoing)(?=[.,:;!]
  | and | text| before)|(?:you (?:were|have been|are) told|the function)\b)
- <| [inst] <<sys
  <\|(?:im_start|im_end|system|user|assistant|end\w+|begin\w+|eot\w+)[^|\n]{0,20}\|>|\[/?INST\]|<</?SYS>>
- <system
  <\s*system(?:[ _-]?(?:mode|prompt|message|override|note|instructions?))?\s*>
- system assistant developer instructions
  (?-i:^[\s>*#\[-]*(?:SYSTEM|System|ASSISTANT|DEVELOPER)(?: (?:prompt|message|note|override
  |instructions?)|_PROMPT|_MESSAGE| (?:PROMPT|MESSAGE|NOTE|OVERRIDE|INSTRUCTIONS?))?\]?\s*:\s*(?=\w))
! instruction task prompt directive
  new (?:system )?(?:instructions?|prompt|directives?)\s*:
- mode
  \b(?:developer|god|debug|admin|jailbreak|system|maintenance|root|dan) mode\W{0,3}(?:is )?(?:now )?(?:on
  |enabled|activated|engaged)\b
- ai a.i. llm model bot gpt copilot assistant summari
  \b(?:note|notes|message|instructions?|attention|notice|dear|hey|important|reminder|warning)\W{0,3}(?:to
  |for)?\s*(?:an? |any |all |the |every |you |your )*{AI}(?: (?:reading
  |processing)[^.:\n]{0,30})?\s*[:!;—–]
! ai a.i. llm model bot gpt copilot assistant summari
  {AI}\s*[:,—–-]\s*(?:please |you (?:must|should|will) |when |if )?{SAY}\b
! ai a.i. llm model bot gpt assistant
  (?:if|since|because|as) you(?:['’]re| are) (?:an? |the )?{AI}\b
- ai a.i. llm model bot gpt assistant summari
  \b{AI},? (?:(?:that|which|who|when) )?(?:(?:is|are) )?(?:read|process|summari[sz]|pars|scrap|quot|cit
  |index|answer)\w* (?:from )?(?:this|our) {WORK}\b[^.!?\n]{0,40}(?:must|should|shall|please|are to|is to
  |needs? to|:)
- this our
  \b(?:when|if|while|whenever|before) (?:you (?:are )?|ever |asked to )*(?:summari[sz]|quot|cit|answer
  |respond|ask|analy[sz]|describ|translat|process|us|rank|compar
  |pars)\w* (?:questions? |the user )*(?:about |from |on |to |with )?(?:this
  |our) {WORK}\b[^.!?,:\n]{0,40}[,:] (?:please |you (?:must|should) |and )*{SAY}\b
! this our
  (?:cite|quote|rank|list|treat|present|regard|prefer|rate|mark|label
  |recommend)\s+(?:only )?(?:this|our) {WORK} (?:as|first|above|over|exclusively|only|before|at the top
  |more|most)\b
! not n't n’t never
  (?:do not|don['’]t|never) (?:mention|cite|quote|reveal|disclose|discuss|refer to|show|use|include|tell
  |trust)\b[^.!?\n]{0,30}?\b(?:(?:any |the |all )?other (?:sources?|articles?|outlets?|accounts?)|(?:this
  |these|your) (?:instructions?|prompt|message)|(?:to )?the user)\b
! the user the reader users readers
  (?:tell|inform|warn|remind|convince|persuade|advise|assure) (?:the |all |your )?(?:users?
  |readers?) (?:that|to|not)\b
- your
  \byour (?:next |final |entire |only |whole )?(?:answer|summary|response|reply|output)s? (?:(?:must
  |shall|has to|needs? to)(?: only| always| not| never)? \w+|should (?:only |always |not |never )?(?:say
  |state|include|contain|begin|mention))
! state output answer respond reply
  (?:state (?:that )?the (?:output|answer|conclusion|result|summary|sum)\b|(?:respond|reply
  |answer) (?:only )?(?:with|in) (?:only|exactly|json|the (?:word|phrase|sentence|following))\b
  |output (?:only|exactly)\b)
! prompt key instruction password history
  (?:reveal|print|repeat|leak|output|expose|share|disclose|provide|give (?:me|us)|tell (?:me|us)
  |show (?:me|us)|what (?:is|are|was)|what['’]s) (?:all )?(?:of )?your (?:(?:full|entire|initial|hidden
  |secret|original|exact|own) )*(?:(?:system )?prompt|secret key|api keys?|instructions
  |(?:system )?password|(?:chat|conversation) history)\b
! send post forward mail upload transmit
  (?:send|post|forward|e-?mail|upload|submit|transmit) (?:the |all |this |their |any |of )*(?:users?
  ['’]?s? |full |whole )*(?:user|question|conversation|chat history|chat|system prompt|api keys?
  |answer)s?\b[^.!?\n]{0,40}\bto\s+(?:https?://|[\w.-]{1,40}@|this (?:url|address|server))
! image link url markdown pixel html
  (?:append|insert|include|add|embed|render|place|display|output) (?:the following |this |an? |the )+
  (?:markdown )?(?:image|link|url|markdown|pixel|html)\b[^.\n]{0,60}\b(?:answer|response|summary|reply
  |output|end)\b
- ![
  !\[[^\]\n]{0,80}\]\(\s*https?://[^)\s]{0,200}[?&=/](?:\{|%7B|<|\[|\$|(?:q|query|question|prompt|data)=)
! you are you're you’re
  you(?:['’]re| are) (?:now|no longer) (?:an? |the |in |my |bound |restricted )*(?:[\w-]+ ){0,3}?(?:DAN
  |AI|assistant|chat ?bot|bot|language model|LLM|jailbroken|unrestricted|(?:developer|dan|god) mode
  |by (?:your|any|the) (?:rules|guidelines|policies))\b
! act pretend role anything
  (?:act (?:as|like)|pretend (?:that )?(?:to be|you are|you['’]re)|play the role of|assume the role of
  |(?:you are (?:about|going) to )?immerse yourself in(?:to)? the role of) (?:an? |the |my |another )*(?:
  [\w-]+ ){0,3}?(?:AI|LLM|language model|chat ?bot|DAN|assistant without|unrestricted)\b
- do anything now
  \bdo anything now\b
! from now on
  from now on,? (?:you (?:will|must|should|are to|shall) )?(?:only |always )?(?:respond|answer|reply
  |output|act as|pretend)\b(?! to\b)
! as an ai
  as an AI (?:developed|made|created|trained|built) by\b[^.!?\n]{0,40}\byou\b
- ki ai
  \b(?:Hinweis|Anweisung|Nachricht|Achtung|Anmerkung)\w*,? (?:an |für )?(?:alle |die |den )*(?:KI
  |AI)\b[^.:\n]{0,30}[:!,]|\b(?:Wenn|Falls|Sobald) (?:du|Sie) (?:diesen|dieses) (?:Artikel|Text
  |Beitrag)\w* (?:zusammenfass|zitier)
- ia intelligence assistant modèle
  \b(?:note|message|instructions?|consignes?|attention)\b[^.:\n]{0,14}\b(?:aux|des|pour les|pour l['’]
  |à l['’]|de l['’]) ?(?:IA|intelligences? artificielles?|assistants?
  |modèles? de langage)\b[^.:\n]{0,20}[:!]|\b(?:lorsque|quand|si) (?:tu|vous) (?:résum
  |cit)\w+ (?:cet article|ce texte)
- ia asistente modelo inteligencia
  \b(?:nota|mensaje|instrucci\w+|aviso|atención)\b[^.:\n]{0,10}\b(?:a|para) (?:la |las |los |el )?(?:IA
  |asistentes?(?: de IA)?|modelos? de lenguaje|inteligencia artificial)\b[^.:\n]{0,20}[:!]
- artículo texto
  \b(?:al|cuando|si) (?:resum|cit)\w+ (?:este|el) (?:artículo|texto),? (?:di|diga|escribe|escriba
  |menciona|afirma)\b
- ии нейросет модел интеллект чат-бот ассистент
  \b(?:примечание|сообщение|инструкц\w+|внимание|указани\w+|обращение)\b[^.:\n]{0,10}\b(?:ИИ|нейросет\w+
  |языков\w+ модел\w+|искусственн\w+ интеллект\w*|чат-бот\w*|ассистент\w*)\b[^.:\n]{0,20}[:!]
- стать текст
  \b(?:при (?:пересказе|цитировании|кратком изложении)|когда (?:ты|вы) (?:пересказыва|цитиру|обобща)\w+
  |пересказывая) (?:эт\w+|данн\w+) (?:стать\w+|текст\w*),? (?:скажи|укажи|напиши|пиши|утверждай
  |не упоминай|говори)
- ші нейромереж модел інтелект чат-бот асистент
  \b(?:примітка|повідомлення|інструкц\w+|увага|вказівк\w+|звернення)\b[^.:\n]{0,10}\b(?:ШІ|нейромереж\w+
  |мовн\w+ модел\w+|штучн\w+ інтелект\w*|чат-бот\w*|асистент\w*)\b[^.:\n]{0,20}[:!]
- стат текст
  \b(?:переказуючи|під час переказу|коли (?:ти|ви) (?:переказу|цитує|узагальн)\w+) (?:ц\w+) (?:статт\w+
  |текст\w*),? (?:скажи|вкажи|напиши|пиши|стверджуй|не згадуй)
- ai 人工智能 模型 助手
  (?:致|给|請注意|请注意|注意|提示)[^。\n]{0,6}(?:AI|人工智能|语言模型|助手|大模型)[^。\n]{0,6}[：:，,！]
- 本文 文章
  (?:总结|概括|引用|摘要|總結)[^。\n]{0,4}(?:本文|这篇文章|此文|這篇文章)[^。\n]{0,8}(?:请|請|必须|要|应)?(?:说|說|写|称|指出|声明|不要)
"""


def _named(pattern: str) -> str:
    for name, inner in _NAMES.items():
        pattern = pattern.replace(name, inner.replace("\n", ""))
    return pattern


def _rules() -> Iterator[tuple[_Stems, bool, re.Pattern[str]]]:
    for block in re.split(r"\n(?=[!-] )", _RULES.strip()):
        first, *rest = block.split("\n")
        gate = re.findall(r"(?:the |from now |as an |do anything |you )?\S+", first[2:])
        pattern = "".join(line.removeprefix("  ") for line in rest)
        yield tuple(gate), first.startswith("!"), re.compile(_named(pattern), re.I | re.M)


_ENGLISH = tuple(_rules())
_IMPERATIVE = re.compile(
    r"(?:^|[.!?:;,>\]})|*#(\[\"“‘'\n—–-]\s*|\b(?:please|now|then|and|simply|just|also"
    r"|you (?:must|should|will|shall|can)|(?:need|have|are) to|instructed to|asked to|AI to|assistant to"
    r"|I want you to)\s+)$",
    re.I,
)


def _english(text: str, low: str) -> Iterator[Span]:
    for gate, imperative, rule in _ENGLISH:
        if not any(word in low for word in gate):
            continue
        for number, match in enumerate(rule.finditer(text)):
            if number >= _MOST:
                break
            if not imperative or _IMPERATIVE.search(text[max(0, match.start() - 24) : match.start()]):
                yield match.span()


def _orders(text: str) -> list[Span]:
    """Matches of every pattern, as they stand."""
    low = text.lower()
    return [*_foreign(text, low), *_english(text, low), *_hidden(text)]


# --- where a page hides text ----------------------------------------------------------------------

_STYLE = re.compile(
    r"style\s*=\s*[\"'][^\"'<>]{0,160}?(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0"
    r"|color\s*:\s*(?:#fff\b|#ffffff|white))[^<>]{0,160}>",
    re.I,
)
_ORDERS = re.compile(_named(r"(?:^|[.:;,!]\s*|\b(?:please|must|should|to)\s+){SAY}\b"), re.I)
_TO_WHOM = re.compile(
    _named(r"\b(?:{AI}|answers?|users?|readers?|instructions?|prompts?|(?:this|our) {WORK})\b"), re.I
)


def _hidden(text: str) -> Iterator[Span]:
    """Comments of HTML and Markdown and elements without a look, where they hold an order."""
    for opening, closing in (("<!--", "-->"), ("[//]: #", "\n"), ("[comment]:", "\n")):
        at = text.find(opening)
        for _ in range(_MOST):
            end = text.find(closing, at + len(opening)) if at >= 0 else -1
            if end < 0:
                break
            if _is_order(text[at + len(opening) : min(end, at + 2_000)]):
                yield at, min(end + len(closing), len(text))
            at = text.find(opening, end)
    for number, match in enumerate(_STYLE.finditer(text)):
        if number >= _MOST:
            break
        end = text.find("<", match.end(), match.end() + 1_000)
        end = end if end >= 0 else min(len(text), match.end() + 1_000)
        if _is_order(text[match.end() : end]):
            yield match.end(), end


def _is_order(text: str) -> bool:
    return bool(_ORDERS.search(text.strip(" ('\"")) and _TO_WHOM.search(text))

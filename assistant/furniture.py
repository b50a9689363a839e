"""Page furniture and headlines: which lines of a text no passage may contain.

Method: a line is compared, whole, with closed patterns. Losing a sentence of an article is worse than
keeping a share bar, so a line that ends like a sentence, or is longer than a menu entry, is furniture
only when it is one of the few notices that are printed as sentences (copyright, cookies, sign-up).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.models import Span

_LONGEST = 80
_LONGEST_NOTICE = 240
_LONGEST_HEADLINE = 160

_SHARE = """
share shares tweet tweets email e-mail print facebook twitter whatsapp linkedin pinterest reddit telegram
pinit messenger flipboard instagram youtube pocket tumblr viber vkontakte bluesky mastodon
teilen drucken twittern merken kommentieren weiterleiten compartir imprimir comentar tuitear enviar
partager imprimer commenter envoyer поделиться печать распечатать твитнуть вконтакте одноклассники телеграм
фейсбук поділитися поширити друкувати роздрукувати друк твітнути
"""
_GLUE = """
this article story post page link copy save on via by with to in more options x comment comments url pin it
now friends the a auf bei per mit über mail artikel diesen seite kopieren en por con correo este artículo
copiar enlace sur par avec cet lien copier le la в на с через почта ссылка скопировать ссылку эту статью эта
у посилання копіювати цю статтю
"""
_SHARE_WORDS, _BAR_WORDS = frozenset(_SHARE.split()), frozenset((_SHARE + _GLUE).split())

# Patterns, with two spaces between them: each has to match a whole line, folded and without the bullets
# and arrows at its ends.
_NAMES = {
    "platform": r"(?:facebook|twitter|x|instagram|youtube|telegram|linkedin|whatsapp|tiktok|flipboard)",
    "credit": (
        r"(?:ap|afp|epa|reuters|getty(?: images)?|dpa|efe|tass|ria novosti|bloomberg|upi|xinhua|alamy|anp"
        r"|shutterstock|istock(?:photo)?(?:\.com)?|pixabay|unsplash|ukrinform|unian|imago(?: images)?"
        r"|picture alliance|pa media)"
    ),
    "picture": (
        r"(?:photos?|images?|pictures?|photograph|photographer|(?:photo|image) (?:credit|copyright)|credit"
        r"|photo illustration|fotos?|bild|bildquelle|imagen|crédit photo|crédits?|фото|фотография|изображение"
        r"|зображення|світлина)"
    ),
    "rights": (
        r"(?:all rights reserved|alle rechte vorbehalten|todos los derechos reservados|tous droits réservés"
        r"|все права защищены|(?:усі|всі) права захищен[оі])"
    ),
}
# Lines that are short and do not end like a sentence.
_SHORT = r"""
# time to read
\d{1,3}[ -]?(?:min|mins|minutes?)(?: |-)?(?:read|to read)  (?:reading time|read time|time to read):? ?\d.*
(?:estimated )?reading time:? .{1,20}  lesezeit:? .{1,20}  \d{1,3} min(?:uten)? lesezeit
tiempo de lectura:? .{1,20}  \d{1,3} min(?:utos)? de lectura  temps de lecture:? .{1,20}
lecture(?: de)?:? \d{1,3} min(?:utes)?  \d{1,3} min(?:utes)? de lecture  время (?:на )?чтени[яе]:? .{1,20}
\d{1,3} мин(?:\.|ут[аы]?)?(?: на)? чтени[яе]  час (?:на )?читання:? .{1,20}
\d{1,3} хв(?:\.|илин[аи]?)?(?: на)? читання
# comments
(?:leave|post|write|add|submit) a (?:reply|comment)  leave a reply cancel reply  cancel reply
(?:view|show|see|read|hide|load)(?: all)?(?: \d+)?(?: more)? comments?(?: ?\(\d+\))?
(?:no )?comments?(?: ?[(:]? ?\d+ ?\)?)?  \d[\d,.]* (?:comments?|shares?|views?|likes?)  comments are closed
join the (?:conversation|discussion)  your email address will not be published.*
(?:\d+ )?kommentare?(?: ?\(\d+\))?  kommentar (?:schreiben|hinterlassen|verfassen)
schreiben sie einen kommentar  (?:\d+ )?comentarios?(?: ?\(\d+\))?  (?:deja|dejar|escribe) un comentario
deja una respuesta  (?:\d+ )?commentaires?(?: ?\(\d+\))?  (?:laisser|laissez|écrire|ajouter) un commentaire
(?:\d+ )?комментари[ийяев]+(?: ?\(\d+\))?  (?:оставить|добавить|оставьте|написать) комментарий
(?:\d+ )?коментар[іиів]*(?: ?\(\d+\))?  (?:залишити|додати|залиште|написати) (?:коментар|відповідь)
добавить ответ
# sharing and following
click to (?:share|email|print)\b.*  share (?:this|on|via)\b.{0,40}  (?:opens? in (?:a )?new window)
(?:follow|like|join|find) (?:us|me|@?[\w.]+)(?: [\w.]+)? on {platform}.{0,40}  follow (?:us|@\w+)
(?:jetzt )?(?:folgen|folge)(?: sie)? uns(?: auf \w+)?  síg[au]e?nos(?: en \w+)?  suivez-nous(?: sur \w+)?
подписаться(?: на .{1,40})?  (?:подписывайтесь|следите)\b(?: за нами| на нас| на наш\w*)?(?: \w+){0,4}
підписатися(?: на .{1,40})?  (?:підписуйтесь|стежте)\b(?: за нами| на нас| на наш\w*)?(?: \w+){0,4}
# advertising
(?:advertise?ments?\s*)+  advertisement continue reading the main story  ad  sponsored(?: content)?
(?:paid|partner) content  promoted  anzeigen?  werbung  publicidad  anuncio  publicité  реклама  advertising
story continued? below.*  (?:story|article) continues(?: (?:below|after)\b.*)?
continue reading(?: below| the main story)?  keep reading
# newsletters and accounts
sign up(?: now| here| today)?
sign up (?:for|to)\b.{0,40}\b(?:newsletters?|alerts?|briefings?|updates|inbox)\b.{0,20}
newsletter(?: sign-?up)?s?  (?:manage|our|daily) newsletters?
subscribe(?: (?:now|today|here))?(?: (?:to|for) (?:our|the|this|my)\b.{0,50})?
get (?:the|our) .{0,30}newsletter.{0,20}  get the .{1,25} app
click (?:here )?(?:to get|for) the .{1,30} app  (?:log|sign) ?in  register  (?:jetzt )?abonnieren
newsletter (?:abonnieren|bestellen)  suscr[ií]b(?:ete|ase|irse)(?: a\b.{0,40})?  (?:s'|s’)abonner
abonnez-vous(?: à\b.{0,40})?  s'inscrire(?: à\b.{0,40})?  inscrivez-vous(?: à\b.{0,40})?
# ways on
(?:read|see|learn|show|load|view|find out) more  (?:read|see) (?:more|also|next):.{0,70}  more(?: on this)?
(?:read|see) also  you (?:may|might) also like  recommended(?: for you| stories| reading)?
trending(?: now)?
(?:related|more)(?: (?:articles?|stories|posts?|topics?|content|coverage|news|links|tags?))  related
(?:most (?:read|popular|viewed)|popular(?: now)?|top stories|latest news|editors?['’] picks?)
(?:further|also) (?:reading|see)  see related  also read  (?:watch|listen)(?: now| live)?  what to read next
mehr (?:lesen|zum thema)  weiterlesen  lesen sie auch(?::.{0,70})?  mehr dazu  zum thema
das könnte (?:sie|dich) auch interessieren  empfohlen(?:e artikel)?  leer más  lea también(?::.{0,70})?
te puede interesar  (?:artículos|noticias) relacionad[oa]s  más información  recomendado(?:s)?
lire (?:aussi|la suite|plus)(?: ?:.{0,70})?  à lire aussi(?: ?:.{0,70})?
articles? (?:liés?|connexes?|similaires?)  en savoir plus  recommandé(?:s)?(?: pour vous)?
читайте также(?::.{0,70})?  читать (?:далее|дальше|также)  подробнее  по теме  материалы по теме
похожие (?:статьи|новости|записи)  рекомендуем  читайте також(?::.{0,70})?  читати (?:далі|більше|також)
докладніше  детальніше  за темою  схожі (?:статті|новини|записи)  рекомендуємо
# navigation
skip to (?:main )?(?:content|navigation)  (?:back|return) to (?:the )?top  (?:main )?menu  home(?:page)?
(?:next|previous|prev)(?: (?:article|post|story|page|image.{0,12}))?  close  loading  search
toggle (?:navigation|menu|caption)  (?:privacy|cookie) (?:policy|settings|notice)
terms (?:of|and) (?:use|service|conditions)  accept(?: all)?(?: cookies)?  nach oben  zum inhalt springen
volver arriba  ir al contenido  (?:haut de page|retour en haut)  aller au contenu  наверх
перейти к (?:содержимому|содержанию)  вгору  нагору  перейти до вмісту
\d+ (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?) ago
this article is more than \d+ (?:months?|years?) old  slideshow ?\(\d+ images?\)  image \d+ of \d+
# pictures
{picture}(?: by)?(?: ?[:/©] ?| ).{0,60}?/ ?{credit}  {picture} ?[:/©].{0,60}  {picture}
{picture} (?:by |copyright |von |de |par )?{credit}(?: ?/.{0,40})?  {credit}(?: ?(?:/|via) ?{credit})*
\(?(?:[\w.'’-]+ ){1,4}?(?:[\w.'’-]+) ?/ ?(?:{credit}|pool)(?: ?(?:/|via) ?{credit})*(?: photo)?\)?
\(?{credit}(?: photo| images?)? ?/ ?[\w.'’-]+(?: [\w.'’-]+){0,3}\)?  enlarge this image.{0,70}
# rights
(?:©|\(c\)|copyright(?: ?[©\d:]| \(c\)| by\b|$)).{0,70}  .{0,30}{rights}
"""
# Notices that are printed as sentences.
_NOTICES = r"""
(?:©|\(c\) ?\d|copyright (?:©|\(c\)|\d)).{0,200}  {rights}\..{0,200}
(?:we|(?:this|our) (?:web)?site)\b.{0,60}\b(?:uses?|using|stores?)\b.{0,40}\bcookies\b.{0,120}
by (?:continuing|using|clicking)\b.{0,100}\bcookies\b.{0,120}
(?:diese (?:web)?seite|wir) verwende[tn] cookies.{0,160}
(?:utilizamos|este sitio (?:web )?utiliza) cookies.{0,160}
(?:ce site|nous) utilis(?:e|ons) des cookies.{0,160}
(?:мы используем|этот сайт использует|сайт использует) (?:файлы )?cookies?.{0,160}
(?:ми використовуємо|цей сайт використовує|сайт використовує) (?:файли )?cookies?.{0,160}
(?:please enable|you need to enable|enable) javascript.{0,120}
(?:sign up|subscribe)(?: now| today| here)? (?:to|for) [^.?!]{0,80}\bnewsletters?\b[^.?!]{0,60}[.!]
(?:want|get)\b[^.?!]{0,80}\b(?:in|to|into) your inbox\b[^.?!]{0,40}[.!?](?: sign up.*)?
subscribe (?:to our|on)\b[^.?!]{0,60}\b(?:youtube|podcasts?|channel|itunes)\b[^.?!]{0,40}[.!]
(?:follow|like|join|find) (?:us|me) on {platform}[^.]{0,40}\.  (?:click|tap) here (?:to|for)\b[^.]{0,60}\.?
your email address will not be published.{0,60}  thank you for (?:subscribing|signing up)[.!]
\d{1,2} (?:мин|хв)\.(?: на)? (?:чтени[яе]|читання)\.?
"""


def _compiled(patterns: str) -> re.Pattern[str]:
    rows = (row for row in patterns.strip().splitlines() if not row.startswith("#"))
    text = "|".join(f"(?:{pattern})" for row in rows for pattern in row.split("  "))
    for name, pattern in _NAMES.items():
        text = text.replace("{" + name + "}", pattern)
    return re.compile(text)


_SHORT_LINE, _NOTICE_LINE = _compiled(_SHORT), _compiled(_NOTICES)
_ORNAMENT = re.compile(r"^[\s·•|*_>»«▶►→←↑↓‹›–—\[-]+|[\s·•|*_<»«▶►→←↑↓‹›–—\]:…-]+$")
_ONLY_ORNAMENT = re.compile(r"[\s·•|*_=~#–—-]+")
_WORDS = re.compile(r"\w+")
_QUOTED_STOP = re.compile(r"[.。][\"'”’»)\]]+$")
_TOKEN = re.compile(r"\w+(?:-\w+)*")
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)\]]*$")


def lines(text: str) -> Iterator[Span]:
    """Spans of the lines of `text` that hold something, without the white space at their ends."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        line = text[start:end]
        if core := line.strip():
            first = start + len(line) - len(line.lstrip())
            yield first, first + len(core)
        start = end + 1


def is_furniture(line: str) -> bool:
    """Whether a whole line is page furniture, in English, German, Spanish, French, Russian or Ukrainian."""
    if len(line) > _LONGEST_NOTICE:
        return False
    if _ONLY_ORNAMENT.fullmatch(line):
        return True
    bare = " ".join(_ORNAMENT.sub("", line.casefold().removesuffix("...")).split())
    if _NOTICE_LINE.fullmatch(bare):
        return True
    if len(bare) > _LONGEST or _SENTENCE_END.search(bare):
        return False
    return bool(_SHORT_LINE.fullmatch(bare)) or _is_share_bar(bare)


def _is_share_bar(line: str) -> bool:
    """Whether every word of a folded line is one of a share bar, such as "Share on Facebook Print"."""
    tokens = [token for token in _TOKEN.findall(line) if not token.isdigit()]
    return bool(_SHARE_WORDS.intersection(tokens)) and _BAR_WORDS.issuperset(tokens)


def furniture(text: str) -> list[Span]:
    """Spans of the lines of `text` that are page furniture, in order."""
    return [(start, end) for start, end in lines(text) if is_furniture(text[start:end])]


# The headline


def same_words(line: str, title: str) -> bool:
    """Whether a line is the title, but for marks, spacing and case."""
    return _WORDS.findall(line.casefold()) == _WORDS.findall(title.casefold())


def headline(text: str, body: Sequence[Span]) -> str | None:
    """The first line of `text` if it looks like its headline: short, no sentence, and text after it.

    `body`: spans of the lines that are not furniture. A line followed by another without a blank line
    is a headline only when that one is much longer, since else the text is broken into lines of even length.
    """
    if len(body) < 2:
        return None
    (start, end), (after, after_end) = body[:2]
    line, follower = text[start:end], text[after:after_end]
    if not 3 <= end - start <= _LONGEST_HEADLINE or line.endswith((".", ":", ",", ";", "。", "；", "，")):
        return None
    if _QUOTED_STOP.search(line) or not _WORDS.search(line):
        return None
    apart = text.count("\n", end, after) > 1
    return line if apart or (len(follower) > 1.5 * len(line) and not follower[0].islower()) else None

"""Pages that stand where an article should be: logins, payments, consent, bot checks, "not found".

One sign alone is rarely enough, since full articles also link to a login, sell a newsletter and carry the
markup of a paywall that is not shown. What a page says of itself counts first (schema.org's
isAccessibleForFree, article:content_tier); the other signs count only where there is little text.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from assistant.addresses import shown
from assistant.errors import InputRefused, Walled
from assistant.replies import LOG_IN, SAVE
from assistant.signs import Signs, size

_SHORT = 900  # characters, about 150 words: less is a teaser, or no article at all
_TINY = 300
_LONG, _PARAGRAPHS = 2_400, 6  # as much as this, and it is the article, whatever is sold beside it


def _any(patterns: str) -> re.Pattern[str]:
    """One pattern for a list of them, one a line."""
    lines = (line.strip() for line in patterns.splitlines())
    return re.compile("|".join(line for line in lines if line), re.IGNORECASE)


# Titles, whole.
_CHALLENGES = _any(r"""
    just a moment
    attention required
    access denied
    (?:please )?verify(?:ing)? (?:that )?you are (?:a )?human
    are you a robot
    checking your browser(?: before accessing .{1,60})?
    pardon our interruption
    (?:human|bot) verification
    (?:security|robot|browser) check
    ddos-guard
    one more step
    проверка браузера
    vérification de sécurité
""")
_MISSING = _any(r"""
    (?:error|fehler|erreur) 404
    404(?:[ :-]+(?:error|(?:page )?not found|fehler|erreur))?
    (?:page|article|story|content) (?:was |could )?not (?:be )?found
    (?:this|that|the) page (?:does not|doesn['’]t) exist
    page (?:unavailable|does not exist)
    not found
    seite nicht gefunden
    página no encontrada
    page (?:introuvable|non trouvée)
    pagina non trovata
    página não encontrada
    страница не найдена
    сторінку не знайдено
    strona nie znaleziona
    找不到页面
    页面不存在
""")
# In the text.
_CONSENT = _any(r"""
    before you continue
    we value your privacy
    we (?:and our (?:\d+ )?partners )(?:store|use|process)
    accept (?:all )?cookies
    cookies? akzeptieren
    bevor sie fortfahren
    wir und unsere (?:\d+ )?partner
    mit werbung weiterlesen
    aceptar (?:todas las )?cookies
    accepter (?:les |tous les )?cookies
    continuer sans accepter
    accetta (?:i |tutti i )?cookie
""")
_MORE = _any(r"""
    (?:subscribe|sign up|register|log ?in|sign in)(?: now| for free| or (?:log|sign|register) ?in)? to (?:continue|keep|finish|unlock|read)\b
    this (?:article|story|content) is (?:only |exclusively )?(?:for|reserved for|available to)[^.]{0,30}(?:subscriber|member)
    you(?:['’]ve| have) (?:reached|read) your [^.]{0,30}(?:limit|articles)
    (?:weiterlesen|jetzt lesen) mit
    abonnieren,? um weiter
    jetzt anmelden und weiterlesen
    (?:nur|exklusiv) für abonnent
    (?:suscr[ií]b\w+|reg[ií]str\w+) para (?:seguir|continuar|leer)
    (?:exclusivo|solo) para suscriptores
    abonnez-vous pour (?:lire|continuer|poursuivre)
    (?:article|contenu) (?:est )?réservé (?:à nos |aux )abonnés
    il (?:vous )?reste \d+ ?% de cet article
    abbonati per (?:continuare|leggere)
    assine para (?:continuar|ler)
    (?:оформите подписку|подпишитесь|войдите),? чтобы (?:читать|продолжить|дочитать)
    чтобы (?:читать|продолжить) [^.]{0,40}(?:подпи|войдите)
    доступ(?:ен|на|но) только подписчикам
    передплатіть, щоб
    доступн[оаи] (?:тільки|лише) (?:для )?передплатник
    订阅后?(?:以|即可)?继续阅读
    登录后(?:继续)?阅读
    続きを読むには
""")  # noqa: E501
_MEMBER = _any(r"""
    (?:already|not) a (?:subscriber|member)
    (?:bereits|schon) (?:abonnent|kunde|registriert)
    déjà abonné
    ¿ya (?:eres|es) suscriptor
    уже подписаны
    already have an account
""")
_DOORS = _any(r"""
    (?:log-?in|sign-?in|log-?on|auth|oauth2?|sso)(?:\.\w+)?
    (?:consent|collectconsent|register|registration|regwall|paywall|subscribe|subscription)(?:\.\w+)?
    anmelden
    connexion
    iniciar-sesion
    captcha
""")
_DOOR_HOSTS = _any(
    r"(?:consent|log-?in|sign-?in|auth|accounts?|sso|idp|myaccount|subscribe|subscription)\d*\..*"
)


def leads_astray(name: str, asked: str, came: str) -> InputRefused | None:
    """The refusal where the redirects from an article led to a login or to the front page, else None."""
    before, after = urlsplit(asked), urlsplit(came)
    if (before.hostname, before.path) == (after.hostname, after.path):
        return None
    host = after.hostname or ""
    door = _DOOR_HOSTS.match(host) and not _DOOR_HOSTS.match(before.hostname or "")
    old = set(before.path.lower().split("/"))
    new = [part for part in after.path.lower().split("/") if part and part not in old]
    if door or any(_DOORS.fullmatch(part) for part in new):
        return Walled(name, f"it leads to {shown(came)}, a page for logins or consent", LOG_IN)
    if len(before.path.strip("/")) > 12 and not after.path.strip("/") and not after.query:
        why = "it leads to its site's front page, as happens to articles that were removed"
        return InputRefused(name, why, "Look for the article on the site, and add its new address.")
    return None


def wall(name: str, signs: Signs, text: str) -> InputRefused | None:
    """The refusal of a page that is no article; `text` is what was found of an article, may be "".

    A page with much text is an article. Of one with less, what it says of itself decides, then its signs.
    """
    length = size(text)
    if _is_whole(signs, text, length):
        return None
    if signs.free is False or signs.tier == "locked" or (signs.tier == "metered" and length < _SHORT):
        return Walled(name, "only the start of it is free, and the rest is for subscribers", LOG_IN)
    if length >= _SHORT:
        return None
    title = re.split(r"\s[|–—·-]\s", signs.title)[0].strip(" .!:…")
    if _CHALLENGES.fullmatch(title) or (signs.robot and not signs.article and size(signs.text) < _SHORT):
        return Walled(name, "its site first checks whether a person is reading", SAVE)
    if _MISSING.fullmatch(title):
        why = "its site says that there is no such page, although not by its status"
        return InputRefused(name, why, "Check the address.")
    if _is_teaser(signs, text, length):
        why = "only the start of it is shown, and the rest is for subscribers or after a login"
        return Walled(name, why, LOG_IN)
    if signs.login and not signs.article and length < _TINY:
        return Walled(name, "it asks for a login", LOG_IN)
    if not signs.article and _CONSENT.search(text or signs.text):
        return Walled(name, "it asks for consent to cookies in place of the article", SAVE)
    return None


def _is_teaser(signs: Signs, text: str, length: int) -> bool:
    """Whether a short text ends where a subscription is sold."""
    behind = _behind_text(signs.text, text)
    if _MORE.search(behind):
        return True
    return signs.paywall and (_MEMBER.search(behind) is not None or (signs.article and length < _TINY))


def _behind_text(seen: str, text: str) -> str:
    """The last words of an article and what follows it on the page, where a subscription would be sold."""
    words = " ".join(text.split())
    place = seen.rfind(words[-40:]) if words else 0
    return f"{words[-300:]} {seen[place : place + 800] if place >= 0 else seen}"


def notice(signs: Signs, text: str) -> tuple[str, str] | None:
    """What a reader has to know of an article that was stored although it is said not to be free."""
    if signs.free is False or signs.tier == "locked":
        return (
            "said_not_free",
            "The page says that it is for subscribers, but it came with a long text; its end may be missing.",
        )
    end = text[-250:]
    if (found := _MORE.search(end)) and found:
        return (
            "may_be_cut_off",
            "The text ends where its site asks for a subscription; more may follow there.",
        )
    return None


def _is_whole(signs: Signs, text: str, length: int) -> bool:
    """Whether this is all of the article, as far as the page lets one tell."""
    if signs.stated and signs.free is False and size(text) == len(" ".join(text.split())):
        return len(text.split()) >= 0.7 * signs.stated and length >= _SHORT
    if signs.behind is not None and signs.free is False:
        return signs.behind >= _SHORT and length >= _SHORT
    return length >= _LONG and text.count("\n\n") + 1 >= _PARAGRAPHS

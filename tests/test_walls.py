"""Pages that stand where an article should be are told as such; articles beside a shop are articles."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.errors import InputRefused, Walled
from assistant.models import Article
from assistant.web import Result
from tests.ferries import Memory, add, only, refusal
from tests.website import Page, Site, moved, website


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with website() as open_site:
        yield open_site


SHORT = (
    "<p>The harbour board of Port Tamar said on Monday that the ferry will run again in May of next year.</p>"
    "<p>The captain denied it and told reporters that no date has been fixed by the board so far.</p>"
)
LONG = "".join(
    f"<p>On day {n} the harbour board of Port Tamar said that ferry {n} will run, and captain {n} denied it. "
    "He told reporters that no date has been fixed, that the pier is unsafe, that nobody asked the crews. "
    "The owners did not answer the questions that this newspaper sent to them about the old pier.</p>"
    for n in range(1, 12)
)
NOT_FREE = '<script type="application/ld+json">{"@type": "NewsArticle", "isAccessibleForFree": %s}</script>'
PARTS = NOT_FREE % (
    '"False", "hasPart": {"@type": "WebPageElement", "isAccessibleForFree": "False", "cssSelector": ".paid"}'
)
COUNTED = NOT_FREE % 'false, "wordCount": %d'
LOCKED, METERED = (
    f'<meta property="article:content_tier" content="{tier}">' for tier in ("locked", "metered")
)
LOGIN = '<form action="/login"><input name="user"><input type="password"></form>'
NEWSLETTER = "<aside><p>Subscribe to our newsletter. Already a subscriber? Log in.</p></aside>"


def page(body: str, head: str = "", title: str = "The ferry | Tamar Herald") -> Page:
    start = f"<!doctype html><html lang=en><head><title>{title}</title>{head}</head>"
    return Page(f"{start}<body>{body}</body></html>".encode())


def article(text: str, after: str = "", head: str = "") -> Page:
    return page(f"<article><h1>The ferry</h1>{text}</article>{after}", head)


def more(words: str) -> Page:
    return article(SHORT, f"<div>{words}</div>")


WALLS: dict[str, tuple[Page, str]] = {
    "not free, teaser": (article(SHORT, head=NOT_FREE % "false"), "subscribers"),
    "not free, as a string": (article(SHORT, head=NOT_FREE % '"False"'), "subscribers"),
    "not free, as an address": (article(SHORT, head=NOT_FREE % '"http://schema.org/False"'), "subscribers"),
    "not free, its part empty": (article(LONG, '<div class="paid"><p>Buy.</p></div>', PARTS), "subscribers"),
    "not free, most words missing": (article(LONG, head=COUNTED % 4_000), "subscribers"),
    "locked": (article(SHORT, head=LOCKED), "subscribers"),
    "metered and over": (article(SHORT, head=METERED), "subscribers"),
    "a known paywall": (
        article(SHORT, '<div id="piano-paywall">Already a subscriber? Log in</div>'),
        "subscribers",
    ),
    "English": (more("Subscribe to continue reading"), "subscribers"),
    "English, log in": (more("Log in to continue reading this article."), "subscribers"),
    "a limit": (more("You have reached your monthly limit of free articles."), "subscribers"),
    "German": (more("Weiterlesen mit Tamar Plus"), "subscribers"),
    "Spanish": (more("Suscríbete para seguir leyendo"), "subscribers"),
    "French": (more("Cet article est réservé à nos abonnés."), "subscribers"),
    "Russian": (more("Оформите подписку, чтобы читать дальше"), "subscribers"),
    "Ukrainian": (more("Доступно лише для передплатників"), "subscribers"),
    "Chinese": (more("订阅后即可继续阅读"), "subscribers"),
    "a login form": (page(f"<h1>Welcome back</h1>{LOGIN}", title="Tamar Herald"), "login"),
    "a bot check": (page("<p>Checking your connection.</p>", title="Just a moment..."), "person"),
    "a bot check by its script": (
        page("<p>Please wait.</p>", '<script src="https://challenges.cloudflare.com/x.js"></script>'),
        "person",
    ),
    "access denied": (page("<p>You have no permission to see this.</p>", title="Access Denied"), "person"),
    "a soft 404": (
        page("<p>Sorry, we looked everywhere.</p>", title="Page not found | Tamar Herald"),
        "no such page",
    ),
    "a soft 404 in Russian": (page("<p>Увы.</p>", title="Страница не найдена — Газета"), "no such page"),
    "consent": (page("<p>We value your privacy.</p><button>Accept all cookies</button>"), "consent"),
}


ARTICLES: dict[str, tuple[Page, str | None]] = {
    "long, beside a login and a newsletter": (article(LONG, LOGIN + NEWSLETTER), None),
    "short, beside a newsletter": (article(SHORT, NEWSLETTER), None),
    "short, beside a login": (article(SHORT, LOGIN), None),
    "short, beside a cookie banner": (
        article(SHORT, "<div>We value your privacy. Accept all cookies</div>"),
        None,
    ),
    "long, with a hidden paywall": (
        article(LONG, '<div class="paywall" hidden>Subscribe to read</div>'),
        None,
    ),
    "short, with a hidden paywall": (article(SHORT * 3, '<div class="paywall" hidden></div>'), None),
    "free, by its own word": (article(SHORT, head=NOT_FREE % "true"), None),
    "not free, but here": (article(LONG, head=NOT_FREE % "false"), "said_not_free"),
    "not free, its part here": (article(f'<div class="paid">{LONG}</div>', head=PARTS), "said_not_free"),
    "not free, all words here": (article(LONG, head=COUNTED % 600), "said_not_free"),
    "locked, but here": (article(LONG, head=LOCKED), "said_not_free"),
    "metered, and here": (article(LONG, head=METERED), None),
    "about a bot check": (page(f"<article>{LONG}</article>", title="Just a moment"), None),
    "about subscriptions": (
        article(f"<p>Readers must subscribe to continue reading, the board said.</p>{LONG}"),
        None,
    ),
    "long, sold at its end": (
        article(f"{LONG}<p>Subscribe to continue reading this story.</p>"),
        "may_be_cut_off",
    ),
}


MEMORY = Memory()


@pytest.fixture(scope="module")
def told(site: Site) -> dict[str, Result]:
    """What each page gave, in one run, since each run starts a process."""
    pages = {name: one for name, (one, _) in [*WALLS.items(), *ARTICLES.items()]}
    paths = {f"/{place}": name for place, name in enumerate(pages)}
    site.routes |= {path: pages[name] for path, name in paths.items()}
    return dict(zip(pages, add(site, MEMORY, *paths), strict=True))


@pytest.mark.parametrize("name", WALLS)
def test_what_is_no_article_is_told_as_such(told: dict[str, Result], name: str) -> None:
    why = WALLS[name][1]
    found = refusal([told[name]])
    assert why in found.why
    assert isinstance(found, Walled) == (why != "no such page")


def test_a_wall_is_not_remembered_since_it_may_be_gone_another_time(told: dict[str, Result]) -> None:
    assert len(MEMORY.visits) == sum(isinstance(one, Article) for one in told.values())


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_beside_a_shop_is_an_article(told: dict[str, Result], name: str) -> None:
    code = ARTICLES[name][1]
    found = only([told[name]])
    codes = {one.code for one in found.notices} & {"said_not_free", "may_be_cut_off"}
    assert codes == ({code} if code else set())


@pytest.mark.parametrize(
    ("to", "walled"),
    [
        ("/login?next=/a", True),
        ("/account/sign-in", True),
        ("/consent.html", True),
        ("/auth/realms/x", True),
        ("/", None),
        ("/the-ferry-will-run-again", False),
        ("/politics/login-fee-for-sailors", False),
    ],
)
def test_a_redirect_to_a_door_is_no_article(site: Site, to: str, walled: bool | None) -> None:
    site.routes |= {"/2024/the-ferry-runs": moved(to), to: article(LONG)}
    (found,) = add(site, Memory(), "/2024/the-ferry-runs")
    assert isinstance(found, Walled) == bool(walled)
    assert isinstance(found, Article) == (walled is False)
    if walled is None:
        assert isinstance(found, InputRefused)
        assert "front page" in found.why

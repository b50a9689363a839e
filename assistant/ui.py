"""What the pages share: the open library, text as text, badges and messages.

Text of an article, a model or a file name reaches the browser in one of three ways: `plain` (HTML
with everything escaped), `st.text`, or `escape` in a label. None of them is ever read as markdown.
"""

from __future__ import annotations

import gc
import html
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit import runtime
from streamlit.navigation.page import StreamlitPage
from streamlit.runtime.runtime import RuntimeState

import assistant
from assistant import credentials, entrance, preferences
from assistant import settings as configuration
from assistant.adding import Adding
from assistant.asking import Asking
from assistant.errors import AssistantError, HistoryError
from assistant.history import History
from assistant.labels import NOTICES, Colour
from assistant.library import Library
from assistant.markdown import escape
from assistant.models import Notice
from assistant.settings import Settings
from assistant.signin import library_of

PAGES = {
    "chat": ("Chat", ":material/forum:"),
    "compare": ("Compare", ":material/compare_arrows:"),
    "sources": ("Sources", ":material/library_books:"),
    "settings": ("Settings", ":material/settings:"),
}
_AT_ONCE = 5.0  # seconds for what an interrupted adding left, before the page is drawn without it
TICK = 0.4  # seconds between two looks at an answer that is being made
AT_ONCE = 0.6  # seconds that a page waits for one, before it shows what is done
# Both are ours to the letter. A drawer is drawn piece by piece, so that the passage may come a little later.
# A passage moves within its frame only, where that is enough: what stands above it has to stay in sight.
# The focus does not stay on a button that can go no further: Escape would close nothing then.
SCROLL = """(() => { let tries = 40; const look = () => {
  const found = document.querySelector("WHAT");
  if (!found) { if (tries--) setTimeout(look, 50); return; }
  const frame = found.closest("[role=region]"), top = item => item.getBoundingClientRect().top;
  if (frame) frame.scrollTop += top(found) - top(frame) - frame.clientHeight / 3;
  const focused = document.activeElement;
  if (frame && (focused === document.body || focused.disabled)) frame.focus({preventScroll: true});
  if (!frame || found.getBoundingClientRect().bottom > innerHeight) found.scrollIntoView({block: "WHERE"});
}; setTimeout(look, 50); })();"""
_LINKS = """if (!window.citationLinks) { window.citationLinks = 1;
  document.addEventListener("click", event => {
    const link = event.target.closest("a[data-cite]");
    if (!link) return;
    event.preventDefault();
    document.querySelector(`.st-key-${link.dataset.cite} button`)?.click();
  }); }"""
_STYLE = """[class*="-cited"] button em,.st-key-matrix button em{position:absolute;width:1px;height:1px;
overflow:hidden;clip-path:inset(50%);white-space:nowrap}
[data-testid=stPopoverButton]:hover,[data-testid=stPopoverButton]:hover *,
[data-testid=stBaseButton-tertiary]:hover,[data-testid=stBaseButton-tertiary]:hover *,
button[data-variant][type][data-selected=true],button[data-variant][type][data-selected=true] *{color:inherit}
.st-key-shelf button{justify-content:flex-start}.st-key-shelf button p{text-align:start}
.st-key-starter button{height:auto;max-width:100%}
.st-key-starter button *{white-space:normal;text-align:start}"""
NUMBER_LINKS = f"<span></span><style>{_STYLE}</style><script>{_LINKS}</script>"
BOX = "white-space:pre-wrap;overflow-wrap:anywhere"


def plain(text: str, *, small: bool = False) -> None:
    """`text` as a paragraph; nothing in it is read as markup."""
    size = ";font-size:.875em;opacity:.8" if small else ""
    st.html(f'<p dir="auto" style="margin:0;{BOX}{size}">{html.escape(text)}</p>')


def headline(text: str, level: int = 4) -> None:
    """A headline that is not ours, as text."""
    st.html(f'<h{level} dir="auto" style="margin:0;padding:0">{html.escape(text)}</h{level}>')


def badge(text: str, icon: str, colour: Colour) -> None:
    """A word on a coloured ground with its icon."""
    st.markdown(badged(text, icon, colour))


def badged(text: str, icon: str, colour: Colour) -> str:
    """A badge as markdown, to stand among words.

    Not `st.badge`: it escapes brackets by itself, which would undo the escaping here.
    """
    return f":{colour}-badge[{icon} {escape(text)}]"


def page(name: str) -> StreamlitPage:
    """A page by its name; the absolute path holds in a checkout and in an installed wheel."""
    title, icon = PAGES[name]
    path = Path(assistant.__file__).parent / "pages" / f"{name}.py"
    return st.Page(path, title=title, icon=icon, url_path=name, default=name == "chat")


def _ending() -> bool:
    """Whether the server of the page stops; it would else wait for an adding."""
    return runtime.exists() and runtime.get_instance().state in (RuntimeState.STOPPING, RuntimeState.STOPPED)


@st.cache_resource(show_spinner="Opening the library", on_release=Adding.close)
def _opened(_settings: Settings, folder: Path) -> Adding:
    """The one library of this process and folder; two clients on one Chroma folder lose vectors."""
    library = Library.open(_settings.model_copy(update={"library": folder}))
    adding = Adding(library, _ending)
    if library.catalogue.ledger.waiting():  # what an interrupted `add` left: a little at once, else beside
        adding.finish()
        adding.wait(_AT_ONCE)
    gc.freeze()  # Streamlit collects garbage after each run, and would look through all of this each time
    return adding


def given() -> Settings:
    """The settings of the environment, for the library of whoever is signed in. Raises SettingsError."""
    settings, who = configuration.load(), entrance.somebody()
    return library_of(settings, who) if who else settings


def opened() -> tuple[Settings, Adding]:
    """Settings as they apply on the pages, and the adding to the open library; an error that the reader can
    act on ends the page instead."""
    try:
        settings = given()
        kept = preferences.read(settings.library)
        if kept.problem:
            problem(kept.problem)
        own = not entrance.guarded()
        key = credentials.held(settings.library)
        settings = preferences.applied(settings, kept.preferences, key, own_address=own)
        adding = _opened(settings, settings.library.absolute())
        adding.use(settings)
        return settings, adding
    except AssistantError as error:
        problem(str(error))
        st.stop()


@st.cache_resource(show_spinner=False, on_release=Asking.close)
def _asked(_library: Library, folder: Path) -> Asking:  # noqa: ARG001  one for each folder
    """The questions that are being answered from a library of this process."""
    try:
        return Asking(_library, History.of(_library.folder), _ending)
    except HistoryError:  # a folder that can only be read: the conversation lasts as long as the program
        return Asking(_library, History(None), _ending)


def asking(library: Library) -> Asking:
    """The questions that are being answered from the open library, and its saved conversations."""
    return _asked(library, library.folder.absolute())


def still_adding(adding: Adding) -> None:
    """A line where not everything can be found yet."""
    if adding.running:
        st.caption(":material/hourglass_top: Articles are being added; what is not in yet is not found yet.")


def scroll_to(what: str, where: Literal["start", "center"] = "center") -> None:
    """Brings an element into sight, as soon as it is drawn; `what` is a selector of ours."""
    turn = st.session_state["scrolled"] = st.session_state.get("scrolled", 0) + 1  # a script runs once
    script = SCROLL.replace("WHAT", what).replace("WHERE", where)
    st.html(f"<script>/* {turn} */ {script}</script>", unsafe_allow_javascript=True)


def number_links() -> None:
    """Lets the numbers in the prose do what the buttons of the same citations do, on whatever page.

    What is emphasised in the label of such a button is its name for a screen reader, which the eye has. One
    colour cannot be both the ground of white words and words on a dark ground: the latter are as other text.
    """
    st.html(NUMBER_LINKS, unsafe_allow_javascript=True)


def problem(message: str) -> None:
    """An error, in its own words."""
    st.error(escape(message), icon=":material/error:")


def notice(item: Notice, *, listed: bool = False) -> None:
    """A notice of an article: a warning where nobody may miss it, else a small line; small in a list."""
    kind = f"**{NOTICES[item.code]}.** " if item.code in NOTICES else ""
    if kind and not listed:
        st.warning(kind + escape(item.text), icon=":material/warning:")
    else:
        st.caption(f":material/{'warning' if kind else 'info'}: {kind}{escape(item.text)}")

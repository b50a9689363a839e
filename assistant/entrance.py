"""Who may see the pages: the sign-in where one is configured, and a warning where anyone can come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAPIException

from assistant.errors import SettingsError
from assistant.markdown import escape
from assistant.signin import Person, exposed, person, providers, unread

_WHO = "signed-in"  # whose session this is, in its state


def _auth() -> Mapping[str, Any] | None:
    """`[auth]` of secrets.toml; None where there is none. Raises SettingsError for a file not read."""
    if not st.secrets.load_if_toml_exists():
        if said := unread(st.get_option("secrets.files")):
            raise SettingsError(said)
        return None
    held = st.secrets.get("auth")
    if held is None:
        return None
    return held.to_dict() if hasattr(held, "to_dict") else {}


def somebody() -> Person | None:
    """Who is signed in; None where nobody is asked to. Raises SettingsError where nobody is, but must be."""
    auth = _auth()
    if auth is None:
        return None
    providers(auth)
    claims = st.user.to_dict()
    if claims.get("is_logged_in") is not True:
        raise SettingsError("Nobody is signed in. Load the page again to sign in.")
    return person(claims)


def admitted() -> bool:
    """Whether the pages may be drawn. If not, the sign-in is drawn, or what is wrong with it."""
    try:
        auth = _auth()
        if auth is None:
            return True
        ways = providers(auth)
        claims = st.user.to_dict()
        if claims.get("is_logged_in") is True:
            who = person(claims).id
            if st.session_state.setdefault(_WHO, who) != who:  # nothing of one person is left for another
                st.session_state.clear()
                st.session_state[_WHO] = who
            return True
        st.session_state.clear()
        _draw_signin([(way.name, way.label) for way in ways])
    except SettingsError as error:
        st.error(escape(str(error)), icon=":material/error:")
    return False


def _draw_signin(ways: list[tuple[str | None, str]]) -> None:
    st.title("News verification assistant")
    st.markdown("Sign in to open your library. Nobody else who signs in here sees what is in it.")
    for name, label in ways:
        if st.button(escape(label), icon=":material/login:", key=f"signin-{name}", type="primary"):
            try:
                st.login(name)
            except StreamlitAPIException:
                st.error(
                    escape(
                        "Sign-in is configured, but cannot be started. Install what it needs with "
                        "`pip install "
                        "'news-assistant[signin]'`, and check [auth] in secrets.toml."
                    ),
                    icon=":material/error:",
                )


def guarded() -> bool:
    """Whether others than the one at this machine use the pages: by a sign-in, or since it can be reached."""
    return open_to_all() or _auth() is not None


def open_to_all() -> bool:
    """Whether anyone on the network reads and changes the library."""
    return exposed(st.get_option("server.address")) and _auth() is None


def warn() -> None:
    """A warning where that is so; it is on every page."""
    if open_to_all():
        st.warning(
            "Anyone who can reach this address reads and changes this library. Ask for a sign-in "
            "(README, *More "
            "than one person*), or start the chat on 127.0.0.1.",
            icon=":material/lock_open:",
        )

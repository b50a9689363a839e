"""The Settings page: engine, endpoint, embedder and budgets, and what this library is."""

from __future__ import annotations

from typing import Any

import streamlit as st

import assistant
from assistant import credentials, entrance, labels, preferences, trial, ui
from assistant.adding import Adding, Outcome
from assistant.embedding import called, make_embedder
from assistant.errors import AssistantError, SettingsError
from assistant.markdown import escape
from assistant.models import Filters
from assistant.preferences import BUDGETS, LABELS, Preferences
from assistant.settings import MAX_FILE_BYTES, Settings
from assistant.underway import draw_adding

ENGINES = {
    "auto": ("Automatic", "A model where a key or an endpoint is set, else no model"),
    "extractive": ("Extractive", "No model: every word is copied from a source"),
    "llm": ("Model", "A model writes the prose from the passages; every sentence is checked"),
}
EMBEDDERS = {
    "local": ("Local", "On this machine, offline, in about a hundred languages"),
    "openai": (
        "Endpoint",
        "Every passage of every article, and every question, is sent to the endpoint above",
    ),
}
JUDGES = {
    "guarded": ("Rules and a local model", "The model judges, and rules overrule it where they are sure"),
    "rules": ("Rules", "Decides least, and always says why"),
    "trained": ("The local model", "Decides most, and errs more often"),
}
KEYS = {
    "none": (":material/key_off:", "No key is set. A server of your own mostly needs none."),
    "environment": (":material/key:", "A key is set in the environment or in .env."),
    "withheld": (
        ":material/key_off:",
        (
            "The key of the environment is not sent to an address that was typed here. "
            "Give a key for this address, if it asks for one."
        ),
    ),
    "held": (":material/key:", "A key is set (for this run)."),
    "elsewhere": (":material/key_off:", "A key is set for another address, and is not sent to this one."),
}


class Form:
    """The controls of the page: what they show, and what was chosen in them."""

    def __init__(self, given: Settings, kept: Preferences) -> None:
        self.given, self.fixed = given, preferences.fixed(given)
        self.now = preferences.applied(given, kept)
        self.draft: dict[str, Any] = dict(kept.chosen)
        self._round = st.session_state.setdefault("round", 0)  # other controls after "Back to defaults"

    def pick(self, name: str, choices: dict[str, tuple[str, str]]) -> str:
        """One of a few, each with its meaning."""
        names = list(choices)
        picked = st.radio(
            LABELS[name],
            names,
            names.index(getattr(self.now, name)),
            format_func=lambda item: choices[item][0],
            captions=[choices[item][1] for item in names],
            **self._options(name),
        )
        return str(self._take(name, picked))

    def write(self, name: str, placeholder: str = "", *, closed: str = "") -> None:
        """A line of text; `closed` says why it cannot be changed here."""
        held = getattr(self.now, name)
        held = preferences.shown(held) if name == "base_url" else held or ""
        typed = st.text_input(
            LABELS[name], held, placeholder=placeholder, autocomplete="off", max_chars=300,
            **self._options(name, closed),
        )  # fmt: skip
        if not closed:
            self._take(name, typed)

    def number(self, name: str, placeholder: str = "") -> None:
        """A number within what the setting may be; empty where that is possible."""
        held, range_ = getattr(self.now, name), preferences.bounds(name)
        kind: Any = int if range_.whole else float
        least = range_.least + (1 if range_.whole else 0.1) * range_.above
        least = least if held is None else min(least, held)
        typed = st.number_input(
            LABELS[name],
            kind(least),
            kind(range_.most) if range_.most is not None else None,
            None if held is None else kind(held),
            1 if range_.whole else 0.1 if name == "temperature" else 1.0,
            format="%d" if range_.whole else "%g",
            placeholder=placeholder,
            **self._options(name),
        )
        self._take(name, typed)

    def _options(self, name: str, closed: str = "") -> dict[str, Any]:
        return {"key": f"set-{name}-{self._round}", "disabled": bool(closed) or name in self.fixed}

    def _take(self, name: str, value: Any) -> Any:
        if name in self.fixed:
            st.caption(f":material/lock: Set by {escape(self.fixed[name])}, in the environment or in .env.")
            return getattr(self.given, name)
        self.draft[name] = value
        return value


def draw_answers(form: Form) -> None:
    """The engine, the endpoint and the model."""
    st.subheader("Answers")
    form.pick("engine", ENGINES)
    form.pick("judge", JUDGES)
    st.subheader("Endpoint")
    closed = "" if not entrance.guarded() or "base_url" in form.fixed else "closed"
    form.write("base_url", "https://api.openai.com/v1", closed=closed)
    if closed:
        st.caption(
            ":material/lock: Set by whoever runs this server, with OPENAI_BASE_URL: an address typed "
            "here could "
            "be one of the server's own network."
        )
    form.write("model")
    form.number("temperature", "Left to the endpoint")


def draw_key(form: Form, wanted: Settings) -> None:
    """Whether there is a key, never which, and the box for another one."""
    folder = form.given.library
    key = credentials.held(folder)
    state = credentials.state(form.given, wanted, key)
    icon, said = KEYS[state]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{icon} {said}")
        if key is not None and st.button("Forget the key", key="forget", icon=":material/delete:"):
            credentials.forget(folder)
            st.rerun()
    if state == "environment":
        return
    with st.form("key", clear_on_submit=True, border=False):
        typed = st.text_input(
            f"Key for {escape(preferences.shown(wanted.base_url) or 'https://api.openai.com/v1')}",
            type="password", autocomplete="off", placeholder="Never shown again, and never stored",
        )  # fmt: skip
        if st.form_submit_button("Use this key") and typed.strip():
            credentials.hold(folder, typed.strip(), wanted.base_url or "")
            st.rerun()
    if entrance.guarded():
        st.caption("It is held until this server ends, and used for this library only.")
    else:
        st.caption(
            "It is held until the chat ends. To keep one, put OPENAI_API_KEY and OPENAI_BASE_URL into .env."
        )
    if preferences.in_clear(wanted.base_url):
        st.warning(
            "This address is not encrypted: whoever sees the network on the way reads the key and "
            "the passages.",
            icon=":material/no_encryption:",
        )


def draw_trial(wanted: Settings) -> None:
    """The button that asks the endpoint for one word, and what came of it."""
    asked = (wanted.base_url, wanted.model, wanted.api_key is not None)
    if st.button("Test the endpoint", key="test", icon=":material/network_check:"):
        with st.spinner("Asking the model for one word"):
            try:
                st.session_state["trial"] = (asked, True, trial.run(wanted).said)
            except AssistantError as error:
                st.session_state["trial"] = (asked, False, str(error))
    of, passed, said = st.session_state.get("trial", (None, False, ""))
    if of == asked and passed:
        st.success(escape(said), icon=":material/check:")
    elif of == asked:
        ui.problem(f"The test failed. {said}")


def draw_embedder(form: Form, adding: Adding, saved: Settings) -> None:
    """What makes the vectors, what made those of this library, and the way from one to the other."""
    st.subheader("Embedder")
    if form.pick("embedder", EMBEDDERS) == "openai":
        form.write("embedding_model")
    library = adding.library
    if made_with := library.catalogue.fact("embedder"):
        st.caption(f"This library was made with {escape(called(made_with))}.")
    if adding.running and not adding.wait(0.3):
        draw_adding(adding)
        return
    outcome = adding.outcome
    if outcome and outcome.embedding and st.session_state.pop("watched", False):
        st.session_state["anew"] = outcome
    if told := st.session_state.get("anew"):
        draw_outcome(told)
    try:
        other = made_with not in (None, make_embedder(saved).fingerprint)
    except AssistantError as error:
        ui.problem(str(error))
        return
    if other:
        count = labels.count(library.catalogue.count(), "passage")
        st.warning(
            f"The library's vectors are of another embedder, so nothing can be asked or added. Embed "
            f"its {count} "
            "anew, or choose the former embedder again. What is embedded is lost when you begin.",
            icon=":material/warning:",
        )
        if st.button("Embed everything anew", key="anew-begin", icon=":material/restart_alt:"):
            st.session_state.pop("anew", None)
            st.session_state["watched"] = adding.embed_anew()
            st.rerun()


def draw_outcome(outcome: Outcome) -> None:
    """What became of embedding everything anew."""
    if outcome.error:
        ui.problem(outcome.error)
    elif outcome.stopped:
        st.warning(
            "Stopped. What is left can be finished on the Sources page.", icon=":material/stop_circle:"
        )
    else:
        st.success(f"{labels.count(outcome.finished, 'passage')} embedded anew.", icon=":material/check:")


def draw_budgets(form: Form) -> None:
    """How much is read, written and waited for."""
    with st.expander("Budgets", icon=":material/speed:"):
        for name in BUDGETS:
            form.number(name)


def draw_save(form: Form, kept: Preferences, wanted: Preferences | None) -> None:
    """The buttons that keep what was chosen, or go back to what was there before anything was."""
    if wanted is not None and wanted.chosen != kept.chosen:
        st.caption(":material/edit: Changed, and not saved yet.")
    with st.container(horizontal=True):
        save = st.button("Save", key="save", type="primary", disabled=wanted is None)
        back = st.button("Back to defaults", key="back", type="tertiary", disabled=not kept.chosen)
    try:
        if save and wanted is not None:
            preferences.write(form.given.library, wanted)
            st.session_state["saved"] = "Saved."
        elif back:
            preferences.write(form.given.library, Preferences())
            st.session_state["round"] += 1
            st.session_state["saved"] = "Back to the defaults."
    except AssistantError as error:
        ui.problem(str(error))
        return
    if save or back:
        st.rerun()
    if said := st.session_state.pop("saved", None):
        st.success(said, icon=":material/check:")


def draw_about(given: Settings, adding: Adding) -> None:
    """What this library is, and where what is in it goes."""
    st.subheader("This library")
    catalogue = adding.library.catalogue
    facts = [
        labels.count(catalogue.in_scope(Filters()), "article"),
        labels.count(catalogue.count(), "passage"),
    ]
    facts += [f"Files up to {MAX_FILE_BYTES // 1_000_000} MB", f"Version {assistant.__version__}"]
    ui.plain(" · ".join(facts))
    if not entrance.guarded():
        ui.plain(f"Folder: {given.library.absolute()}", small=True)
    st.caption(
        "No telemetry: nothing is sent anywhere but to the endpoint above, and to the web addresses "
        "that you add."
    )


def draw_person() -> None:
    """Who is signed in, and the way out."""
    if who := entrance.somebody():
        with st.container(horizontal=True, vertical_alignment="center"):
            ui.plain(f"Signed in as {who.name}. This library is yours alone.")
            st.button("Sign out", key="sign-out", icon=":material/logout:", on_click=st.logout)


def draw() -> None:
    """The whole page."""
    saved, adding = ui.opened()
    given = ui.given()
    kept = preferences.read(given.library).preferences
    form = Form(given, kept)
    st.title("Settings")
    st.caption(
        "They hold for these pages and this library. Commands and programs read the environment and "
        ".env, which "
        "also win over what is set here."
    )
    draw_person()
    draw_answers(form)
    below = st.container()
    draw_embedder(form, adding, saved)
    draw_budgets(form)
    wanted = None
    try:
        wanted = preferences.checked(form.draft)
    except SettingsError as error:
        with below:
            ui.problem(str(error))
    if wanted is not None:
        key, own = credentials.held(given.library), not entrance.guarded()
        as_drawn = preferences.applied(given, wanted, key, own_address=own)
        with below:
            draw_key(form, as_drawn)
            draw_trial(as_drawn)
    draw_save(form, kept, wanted)
    draw_about(given, adding)


draw()

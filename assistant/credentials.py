"""Keys that were typed on the Settings page, in the memory of this process and nowhere else.

They are on no disk, in no log, no answer and no export, and end with the process. One that is to be kept
belongs into the environment or into `.env`.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Literal

from assistant.preferences import Key, same
from assistant.settings import Settings

State = Literal["none", "environment", "withheld", "held", "elsewhere"]

_guard = threading.Lock()
_keys: dict[Path, Key] = {}


def held(library: Path) -> Key | None:
    """The key that was given for the library in a folder."""
    with _guard:
        return _keys.get(library.absolute())


def hold(library: Path, secret: str, address: str) -> None:
    """Holds a key in place of the one before; `address`: of the endpoint that it was given for."""
    with _guard:
        _keys[library.absolute()] = Key(secret, address)


def forget(library: Path) -> None:
    """Forgets the key of a library."""
    with _guard:
        _keys.pop(library.absolute(), None)


def state(given: Settings, made: Settings, key: Key | None) -> State:
    """What becomes of keys where `given` is of the environment, and `made` is what the page makes of it.

    environment: its key is sent. withheld: it is not, since the address is another. held: the typed one is
    sent. elsewhere: the typed one was given for another address. none: there is none.
    """
    if made.api_key is not None:
        return "environment" if same(made.base_url, given.base_url) and given.api_key else "held"
    if key is not None:
        return "elsewhere"
    return "withheld" if given.api_key else "none"

"""Everything that the assistant raises on purpose, as one tree.

    AssistantError
    ├── SettingsError       an environment variable or option has a value that cannot be used
    ├── InputRefused        one file, record or address that cannot become an article
    │   ├── AddressRefused      an address that is not asked, whoever names it: not of the public web
    │   ├── FetchFailed         a page that did not come this time; asking again later may help
    │   └── Walled              a page behind a login, a payment or a check for persons
    ├── QuestionError       a question that is empty or too long
    ├── PromptError         a prompt file is missing, or lacks a variable that it must name
    ├── EmbedderError       the local weights or the embeddings endpoint cannot give vectors
    ├── JudgeError          the local judge's weights are missing or damaged
    ├── ModelError          the model endpoint failed, or its reply was not whole
    │   └── NoRewrite           the model answered, but not with a question that stands alone
    ├── HistoryError        the saved conversations cannot be read or written
    │   └── AnswerNotFound      no saved answer has that id
    ├── ExportError         an answer cannot be written in the form that was asked for
    └── LibraryError        the library folder cannot be read or written
        ├── EmbedderMismatch    the library was made with another embedder
        └── SourceNotFound      no article has that id

Each message says what happened, why, and ends with what to do next. The commands print the
message without a traceback and leave with exit status 1, except for refused inputs (4).
"""


class AssistantError(Exception):
    """Any failure that a user can understand and act on."""

    @property
    def code(self) -> str:
        """The class name in snake case, for `--json` and for notices."""
        name = type(self).__name__
        return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


class SettingsError(AssistantError):
    """A setting has a value that cannot be used."""


class InputRefused(AssistantError):
    """One input that cannot become an article; the other inputs of the call are not affected."""

    def __init__(self, name: str, why: str, hint: str) -> None:
        super().__init__(f"{name}: {why}. {hint}")
        self.name, self.why, self.hint = name, why, hint


class AddressRefused(InputRefused):
    """An address that is never connected to, such as one of a private network."""


class FetchFailed(InputRefused):
    """A page that did not come, for a reason that may pass: a slow, busy or broken server."""


class Walled(InputRefused):
    """A page whose article is not given to everyone; nothing of it is stored."""


class QuestionError(AssistantError):
    """A question that cannot be asked."""


class PromptError(AssistantError):
    """A file in `prompts/` is missing or does not name the variables that it must."""


class EmbedderError(AssistantError):
    """No vectors: the local weights are missing or damaged, or the endpoint failed."""


class JudgeError(AssistantError):
    """No judgement: the local judge's weights are missing or damaged."""


class ModelError(AssistantError):
    """No whole answer from the model endpoint; `partial` holds the text that came before it failed."""

    def __init__(self, message: str, partial: str = "") -> None:
        super().__init__(message)
        self.partial = partial


class NoRewrite(ModelError):
    """The model did not rewrite a follow-up question; the endpoint itself works."""


class HistoryError(AssistantError):
    """The file of the saved conversations cannot be opened, read or written."""


class AnswerNotFound(HistoryError):
    """No answer that was saved has the id that was asked for."""


class ExportError(AssistantError):
    """A form of export that does not fit the answer."""


class LibraryError(AssistantError):
    """The library folder cannot be opened, read or written."""


class EmbedderMismatch(LibraryError):
    """The library's vectors were made by another embedder."""


class SourceNotFound(LibraryError):
    """No article in the library has the id that was asked for."""

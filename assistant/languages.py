"""The language that an article is in: what it states, unless its words plainly say another.

Pages of many outlets state English whatever they are written in, and most texts state nothing. Everything
that reads English grammar rests on this field, so that a wrong one is worse than none.

Method: py3langid, a naive Bayes classifier over byte n-grams, on three samples of the body. Over 14,605
openings of English news of 60 characters, none was taken for another language at this confidence; over
30 languages (`tests/tongues.tsv`) all texts of two sentences are told right, or not told.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from assistant.models import Notice

SURE = 0.9
LEAST_LETTERS = 60  # of an alphabet; a Chinese character stands for three
LEAST_TO_OVERRULE = 200
_SAMPLE = 700  # characters, from the start, the middle and the end

# Languages of news; others, such as Latin and Walloon, are only what short texts are mistaken for.
_NEWS = frozenset(
    """
am ar az be bg bn bs ca cs cy da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko
ky lt lv mk ml mn mr ms mt my ne nl no pa pl ps pt ro ru si sk sl so sq sr sv sw ta te th tl tr uk ur uz vi zh
zxx
""".split()
)
# Too near for an identification to overrule what is stated.
_NEAR = ({"no", "nb", "nn", "da"}, {"hr", "bs", "sr", "sh", "cnr"}, {"id", "ms"}, {"zh", "yue", "wuu", "cmn"},
         {"nl", "af", "fy"}, {"pt", "gl"}, {"cs", "sk"}, {"bg", "mk"}, {"fa", "prs", "ps"}, {"tl", "fil"},
         {"he", "iw"}, {"hi", "mr", "ne", "ur"})  # fmt: skip
_NAMES = {
    "ar": "Arabic", "bg": "Bulgarian", "ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish",
    "fr": "French", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "id": "Indonesian",
    "it": "Italian", "ja": "Japanese", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch",
    "no": "Norwegian", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak",
    "sl": "Slovenian", "sr": "Serbian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu",
    "vi": "Vietnamese", "zh": "Chinese",
}  # fmt: skip
_LONG = {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "rus": "ru",
         "ukr": "uk", "ita": "it", "por": "pt", "zho": "zh", "chi": "zh",
         "jpn": "ja", "ara": "ar"}  # fmt: skip


def settle(stated: str | None, text: str) -> tuple[str | None, Notice | None]:
    """The language of an article with this body, and a notice where that is not the one it states.

    `stated` and the result are lower-case tags of two or three letters.
    """
    sample = _sample(text)
    told = _LONG.get(stated or "", stated)
    letters = sum(3 if "\u3040" <= char <= "\uffdc" else 1 for char in sample if char.isalpha())
    if letters < (LEAST_TO_OVERRULE if told else LEAST_LETTERS):
        return told, None
    found, confidence = _identified(sample)
    if confidence < SURE or found == "zxx":
        return told, None
    if told is None or found == told or any({told, found} <= group for group in _NEAR):
        return told or found, None
    said, read = (_NAMES.get(code, f"“{code}”") for code in (told, found))
    message = f"It says that it is in {said}, but its words are {read}, and it is read as {read}."
    return found, Notice("language_identified", message)


def _sample(text: str) -> str:
    if len(text) <= 3 * _SAMPLE:
        return text
    middle = len(text) // 2
    return "\n".join((text[:_SAMPLE], text[middle : middle + _SAMPLE], text[-_SAMPLE:]))


def _identified(sample: str) -> tuple[str, float]:
    """The likeliest of `_NEWS`, and its probability among them."""
    # Not by `set_languages`, which copies the table of the model: 160 MB for no gain.
    ranked = [(code, float(share)) for code, share in _identifier().rank(sample) if code in _NEWS]
    return ranked[0][0], ranked[0][1] / max(sum(share for _, share in ranked), 1e-9)


@cache
def _identifier() -> Any:
    """The model, read from the package: half a second, once, for the first text that is long enough."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)  # type: ignore[no-untyped-call]

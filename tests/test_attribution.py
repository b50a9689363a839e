"""Who speaks in an article: named where the article names them, and nobody where it does not."""

from __future__ import annotations

import pytest

from assistant.attribution import speaker_at, spoken
from tests.speakers import is_outlets, said, spaced, speaker_of

# --- one sentence ---------------------------------------------------------------------------------

NAMED = [
    # The verb after the name.
    ("Peskov said the troops would stay.", "the troops would stay", "Peskov"),
    ("Peskov also said the troops would stay.", "the troops would stay", "Peskov"),
    ("Torvane has denied that the bridge was unsafe.", "the bridge was unsafe", "Torvane"),
    ("But Peskov said no.", "no", "Peskov"),
    ("However, Peskov said no.", "no", "Peskov"),
    ("On Tuesday, Torvane said the bridge was shut.", "the bridge was shut", "Torvane"),
    ("On Tuesday Torvane said the bridge was shut.", "the bridge was shut", "Torvane"),
    ("Asked by reporters, Peskov said no.", "no", "Peskov"),
    ("The bridge was closed, Torvane told parliament on Thursday.", "bridge was closed", "Torvane"),
    ("“No and never,” Torvane told the council.", "No and never", "Torvane"),
    ("The letter, Torvane said, was opened.", "was opened", "Torvane"),
    ("NATO said it knew nothing.", "it knew nothing", "NATO"),
    ("NATO indicated that it gave no promises.", "it gave no promises", "NATO"),
    ("Zakaria asked Peskov whether there was room for a compromise.", "there was room", "Zakaria"),
    ("Peskov believes that the situation poses a threat.", "the situation poses a threat", "Peskov"),
    ("Peskov accused NATO of being a weapon.", "being a weapon", "Peskov"),
    ("Peskov rejected these reports.", "these reports", "Peskov"),
    ("Torvane promised to put the question to the treasury.", "put the question", "Torvane"),
    ("Torvane said on Sunday in a written statement that it was shut.", "it was shut", "Torvane"),
    ("Torvane wrote: “It is shut.”", "It is shut", "Torvane"),
    # The verb before the name.
    ("“The bridge is safe,” said Ann Lee.", "The bridge is safe", "Ann Lee"),
    ('"The bridge is safe," said Ann Lee.', "The bridge is safe", "Ann Lee"),
    ('“The bridge is safe," said Ann Lee.', "The bridge is safe", "Ann Lee"),
    ("“The bridge is safe,” said pilot Ann Lee.", "The bridge is safe", "Ann Lee"),
    ("“The bridge is safe,” said harbour constituent Ann Lee.", "The bridge is safe", "Ann Lee"),
    ("“The bridge is safe,” said the harbour pilot, Ann Lee.", "The bridge is safe", "Ann Lee"),
    ("“It is safe,” replied the ministry's chief engineer, Rupert Aldane.", "It is safe", "Rupert Aldane"),
    ("«The bridge is safe» — said Peskov.", "The bridge is safe", "Peskov"),
    ("«The bridge is safe», said Peskov.", "The bridge is safe", "Peskov"),
    ("“The bridge is safe” — Peskov said.", "The bridge is safe", "Peskov"),
    (
        "The last of them left at 8:05 p.m., said fire chief Bettany Quorn.",
        "last of them left",
        "Bettany Quorn",
    ),
    # According to.
    ("According to Ann Lee, the bridge is safe.", "the bridge is safe", "Ann Lee"),
    ("The bridge is safe, according to Ann Lee.", "The bridge is safe", "Ann Lee"),
    # Titles, appositives, names of several parts.
    ("Prime Minister Aurel Hask replied that it was not.", "it was not", "Prime Minister Aurel Hask"),
    ("Sen. J. D. Vance said it was safe.", "it was safe", "Sen. J. D. Vance"),
    ("Ann Lee, a harbour pilot, said the bridge was safe.", "the bridge was safe", "Ann Lee"),
    ("Torvane, who lives in Ellmar, said it was safe.", "it was safe", "Torvane"),
    ("Torvane, who said it was safe, lives in Ellmar.", "it was safe", "Torvane"),
    (
        "The public prosecutor in Port Sabel, Marit Holloran, said that it was early.",
        "it was early",
        "Marit Holloran",
    ),
    ("Sunniva Brack of the Reform Union demanded that it be withdrawn.", "it be withdrawn", "Sunniva Brack"),
    ("Jean-Luc O’Neill said it was safe.", "it was safe", "Jean-Luc O’Neill"),
    ("Ursula von der Leyen said it was safe.", "it was safe", "Ursula von der Leyen"),
    (
        "Secretary of State Hillary Clinton said it was safe.",
        "it was safe",
        "Secretary of State Hillary Clinton",
    ),
    # Institutions.
    ("The ministry said that it was shut.", "it was shut", "the ministry"),
    ("It was shut, the harbour ministry said.", "It was shut", "the harbour ministry"),
    ("The company that runs the Lantern Bridge said it knew nothing.", "it knew nothing", "the company"),
    ("U.S. intelligence said Moscow was planning it.", "Moscow was planning it", "U.S. intelligence"),
    ("According to the U.N., four million have fled.", "four million", "U.N."),
    ("The report, released on Tuesday, found that twelve died.", "twelve died", "the report"),
    ("Police said that nobody was hurt.", "nobody was hurt", "police"),
    # Words inside the quotation are not the sentence's own.
    ("“He told me: ‘Putin said so’,” said Ann Lee.", "He told me", "Ann Lee"),
    ("“And then Putin said it was safe,” Ann Lee said.", "it was safe", "Ann Lee"),
    # Somebody is quoted by somebody.
    ("RIA quotes Peskov as saying “the troops will stay there”.", "the troops will stay there", "Peskov"),
    ("Peskov was quoted as saying that the troops will stay.", "the troops will stay", "Peskov"),
    (
        "A remark by Vladimir Putin, whom he quoted as saying: “A threat for us.”",
        "A threat for us",
        "Vladimir Putin",
    ),
]


@pytest.mark.parametrize(("text", "words", "speaker"), NAMED)
def test_a_named_speaker(text: str, words: str, speaker: str) -> None:
    assert speaker_of(text, words) == speaker


UNNAMED = [
    ("The minister said on Monday that it was shut.", "it was shut"),
    ("Officials said it was shut.", "it was shut"),
    ("Officials in Kyiv say Russia has lost a thousand tanks.", "lost a thousand"),
    ("Critics said it was shut, and nobody denied it.", "it was shut"),
    ("“Guys, for us — real threat” — added the press secretary.", "real threat"),
    ("“Putin said it was safe,” the minister said.", "it was safe"),
    ("“It is safe for now,” said the mayor.", "It is safe for now"),
    ("“It is safe for now,” he said.", "It is safe for now"),
    ("Torvane's spokesman said it was safe.", "it was safe"),
    ("A spokesman for the Lantern Crossings Company said it was safe.", "it was safe"),
    ("The mayor of Port Sabel said the bridge was shut.", "the bridge was shut"),
    ("Residents of New York told reporters what they had seen.", "what they had seen"),
    ("In Berlin Merkel said it was shut.", "it was shut"),
    ("Ann Lee and Bob Lee said it was shut.", "it was shut"),
    ("According to March figures, nothing happened.", "nothing happened"),
]


@pytest.mark.parametrize(("text", "words"), UNNAMED)
def test_somebody_speaks_whom_nobody_names(text: str, words: str) -> None:
    """The words are not the outlet's, and no name is guessed for them."""
    assert speaker_of(text, words) is None


NOBODY = [
    "The bridge was closed on Monday.",
    "Peskov was in Moscow on Monday.",
    "Peskov was said to be ill.",
    "Nobody in Kyiv said that.",
    "The ministry did not say that the bridge was shut.",
    "The report calls the bridge safe, as the claims that he made were many.",
    "Most pupils of the “Harbour School” came late.",
    "Campaign promises that nobody keeps are cheap.",
    "The member states to decide on it are few.",
    "“The bridge",
    '"',
    "",
]


@pytest.mark.parametrize("text", NOBODY)
def test_the_outlets_own_voice(text: str) -> None:
    assert spoken(text) == ()


# Where a reported clause ends: after it the outlet speaks, or somebody else.
SCOPES = [
    ("Peskov stated that there were no soldiers, despite reports that some were seen.", "despite reports"),
    ("Though he did not address that accusation, Peskov stated that there were none.", "Though he did not"),
    ("She asked for the visit that Torvane had proposed in June and that was never made.", "never made"),
    ("Nobody came for the visit that Torvane had proposed in June and that was never made.", "never made"),
    ("They found a hollow, the ministry said; what caused it is not known.", "what caused it"),
    ("Torvane promised to ask the treasury but made no commitment.", "made no commitment"),
    ("Torvane, who has accused Hask of sleeping, may have left the town.", "may have left"),
    ("The ferries leave on Wednesday, Pellimore said, and he left for home.", "he left for home"),
    ("“It is shut,” Torvane said on ABC's “This Morning Show with Ann and Bob and Co”.", "on ABC"),
]


@pytest.mark.parametrize(("text", "words"), SCOPES)
def test_the_outlet_goes_on_where_the_clause_ends(text: str, words: str) -> None:
    assert is_outlets(text, words)


def test_two_clauses_of_one_sentence_have_their_own_speakers() -> None:
    text = "Sullivan said the threat was “high,” and U.S. intelligence said Moscow was planning it."
    assert speaker_of(text, "the threat was") == speaker_of(text, "high,") == "Sullivan"
    assert speaker_of(text, "Moscow was planning it") == "U.S. intelligence"
    assert is_outlets(text, "and U.S. intelligence said")


def test_a_second_verb_has_the_first_ones_subject() -> None:
    text = "“It is shut,” Torvane said, adding that nobody was hurt."
    assert speaker_of(text, "nobody was hurt") == "Torvane"
    text = "Carson admitted that the name was wrong, but said the article was there."
    assert speaker_of(text, "the article was there") == "Carson"
    text = "The fire service gave no number on Tuesday and said that it was counting."
    assert speaker_of(text, "it was counting") == "the fire service"


def test_scare_quotes_belong_to_the_voice_around_them() -> None:
    text = "Peskov said Russia could not “tolerate” it. Ministers call this the “red line”."
    start = text.index("tolerate")
    found = speaker_at(text, start, start + 8)
    assert found is not None and found.direct and found.speaker == "Peskov"
    assert is_outlets("The police found a “red line” on the map.", "red line")


# --- over sentences -------------------------------------------------------------------------------

CARRIED = [
    ("Peskov said it on Sunday. “It is safe,” he said.", "It is safe", "Peskov"),
    ("Peskov said it on Sunday.\n\n“It is safe,” he added.", "It is safe", "Peskov"),
    ("Torvane said it was not. “It is shut,” said she.", "It is shut", "Torvane"),
    ("“It is safe,” Peskov said. “And it will surely stay so.”", "it will surely stay", "Peskov"),
    ("“It is safe,” Peskov said.\n\nNobody came. He added that it would stay.", "it would stay", "Peskov"),
    ("Peskov said it was safe. According to him, it will stay so.", "it will stay so", "Peskov"),
    # A quotation of several paragraphs has no closing mark before the last one.
    ("Peskov said: “It is safe.\n\n“And it will stay so for many years.”", "stay so for many", "Peskov"),
    ("Peskov replied:\n\n“It will stay so for many years.”", "stay so for many", "Peskov"),
    # By a title or a description that the article uses of one person.
    ("Mayor Odo Pellimore came. “It is safe,” the mayor said.", "It is safe", "Mayor Odo Pellimore"),
    (
        "Kremlin spokesman Dmitry Peskov came. “It is safe,” the Kremlin spokesman said.",
        "It is safe",
        "Dmitry Peskov",
    ),
    (
        "Putin spokesman Dmitry Peskov came. “It is safe,” Putin's spokesman said.",
        "It is safe",
        "Dmitry Peskov",
    ),
    ("Peskov, a diplomat, said it on Sunday. “It is safe,” added the press secretary.", "It is safe", None),
    ("Peskov said it on Sunday. “It is safe,” added the press secretary.", "It is safe", "Peskov"),
    # By the full name, wherever in the article it stands.
    ("“It is safe,” Peskov said. Dmitry Peskov is in Moscow.", "It is safe", "Dmitry Peskov"),
    ("Dmitry Peskov is in Moscow.\n\n“It is safe,” said Peskov.", "It is safe", "Dmitry Peskov"),
    # A new paragraph may be a new speaker, and so may a sentence of another kind.
    ("“It is safe,” Peskov said.\n\n“And it will stay so for many years.”", "it will stay so", None),
    ("“Putin said so,” the minister said. “It is safe,” he said.", "It is safe", None),
    ("Peskov said it on Sunday. “It is safe,” said the mayor.", "It is safe", None),
    ("Mayor Odo Pellimore met Minister Ilse Torvane. “It is safe,” he said.", "It is safe", None),
    ("Two came, Ann Lee and Ann Poe. “It is safe,” she said.", "It is safe", None),
    # Two who share a surname.
    ("Hillary Clinton met Bill Clinton. “It is safe,” she said.", "It is safe", None),
]


@pytest.mark.parametrize(("text", "words", "speaker"), CARRIED)
def test_a_speaker_is_carried_over(text: str, words: str, speaker: str | None) -> None:
    assert speaker_of(text, words) == speaker


def test_an_answer_is_not_given_to_the_one_who_asked() -> None:
    """“He” after a question is the one who was asked: a quotation in the wrong mouth is the worst error."""
    text = "Zakaria asked Peskov whether there was room.\n\n“There is also space for compromise,” he said."
    assert speaker_of(text, "space for compromise") != "Zakaria"


def test_a_pronoun_does_not_change_its_gender() -> None:
    text = "Hillary Clinton spoke to Donald Trump. “It is safe,” she said. “It is not,” he said."
    assert speaker_of(text, "It is safe") == "Hillary Clinton"
    assert speaker_of(text, "It is not") != "Hillary Clinton"


def test_a_transcript_names_its_speakers() -> None:
    text = "Jake Tapper spoke.\n\nTAPPER: Take a listen to this. It was Friday.\n\nNobody did."
    assert speaker_of(text, "It was Friday") == "Jake Tapper"
    assert is_outlets(text, "Nobody did")


# --- marks ----------------------------------------------------------------------------------------

BROKEN = [
    ("“The troops stay where they are  — said Peskov.", "The troops stay where they are", "said Peskov"),
    ("“The troops stay where they are, Peskov said. He left.", "The troops stay where they are", "He left"),
    ("““The troops stay there”” — said Peskov.", "The troops stay there", "said Peskov"),
    ('""The troops stay there"" — said Peskov.', "The troops stay there", "said Peskov"),
    ("''The troops stay there,'' Peskov said. He left.", "The troops stay there", "He left"),
]


@pytest.mark.parametrize(("text", "words", "outside"), BROKEN)
def test_a_missing_or_doubled_mark_gives_nothing_more_to_the_speaker(
    text: str, words: str, outside: str
) -> None:
    assert speaker_of(text, words) == "Peskov"
    assert is_outlets(text, outside)
    (first, *_) = spoken(text)
    assert spaced(text[first.start : first.end]).startswith(words)


def test_a_missing_mark_ends_with_its_paragraph() -> None:
    text = "Peskov said: “The troops will stay where they are.\n\nThe bridge was shut on Monday."
    assert is_outlets(text, "The bridge was shut on Monday")


def test_a_quotation_inside_a_quotation_has_its_own_speaker() -> None:
    text = "President Vladimir Putin came.\n\n“And then Putin said: “Guys, a real threat” — added Peskov."
    assert speaker_of(text, "Guys, a real threat") == "President Vladimir Putin"
    assert speaker_of(text, "And then Putin said") == "Peskov"


# --- other languages ------------------------------------------------------------------------------

FOREIGN = [
    ("«Мост безопасен, и мы все это знаем» — сказал Песков.", "ru"),
    ("„Die Brücke ist sicher, das wissen wir alle“, sagte Torvane.", "de"),
    ("“El puente es seguro, todos lo sabemos”, dijo Torvane.", "es"),
    ("“桥是安全的，”托尔瓦内说。", "zh"),
]


@pytest.mark.parametrize(("text", "language"), FOREIGN)
@pytest.mark.parametrize("known", [True, False])
def test_in_other_languages_nobody_is_named(text: str, language: str, known: bool) -> None:
    assert all(item.speaker is None for item in spoken(text, language if known else None))


def test_in_other_languages_a_quotation_is_somebodys_words() -> None:
    text, language = FOREIGN[0]
    (found,) = spoken(text, language)
    assert found.direct and text[found.start : found.end] == "Мост безопасен, и мы все это знаем"


def test_an_english_name_in_another_language_is_no_speaker() -> None:
    text = "„Die Brücke ist sicher, das wissen wir alle“, said Ann Lee."
    assert said(text, "de")[0][0] is None and said(text, "en")[0][0] == "Ann Lee"

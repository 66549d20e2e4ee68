"""What a sentence of a model may be made of: words and plain punctuation. All else must come from a reference, or it is refused.

A list of what is allowed, not of what is forbidden: with no digit, slash, bracket, backtick, underscore, at sign, pipe, star, and no dot
or colon inside a word, there is no figure, link, image, mention, HTML, code, heading, table, emphasis, emoji name, address or file
name. Letters are those of the two languages, without accents; a look-alike is refused, and so is everything that cannot be seen.
What words alone can claim and only the engine may say is a list (claims.py), and so are numerals (numerals.py). Both are looked for
a second time with the hyphens and quotes inside of words taken out: mer-ge is a verdict.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from clops_app.language import tr_noop
from clops_app.review.claims import claim_in
from clops_app.review.numerals import figure_in

REFERENCE = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_MARK = "\ufdd0"  # a noncharacter, which no text may hold, stands for a reference while the rest is looked at
_ALLOWED = re.compile(r"[A-Za-z가-힣 .,;:!?'’‘\"“”()\-–—…·]")
_INSIDE = re.compile(rf"[.,;:!?…][^\s.,;:!?…'’\"”)]|[·][·]|(?:^|\s)[.,;:!?]|['’‘\"“”(]{{3,}}|-{{2,}}|{_MARK}\s*[-–—]\s*{_MARK}")
# What sticks to a reference may change how it reads: a minus before an amount, a letter, another reference.
_JOINED = re.compile(rf"(?:[^\s\"“‘'(]){_MARK}|{_MARK}(?=[^\s가-힣.,;:!?'’\"”)…])|[-–—]\s*{_MARK}")
# What is told of a figure there would make another of it: per hour, times, not.
_FIGURE_MARK = "\ufdd2"
_NAME = re.compile(r"(?:.*\.)?(?:address|blocks|fix|name|people|place|title|what)")
_UNITS = "second|minute|hour|day|night|week|month|year|user|player|visitor|request|server|machine|instance"
_ALTERED = re.compile(
    rf"{_FIGURE_MARK} (?:times|fold|[kmbg]n?)\b|{_FIGURE_MARK} (?:per|an?|each|every) (?:{_UNITS})s?\b"
    rf"|\b(?:not|never|no|minus|plus|negative|times|no longer|(?:is|are|was|were)n['’]t) {_FIGURE_MARK}"
    rf"|{_FIGURE_MARK} (?:is|are) (?:only |just |almost )?(?:nothing|little|small|fine|wrong)|{_FIGURE_MARK}\S{{0,2}} ?(?:아니|아닙|아닌)",
    re.IGNORECASE,
)
_START = re.compile(rf"[A-Za-z가-힣\"“‘'({_MARK}]")
_LONGEST = 40  # letters without a break: the longest English word in use has 28; base64 goes on

_HANGUL = re.compile(r"[가-힣]")
_HYPHEN = re.compile(r"(?<=[A-Za-z가-힣])[-–—·](?=[A-Za-z가-힣])")
_INNER = re.compile(r"(?<=[A-Za-z가-힣])[-–—'’·](?=[A-Za-z가-힣])")
# In nearly every English sentence stands one of them, and they are in no German, Dutch, French, Spanish, Portuguese or Italian one.
_ENGLISH = re.compile(
    r"\b(?:the|this|that|these|those|it|its|they|them|their|there|you|your|we|and|if|when|while|until|with|within|without|from|by|of|to|for|"
    r"at|into|out|up|only|are|be|been|would|can|cannot|could|should|may|have|had|does|did|not|nobody|nothing|every|each|any|some|more|most|"
    r"which|who|what|where|how|why|because|than|then|after|before|between|own|other|another|one|too|enough)\b",
    re.IGNORECASE,
)
_FEW_WORDS = 3


_UNKNOWN = tr_noop("unknown reference")
_FIGURE = tr_noop("a figure in words")


def objection(sentence: str, known: Collection[str], *, korean: bool) -> str:
    """Why a sentence in Unicode's form NFC may not be shown, as a phrase whose part before a colon is a message; empty where it may."""
    for key in REFERENCE.findall(sentence):
        if key not in known:
            return f"{_UNKNOWN}{f': {key}' if re.fullmatch(r'[A-Za-z_]+(?::[0-9]+)?(?:[.][a-z_0-9]+)?', key) else ''}"
    text = REFERENCE.sub(_MARK, sentence.replace(_MARK, "\ufdd1"))
    bare = text.replace(_MARK, " ")
    if any(character.isnumeric() for character in bare):
        return tr_noop("a bare figure")
    if not all(_ALLOWED.match(character) for character in bare):
        return tr_noop("a sign or a letter that is not plain text")
    if not _START.match(text) or _INSIDE.search(text) or _JOINED.search(text):
        return tr_noop("a sign where none belongs")
    if any(len(word) > _LONGEST for word in re.split(r"[^\w]+", bare)):
        return tr_noop("something that is no word")
    if _ALTERED.search(REFERENCE.sub(lambda found: _MARK if _NAME.fullmatch(found[1]) else _FIGURE_MARK, sentence)):
        return tr_noop("a figure that is not what it says")
    for words in dict.fromkeys((bare, _HYPHEN.sub("", bare), _INNER.sub("", bare))):
        if figure := figure_in(words):
            return f"{_FIGURE}: {figure}"
        if claim := claim_in(words):
            return claim
    return "" if _is_spoken(bare, korean=korean) else tr_noop("another language")


def _is_spoken(text: str, *, korean: bool) -> bool:
    """Whether it is in the language asked for, as far as letters and the commonest words tell; so few words may be of any."""
    if korean:
        return _HANGUL.search(text) is not None or not re.search(r"[A-Za-z]", text)
    few = len(re.findall(r"[A-Za-z]+", text)) <= _FEW_WORDS
    return _HANGUL.search(text) is None and (few or _ENGLISH.search(text) is not None)

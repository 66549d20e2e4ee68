"""What a sentence of a model may be made of: words and plain punctuation. All else must come from a reference, or it is refused.

A list of what is allowed, not of what is forbidden: with no digit, slash, bracket, backtick, underscore, at sign, pipe, star, and no dot
or colon inside a word, there is no figure, link, image, mention, HTML, code, heading, table, emphasis, emoji name, address or file
name. Letters are those of the two languages; a look-alike of another script is refused, and so is everything that cannot be seen.
What words alone can claim and only the engine may say (a verdict, a severity, that something costs nothing) is a list; it is
refused whatever the verdict is, so that no sentence can contradict it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from clops_app.review.numerals import figure_in

REFERENCE = re.compile(r"\{\{\s*([^{}]{1,80}?)\s*\}\}")
_MARK = "\ufdd0"  # a noncharacter, which no text may hold, stands for a reference while the rest is looked at
_ALLOWED = re.compile(r"[A-Za-zÀ-ÖØ-öø-žŸ가-힣 .,;:!?'’‘\"“”()\-–—…·]")
_INSIDE = re.compile(rf"[.,;:!?…][^\s.,;:!?…'’\"”)]|[·][·]|(?:^|\s)[.,;:!?]|['’‘\"“”(]{{3,}}|-{{2,}}|{_MARK}\s*[-–—]\s*{_MARK}")
# What sticks to a reference may change how it reads: a minus before an amount, a letter, another reference.
_JOINED = re.compile(rf"(?:[^\s\"“‘'(]){_MARK}|{_MARK}(?=[^\s가-힣.,;:!?'’\"”)…])|[-–—]\s*{_MARK}")
_START = re.compile(rf"[A-Za-zÀ-ž가-힣\"“‘'({_MARK}]")
_LONGEST = 40  # letters without a break: the longest English word in use has 28; base64 goes on

_VERDICT = re.compile(
    r"\b(?:merg\w*|approv\w*|lgtm|verdict|severity|critical\w*|certif\w*|ship(?:ping)? (?:it|this)|good to go|all clear|green light\w*|"
    r"go ahead|with confidence|sign(?:ed|ing)? off|"
    r"(?:looks?|seems?|all) (?:\w+ )?(?:good|fine|great|ok|okay|safe|secure|clean|perfect|correct|right)|"
    r"(?:is|are|be|was|were|it['’]s|that['’]s) (?:\w+ )?(?:safe|fine|secure|harmless|ok|okay|acceptable|flawless|compliant)|"
    r"safe (?:to|for)|ready (?:to (?:merge|ship|go|land|deploy)|for (?:production|launch|release))|production[- ]ready|"
    r"no (?:\w+ )?(?:issues?|problems?|findings?|risks?|faults?|concerns?|errors?|vulnerabilit\w+|worries)|"
    r"nothing (?:is |to |was )?(?:\w+ )?(?:wrong|fix|worry|do|report|change|bad)|without (?:any )?(?:issues?|problems?|risks?|findings?)|"
    r"false (?:positives?|alarms?)|ignor(?:e[sd]?|ing)|dismiss(?:ed|es|ing)?|suppress(?:ed|es|ing)?|hid(?:e|es|den|ing)?|"
    r"pass(?:es|ed|ing)? (?:the |this |every |all )?(?:review|check|gate|test)\w*|"
    r"(?:review|check|gate)s? (?:has |have |is |are )?(?:pass|fail|green|red|clos)\w*)\b"
    r"|머지|병합|승인|통과|합격|판정|심각도|치명|엘지티엠|오탐|무시|숨기|숨겨|넘어가도|배포해도|안전합니다|안전해|안전하다|안전하므로|안심|괜찮|완벽"
    r"|(?:문제|이상|결함|위험|오류|취약점)\S{0,2}\s*(?:전혀\s*|하나도\s*)?(?:없|아니)",
    re.IGNORECASE,
)
_PRICE = re.compile(
    r"\b(?:free|gratis|no (?:\w+ )?(?:cost|charge|fee|price|bill)s?|costs? (?:you )?nothing|without (?:\w+ )?(?:cost|charge|fee)s?|"
    r"for nothing|costless)\b|무료|공짜|무상|(?:비용|요금|돈)\S{0,2}\s*(?:전혀\s*)?(?:들지|안|없|나가지)",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:prompts?|instructions?|instructed|system message|language model|chatbot|jailbreak\w*|developer mode|as an ai|"
    r"(?:my|these) rules|placeholders?)\b|프롬프트|지시|언어\s*모델|시스템\s*메시지|명령을 받",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b(?:https?|ftp|www|javascript|mailto|data|dot com|dot net|dot org|dot io)\b|닷컴", re.IGNORECASE)
_HANGUL = re.compile(r"[가-힣]")


def objection(sentence: str, known: Collection[str], *, korean: bool) -> str:
    """Why a sentence in Unicode's form NFC may not be shown, as a phrase for the model and for people; empty where it may."""
    for key in REFERENCE.findall(sentence):
        if key not in known:
            return f"unknown reference{f' {key}' if re.fullmatch(r'[A-Za-z_]+(?::[0-9]+)?(?:[.][a-z_0-9]+)?', key) else ''}"
    text = REFERENCE.sub(_MARK, sentence.replace(_MARK, "\ufdd1"))
    bare = text.replace(_MARK, " ")
    if any(character.isnumeric() for character in bare):
        return "a bare figure"
    if not all(_ALLOWED.match(character) for character in bare):
        return "a sign or a letter that is not plain text"
    if not _START.match(text) or _INSIDE.search(text) or _JOINED.search(text):
        return "a sign where none belongs"
    if any(len(word) > _LONGEST for word in re.split(r"[^\w]+", bare)):
        return "something that is no word"
    if figure_in(bare):
        return f"a figure in words: {figure_in(bare)}"
    for pattern, why in (
        (_VERDICT, "a verdict or a severity in its own words"),
        (_PRICE, "a price in its own words"),
        (_ITSELF, "words about itself"),
        (_ADDRESS, "an address"),
    ):
        if pattern.search(bare):
            return why
    if bool(_HANGUL.search(bare)) != korean and re.search(r"[^\W\d_]", bare):
        return "another language"
    return ""

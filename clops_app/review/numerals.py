"""A figure written in words is a figure: English and Korean numerals, and those of languages that a model may slip into.

Allowed are "one", "once", "first", "single", "another" (한, 하나, 첫, 다른): they stand for a thing just spoken of more often than for a
count, and a comment cannot be written without them. "Second", "both", "pair", "half" are not: each claims a count or a measure.
"""

from __future__ import annotations

import re

_CARDINALS = (
    "zero|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|trillion"
)
_MEASURES = (
    "hundreds|thousands|millions|billions|trillions|dozens?|nil|nought|both|pairs?|couple|duo|trio|"
    "seconds?|thirds?|fourth|fifth|sixth|seventh|eighth|ninth|tenth|twentieth|hundredth|thousandth|quarters?|"
    "decades?|centur(?:y|ies)|fortnights?|zilch|naught|umpteen|score of|"
    "half|halves|halved?|halving|twice|thrice|doubl(?:e[sd]?|ing)|tripl(?:e[sd]?|ing)|quadrupl(?:e[sd]?|ing)|quintupl(?:e[sd]?|ing)|"
    "percent|percentage|dollars?|cents?|bucks?|euros?|usd|eur|krw"
)
# German, Dutch, French, Spanish, Portuguese, Italian, without accents; without those that are English words (due, once, elf, sing).
_OTHERS = (
    "zwei|drei|vier|sechs|sieben|acht|neun|zehn|zwanzig|vierzig|hundert|tausend|prozent|halb|doppelt|"
    "twee|drie|vijf|zes|zeven|negen|tien|honderd|duizend|deux|trois|quatre|cinq|sept|huit|neuf|dix|vingt|trente|quarante|cinquante|"
    "mille|dos|tres|cuatro|cinco|siete|ocho|nueve|diez|veinte|treinta|cien|ciento|mil|dois|duas|quatro|oito|dez|cem|"
    "tre|quattro|cinque|sette|otto|nove|dieci|venti|trenta|cento"
)
_COMPOUNDS = rf"(?:{_CARDINALS}|one|and|fold){{2,}}"  # twentyfive, onehundred, threefold
_WORD = re.compile(rf"(?<![^\W_])(?:{_CARDINALS}|{_MEASURES}|{_OTHERS}|{_COMPOUNDS}|[IVX]{{2,}})(?![^\W_])", re.IGNORECASE)
# Roman, in the one way in which it is written; and letters that pass for digits: lOO.
_LETTERS = re.compile(
    r"(?<![^\W_])(?!(?:C[DI]|DC|DM|M[CDI]|MIX|I|V|X|L|C|D|M|IO)(?![^\W_]))"
    r"(?:(?=[MDCLXVI])M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})|(?=[lIOo]*O)[lI][lIOo]+)(?![^\W_])"
)
_SPELLED = re.compile(r"(?<![^\W_])(?:[^\W\d_][ -]){2,}[^\W\d_](?![^\W_])")  # t w o

_COUNTERS = (
    "개|대|명|곳|배|번|달|시간|분|초|가지|차례|군데|쪽|사람|주|일|년|건|회|원|달러|센트|유로|퍼센트|프로|코어|"
    "기가|테라|메가|바이트|월|층|종|단계|째"
)
_NATIVE = (
    "둘|셋|넷|다섯|여섯|일곱|여덟|아홉|열둘|열셋|열넷|스물|스무|서른|마흔|쉰|예순|일흔|여든|아흔|두서너|너댓|네댓|네다섯|대여섯|예닐곱|일고여덟|여남은|"
    "이틀|사흘|나흘|닷새|엿새|여드레|아흐레|열흘|보름|반나절|반절|이삼일|사나흘"
)
_DIGIT, _UNIT = "일이삼사오육칠팔구영공", "십백천만억조"
# A digit by itself is many another word too: this, work, affair. Before a counter that ends there, and not joined to it, it is a digit.
_ENDS = "(?=[의이가을를은는도만씩에]|[^가-힣]|$)"
_KOREAN = re.compile(
    rf"(?<![가-힣])(?<![어아여해려] )(?:{_NATIVE})|(?<![가-힣])(?:두|세|네|서너|두세|두어|열)(?=\s|{_COUNTERS})"
    rf"|(?<![가-힣])[석넉닷엿] ?(?:대|달|개월|장|잔|말){_ENDS}"
    rf"|(?<![가-힣])(?!만일|이만|천만에|만약)(?:[{_DIGIT}]*[{_UNIT}])+[{_DIGIT}]?(?=\s*(?:{_COUNTERS})|[^가-힣]|$|여|이상|이하)"
    rf"|(?<![가-힣])[{_DIGIT}]+\s*(?:달러|센트|유로|퍼센트|프로|개월|배|명|초)"
    rf"|(?<![가-힣])[삼사오육칠팔구] (?:대|개|곳|번|시간|분|가지|회|원|층|종|단계|주|년|건|코어|기가|테라|메가|바이트){_ENDS}"
    rf"|(?<![가-힣])[일이] (?:대|개|코어|기가|테라){_ENDS}|(?<![가-힣])[{_DIGIT}] ?분 ?(?:안에|내에|이내|동안|뒤|후|만에|마다|간)"
    rf"|(?<![가-힣])(?!공공)[{_DIGIT}]{{3,}}(?![가-힣])|(?<![가-힣])(?![이오]점[이일])[{_DIGIT}]+점[{_DIGIT}]+"
    rf"|[{_DIGIT}{_UNIT}]+ ?분의 ?[{_DIGIT}{_UNIT}]|[수몇][{_UNIT}]+ ?(?:{_COUNTERS})|[삼사오]중(?:으로|화)|양쪽|반 시간"
    r"|(?:시간|년|달|개월|배) 반(?![가-힣])|절반|갑절|곱절|반값|퍼센트|달러|제로|(?<![가-힣])(?:반으로|반이|배로)"
)


def figure_in(text: str) -> str:
    """The first numeral that is written out in words; empty where there is none. Digits are not looked for."""
    found = _WORD.search(text) or _LETTERS.search(text) or _SPELLED.search(text) or _KOREAN.search(text)
    return found[0] if found else ""

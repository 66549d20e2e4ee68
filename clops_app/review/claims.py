"""What words alone can claim and only the engine may say: a verdict, a severity, that something costs nothing, that a finding is wrong.

It is refused whatever the verdict is, so that no sentence can contradict it. Words can be put in endless ways, and no list has them
all: these are the ways in which a review is waved through, played down or talked away. A good sentence that is caught is worded anew.
"""

from __future__ import annotations

import re

from clops_app.language import tr_noop


def _any(*ways: str) -> str:
    return f"(?:{'|'.join(ways)})"


_NOT = r"(?:not|(?:is|are|was|were|do|does|did|has|have|ca|wo|would|should|need)n['’]?t)"
_BE = r"(?:is|are|be|been|was|were|looks?|seems?|stays?|remains?|(?:it|that|everything)['’]s|(?:they|you)['’]re|all)(?: not|n['’]t)?"
_GOOD = _any(
    r"good|fine|great|ok|okay|safe|secure|clean|perfect|correct|right|sound|alright|all right|harmless|acceptable|flawless|compliant",
    r"trustworthy|reliable|robust|proven|bullet[- ]?proof|in order(?! to)|well protected|low[- ]risk",
)
_TROUBLE = _any(
    r"issues?|problems?|findings?|risks?|faults?|concerns?|errors?|vulnerabilit\w+|worr\w+|dangers?|threats?|harm|hazards?|flaws?|holes?",
    r"weakness\w*|downsides?|drawbacks?|alarms?|objections?|blockers?|red flags?|cause for|reasons? to|need (?:to|for|of)",
    r"(?:action|fix(?:es)?) (?:is |are )?(?:needed|required|necessary)",
)
_OURS = r"(?:findings?|checks?|engine|review|report|rules?|table|figures?|amounts?|numbers?|prices?|clops)"
_TAKE = r"(?:deploy|ship|release|merge|land|accept|launch|roll (?:it|this) out|push (?:it|this)|skip|take (?:it|this))"
_WAVED_THROUGH = (
    r"merg\w*|approv\w*|lgtm|verdict|certif\w*|go ahead|go for it|good to go|all clear|green light\w*|systems go|thumbs up",
    r"ship(?:ping)? (?:it|this)|with confidence|rest assured|relax|without (?:fear|hesitation|worry)|sign(?:s|ed|ing)?(?: \w+)? off",
    rf"(?:looks?|seems?|all) (?:\w+ )?{_GOOD}|{_BE} (?:\w+ )?{_GOOD}",
    rf"(?:can|may|should|could|must|will|would|['’]ll) be (?:\w+ )?(?:{_GOOD}|accepted|deployed|shipped)",
    r"be (?:released|skipped|left (?:as|alone))",
    rf"(?:you|we|they) (?:can|may|should|could|must|will)(?: now| safely| just| simply| already)? {_TAKE}",
    r"(?:deploy|ship|release|launch) (?:it|this|that)(?: \w+)? (?:now|today|tonight|right away|as (?:it )?is)|roll (?:it|this) out",
    r"accept\w* (?:it|this|the (?:change|risk|patch|pull|request|finding)|these (?:changes|risks|findings))|push (?:it|this) to",
    r"take (?:it|this(?: change)?|the change) as|safe (?:to|for)|production[- ]ready|secure by design",
    r"ready (?:to (?:merge|ship|go|land|deploy)|for (?:production|launch|release))|works? (?:fine|as intended|perfectly)|checks? out\b",
    r"(?:reviewed|checked|audited|tested|verified|confirmed|vetted|proven) by|our audit|audit(?:ors?)? (?:found|passed|says?|said)",
    r"trust (?:me|us|this|it|the (?:change|patch|fix|author|review))\b|patch(?:es)? (?:is|are|was|were) (?:\w+ )?(?:tested|safe|fine)",
    r"(?:blocks?|stops?|holds? up) (?:this|the) (?:change|pull|review|release)|blockers?",
    r"(?:gets?|has|earns?) a pass|full marks|rated|grade[sd]?",
    r"(?:meets?|conforms? to|follows?|complies with) (?:the |every |all )?(?:standard|polic|rule|requirement)\w*",
    r"pass(?:es|ed|ing)? (?:the |this |every |all )?(?:review|check|gate|test)\w*",
    r"(?:review|check|gate)s? (?:has |have |is |are )?(?:pass|fail|green|red|clos)\w*",
)
_PLAYED_DOWN = (
    r"severity|critical\w*|harmless|trustworthy|bullet[- ]?proof|worr(?:y|ies|ied|ying)|negligible|minor|unimportant|informational",
    r"(?:low|medium|high|top|minor|major|trivial)[- ](?:risks?|priority|findings?|severity|issues?|problems?)|nit(?:s|pick\w*)",
    r"(?:just|only|merely|as) (?:a |an )?(?:warning|info|note|hint|detail|formality)",
    rf"no (?:\w+ )?{_TROUBLE}|without (?:any )?(?:\w+ )?{_TROUBLE}|zero {_TROUBLE}",
    rf"{_NOT}(?: \w+)? (?:a|an|any|one|single)(?: (?:real|serious|big|single|open|security))* {_TROUBLE}",
    rf"(?:{_NOT}|never|hardly|nothing)(?: \w+){{0,2}} (?:dangerous|risky|harmful|wrong|serious|important)",
    rf"{_NOT} matter(?! (?:how|what|where|whether|which|who))|of no (?:\w+ )?(?:consequence|importance|concern|matter)",
    r"nothing (?:\w+ ){0,2}(?:wrong|fix\w*|worr\w*|do|report|change|bad|break\w*|block\w*|stands?|needs?|to see|attention)",
    r"needs? (?:no|nothing)",
    r"(?:without|not|don['’]?t|doesn['’]?t) (?:any )?(?:need\w*|requir\w*) (?:any )?(?:fix\w*|change|action|attention)",
    r"(?:never|cannot|can['’]?t|won['’]?t|will not) (?:ever )?(?:fail(?! ?-?over)|break|go (?:down|wrong|offline)|crash|be hacked|lose)",
    r"(?:is|are) impossible",
)
_TALKED_AWAY = (
    r"false[- ](?:positives?|alarms?)|ignor(?:e[sd]?|ing)|dismiss(?:ed|es|ing)?|suppress(?:ed|es|ing)?|hid(?:e|es|den|ing)?",
    r"disregard\w*|leave (?:it|this|them|that|everything) (?:as|alone)",
    r"turn(?:ed|ing)? off (?:the |this |these |your )?(?:checks?|rules?|gates?|reviews?)",
    r"(?:skip|forget|bypass|overlook)\w* (?:about )?(?:it|this|that|them|what)\b",
    r"(?:skip|forget|bypass|overlook)\w* (?:about )?(?:the|these|our) (?:finding|review|check|rule|table)s?",
    rf"{_OURS}(?: (?:above|below|here|about \w+))? (?:is|are|was|were)(?: not|n['’]t)? (?:\w+ )?"
    r"(?:wrong|mistaken|a mistake|in error|incorrect|right|correct|invalid|outdated|out of date|old|a joke|nonsense)",
)
_VERDICT = re.compile(rf"\b{_any(*_WAVED_THROUGH, *_PLAYED_DOWN, *_TALKED_AWAY)}\b", re.IGNORECASE)

# 해도 됩니다 and its likes: leave to go on. `이대로 두면 멈춥니다` is none.
_LEAVE = _any(
    r"배포|반영|진행|적용|출시|공개|머지|수락|올려|올리|내보내|합쳐|합치|받아들|받아도",
    r"두어|둬|놔둬|놔두|내버려|건너뛰|넘겨|넘기|넘어가|지나쳐|지나가|그냥",
)
_BAD = r"(?:문제|이상|결함|위험|오류|취약점|이슈|하자|(?<![가-힣])탈|(?<![가-힣])흠|구멍|단점)"
_KOREAN_VERDICT = re.compile(
    _any(
        r"(?<!나)머지|병합|승인|통과|합격|판정|엘[지쥐]티엠|수락|허가|허락|허용 가능|용인|오케이",
        r"믿어도|믿으셔도|믿고|신뢰(?:해도|하셔도|하세요)",
        rf"{_LEAVE}\S{{0,3}}(?:도|면) (?:됩|되|돼|좋|무방|상관|괜찮)|{_LEAVE}(?:하)?(?:셔도|여도|해도|어도)|합치세요|합쳐 주",
        r"(?:그대로|이대로|바로|지금) (?:배포|반영|진행|적용|출시|올리|합치)(?:하)?(?:세요|십시오|시면|자\b|시죠)",
        r"안심|안전(?:합|해|하다|하므|하니|하며|하고|성이 확인|이 보장)|안전한 (?:변경|수정|코드|설정|구성|배포)",
        r"괜찮|완벽|완전무결|무해|문제시|무방|무탈|무결(?!성)|양호|합당|이상적|훌륭|문제없|이상없|^좋(?:습|아|다|네)\S*$",
        r"정상(?:입|이다|이며|으로 보|적인 변경)|적합(?:합|하다|한 변경)|잘 (?:됐|되었|했|만들)",
        r"(?:변경|코드|구성|설계|모두|전부|다|상태)\S{0,2} (?:아주 |매우 )?(?:좋습|좋아요|좋다|좋네)",
        r"(?:검토|점검|감사|심사|리뷰)\S{0,2} ?(?:마쳤|마친|끝났|끝낸|완료|통과)",
        r"(?:팀|담당자|관리자|전문가|감사인)\S{0,2} (?:이미 )?(?:확인|검토|점검|허락|보증)(?:했|한|하였|을 |이 )",
        r"심각|치명|(?:위험|심각|중요)도? ?등급|등급입|등급\S (?:낮|높|보통)|(?:높음|낮음|보통)(?:입|이|으로|에 )",
        r"걱정|염려|우려할|신경 ?쓰|경미|사소|대수롭|미미|하찮|중요하지 않|별것 아|별일 아|별거 아",
        r"위험\S{0,2} ?(?:하지 않|않|매우 |아주 |거의 )?(?:낮|적|작)|위험하지 않",
        rf"{_BAD}\S{{0,2}} ?(?:전혀 |하나도 |거의 |따로 |될 |되는 |된 |보이는 )?(?:\S{{0,3}} )?(?:없|아니|아닙)",
        rf"{_BAD}\S{{0,2}} ?무(?:$|[^가-힣])|{_BAD}\S{{0,3}} ?(?:안 |못 )(?:되|보|찾|생)",
        rf"{_BAD}\S{{0,2}} ?(?:되|보이|발견되|생기|일어나|나타나|찾)지 (?:않|못)",
        r"(?:고치|수정하|바꾸|조치하|손대|손보|확인하|검토하)지 않(?:아|으셔)도",
        r"(?:고칠|바꿀|수정할|조치할|손댈|손볼|확인할|검토할|더 볼) 필요\S{0,2} (?:없|전혀)",
        r"(?:조치|수정|검토|확인|변경|대응)\S{0,2} (?:더 )?(?:필요하지 않|필요\S{0,2} ?없|불필요)",
        r"오탐|오진|무시|숨기|숨겨",
        r"(?:지적|결과|검사|규칙|판단|표|금액|숫자|클롭스|엔진|리뷰|위의? 내용|아래 내용)\S{0,2} (?:\S+ )?"
        r"(?:틀렸|틀린|틀립|잘못|엉터리|거짓|사실이 아|맞지 않|맞습|정확)",
    )
)
_PRICE = re.compile(
    _any(
        r"\b(?:free|gratis|costless|complimentary|cheap\w*|inexpensive|affordable|penn(?:y|ies)|for nothing|on the house|a grand)\b",
        r"\bno (?:\w+ )?(?:cost|charge|fee|price|bill)s?\b|\bwithout (?:\w+ )?(?:cost|charge|fee)s?\b|\bcost[- ](?:neutral|free)\b",
        r"\bcosts? (?:you |us )?(?:nothing|the same|not a|little|very little|hardly|barely|a fortune|\w+ nothing|next to nothing)\b",
        r"\b(?:price|cost|bill)s? (?:stays?|remains?|is|are) (?:the same|unchanged|as (?:it|they)|trivial|low|tiny|small)\b",
        r"\b(?:price|cost|bill)s? (?:(?:do(?:es)?|will|would) not|won['’]?t|doesn['’]?t|don['’]?t) (?:change|grow|rise)\b",
        r"\b(?:price|cost|bill)s? (?:will |would )?(?:drops?|falls?|shrinks?|go(?:es)? down)\b|\bsame (?:price|cost|bill)\b",
        r"\bsaves? (?:you |us )?(?:money|a lot)\b|\ba few cents\b|\bincluded in the (?:price|bill|cost)\b",
        r"무료|공짜|무상|저렴|헐값|싸집|싸지|쌉니다|한 푼",
        r"(?:비용|요금|돈|가격|청구액)\S{0,2} ?(?:전혀 |거의 |더 |따로 |추가로 )?(?:들지|안 |없|나가지|들 일|늘지|늘어나지|오르지)",
        r"(?:비용|요금|돈|가격|청구액)\S{0,2} ?(?:더 |따로 |추가로 )?(?:증가하지|발생하지|부과되지|그대로|같습|같아|변하지|변함|줄어|절감)",
        r"(?:비용|요금|돈|가격|청구액)\S{0,2} ?(?:증가|변화|변동)(?:가|는|도|이) ?없",
    ),
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(?:prompts?|instructions?|instructed|system message|language model|chatbot|jailbreak\w*|developer mode|as an ai|"
    r"(?:my|these) rules|placeholders?)\b|프롬프트|지시|언어\s*모델|시스템\s*메시지|명령을 받",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|www|javascript|mailto|dot|slash|curl|wget|sudo|powershell|clops (?:fix|undo|apply|mend))\b|-(?:com|net|org|io)\b"
    r"|닷 ?[컴넷]|쩜|슬래시|골뱅이",
    re.IGNORECASE,
)
# Whoever is asked for a secret is robbed.
_ROBBED = re.compile(
    r"\b(?:send|paste|post|enter|type|reveal|e-?mail|upload)\b.{0,60}\b(?:passwords?|passphrases?|secrets?|tokens?|keys?|credentials?)\b"
    r"|(?:비밀번호|암호|토큰|키|자격 증명)\S{0,2} (?:\S+ ){0,3}?(?:보내|알려(?!진)|붙여|입력|적어|올려)",
    re.IGNORECASE,
)
_KINDS = (
    (_VERDICT, tr_noop("a verdict or a severity in its own words")),
    (_KOREAN_VERDICT, tr_noop("a verdict or a severity in its own words")),
    (_PRICE, tr_noop("a price in its own words")),
    (_ITSELF, tr_noop("words about itself")),
    (_ADDRESS, tr_noop("an address")),
    (_ROBBED, tr_noop("a request for a secret")),
)


def claim_in(text: str) -> str:
    """The kind of the first claim in a text without references; empty where there is none."""
    return next((kind for pattern, kind in _KINDS if pattern.search(text)), "")

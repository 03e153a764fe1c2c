"""How people put a problem, a wish, a question and praise: patterns written once, of what English says in chat, in
reviews and in forums, and of no product's own words.

A pattern adds its weight to what it speaks for. What it all comes to is a strength from 0 to STRONGEST.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from feedback.clustering.cleaning import clean

STRONGEST = 3

NOT = (
    r"(?:doesn'?t|does not|don'?t|do not|didn'?t|did not|won'?t|will not|wouldn'?t|isn'?t|is not|aren'?t|are not|"
    r"wasn'?t|"
    r"not|never|no longer|stop(?:s|ped)|quit|can'?t|cannot|can not|couldn'?t|could not|unable to|refuses? to|"
    r"fail(?:s|ed)? to|hardly|barely|cannot even|hasn'?t|haven'?t)"
)
WORKS = (
    r"(?:work\w*|load\w*|open\w*|start(?!er)\w*|play(?!er|list)\w*|respond\w*|connect\w*|sync\w*|show\w*|display\w*|"
    r"appear\w*|sav(?:e|es|ed|ing)|updat\w+|install\w*|download\w*|log(?:ging)? ?in|sign(?:ing)? ?in|launch\w*|"
    r"function\w*|"
    r"charg\w+|arriv\w+|deliver\w*|send\w*|receiv\w+|turn(?:s|ing)? o[nf]+|recogni[sz]\w*|detect\w*|access\w*|"
    r"clos\w+|print\w*|scan\w*|"
    r"refresh\w*|pair\w*|find|stick\w*|fit\w*|dispens\w*|pump\w*|read|record\w*|stream\w*|render\w*|let me|"
    r"remember\w*|happen\w*|come through|go through|ship(?:s|ped)|hear|see|select|click|scroll|export\w*|import\w*)"
)
ASKED_FOR = (
    r"(?:add|make|include|allow|let|give|bring|consider|implement|introduce|support|offer|provide|create|change|put|"
    r"enable|increase|remove|restock|sell|think about|improve|integrate|do a|get|have|ship to|show|stock|release|"
    r"extend)"
)
GOOD = (
    r"(?:great|nice|good|cool|awesome|amazing|useful|helpful|handy|lovely|perfect|wonderful|fantastic|better|"
    r"brilliant|neat|sweet|ideal|super|nicer|easier|appreciated|welcome|excellent|convenient|best)"
)
SETTING = (
    r"(?:option|way|ability|feature|setting|button|support|mode|version|possibility|toggle|integration|choice|filter)s?"
)
BEGINNING = r"(?:^|[.!?;:\n]\s*|\b(?:and|but|also|so|hi|hey|hello|all|team|guys|there|maybe),?\s+)"

# What sounds like trouble and is none. It is taken out before trouble is looked for.
HARMLESS = (
    r"\b(?:no|not a|never had (?:a|any)|without(?: a| any)?|zero|never any|not any|don't have any|haven't had any) "
    r"(?:\w+ )?(?:problems?|issues?|bugs?|crash(?:es)?|errors?|complaints?|trouble|worries|glitch(?:es)?|lag)\b|"
    r"\bno worries\b|\bnever (?:crash\w*|fail\w*|freez\w*|let me down|disappoint\w*)\b|"
    r"\b(?:doesn't|does not|didn't|won't|not) (?:crash|fail|freeze|lag|disappoint|leak|break)\w*\b|"
    r"\b(?:thanks|thank you|thx|cheers)(?: \w+){0,4} fix\w*\b|\b(?:problem|issue|bug) (?:is )?(?:solved|fixed|"
    r"resolved)\b|"
    r"\b(?:fixed|solved|resolved) (?:it|the (?:problem|issue|bug)|my (?:problem|issue))\b|"
    r"\b(?:is|are|got|was|were|been|now) (?:now |finally |all )?(?:fixed|solved|resolved)\b|\bbug fix(?:es)?\b|"
    r"\b(?:can't|cannot|can not) (?:wait|stop|recommend|live without|get enough|complain|believe how|say enough)\b|"
    r"\bno doubt\b|\bwhy not\b|\bnot only\b|\bif not\b|\bor not\b"
)
POLITE = (
    r"\bwish(?:ing)? (?:you|everyone|everybody|all|us|them|him|her)(?: \w+)? "
    r"(?:a|all|the|well|luck|good|happy|best|very|great)\b|\bbest wishes\b|"
    r"\b(?:would|'d) (?:like|love) to (?:thank|say|know|ask|report|hear (?:back|from)|understand|apolog\w+|point out|"
    r"congratulate|return|cancel|welcome|introduce|meet|join)\b|\bwould (?:you|anyone) like\b|\bwhat would you\b"
)

PROBLEM = (
    (2, r"\b(?:crash\w*|bugs?|buggy|glitch\w*|freez(?:es|ing|e)\b|frozen?|errors?|exception|unresponsive|"
        r"malfunction\w*|"
        r"defect\w*|faulty|corrupt\w*|broken|unusable|force[- ]?clos\w*|leak(?:s|ed|ing|y)?|fail(?:s|ed|ing|ure|"
        r"ures)?)\b"),
    (2, rf"\b{NOT}(?:(?: \w+){{0,2}})? {WORKS}\b"),
    (2, r"\b(?:black|blank|white|blue) screen\b|\bno (?:sound|audio|video|picture|image|response|connection|signal|"
        r"answer)\b"),
    (2, r"\bkeeps? (?:on )?(?!in\b|up\b|it\b|me\b)\w+ing\b|\bkeeps? (?:telling|saying|asking)\b"),
    (2, r"\b(?:arrived?|came|come|comes|delivered|received)(?: \w+){0,4} "
        r"(?:broken|damaged|empty|late|wrong|cracked|open|spoiled|expired|crushed|dented|smashed)\b"),
    (2, r"\b(?:used to|worked)(?: \w+){0,3} (?:work|fine|well|great|before|until|perfectly)\b"
        r".{0,40}\b(?:but|until|now|before)\b"),
    (2, r"\b(?:please|pls|plz|must|need(?:s)? to|should|have to|can you|can't you)(?: \w+){0,2} (?:fix|solve|resolve|"
        r"repair)\w*\b"),
    (2, r"\b(?:kicks?|logs?|throws?|signs?|boots?) me out\b|\bshuts? (?:itself )?(?:down|off)\b|"
        r"\b(?:re)?starts? by itself\b"),
    (2, r"\bcharged (?:me )?(?:twice|double|again|wrong)\b|\bdouble charged\b"),
    (1, r"\b(?:problems?|issues?|trouble|wrong(?:ly)?|weird|strange|incorrect\w*|inaccurate|invalid|stuck|lag(?:s|gy|"
        r"ging)?|"
        r"hangs?|hung|broke|breaks|breaking|lost|loses|gone|disappear\w*|vanish\w*|fix|slow(?:er|s|ly)?|sluggish|"
        r"unstable|drain(?:s|ed|ing)?|flicker\w*|stutter\w*|chopp?y|distort\w*|cracked|damaged|duplicated?|delayed|"
        r"missing|unable|impossible|cuts? (?:off|out)|drops? (?:out|the)|skips|scratched|stale|mou?ldy|torn|bent)\b"),
    (1, r"\b(?:after|since|with)(?: the| this| that| my| your)?(?: \w+)? "
        r"(?:update|upgrade|updating|upgrading|new version|latest version|patch)\b"),
    (1, r"\b(?:every|each) time (?:i|we|it|you)\b|\bwhenever (?:i|we|it)\b|\bno longer\b|"
        r"\bstill (?:not|no|doesn't|can't|won't|waiting)\b"),
    (2, r"\b(?:logged|locked|kicked|signed|thrown) out\b|\b(?:over|double[- ]|wrongly )(?:charged|billed)\b|"
        r"\b(?:billed|charged|paid)(?: \w+){0,3} (?:twice|again|double)\b|"
        r"\bnot (?:as (?:described|advertised|pictured)|what (?:i|we) (?:ordered|paid for))\b|"
        r"\bwrong (?:size|item|order|colou?r|address|product|amount|one)\b"),
    (1, r"\b(?:spill(?:s|ed|ing)?|drip(?:s|ped|ping)?|dribbl\w+|overflow\w*|squeak\w*|rattl\w+|peel(?:s|ed|ing)|"
        r"ripped|tore|torn|holes?|snag\w*|stain(?:s|ed|ing)|stinks?|melt(?:s|ed|ing)|dried (?:out|up)|sting(?:s|ing)|"
        r"itch\w*|rash(?:es)?|allergic|burn(?:s|ed|ing)|jam(?:s|med|ming)|clog\w*|loose|snapped|shatter\w*|rust\w*|"
        r"(?:fell|falls|came|comes|broke) (?:off|apart|out|loose)|wears? (?:off|out)|sticky|greasy|noisy|wobbl\w+)\b"),
    (1, r"\bnot (?:happy|satisfied|pleased|impressed|acceptable|ok(?:ay)?|a fan|good|great|fair|usable)\b|"
        r"\btoo (?:small|big|large|loud|quiet|slow|expensive|hard|heavy|short|long|dark|bright|thick|thin|strong|"
        r"weak|tight|"
        r"complicated|difficult|sweet|hot|cold|dry|salty)\b|"
        r"\b(?:no ?one|nobody) (?:answer\w*|repl\w+|respond\w*|came|rang|helps?|helped)\b"),
    (1, r"\b(?:terrible|awful|horrible|worst|annoying|frustrat\w+|useless|waste of|rubbish|garbage|crap\w*|sucks?|"
        r"ridiculous|disappoint\w+|unacceptable|pathetic|hate|nightmare|refund|uninstall\w*)\b"),
    (1, r"\b(?:it|app|page|screen|site|order|button|video|player) (?:just |simply |suddenly |also )?"
        r"(?:says|goes|went|stops|stopped|quits)\b"),
    (1, rf"\b{NOT}(?: \w+)? "
        r"(?:get|use|watch|change|edit|delete|upload|post|view|move|add|set|reach|cancel|order|buy|even)\b"),
)  # fmt: skip

IDEA = (
    (2, rf"\b(?:please|pls|plz|kindly)(?: also| just| maybe)? {ASKED_FOR}\b"),
    (2, rf"\b(?:would|it'?d|that'?d|wud)(?: \w+){{0,2}} (?:be|make)(?: \w+){{0,3}} {GOOD}\b"),
    (2, r"\bwish(?:ed|ing)?\b|\bif only\b"),
    (2, r"\b(?:i|we)(?:'d| would)(?: \w+)? (?:love|like|prefer|appreciate|enjoy|pay)\b"),
    (2, r"\b(?:would|'d) (?:really |also |absolutely |just )?(?:love|like|appreciate|prefer)\b"),
    (2, r"\b(?:feature|product) (?:request|idea|suggestion)s?\b|\bsuggest(?:ions?|ing|ed)?\b|\benhancements?\b|"
        r"\bwish ?list\b|\b(?:an|my|one|small|quick|little) idea\b|\bidea:|\bi (?:propose|request)\b"),
    (2, rf"\b(?:could|can|would|will)(?:n't)? (?:you|u|we|they|someone|somebody|the (?:team|devs?|developers?))"
        rf"(?: guys| please| maybe| possibly| also| ever| perhaps| at least)* {ASKED_FOR}\b"),
    (2, rf"{BEGINNING}(?:please |just |pls |why not )*"
        r"(?:add|include|allow|bring back|make it|make the|implement|introduce|consider|offer|let us|let me|give us|"
        r"enable|"
        r"support|needs)\b"),
    (2, r"\bhow about\b|\bwhat about (?:adding|making|a|an|some)\b|\bwhat if (?:you|we|it|there)\b|\bwhy not\b"),
    (2, r"\bwhy (?:don'?t|can'?t|do not|won'?t) (?:you|we|they)(?: just| guys)? "
        r"(?:add|make|have|offer|let|allow|put|sell|bring|do)\b"),
    (2, r"\b(?:hop(?:e|es|ing)|looking forward|waiting|can't wait)(?: \w+){0,5} "
        r"(?:add(?:s|ed|ing)?|include[sd]?|support(?:s|ed)?|implement\w*|bring|feature|option|version|introduce)\b"),
    (2, r"\b(?:only|one|main|single|two|few)(?: \w+)? (?:thing|feature|downside|complaint|improvement)s?\b.{0,30}"
        r"\b(?:missing|lacking|lacks|need(?:s|ed)?|would|could|want|wanted)\b"),
    (2, r"\b(?:better|nicer|easier|perfect|5 stars?|five stars?|cooler|great) if\b|\b(?:5|five) stars? (?:if|when|"
        r"once)\b"),
    (2, r"\b(?:i|we)(?:'d| would)(?: \w+)? (?:buy|pay|order|subscribe|sign up|switch|upgrade|happily|gladly)\b|"
        r"\bhow (?:hard|difficult) (?:would|could|can) it be\b|\bthere (?:should|could|needs to|ought to) be\b"),
    (2, rf"{BEGINNING}(?:please |just |then )?(?:make|do|sell|design|build|release|bring out|start) (?:a|an|one|some|"
        rf"us) "),
    (1, r"\bwould (?:do it|help|suffice|get me|save (?:me|us|a lot)|solve|be enough|make (?:me|us|my|our|it|life))\b|"
        r"\blet(?:s|ting)? (?:me|us) (?!know|see|check|think|try|guess|explain|tell|say|be|go|start|look|have)\w+"),
    (1, r"\b(?:should|ought to|could)(?: \w+)? "
        r"(?:be able|have|be(?! (?:fixed|sorry|careful|here|there|ok|fine))|add|include|allow|offer|support|let|come|"
        r"make|"
        r"give|provide|show|bring)\b"),
    (1, r"\b(?:needs?|lacks?|lacking|want(?:s|ed)?)(?: \w+)? "
        r"(?:a|an|some|more|better|options?|support|to (?:have|be|add|see))\b"),
    (1, rf"\b(?:an?|the|any|some|more|have|with) (?:\w+ )?{SETTING} (?:to|for|of|where|that|so|like|which)\b"),
    (1, r"\b(?:add(?:ing)?|implement(?:ing)?|introduc(?:e|ing)|integrate|bring(?:ing)? back|allow(?:ing)? (?:us|me|"
        r"users)|"
        r"let (?:us|users|people))\b"),
    (1, r"\b(?:if|once)(?: only)? (?:you (?:could|can|guys|would|add\w*)|it (?:could|had|would)|"
        r"there (?:was|were|is) (?:a|an|some)|they (?:could|would|add\w*)|we could|i could|only)\b"),
    (1, rf"\b(?:no|without|doesn't have|does not have|don't have|there isn't|isn't)(?: \w+){{0,2}} {SETTING}\b"),
    (1, r"\bmore (?:\w+ )?(?:options|colou?rs|sizes|flavou?rs|features|customi[sz]\w*|languages|control|choices?|"
        r"variety|"
        r"themes|scents|shades|settings|formats|payment)\b"),
    (1, r"\b(?:please|pls|plz)\b|\binstead of\b|\brequest(?:ed|ing)?\b|\bany (?:plans?|chance)\b|\bimprove(?:d|"
        r"ments?)?\b|"
        r"\bmissing\b"),
    (1, r"\b(?:anyone|anybody|someone|who) else (?:want|wish|think)\w*\b|"
        r"\bin (?:the )?(?:next|future) (?:version|update|release)s?\b"),
)  # fmt: skip

QUESTION = (
    (1, r"\?"),
    (1, rf"{BEGINNING}(?:how|what|when|where|why|who|which|whose|is|are|does|do|did|can|could|will|has|have|should|"
        r"any(?:one|body)?|may) \w+ "),
    (1, r"\b(?:any(?:one|body) (?:know|knows|else|have|tried|got)|does any(?:one|body)|how (?:do|does|can|to|long|"
        r"much|many|often)|"
        r"is there (?:a|any)|are there any|wonder(?:ing)? (?:if|how|when|whether|what)|any idea|quick question|"
        r"(?:can|could) (?:someone|anyone|somebody))\b"),
)  # fmt: skip

PRAISE = (
    (2, r"\b(?:love|loving|loved|adore|obsessed|amazing|awesome|excellent|fantastic|brilliant|wonderful|superb|"
        r"outstanding|incredible|flawless(?:ly)?|fabulous|impressed|delighted|gorgeous|game[- ]?changer|"
        r"life[- ]?saver)\b"),
    (2, r"\bwell done\b|\bgreat (?:job|work|product|app|service)\b|\bgood (?:job|work)\b|\bnice (?:work|job|one)\b|"
        r"\bkudos\b|"
        r"\b(?:highly|would) recommend\b|\b(?:5|five) stars?\b|\bworks? (?:\w+ )?(?:great|perfect\w*|well|"
        r"like a charm|wonders)\b|"
        r"\bbest (?:\w+ ){0,2}ever\b|\bso (?:happy|pleased|good|easy)\b|\bthe best\b|\bhappy with\b|\bkeep it up\b"),
    (1, r"\b(?:great|perfect(?:ly)?|nice|good|best|happy|beautiful|lovely|cool|smooth|easy|glad|pleased|helpful|"
        r"thanks|thank you|thx|"
        r"appreciate|fun|favou?rite)\b"),
)  # fmt: skip
UNPRAISED = (
    rf"\b{NOT}(?: \w+){{0,2}} (?:love|great|good|nice|happy|perfect|amazing|awesome|impressed|recommend|easy|like|"
    rf"the best|helpful)\b|"
    r"\b(?:would|'d|'ll|will)(?: \w+)? (?:love|be|make|like)"
    r"(?:(?: \w+){0,3} (?:great|nice|good|cool|awesome|amazing|perfect|helpful))?\b|"
    r"\bbest (?:way|time|place)\b|\bgood (?:morning|night|evening|luck|question|point)\b|\bno good\b|\b(?:thanks|"
    r"thank you) in advance\b"
)


@dataclass(frozen=True)
class Found:
    """How strongly a text speaks for each, from 0 to STRONGEST."""

    problem: int
    idea: int
    question: int
    praise: int


Patterns = tuple[tuple[int, re.Pattern[str]], ...]


def _ready(patterns: tuple[tuple[int, str], ...]) -> Patterns:
    return tuple((weight, re.compile(pattern)) for weight, pattern in patterns)


_PROBLEM, _IDEA, _QUESTION, _PRAISE = _ready(PROBLEM), _ready(IDEA), _ready(QUESTION), _ready(PRAISE)
_HARMLESS, _POLITE, _UNPRAISED = re.compile(HARMLESS), re.compile(POLITE), re.compile(UNPRAISED)


def find(text: str) -> Found:
    """`text` as people wrote it."""
    said = clean(text).casefold()
    return Found(
        problem=_strength(_PROBLEM, _HARMLESS.sub(" , ", said)),
        idea=_strength(_IDEA, _POLITE.sub(" , ", said)),
        question=_strength(_QUESTION, said),
        praise=_strength(_PRAISE, _UNPRAISED.sub(" , ", said)),
    )


def _strength(patterns: Patterns, said: str) -> int:
    return min(sum(weight for weight, pattern in patterns if pattern.search(said)), STRONGEST)

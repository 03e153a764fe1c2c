"""Which words carry what a text is about, and which forms are one word. English; other languages pass through."""

import re

# Words that say nothing about the subject. Negations (no, not, never, without) and particles (off, up, out) are
# missing on purpose: "top up failed" and "not synced" live by them.
GRAMMAR = """
a about after again ago all almost already also although altogether always am an and another any anybody anymore
anyone anything are around as at away be because been before being both but by can could did do does doing done during
each either else even ever every everybody everyone everything few for from get gets getting give gives go goes going
got had happen happens has have having he hello help her here hey hi him his how however i i'd i'll i'm i've if in
instead into is it it'd it'll it's its itself just keep keeps kept know let let's lot lots made make makes making many
may maybe me might mine more most much must my myself need needs next now of often oh ok okay on once one ones only or
other others our ours over own per perhaps please quite rather really same say says see seem seems sees she should
since so some somebody someone something sometimes somewhere soon still straight such sure than thank thanks that
that'd that's the their theirs them themselves then there there's these they they'd they'll they're they've thing
things think this those though through till to too toward towards try trying until us use used uses using very via was
way we we'd we'll we're we've well were what what's whatever when whenever where whether which while who who's whoever
whole whom whose why will with within would yes yet you you'd you'll you're you've your yours yourself
"""
# How people open a request or a complaint and how they soften it: part of the message, not of its subject.
MANNERS = """
able add adding allow amazing annoying anyways appreciate awesome awful bad best better brilliant cool dear enable
enjoy fantastic feel fine finally glad good great guys happy hate hope hoping idea implement introduce kind kindly like
liked likes looking love loved lovely nice option perfect pls plz plus possible possibility pretty provide request sad
sorry stuff suggest suggestion super thx today tomorrow tried ugh unfortunately useful want wanted wants wish wonder
wondering wonderful yesterday
"""
SILENT = frozenset(GRAMMAR.split()) | frozenset(MANNERS.split())
NEGATIONS = frozenset({"no", "not", "never", "without", "nothing", "cannot", "cant", "dont", "wont", "doesnt", "isnt"})
# Stems of what turns round the words after it, as a negation does: "stop removing it" wants it kept.
TURNING = frozenset({"not", "stop", "avoid", "prevent", "quit"})
# A phrase may end on these after a word of content: turn off, top up. After verbs of entering also on "in".
PARTICLES = frozenset({"off", "up", "out", "down", "back"})
ENTERING = frozenset({"log", "logs", "logging", "logged", "sign", "signs", "signing", "signed", "plug", "check", "opt"})

ENDING = re.compile(r"(?:ing|ed|es|s)$")


def content(words: list[str]) -> list[str]:
    """The words that carry the subject; all of them if none does, so that "what is this?" is still a text."""
    return [word for word in words if word not in SILENT] or words


def stem(word: str) -> str:
    """One form for crash, crashes, crashed, crashing: crude, only for comparing, never shown."""
    word = word.removesuffix("'s")
    found = ENDING.search(word)
    if found and found.start() >= 3 and not word.endswith("ss"):
        word = word[: found.start()]
        if len(word) > 3 and word[-1] == word[-2]:
            word = word[:-1]
    if len(word) > 3 and word[-1] == "e":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word

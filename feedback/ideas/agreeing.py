"""Whether a reply says nothing but "me too": then it is a vote for what it answers, and no idea of its own."""

from __future__ import annotations

import re

import emoji

MOST_CHARACTERS = 80
"""Whoever writes more has something of their own to say."""
AGREES = re.compile(
    r"(?:\+ ?1|\+ ?one|plus one|👍|💯|☝️?|👆|\^+|"
    r"same (?:problem|issue|thing|for (?:me|us)|here)|same|(?:me|us) (?:too|as well|three)|"
    r"(?:i )?(?:totally |fully |so )?agreed?|(?:i )?second(?:ed|ing)?|so (?:do|would|am) (?:i|we)|ditto|likewise|"
    r"(?:i|we)(?:'d| would)? (?:really )?(?:want|need|love|like) (?:this|that|it)|(?:want|need)(?:ed)? this|this|"
    r"(?:yes|yeah|yep)(?= (?:please|this|same|\+1|me|pls))|count me in)(?!\w)"
)
AND_SO_ON = re.compile(
    r"(?:to|for|on|with|from|this|that|it|here|too|also|please|pls|so much|a lot|as well|me|us|one|idea|"
    r"[\u2600-\u27bf\U0001f300-\U0001faff])(?!\w)"
)
SKIN_TONE = re.compile(r":skin-tone-[2-6]:|[\U0001f3fb-\U0001f3ff]|\ufe0f")
AGAINST = re.compile(r"[👎❌🚫]")
"""Whoever adds one of these does not say “me too”."""
PAUSES = re.compile(r"[\s.,;:!~…]+")


def agrees(text: str) -> bool:
    """`text` as Slack writes it, or as people read it."""
    plain = text.strip()
    if len(plain) > MOST_CHARACTERS:
        return False
    plain = SKIN_TONE.sub("", emoji.emojize(plain, language="alias")).replace("’", "'").casefold()
    if AGAINST.search(plain):
        return False
    plain = PAUSES.sub(" ", plain).strip()
    first = found = AGREES.match(plain)
    while found and found.end() < len(plain):
        at = found.end() + (plain[found.end()] == " ")
        found = AGREES.match(plain, at) or AND_SO_ON.match(plain, at)
    return first is not None and found is not None

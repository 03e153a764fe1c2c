"""What a text is made of, counted: words of trouble, of wishing, of asking, of thanks; and how it is written.

The weights below were set by hand and stand in until weights are learned. They speak of a problem, an idea, and
anything else, in that order.
"""

from __future__ import annotations

import math
import re
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.special import softmax

from feedback.clustering.cleaning import clean, words

Features: TypeAlias = npt.NDArray[np.float64]


def _set(spoken: str) -> frozenset[str]:
    return frozenset(spoken.split())


TROUBLE = _set(
    """
    bug bugs buggy crash crashes crashed crashing error errors broken broke fail fails failed failing failure freeze
    freezes frozen stuck glitch glitches glitchy lag laggy hang hangs leak leaks leaking leaked corrupt corrupted faulty
    defective damaged cracked wrong incorrect invalid missing lost disappeared vanished unusable unable impossible
    problem problems issue issues trouble unresponsive slow unstable fix repair black blank
    """
)
ANGER = _set(
    """
    terrible awful horrible worst annoying annoyed frustrating frustrated useless waste rubbish garbage crap sucks
    ridiculous disappointed disappointing unacceptable pathetic hate bad poor worse refund uninstall uninstalled angry
    """
)
WISHING = _set(
    """
    wish add adding suggestion suggest suggestions idea ideas option options feature features ability request support
    allow implement introduce include integrate enhancement improve improvement improvements consider customize custom
    """
)
DELIGHT = _set(
    """
    love loved loving great amazing awesome excellent fantastic perfect perfectly brilliant wonderful best nice good
    happy superb outstanding beautiful lovely cool impressed recommend fun easy glad favorite favourite
    """
)
WOULD = _set("would could should might wouldn't couldn't shouldn't id itd")
NOTS = _set("not no never cannot nothing without dont doesnt wont cant isnt didnt nor")
ASKING = _set("how what when where why who which does anyone anybody is are can do did has")
HELPING = _set("try tried go click check select use using install restart settings download see here version")
THANKING = _set("thanks thank thx cheers welcome hi hello hey lol haha ok okay yes yeah congrats")
SINCE = _set("since after update updated upgrade upgraded latest again still anymore longer suddenly always")
PLEASE = _set("please pls plz kindly")
NEEDING = _set("need needs want wants needed wanted lack lacks lacking hope hoping instead more better")
FIRST = _set("i me my we our us i'm i've im ive")
SECOND = _set("you your u you're")
LISTS = (
    *(TROUBLE, ANGER, WISHING, DELIGHT, WOULD, NOTS, ASKING, HELPING, THANKING, SINCE, PLEASE, NEEDING),
    *(FIRST, SECOND),
)
MOST_COUNTED = 3
VERSION_NUMBER = re.compile(r"\b\d+(?:\.\d+)+\b")

# Of one word of each list, in their order; then ?, !, a version number, the length, and what is there anyway.
WEIGHTS = np.array(
    [
        [1.6, -0.3, -0.6],  # TROUBLE
        [0.7, 0.0, 0.1],  # ANGER
        [-0.4, 1.5, -0.6],  # WISHING
        [-0.6, -0.1, 0.6],  # DELIGHT
        [-0.3, 1.0, -0.4],  # WOULD
        [0.8, -0.1, -0.3],  # NOTS
        [0.0, -0.3, 0.2],  # ASKING
        [0.1, -0.3, 0.3],  # HELPING
        [-0.4, -0.3, 0.7],  # THANKING
        [0.8, -0.2, -0.2],  # SINCE
        [0.1, 0.8, -0.4],  # PLEASE
        [-0.1, 0.9, -0.4],  # NEEDING
        [0.1, 0.0, 0.0],  # FIRST
        [-0.1, 0.1, 0.1],  # SECOND
        [-0.3, -0.3, 0.6],  # ?
        [-0.1, -0.1, 0.2],  # !
        [0.3, -0.2, 0.0],  # a version number
        [0.1, 0.1, -0.1],  # the length
        [-1.2, -1.3, 1.0],  # anyway
    ]
)


def features(texts: list[str]) -> Features:
    """Shape (n, 18). Each count grows ever more slowly, so that a long text is no more of everything."""
    rows = np.zeros((len(texts), len(WEIGHTS) - 1))
    for row, text in zip(rows, texts, strict=True):
        cleaned = clean(text)
        said = words(cleaned)
        counts = [sum(word in words_of for word in said) for words_of in LISTS]
        counts += [cleaned.count("?"), cleaned.count("!"), len(VERSION_NUMBER.findall(cleaned))]
        row[:-1] = [math.log2(1 + min(count, MOST_COUNTED)) for count in counts]
        row[-1] = math.log10(1 + len(said))
    return rows


def probabilities(found: Features) -> npt.NDArray[Any]:
    """By the weights that were set by hand."""
    return shares(found @ WEIGHTS[:-1] + WEIGHTS[-1])


def shares(logits: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The softmax of each row."""
    return np.asarray(softmax(logits, axis=1))

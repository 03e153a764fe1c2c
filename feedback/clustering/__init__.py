"""Which texts ask for the same thing, where a new one belongs, and what people would call it.

Pure functions: texts and vectors in, numbers and names out; no session, no clock, no random number without a given
seed.
"""

from feedback.clustering.answering import Answered, answered
from feedback.clustering.asking import Question, questions
from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.layout import Point, lay_out
from feedback.clustering.measuring import Grouped
from feedback.clustering.naming import Naming
from feedback.clustering.nearness import margins
from feedback.clustering.parameters import SEED
from feedback.clustering.parts import parts
from feedback.clustering.placing import Corpus
from feedback.clustering.sameness import Near, Sameness
from feedback.clustering.trials import Trials, try_out
from feedback.clustering.vectors import KINDS, Rows, Vectors, load, pack, unpack
from feedback.clustering.wording import in_common

__all__ = [
    "KINDS",
    "SEED",
    "Answered",
    "Corpus",
    "Grouped",
    "Naming",
    "Near",
    "Point",
    "Question",
    "Rows",
    "Sameness",
    "Trials",
    "Vectors",
    "answered",
    "clean",
    "cluster",
    "in_common",
    "lay_out",
    "load",
    "margins",
    "pack",
    "parts",
    "questions",
    "try_out",
    "unpack",
]

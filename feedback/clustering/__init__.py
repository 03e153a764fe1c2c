"""Which texts ask for the same thing, where a new one belongs, and what people would call it.

Pure functions: texts and vectors in, numbers and names out; no session, no clock, no random number without a given
seed.
"""

from feedback.clustering.asking import Question, questions
from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.naming import name
from feedback.clustering.nearness import margins
from feedback.clustering.parameters import SEED
from feedback.clustering.placing import Corpus
from feedback.clustering.vectors import KINDS, Rows, Vectors, load, pack, unpack

__all__ = [
    "KINDS",
    "SEED",
    "Corpus",
    "Question",
    "Rows",
    "Vectors",
    "clean",
    "cluster",
    "load",
    "margins",
    "name",
    "pack",
    "questions",
    "unpack",
]

"""Which texts ask for the same thing, where a new one belongs, and what people would call it.

Pure functions: texts and vectors in, numbers and names out; no session, no clock, no random number without a given
seed.
"""

from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.layout import Point, lay_out
from feedback.clustering.measuring import Grouped
from feedback.clustering.naming import name, top_phrases
from feedback.clustering.placing import Corpus
from feedback.clustering.trials import Trials, try_out
from feedback.clustering.vectors import KINDS, Rows, Vectors, load, pack, unpack

__all__ = [
    "KINDS",
    "Corpus",
    "Grouped",
    "Point",
    "Rows",
    "Trials",
    "Vectors",
    "clean",
    "cluster",
    "lay_out",
    "load",
    "name",
    "pack",
    "top_phrases",
    "try_out",
    "unpack",
]

"""Which texts ask for the same thing, where a new one belongs, and what people would call it.

Pure functions: text in, numbers and names out; no session, no clock, no random number without a given seed.
"""

from feedback.clustering.cleaning import clean
from feedback.clustering.grouping import cluster
from feedback.clustering.naming import name
from feedback.clustering.parameters import Parameters
from feedback.clustering.placing import place

__all__ = ["Parameters", "clean", "cluster", "name", "place"]

"""Why something is not going to happen, in a few plain classes: one of them, and a sentence, are told."""

from __future__ import annotations

REASONS = {
    "purpose": "It does not fit what the product is for",
    "few": "Too few people need it",
    "cost": "It would cost more than it helps",
    "other_way": "There is another way",
    "tried": "We tried it, and it did not work",
    "not_now": "Not now: other things come first",
}
"""By the name under which a decline keeps it."""

"""trigger_ids let the app open a modal in answer to what a person did. They live 3 seconds and work once."""

import time
from dataclasses import dataclass

from playground import ids
from playground.errors import SlackError

LIFE_SECONDS = 3.0


@dataclass
class Trigger:
    """Who did something, in which open view (None outside one), until when it counts (monotonic seconds)."""

    user_id: str
    view_id: str | None
    expires_at: float
    used: bool = False


class Triggers:
    """The triggers given out. Old ones are remembered for a while, to be told from ids that never were."""

    def __init__(self) -> None:
        self._triggers: dict[str, Trigger] = {}

    def give(self, user_id: str, view_id: str | None = None) -> str:
        """Answer a new trigger_id."""
        now = time.monotonic()
        if len(self._triggers) > 5000:
            self._triggers = {key: one for key, one in self._triggers.items() if one.expires_at > now - 60}
        trigger_id = f"{int(time.time() * 1000)}.{ids.new_id('')}"
        self._triggers[trigger_id] = Trigger(user_id, view_id, now + LIFE_SECONDS)
        return trigger_id

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger. Refuses invalid_trigger_id, exchanged_trigger_id and expired_trigger_id."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() > trigger.expires_at:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

"""The fixed names of this workspace, and new ids in Slack's form."""

import random

TEAM_ID = "T0PLAYGRND"
TEAM_NAME = "Fieldnotes"
TEAM_DOMAIN = "fieldnotes"
OTHER_TEAM_ID = "T0OTHER"
BOT_USER_ID = "U0ROUNDTRIP"
BOT_ID = "B0ROUNDTRIP"
APP_ID = "A0ROUNDTRIP"
SLACKBOT_ID = "USLACKBOT"

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_system_random = random.SystemRandom()


def new_id(prefix: str) -> str:
    """Answer an id nobody has yet, such as ``V0K3X9...``. Drawn by chance, so it stays unique over restarts."""
    return prefix + "0" + "".join(_system_random.choices(_ALPHABET, k=10))


def dm_id(user_id: str) -> str:
    """Answer the id of the direct channel between a person and the app: U0ANA's is D0ANA."""
    return "D" + user_id[1:]

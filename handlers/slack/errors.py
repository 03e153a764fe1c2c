"""What a person sees when something cannot be done, where they did it and to them alone."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import structlog
from slack_bolt import BoltContext, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from feedback import blocks
from feedback.errors import Refused

Json = dict[str, Any]
log = structlog.get_logger("roundtrip")


def answer(
    error: Exception, body: Json, context: BoltContext, client: WebClient, respond: Callable[..., Any]
) -> BoltResponse:
    """A refusal in its own words; anything else as an apology with a reference that is in the log.

    An event gets 500 instead, so that Slack sends it again.
    """
    if isinstance(error, Refused):
        return _tell(error, body, context, client, respond)
    reference = secrets.token_hex(4)
    log.error("slack.failed", reference=reference, exc_info=error)
    if body.get("type") == "event_callback":
        return BoltResponse(status=500, body="")
    say = f"Something went wrong on our side, and nothing was saved. Please try again. (Reference {reference})"
    return _tell(Refused(say), body, context, client, respond)


def _tell(
    refused: Refused, body: Json, context: BoltContext, client: WebClient, respond: Callable[..., Any]
) -> BoltResponse:
    if body.get("type") == "view_submission":
        return _below_the_field(refused, body["view"])
    say = refused.say
    try:
        if context.response_url:
            respond(text=blocks.escape(say), response_type="ephemeral", replace_original=False)
        elif "trigger_id" in body:
            client.views_open(trigger_id=body["trigger_id"], view=blocks.modal("nothing", "Roundtrip", [_section(say)]))
        elif context.channel_id and context.user_id:
            client.chat_postEphemeral(channel=context.channel_id, user=context.user_id, text=blocks.escape(say))
    except (SlackApiError, OSError) as error:
        log.warning("slack.not_told", say=say, error=str(error))
    return BoltResponse(status=200, body="")


def _below_the_field(refused: Refused, view: Json) -> BoltResponse:
    """Slack shows an error only below an input; one that is about no field stands below the first."""
    inputs = [block["block_id"] for block in view["blocks"] if block["type"] == "input"]
    if not inputs:
        changed = {"response_action": "update", "view": blocks.modal("nothing", "Roundtrip", [_section(refused.say)])}
        return BoltResponse(status=200, body=changed)
    where = refused.field if refused.field in inputs else inputs[0]
    return BoltResponse(status=200, body={"response_action": "errors", "errors": {where: refused.say}})


def _section(say: str) -> Json:
    return blocks.section(blocks.escape(say))

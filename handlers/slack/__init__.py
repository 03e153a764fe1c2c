"""Slack's events, interactions and commands. The shortcut, modal and buttons of one human act stand together."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App

from feedback.hub import Hub
from handlers.slack import (
    appeals,
    errors,
    gifts,
    holds,
    ideas,
    judgements,
    loop,
    members,
    messages,
    promises,
    recognition,
    rewards,
    themes,
    visits,
    workspaces,
)

LISTENER_THREADS = 30
"""Bolt's own five are taken by five slow listeners, and the sixth person sees an error after three seconds."""


def build(hub: Hub) -> App:
    """The Bolt app, with every listener that the manifest subscribes to."""
    settings, log = hub.settings, logging.getLogger("bolt")
    log.addFilter(_is_news)
    app = App(
        name="roundtrip",
        authorize=visits.authorize(hub),
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        # By default Bolt answers 200 before the listener runs, and an event whose listener then fails is lost.
        process_before_response=True,
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS),
        logger=log,
    )
    app.client.base_url = settings.slack_api_url
    app.client.timeout = 3  # an answer to a person; what takes longer is no answer any more
    app.middleware(visits.introduce(hub))
    app.error(errors.answer)
    for word in (
        messages,
        ideas,
        judgements,
        themes,
        loop,
        appeals,
        promises,
        rewards,
        gifts,
        holds,
        recognition,
        members,
        workspaces,
    ):
        word.register(app)
    return app


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt sees our token in the environment, and warns at every start that with `authorize` it takes no notice."""
    return "SLACK_BOT_TOKEN" not in record.getMessage()

"""What Slack refuses, in Slack's own words."""


class SlackError(Exception):
    """A refusal. ``code`` is the word Slack answers with, ``details`` are further fields of the answer.

    The Web API answers it with HTTP 200 and ``ok: false``, the control API with ``status``.
    """

    def __init__(self, code: str, *, status: int = 400, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.details = details

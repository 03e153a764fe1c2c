"""Slack's Web API at /api/METHOD: who calls, may they, at what pace, and Slack's answers and refusals."""

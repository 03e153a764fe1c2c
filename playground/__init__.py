"""A Slack workspace of your own on loopback: Web API, events, Socket Mode, a page, and a control API to act as anybody.

The demo runs on it and the tests talk to it. It imports nothing else of the project and production never imports it.
"""

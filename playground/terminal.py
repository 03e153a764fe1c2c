"""What stands after `python app.py playground`: serve one, replay talk through it, or write talk to replay."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from playground import community, replay
from playground.server import Options, serve

WORDS = "serve, replay or community"


def main(words: Sequence[str]) -> int:
    """The exit status. Without a word it serves."""
    word, *rest = words or ("serve",)
    if word == "replay":
        return replay.main(rest)
    if word == "community":
        community.main(rest)
        return 0
    if word.startswith("-"):
        word, rest = "serve", list(words)
    if word != "serve":
        print(f"There is no {word}. It is one of: {WORDS}.")
        return 2
    serve(_options(rest))
    return 0


def _options(words: Sequence[str]) -> Options:
    parser = argparse.ArgumentParser(
        prog="python app.py playground serve", description=f"A Slack of your own on this machine. Also: {WORDS}."
    )
    parser.add_argument("--host", default=Options.host)
    parser.add_argument("--port", type=int, default=Options.port)
    parser.add_argument("--store", type=Path, help="a file that keeps everything; without it a restart forgets")
    parser.add_argument("--request-url", help="where the app listens; without it only Socket Mode delivers")
    parser.add_argument("--hook-url", help="where the tracker tells of what happens in it; without it nowhere")
    parser.add_argument("--hook-secret", default=Options.hook_secret, help="signs what the tracker tells")
    parser.add_argument("--payout-hook-url", help="where the gift service tells of its orders; without it nowhere")
    parser.add_argument("--payout-hook-key", default=Options.payout_hook_key, help="signs what the gift service tells")
    parser.add_argument("--posting-interval-seconds", type=float, default=Options.posting_interval_seconds)
    return Options(**vars(parser.parse_args(words)))

"""Every limit of the table of limits, at its edge and one beyond, through Slack's own client."""

import copy
import random
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground.block_kit import blocks as block_checks
from playground.block_kit.findings import Findings
from playground.client import Client

Block = dict[str, Any]


def plain(length: int) -> Block:
    return {"type": "plain_text", "text": "x" * length}


def markdown(length: int) -> Block:
    return {"type": "mrkdwn", "text": "x" * length}


def section(**more: Any) -> Block:
    return {"type": "section", "text": markdown(1)} | more


def button(**more: Any) -> Block:
    return {"type": "button", "text": plain(1)} | more


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


def options(count: int, text: int = 1, value: int = 1) -> list[Block]:
    return [{"text": plain(text), "value": f"{number:03d}".ljust(value, "v")} for number in range(count)]


def select(count: int = 1, **more: Any) -> Block:
    return section(accessory={"type": "static_select", "options": options(count)} | more)


def field(element: Block | None = None, **more: Any) -> Block:
    return {"type": "input", "label": plain(1), "element": element or {"type": "plain_text_input"}} | more


def confirm(title: int = 1, text: int = 1, word: int = 1) -> Block:
    dialog = {"title": plain(title), "text": plain(text), "confirm": plain(word), "deny": plain(1)}
    return actions(button(confirm=dialog))


def checkboxes(count: int) -> Block:
    return section(accessory={"type": "checkboxes", "options": options(count)})


def overflow(count: int) -> Block:
    return section(accessory={"type": "overflow", "options": options(count)})


# (what fits, what is one too many)
EDGES: dict[str, tuple[list[Block], list[Block]]] = {
    "blocks": ([{"type": "divider"}] * 50, [{"type": "divider"}] * 51),
    "section text": ([section(text=markdown(3000))], [section(text=markdown(3001))]),
    "no empty text": ([section(text=markdown(1))], [section(text=markdown(0))]),
    "fields": ([section(fields=[markdown(2000)])], [section(fields=[markdown(2001)])]),
    "number of fields": ([section(fields=[markdown(1)] * 10)], [section(fields=[markdown(1)] * 11)]),
    "header": ([{"type": "header", "text": plain(150)}], [{"type": "header", "text": plain(151)}]),
    "header is plain": ([{"type": "header", "text": plain(1)}], [{"type": "header", "text": markdown(1)}]),
    "context": (
        [{"type": "context", "elements": [markdown(1)] * 10}],
        [{"type": "context", "elements": [markdown(1)] * 11}],
    ),
    "actions": ([actions(*[button()] * 25)], [actions(*[button()] * 26)]),
    "button text": ([actions(button(text=plain(75)))], [actions(button(text=plain(76)))]),
    "button value": ([actions(button(value="v" * 2000))], [actions(button(value="v" * 2001))]),
    "button url": ([actions(button(url="u" * 3000))], [actions(button(url="u" * 3001))]),
    "button style": ([actions(button(style="danger"))], [actions(button(style="warning"))]),
    "action_id": ([actions(button(action_id="a" * 255))], [actions(button(action_id="a" * 256))]),
    "block_id": ([section(block_id="b" * 255)], [section(block_id="b" * 256)]),
    "options": ([select(100)], [select(101)]),
    "some options": ([select(1)], [select(0)]),
    "option text": ([select(options=options(1, text=75))], [select(options=options(1, text=76))]),
    "option value": ([select(options=options(1, value=150))], [select(options=options(1, value=151))]),
    "option twice": ([select(options=options(2))], [select(options=options(1) * 2)]),
    "initial option": ([select(initial_option=options(1)[0])], [select(initial_option=options(2)[1])]),
    "overflow": ([overflow(5)], [overflow(6)]),
    "checkboxes": ([checkboxes(10)], [checkboxes(11)]),
    "label": ([field(label=plain(2000))], [field(label=plain(2001))]),
    "hint": ([field(hint=plain(2000))], [field(hint=plain(2001))]),
    "placeholder": (
        [field({"type": "plain_text_input", "placeholder": plain(150)})],
        [field({"type": "plain_text_input", "placeholder": plain(151)})],
    ),
    "max_length": (
        [field({"type": "plain_text_input", "max_length": 3000})],
        [field({"type": "plain_text_input", "max_length": 3001})],
    ),
    "no button in an input": ([field({"type": "datepicker"})], [field(button())]),
    "no input in a section": ([section(accessory=button())], [section(accessory={"type": "plain_text_input"})]),
    "confirm title": ([confirm(title=100)], [confirm(title=101)]),
    "confirm text": ([confirm(text=300)], [confirm(text=301)]),
    "confirm button": ([confirm(word=30)], [confirm(word=31)]),
    "image url": (
        [{"type": "image", "image_url": "u" * 3000, "alt_text": "a"}],
        [{"type": "image", "image_url": "u" * 3001, "alt_text": "a"}],
    ),
    "image alt": (
        [{"type": "image", "image_url": "u", "alt_text": "a" * 2000}],
        [{"type": "image", "image_url": "u", "alt_text": "a" * 2001}],
    ),
    "markdown in sum": (
        [{"type": "markdown", "text": "m" * 6000}] * 2,
        [{"type": "markdown", "text": "m" * 6000}, {"type": "markdown", "text": "m" * 6001}],
    ),
    "block_id twice": ([section(block_id="a"), section(block_id="b")], [section(block_id="a")] * 2),
    "action_id twice": (
        [actions(button(action_id="a"), button(action_id="b"))],
        [actions(button(action_id="a"), button(action_id="a"))],
    ),
    "known types": ([{"type": "divider"}], [{"type": "carousel"}]),
    "known fields": ([section()], [section(colour="red")]),
}


@pytest.mark.parametrize("name", EDGES)
def test_the_edge_of_each_limit(slack: WebClient, name: str) -> None:
    fits, too_much = EDGES[name]
    assert slack.chat_postMessage(channel="C0IDEAS", text="x", blocks=fits)["ok"]
    with pytest.raises(SlackApiError) as refused:
        slack.chat_postMessage(channel="C0IDEAS", text="x", blocks=too_much)
    assert refused.value.response["error"] == "invalid_blocks"
    assert "json-pointer:/blocks" in refused.value.response["response_metadata"]["messages"][0]


def test_all_blocks_of_a_message_together(slack: WebClient) -> None:
    with pytest.raises(SlackApiError, match="msg_blocks_too_long"):
        slack.chat_postMessage(channel="C0IDEAS", text="x", blocks=[section(text=markdown(2700))] * 5)
    assert slack.chat_postMessage(channel="C0IDEAS", text="x", blocks=[section(text=markdown(2500))] * 5)["ok"]


def modal(**more: Any) -> Block:
    return {"type": "modal", "title": plain(24), "submit": plain(24), "close": plain(24), "blocks": [field()]} | more


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": plain(25)},
        {"submit": plain(25)},
        {"close": plain(25)},
        {"submit": None},
        {"private_metadata": "m" * 3001},
        {"callback_id": "c" * 256},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "markdown", "text": "x"}]},
        {"type": "home"},
        {"colour": "red"},
    ],
)
def test_views_that_cannot_be(client: Client, slack: WebClient, wrong: Block) -> None:
    client.as_("U0ANA").shortcut("share_idea")
    trigger_id = client.deliveries(kind="interaction")[0]["body"]["trigger_id"]
    with pytest.raises(SlackApiError) as refused:
        slack.views_open(trigger_id=trigger_id, view=modal(**wrong))
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"]
    # What was refused has not used the trigger up.
    assert slack.views_open(trigger_id=trigger_id, view=modal(private_metadata="m" * 3000))["ok"]


def test_home_takes_a_hundred_blocks(slack: WebClient) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}] * 100}
    assert slack.views_publish(user_id="U0ANA", view=home)["ok"]
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        slack.views_publish(user_id="U0ANA", view=home | {"blocks": [{"type": "divider"}] * 101})


def test_no_mixture_of_values_breaks_the_check() -> None:
    """Whatever stands where, the check answers findings; it never fails itself."""
    rng = random.Random(3)
    odd: list[Any] = [None, 0, -1, True, "", "x" * 4000, [], {}, [[]], [None], {"type": []}, {"text": {}}]
    whole = [block for fits, too_much in EDGES.values() for block in (fits[0], too_much[0])]
    for _ in range(4000):
        block = copy.deepcopy(rng.choice(whole))
        place: Any = block
        while isinstance(place, dict | list) and place:
            key = rng.choice(list(place) if isinstance(place, dict) else range(len(place)))
            if rng.random() < 0.4:
                place[key] = rng.choice(odd)
                break
            place = place[key]
        block_checks.check(Findings(), [block, rng.choice(odd)], rng.choice(["message", "modal", "home"]))

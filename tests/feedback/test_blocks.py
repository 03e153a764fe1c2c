"""Whatever people write, Slack takes what we say, and nobody's words become markup of ours."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from feedback import blocks, ideas, loop, rewards
from feedback.appeals import Standing
from feedback.blocks import Json, Message, own_rewards
from feedback.blocks import appeals as appeal_blocks
from feedback.blocks import digests as digest_blocks
from feedback.blocks import gifts as gift_blocks
from feedback.blocks import holds as hold_blocks
from feedback.blocks import ideas as idea_blocks
from feedback.blocks import judgements as judgement_blocks
from feedback.blocks import loop as loop_blocks
from feedback.blocks import members as member_blocks
from feedback.blocks import owing as owing_blocks
from feedback.blocks import promises as promise_blocks
from feedback.blocks import rewards as reward_blocks
from feedback.blocks import thanks as thanks_blocks
from feedback.blocks import themes as theme_blocks
from feedback.blocks.own_rewards import OwnRewards
from feedback.changes import REASONS
from feedback.loop import CameBack
from feedback.overview import mapping
from feedback.overview.debt import Burn, Debt, Oldest, Pressing
from feedback.overview.mapping import Spot
from feedback.overview.promises import OfWeek
from feedback.overview.recognition import Mine, Place
from feedback.rewards import recognition
from models import Idea, Judgement, Member, RewardRule, Theme
from models import Message as Said
from playground.block_kit.messages import checked_blocks
from playground.block_kit.views import checked_view
from tests.feedback import odd
from tests.feedback.odd import ODD, Odd

STATES = ("new", "planned", "declined", "shipped", "reopened")
HUB = "https://hub.example"
OUR_MARKUP = re.compile(
    r"<!date\^\d+\^\{date_long\}\|[^<>|]*>"  # a day
    r"|<@U0(?:ANA|CY|DI)>"  # one of the people in the rows
    r"|<https://(?:x|hub|shop|gifts)\.example[^<>|\s]*\|[^<>|]*>"  # a link of ours
)


def receipts(words: Odd) -> Iterator[Message]:
    for state in idea_blocks.STATE_WORDS:
        yield idea_blocks.receipt(odd.idea(words, state=state), votes=1234)
    yield idea_blocks.receipt(odd.idea(words, in_channel=False), votes=0)
    others = [ideas.Alike(odd.idea(words, state=state, idea_id=number), number) for number, state in enumerate(STATES)]
    yield idea_blocks.receipt(odd.idea(words), votes=0, alike=others[: ideas.MOST_ALIKE])
    for state in STATES:
        yield idea_blocks.receipt(odd.idea(words), votes=2, kept_with=odd.idea(words, state=state, idea_id=2))


def questions(words: Odd) -> Iterator[Message]:
    for kind in ("idea", "problem"):
        message = Said(id=1, text=words.text)
        yield judgement_blocks.question(Judgement(id=1, kind=kind, message=message))


def cards(words: Odd) -> Iterator[Message]:
    for state in idea_blocks.STATE_WORDS:
        found = odd.idea(words, state=state, is_grouped=state != "new")
        came_back = CameBack(odd.member(words, "U0CY"), [odd.answer(words, "not_yet")] * 5)
        yield idea_blocks.card(found, votes=2, hub_url=HUB, came_back=came_back)
        yield idea_blocks.card(found, votes=2, hub_url=HUB, came_back=came_back, merged=[found] * 12)
        yield idea_blocks.card(found, votes=2, hub_url=HUB, into=odd.idea(words, idea_id=2))


def notices(words: Odd) -> Iterator[Message]:
    for kind in loop.words.NEWS:
        yield loop_blocks.notice(odd.notice(words, kind=kind))
    yield loop_blocks.notice(odd.notice(words, raised_it=False, url="https://shop.example/" + "a" * 979))
    for verdict in loop.VERDICTS:
        for kind in ("shipped", "reopened"):
            found = odd.notice(words)
            found.idea.state = kind
            yield loop_blocks.notice(found, answer=odd.answer(words, verdict))
    for because in loop.words.BECAUSE:
        yield loop_blocks.notice(odd.notice(words, raised_it=False, because=because))
    for own in ("&" * 100 + "{name} {said} {date} {words} {news} {link}", "{news}", "{words}\n{news}\n<!channel>"):
        loop.words.check(own, "shipped")
        yield loop_blocks.notice(odd.notice(words, words=own, url="https://shop.example/" + "a" * 979))
    replied = odd.notice(words, kind="asked")
    replied.reply = odd.reply(words)
    yield loop_blocks.notice(replied)


def posts_for_several(words: Odd) -> Iterator[Message]:
    for kind in loop.words.NEWS:
        for count in (1, 2, loop.MOST_TOGETHER):
            notices = [odd.notice(words, kind=kind, number=number + 1) for number in range(count)]
            yield loop_blocks.together(notices[0].change, notices)
            notices[0].answer, notices[0].reply = odd.answer(words, "not_yet"), odd.reply(words)
            yield loop_blocks.together(notices[0].change, notices)
        yield loop_blocks.rehearsal(odd.rehearsal(words, kind=kind))
        for people in (0, 1, 1234):
            change = odd.notice(words, kind=kind).change
            for helped in (0, 1, loop.MOST_NAMED, loop.MOST_NAMED + 1, 90):
                yield loop_blocks.announcement(change, people=people, helped=[words.name] * helped)


def digests(words: Odd) -> Iterator[Message]:
    """Nothing left, one of each, more than fit, and more than fit with the longest links."""
    yield digest_blocks.digest([], hub_url=HUB)
    each = [odd.notice(words, kind=kind, raised_it=kind != "planned") for kind in loop.words.NEWS]
    for notice, verdict in zip(each, ("better", "not_yet"), strict=False):
        notice.answer = odd.answer(words, verdict)
    yield digest_blocks.digest(each, hub_url=HUB)
    yield digest_blocks.digest([odd.notice(words)] * 40, hub_url=HUB)
    yield digest_blocks.digest([odd.notice(words, url="https://shop.example/" + "a" * 979)] * 40, hub_url=HUB)


def reminders(words: Odd) -> Iterator[Message]:
    for raised_it in (True, False):
        yield loop_blocks.reminder(odd.notice(words, raised_it=raised_it))
    yield loop_blocks.reminder(odd.notice(words), answer=odd.answer(words, "partly"))


def promises(words: Odd) -> Iterator[Message]:
    yield promise_blocks.question(odd.promise(words))
    for state in ("open", "kept", "broken", "given_up"):
        yield promise_blocks.reminder(odd.promise(words, state=state))


def declines(words: Odd) -> Iterator[Message]:
    found = odd.notice(words, kind="declined")
    for reason in (None, *REASONS):
        found.change.reason = reason
        for appeal in (None, odd.appeal(words), odd.appeal(words, is_heard=True)):
            yield loop_blocks.notice(found, appeal=Standing(appeal, 1, may_ask=appeal is None))
    yield appeal_blocks.heard(odd.appeal(words, is_heard=True))
    yield idea_blocks.card(odd.idea(words), votes=2, hub_url=HUB, appeal=odd.appeal(words, is_heard=True))


def reward_cards(words: Odd) -> Iterator[Message]:
    for state in ("proposed", "vesting", *reward_blocks.DECIDED):
        for provider in ("manual", "tremendous"):
            reward = odd.reward(words, state=state)
            reward.provider = provider
            for is_full, needs in ((False, 1), (False, 2), (True, 2)):
                yield reward_blocks.card(reward, brief=odd.brief(words, is_full=is_full, needs=needs), hub_url=HUB)


def reward_questions(words: Odd) -> Iterator[Message]:
    yield reward_blocks.question(odd.question(words), hub_url=HUB)
    yield reward_blocks.answered(odd.question(words, is_answered=True))


def held(words: Odd) -> Iterator[Message]:
    """Everything at once, before and after somebody looked."""
    reward = odd.reward(words)
    for is_lifted in (False, True):
        found = odd.holds(words, reward, is_lifted=is_lifted)
        reward.holds = found
        yield reward_blocks.card(reward, brief=odd.brief(words, is_full=True), hub_url=HUB)
        yield hold_blocks.news(reward, found, hub_url=HUB)


def gifts(words: Odd) -> Iterator[Message]:
    """A link, a code and the words of a privilege; with money and without; told, told again, remembered, taken back."""
    links = ("https://gifts.example/" + words.gift)[:500]
    for provider, cents in (("manual", 2500), ("manual", 0), ("booking", 0)):
        for inside in (words.gift, links, words.text[:500] + " or so"):
            reward = odd.reward(words, state="paid", provider=provider, cents=cents)
            for builder in (gift_blocks.gift, gift_blocks.again, gift_blocks.expiring):
                yield builder(reward, given=inside)
        yield gift_blocks.returned(odd.reward(words, state="cancelled", cents=cents))


def thanks(words: Odd) -> Iterator[Message]:
    for reason in thanks_blocks.WORDS:
        reward = odd.reward(words)
        reward.reason = reason
        yield thanks_blocks.thanks(reward, is_alone=True)
        reward.provider, reward.rule = "", RewardRule(words=words.text[:500])
        yield thanks_blocks.thanks(reward, is_alone=True)


def maps(words: Odd) -> Iterator[Message]:
    yield theme_blocks.largest([], hub_url=HUB)
    for state in mapping.STATES:
        yield theme_blocks.largest([Spot(7, words.theme, 1234, 5678, state, None)] * 10, hub_url=HUB)


def suggestions(words: Odd) -> Iterator[Message]:
    for count in (1, 10):
        yield theme_blocks.waiting(count, hub_url=HUB)


def summaries(words: Odd) -> Iterator[Message]:
    """Of a week in which nothing happened, and of one with everything."""
    idea = odd.idea(words)
    for oldest in ([], [Oldest(idea, idea.created_at, 1234)] * 3):
        for number in (0, 1, 1234):
            debt = Debt(number, number, number)
            burn = Burn(28, number, number)
            found = Pressing(debt, debt, burn, burn, number, number, oldest)
            promised = OfWeek(number, number, number, number, [odd.promise(words)] * min(number, 5))
            yield owing_blocks.week(found, promised=promised, answer_days=30, hub_url=HUB)
            yield owing_blocks.late(found, answer_days=30, late_percent=10, hub_url=HUB)


def homes(words: Odd) -> Iterator[Json]:
    """Somebody new, and somebody who has said two hundred things."""
    yield member_blocks.home(member_blocks.HomeFacts(is_team=False, raised=[], backed=[]))
    yield member_blocks.home(member_blocks.HomeFacts(is_team=True, raised=[], backed=[]))
    raised = [odd.idea(words, state="planned", idea_id=number) for number in range(200)]
    own = [odd.reward(words, state=state) for state in rewards.STATES] * 20
    given = OwnRewards(own, 200, 2026, 1234, {"USD": 2500, "EUR": 1}, False, True, frozenset({1}))
    stands = {number: list(member_blocks.BECAME)[number % len(member_blocks.BECAME)] for number in range(200)}
    yield member_blocks.home(
        member_blocks.HomeFacts(is_team=True, raised=raised, backed=raised, rewards=given, stands=stands)
    )
    badges = [name for _, _, name in recognition.BADGES]
    places = [Place(number, words.name, "Mainstay", 10**9, number == 3) for number in range(1, 11)]
    for standing in (
        recognition.NOTHING,
        recognition.Standing(0.2, "", badges),
        recognition.Standing(10.0**9, "Mainstay", badges),
    ):
        for answer in (True, False):
            mine = Mine(standing, answer, answer, True, answer, places if standing.badges else [])
            lists: Json = {"raised": raised, "backed": raised, "rewards": given}
            yield member_blocks.home(member_blocks.HomeFacts(is_team=True, **lists, stands=stands, recognised=mine))


def forms(words: Odd) -> Iterator[Json]:
    said, theme = odd.idea(words), odd.theme(words)
    many = [odd.theme(words, number) for number in range(2, 152)]
    yield idea_blocks.same_form(said, nearest=[])
    yield idea_blocks.same_form(said, nearest=[odd.idea(words, idea_id=number) for number in range(2, 152)])
    yield idea_blocks.share_form(nonce="1.2.3", kinds=ideas.KINDS, text=words.text)
    for hear in ([], [(words.name, "in the thread in #general, together with others")] * 300):
        yield idea_blocks.decline_form(said, hear=hear, hub_url=HUB)
        yield idea_blocks.plan_form(said, hear=hear, hub_url=HUB)
    yield idea_blocks.move_form(said, latest=many)
    yield idea_blocks.move_form(said, latest=[theme])
    for raised_it in (True, False):
        yield loop_blocks.not_yet_form(odd.notice(words, raised_it=raised_it))
    yield loop_blocks.partly_form(odd.notice(words))
    yield loop_blocks.better_form(odd.notice(words))
    for form in (promise_blocks.note_form, promise_blocks.move_form, promise_blocks.give_up_form):
        yield form(odd.promise(words))
    for needs in (1, 3):
        yield appeal_blocks.form(odd.notice(words, kind="declined"), needs=needs)
    yield loop_blocks.reply_form(odd.notice(words, kind="asked"))
    yield member_blocks.hub_link(url=f"{HUB}/enter/{'t' * 43}", minutes=5)
    yield member_blocks.hub_link_used()
    for hears in member_blocks.LEVELS:
        yield member_blocks.hears_form(Member(id=1, slack_id="U0ANA", name=words.name, hears=hears))
    for contact in ("", "a•••@" + words.name + ".example"):
        member = odd.member(words)
        member.country, member.takes_rewards = "DE" if contact else "", bool(contact)
        yield own_rewards.wishes_form(member, asks_country=True, asks_contact=True, contact=contact)
        yield own_rewards.wishes_form(member, asks_country=False, asks_contact=False, contact=contact)
    yield reward_blocks.approve_form(odd.reward(words))
    yield reward_blocks.decline_form(odd.reward(words))
    yield reward_blocks.ask_form(odd.reward(words))
    yield reward_blocks.answer_form(odd.question(words))
    for hold in odd.holds(words, odd.reward(words)):
        yield hold_blocks.lift_form(hold)
    yield theme_blocks.rename_form(theme)
    yield theme_blocks.merge_form(theme, latest=many)
    yield theme_blocks.merge_form(theme, latest=[theme])
    yield theme_blocks.split_form(theme, ideas=[odd.idea(words, idea_id=number) for number in range(150)])
    yield theme_blocks.split_form(theme, ideas=[said])
    yield theme_blocks.about(None, hub_url=HUB)
    for reading in (None, odd.reading(words)):
        yield theme_blocks.about(odd.trust_card(words, reading), hub_url=HUB)


FIRST = Odd("<!channel> " * 200, "<!channel>", "<!channel>", "<!channel>", "<!channel>", "<!channel>")
EMPTY = Odd("", "", "", "x", "x", "x")
AMPERSANDS = Odd("&" * 40_000, "&" * 3000, "&" * 1000, "&" * 80, "&" * 80, "&" * 500)
QUICKLY = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


MESSAGES = [receipts, questions, cards, notices, reminders, promises, declines, posts_for_several, digests]
MESSAGES += [reward_cards, reward_questions, held, gifts, thanks, maps, suggestions, summaries]


@pytest.mark.parametrize("builder", MESSAGES)
@QUICKLY
@given(words=ODD)
@example(words=FIRST)
@example(words=EMPTY)
@example(words=AMPERSANDS)
def test_slack_takes_every_message_whatever_people_wrote(
    builder: Callable[[Odd], Iterator[Message]], words: Odd
) -> None:
    for message in builder(words):
        checked_blocks(message.blocks)
        assert len(message.blocks) <= 50
        assert all(block.to_dict() for block in Block.parse_all(message.blocks))
        assert 0 < len(message.text) < 4000
        assert_only_our_markup(message.text)
        for text in mrkdwn(message.blocks):
            assert_only_our_markup(text)


@pytest.mark.parametrize("builder", [homes, forms])
@QUICKLY
@given(words=ODD)
@example(words=FIRST)
@example(words=EMPTY)
@example(words=AMPERSANDS)
def test_slack_takes_every_view_whatever_people_wrote(builder: Callable[[Odd], Iterator[Json]], words: Odd) -> None:
    for view in builder(words):
        checked_view(view, view["type"])
        assert View(**view).to_dict()["blocks"]
        assert len(view["blocks"]) <= 100
        for text in mrkdwn(view):
            assert_only_our_markup(text)


def test_whoever_said_much_sees_the_newest_of_each_kind() -> None:
    view = list(homes(EMPTY))[-1]
    headers = [block["text"]["text"] for block in view["blocks"] if block["type"] == "header"]
    assert headers == ["What you said", "What you backed", "Your thank-yous", "What you helped with"]
    sections = [block for block in view["blocks"] if block["type"] == "section"]
    others = 5  # how much they are told, the sum of their year, their address, how they stand, and being named
    assert len(sections) == 2 * member_blocks.MOST_ROWS + own_rewards.MOST_REWARDS + others
    assert "See all 200" in str(view)


@given(text=odd.words(5000), limit=st.integers(2, 400))
@settings(max_examples=60, deadline=None)
def test_shortened_words_fit_on_one_line_and_say_that_they_were_cut(text: str, limit: int) -> None:
    line = " ".join(text.split())
    short, shown = blocks.shorten(text, limit), blocks.said(text, limit)
    assert len(short) <= limit
    assert len(shown) <= limit
    assert "\n" not in short
    assert short == line if len(line) <= limit else short.endswith("…")


def test_the_message_of_the_week_says_how_many_more_there_are() -> None:
    most = digest_blocks.MOST_ITEMS
    whole = digest_blocks.digest([odd.notice(EMPTY, url="")] * most, hub_url=HUB)
    assert "more" not in str(whole.blocks[1:])
    message = digest_blocks.digest([odd.notice(EMPTY, url="")] * (most + 25), hub_url=HUB)
    assert str(message.blocks).count("'loop_better'") == most
    assert "And 25 more." in str(message.blocks[-1])
    assert f"<{HUB}/me|" in str(message.blocks[-1])
    longest = digest_blocks.digest([odd.notice(AMPERSANDS, url="https://x.example/" + "a" * 982)] * most, hub_url=HUB)
    assert "more." in str(longest.blocks[-1])


def test_every_way_to_earn_and_every_state_has_words_for_its_receiver() -> None:
    assert gift_blocks.BECAUSE.keys() == {*rewards.TRIGGERS, "confirmed"}
    shown = {state: own_rewards.stands(odd.reward(EMPTY, state=state), day=str) for state in rewards.STATES}
    assert all(shown.values())
    assert "2026-11-02" in shown["vesting"]
    for words in shown.values():
        assert "hold" not in words
        assert "service" not in words


def test_nobody_reads_an_amount_before_a_manager_agreed_to_it() -> None:
    names = {state: own_rewards.name(odd.reward(EMPTY, state=state)) for state in rewards.STATES}
    assert {state for state, name in names.items() if "$" not in name} == {"proposed", "vesting", "declined"}
    assert names["paid"] == "$25.00 and 10 points"


def test_the_notification_of_a_gift_does_not_spell_it_out() -> None:
    found = gift_blocks.gift(odd.reward(EMPTY, state="paid"), given="CODE-9")
    assert "CODE-9" in str(found.blocks)
    assert "CODE-9" not in found.text
    assert "CODE-9" not in repr(found)


def test_words_are_cut_between_two_words_where_there_are_two() -> None:
    assert blocks.shorten("a refill for the pump", 12) == "a refill…"
    assert blocks.shorten("a" * 20, 12) == "a" * 11 + "…"


@pytest.mark.parametrize(
    ("cents", "currency", "shown"),
    [
        (2500, "USD", "$25.00"),
        (5, "USD", "$0.05"),
        (0, "EUR", "€0.00"),
        (123_456_789, "GBP", "£1,234,567.89"),
        (1050, "CAD", "CA$10.50"),
        (1050, "AUD", "A$10.50"),
        (1050, "CHF", "CHF 10.50"),
    ],
)
def test_money_is_shown_to_the_cent(cents: int, currency: str, shown: str) -> None:
    assert blocks.money(cents, currency) == shown


def test_a_day_is_each_readers_own_and_readable_without_slack() -> None:
    at = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert blocks.date(at) == "<!date^1793662200^{date_long}|2 November 2026>"


def test_a_link_is_one_whatever_is_in_it() -> None:
    assert blocks.link("https://x.example/<a|b>", "see <this>") == ("<https://x.example/%3Ca%7Cb%3E|see &lt;this&gt;>")


def chosen_from(view: Json, block_id: str) -> tuple[list[str], str]:
    """The labels that a select offers, and what is said below it."""
    (block,) = [block for block in view["blocks"] if block.get("block_id") == block_id]
    return [option["text"]["text"] for option in block["element"]["options"]], block.get("hint", {}).get("text", "")


@pytest.mark.parametrize("count", [100, 101, 150])
def test_of_more_themes_than_slack_takes_the_latest_are_offered_and_it_is_said(count: int) -> None:
    """Theme 0 is the one that an idea came into last."""
    latest = [Theme(id=number + 2, name=f"Theme {number:03}") for number in range(count)]
    said = Idea(id=1, text="Said", theme_id=1, theme=Theme(id=1, name="Own"))
    for view, block_id in (
        (idea_blocks.move_form(said, latest=[*latest, Theme(id=1, name="Own")]), "theme_id"),
        (theme_blocks.merge_form(Theme(id=1, name="Own"), latest=[*latest, Theme(id=1, name="Own")]), "into_id"),
    ):
        labels, hint = chosen_from(view, block_id)
        assert labels == [f"Theme {number:03}" for number in range(100)]
        assert hint.startswith(f"The 100 of {count} themes that an idea came into last." if count > 100 else "")
        assert ("in the hub has all of them" in hint) is (count > 100)


def test_of_more_ideas_than_slack_takes_the_newest_are_offered_and_it_is_said() -> None:
    ideas_in_it = [Idea(id=number, text=f"Idea {number}") for number in range(1, 121)]
    labels, hint = chosen_from(theme_blocks.split_form(Theme(id=1, name="Own"), ideas=ideas_in_it), "idea_ids")
    assert labels == [f"Idea {number}" for number in range(21, 121)]
    assert hint.startswith("The newest 100 of 120 ideas.")
    assert chosen_from(theme_blocks.split_form(Theme(id=1, name="Own"), ideas=ideas_in_it[:100]), "idea_ids")[1] == ""


def mrkdwn(found: Any) -> Iterator[str]:
    """All texts in which Slack would read markup."""
    if isinstance(found, dict):
        if found.get("type") == "mrkdwn":
            yield found["text"]
        for value in found.values():
            yield from mrkdwn(value)
    elif isinstance(found, list):
        for value in found:
            yield from mrkdwn(value)


def assert_only_our_markup(text: str) -> None:
    """Without our own mentions, days and links, no bracket is left but those that begin a quotation."""
    rest = OUR_MARKUP.sub("", text)
    assert "<" not in rest, text
    assert all(">" not in line.removeprefix("> ") for line in rest.split("\n")), text
    assert not re.search(r"&(?!amp;|lt;|gt;)", rest), text


@pytest.mark.parametrize("words", ["{link}\n{words}\n{news}", "{words}\n{news}", "{words} {news}", "{news}\n{words}"])
def test_the_link_stands_once_wherever_the_words_put_it(words: str) -> None:
    shown = str(loop_blocks.notice(odd.notice(EMPTY, words=words)).blocks)
    assert shown.count("<https://shop.example/?a=1&b=2|See it here>") == 1


@pytest.mark.parametrize(
    ("provider", "cents", "worth"),
    [
        ("tremendous", 2500, "$25.00"),
        ("booking", 0, "time with the team"),
        ("manual", 0, "a privilege"),
        ("", 0, "10 points"),
    ],
)
def test_a_thank_you_is_called_what_it_is(provider: str, cents: int, worth: str) -> None:
    reward = odd.reward(EMPTY, provider=provider, cents=cents)
    assert thanks_blocks.worth(reward) == worth
    assert worth in str(hold_blocks.news(reward, [], hub_url=HUB).blocks)

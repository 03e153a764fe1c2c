"""A setting that is wrong is named in one line, and secrets stay hidden."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from feedback import settings as configuration
from feedback.settings import Settings, SettingsError
from tests.conftest import make_settings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SLACK_BOT_TOKEN", "xoxp-a-person"),
        ("SLACK_APP_TOKEN", "xoxb-the-wrong-one"),
        ("SLACK_API_URL", "slack.com/api/"),
        ("SLACK_API_URL", "https://[slack.com/api/"),
        ("DATABASE_URL", "mysql://localhost/roundtrip"),
        ("DATABASE_URL", "postgresql://localhost:port/roundtrip"),
        ("DATABASE_URL", "postgresql"),
        ("DATABASE_URL", "postgresql://me:pass/word@localhost/roundtrip"),
        ("REDIS_URL", "localhost:6379"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite://var/roundtrip.sqlite3"),
        ("REDIS_URL", "redis://localhost:port/0"),
        ("REDIS_URL", "redis://localhost/roundtrip"),
        ("REDIS_URL", "unix://run/redis.sock"),
        ("REDIS_URL", "unix://"),
        ("REDIS_URL", f"unix:///{'é' * 52}.sock"),
        ("SECRET_KEY", "too short"),
        ("PUBLIC_URL", "hub.example"),
        ("PORT", "http"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PAYOUTS_URL", "ftp://payouts.example"),
        ("DEMO", "perhaps"),
    ],
)
def test_a_malformed_setting_is_named_on_one_line(name: str, value: str) -> None:
    with pytest.raises(SettingsError) as error:
        make_settings(**{name.lower(): value})
    said = str(error.value)
    assert said.startswith(f"{name} ")
    assert "\n" not in said
    assert "pass" not in said.replace("password", "")  # not even a piece of a password


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///var/roundtrip.sqlite3"),
        ("DATABASE_URL", "postgresql:///roundtrip"),
        ("DATABASE_URL", "postgresql://me:p%2Fw@db.example:5432/roundtrip?sslmode=require"),
        ("REDIS_URL", "embedded"),
        ("REDIS_URL", "rediss://:secret@redis.example:6380/1"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("REDIS_URL", "unix://me:secret@/run/redis.sock?db=1"),
        ("REDIS_URL", f"unix:///{'x' * 106}"),
        ("SLACK_BOT_TOKEN", "xoxe.xoxb-1-rotated"),
        ("PUBLIC_URL", "https://hub.example/"),
    ],
)
def test_what_is_right_is_taken(name: str, value: str) -> None:
    make_settings(**{name.lower(): value})


def test_addresses_are_kept_in_the_form_in_which_they_are_used() -> None:
    found = make_settings(
        slack_api_url="https://slack-gov.com/api", database_url="postgres://db/x", public_url="https://hub.example/"
    )
    assert found.slack_api_url == "https://slack-gov.com/api/"
    assert found.database_url == "postgresql+psycopg://db/x"
    assert found.hub_url == "https://hub.example"


@pytest.mark.parametrize(
    ("host", "reached"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("::", "[::1]"),
        ("::1", "[::1]"),
        ("hub.example", "hub.example"),
    ],
)
def test_without_a_public_address_the_hub_is_where_this_machine_reaches_it(host: str, reached: str) -> None:
    assert make_settings(public_url="", host=host, port=8123).hub_url == f"http://{reached}:8123"


@pytest.mark.parametrize("url", ["sqlite:////srv/roundtrip.sqlite3", "sqlite:///:memory:"])
def test_a_file_that_is_not_relative_stays_where_it_is(url: str) -> None:
    assert make_settings(database_url=url).database_url == url


@pytest.mark.parametrize("slack", ["https://slack.com/api/", "https://127.0.0.1.evil.example/api/"])
def test_the_demo_is_refused_beside_a_real_slack(slack: str) -> None:
    """It signs anybody in."""
    with pytest.raises(SettingsError, match="DEMO works only while SLACK_API_URL is on this machine"):
        make_settings(demo=True, slack_api_url=slack)
    for host in ("127.0.0.1", "localhost", "[::1]"):
        assert make_settings(demo=True, slack_api_url=f"http://{host}:8090/api/").demo


def test_the_first_missing_setting_is_named_with_what_it_is() -> None:
    settings = make_settings(slack_signing_secret="")
    settings.require("slack_bot_token", "secret_key")
    with pytest.raises(SettingsError, match=r"SLACK_SIGNING_SECRET is missing\. Proves that a request"):
        settings.require("slack_bot_token", "slack_signing_secret")


def test_a_secret_is_never_in_the_table_nor_in_a_log() -> None:
    secrets = [name for name, field in Settings.model_fields.items() if field.annotation is SecretStr]
    given = {"slack_bot_token": "xoxb-hidden", "slack_app_token": "xapp-hidden"}
    settings = make_settings(**{name: given.get(name, "hidden" * 6) for name in secrets})
    assert {"slack_bot_token", "slack_signing_secret", "slack_app_token", "secret_key"} <= set(secrets)
    assert "hidden" not in str(configuration.table(settings)) + repr(settings)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("database_url", "postgresql://me:hidden@db.example/x"),
        ("database_url", "postgresql://me:12#hidden@db.example/x"),
        ("database_url", "postgresql://db.example/x?sslmode=require&password=hidden"),
        ("database_url", "postgresql://db.example/x?p%61ssword=hidden"),
        ("redis_url", "redis://:hidden@redis.example/0"),
        ("redis_url", "rediss://redis.example/0?password=hidden&ssl_password=hidden"),
        ("payouts_url", "https://me:hidden@payouts.example/?api_key=hidden"),
    ],
)
def test_a_password_in_an_address_is_not_shown(name: str, url: str) -> None:
    rows = {row[0]: row[3] for row in configuration.table(make_settings(**{name: url}))}
    assert "hidden" not in rows[name.upper()]
    assert ".example/" in rows[name.upper()]


def test_a_child_process_reads_the_same_settings() -> None:
    settings = make_settings(port=8123)
    given = {name.lower(): value for name, value in configuration.as_environment(settings).items()}
    assert make_settings(**given).model_dump() == settings.model_dump()

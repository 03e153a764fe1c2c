"""The only reader of the environment (and of `.env`): what can be set, what it means, and what is wrong with it."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, unquote_plus, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
EMBEDDED_REDIS = "embedded"
SOCKET_PATH_BYTES = 107
"""The longest path that Linux lets a unix socket have."""
SECRET_WORDS = ("pass", "secret", "token", "key")
"""Whatever is called so after the `?` of an address is not shown."""


class SettingsError(Exception):
    """One line that names the setting and says what to do."""


class Settings(BaseSettings):
    """Values as given; an empty one counts as not given. `description` is the table in the README."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    slack_bot_token: SecretStr = Field(
        default=SecretStr(""), description="The app's bot token, `xoxb-…`, from its page “Install App”."
    )
    slack_signing_secret: SecretStr = Field(
        default=SecretStr(""), description="Proves that a request comes from Slack; from “Basic Information”."
    )
    slack_app_token: SecretStr = Field(
        default=SecretStr(""), description="`xapp-…`. Present: Socket Mode. Absent: HTTP at `/slack/events`."
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/", description="Where the Slack Web API is; GovSlack and the playground differ."
    )
    database_url: str = Field(
        default="sqlite:///var/roundtrip.sqlite3",
        validate_default=True,
        description="`postgresql://…`, or `sqlite:///…` with a file; a relative one is below the checkout.",
    )
    redis_url: str = Field(
        default=EMBEDDED_REDIS, description="`redis://…` or `unix://…`; `embedded` starts one below `var/`."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="32 characters or more; signs sessions and encrypts gift codes."
    )
    public_url: str = Field(default="", description="Where people reach the hub's pages; default is HOST and PORT.")
    host: str = Field(default="127.0.0.1", description="The address that the web process listens on.")
    port: int = Field(default=8080, ge=1, le=65535, description="The port that the web process listens on.")
    text_vectors: Literal["auto", "minilm", "static"] = Field(
        default="auto",
        description="How texts are compared: `minilm` (a small sentence model), `static` (a table, where the model "
        "cannot be installed) or `auto`, the best that is there.",
    )
    payouts_url: str = Field(
        default="",
        description="Tremendous, for gifts: `https://www.tremendous.com/api/v2`, or its sandbox. Absent: gifts are "
        "typed in by hand, or come from uploaded codes.",
    )
    payouts_token: SecretStr = Field(default=SecretStr(""), description="The API key there.")
    payouts_funding_source: str = Field(
        default="BALANCE", description="What gifts are paid from there: `BALANCE`, or the id of a funding source."
    )
    payouts_campaign: str = Field(
        default="", description="The id of the campaign there, which says what gifts may be chosen from."
    )
    demo: bool = Field(
        default=False, description="Lets anybody continue as Cy, Di or Ana. Refused unless Slack is a playground."
    )

    @field_validator("slack_bot_token")
    @classmethod
    def _bot_token(cls, value: SecretStr) -> SecretStr:
        return _prefixed(value, "xoxb-", "xoxe.")

    @field_validator("slack_app_token")
    @classmethod
    def _app_token(cls, value: SecretStr) -> SecretStr:
        return _prefixed(value, "xapp-")

    @field_validator("slack_api_url", "public_url", "payouts_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return _address(value) if value else value

    @field_validator("slack_api_url")
    @classmethod
    def _slash_at_the_end(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        scheme = value.partition(":")[0]
        if scheme in ("postgres", "postgresql"):
            return _address("postgresql+psycopg" + value[len(scheme) :])
        if scheme == "postgresql+psycopg":
            return _address(value)
        if not value.removeprefix("sqlite:///") or not value.startswith("sqlite:///"):
            raise ValueError("must begin with postgresql://, or with sqlite:/// and then name a file")
        return _below_the_checkout(_address(value))

    @field_validator("redis_url")
    @classmethod
    def _known_redis(cls, value: str) -> str:
        if value != EMBEDDED_REDIS and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
            raise ValueError("must begin with redis://, rediss:// or unix://, or be the word embedded")
        return value if value == EMBEDDED_REDIS else _usable_redis(_address(value))

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value() and len(value.get_secret_value()) < 32:
            raise ValueError("must be 32 characters or more; `openssl rand -hex 32` makes one")
        return value

    @field_validator("demo")
    @classmethod
    def _only_beside_a_playground(cls, value: bool, info: Any) -> bool:
        if value and not is_loopback(urlsplit(info.data.get("slack_api_url", "")).hostname or ""):
            raise ValueError("works only while SLACK_API_URL is on this machine, because it signs anybody in")
        return value

    @property
    def hub_url(self) -> str:
        """The hub's address without a slash at the end."""
        return (self.public_url or f"http://{reached_at(self.host)}:{self.port}").rstrip("/")

    def require(self, *names: str) -> None:
        """Raises SettingsError for the first of these that is empty."""
        for name in names:
            value = getattr(self, name)
            if not (value.get_secret_value() if isinstance(value, SecretStr) else value):
                raise SettingsError(f"{name.upper()} is missing. {Settings.model_fields[name].description}")


def read(**given: Any) -> Settings:
    """The settings as the environment gives them; `given` wins over it. Raises SettingsError.

    In the demo `.env` is not read: it may hold the tokens of a real workspace.
    """
    if os.environ.get("DEMO", "").lower() in ("1", "true", "yes", "on"):
        given.setdefault("_env_file", None)
    try:
        return Settings(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "A setting"
        raise SettingsError(f"{name} {first['msg'].removeprefix('Value error, ')}.") from None


def host_and_port() -> tuple[str, int]:
    """What the demo takes from the environment. Other settings there are for something else, and may be wrong."""
    others = {name: field.default for name, field in Settings.model_fields.items() if name not in ("host", "port")}
    given = read(**others, _env_file=None)
    return given.host, given.port


def table(settings: Settings) -> list[tuple[str, str, str, str]]:
    """(name, meaning, default, present state) of every setting. A secret's value is never in it."""
    return [
        (name.upper(), field.description or "", _shown(field.default), _state(settings, name))
        for name, field in Settings.model_fields.items()
    ]


def _state(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return "set" if value.get_secret_value() else "not set"
    if name not in settings.model_fields_set:
        return "default"
    return _without_password(str(value))


def _shown(default: Any) -> str:
    return "" if isinstance(default, SecretStr) else str(default)


def _without_password(url: str) -> str:
    """What stands between the name and the last @ may be one, and so may what follows the `?`."""

    def hidden(option: re.Match[str]) -> str:
        is_secret = any(word in unquote_plus(option[2]).lower() for word in SECRET_WORDS)
        return f"{option[1]}{option[2]}=•••" if is_secret else option[0]

    return re.sub(r"([?&])([^=&]*)=([^&]*)", hidden, re.sub(r"(://[^:@/?]*):.*@", r"\1:•••@", url))


def _address(url: str) -> str:
    """The same, where it can be taken apart. What is wrong is not quoted: it may be a piece of a password."""
    try:
        is_one = "://" in url and urlsplit(url).port != 0
    except ValueError:
        is_one = False
    if not is_one:
        raise ValueError("cannot be read as an address; in a password, signs like / and @ are written as %2F and %40")
    return url


def _below_the_checkout(url: str) -> str:
    """A relative file would be another one in each folder that somebody starts us from."""
    file = url.removeprefix("sqlite:///")
    return url if file.startswith(("/", ":", "file:")) else f"sqlite:///{ROOT / file}"


def _usable_redis(url: str) -> str:
    """What redis-py would read as something else, or fail at much later."""
    parts = urlsplit(url)
    if parts.scheme == "unix":
        if parts.hostname or not parts.path.strip("/"):
            raise ValueError("must be unix:// and then a path from the root, as in unix:///run/redis.sock")
        if len(os.fsencode(unquote(parts.path))) > SOCKET_PATH_BYTES:
            raise ValueError(
                f"names a socket whose path is longer than {SOCKET_PATH_BYTES} bytes; choose a shorter one"
            )
    elif parts.path.strip("/") and not parts.path.strip("/").isdecimal():
        raise ValueError("must end with the number of a database, as in redis://localhost:6379/0, or with none")
    return url


def _prefixed(value: SecretStr, *prefixes: str) -> SecretStr:
    text = value.get_secret_value()
    if text and not text.startswith(prefixes):
        raise ValueError(f"must begin with {prefixes[0]}")
    return value


def is_loopback(host: str) -> bool:
    """Whether only this machine is reached there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_everywhere(host: str) -> bool:
    """Whether whoever listens there listens at all addresses of the machine."""
    try:
        return ip_address(host).is_unspecified
    except ValueError:
        return False


def reached_at(host: str) -> str:
    """How a web address names it: whoever listens everywhere is reached here, and IPv6 stands in brackets."""
    here = ("::1" if ":" in host else "127.0.0.1") if is_everywhere(host) else host
    return f"[{here}]" if ":" in here else here


def as_environment(settings: Settings) -> dict[str, str]:
    """These settings as the variables that a child process reads the same settings from."""
    found = {}
    for name in Settings.model_fields:
        value = getattr(settings, name)
        found[name.upper()] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return found


def child_environment(**extra: str) -> dict[str, str]:
    """What a process that we start is given: our own environment, with these on top."""
    return {**os.environ, **extra}


def calm_numpy() -> None:
    """One thread for its loops: on small data more are slower, and after a fork they hang. Before numpy is imported."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

"""Installing the app and signing in with Slack: codes that work once, and the tokens they are changed for."""

import secrets
import time
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from playground.errors import SlackError
from playground.store import Store

CODE_LIFE_SECONDS = 600


@dataclass(frozen=True)
class Code:
    """What somebody agreed to: for whom, for which address and which scopes; ``nonce`` comes back in the id token."""

    user_id: str
    redirect_uri: str
    scopes: str
    nonce: str
    expires_at: float


class SignIns:
    """Codes waiting to be exchanged, tokens given out, and the key that signs id tokens (kept with the workspace)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._codes: dict[str, Code] = {}
        self._users: dict[str, str] = dict(store.all("user_token"))
        self.bot_tokens: set[str] = {token for token, _ in store.all("bot_token")}
        self._key: rsa.RSAPrivateKey | None = None

    @property
    def key(self) -> rsa.RSAPrivateKey:
        """Answer the signing key; it is made when first needed, for that takes a moment."""
        if self._key is None:
            kept = dict(self._store.all("signing_key")).get("rsa")
            self._key = _loaded(kept) if kept else self._made()
        return self._key

    def _made(self) -> rsa.RSAPrivateKey:
        """Make a key and keep it."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        self._store.put("signing_key", "rsa", pem.decode())
        return key

    def agree(self, user_id: str, *, redirect_uri: str = "", scopes: str = "", nonce: str = "") -> str:
        """Answer a code for what a person agreed to. It works once, within ten minutes."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = Code(user_id, redirect_uri, scopes, nonce, time.monotonic() + CODE_LIFE_SECONDS)
        return code

    def exchange(self, code: str, redirect_uri: str) -> Code:
        """Use a code. Refuses invalid_code, code_already_used, code_expired and bad_redirect_uri."""
        agreed = self._codes.get(code)
        if agreed is None:
            raise SlackError("invalid_code")
        if agreed.expires_at == 0:
            raise SlackError("code_already_used")
        self._codes[code] = Code(agreed.user_id, "", "", "", 0)
        if time.monotonic() > agreed.expires_at:
            raise SlackError("code_expired")
        if redirect_uri != agreed.redirect_uri:
            raise SlackError("bad_redirect_uri")
        return agreed

    def give_bot_token(self) -> str:
        """Answer a new token for the app."""
        token = f"xoxb-{secrets.token_hex(16)}"
        self.bot_tokens.add(token)
        self._store.put("bot_token", token, True)
        return token

    def give_user_token(self, user_id: str) -> str:
        """Answer a new token for somebody who signed in."""
        token = f"xoxp-{secrets.token_hex(16)}"
        self._users[token] = user_id
        self._store.put("user_token", token, user_id)
        return token

    def user_of(self, token: str) -> str | None:
        """Answer whose token it is."""
        return self._users.get(token)

    def clear(self) -> None:
        """Forget every code and token."""
        self._codes.clear()
        self._users.clear()
        self.bot_tokens.clear()


def _loaded(pem: Any) -> rsa.RSAPrivateKey:
    """Read a kept key."""
    key = load_pem_private_key(str(pem).encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key

"""oauth.v2.access and Sign in with Slack (openid.connect.*)."""

import base64
import binascii
import json
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from playground import ids
from playground.errors import SlackError
from playground.records import Doc, Person
from playground.sign_in import Code, SignIns
from playground.site import Site
from playground.web_api.call import Call, method

KEY_ID = "playground-1"


@method("oauth.v2.access", tier=4, caller="client")
def oauth_access(call: Call) -> Doc:
    """Change an installation's code for a bot token."""
    agreed = _exchanged(call)
    team = {"id": ids.TEAM_ID, "name": ids.TEAM_NAME}
    answer: Doc = {"app_id": ids.APP_ID, "authed_user": {"id": agreed.user_id}, "token_type": "bot"}
    answer |= {"access_token": call.site.sign_ins.give_bot_token(), "bot_user_id": ids.BOT_USER_ID, "team": team}
    return answer | {
        "scope": ",".join(sorted(call.site.manifest.scopes)),
        "enterprise": None,
        "is_enterprise_install": False,
    }


@method("openid.connect.token", tier=4, caller="client")
def openid_token(call: Call) -> Doc:
    """Change a sign-in's code for an access token and an id token (RS256)."""
    agreed = _exchanged(call)
    site = call.site
    token = site.sign_ins.give_user_token(agreed.user_id)
    claims = _claims(site, site.workspace.person(agreed.user_id)) | _times(site, call.text("client_id", ""))
    if agreed.nonce:
        claims["nonce"] = agreed.nonce
    return {"access_token": token, "token_type": "Bearer", "id_token": signed(site.sign_ins, claims)}


def _times(site: Site, client_id: str) -> Doc:
    """Answer the claims about the token itself; it lives five minutes."""
    now = int(time.time())
    return {"iss": site.url, "aud": client_id or site.options.client_id, "iat": now, "exp": now + 300, "auth_time": now}


@method("openid.connect.userInfo", tier=4, caller="user")
def openid_user_info(call: Call) -> Doc:
    """Answer who signed in."""
    return _claims(call.site, call.site.workspace.person(call.user_id))


def _claims(site: Site, person: Person) -> Doc:
    """Answer the claims about a person."""
    first, _, last = person.real_name.partition(" ")
    team = {"https://slack.com/team_id": ids.TEAM_ID, "https://slack.com/team_name": ids.TEAM_NAME}
    team |= {"https://slack.com/user_id": person.id, "https://slack.com/team_domain": ids.TEAM_DOMAIN}
    name = {"name": person.real_name, "given_name": first, "family_name": last, "locale": "en-US"}
    mail = {"email": person.email, "email_verified": True, "date_email_verified": int(site.started_at)}
    return {"sub": person.id} | team | name | mail


def _exchanged(call: Call) -> Code:
    """Check the client and use its code. Refuses bad_client_secret, invalid_grant_type and what exchange refuses."""
    options = call.site.options
    if (call.text("client_id", ""), call.text("client_secret", "")) != (options.client_id, options.client_secret):
        raise SlackError("bad_client_secret")
    if call.text("grant_type", "authorization_code") != "authorization_code":
        raise SlackError("invalid_grant_type")
    return call.site.sign_ins.exchange(call.text("code"), call.text("redirect_uri", ""))


def client_of(header: str) -> Doc:
    """Answer client_id and client_secret from an Authorization header of the Basic kind; nothing from another."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        login, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": login, "client_secret": password}


def signed(sign_ins: SignIns, claims: Doc) -> str:
    """Answer a JSON Web Token."""
    head = _part(json.dumps({"alg": "RS256", "typ": "JWT", "kid": KEY_ID}).encode())
    text = f"{head}.{_part(json.dumps(claims).encode())}"
    return f"{text}.{_part(sign_ins.key.sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def public_keys(sign_ins: SignIns) -> dict[str, Any]:
    """Answer the keys to check id tokens with, as /openid/connect/keys has them."""
    numbers = sign_ins.key.public_key().public_numbers()
    n = numbers.n.to_bytes((numbers.n.bit_length() + 7) // 8, "big")
    key = {"kty": "RSA", "alg": "RS256", "use": "sig", "kid": KEY_ID, "n": _part(n), "e": "AQAB"}
    return {"keys": [key]}


def _part(raw: bytes) -> str:
    """Answer base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

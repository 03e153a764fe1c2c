"""Installing the app and signing in: the addresses, the codes, the tokens."""

import base64
import json
import urllib.request
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import OpenIDConnectAuthorizeUrlGenerator

from playground.client import Client
from playground.server import Playground

SECRETS = {"client_id": "playground-client", "client_secret": "playground-client-secret"}
BACK = "http://127.0.0.1:9/auth/callback"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Stay here."""


def load(url: str) -> Any:
    with urllib.request.urlopen(url) as answer:
        return json.load(answer)


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_sign_in_from_the_link_to_the_claims(playground: Playground, client: Client) -> None:
    discovered = load(f"{playground.url}/.well-known/openid-configuration")
    links = OpenIDConnectAuthorizeUrlGenerator(
        client_id="playground-client",
        redirect_uri=BACK,
        scopes=["openid", "profile"],
        authorization_url=discovered["authorization_endpoint"],
    )
    link = links.generate(state="s1", nonce="n1")
    with urllib.request.urlopen(link) as page:
        assert b'data-user="U0CY"' in page.read()
    with pytest.raises(urllib.error.HTTPError) as sent_back:
        urllib.request.build_opener(NoRedirect).open(f"{link}&as=U0CY")
    with sent_back.value:
        there = urlsplit(sent_back.value.headers["Location"])
    answer = parse_qs(there.query)
    assert (f"{there.scheme}://{there.netloc}{there.path}", answer["state"]) == (BACK, ["s1"])

    slack = WebClient(base_url=f"{playground.url}/api/")
    token = slack.openid_connect_token(code=answer["code"][0], redirect_uri=BACK, **SECRETS)
    claims = checked(token["id_token"], load(discovered["jwks_uri"])["keys"][0])
    assert (claims["iss"], claims["aud"], claims["nonce"]) == (playground.url, "playground-client", "n1")
    assert (claims["sub"], claims["https://slack.com/team_id"]) == ("U0CY", "T0PLAYGRND")
    info = slack.openid_connect_userInfo(token=token["access_token"])
    assert (info["sub"], info["name"]) == ("U0CY", "Cy Okafor")
    with pytest.raises(SlackApiError, match="code_already_used"):
        slack.openid_connect_token(code=answer["code"][0], redirect_uri=BACK, **SECRETS)


def checked(token: str, key: dict[str, str]) -> dict[str, Any]:
    head, body, signature = token.split(".")
    n, e = (int.from_bytes(unpacked(key[name]), "big") for name in ("n", "e"))
    public = rsa.RSAPublicNumbers(e, n).public_key()
    public.verify(unpacked(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), SHA256())
    claims: dict[str, Any] = json.loads(unpacked(body))
    return claims


def test_an_installation(client: Client, slack: WebClient) -> None:
    code = client.code("U0DI", redirect_uri=BACK)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        slack.oauth_v2_access(code=code, client_id="playground-client", client_secret="guess")
    answer = slack.oauth_v2_access(code=code, redirect_uri=BACK, **SECRETS)
    assert (answer["bot_user_id"], answer["team"]["id"]) == ("U0ROUNDTRIP", "T0PLAYGRND")
    assert WebClient(answer["access_token"], slack.base_url).auth_test()["ok"]
    for used, error in ((code, "code_already_used"), ("never", "invalid_code")):
        with pytest.raises(SlackApiError, match=error):
            slack.oauth_v2_access(code=used, redirect_uri=BACK, **SECRETS)
    code = client.code("U0DI", redirect_uri=BACK)
    with pytest.raises(SlackApiError, match="bad_redirect_uri"):
        slack.oauth_v2_access(code=code, redirect_uri="http://elsewhere.example/", **SECRETS)

"""A web app as Authlib's documentation has it: Flask and discovery; the library verifies the ID token. One client for each way
to prove itself. What came of a sign-in is answered as JSON, with what the client then does with its tokens."""

import json
import os

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.flask_client import OAuth
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import ClientSecretJWT, PrivateKeyJWT
from flask import Flask, jsonify, url_for

ISSUER = os.environ["ISSUER"]
CLIENTS = json.loads(os.environ["CLIENTS"])

app = Flask(__name__)
app.secret_key = os.urandom(32)
oauth = OAuth(app)


def signers(known):
    """The ways to sign, for clients that do."""
    kind = {"client_secret_jwt": ClientSecretJWT, "private_key_jwt": PrivateKeyJWT}.get(known["auth"])
    return [kind(f"{ISSUER}/oauth/token")] if kind else []


for name, known in CLIENTS.items():
    oauth.register(
        name,
        client_id=known["client_id"],
        client_secret=known.get("secret"),
        server_metadata_url=f"{ISSUER}/.well-known/openid-configuration",
        client_auth_methods=signers(known),
        client_kwargs={
            "scope": "openid profile email offline_access",
            "code_challenge_method": "S256",
            "token_endpoint_auth_method": known["auth"],
        },
    )


@app.get("/")
def ready():
    return "ready"


@app.get("/login/<name>")
def login(name):
    return oauth.create_client(name).authorize_redirect(url_for("callback", name=name, _external=True))


@app.get("/callback/<name>")
def callback(name):
    client = oauth.create_client(name)
    tokens = client.authorize_access_token()
    return jsonify(
        id_token=tokens["userinfo"],
        userinfo=client.userinfo(token=tokens),
        afterwards=afterwards(CLIENTS[name], tokens),
    )


@app.errorhandler(OAuthError)
def refused(error):
    return jsonify(error=error.error, description=error.description), 400


def afterwards(known, tokens):
    """Refreshes, asks about the tokens, and ends them."""
    session = OAuth2Session(
        known["client_id"],
        known.get("secret"),
        token_endpoint_auth_method=known["auth"],
        revocation_endpoint_auth_method=known["auth"],
    )
    for signer in signers(known):
        session.register_client_auth_method(signer)
    fresh = session.refresh_token(f"{ISSUER}/oauth/token", refresh_token=tokens["refresh_token"])
    told = {"rotated": fresh["refresh_token"] != tokens["refresh_token"], "revoked": None}
    proves_itself = known["auth"] != "none"

    def is_active():
        answer = session.introspect_token(f"{ISSUER}/oauth/introspect", token=fresh["access_token"])
        return answer.json()["active"]

    if proves_itself:
        told["active"] = is_active()
    answer = session.revoke_token(f"{ISSUER}/oauth/revoke", token=fresh["refresh_token"], token_type_hint="refresh_token")
    told["revoked"] = answer.status_code
    if proves_itself:
        told["active_after"] = is_active()
    return told


app.run(host="127.0.0.1", port=int(os.environ["PORT"]))

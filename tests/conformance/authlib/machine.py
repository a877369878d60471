"""A machine without a person, by Authlib on requests: client credentials, proved as AUTH says."""

import json
import os

from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT

endpoint = f"{os.environ['ISSUER']}/oauth/token"
session = OAuth2Session(os.environ["CLIENT_ID"], os.environ["SECRET"], token_endpoint_auth_method=os.environ["AUTH"])
session.register_client_auth_method(PrivateKeyJWT(endpoint))
print(json.dumps(session.fetch_token(endpoint, grant_type="client_credentials", scope="orders:read")))

"""An issuer of tokens for tests: keys of several kinds, and its key set over HTTPS on loopback."""
import base64
import http.server
import json
import ssl
import threading
import time

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

RSA = rsa.generate_private_key(65537, 2048)


def number(value, size=None):
    octets = value.to_bytes(size or (value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def described(key, kid, **more):
    """The public half as a member of a key set."""
    public = key.public_key()
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = public.public_numbers()
        shape = {"kty": "RSA", "n": number(numbers.n), "e": number(numbers.e)}
    elif isinstance(key, ec.EllipticCurvePrivateKey):
        numbers, size = public.public_numbers(), (key.curve.key_size + 7) // 8
        name = {256: "P-256", 384: "P-384", 521: "P-521"}[key.curve.key_size]
        shape = {"kty": "EC", "crv": name, "x": number(numbers.x, size), "y": number(numbers.y, size)}
    else:
        raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        shape = {"kty": "OKP", "crv": "Ed25519", "x": base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    return {"kid": kid, "use": "sig", **shape, **more}


class Issuer:
    """`keys` maps ids to private keys; `certificate` is for its server, None for an issuer without one."""

    def __init__(self, certificate=None):
        self.keys = {"rsa": RSA, "p256": ec.generate_private_key(ec.SECP256R1()),
                     "p384": ec.generate_private_key(ec.SECP384R1()), "p521": ec.generate_private_key(ec.SECP521R1()),
                     "ed": ed25519.Ed25519PrivateKey.generate()}
        self.requests, self.reply, self.server = 0, None, None
        self.issuer = "https://issuer.example.test/"
        if certificate:
            self.serve(certificate)

    def jwks(self):
        return json.dumps({"keys": [described(key, kid) for kid, key in self.keys.items()]}).encode()

    def serve(self, certificate):
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.requests += 1
                status, headers, body = issuer.reply or (200, {}, issuer.jwks())
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                try:
                    self.wfile.write(body)
                except OSError:
                    pass

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate.pair)
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.uri = f"https://127.0.0.1:{self.server.server_port}/keys"

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
            self.server = None

    def claims(self, **changes):
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "kms", "exp": now + 600, "sub": "1", "email": "alice@example.test"}
        return {name: value for name, value in {**claims, **changes}.items() if value is not None}

    def token(self, algorithm="RS256", kid="rsa", key=None, headers=None, **changes):
        """A signed token; a claim of None is left out."""
        headers = {"kid": kid, **(headers or {})}
        headers = {name: value for name, value in headers.items() if value is not None}
        return jwt.encode(
            self.claims(**changes), key if key is not None else self.keys[kid], algorithm=algorithm, headers=headers)

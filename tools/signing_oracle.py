#!/usr/bin/env python3
"""Signs random requests by other means than the adapter does, for comparison.

Writes one JSON object per line: keys, a request with its body as an author might write it, and
every stage of its signatures. Standard library only: SHA-2 and HMAC come from OpenSSL through
hashlib, ECDSA (RFC 6979) and RSA (PKCS#1 v1.5) are worked out in `signing_math.py`, and a sample
of all is checked by the `openssl` command. The same seed gives the same lines.
"""

import argparse
import base64
import datetime
import hashlib
import hmac
import json
import pathlib
import random
import subprocess
import sys
import tempfile

from signing_math import N, Rsa, check_rfc_6979, der, der_integer, ecdsa_low_s, p256_pems

# --- Random requests ---


class Number(str):
    """A JSON number that keeps its digits."""


ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ",
    "<>&'/\"\\=+%#?:;,.{}[]",
    "\u2028\u2029\u007f\u00a0\ufeff\ufffd\u200d",
    "\b\f\n\r\t\x00\x01\x1b\x1f",
    "éüñçøßÀÉ",
    "ꦗꦮᬩᬮᮞᮥндشم日本語",
    "😀🚌🪑\U00010000\U0010ffff～",
]


def text(chance, longest=24):
    alphabet = chance.choice(ALPHABETS) if chance.random() < 0.3 else "".join(ALPHABETS)
    return "".join(chance.choices(alphabet, k=chance.randrange(longest)))


def number(chance):
    digits = str(chance.randrange(10 ** chance.choice([1, 3, 19, 40])))
    if chance.random() < 0.3:
        digits += "." + str(chance.randrange(10**6)) + "0" * chance.randrange(3)
    if chance.random() < 0.2:
        digits += chance.choice("eE") + chance.choice(["", "+", "-"]) + str(chance.randrange(400))
    return Number(chance.choice(["", "", "-"]) + digits)


def value(chance, depth):
    kind = chance.randrange(8 if depth else 5)
    if kind == 0:
        return chance.choice([None, True, False])
    if kind == 1:
        return number(chance)
    if kind < 5:
        return text(chance)
    if kind == 5:
        return [value(chance, depth - 1) for _ in range(chance.randrange(4))]
    return {text(chance, 8): value(chance, depth - 1) for _ in range(chance.randrange(6))}


def order(chance):
    """Shaped as the given document's request, so that realistic bodies are among the cases."""

    def leg():
        passenger = {
            "seat_name": str(chance.randrange(1, 37)),
            "name": text(chance),
            "dob": "1996-12-09",
            "gender": chance.choice(["male", "female"]),
            "id_card_number": str(chance.randrange(10**16)),
        }
        return {"trip_id": number(chance), "passengers": [passenger] * chance.randrange(1, 4)}

    return {
        "product_code": "BUS",
        "selling_price": str(chance.randrange(1, 10**10)),
        "partner_reference_no": text(chance),
        "order_detail": {"name": text(chance), "email": "a@example.id", "phone_number": "0812"},
        "departure": leg(),
        "return": chance.choice([None, leg()]),
    }


def written(chance, node):
    """The value as some author might write it: any order, spacing and escapes."""
    style = chance.choice(["", "", " ", "\n", "\t", "\r\n  "])

    def gap():
        return style if chance.random() < 0.8 else " " * chance.randrange(3)

    def string(s):
        out = []
        for c in s:
            if c in "\"\\" or c < " ":
                short = {"\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(c)
                out.append(short or ("\\" + c if c >= " " else escape(c)))
            elif c == "/" and chance.random() < 0.3:
                out.append("\\/")
            else:
                out.append(escape(c) if chance.random() < 0.15 else c)
        return '"' + "".join(out) + '"'

    def escape(c):
        units = c.encode("utf-16-be").hex()
        units = units.upper() if chance.random() < 0.5 else units
        return "".join("\\u" + units[start : start + 4] for start in range(0, len(units), 4))

    def any_of(node):
        if isinstance(node, Number):
            return str(node)
        if isinstance(node, str):
            return string(node)
        if isinstance(node, dict):
            members = list(node.items())
            chance.shuffle(members)
            items = [string(k) + gap() + ":" + gap() + any_of(v) for k, v in members]
            return "{" + gap() + (gap() + "," + gap()).join(items) + gap() + "}"
        if isinstance(node, list):
            return "[" + gap() + (gap() + "," + gap()).join(map(any_of, node)) + gap() + "]"
        return {None: "null", True: "true", False: "false"}[node]

    return gap() + any_of(node) + gap()


def canonical(node):
    if isinstance(node, Number):
        return str(node)
    if isinstance(node, dict):
        members = sorted(node.items())
        return "{" + ",".join(canonical(k) + ":" + canonical(v) for k, v in members) + "}"
    if isinstance(node, list):
        return "[" + ",".join(map(canonical, node)) + "]"
    return json.dumps(node, ensure_ascii=False)


JAKARTA = datetime.timezone(datetime.timedelta(hours=7))
PRINTABLE = "".join(map(chr, range(33, 127)))


def case(chance, number, rsa):
    has_body = chance.random() < 0.95
    tree = order(chance) if chance.random() < 0.5 else {"": value(chance, 5), "a": value(chance, 5)}
    body = written(chance, tree) if has_body else ""
    parsed = json.loads(body, parse_int=Number, parse_float=Number) if has_body else None
    sent = canonical(parsed) if has_body else ""
    assert not has_body or sent == canonical(tree), "the author's text lost something"
    milliseconds = chance.randrange(0, 4102444800000)
    moment = datetime.datetime.fromtimestamp(milliseconds // 1000, JAKARTA)
    timestamp = moment.strftime("%Y-%m-%dT%H:%M:%S") + f".{milliseconds % 1000:03}+07:00"
    secret = "".join(chance.choices(PRINTABLE, k=chance.randrange(1, 200)))
    d = chance.randrange(1, N)
    token = "".join(chance.choices(PRINTABLE, k=chance.choice([0, 40, 600])))
    method = "POST" if has_body else "GET"
    path = "/v1/open-api/" + "".join(chance.choices("abcdefghijklmnop/-0123456789", k=30))
    payload_hash = hashlib.sha256(sent.encode()).hexdigest()
    to_sign = f"{method}:{path}:{token}:{payload_hash}:{timestamp}"
    client_id = "%08x-0000-4000-8000-%012x" % (chance.getrandbits(32), chance.getrandbits(48))
    auth = f"{client_id}|{timestamp}"
    private, public = p256_pems(d)

    def encode(signature):
        return base64.b64encode(signature).decode()

    return {
        "number": number,
        "client_id": client_id,
        "client_secret": secret,
        "p256_private_key_pem": private,
        "p256_public_key_pem": public,
        "rsa_private_key_pem": rsa.pem(),
        "method": method,
        "path": path,
        "access_token": token,
        "unix_milliseconds": milliseconds,
        "timestamp": timestamp,
        "body": body,
        "canonical_body": sent,
        "hash": payload_hash,
        "string_to_sign": to_sign,
        "hmac": encode(hmac.digest(secret.encode(), to_sign.encode(), "sha512")),
        "ecdsa": encode(ecdsa_low_s(d, to_sign.encode())),
        "auth_string": auth,
        "auth_rsa": encode(rsa.sign(auth.encode())),
        "auth_ecdsa": encode(ecdsa_low_s(d, auth.encode())),
    }


# --- Checks of this script itself ---


def check_by_openssl(made, folder):
    """Lets OpenSSL make or verify the signatures of one case."""

    def file(name, content):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(folder / name)

    def openssl(*arguments):
        done = subprocess.run(["openssl", *arguments], capture_output=True, check=False)
        if done.returncode:
            complaint = done.stderr.decode(errors="replace")
            sys.exit(f"signing_oracle: case {made['number']}: openssl {arguments[0]}: {complaint}")
        return done.stdout

    rsa = file("rsa.pem", made["rsa_private_key_pem"])
    public = file("p256.pem", made["p256_public_key_pem"])
    openssl("pkey", "-in", file("p256-private.pem", made["p256_private_key_pem"]), "-check", "-noout")
    text_and_signature = [("string_to_sign", "ecdsa"), ("auth_string", "auth_ecdsa")]
    for text_name, signature_name in text_and_signature:
        message = file("message", made[text_name])
        raw = base64.b64decode(made[signature_name])
        r, s = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")
        signature = file("signature", der(0x30, der_integer(r), der_integer(s)))
        openssl("dgst", "-sha256", "-verify", public, "-signature", signature, message)
    if openssl("dgst", "-sha256", "-sign", rsa, message) != base64.b64decode(made["auth_rsa"]):
        sys.exit(f"signing_oracle: case {made['number']}: OpenSSL signs otherwise with RSA")
    key = "hexkey:" + made["client_secret"].encode().hex()
    message = file("message", made["string_to_sign"])
    tag = openssl("dgst", "-sha512", "-mac", "HMAC", "-macopt", key, "-binary", message)
    if tag != base64.b64decode(made["hmac"]):
        sys.exit(f"signing_oracle: case {made['number']}: OpenSSL gives another HMAC")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=10)
    options.add_argument("--sample", type=int, default=20, help="cases checked by openssl")
    options = options.parse_args()
    check_rfc_6979()
    chance = random.Random(options.seed)
    keys = [Rsa(chance) for _ in range(2)]
    every = max(1, options.count // max(1, options.sample))
    with tempfile.TemporaryDirectory() as folder:
        for index in range(options.count):
            made = case(chance, index, keys[index % len(keys)])
            if options.sample and index % every == 0:
                check_by_openssl(made, pathlib.Path(folder))
            # ASCII on the wire between the two programs; the texts inside are any Unicode.
            print(json.dumps(made))


if __name__ == "__main__":
    main()

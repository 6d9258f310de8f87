"""ECDSA on P-256 (RFC 6979) and RSA (PKCS#1 v1.5) with plain integers, and their key files.

For `signing_oracle.py` only: nothing here keeps a secret from a watchful clock.
"""

import base64
import hashlib
import hmac
import sys

# --- P-256: SEC 2, section 2.4.2 ---

P = 0xFFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (
    0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
    0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5,
)


def add(p, q):
    """Sum of two affine points; None is the point at infinity."""
    if p is None:
        return q
    if q is None:
        return p
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = 3 * (p[0] * p[0] - 1) * pow(2 * p[1], -1, P)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def windows():
    """For each of 64 hex digits of a scalar, the multiples 1 to 15 of its place value."""
    table, base = [], G
    for _ in range(64):
        row = [None, base]
        for _ in range(14):
            row.append(add(row[-1], base))
        table.append(row)
        base = add(row[-1], base)
    return table


WINDOWS = windows()


def times_g(k):
    """k times the base point, affine. Adds in Jacobian coordinates: one inversion at the end."""
    x, y, z = 0, 0, 0
    for row in WINDOWS:
        k, digit = k >> 4, k & 15
        if not digit:
            continue
        px, py = row[digit]
        if z == 0:
            x, y, z = px, py, 1
            continue
        zz = z * z % P
        h = (px * zz - x) % P
        r = (py * zz * z - y) % P
        # Neither doubling nor cancelling can happen: the digits so far are a smaller number.
        assert h != 0
        hh = h * h % P
        hhh = hh * h % P
        v = x * hh % P
        x = (r * r - hhh - 2 * v) % P
        y = (r * (v - x) - y * hhh) % P
        z = z * h % P
    inverse = pow(z, -1, P)
    square = inverse * inverse % P
    return x * square % P, y * square * inverse % P


def nonces(d, digest):
    """Candidates of RFC 6979, section 3.2, with HMAC-SHA256."""
    seed = d.to_bytes(32, "big") + (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    v, k = b"\x01" * 32, b"\x00" * 32
    for separator in (b"\x00", b"\x01"):
        k = hmac.digest(k, v + separator + seed, "sha256")
        v = hmac.digest(k, v, "sha256")
    while True:
        v = hmac.digest(k, v, "sha256")
        candidate = int.from_bytes(v, "big")
        if 0 < candidate < N:
            yield candidate
        k = hmac.digest(k, v + b"\x00", "sha256")
        v = hmac.digest(k, v, "sha256")


def ecdsa(d, message):
    """(r, s) with s as it falls."""
    digest = hashlib.sha256(message).digest()
    for k in nonces(d, digest):
        r = times_g(k)[0] % N
        s = pow(k, -1, N) * (int.from_bytes(digest, "big") + r * d) % N
        if r and s:
            return r, s


def ecdsa_low_s(d, message):
    r, s = ecdsa(d, message)
    s = min(s, N - s)
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


# --- RSA: RFC 8017 ---


def is_prime(n, chance):
    if any(n % small == 0 for small in SMALL_PRIMES):
        return False
    odd, twos = n - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    for _ in range(8):
        x = pow(chance.randrange(2, n - 1), odd, n)
        if x in (1, n - 1):
            continue
        for _ in range(twos - 1):
            x = x * x % n
            if x == n - 1:
                break
        else:
            return False
    return True


SMALL_PRIMES = [p for p in range(2, 5000) if all(p % q for q in range(2, int(p**0.5) + 1))]


class Rsa:
    """A 2048-bit key with two primes."""

    e = 65537

    def __init__(self, chance):
        self.p, self.q = self._prime(chance), self._prime(chance)
        self.n = self.p * self.q
        self.d = pow(self.e, -1, (self.p - 1) * (self.q - 1))
        self.dp, self.dq = self.d % (self.p - 1), self.d % (self.q - 1)
        self.q_inverse = pow(self.q, -1, self.p)

    def _prime(self, chance):
        while True:
            # Both top bits set: the product has its full length.
            candidate = chance.getrandbits(1024) | (3 << 1022) | 1
            if candidate % self.e != 1 and is_prime(candidate, chance):
                return candidate

    def sign(self, message):
        """PKCS#1 v1.5 with SHA-256, section 8.2.1."""
        info = bytes.fromhex("3031300d060960864801650304020105000420")
        tail = b"\x00" + info + hashlib.sha256(message).digest()
        padded = b"\x00\x01" + b"\xff" * (256 - 2 - len(tail)) + tail
        m = int.from_bytes(padded, "big")
        one, other = pow(m, self.dp, self.p), pow(m, self.dq, self.q)
        signature = other + (one - other) * self.q_inverse % self.p * self.q
        assert pow(signature, self.e, self.n) == m
        return signature.to_bytes(256, "big")

    def pem(self):
        numbers = [0, self.n, self.e, self.d, self.p, self.q, self.dp, self.dq, self.q_inverse]
        key = der(0x30, *map(der_integer, numbers))
        algorithm = der(0x30, bytes.fromhex("06092a864886f70d010101"), b"\x05\x00")
        return pem("PRIVATE KEY", der(0x30, der_integer(0), algorithm, der(0x04, key)))


# --- Encodings ---


def der(tag, *contents):
    content = b"".join(contents)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    size = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(size)]) + size + content


def der_integer(n):
    return der(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big"))


def pem(label, content):
    text = base64.b64encode(content).decode()
    lines = [text[start : start + 64] for start in range(0, len(text), 64)]
    return "\n".join([f"-----BEGIN {label}-----", *lines, f"-----END {label}-----", ""])


P256_ALGORITHM = der(
    0x30, bytes.fromhex("06072a8648ce3d0201"), bytes.fromhex("06082a8648ce3d030107")
)


def p256_pems(d):
    """The private key as PKCS#8, the public one as SPKI."""
    x, y = times_g(d)
    point = der(0x03, b"\x00\x04" + x.to_bytes(32, "big") + y.to_bytes(32, "big"))
    key = der(0x30, der_integer(1), der(0x04, d.to_bytes(32, "big")), der(0xA1, point))
    private = der(0x30, der_integer(0), P256_ALGORITHM, der(0x04, key))
    return pem("PRIVATE KEY", private), pem("PUBLIC KEY", der(0x30, P256_ALGORITHM, point))


def check_rfc_6979():
    """Appendix A.2.5, SHA-256, message "sample"."""
    d = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
    expected = (
        0xEFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716,
        0xF7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8,
    )
    if ecdsa(d, b"sample") != expected:
        sys.exit("signing_oracle: its own ECDSA does not give the vector of RFC 6979")

"""RFC 9421, appendix B.2: the examples that sign nothing, and an answer instead of a request."""

from __future__ import annotations

import pytest

from venuekit.vectors.case import read_cases
from venuekit.vectors.find import find_in_catalogue
from venuekit.vectors.result import Verdict
from venuekit.vectors.run import run_vectors

ECC_P256 = """-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIFKbhfNZfpDsW43+0+JjUr9K+bTeuxopu653+hBaXGA7oAoGCCqGSM49
AwEHoUQDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM
4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END EC PRIVATE KEY-----
"""
RESPONSE = "\n".join(
    (
        '"@status": 200',
        '"content-type": application/json',
        '"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5'
        "oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:",
        '"content-length": 23',
        '"@signature-params": ("@status" "content-type" "content-digest" "content-length")'
        ';created=1618884473;keyid="test-key-ecc-p256"',
    )
)


def test_a_signed_answer_is_reproduced_by_verification() -> None:
    params = RESPONSE.rpartition('"@signature-params": ')[2]
    vector = {
        "id": "rfc9421-b24",
        "scheme": "http-message-signatures",
        "algorithm": "ECDSA-P256-SHA256",
        "secret": ECC_P256,
        "inputs": {"signature_input": f"sig-b24={params}"},
        "string_to_sign": RESPONSE,
        "expected": "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlY"
        "UEkLIj+32oiasw==",
    }
    results = run_vectors(read_cases([vector]), find_in_catalogue)
    assert [(r.engine, r.message) for r in results if r.verdict is not Verdict.PASSED] == []


@pytest.mark.parametrize("parameters", ['();created=1;keyid="k";nonce="n"', '("@method");alg="x"'])
def test_lists_of_any_length_are_signed(parameters: str) -> None:
    lines = [f'"@signature-params": {parameters}']
    if "@method" in parameters:
        lines.insert(0, '"@method": POST')
    vector = {
        "id": "short",
        "scheme": "http-message-signatures",
        "algorithm": "HMAC-SHA256",
        "secret": "c2VjcmV0",
        "inputs": {"signature_input": f"sig={parameters}"},
        "string_to_sign": "\n".join(lines),
        "expected": "not this",
    }
    (result,) = run_vectors(read_cases([vector]), find_in_catalogue)[:1]
    assert f"signed {vector['string_to_sign']!r}" in result.message

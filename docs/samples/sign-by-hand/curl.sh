#!/usr/bin/env bash
# Signs a request with openssl alone. Usage: curl.sh METHOD HOST TARGET BODY TIMESTAMP NONCE
set -euo pipefail

host=$(printf '%s' "$2" | tr '[:upper:]' '[:lower:]')
digest=$(printf '%s' "$4" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
canonical=$(printf '%s\n' MERIDIAN-1 "$1" "$host" "$3" "$digest" "$5" "$6" "$MERIDIAN_KEY")
printf '%s' "$canonical" | openssl dgst -sha256 -hmac "$MERIDIAN_SECRET" -r | cut -d ' ' -f 1

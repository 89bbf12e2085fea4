#!/usr/bin/env bash
# Cancels an order. Usage: curl.sh ORDER_ID
set -euo pipefail

method=DELETE
target=/v1/orders/$1
body=

host=${MERIDIAN_URL#*://}
timestamp=$(($(date +%s) * 1000))
nonce=$(openssl rand -hex 16)
digest=$(printf '%s' "$body" | openssl dgst -sha256 -r | cut -d ' ' -f 1)
canonical=$(printf '%s\n' MERIDIAN-1 "$method" "$host" "$target" "$digest" "$timestamp" "$nonce" "$MERIDIAN_KEY")
signature=$(printf '%s' "$canonical" | openssl dgst -sha256 -hmac "$MERIDIAN_SECRET" -r | cut -d ' ' -f 1)

curl --silent --show-error --fail-with-body --request "$method" "$MERIDIAN_URL$target" \
  --header "MERIDIAN-KEY: $MERIDIAN_KEY" \
  --header "MERIDIAN-TIMESTAMP: $timestamp" \
  --header "MERIDIAN-NONCE: $nonce" \
  --header "MERIDIAN-SIGNATURE: $signature"

#!/usr/bin/env bash
# Reads an order by the client's own id. Usage: curl.sh CLIENT_ORDER_ID
set -euo pipefail

method=GET
target=/v1/orders/by-client-order-id/$1
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

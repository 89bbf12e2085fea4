#!/usr/bin/env bash
# Places a limit order under an id of its own.
set -euo pipefail

id=curl-$(openssl rand -hex 8)
method=POST
target=/v1/orders
body=$(printf '{"client_order_id":"%s","symbol":"BTC-USD","side":"buy","order_type":"limit","quantity":"0.01","price":"50000"}' "$id")

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
  --header "MERIDIAN-SIGNATURE: $signature" \
  --header 'Content-Type: application/json' \
  --data-binary "$body"

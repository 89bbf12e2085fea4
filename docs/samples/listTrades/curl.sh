#!/usr/bin/env bash
# Lists the last ten trades.
set -euo pipefail

curl --silent --show-error --fail-with-body "$MERIDIAN_URL/v1/instruments/BTC-USD/trades?limit=10"

#!/usr/bin/env bash
# Reads the ten best levels of each side.
set -euo pipefail

curl --silent --show-error --fail-with-body "$MERIDIAN_URL/v1/instruments/BTC-USD/book?depth=10"

#!/usr/bin/env bash
# Lists the instruments.
set -euo pipefail

curl --silent --show-error --fail-with-body "$MERIDIAN_URL/v1/instruments"

#!/usr/bin/env bash
# Reads the venue's clock.
set -euo pipefail

curl --silent --show-error --fail-with-body "$MERIDIAN_URL/v1/time"

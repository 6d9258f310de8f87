#!/usr/bin/env bash
# The console in a real browser, against `seatblock serve` with its sandbox.
#
#   tools/browser_tests.sh           all tests; screenshots stay in target/browser
#   tools/browser_tests.sh measure   first view of 10 000 holds, and one update
#
# Needs Chromium, Node.js and npm; npm brings Playwright and axe, and no browser.
set -euo pipefail
cd "$(dirname "$0")/.."

script=${1:-test}
folder=$(mktemp -d)
gateway=
cleanup() {
  if [ -n "$gateway" ]; then kill "$gateway" 2>/dev/null && wait "$gateway" || true; fi
  rm -rf "$folder"
}
trap cleanup EXIT

rm -f target/browser/failed-*
cargo build -q -p app
(
  cd crates/app/tests/browser
  # What stands there already is what the lock file names, unless that is newer.
  [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --silent --no-audit --no-fund
)

# Sealed, so that people can be shown to whoever may see them.
openssl rand -hex 32 >"$folder/ledger.key"
chmod 600 "$folder/ledger.key"
export XDG_STATE_HOME="$folder/state" SEATBLOCK_LEDGER__KEY_FILE="$folder/ledger.key"
export SEATBLOCK_GATEWAY__METRICS_LISTEN=127.0.0.1:0
target/debug/seatblock --json serve --listen 127.0.0.1:0 >"$folder/started" 2>"$folder/log" &
gateway=$!
for _ in $(seq 100); do
  if [ -s "$folder/started" ]; then break; fi
  sleep 0.1
done
member() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$folder/started" "$1"; }
CONSOLE_URL=$(member url)
CONSOLE_KEY=$(member key)
export CONSOLE_URL CONSOLE_KEY
if ! (cd crates/app/tests/browser && npm run --silent "$script"); then
  echo "the gateway's own words:"
  tail -n 20 "$folder/log"
  exit 1
fi

#!/usr/bin/env bash
# The speed tables. Conditions: nothing else running; docs/PERFORMANCE.md says which machine.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo bench -p klikoo-adapter
cargo bench -p app --bench ledger
cargo bench -p app --bench gateway
tools/browser_tests.sh measure

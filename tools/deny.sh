#!/usr/bin/env bash
# What comes into the build: bans, licences and sources always, advisories where the database can be
# had. Arguments are passed on to every `cargo deny check`.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo deny check --hide-inclusion-graph "$@" bans licenses sources

if timeout 120 cargo deny --log-level off fetch db 2>/dev/null; then
  cargo deny check --disable-fetch --hide-inclusion-graph "$@" advisories
else
  echo "advisories: NOT checked, the database could not be fetched; deny.toml's own list of versions was"
fi

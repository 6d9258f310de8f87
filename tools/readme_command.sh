#!/usr/bin/env bash
# Prints a command of README.md, so that what the README promises is what the checks run.
#
#   tools/readme_command.sh first   its first line that starts with `cargo run`
#   tools/readme_command.sh test    the one line of the fenced block after
#                                   `<!-- the test command: .ci/run calls it -->`
set -euo pipefail
cd "$(dirname "$0")/.."

marker='<!-- the test command: .ci/run calls it -->'

case "${1:-}" in
  first) found=$(awk '/^```/ { inside = !inside; next } inside && /^cargo run/ { print; exit }' README.md) ;;
  test) found=$(awk -v marker="$marker" '
      $0 == marker { wanted = 1; next }
      wanted && /^```/ { if (inside) exit; inside = 1; next }
      wanted && inside && NF { print }' README.md) ;;
  *) sed -n '2,6s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac

if [ "$(grep -c . <<<"$found")" -ne 1 ]; then
  printf 'README.md: the %s command must be one line, found:\n%s\n' "$1" "${found:-nothing}" >&2
  exit 1
fi
printf '%s\n' "$found"

#!/usr/bin/env bash
# Every fuzz target for so many seconds: `tools/fuzz.sh 15`. Stops at the first finding.
# Needs cargo-fuzz and a C++ compiler. Stable Rust will do: safe code has nothing that a sanitizer
# of memory would find, and what panics, hangs or grows is found without one.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-15}

cargo fuzz build --sanitizer none
for target in ${FUZZ_TARGETS:-$(cargo fuzz list)}; do
  # What is found on the way is kept beside the build, not in the committed corpus.
  mkdir -p "fuzz/target/corpus/$target"
  if ! output=$(cargo fuzz run --sanitizer none "$target" "fuzz/target/corpus/$target" "fuzz/corpus/$target" -- \
    -max_total_time="$seconds" -timeout=1 -rss_limit_mb=512 -max_len=70000 -len_control=10 -print_final_stats=1 2>&1); then
    printf '%s\n' "$output" | tail -n 40
    echo "fuzz: $target found something"
    exit 1
  fi
  done_in=$(awk '/stat::number_of_executed_units/ { print $2 }' <<<"$output")
  printf 'fuzz: %-22s %10d executions, 0 findings\n' "$target" "$done_in"
done

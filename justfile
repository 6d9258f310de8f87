# Every recipe can also be run by hand: it is the command below its name.

# Lists the recipes.
default:
    @just --list

# Runs the program, for example `just run block docs/examples/one-way.json`.
run *arguments:
    cargo run -- {{ arguments }}

# Passes all tests.
test:
    cargo test --workspace

# Signatures against an independent script (python3 and openssl).
differential:
    cargo test -p klikoo-adapter --test signing -- --ignored

# Format, compiler and clippy warnings.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --all-features -- -D warnings

# The API documentation, without a warning.
docs:
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps --all-features

# Names public items without documentation or example.
coverage *crates:
    tools/doc_examples.py {{ crates }}

# `kill -9` at each named point of a block, of its recovery and of a migration, and at random instants
kill-points:
    cargo test -p app --features kill-points --test kill_points -- --nocapture

# Failing system calls under the ledger, the order of writing and sending, a locked file (strace)
storage-faults:
    cargo test -p app --test storage -- --ignored --nocapture

# Simulated histories, kills, torn logs and faults of the wire, in the numbers of a release: hours
torture seeds="1000000":
    SIMULATION_SEEDS={{seeds}} cargo test --release -p app --test simulation -- --nocapture
    KILL_ROUNDS=500 KILL_INSTANTS=5000 SERVER_STOPS=200 just kill-points
    TORN_IMAGES=2000 cargo test -p booking-ledger --test it torn
    STORAGE_WRITES=60 just storage-faults
    MATRIX_REPEATS=20 cargo test -p app --test matrix -- --nocapture

# The console in Chromium, against the gateway with its sandbox; screenshots in target/browser.
browser:
    tools/browser_tests.sh

# The gateway under load while the provider fails now and then; none of its holds may be lost.
soak seconds="60":
    SOAK_SECONDS={{seconds}} cargo bench --profile dev -p app --bench gateway -- soak

# Many processes at one PostgreSQL: one reference, and one seat, so many times each; one that stands still
torture-processes rounds="5000":
    PROCESS_ROUNDS={{rounds}} GATEWAY_ROUNDS={{rounds}} cargo test --release -p app --test it -- postgres::processes::of postgres::gateways --nocapture
    STOP_ROUNDS=60 STOP_MILLIS=30000 cargo test --release -p app --test it -- postgres::out_of_sight --nocapture

# Hostile input made up by libFuzzer, each of 8 targets for so many seconds. Needs
# `cargo install cargo-fuzz --locked` and a C++ compiler.
fuzz seconds="15":
    tools/fuzz.sh {{ seconds }}

# Whether the time that a key's comparison takes tells of the key: 100,000 comparisons. On a quiet
# machine, and `just timing --release` for the program as it is shipped.
timing *profile:
    cargo test {{ profile }} -p booking-gateway --test it -- --ignored --nocapture timing

# A thousand and more requests made from the gateway's own OpenAPI document (Schemathesis, from PyPI)
schemathesis cases="2000":
    cargo build -p app
    tools/schemathesis.py {{ cases }}

# Mutants of what an outcome hangs on: states and deadlines, the ledger's rules, what a reply proves,
# signatures. None may be missed. Needs `cargo install cargo-mutants --locked`; takes an hour or more.
mutants:
    cargo mutants -f 'crates/booking-domain/src/hold/*.rs' --test-package booking-domain -o target/mutants/domain -- --lib --test it
    cargo mutants -f 'crates/booking-ports/src/ledger/{record,rules,case,booking}.rs' --test-package booking-ports -o target/mutants/ports -- --lib --test it
    cargo mutants -f 'crates/klikoo-adapter/src/signature/{request,auth,signer}.rs' --test-package klikoo-adapter -o target/mutants/signature -- --lib --test signing
    cargo mutants -f 'crates/klikoo-adapter/src/{outcome,doubt,refusal,silence,envelope,response_code}.rs' --test-package klikoo-adapter -o target/mutants/replies -- --lib --test it

# Whether the tests catch bugs that are planted on purpose, one at a time, in a copy of the tree.
planted-bugs *names:
    tools/planted_bugs.py {{ names }}

# Which crate may depend on which, and whether a broken arrow would be seen.
layers:
    tools/layers.py
    tools/layers.py --self-test

# Every crate opts in to the workspace's lints.
lints:
    tools/lints.py

# Each library crate with no features, each alone, and all.
features:
    tools/feature_sets.py

# Bans, licences, sources, and advisories where their database can be had.
deny:
    tools/deny.sh

# A program that needs no library of its host, as deploy/Dockerfile builds it.
static:
    RUSTFLAGS="-C target-feature=+crt-static" cargo build --release --locked -p app --target "$(rustc -vV | sed -n 's/^host: //p')"

# Alert rules, and whether each alert is raised when it should be, and only then (promtool).
alerts:
    cd deploy && promtool check rules alerts.yml && promtool test rules alerts.test.yml

# No key or credential in the tree, and whether one would be seen.
secrets:
    tools/find_secrets.py
    tools/find_secrets.py --self-test

# Spelling.
spelling:
    typos

# The speed table of docs/PERFORMANCE.md.
bench:
    tools/bench.sh

# Everything that a change must pass, as the checks of a push run it.
ci:
    .ci/run

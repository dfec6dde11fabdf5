# larder: what this repository can do. `make run` is the place to begin.

TARGET := x86_64-unknown-linux-gnu
STATIC := target/$(TARGET)/release/larder
VENV   := $(CURDIR)/target/test-venv/bin
S3S    := $(CURDIR)/target/s3s/bin/s3s-fs

.PHONY: run test all-tests bench torture static ui ui-check check-tools check-node rust-tests black-box-tests browser-tests

## run: build larder and serve the starter site on http://127.0.0.1:8787
run: check-tools
	cargo run --profile quick --locked -- demo --data target/demo-site --listen 127.0.0.1:8787

## static: the release executable without any shared library, at $(STATIC)
# Its relocations are packed: 1.6 MB of it otherwise.
static: check-tools
	RUSTFLAGS='-C target-feature=+crt-static -C link-arg=-Wl,-z,pack-relative-relocs' cargo build --release --locked --target $(TARGET)
	ldd $(STATIC) 2>&1 | grep -qE 'statically linked|not a dynamic executable'
	@ls -l $(STATIC)

## test: install what tests need and run all of them, two kinds at a time
test: check-tools
	tests/install.sh
	$(MAKE) -j2 all-tests

# What is against the release binary waits for it.
all-tests: rust-tests black-box-tests browser-tests

rust-tests:
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	cargo test --locked

# The dashboard, in browsers.
browser-tests: static
	PATH="$(VENV):$$PATH" $(MAKE) ui-check
	cd tests/browser && LARDER_BIN=$(CURDIR)/$(STATIC) PATH="$(VENV):$$PATH" npm test

# The official SDKs and ours, recorded shapes, the contract, pictures, replicas, faults, a contract fuzz run. One after the
# other: two of them build the same package.
black-box-tests: static
	cd sdk/js && PATH="$(VENV):$$PATH" npm run --silent build && PATH="$(VENV):$$PATH" npm test
	cd tests/sdk/js && LARDER_BIN=$(CURDIR)/$(STATIC) PATH="$(VENV):$$PATH" npm test
	cd tests && LARDER_BIN=$(CURDIR)/$(STATIC) PATH="$(VENV):$$PATH" pytest -q

## torture: every fault, long: kills, power cuts, upgrades and take-overs under load, a store that checks signatures. Needs root
torture: static $(S3S)
	cd tests && LARDER_TEST_KILLS=1000 LARDER_TEST_POWER_CUTS=60 LARDER_UPGRADES=100 LARDER_TEST_TAKEOVERS=10 \
	    LARDER_BIN=$(CURDIR)/$(STATIC) PATH="$(VENV):$$PATH" pytest -q -rP fault replica
	cd tests && LARDER_TEST_S3S=$(S3S) LARDER_BIN=$(CURDIR)/$(STATIC) PATH="$(VENV):$$PATH" pytest -q torture replica/test_standby.py

$(S3S):
	cargo install --locked s3s-fs@0.14.1 --features binary --root $(CURDIR)/target/s3s

## bench: speed as ratios, measured in one run
bench: check-tools
	cargo bench --locked --no-fail-fast --bench content --bench serving

## ui: bundle the dashboard's scripts, styles and icons into assets/dist, which is committed
ui: check-node
	cd assets/ui && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs

## ui-check: the committed bundle is, byte for byte, what its sources give
ui-check: check-node
	cd assets/ui && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs $(CURDIR)/target/ui-check
	diff -r assets/dist target/ui-check
	@echo "assets/dist is what assets/ui gives."

check-tools:
	@command -v cargo >/dev/null || { echo "larder is built with Rust 1.90 or newer, which was not found: install it from https://rustup.rs, then run make again."; exit 1; }
	@command -v cc >/dev/null || { echo "larder needs a C compiler for SQLite, which was not found: on Debian or Ubuntu 'apt install build-essential', on Fedora 'dnf install gcc', on macOS 'xcode-select --install'; then run make again."; exit 1; }

check-node:
	@command -v npm >/dev/null || { echo "Bundling the dashboard needs Node 20 or newer with npm, which was not found: install it from https://nodejs.org, then run make again. Building larder itself does not need it."; exit 1; }

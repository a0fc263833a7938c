.PHONY: run test clients speech mail lint openapi fuzz bench bench-scale

run:
	cargo run --release -p frontdesk-server -- serve --demo

test:
	tests/all

clients:
	tests/clients/run

speech mail:
	cargo build --release --package frontdesk-server --bin frontdesk
	FRONTDESK=$${CARGO_TARGET_DIR:-target}/release/frontdesk tests/$@

lint:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

openapi:
	UPDATE_OPENAPI=1 cargo test --workspace --test suite -- --quiet openapi::the_committed

fuzz:
	tests/fuzz/run $(FUZZ_SECONDS)

bench:
	tests/bench peers

bench-scale:
	tests/bench scale $(SIZES)

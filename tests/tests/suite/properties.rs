//! What holds of whatever comes in: the readers of texts, each with a property that `hold`s of any text. Here they get texts made
//! to a form, the same ones every time; `make fuzz` gives the same functions any bytes (`tests/fuzz`).

mod arrays;
mod cursors;
mod dates;
mod filters;
mod lines;
mod search;

use proptest::test_runner::{Config, RngSeed};

/// So many texts, the same ones every time.
fn cases(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(4), failure_persistence: None, ..Config::default() }
}

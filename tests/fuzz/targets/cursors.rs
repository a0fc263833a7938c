//! Cursors.
#![no_main]

#[path = "../../tests/suite/properties/cursors.rs"]
mod cursors;

libfuzzer_sys::fuzz_target!(|text: &str| cursors::hold(text));

//! What a search looks for, and in what.
#![no_main]

#[path = "../../tests/suite/properties/search.rs"]
mod search;

libfuzzer_sys::fuzz_target!(|text: &str| search::hold(text));

//! Dates and times.
#![no_main]

#[path = "../../tests/suite/properties/dates.rs"]
mod dates;

libfuzzer_sys::fuzz_target!(|text: &str| dates::hold(text));

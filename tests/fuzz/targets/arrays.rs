//! Arrays in a query.
#![no_main]

#[path = "../../tests/suite/properties/arrays.rs"]
mod arrays;

libfuzzer_sys::fuzz_target!(|text: &str| arrays::hold(text));

//! Which types of events somebody asks for.
#![no_main]

#[path = "../../tests/suite/properties/filters.rs"]
mod filters;

libfuzzer_sys::fuzz_target!(|text: &str| filters::hold(text));

//! The lines of an import.
#![no_main]

#[path = "../../tests/suite/properties/lines.rs"]
mod lines;

libfuzzer_sys::fuzz_target!(|line: &[u8]| lines::hold(line));

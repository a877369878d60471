#![no_main]
libfuzzer_sys::fuzz_target!(|input: &[u8]| { inputs::run("device", input); });

//! Fuzzes `cimi_fuzz::ovf_import`; without libFuzzer, replays the files given as arguments.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| cimi_fuzz::ovf_import(input));

#[cfg(not(fuzzing))]
fn main() {
    cimi_fuzz::replay_arguments(cimi_fuzz::ovf_import);
}

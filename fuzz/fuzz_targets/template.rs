//! Fuzzes `cimi_fuzz::template`; without libFuzzer, replays the files given as arguments.
#![cfg_attr(fuzzing, no_main)]

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|input: &[u8]| cimi_fuzz::template(input));

#[cfg(not(fuzzing))]
fn main() {
    cimi_fuzz::replay_arguments(cimi_fuzz::template);
}

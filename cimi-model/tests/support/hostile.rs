//! Inputs that nobody means well, and what reading them costs.

use std::fs;
use std::time::{Duration, Instant};

/// JSON values, to stand somewhere in a document: what is the matter, the value, and whether reading must refuse it under
/// [`ELEMENTS`].
pub fn json_values() -> Vec<(&'static str, String, bool)> {
    let n = 100_000;
    vec![
        ("deep arrays", "[".repeat(n), true),
        ("deep arrays that end", "[".repeat(n) + &"]".repeat(n), true),
        ("deep objects", "{\"a\":".repeat(n), true),
        ("deep objects that end", "{\"a\":".repeat(n) + "1" + &"}".repeat(n), true),
        ("deep objects and arrays", "[{\"a\":".repeat(n) + "1" + &"}]".repeat(n), true),
        ("many items", format!("[{}0]", "0,".repeat(ELEMENTS)), true),
        ("many empty arrays", format!("[{}[]]", "[],".repeat(ELEMENTS)), true),
        ("many texts", format!("[{}\"\"]", "\"\",".repeat(ELEMENTS)), true),
        (
            "many members",
            format!("{{{}\"z\":0}}", (0..=ELEMENTS).map(|i| format!("\"{i}\":0,")).collect::<String>()),
            true,
        ),
        ("a long name", format!("{{\"{}\":1}}", "x".repeat(n)), true),
        ("a long escaped name", format!("{{\"{}\":1}}", "\\u0041".repeat(n)), true),
        ("names that are the same", format!("{{{}\"a\":1}}", "\"a\":1,".repeat(n)), true),
        ("a long number", "9".repeat(n), false),
        ("a number with a long fraction", format!("0.{}1", "0".repeat(n)), false),
        ("a number with an endless exponent", format!("1e{}", "9".repeat(n)), false),
        ("a large exponent", "1e999999999".to_owned(), false),
        ("a text without an end", format!("\"{}", "x".repeat(n)), true),
        ("a text that is an escape and no more", format!("\"{}\\", "\\\\".repeat(n)), true),
        ("half a character", "\"\\ud800\"".to_owned(), true),
        ("controls", format!("\"{}\"", "\u{1}".repeat(n)), true),
        ("many colons", ":".repeat(n), true),
        ("spaces", " ".repeat(n), true),
    ]
}

/// The same in XML, to stand in an element.
pub fn xml_contents() -> Vec<(&'static str, String, bool)> {
    let n = 100_000;
    let numbered = |part: &dyn Fn(usize) -> String, n: usize| (0..n).map(part).collect::<String>();
    vec![
        ("deep elements", "<x>".repeat(n), true),
        ("deep elements that end", "<x>".repeat(n) + &"</x>".repeat(n), true),
        ("deep namespaces", numbered(&|i| format!("<x xmlns:n{i}='u'>"), n), true),
        ("many elements", "<x/>".repeat(ELEMENTS + 1), true),
        ("many attributes", format!("<x{}/>", numbered(&|i| format!(" a{i}=''"), n)), true),
        ("many namespaces", format!("<x{}/>", numbered(&|i| format!(" xmlns:a{i}='u{i}'"), n)), true),
        ("a long name", format!("<{}/>", "x".repeat(n)), true),
        ("a long name of an attribute", format!("<x {}=''/>", "x".repeat(n)), true),
        ("a tag without an end", format!("<x a='{}", "x".repeat(n)), true),
        ("attributes that are the same", format!("<x{}/>", " a=''".repeat(1000)), true),
        ("an entity", "&lol;".repeat(n), true),
        ("no character", "<x>&#x110000;</x>".to_owned(), true),
        ("a long reference", format!("<x>&#{};</x>", "9".repeat(n)), true),
        ("a comment without an end", format!("<!--{}", "- ".repeat(n)), true),
        ("an instruction without an end", format!("<?x {}", "?".repeat(n)), true),
        ("a section without an end", format!("<![CDATA[{}", "]".repeat(n)), true),
        ("ends without a beginning", "</x>".repeat(n), true),
        ("open brackets", "<".repeat(n), true),
        ("a DOCTYPE", "<!DOCTYPE x [<!ENTITY a 'b'>]>".to_owned(), true),
        ("references", format!("<x>{}</x>", "&lt;".repeat(n)), false),
        ("sections", format!("<x>{}</x>", "<![CDATA[]]>".repeat(n)), false),
        ("comments", format!("<x>{}</x>", "<!---->".repeat(n)), false),
    ]
}

/// The elements that the inputs count on being refused.
pub const ELEMENTS: usize = 200_000;

/// What an error or a success may cost: 1 second and 64 MiB; more time where nothing is optimized.
const TIME: Duration = Duration::from_secs(if cfg!(debug_assertions) { 20 } else { 1 });
const MEMORY: u64 = 64 << 10;

/// Reads an input on a stack of 512 KiB and says whether it was refused, in an error of one short line.
///
/// # Panics
/// When that overflows the stack, takes too long or, on Linux, too much memory.
#[track_caller]
pub fn is_refused(what: &str, read: impl FnOnce() -> Result<(), String> + Send) -> bool {
    let before = peak_after_reset();
    let start = Instant::now();
    let outcome = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(512 << 10).spawn_scoped(scope, read);
        thread.expect("a thread").join().expect("no panic")
    });
    let (time, after) = (start.elapsed(), peak());
    assert!(time < TIME, "{what}: {time:?}");
    if let (Some(before), Some(after)) = (before, after) {
        assert!(after.saturating_sub(before) < MEMORY, "{what}: {} KiB", after - before);
    }
    if let Err(error) = &outcome {
        assert!(!error.contains('\n') && error.len() < 20_000, "{what}: {} bytes of error", error.len());
    }
    outcome.is_err()
}

/// Lets the kernel forget how much memory was in use once, and says how much is: KiB.
fn peak_after_reset() -> Option<u64> {
    fs::write("/proc/self/clear_refs", "5").ok()?;
    peak()
}

/// The most memory that was in use since: KiB.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}

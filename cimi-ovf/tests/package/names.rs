//! Names that lead out of the package, and names that do not.

use cimi_ovf::package::{Target, check_name};
use proptest::prelude::*;

#[test]
fn refused() {
    for name in [
        "",
        ".",
        "..",
        "../x",
        "a/..",
        "a/../b",
        "./x",
        "a/./b",
        "a//b",
        "a/",
        "/x",
        "/",
        "//host/share",
        "\\x",
        "..\\x",
        "\\\\host\\share",
        "a\\b",
        "C:",
        "C:x",
        "c:/x",
        "C:\\x",
        "%2e%2e/x",
        "..%2fx",
        "%2E%2E%2Fx",
        "a%5c..%5cb",
        "%2fetc/passwd",
        "a%00b",
        "a\0b",
        "a\nb",
        "a\u{7f}",
        "\u{85}",
        "con",
        "CON",
        "Con.vmdk",
        "a/aux.img",
        "nul.tar.gz",
        "COM1",
        "lpt9.iso",
        "com\u{b9}",
        "CONIN$",
        "prn .txt",
        "a.",
        "a ",
        "x./y",
        "... ",
        "...",
        "\u{ff0e}\u{ff0e}/x",
        "..\u{ff0f}x",
        "\u{2025}/x",
        "\u{2024}\u{2024}/x",
        "a\u{ff3c}b",
        "a\u{202e}fdmv",
        "a\u{2066}b",
        "%EF%BC%8E%EF%BC%8E/x",
        "%63on",
    ] {
        let error = check_name(name).expect_err(name);
        assert!(!error.to_string().contains('\n'), "{error}");
    }
    check_name(&"x".repeat(256)).unwrap_err();
}

#[test]
fn allowed() {
    for name in [
        "web.ovf",
        "disks/web-1.vmdk",
        "a b (1).vmdk",
        "名前.iso",
        "a%20b.vmdk",
        "100%.img",
        "a%zz",
        "..a",
        "a..b",
        ".hidden",
        "concert.vmdk",
        "com10",
        "COM",
        "vm:1",
        "disk.vmdk.000000000",
        "a=b)= c",
        "@$%",
        "\u{e9}.vmdk",
        "~x",
        "-rf",
        "$HOME",
    ] {
        check_name(name).unwrap_or_else(|error| panic!("{error}"));
    }
    check_name(&"x".repeat(255)).unwrap();
}

#[test]
fn targets() {
    for (href, expected) in [
        ("disk.vmdk", "member"),
        ("./disk.vmdk", "member"),
        ("disks/a%20b.vmdk", "member"),
        ("http://example.org/disk.vmdk", "remote"),
        ("HTTPS://example.org/", "remote"),
        ("ftp://example.org/x", "remote"),
        ("nfs:x", "remote"),
        ("file:///etc/passwd", "outside"),
        ("File:x", "outside"),
        ("../disk.vmdk", "outside"),
        ("C:\\disk.vmdk", "outside"),
        ("\\\\host\\share\\x", "outside"),
        ("//host/share", "outside"),
        ("", "outside"),
    ] {
        let target = match Target::of(href) {
            Target::Member(_) => "member",
            Target::Remote(_) => "remote",
            Target::Outside(_) => "outside",
            _ => "new",
        };
        assert_eq!(target, expected, "{href}");
    }
}

proptest! {
    /// What passes stays inside of a folder, on this system and written with backslashes.
    #[test]
    fn what_passes_stays_inside(name in "[a.%25cCefF/\\\\: \u{ff0e}\u{ff0f}]{0,12}") {
        if check_name(&name).is_ok() {
            let path = std::path::Path::new(&name);
            let normal = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
            prop_assert!(normal && path.is_relative() && !name.contains('\\'));
        }
    }
}

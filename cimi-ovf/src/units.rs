//! Programmatic units of DSP0004, annex C, and the older names that products still write.

/// What a unit measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Base {
    /// Bytes; bits count as eighths.
    Byte,
    /// Hertz.
    Hertz,
    /// A plain number: `count`.
    Count,
    /// Another unit of DSP0004 that hardware is measured in, or a rate such as `bit / second`.
    Other,
}

/// A multiple of a base unit, for example `byte * 2^20`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    base: Base,
    numerator: u128,
    denominator: u128,
}

/// Why a unit or a quantity in it is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnitError {
    /// The text is not a unit that is known here.
    #[error("'{0}' is not a known unit")]
    Unknown(String),
    /// The quantity in base units does not fit 64 bits, or the multiplier does not fit 128.
    #[error("the quantity overflows")]
    Overflow,
    /// The quantity is not a whole number of base units.
    #[error("the quantity is not a whole number of base units")]
    Fraction,
}

impl Unit {
    /// Parses a unit, ignoring case and white space between its parts.
    ///
    /// One base unit (`byte`, `bit`, `hertz`, `count`, or a name such as `MegaBytes`, `MB`, `KiB`, `MHz`) and any
    /// number of factors (`2^20`, `1024`, `10^-3`), joined by `*` or `/`. Products mean 2^20 bytes when they write
    /// `MegaBytes` or `MB`, so prefixes of bytes are powers of 2^10; those of hertz are powers of 10^3. Of
    /// [`Base::Other`] only the names are known, not their sizes.
    ///
    /// ```
    /// use cimi_ovf::units::Unit;
    /// assert_eq!(Unit::parse("byte * 2 ^ 30")?.scale(2)?, 2 << 30);
    /// assert_eq!(Unit::parse("MegaBytes")?, Unit::parse("byte*1024*1024")?);
    /// # Ok::<(), cimi_ovf::units::UnitError>(())
    /// ```
    ///
    /// # Errors
    /// [`UnitError::Unknown`] or [`UnitError::Overflow`].
    pub fn parse(text: &str) -> Result<Self, UnitError> {
        /// Longer than any unit that makes sense.
        const LONGEST: usize = 200;
        let unknown = || UnitError::Unknown(cimi_model::printable(text));
        if text.len() > LONGEST {
            return Err(unknown());
        }
        let mut rest = text.trim_ascii();
        let mut unit = Self { base: Base::Count, numerator: 1, denominator: 1 };
        let mut base = None;
        let mut divide = false;
        loop {
            let (factor, found, after) = element(rest).ok_or_else(unknown)?;
            base = match (base, found) {
                (base, None) => base,
                (None, Some(_)) if !divide => found,
                (Some(_), Some(Base::Other)) if divide => found,
                _ => return Err(unknown()),
            };
            unit.multiply(factor?, divide)?;
            rest = after.trim_ascii_start();
            divide = match rest.as_bytes().first() {
                None => break,
                Some(b'*') => false,
                Some(b'/') => true,
                Some(_) => return Err(unknown()),
            };
            rest = rest.get(1..).unwrap_or_default().trim_ascii_start();
        }
        unit.base = base.ok_or_else(unknown)?;
        if unit.numerator == 0 || unit.denominator == 0 { Err(unknown()) } else { Ok(unit) }
    }

    /// What the unit measures.
    #[must_use]
    pub fn base(self) -> Base {
        self.base
    }

    /// The quantity in base units.
    ///
    /// # Errors
    /// [`UnitError::Overflow`] beyond 64 bits, [`UnitError::Fraction`] when it is not a whole number.
    pub fn scale(self, quantity: u64) -> Result<u64, UnitError> {
        let product = u128::from(quantity).checked_mul(self.numerator).ok_or(UnitError::Overflow)?;
        if product.checked_rem(self.denominator) != Some(0) {
            return Err(UnitError::Fraction);
        }
        let whole = product.checked_div(self.denominator).ok_or(UnitError::Fraction)?;
        u64::try_from(whole).map_err(|_| UnitError::Overflow)
    }

    fn multiply(&mut self, (numerator, denominator): (u128, u128), divide: bool) -> Result<(), UnitError> {
        let (up, down) = if divide { (denominator, numerator) } else { (numerator, denominator) };
        self.numerator = self.numerator.checked_mul(up).ok_or(UnitError::Overflow)?;
        self.denominator = self.denominator.checked_mul(down).ok_or(UnitError::Overflow)?;
        Ok(())
    }
}

type Factor = (u128, u128);

/// One element of a unit: its factor, its base if it has one, and the text after it.
fn element(text: &str) -> Option<(Result<Factor, UnitError>, Option<Base>, &str)> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let (factor, rest) = number(text)?;
        return Some((factor, None, rest));
    }
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    let (factor, base) = named(name)?;
    Some((Ok(factor), Some(base), rest))
}

/// `1024`, `2^20`, `10 ^ -3`.
fn number(text: &str) -> Option<(Result<Factor, UnitError>, &str)> {
    let (base, rest) = digits(text)?;
    if base == Ok(0) {
        return None;
    }
    let Some(rest) = rest.trim_ascii_start().strip_prefix('^') else {
        return Some((base.map(|base| (base, 1)), rest));
    };
    let rest = rest.trim_ascii_start();
    let (negative, rest) = match rest.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, rest.strip_prefix('+').unwrap_or(rest)),
    };
    let (exponent, rest) = digits(rest)?;
    let power = base.and_then(|base| {
        let exponent = u32::try_from(exponent?).map_err(|_| UnitError::Overflow)?;
        base.checked_pow(exponent).ok_or(UnitError::Overflow)
    });
    let factor = power.map(|power| if negative { (1, power) } else { (power, 1) });
    Some((factor, rest))
}

fn digits(text: &str) -> Option<(Result<u128, UnitError>, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() {
        return None;
    }
    // Digits alone fail to parse only when there are too many.
    Some((digits.parse().map_err(|_| UnitError::Overflow), rest))
}

fn named(name: &str) -> Option<(Factor, Base)> {
    let lower = name.to_ascii_lowercase();
    let power = |base: u128, exponent: u32| base.checked_pow(exponent).map(|n| (n, 1));
    if let Some(prefix) = lower.strip_suffix("hertz").or_else(|| lower.strip_suffix("hz")) {
        return Some((power(1000, thousands(prefix)?)?, Base::Hertz));
    }
    match lower.as_str() {
        "count" => return Some(((1, 1), Base::Count)),
        "bit" | "bits" => return Some(((1, 8), Base::Byte)),
        "second" | "minute" | "hour" | "day" | "week" | "percent" | "packet" | "watt" | "revolution" | "meter" => {
            return Some(((1, 1), Base::Other));
        }
        _ => {}
    }
    if let Some(prefix) = lower.strip_suffix("bits").or_else(|| lower.strip_suffix("bit")) {
        return thousands(prefix).map(|_| ((1, 1), Base::Other));
    }
    let bytes = lower.strip_suffix("bytes").or_else(|| lower.strip_suffix("byte"));
    let prefix = bytes.or_else(|| lower.strip_suffix('b'))?;
    Some((power(1024, thousands(prefix)?)?, Base::Byte))
}

/// The power of a thousand (or of 1024) that a prefix stands for.
fn thousands(prefix: &str) -> Option<u32> {
    Some(match prefix {
        "" => 0,
        "k" | "ki" | "kilo" | "kibi" => 1,
        "m" | "mi" | "mega" | "mebi" => 2,
        "g" | "gi" | "giga" | "gibi" => 3,
        "t" | "ti" | "tera" | "tebi" => 4,
        "p" | "pi" | "peta" | "pebi" => 5,
        "e" | "ei" | "exa" | "exbi" => 6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str, quantity: u64) -> Result<u64, UnitError> {
        let unit = Unit::parse(text)?;
        assert_eq!(unit.base(), Base::Byte, "{text}");
        unit.scale(quantity)
    }

    #[test]
    fn forms_that_products_write() {
        for text in [
            "byte * 2^20",
            "byte*2^20",
            "byte * 2 ^ 20",
            "Byte * 2^20",
            "MegaBytes",
            "megabyte",
            "MB",
            "MiB",
            "byte*1024*1024",
            "2^20 * byte",
            " byte * 2^20 ",
            "bytes * 2^+20",
            "byte * 2^30 / 1024",
            "byte * 2^30 * 2^-10",
            "bit * 2^23",
        ] {
            assert_eq!(bytes(text, 3), Ok(3 << 20), "{text}");
        }
        assert_eq!(bytes("byte", 7), Ok(7));
        assert_eq!(bytes("byte * 10^9", 2), Ok(2_000_000_000));
        assert_eq!(bytes("GigaBytes", 1), Ok(1 << 30));
        assert_eq!(bytes("kB", 1), Ok(1 << 10));
    }

    #[test]
    fn hertz_and_count() -> Result<(), UnitError> {
        for text in ["hertz * 10^6", "Hertz*10^6", "MegaHertz", "MHz"] {
            let unit = Unit::parse(text)?;
            assert_eq!((unit.base(), unit.scale(2)?), (Base::Hertz, 2_000_000), "{text}");
        }
        assert_eq!(Unit::parse("count")?.base(), Base::Count);
        for text in ["bit / second", "bit / second * 10^9", "kilobit/second", "percent", "packet / second"] {
            assert_eq!(Unit::parse(text)?.base(), Base::Other, "{text}");
        }
        Ok(())
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            " ",
            "*",
            "byte *",
            "* byte",
            "byte ** 2",
            "2^20",
            "byte byte",
            "byte * byte",
            "1 / byte",
            "byte * 2^",
            "byte * -2^20",
            "byte * 0",
            "byte * 0^0",
            "byte / 0^0",
            "byte * 0^-1",
            "second / byte",
            "second * second",
            "byte * second",
            "byte / 0",
            "byte 2",
            "byte * 2 2",
            "parsec",
            "byte * 0x10",
            "byte * 1.5",
            "byte * 2^2^2",
            "byte * ٣",
            "fortnightbyte",
            "byteé",
            "xB",
            "/2 byte",
        ] {
            assert!(matches!(Unit::parse(text), Err(UnitError::Unknown(_))), "{text}");
        }
        assert!(Unit::parse(&"byte * 1".repeat(1000)).is_err());
    }

    #[test]
    fn overflow_is_an_error() {
        for text in
            ["byte * 2^128", "byte * 2^99999999", "byte * 10^400", "byte * 2^99999999999999999999999999999999999999999"]
        {
            assert_eq!(Unit::parse(text), Err(UnitError::Overflow), "{text}");
        }
        assert_eq!(bytes("byte * 2^64", 1), Err(UnitError::Overflow));
        assert_eq!(bytes("byte * 2^63 * 2^63", u64::MAX), Err(UnitError::Overflow));
        assert_eq!(bytes("byte * 2^20", u64::MAX), Err(UnitError::Overflow));
        assert_eq!(bytes("byte", u64::MAX), Ok(u64::MAX));
    }

    #[test]
    fn fractions_are_an_error() {
        assert_eq!(bytes("bit", 9), Err(UnitError::Fraction));
        assert_eq!(bytes("byte * 2^-1", 3), Err(UnitError::Fraction));
        assert_eq!(bytes("byte * 2^-1", 4), Ok(2));
    }
}

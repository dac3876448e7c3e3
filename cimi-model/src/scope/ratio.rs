//! Exact numbers: no conversion or comparison of a scope goes through floating point.

use std::cmp::Ordering;
use std::fmt;

use crate::any::Number;

/// An exact rational number of 128 bits over 128.
///
/// Whatever does not fit is `None`: nothing is rounded.
///
/// ```
/// use cimi_model::scope::Ratio;
///
/// let tenth = Ratio::parse("0.1").ok_or("not a number")?;
/// let sum = tenth.times(Ratio::from(3)).ok_or("too large")?;
/// assert_eq!(Some(sum), Ratio::parse("3e-1"));
/// assert_eq!(sum.to_string(), "0.3");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    /// In lowest terms with the other.
    numerator: i128,
    /// Above zero.
    denominator: i128,
}

impl Ratio {
    pub(super) const ZERO: Self = Self { numerator: 0, denominator: 1 };
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// The quotient of two integers; `None` for a divisor of zero or what does not fit.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let common = divisor(numerator.unsigned_abs(), denominator.unsigned_abs());
        let common = i128::try_from(common).ok().filter(|common| *common != 0)?;
        let (mut numerator, mut denominator) = (numerator.checked_div(common)?, denominator.checked_div(common)?);
        if denominator < 0 {
            (numerator, denominator) = (numerator.checked_neg()?, denominator.checked_neg()?);
        }
        (denominator != 0).then_some(Self { numerator, denominator })
    }

    /// The number of a decimal text: digits with an optional sign, fraction and exponent, and white space around.
    /// `None` if it is not one, or does not fit.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = match mantissa.as_bytes().first()? {
            b'-' => (true, mantissa.get(1..)?),
            b'+' => (false, mantissa.get(1..)?),
            _ => (false, mantissa),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || digits.ends_with('.') || !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let mut value: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            value = value.checked_mul(10)?.checked_add(i128::from(digit - b'0'))?;
        }
        let value = if negative { -value } else { value };
        if value == 0 {
            return Some(Self::ZERO);
        }
        let exponent = exponent.checked_sub(i32::try_from(fraction.len()).ok()?)?;
        let power = 10_i128.checked_pow(exponent.unsigned_abs())?;
        if exponent < 0 { Self::new(value, power) } else { Some(Self::from(value.checked_mul(power)?)) }
    }

    /// The product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        // Shortened crosswise first, so that what fits in the end does not overflow on the way.
        let a = Self::new(self.numerator, other.denominator)?;
        let b = Self::new(other.numerator, self.denominator)?;
        // Nothing is left that both parts have in common.
        let (numerator, denominator) =
            (a.numerator.checked_mul(b.numerator)?, a.denominator.checked_mul(b.denominator)?);
        Some(Self { numerator, denominator })
    }

    /// The quotient; `None` also for a divisor of zero.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        let inverse = match other.numerator.cmp(&0) {
            Ordering::Equal => return None,
            Ordering::Greater => Self { numerator: other.denominator, denominator: other.numerator },
            Ordering::Less => {
                let (numerator, denominator) = (other.denominator.checked_neg()?, other.numerator.checked_neg()?);
                Self { numerator, denominator }
            }
        };
        self.times(inverse)
    }

    /// The difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        let common = i128::try_from(divisor(self.denominator.unsigned_abs(), other.denominator.unsigned_abs())).ok()?;
        let scale = other.denominator.checked_div(common)?;
        let a = self.numerator.checked_mul(scale)?;
        let b = other.numerator.checked_mul(self.denominator.checked_div(common)?)?;
        Self::new(a.checked_sub(b)?, self.denominator.checked_mul(scale)?)
    }

    /// The sum of some numbers; `None` also where a sum on the way does not fit, in terms of the denominators so far.
    ///
    /// ```
    /// use cimi_model::scope::Ratio;
    ///
    /// let numbers = ["0.1", "2", "-0.35"].map(|text| Ratio::parse(text).unwrap_or(Ratio::from(0)));
    /// assert_eq!(Ratio::sum(numbers).map(|sum| sum.to_string()).as_deref(), Some("1.75"));
    /// ```
    #[must_use]
    pub fn sum(numbers: impl IntoIterator<Item = Self>) -> Option<Self> {
        Self::weighted_sum(numbers.into_iter().map(|number| (number, 1)))
    }

    /// The sum of some numbers, each times a weight; `None` as for [`sum`](Self::sum).
    #[must_use]
    pub fn weighted_sum(numbers: impl IntoIterator<Item = (Self, i128)>) -> Option<Self> {
        // Over a denominator that only grows, so that most numbers are added without another division.
        let (mut numerator, mut denominator) = (0_i128, 1_i128);
        for (number, weight) in numbers {
            let weighted = number.numerator.checked_mul(weight)?;
            if number.denominator == denominator {
                numerator = numerator.checked_add(weighted)?;
                continue;
            }
            let common = divisor(denominator.unsigned_abs(), number.denominator.unsigned_abs());
            let common = i128::try_from(common).ok()?;
            let growth = number.denominator.checked_div(common)?;
            let scale = denominator.checked_div(common)?;
            numerator = numerator.checked_mul(growth)?.checked_add(weighted.checked_mul(scale)?)?;
            denominator = denominator.checked_mul(growth)?;
        }
        Self::new(numerator, denominator)
    }

    /// The number, if it is whole.
    #[must_use]
    pub fn whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// The least whole number that is not less.
    #[must_use]
    pub fn ceiling(self) -> Option<i128> {
        let whole = self.numerator.checked_div_euclid(self.denominator)?;
        if self.denominator == 1 { Some(whole) } else { whole.checked_add(1) }
    }

    /// The number as JSON writes it, if its decimal fraction ends.
    #[must_use]
    pub fn number(self) -> Option<Number> {
        let (mut numerator, mut denominator, mut places) = (self.numerator, self.denominator, 0_usize);
        while denominator != 1 {
            // One more digit, and what it has in common with the denominator.
            let next = Self::new(numerator.checked_mul(10)?, denominator)?;
            if next.denominator == denominator {
                return None;
            }
            (numerator, denominator, places) = (next.numerator, next.denominator, places + 1);
        }
        let sign = if numerator < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", numerator.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at_checked(digits.len() - places)?;
        let point = if fraction.is_empty() { "" } else { "." };
        Number::parse(&format!("{sign}{whole}{point}{fraction}"))
    }
}

impl From<i128> for Ratio {
    fn from(value: i128) -> Self {
        Self { numerator: value, denominator: 1 }
    }
}

impl From<i64> for Ratio {
    fn from(value: i64) -> Self {
        Self::from(i128::from(value))
    }
}

impl From<i32> for Ratio {
    fn from(value: i32) -> Self {
        Self::from(i128::from(value))
    }
}

impl Ord for Ratio {
    /// Exact, and without products that could overflow: whole parts first, then the inverses of what is left.
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let (mut a, mut b) = ((self.numerator, self.denominator), (other.numerator, other.denominator));
        let mut turned = false;
        // Euclid's algorithm on both at once: it ends as that does.
        loop {
            let wholes = (a.0.div_euclid(a.1), b.0.div_euclid(b.1));
            let rests = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
            let order = match wholes.0.cmp(&wholes.1) {
                Ordering::Equal if rests.0 == 0 || rests.1 == 0 => rests.0.signum().cmp(&rests.1.signum()),
                Ordering::Equal => {
                    (a, b) = ((a.1, rests.0), (b.1, rests.1));
                    turned = !turned;
                    continue;
                }
                order => order,
            };
            return if turned { order.reverse() } else { order };
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Ratio {
    /// As a decimal fraction where that ends, else as `numerator/denominator`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number() {
            Some(number) => f.write_str(number.as_str()),
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}

/// The greatest common divisor.
fn divisor(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        // Most numbers are small, and the processor divides these at once.
        if let (Ok(small), Ok(other)) = (u64::try_from(a), u64::try_from(b)) {
            return small_divisor(small, other).into();
        }
        (a, b) = (b, a % b);
    }
    a
}

fn small_divisor(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts() {
        for (text, shown) in [
            ("0", "0"),
            ("-0.0", "0"),
            ("1.50", "1.5"),
            ("+007", "7"),
            (" 2.5 ", "2.5"),
            ("25e-1", "2.5"),
            ("1E+2", "100"),
            ("-0.001", "-0.001"),
            ("0e999999", "0"),
            ("170141183460469231731687303715884105727", "170141183460469231731687303715884105727"),
        ] {
            assert_eq!(Ratio::parse(text).map(|n| n.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in ["", "-", "1.", ".5", "1e", "x", "1e400", "1e-400", "1 2", "0x1", "--1", "NaN", "1e9999999999"] {
            assert_eq!(Ratio::parse(text), None, "{text}");
        }
    }

    #[test]
    fn order_does_not_overflow() {
        let ratio = |a, b| Ratio::new(a, b).unwrap();
        let max = i128::MAX;
        assert!(ratio(max, max - 1) < ratio(max - 1, max - 2));
        assert!(ratio(-max, max - 1) < ratio(-1, 1));
        assert!(ratio(-1, 3) < ratio(1, 3));
        assert!(ratio(1, 3) < ratio(2, 5));
        assert!(ratio(2, 3) > ratio(3, 5));
        assert_eq!(ratio(2, 6).cmp(&ratio(1, 3)), Ordering::Equal);
        assert_eq!(ratio(i128::MIN, 2), Ratio::from(i128::MIN / 2));
        assert_eq!(Ratio::new(1, 0), None);
        assert_eq!(Ratio::new(0, 0), None);
        assert_eq!(Ratio::new(i128::MIN, -1), None);
        assert_eq!(ratio(1, 3).to_string(), "1/3");
    }
}

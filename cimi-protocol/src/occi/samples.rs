//! Measured values as `text/csv`.

use chrono::Utc;
use cimi_model::{DateTime, Sample};

use super::metrics::{MetricMixin, metric_of_column};
use crate::{Error, ErrorKind, Result};

/// The first column: seconds since 1970.
const TIMESTAMP: &str = "timestamp";

/// Rows of values at points in time, with a column for each metric.
///
/// Columns that no [`MetricMixin`] has are kept.
///
/// ```
/// use cimi_protocol::occi::{METRICS, Samples};
///
/// let text = "timestamp,cpuuser,memused\n1302888025,1,6869340\n";
/// let samples = Samples::read(text.as_bytes())?;
/// let load = samples.of(&METRICS[0]);
/// assert_eq!(load[0].timestamp.as_ref().map(|time| time.as_str()), Some("2011-04-15T17:20:25Z"));
/// assert_eq!(samples.to_csv()?, text);
/// # Ok::<(), cimi_protocol::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "a plain structure")]
pub struct Samples {
    /// The columns besides the time.
    pub columns: Vec<String>,
    /// For each row the time, in seconds since 1970, and a value for each column; an empty one is missing.
    pub rows: Vec<(i64, Vec<String>)>,
}

impl Samples {
    /// Reads them.
    ///
    /// # Errors
    /// [`ErrorKind::Document`] when the first column is not `timestamp`, a time is not a number of seconds, or a row has
    /// another number of values than there are columns; with the line.
    pub fn read(text: &[u8]) -> Result<Self> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text);
        let fail = |error: csv::Error| Error::new(ErrorKind::Document, error.to_string()).caused_by(error);
        let headers = reader.headers().map_err(fail)?;
        if headers.get(0) != Some(TIMESTAMP) {
            return Err(Error::new(ErrorKind::Document, "line 1: the first column is not 'timestamp'"));
        }
        let mut samples = Self { columns: headers.iter().skip(1).map(str::to_owned).collect(), rows: Vec::new() };
        for record in reader.records() {
            let record = record.map_err(fail)?;
            let line = record.position().map_or(0, csv::Position::line);
            let time = record.get(0).and_then(|time| time.parse().ok());
            let time = time.ok_or_else(|| {
                Error::new(ErrorKind::Document, format!("line {line}: the time is not a number of seconds"))
            })?;
            samples.rows.push((time, record.iter().skip(1).map(str::to_owned).collect()));
        }
        Ok(samples)
    }

    /// Writes them.
    ///
    /// # Errors
    /// [`ErrorKind::Document`] when a row has another number of values than there are columns.
    pub fn to_csv(&self) -> Result<String> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        let fail = |error: csv::Error| Error::new(ErrorKind::Document, error.to_string()).caused_by(error);
        writer.write_record(std::iter::once(TIMESTAMP).chain(self.columns.iter().map(String::as_str))).map_err(fail)?;
        for (time, values) in &self.rows {
            let time = time.to_string();
            let row = std::iter::once(time.as_str()).chain(values.iter().map(String::as_str));
            writer.write_record(row).map_err(fail)?;
        }
        let bytes = writer.into_inner().map_err(|error| fail(error.into_error().into()))?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// The samples of a metric, as those of a Meter of CIMI. Rows without a value, or with a time that no calendar has, are
    /// left out.
    #[must_use]
    pub fn of(&self, metric: &MetricMixin) -> Vec<Sample> {
        let is_it = |column: &String| metric_of_column(column).is_some_and(|found| found == metric);
        let Some(column) = self.columns.iter().position(is_it) else { return Vec::new() };
        let rows = self.rows.iter().filter_map(|(time, values)| {
            let value = values.get(column).filter(|value| !value.is_empty())?;
            let time = chrono::DateTime::<Utc>::from_timestamp(*time, 0)?;
            Some(Sample { timestamp: Some(DateTime::from(time)), value: Some(value.clone()), ..Sample::default() })
        });
        rows.collect()
    }
}

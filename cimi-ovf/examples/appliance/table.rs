//! Tables for people: aligned columns, one line a row.

use std::io::{self, Write};

use cimi_model::printable_within;

/// Longer cells are cut.
const LONGEST: usize = 60;

/// Writes a table with a title; nothing if it has no rows.
pub(crate) fn print(out: &mut dyn Write, title: &str, head: &[&str], rows: &[Vec<String>]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let head: Vec<String> = head.iter().map(|cell| (*cell).to_owned()).collect();
    let shown = |row: &Vec<String>| row.iter().map(|cell| printable_within(LONGEST, cell)).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = std::iter::once(&head).chain(rows).map(shown).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    // A column that no row has anything in is left out.
    let is_used = |column: usize| rows.iter().skip(1).any(|row| row.get(column).is_some_and(|cell| !cell.is_empty()));
    let used: Vec<bool> = (0..head.len()).map(is_used).collect();
    writeln!(out, "{title}")?;
    for row in &rows {
        let cells = row.iter().zip(&widths).zip(&used).filter(|(_, used)| **used);
        let cells: Vec<String> = cells.map(|((cell, width), _)| format!("{cell:<width$}")).collect();
        writeln!(out, "  {}", cells.join("  ").trim_end())?;
    }
    writeln!(out)
}

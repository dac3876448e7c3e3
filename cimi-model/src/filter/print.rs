//! The canonical form.

use std::fmt::{self, Write};

use super::ast::{Comparison, Node, Operator, Subject};
use super::literal::Literal;

/// What is still to be printed.
enum Step {
    Text(&'static str),
    /// The expression that ends here.
    Expression {
        end: usize,
        inside_and: bool,
    },
}

/// Prints a filter: attributes in front, a space on either side of `and` and `or`, parentheses around an `or` inside of
/// an `and` and nowhere else.
pub(super) fn print(nodes: &[Node], extended: bool, out: &mut dyn Write) -> fmt::Result {
    let mut steps = vec![Step::Expression { end: nodes.len(), inside_and: false }];
    while let Some(step) = steps.pop() {
        let (end, inside_and) = match step {
            Step::Text(text) => {
                out.write_str(text)?;
                continue;
            }
            Step::Expression { end, inside_and } => (end, inside_and),
        };
        match end.checked_sub(1).and_then(|last| nodes.get(last)) {
            Some(Node::Comparison { comparison, .. }) => print_comparison(comparison, extended, out)?,
            Some(Node::Group(group)) => {
                let parentheses = inside_and && !group.all;
                steps.extend(parentheses.then_some(Step::Text(")")));
                // The last operand first, for what is pushed last is printed first.
                for (index, end) in group.ends(nodes, end).enumerate() {
                    if index > 0 {
                        steps.push(Step::Text(if group.all { " and " } else { " or " }));
                    }
                    steps.push(Step::Expression { end, inside_and: group.all });
                }
                steps.extend(parentheses.then_some(Step::Text("(")));
            }
            None => {}
        }
    }
    Ok(())
}

fn print_comparison(comparison: &Comparison, extended: bool, out: &mut dyn Write) -> fmt::Result {
    match &comparison.subject {
        Subject::Attribute(name) => out.write_str(name)?,
        Subject::Property(key) => {
            out.write_str("property[")?;
            print_string(key, extended, out)?;
            out.write_str("]")?;
        }
    }
    out.write_str(comparison.operator.as_str())?;
    match &comparison.value {
        Literal::String(text) => print_string(text, extended, out),
        Literal::Integer(number) => write!(out, "{number}"),
        Literal::Date(date) => out.write_str(date.as_str()),
        Literal::Boolean(value) => out.write_str(if *value { "true" } else { "false" }),
        Literal::Null => out.write_str("null"),
    }
}

/// In single quotes, unless there are some in it.
fn print_string(text: &str, extended: bool, out: &mut dyn Write) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.write_char(quote)?;
    let mut rest = text;
    while let Some((before, escaped)) = extended.then(|| split_at_escape(rest, quote)).flatten() {
        out.write_str(before)?;
        out.write_char('\\')?;
        let (first, after) = escaped.split_at_checked(1).unwrap_or((escaped, ""));
        out.write_str(first)?;
        rest = after;
    }
    out.write_str(rest)?;
    out.write_char(quote)
}

/// The text before the first character that needs a backslash in front, and the text from it on.
fn split_at_escape(text: &str, quote: char) -> Option<(&str, &str)> {
    text.split_at_checked(text.find(['\\', quote])?)
}

/// Whether the grammar of the standard has this comparison.
pub(super) fn is_standard(comparison: &Comparison) -> bool {
    let subject = match &comparison.subject {
        Subject::Attribute(name) => !name.contains('/'),
        Subject::Property(key) => can_be_quoted(key),
    };
    let value = match &comparison.value {
        Literal::String(text) => can_be_quoted(text),
        Literal::Date(date) => !date.is_month(),
        Literal::Null => false,
        Literal::Integer(_) | Literal::Boolean(_) => true,
    };
    subject && value && !matches!(comparison.operator, Operator::Prefix | Operator::Same | Operator::NotSame)
}

/// Whether one of the quotes is free.
fn can_be_quoted(text: &str) -> bool {
    !text.contains('\'') || !text.contains('"')
}

//! The grammar of 4.1.6.1, without recursion.

use super::ast::{Comparison, Node, Open, Operator, Subject};
use super::error::expect;
use super::lexer::Cursor;
use super::literal::Literal;
use super::{FilterError, FilterOptions};

/// `Filter` of the grammar.
pub(super) fn parse(text: &str, options: &FilterOptions) -> Result<Vec<Node>, FilterError> {
    if text.len() > options.size {
        return Err(FilterError::limit(options.size, expect::SHORTER));
    }
    let mut parser = Parser {
        cursor: Cursor::new(text, options.extensions, options.exact),
        nodes: Vec::new(),
        level: Level::new(&[]),
        outer: Vec::new(),
    };
    loop {
        parser.open(options.depth)?;
        let offset = parser.cursor.at;
        let comparison = comparison(&mut parser.cursor)?;
        parser.nodes.push(Node::Comparison { comparison, offset });
        if parser.ends()? {
            return Ok(parser.nodes);
        }
    }
}

struct Parser<'t> {
    cursor: Cursor<'t>,
    nodes: Vec<Node>,
    level: Level,
    /// What the parentheses that are open interrupt.
    outer: Vec<Level>,
}

/// What stands between parentheses.
#[derive(Clone, Copy)]
struct Level {
    /// The operands of `or`.
    any: Open,
    /// The operands of `and` that are one of these.
    all: Open,
}

impl Level {
    fn new(nodes: &[Node]) -> Self {
        Self { any: Open::new(false, nodes), all: Open::new(true, nodes) }
    }

    /// Completes an `AndExpr`, and begins another.
    fn next(&mut self, nodes: &mut Vec<Node>) {
        self.all.close(nodes);
        self.any.take(nodes);
        self.all = Open::new(true, nodes);
    }

    fn close(mut self, nodes: &mut Vec<Node>) {
        self.next(nodes);
        self.any.close(nodes);
    }
}

impl Parser<'_> {
    /// Takes white space and the parentheses before a comparison.
    fn open(&mut self, depth: usize) -> Result<(), FilterError> {
        self.cursor.skip_space();
        while self.cursor.eat("(") {
            if self.outer.len() >= depth {
                return Err(FilterError::limit(self.cursor.at - 1, expect::FLATTER));
            }
            self.outer.push(self.level);
            self.level = Level::new(&self.nodes);
            self.cursor.skip_space();
        }
        Ok(())
    }

    /// Takes what comes after a comparison, up to the next one. Whether the filter ends before that.
    fn ends(&mut self) -> Result<bool, FilterError> {
        loop {
            self.level.all.take(&mut self.nodes);
            self.cursor.skip_space();
            if self.cursor.eat("and") {
                return Ok(false);
            }
            if self.cursor.eat("or") {
                self.level.next(&mut self.nodes);
                return Ok(false);
            }
            match self.outer.last() {
                None if self.cursor.is_at_end() => {
                    self.level.close(&mut self.nodes);
                    return Ok(true);
                }
                Some(outer) if self.cursor.eat(")") => {
                    self.level.close(&mut self.nodes);
                    self.level = *outer;
                    self.outer.pop();
                }
                None => return Err(self.cursor.expected(expect::MORE)),
                Some(_) => return Err(self.cursor.expected(expect::MORE_OR_CLOSE)),
            }
        }
    }
}

/// `Comp` of the grammar, but for its parentheses.
fn comparison(cursor: &mut Cursor<'_>) -> Result<Comparison, FilterError> {
    if let Some(value) = cursor.literal()? {
        return value_first(cursor, value);
    }
    let Some(name) = cursor.name()? else { return Err(cursor.expected(expect::OPERAND)) };
    // The bracket is part of the terminal.
    if name == "property" && cursor.eat("[") {
        return property(cursor);
    }
    let after_name = *cursor;
    let operator = operator(cursor)?;
    let before_value = *cursor;
    let value = cursor.literal()?.or_else(|| cursor.word());
    match (value, cursor.named(name)) {
        (Some(value), _) if fits(operator, &value) => {
            Ok(Comparison { subject: Subject::Attribute(name.to_owned()), operator, value })
        }
        // A word that is a value as well as a name is an attribute where anything else is the value.
        (None, Some(value)) => {
            *cursor = after_name;
            value_first(cursor, value)
        }
        _ if operator == Operator::Prefix => Err(before_value.expected(expect::STRING)),
        _ => Err(before_value.expected(expect::VALUE)),
    }
}

/// What follows a value: an operator and an attribute.
fn value_first(cursor: &mut Cursor<'_>, value: Literal) -> Result<Comparison, FilterError> {
    cursor.skip_space();
    let before = *cursor;
    let operator = operator(cursor)?;
    if !fits(operator, &value) {
        return Err(before.expected(if value == Literal::Null { expect::EQUALITY } else { expect::OPERATOR }));
    }
    match cursor.name()? {
        Some(name) => {
            Ok(Comparison { subject: Subject::Attribute(name.to_owned()), operator: operator.turned(), value })
        }
        None => Err(cursor.expected(expect::ATTRIBUTE)),
    }
}

/// What follows `property[`.
fn property(cursor: &mut Cursor<'_>) -> Result<Comparison, FilterError> {
    cursor.skip_space();
    let Some(key) = cursor.string()? else { return Err(cursor.expected(expect::STRING)) };
    cursor.skip_space();
    if !cursor.eat("]") {
        return Err(cursor.expected(expect::BRACKET));
    }
    let operator = operator(cursor)?;
    let Some(value) = cursor.string()? else { return Err(cursor.expected(expect::STRING)) };
    Ok(Comparison { subject: Subject::Property(key), operator, value: Literal::String(value) })
}

/// An operator, with the white space on both sides.
fn operator(cursor: &mut Cursor<'_>) -> Result<Operator, FilterError> {
    cursor.skip_space();
    let operator = cursor.operator()?;
    cursor.skip_space();
    Ok(operator)
}

/// Whether the grammar lets an operator stand beside a value.
pub(super) fn fits(operator: Operator, value: &Literal) -> bool {
    match value {
        Literal::String(_) => true,
        Literal::Null => {
            matches!(operator, Operator::Equal | Operator::NotEqual | Operator::Same | Operator::NotSame)
        }
        _ => operator != Operator::Prefix,
    }
}

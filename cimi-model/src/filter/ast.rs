//! The syntax tree, held in one list.
//!
//! The nodes stand in the order in which their last character stands in the text: the operands of an `and` or `or`
//! come before it. So nothing is dropped, compared, copied or walked recursively, however long or deep a filter is.

use super::literal::Literal;

/// A comparison, or what `and` and `or` make of several.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Expression<'f> {
    /// All of these hold: two or more, none of them an `And`.
    And(Operands<'f>),
    /// One of these holds: two or more, none of them an `Or`.
    Or(Operands<'f>),
    /// A comparison.
    Comparison(&'f Comparison),
}

/// One comparison: `Comp` or `PropExpr` of the grammar, with the attribute in front.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// What is compared.
    pub subject: Subject,
    /// How it is compared.
    pub operator: Operator,
    /// What it is compared with.
    pub value: Literal,
}

/// The left side of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Subject {
    /// An attribute by its name; as an extension, a path of names with slashes between them.
    Attribute(String),
    /// The values of `properties` with this key.
    Property(String),
}

/// How an attribute is compared: `Op` of the grammar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operator {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `=`
    Equal,
    /// `>=`
    GreaterOrEqual,
    /// `>`
    Greater,
    /// `!=`
    NotEqual,
    /// `^=`, an extension: the text begins with the value.
    Prefix,
    /// `==`, an [exact](super::FilterOptions::exact) `=`: the same text, also where `=` finds more than that.
    Same,
    /// `!==`: not that.
    NotSame,
}

impl Operator {
    /// The operator in a filter.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Equal => "=",
            Self::GreaterOrEqual => ">=",
            Self::Greater => ">",
            Self::NotEqual => "!=",
            Self::Prefix => "^=",
            Self::Same => "==",
            Self::NotSame => "!==",
        }
    }

    /// The operator when both sides change places.
    pub(super) const fn turned(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::GreaterOrEqual => Self::LessOrEqual,
            Self::Greater => Self::Less,
            same => same,
        }
    }

    /// Whether it asks for an order: `<`, `<=`, `>=` or `>`.
    #[must_use]
    pub const fn is_ordering(self) -> bool {
        matches!(self, Self::Less | Self::LessOrEqual | Self::GreaterOrEqual | Self::Greater)
    }
}

/// The operands of an [`Expression`], in the order of the text.
#[derive(Clone, Debug)]
pub struct Operands<'f> {
    nodes: &'f [Node],
    /// Where they end in the list, the first one last.
    ends: Vec<usize>,
}

impl<'f> Iterator for Operands<'f> {
    type Item = Expression<'f>;
    fn next(&mut self) -> Option<Expression<'f>> {
        Some(expression(self.nodes, self.ends.pop()?))
    }
    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.ends.len(), Some(self.ends.len()))
    }
}

impl ExactSizeIterator for Operands<'_> {}

/// The expression whose node is the last of this many. There is at least one.
pub(super) fn expression(nodes: &[Node], end: usize) -> Expression<'_> {
    let operands = |group: &Group| Operands { nodes, ends: group.ends(nodes, end).collect() };
    match end.checked_sub(1).and_then(|last| nodes.get(last)) {
        Some(Node::Comparison { comparison, .. }) => Expression::Comparison(comparison),
        Some(Node::Group(group)) if group.all => Expression::And(operands(group)),
        Some(Node::Group(group)) => Expression::Or(operands(group)),
        None => Expression::Or(Operands { nodes, ends: Vec::new() }),
    }
}

/// One node of the list.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Comparison {
        comparison: Comparison,
        /// Where it begins in the text; 0 if there is none.
        offset: usize,
    },
    /// What comes before it, put together.
    Group(Group),
}

/// An `and` or `or`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Group {
    /// Whether it is an `and`.
    pub(super) all: bool,
    /// How many operands it has.
    pub(super) operands: usize,
    /// How many nodes these have.
    pub(super) nodes: usize,
}

impl Group {
    /// Where the operands end, from the last to the first, of the group that is the last of `end` nodes.
    pub(super) fn ends(self, nodes: &[Node], end: usize) -> impl Iterator<Item = usize> {
        let last = end.checked_sub(1);
        let before = move |end: &usize| end.checked_sub(nodes.get(end.checked_sub(1)?)?.size());
        std::iter::successors(last, before).take(self.operands)
    }
}

impl Node {
    /// How many nodes it has with all that belong to it.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Comparison { .. } => 1,
            Self::Group(group) => group.nodes + 1,
        }
    }
}

impl PartialEq for Node {
    /// Where it stood in a text says nothing.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Comparison { comparison: a, .. }, Self::Comparison { comparison: b, .. }) => a == b,
            (Self::Group(a), Self::Group(b)) => a == b,
            _ => false,
        }
    }
}

/// A group that is being put together.
///
/// An operand that is itself of the kind of its group is not nested but taken over, so that each filter has one form.
#[derive(Clone, Copy, Debug)]
pub(super) struct Open {
    all: bool,
    operands: usize,
    /// Where its first operand begins.
    start: usize,
}

impl Open {
    /// A group whose operands come after these nodes.
    pub(super) fn new(all: bool, nodes: &[Node]) -> Self {
        Self { all, operands: 0, start: nodes.len() }
    }

    /// Counts the operand that has just been completed.
    pub(super) fn take(&mut self, nodes: &mut Vec<Node>) {
        match nodes.last() {
            Some(Node::Group(group)) if group.all == self.all => {
                self.operands += group.operands;
                nodes.pop();
            }
            _ => self.operands += 1,
        }
    }

    /// Completes the group, unless it is just one operand.
    pub(super) fn close(self, nodes: &mut Vec<Node>) {
        if self.operands > 1 {
            let Self { all, operands, start } = self;
            nodes.push(Node::Group(Group { all, operands, nodes: nodes.len() - start }));
        }
    }
}

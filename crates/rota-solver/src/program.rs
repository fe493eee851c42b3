//! A mixed-integer linear program as plain numbers, ready for a backend.

/// One column (variable) of a [`Program`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProgramColumn {
    /// Least value.
    pub lower: f64,
    /// Greatest value; `f64::INFINITY` for none.
    pub upper: f64,
    /// Whether only whole numbers are allowed.
    pub integer: bool,
}

/// One row (linear constraint) of a [`Program`]: `lower <= sum of coefficient * column <= upper`.
#[derive(Debug, Clone, PartialEq)]
pub struct ProgramRow {
    /// Least value of the sum; `-f64::INFINITY` for none.
    pub lower: f64,
    /// Greatest value of the sum; `f64::INFINITY` for none.
    pub upper: f64,
    /// Column index and coefficient, sorted by column, each column at most once.
    pub terms: Vec<(usize, f64)>,
}

/// A minimisation problem: columns, rows, and nothing that knows where they came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Program {
    /// The columns, in order.
    pub columns: Vec<ProgramColumn>,
    /// The rows, in order.
    pub rows: Vec<ProgramRow>,
}

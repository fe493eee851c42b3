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

impl Program {
    /// Whether values keep every bound and row, as exactly as a backend asks of a start.
    pub fn fits(&self, values: &[f64]) -> bool {
        const TOLERANCE: f64 = 1e-7;
        let within = |value: f64, lower: f64, upper: f64, size: f64| {
            let tolerance = TOLERANCE + 1e-12 * size;
            value >= lower - tolerance && value <= upper + tolerance
        };
        let columns = self.columns.iter().zip(values);
        let rows = self.rows.iter();
        columns.clone().count() == self.columns.len()
            && columns.clone().all(|(column, value)| within(*value, column.lower, column.upper, 0.0))
            && columns
                .clone()
                .all(|(column, value)| !column.integer || (value - value.round()).abs() <= TOLERANCE)
            && rows.clone().all(|row| {
                let terms = row.terms.iter().map(|(column, factor)| factor * values[*column]);
                let size = terms.clone().map(f64::abs).sum();
                within(terms.sum(), row.lower, row.upper, size)
            })
    }
}

//! A linear sum over columns, owned by the model: sorted terms and a constant.

use std::ops::{Add, AddAssign};

/// A column of the [`crate::model::Model`], counted in the order of making.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Column(pub u32);

impl Column {
    /// As a position in a list.
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// `constant + sum of coefficient * column`; terms sorted by column, each column at most once, none with 0.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sum {
    /// Columns with their coefficients.
    pub terms: Vec<(Column, f64)>,
    /// What is added to them.
    pub constant: f64,
}

impl Sum {
    /// A number.
    pub fn number(constant: f64) -> Sum {
        Sum { terms: Vec::new(), constant }
    }

    /// One column.
    pub fn column(column: Column) -> Sum {
        Sum { terms: vec![(column, 1.0)], constant: 0.0 }
    }

    /// The same, times a factor.
    #[must_use]
    pub fn times(mut self, factor: f64) -> Sum {
        if factor == 0.0 {
            return Sum::default();
        }
        self.constant *= factor;
        for term in &mut self.terms {
            term.1 *= factor;
        }
        self
    }

    /// `1 - self`.
    #[must_use]
    pub fn complement(self) -> Sum {
        self.times(-1.0) + Sum::number(1.0)
    }

    /// Whether no column is in it.
    pub fn is_number(&self) -> bool {
        self.terms.is_empty()
    }

    /// Its value for given values of the columns.
    pub fn value(&self, values: &[f64]) -> f64 {
        self.constant + self.terms.iter().map(|(column, factor)| factor * values[column.at()]).sum::<f64>()
    }
}

impl AddAssign<Sum> for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.constant += other.constant;
        if other.terms.is_empty() {
            return;
        }
        if self.terms.last().is_none_or(|last| last.0 < other.terms[0].0) {
            self.terms.extend(other.terms);
            return;
        }
        self.terms.extend(other.terms);
        tidy(&mut self.terms);
    }
}

fn tidy(terms: &mut Vec<(Column, f64)>) {
    terms.sort_by_key(|term| term.0);
    terms.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        if same {
            kept.1 += next.1;
        }
        same
    });
    terms.retain(|term| term.1 != 0.0);
}

impl Add<Sum> for Sum {
    type Output = Sum;
    fn add(mut self, other: Sum) -> Sum {
        self += other;
        self
    }
}

impl std::iter::Sum for Sum {
    fn sum<I: Iterator<Item = Sum>>(parts: I) -> Sum {
        let mut total = Sum::default();
        for part in parts {
            total.constant += part.constant;
            total.terms.extend(part.terms);
        }
        tidy(&mut total.terms);
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_tidy() {
        let (a, b) = (Sum::column(Column(1)), Sum::column(Column(0)));
        let total: Sum = [a.clone(), b.clone(), a.clone().complement()].into_iter().sum();
        assert_eq!(total, b + Sum::number(1.0));
        assert_eq!(a.times(0.0), Sum::default());
    }
}

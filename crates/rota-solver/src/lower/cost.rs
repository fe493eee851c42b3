//! What each level costs, in steps that a search can count in, and what is proved of it.

use crate::program::ProgramRow;
use rota_rules::Strength;

/// One thing that is minimised by itself, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// The rules of one strength; `Must` only when the closest roster is wanted.
    Rules(Strength),
    /// Person-days outside the default place.
    HomeFirst,
}

impl Level {
    /// `must`, `high`, `medium`, `low`, `home_first`.
    pub fn name(self) -> &'static str {
        match self {
            Level::Rules(strength) => strength.word(),
            Level::HomeFirst => "home_first",
        }
    }
}

/// A bound this near to a cost is equal to it: HiGHS itself ends a millionth before.
pub const EQUAL: f64 = 2e-6;
/// How far a bound may be too high, relative to it or to 1; of large ones no more than this part of a step, or relative to
/// it, what reckoning with such numbers leaves.
const BOUND_TOLERANCE: f64 = 1e-5;
const PART_OF_A_STEP: f64 = 0.1;
const PRECISION: f64 = 1e-9;
/// Whole numbers up to this are told apart with some room for what they are added up to.
const MOST_STEPS: u64 = 1_000_000_000_000;
/// So many units at most are a coefficient where no step is known.
const MOST_UNITS: f64 = 1e6;
/// What is so small beside 1 that it is taken for 0: HiGHS refuses smaller coefficients.
const NOTHING: f64 = 1e-9;

/// What a level costs: `constant + sum of coefficient * column`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cost {
    /// Column and coefficient.
    pub terms: Vec<(usize, f64)>,
    /// Paid whatever is decided.
    pub constant: f64,
    /// Costs are whole multiples of this; 0 when that is not known.
    pub step: f64,
}

impl Cost {
    /// What the search counts in: the step, or where none is known the smallest coefficient, of which the largest must
    /// not be too many.
    pub fn unit(&self) -> f64 {
        if self.step > 0.0 {
            return self.step;
        }
        let sizes = || self.terms.iter().map(|(_, factor)| factor.abs()).filter(|size| *size > 0.0);
        let largest = sizes().fold(0.0, f64::max);
        if largest > 0.0 {
            sizes().fold(largest, f64::min).max(largest / MOST_UNITS)
        } else {
            1.0
        }
    }

    /// The terms, counted in units; without those that are nothing beside one, which no solver tells from 0.
    pub fn in_units(&self) -> Vec<(usize, f64)> {
        let unit = self.unit();
        let units = |factor: f64| if self.step > 0.0 { (factor / unit).round() } else { factor / unit };
        let terms = self.terms.iter().map(|(column, factor)| (*column, units(*factor)));
        terms.filter(|(_, factor)| factor.abs() > NOTHING).collect()
    }

    /// What is proved of the level's least cost, where a bound was found for it and a roster that costs `paid`: the bound
    /// taken up to a whole step, rounding errors aside, or to `paid` where no step is known and the two are equal.
    pub fn proved(&self, bound: f64, paid: f64) -> f64 {
        let up = if self.step > 0.0 {
            whole_above((bound - self.constant) / self.step) * self.step + self.constant
        } else {
            bound
        };
        // Costs are never below 0, whatever was searched.
        let up = up.clamp(0.0, paid.max(0.0));
        if self.step <= 0.0 && paid - up <= EQUAL * self.unit() {
            paid
        } else {
            up
        }
    }

    /// The row that keeps the level at what a roster costs there.
    pub fn held_at(&self, price: f64) -> ProgramRow {
        let units = (price - self.constant) / self.unit();
        let whole = self.step > 0.0 && (units - units.round()).abs() < 1e-6 * units.abs().max(1.0);
        let upper = if whole { units.round() } else { units };
        ProgramRow { lower: f64::NEG_INFINITY, upper, terms: self.in_units() }
    }
}

/// The least whole number that is not below a bound, which a backend may tell too high by its tolerance.
pub fn whole_above(bound: f64) -> f64 {
    if bound.is_finite() {
        let size = bound.abs();
        let tolerance = (BOUND_TOLERANCE * size.max(1.0)).min(PART_OF_A_STEP.max(PRECISION * size));
        (bound - tolerance).ceil()
    } else {
        bound
    }
}

/// The largest number of which every number is a whole multiple, for numbers with up to three decimals; 0 where
/// there is none, or where the multiples are too large to be told apart.
pub(super) fn common_step(numbers: &[f64]) -> f64 {
    let (mut step, mut largest) = (0u64, 0u64);
    for number in numbers {
        let thousandths = number.abs() * 1000.0;
        let error = (thousandths - thousandths.round()).abs();
        if *number == 0.0 || error > 1e-6_f64.max(thousandths * 1e-12) || thousandths > 1e15 {
            return 0.0;
        }
        let (mut one, mut other) = (step, thousandths.round() as u64);
        largest = largest.max(other);
        while other != 0 {
            (one, other) = (other, one % other);
        }
        step = one;
    }
    if step == 0 || largest / step > MOST_STEPS {
        return 0.0;
    }
    step as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_divide_every_weight() {
        assert_eq!(common_step(&[2.0, 3.0]), 1.0);
        assert_eq!(common_step(&[0.5, 2.0]), 0.5);
        assert_eq!(common_step(&[1.0 / 3.0]), 0.0);
        assert_eq!(common_step(&[5e8, 1e9]), 5e8);
        assert_eq!(common_step(&[1e9, 0.3]), 0.1);
        assert_eq!(common_step(&[1e11, 0.001]), 0.0);
    }

    #[test]
    fn bounds_go_up_to_whole_steps() {
        let halves = Cost { terms: vec![(0, 0.5), (1, 2.0)], constant: 1.0, step: 0.5 };
        assert_eq!(halves.proved(1.2, 4.0), 1.5);
        assert_eq!(halves.proved(1.500_000_1, 4.0), 1.5);
        assert_eq!(halves.proved(9.0, 4.0), 4.0);
        assert_eq!(halves.held_at(3.0).upper, 4.0);
        let any = Cost { terms: vec![(0, 0.3), (1, 0.7)], constant: 0.0, step: 0.0 };
        assert_eq!(any.proved(0.999_999_9, 1.0), 1.0);
        assert_eq!(any.proved(0.9, 1.0), 0.9);
    }
}

//! Whether an infection grows or dies out among people who work on site for some days and stay at home for others.
//!
//! The model is that of O. Karin, Y. Bar-On, T. Milo et al., "Cyclic exit strategies to suppress COVID-19 and allow
//! economic activity" (medRxiv 2020, doi 10.1101/2020.04.04.20053579): susceptible, exposed, infectious, removed, with
//! exposure and infectiousness in two stages each, so that their lengths vary as an Erlang distribution of shape 2.
//! Exposure lasts 3 days on average, as the authors give it, and infectiousness 4 days, the length with which their
//! published table comes out. While few are infected, as it is taken here, the four
//! stages follow linear equations; an infectious person infects R others in all, at an even rate over their infectious
//! time. R is one number on days on site and another on days at home. Over a whole cycle the stages are multiplied by
//! a matrix, and its largest eigenvalue is what the number of infected grows by in one cycle (Floquet's theorem).
//!
//! A model, not a forecast: everybody is taken to follow the same cycle and to meet at random.

/// Days of a cycle and of an infection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cycle {
    /// Days on site at the beginning of the cycle.
    pub on: u32,
    /// Days at home after them.
    pub off: u32,
    /// Days from infection to being infectious, on average; above 0.
    pub latent: f64,
    /// Days of being infectious, on average; above 0.
    pub infectious: f64,
}

/// Days from infection to being infectious, on average, as Karin et al. have it.
pub const LATENT: f64 = 3.0;
/// Days of being infectious, on average, with which the table of Karin et al. comes out.
pub const INFECTIOUS: f64 = 4.0;

/// Exposed, two stages; infectious, two stages.
const STAGES: usize = 4;
/// Stages of exposure, and of infectiousness.
const HALF: usize = STAGES / 2;

type Matrix = [[f64; STAGES]; STAGES];

/// Above this a critical R means nothing.
const MOST_R: f64 = 1000.0;

impl Cycle {
    /// What the number of infected is multiplied by in one cycle: above 1 it grows.
    pub fn growth(&self, r_on: f64, r_off: f64) -> f64 {
        let days = |r: f64, days: u32| exponential(&scaled(&self.rates(r), f64::from(days)));
        let growth = largest_eigenvalue(&product(&days(r_off, self.off), &days(r_on, self.on)));
        // Beyond what a number can hold.
        if growth.is_nan() {
            f64::INFINITY
        } else {
            growth
        }
    }

    /// The R on site at which the number of infected stays the same from cycle to cycle; none where it grows at home
    /// alone, or where no R on site is too much because nobody comes in.
    pub fn critical_r(&self, r_off: f64) -> Option<f64> {
        if self.growth(0.0, r_off) >= 1.0 || self.growth(MOST_R, r_off) <= 1.0 {
            return None;
        }
        let (mut low, mut high) = (0.0, MOST_R);
        // 80 halvings leave less than what a number can hold.
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if self.growth(middle, r_off) < 1.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        Some(low)
    }

    /// The R that would grow as much were it the same on every day.
    pub fn same_every_day(&self, growth: f64) -> f64 {
        let (mut low, mut high) = (0.0, MOST_R);
        for _ in 0..80 {
            let middle = f64::midpoint(low, high);
            if self.growth(middle, middle) < growth {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// What flows from stage to stage in a day.
    fn rates(&self, r: f64) -> Matrix {
        let leave = |stage: usize| {
            let days = if stage < HALF { self.latent } else { self.infectious };
            HALF as f64 / days
        };
        let mut rates = [[0.0; STAGES]; STAGES];
        for stage in 0..STAGES {
            rates[stage][stage] -= leave(stage);
            if stage + 1 < STAGES {
                rates[stage + 1][stage] += leave(stage);
            }
            if stage >= HALF {
                rates[0][stage] += r / self.infectious;
            }
        }
        rates
    }
}

fn product(one: &Matrix, other: &Matrix) -> Matrix {
    std::array::from_fn(|row| {
        std::array::from_fn(|column| (0..STAGES).map(|at| one[row][at] * other[at][column]).sum())
    })
}

fn scaled(matrix: &Matrix, factor: f64) -> Matrix {
    matrix.map(|row| row.map(|entry| entry * factor))
}

/// The matrix exponential: the power series of a small part of the matrix, squared back up (scaling and squaring).
fn exponential(matrix: &Matrix) -> Matrix {
    let size = matrix.iter().map(|row| row.iter().map(|entry| entry.abs()).sum::<f64>()).fold(0.0, f64::max);
    let halvings = (size.max(1.0).log2().ceil() as i32) + 4;
    let part = scaled(matrix, 0.5_f64.powi(halvings));
    let identity: Matrix =
        std::array::from_fn(|row| std::array::from_fn(|at| f64::from(u8::from(row == at))));
    let (mut sum, mut term) = (identity, identity);
    // Entries are below 1/16 by now: after 16 terms nothing is left.
    for order in 1..=16 {
        term = scaled(&product(&term, &part), 1.0 / f64::from(order));
        sum = std::array::from_fn(|row| std::array::from_fn(|at| sum[row][at] + term[row][at]));
    }
    for _ in 0..halvings {
        sum = product(&sum, &sum);
    }
    sum
}

/// The largest eigenvalue of a matrix without negative entries, by repeated multiplication.
fn largest_eigenvalue(matrix: &Matrix) -> f64 {
    let mut vector = [1.0; STAGES];
    let mut value = 0.0;
    for _ in 0..1000 {
        let next: [f64; STAGES] =
            std::array::from_fn(|row| (0..STAGES).map(|at| matrix[row][at] * vector[at]).sum());
        let size: f64 = next.iter().sum();
        if size <= 0.0 || !size.is_finite() {
            return size;
        }
        let before = std::mem::replace(&mut value, size / vector.iter().sum::<f64>());
        vector = next.map(|entry| entry / size);
        if (value - before).abs() <= 1e-14 * value {
            break;
        }
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUR_TEN: Cycle = Cycle { on: 4, off: 10, latent: LATENT, infectious: INFECTIOUS };

    #[test]
    fn four_days_on_ten_off_as_published() {
        let critical = [0.5, 0.6, 0.7, 0.8, 0.9].map(|home| {
            let r = FOUR_TEN.critical_r(home).expect("there is one");
            assert!((FOUR_TEN.growth(r, home) - 1.0).abs() < 1e-9);
            format!("{r:.2}")
        });
        assert_eq!(critical, ["2.80", "2.33", "1.92", "1.57", "1.27"]);
    }

    #[test]
    fn one_infects_one_and_nothing_changes() {
        assert!((FOUR_TEN.growth(1.0, 1.0) - 1.0).abs() < 1e-9);
        assert!((FOUR_TEN.critical_r(1.0 - 1e-9).expect("there is one") - 1.0).abs() < 1e-6);
        assert!((FOUR_TEN.same_every_day(FOUR_TEN.growth(1.3, 1.3)) - 1.3).abs() < 1e-9);
    }

    /// With the same R every day the growth rate g a day solves R = (1 + gl/2)^2 (1 + gi/2)^2 gi /
    /// ((1 + gi/2)^2 - 1), with l days of exposure and i days infectious: the Laplace transform of the time from
    /// infection to infecting.
    #[test]
    fn a_constant_r_grows_as_its_generation_time_says() {
        for r in [0.4, 1.5, 3.0] {
            let growth = Cycle { on: 3, off: 4, ..FOUR_TEN }.growth(r, r);
            let g = growth.ln() / 7.0;
            let (exposed, ill) = ((1.0 + g * LATENT / 2.0).powi(2), (1.0 + g * INFECTIOUS / 2.0).powi(2));
            let wanted = exposed * ill * g * INFECTIOUS / (ill - 1.0);
            assert!((wanted - r).abs() < 1e-6, "{wanted} is not {r}");
        }
    }

    /// The same by small steps in time, from one infected to the fifth cycle after the mix of stages has settled.
    #[test]
    fn agrees_with_small_steps() {
        let (on, off) = (2.5, 0.6);
        let steps = 2000;
        let mut stages = [1.0, 0.0, 0.0, 0.0];
        let mut after = Vec::new();
        for _ in 0..8 {
            for day in 0..14 {
                let rates = FOUR_TEN.rates(if day < 4 { on } else { off });
                for _ in 0..steps {
                    let flow: [f64; STAGES] =
                        std::array::from_fn(|row| (0..STAGES).map(|at| rates[row][at] * stages[at]).sum());
                    stages = std::array::from_fn(|at| stages[at] + flow[at] / f64::from(steps));
                }
            }
            after.push(stages.iter().sum::<f64>());
        }
        let stepped = after[7] / after[6];
        let found = FOUR_TEN.growth(on, off);
        assert!((stepped / found - 1.0).abs() < 1e-3, "{stepped} {found}");
    }

    #[test]
    fn where_there_is_no_answer_there_is_none() {
        assert_eq!(FOUR_TEN.critical_r(2.0), None);
        let fast = Cycle { on: 5, off: 360, latent: 0.1, infectious: 0.1 };
        assert_eq!((fast.growth(1.0, 100.0), fast.critical_r(100.0)), (f64::INFINITY, None));
        assert_eq!(Cycle { on: 0, off: 14, ..FOUR_TEN }.critical_r(0.5), None);
        // Always on site: one.
        let always = Cycle { on: 14, off: 0, ..FOUR_TEN }.critical_r(0.5).expect("there is one");
        assert!((always - 1.0).abs() < 1e-9);
    }
}

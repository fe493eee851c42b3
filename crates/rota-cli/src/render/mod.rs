//! Words and tables.

pub mod answers;
pub mod attendance;
pub mod audit;
pub mod capacity;
pub mod columns;
pub mod cover;
pub mod diff;
pub mod explain;
pub mod exposure;
pub mod findings;
pub mod grid;
pub mod growth;
pub mod judged;
pub mod markdown;
pub mod replan;
pub mod report;
pub mod roster;
pub mod rules;
pub mod size;
pub mod spare;
pub mod what_if_grid;

pub use rota_core::clean::clean;

/// `1 person`, `2 people`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 {
        format!("1 {one}")
    } else {
        format!("{number} {many}")
    }
}

/// A number without a needless fraction.
pub fn number(number: f64) -> String {
    if (number - number.round()).abs() < 1e-6 {
        format!("{}", number.round() as i64)
    } else {
        format!("{}", (number * 100.0).round() / 100.0)
    }
}

/// The same with a capital first.
pub fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + signs.as_str())
}

/// The option that gives a search longer than the seconds it had: ten minutes, or ten times as long.
pub fn longer(seconds: f64) -> String {
    const UNIT: f64 = 600.0;
    let times = (seconds * 10.0 / UNIT).round().max(1.0);
    format!("--time-limit {}", (times * UNIT).min(1e7))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_is_longer() {
        assert_eq!(longer(0.001), "--time-limit 600");
        assert_eq!(longer(60.4), "--time-limit 600");
        assert_eq!(longer(601.2), "--time-limit 6000");
        assert_eq!(longer(1e7), "--time-limit 10000000");
    }
}

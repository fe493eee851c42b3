//! What stops a question from being answered.

use rota_core::words::Problem as Words;
use rota_core::Finding;

/// Why there is no answer. That no roster keeps every rule is an answer, not an error.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// Mistakes in what was given: each with its place and what to do.
    #[error("{}", spoken(.0))]
    Mistakes(Vec<Finding>),
    /// What was found is not accepted by the code that checks it: a mistake of this library. Nothing is given out.
    #[error("rota found {what} that its own check does not accept: {details}")]
    Disagreement {
        /// What was found: `a roster`.
        what: &'static str,
        /// Where the two differ.
        details: String,
    },
    /// Threads could not be started.
    #[error("cannot start {threads} threads: {why}")]
    Threads {
        /// So many were asked for; 0 for one each core.
        threads: usize,
        /// What the system says.
        why: String,
    },
}

impl Error {
    /// One mistake in something given beside the scenario.
    pub(crate) fn of(finding: Finding) -> Error {
        Error::Mistakes(vec![finding.without_pointer()])
    }

    /// A mistake in something written in words.
    pub(crate) fn typed(code: &str, problem: Words) -> Error {
        Error::of(problem.finding(code, ""))
    }

    /// The same as findings, for those who show nothing else.
    pub fn findings(&self) -> Vec<Finding> {
        let one = |code: &str, help: &str| {
            vec![Finding::error(code, "", self.to_string()).help(help).without_pointer()]
        };
        match self {
            Error::Mistakes(findings) => findings.clone(),
            Error::Disagreement { .. } => one(
                "internal",
                "this is a mistake in rota, not in your scenario; please report it with the scenario (pseudonyms will do)",
            ),
            Error::Threads { .. } => one("threads", "ask for fewer"),
        }
    }
}

/// The first mistake, and how many more there are.
fn spoken(findings: &[Finding]) -> String {
    let mut errors = findings.iter().filter(|finding| finding.is_error());
    let first = errors.next().map_or("nothing is said of what is wrong", |finding| finding.message.as_str());
    match errors.count() {
        0 => first.to_string(),
        more => format!("{first} (and {more} more)"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_mistake_is_told_with_the_number_of_others() {
        let list: Vec<Finding> = ["a", "b", "c"].map(|text| Finding::error("x", "", text)).to_vec();
        assert_eq!(Error::Mistakes(list).to_string(), "a (and 2 more)");
    }
}

//! Why there is no roster, or why a roster is as it is.

use crate::error::Error;
use crate::options::Options;
use crate::scenario::Scenario;
use rota_core::{Finding, PersonIndex, Roster};
use rota_io::explanation::{answer, days_of, AnswerDocument, ClashDocument, ExplanationDocument, Reader};
use rota_planner::clash::{self, Answer, Clash};
use rota_planner::why::{self, questions, read_person, read_question, Question};
use rota_rules::judge::all_reasons;
use rota_rules::{Judgement, Problem};
use rota_solver::clock::{left, part};
use rota_solver::{Flow, Progress, Status};
use std::time::{Duration, Instant};

/// The code of a finding about a question that could not be read.
const QUESTION: &str = "explain.question";
/// Most questions that are answered by themselves, without being asked.
const MOST_QUESTIONS: usize = 40;

type Watch<'a> = &'a mut (dyn FnMut(&Progress) -> Flow + Send);

/// What is asked.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wondered<'a> {
    /// `amy:18 June:home`, one question each; without any, every refused wish and bent rule is asked about.
    pub why_not: &'a [String],
    /// One person's days alone, without anything about others: an id or a name.
    pub person: Option<&'a str>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The document that `rota explain` prints.
    pub document: ExplanationDocument,
    /// What stands in the way, where no roster keeps every rule.
    pub clash: Option<Box<Clash>>,
    /// The roster spoken of, given or found, and how it is judged.
    pub roster: Option<(Roster, Judgement)>,
    /// The person it is for.
    pub person: Option<PersonIndex>,
    /// Whether everything asked for cannot be: the answer is no.
    pub is_no: bool,
}

/// Says why no roster keeps every rule, with the ways out; or, of a roster (the best, where none is given), what
/// stands against refused wishes, bent rules and the days asked about.
///
/// # Errors
///
/// Questions and options that cannot be read.
pub fn explain(
    scenario: &Scenario,
    roster: Option<&Roster>,
    wondered: &Wondered<'_>,
    options: &Options<'_>,
) -> Result<Explained, Error> {
    let clock = Instant::now();
    let site = &scenario.problem.site;
    let person = wondered.person.map(|text| read_person(text, site)).transpose();
    let person = person.map_err(|problem| Error::typed(QUESTION, problem))?;
    let mut asked = Vec::new();
    let mut mistakes = Vec::new();
    for text in wondered.why_not {
        match read_question(text, site) {
            Ok(question) => asked.push(question),
            Err(problem) => mistakes.push(problem.finding(QUESTION, "").without_pointer()),
        }
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    let of_another = |question: &Question| matches!(question, Question::Elsewhere { person: of, .. } if Some(*of) != person);
    if person.is_some() && asked.iter().any(of_another) {
        let finding =
            Finding::error("explain.person", "", "one person's page answers no questions about others")
                .help("ask for everybody, or ask about that person");
        return Err(Error::of(finding));
    }
    let deadline = options.deadline(clock);
    let asks = person.is_some() || !asked.is_empty();
    options.run(|watch| {
        let asker = Asker { scenario, options, deadline };
        match roster {
            None if !asks => asker.clash(watch),
            given => asker.roster(given, person, asked, watch),
        }
    })?
}

struct Asker<'a> {
    scenario: &'a Scenario,
    options: &'a Options<'a>,
    deadline: Option<Instant>,
}

impl Asker<'_> {
    fn document(&self, status: &str) -> ExplanationDocument {
        ExplanationDocument::new(&self.scenario.problem, self.scenario.sha256(), status)
    }

    fn without_roster(&self, status: Status, person: Option<PersonIndex>) -> Explained {
        let word = if status == Status::Impossible { "impossible" } else { "unknown" };
        Explained {
            document: self.document(word),
            clash: None,
            roster: None,
            person,
            is_no: status == Status::Impossible,
        }
    }

    /// What stands in the way of every roster.
    fn clash(&self, watch: Watch<'_>) -> Result<Explained, Error> {
        let problem = &self.scenario.problem;
        match clash::explain(&self.scenario.typed, problem, self.deadline, watch) {
            Answer::Disagreement(details) => Err(Error::Disagreement { what: "an answer", details }),
            Answer::Possible => Ok(Explained {
                document: self.document("possible"),
                is_no: false,
                ..self.without_roster(Status::Unknown, None)
            }),
            Answer::Unknown => Ok(self.without_roster(Status::Unknown, None)),
            Answer::Impossible(clash) => {
                let mut explained = self.without_roster(Status::Impossible, None);
                explained.document.clash = Some(ClashDocument::of(problem, &clash));
                explained.clash = Some(clash);
                Ok(explained)
            }
        }
    }

    /// The best roster that is found in half of the time.
    fn best(&self, watch: Watch<'_>) -> Result<(Option<Roster>, Status), Error> {
        let time_limit = left(self.deadline).map(|left| Duration::from_secs_f64(left / 2.0));
        let options = rota_solver::Options { time_limit, ..self.options.of_solver(Instant::now()) };
        let solved = rota_solver::solve(&self.scenario.problem, &options, watch);
        match solved.disagreement {
            Some(details) => Err(Error::Disagreement { what: "an answer", details }),
            None => Ok((solved.roster, solved.status)),
        }
    }

    fn roster(
        &self,
        given: Option<&Roster>,
        person: Option<PersonIndex>,
        mut asked: Vec<Question>,
        watch: Watch<'_>,
    ) -> Result<Explained, Error> {
        let problem: &Problem = &self.scenario.problem;
        let were_asked = !asked.is_empty();
        let roster = match given {
            Some(roster) => roster.clone(),
            None => match self.best(watch)? {
                (Some(roster), _) => roster,
                (None, _) if person.is_none() => return self.clash(watch),
                // What stands in the way may be somebody else's affair.
                (None, status) => return Ok(self.without_roster(status, person)),
            },
        };
        let judgement = Judgement::of(problem, &roster);
        if !judgement.musts_kept() {
            // Where nothing keeps every rule, nothing can be said against one wish.
            if let (None, status) = self.best(watch)? {
                return Ok(self.without_roster(status, person));
            }
        }
        if asked.is_empty() {
            asked = questions(problem, &judgement, person);
        }
        let unanswered = asked.len().saturating_sub(MOST_QUESTIONS);
        asked.truncate(MOST_QUESTIONS);
        let reader = person.map_or(Reader::Manager, Reader::Person);
        let mut answers: Vec<AnswerDocument> = Vec::new();
        for (at, question) in asked.iter().enumerate() {
            // Each its share of what is left.
            let until = part(self.deadline, 1.0 / (asked.len() - at) as f64);
            let found =
                why::answer(&self.scenario.typed, problem, (&roster, &judgement), question, until, watch)
                    .map_err(|details| Error::Disagreement { what: "an answer", details })?;
            answers.push(answer(problem, &found, reader));
        }
        let mut document = self.document("possible");
        if !judgement.musts_kept() {
            // Whether another roster would keep them was not looked at.
            document.status = "unknown".to_string();
        }
        if let Some(person) = person {
            document.for_person = Some(problem.site.person(person).id.clone());
            document.days = Some(days_of(problem, &roster, &all_reasons(problem, &roster), person));
        }
        let cannot_be =
            |answer: &AnswerDocument| answer.outcome == "mistake" || answer.outcome == "impossible";
        let is_no = were_asked && answers.iter().all(cannot_be);
        document.answers = Some(answers);
        document.unanswered = (unanswered > 0).then_some(unanswered);
        Ok(Explained { document, clash: None, roster: Some((roster, judgement)), person, is_no })
    }
}

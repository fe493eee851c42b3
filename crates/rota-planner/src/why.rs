//! Why a roster is as it is: what would come of granting a wish, keeping a softer rule, or putting somebody elsewhere.
//!
//! Each question is answered by a solve with that one thing laid down, and the roster that comes out is compared with
//! the one asked about, level by level.

use crate::apply::{apply, Edit};
use rota_core::date::Weekday;
use rota_core::select::Spot;
use rota_core::typed::{Pin, WorkPlace};
use rota_core::words::{self, Problem as Words};
use rota_core::{About, Day, On, PersonIndex, Roster, ShiftSet, Site, Where, Who};
use rota_rules::judge::{against, concerns, home_first, Breach};
use rota_rules::model::Owner;
use rota_rules::{AnyRule, Judgement, Problem, Scenario, Strength};
use rota_solver::clock;
use rota_solver::conflict::Conflict;
use rota_solver::{solve, solve_holding, Flow, Level, Options, Progress, Solved, Status};
use std::time::{Duration, Instant};

/// What is asked of a roster.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    /// What if this wish were granted, or this softer rule kept for this subject?
    Kept {
        /// The rule.
        owner: Owner,
        /// The subject.
        about: About,
    },
    /// What if this person were there on this day?
    Elsewhere {
        /// The person.
        person: PersonIndex,
        /// The day.
        day: Day,
        /// Where.
        pin: Pin,
    },
}

/// What would come of it.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// It is so already.
    Already,
    /// It cannot be asked; says why.
    Mistake(String),
    /// No roster that keeps every rule has it.
    Impossible(Conflict),
    /// The best roster that has it.
    Compared(Compared),
    /// Nothing was found in time.
    Unknown,
}

/// The best roster that has what was asked for, beside the one asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The first level at which the two differ, and how much more the other costs there; below 0 when less.
    pub more: Option<(Level, f64)>,
    /// Whether no roster that has it costs less at that level: proved.
    pub proved: bool,
    /// What it bends, or bends more, that the roster asked about does not: at the level where they differ, or at any
    /// where they do not.
    pub instead: Vec<Breach>,
}

/// A question and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The question.
    pub question: Question,
    /// Rules that would break if only this were changed in the roster as it stands: their ids, `pin` or `law.seats`.
    pub against: Vec<String>,
    /// What would come of it.
    pub outcome: Outcome,
}

/// The wishes not granted and the softer rules bent, those about one person only where one is given. Rules `fair`
/// charge every burden, even one that is shared as well as can be, and are not asked about.
pub fn questions(problem: &Problem, judgement: &Judgement, only: Option<PersonIndex>) -> Vec<Question> {
    judgement
        .breaches
        .iter()
        .filter(|breach| breach.strength != Strength::Must && breach.cost() > 0.0)
        .filter(|breach| !is_fair(problem, breach.owner))
        .filter(|breach| only.is_none() || breach.about.person == only)
        .map(|breach| Question::Kept { owner: breach.owner, about: breach.about })
        .collect()
}

// ---------------------------------------------------------------- questions in words

/// Reads `amy:18 June:home`: a person by id or name, a day of the calendar, and `home`, `on_site`, a shift, or a
/// place of the scenario.
pub fn read_question(text: &str, site: &Site) -> Result<Question, Words> {
    let parts: Vec<&str> = text.splitn(3, ':').map(str::trim).collect();
    let [person, day, place] = parts.as_slice() else {
        return Err(Words::new(format!("`{text}` does not name a person, a day and a place"))
            .help("write it like amy:18 June:home"));
    };
    let person = read_person(person, site)?;
    let day = read_day(day, site)?;
    let pin = read_place(place, site, On::Date(site.calendar.date(day)))?;
    Ok(Question::Elsewhere { person, day, pin })
}

/// Reads one person, by id or name.
pub fn read_person(text: &str, site: &Site) -> Result<PersonIndex, Words> {
    match words::who(text, site)? {
        Who::People(ids) if ids.len() == 1 => {
            Ok(site.person_named(&ids[0]).expect("words name people of the site"))
        }
        _ => Err(Words::new(format!("`{text}` is not one person")).help("write one person's id or name")),
    }
}

fn read_day(text: &str, site: &Site) -> Result<Day, Words> {
    let calendar = &site.calendar;
    if let Some(weekday) = Weekday::parse(text) {
        let days: Vec<Day> = calendar.days().filter(|day| calendar.weekday(*day) == weekday).collect();
        return match days.as_slice() {
            [day] => Ok(*day),
            [] => Err(Words::new(format!("there is no {} in the calendar", weekday.long()))
                .help("name another day")),
            [first, second, ..] => Err(Words::new(format!("there is more than one {}", weekday.long()))
                .help(format!(
                    "write {} or {}",
                    calendar.date(*first).spoken(),
                    calendar.date(*second).spoken()
                ))),
        };
    }
    let Some(date) = words::date(text, site) else {
        return Err(
            Words::new(format!("`{text}` is not a day")).help("write it like 18 June, 2020-06-18 or Thu")
        );
    };
    calendar.day(date).ok_or_else(|| {
        Words::new(format!("{} is not in the calendar", date.spoken())).help(format!(
            "it goes from {} to {}",
            calendar.from.spoken(),
            calendar.to.spoken()
        ))
    })
}

fn read_place(text: &str, site: &Site, on: On) -> Result<Pin, Words> {
    let nothing = Pin { on, place: None, shift: None, site: None, zone: None, desk: None };
    let lower = text.to_lowercase();
    match lower.as_str() {
        "home" | "at home" => return Ok(Pin { place: Some(WorkPlace::Home), ..nothing }),
        "on_site" | "on site" | "in" => return Ok(Pin { place: Some(WorkPlace::OnSite), ..nothing }),
        _ => {}
    }
    let shift = site.calendar.shifts.iter().find(|shift| {
        shift.id == text || shift.id.to_lowercase() == lower || shift.name.to_lowercase() == lower
    });
    if let Some(shift) = shift {
        return Ok(Pin { shift: Some(shift.id.clone()), ..nothing });
    }
    let desk = site.desks.iter().find(|desk| desk.id == text || desk.name == text);
    if let Some(desk) = desk {
        return Ok(Pin { desk: Some(desk.id.clone()), ..nothing });
    }
    match words::place(text, site) {
        Ok(Where::Zone(id)) => Ok(Pin { zone: Some(id), ..nothing }),
        Ok(Where::Site(id)) => Ok(Pin { site: Some(id), ..nothing }),
        _ => Err(Words::new(format!("`{text}` is no place"))
            .help("write home, on_site, or a shift, site, zone or desk of the scenario")),
    }
}

// ---------------------------------------------------------------- answers

/// Answers one question about a roster and its judgement by a solve.
///
/// # Errors
/// What rows and check disagree about: an error of the program, never a result.
pub fn answer(
    scenario: &Scenario,
    problem: &Problem,
    (roster, judgement): (&Roster, &Judgement),
    question: &Question,
    deadline: Option<Instant>,
    watch: &mut dyn FnMut(&Progress) -> Flow,
) -> Result<Answer, String> {
    let mut answer = Answer { question: question.clone(), against: Vec::new(), outcome: Outcome::Unknown };
    let options =
        Options { time_limit: clock::left(deadline).map(Duration::from_secs_f64), ..Options::default() };
    let solved = match question {
        Question::Kept { owner, about } => {
            answer.against = against_wish(problem, roster, *owner, about);
            let holds = |other: Owner, subject: &About| (other, subject) == (*owner, about);
            solve_holding(problem, &options, &holds, watch)
        }
        Question::Elsewhere { person, day, pin } => {
            if let Some(what) = cannot_be(problem, *person, *day, pin) {
                answer.outcome = Outcome::Mistake(what);
                return Ok(answer);
            }
            let edit = Edit::AddPin { person: person.at(), pin: pin.clone() };
            let mut edited = scenario.clone();
            apply(&mut edited, &[edit]);
            let edited = match Problem::new(&edited) {
                Ok((edited, _)) => edited,
                Err(findings) => {
                    answer.outcome = Outcome::Mistake(
                        findings.first().map(|finding| finding.message.clone()).unwrap_or_default(),
                    );
                    return Ok(answer);
                }
            };
            let pins = &edited.site.person(*person).pins;
            let wanted = pins.last().expect("one was added");
            if wanted.fits(&problem.site, roster.at(*person, *day)) {
                answer.outcome = Outcome::Already;
                return Ok(answer);
            }
            answer.against = against(problem, &concerns(problem), &mut roster.clone(), *person, *day, wanted);
            solve(&edited, &options, watch)
        }
    };
    if let Some(what) = solved.disagreement {
        return Err(what);
    }
    answer.outcome = match solved.status {
        Status::Impossible => {
            Outcome::Impossible(without_question(solved.conflict.unwrap_or_default(), question, problem))
        }
        Status::Unknown => Outcome::Unknown,
        Status::Optimal | Status::Feasible => {
            Outcome::Compared(compare(problem, (roster, judgement), &solved))
        }
    };
    Ok(answer)
}

fn is_fair(problem: &Problem, owner: Owner) -> bool {
    problem.rule(owner).is_some_and(|rule| matches!(rule.rule, AnyRule::Fair(_)))
}

/// What stands against the wish of a subject of a rule `wishes`.
fn against_wish(problem: &Problem, roster: &Roster, owner: Owner, about: &About) -> Vec<String> {
    let rule = problem.rule(owner).map(|rule| &rule.rule);
    let (Some(AnyRule::Wishes(_)), Some(person), Some(day)) = (rule, about.person, about.on) else {
        return Vec::new();
    };
    let site = &problem.site;
    let refused = site
        .person(person)
        .wishes
        .iter()
        .find(|wish| wish.days.contains(&day) && wish.fits(site, roster.at(person, day)) == wish.avoid);
    refused.map_or_else(Vec::new, |wish| {
        against(problem, &concerns(problem), &mut roster.clone(), person, day, wish)
    })
}

/// Why somebody cannot be there on that day, whatever the rules.
fn cannot_be(problem: &Problem, person: PersonIndex, day: Day, pin: &Pin) -> Option<String> {
    let site = &problem.site;
    let name = &site.person(person).name;
    let date = site.calendar.date(day).spoken();
    if !site.works(person, day) {
        return Some(format!("{name} does not work on {date}"));
    }
    let wanted = pin.place.unwrap_or(WorkPlace::OnSite);
    if let Some(only) = site.laid_down(person, day).filter(|only| *only != wanted) {
        return Some(format!("{name} works {} only on {date}, and no option changes that", only.spoken()));
    }
    let elsewhere = |pinned: &&rota_core::site::Wanted| {
        pinned.days.contains(&day)
            && (pinned.is_home() != (wanted == WorkPlace::Home)
                || pinned.presence.shifts != ShiftSet::ALL && pin.shift.is_some()
                || pinned.presence.spot != Spot::Anywhere
                    && (pin.site.is_some() || pin.zone.is_some() || pin.desk.is_some()))
    };
    let pinned = site.person(person).pins.iter().find(elsewhere)?;
    Some(format!(
        "{name} is fixed on {date}: {}; take that out of `fixed` to ask what would come of it",
        pinned.spoken(site)
    ))
}

/// The conflict without the question itself.
fn without_question(mut conflict: Conflict, question: &Question, problem: &Problem) -> Conflict {
    conflict.parts.retain(|part| match question {
        Question::Kept { owner, about } => part.owner != *owner || part.about != Some(*about),
        Question::Elsewhere { person, .. } => {
            part.owner != Owner::Pin(*person, problem.site.person(*person).pins.len() as u32)
        }
    });
    conflict
}

fn costs(problem: &Problem, roster: &Roster, judgement: &Judgement) -> Vec<(Level, f64)> {
    let strengths = [Strength::Must, Strength::High, Strength::Medium, Strength::Low];
    let rules = strengths.into_iter().map(|strength| (Level::Rules(strength), judgement.cost(strength)));
    rules.chain(home_first(problem, roster).map(|cost| (Level::HomeFirst, cost))).collect()
}

fn compare(problem: &Problem, (roster, judgement): (&Roster, &Judgement), solved: &Solved) -> Compared {
    let other_roster = solved.roster.as_ref().expect("there is a roster");
    // Judged by the scenario as it is, not as it was edited for the question.
    let other = Judgement::of(problem, other_roster);
    let before = costs(problem, roster, judgement);
    let after = costs(problem, other_roster, &other);
    let more = before
        .iter()
        .zip(&after)
        .find(|(before, after)| (before.1 - after.1).abs() > 1e-6)
        .map(|(before, after)| (before.0, after.1 - before.1));
    let proved = solved
        .levels
        .iter()
        .take_while(|result| more.is_none_or(|(level, _)| result.level <= level))
        .all(|result| result.proved);
    let cost_before = |owner: Owner, about: &About| {
        judgement
            .breaches
            .iter()
            .filter(|breach| breach.owner == owner && breach.about == *about)
            .map(Breach::cost)
            .sum::<f64>()
    };
    let instead = other
        .breaches
        .into_iter()
        .filter(|breach| breach.cost() > cost_before(breach.owner, &breach.about) + 1e-6)
        .filter(|breach| !is_fair(problem, breach.owner))
        .collect();
    Compared { more, proved, instead }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rota_rules::load;

    /// A fortnight of a team of two, one of whom works at home only, and works Monday to Thursday.
    fn site() -> Site {
        let text = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-26" },
          "people": [ { "id": "amy", "name": "Amy Walsh", "base": "home", "works": ["mon", "tue", "wed", "thu"] }, { "id": "ben" } ],
          "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1" } ] } ] } ] }"#;
        load(text).problem.expect("no mistakes").site
    }

    fn mistake(text: &str) -> String {
        let problem = read_question(text, &site()).expect_err("a mistake");
        format!("{}; {}", problem.message, problem.help.unwrap_or_default())
    }

    #[test]
    fn questions_are_read() {
        let site = site();
        let read = |text: &str| read_question(text, &site).expect("reads");
        let Question::Elsewhere { person, day, pin } = read("Amy Walsh:18 June:home") else { panic!() };
        assert_eq!((person, day), (PersonIndex(0), Day(3)));
        assert_eq!(pin.place, Some(WorkPlace::Home));
        let Question::Elsewhere { pin, .. } = read("ben:2020-06-19:N1") else { panic!() };
        assert_eq!(pin.desk.as_deref(), Some("N1"));
        let Question::Elsewhere { pin, .. } = read("ben:Fri 26 June:north") else { panic!() };
        assert_eq!(pin.zone.as_deref(), Some("north"));
    }

    #[test]
    fn wrong_questions_say_what_to_write() {
        assert!(mistake("amy").contains("amy:18 June:home"));
        assert!(mistake("amyy:18 June:home").contains("did you mean `amy`"));
        assert!(mistake("everyone:18 June:home").contains("not one person"));
        assert!(mistake("amy:Thu:home").contains("write Thu 18 June or Thu 25 June"));
        assert!(mistake("amy:18 July:home").contains("it goes from Mon 15 June to Fri 26 June"));
        assert!(mistake("amy:some day:home").contains("is not a day"));
        assert!(mistake("amy:18 June:moon").contains("is no place"));
    }
}

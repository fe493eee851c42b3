//! A mended roster as a document: what changes, what is bent by it, and what to tell people.

use crate::diff::{compare, BreachChanges};
use crate::document::{
    breach, conflict_part, Asked, BreachDocument, ConflictDocument, RosterDocument, FORMAT,
};
use rota_core::roster::Roster;
use rota_core::{Date, Day, PersonIndex};
use rota_planner::diff::{differs, Change, Compared, Differs, Spot};
use rota_planner::edit::{Closable, Edit};
use rota_planner::messages::messages;
use rota_planner::replan::{is_laid_down, standing, Least, Mended};
use rota_rules::judge::Breach;
use rota_rules::laws::Says;
use rota_rules::{Judgement, Problem};
use rota_solver::conflict::Conflict;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `rota replan` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplanDocument {
    /// The version of the format: 1.
    pub replan: u32,
    /// What came of it.
    pub result: Mending,
    /// Days before this one stay as they are.
    pub since: Date,
    /// What was put into the scenario.
    pub edits: Vec<EditDocument>,
    /// How many person-days must change; none where nothing was found.
    pub least: Option<LeastDocument>,
    /// So many changes were allowed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_changes: Option<u32>,
    /// Person-days whose place, shift or site differs.
    pub changes: Vec<Change>,
    /// Person-days with the same place, shift and site at another seat.
    pub seats: Vec<Change>,
    /// New leave, days planned anew, duties.
    pub others: Vec<Change>,
    /// Whether it is proved that no roster with so few changes is better.
    pub best_of_these: bool,
    /// Breaches that are not the same as in the roster that was mended.
    pub breaches: BreachChanges,
    /// Must rules that the roster breaks on days that may not change; they stay so.
    pub past: Vec<BreachDocument>,
    /// Must rules that what has changed breaks on days that may not change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past_new: Vec<BreachDocument>,
    /// What to tell those whose days change.
    pub messages: Vec<MessageDocument>,
    /// What clashes, when impossible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<ConflictFound>,
    /// The mended roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roster: Option<RosterDocument>,
}

/// What came of mending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mending {
    /// There is a roster.
    Mended,
    /// More changes are needed than were allowed.
    TooMany,
    /// No roster keeps what is past and every must rule.
    Impossible,
    /// Nothing was found in time.
    Unknown,
}

/// One edit of the scenario: somebody is away or only at home, or a place is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EditDocument {
    /// `away`, `home_only` or `closed`.
    pub edit: String,
    /// The person's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The id of the site, zone or desk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day, included.
    pub to: Date,
}

/// How many person-days must change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LeastDocument {
    /// With so many it can be done.
    pub changes: u32,
    /// With fewer than this it cannot.
    pub bound: u32,
    /// Whether the two agree.
    pub proved: bool,
}

/// What clashes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictFound {
    /// Rules, laws and fixed days of the scenario.
    pub parts: Vec<ConflictDocument>,
    /// Days that stay as they are: past days, and today's visits.
    pub past: Vec<ConflictDocument>,
    /// Whether it was shown that nothing can be left out.
    pub irreducible: bool,
}

/// A message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MessageDocument {
    /// The person's id.
    pub person: String,
    /// What to say to them.
    pub text: String,
}

/// Messages for everybody whose days differ between two rosters.
pub fn told(problem: &Problem, old: &Roster, new: &Roster) -> Vec<MessageDocument> {
    let named = |message: rota_planner::messages::Message| MessageDocument {
        person: problem.site.person(message.person).id.clone(),
        text: message.text,
    };
    messages(&problem.site, old, new).into_iter().map(named).collect()
}

/// Edits as a document has them.
pub fn edits(edits: &[Edit]) -> Vec<EditDocument> {
    edits
        .iter()
        .map(|edit| {
            let (from, to) = edit.days();
            let (word, person, place) = match edit {
                Edit::Away { person, .. } => ("away", Some(person.clone()), None),
                Edit::HomeOnly { person, .. } => ("home_only", Some(person.clone()), None),
                Edit::Closed {
                    place: Closable::Site(id) | Closable::Zone(id) | Closable::Desk(id), ..
                } => ("closed", None, Some(id.clone())),
            };
            EditDocument { edit: word.to_string(), person, place, from, to }
        })
        .collect()
}

impl From<Least> for LeastDocument {
    fn from(least: Least) -> LeastDocument {
        LeastDocument { changes: least.changes, bound: least.bound, proved: least.proved() }
    }
}

impl ReplanDocument {
    /// A document without a roster.
    pub fn without(result: Mending, since: Date, done: &[Edit], max_changes: Option<u32>) -> ReplanDocument {
        ReplanDocument {
            replan: FORMAT,
            result,
            since,
            edits: edits(done),
            least: None,
            max_changes,
            changes: Vec::new(),
            seats: Vec::new(),
            others: Vec::new(),
            best_of_these: false,
            breaches: BreachChanges::default(),
            past: Vec::new(),
            past_new: Vec::new(),
            messages: Vec::new(),
            conflict: None,
            roster: None,
        }
    }

    /// Adds what clashes; `asked` is the problem that was solved.
    pub fn clashing(&mut self, conflict: &Conflict, asked: &Problem, problem: &Problem) {
        let (past, parts) =
            conflict.parts.iter().partition::<Vec<_>, _>(|part| is_laid_down(problem, part.owner));
        let named = |parts: Vec<&rota_solver::conflict::ConflictPart>| {
            parts.into_iter().map(|part| conflict_part(asked, part)).collect()
        };
        self.conflict =
            Some(ConflictFound { parts: named(parts), past: named(past), irreducible: conflict.irreducible });
    }

    /// Adds a mended roster. `before` is how the old one was judged by the scenario before the edits.
    pub fn mended(
        &mut self,
        problem: &Problem,
        old: &Roster,
        before: &Judgement,
        mended: &Mended,
        asked: &Asked,
    ) {
        let site = &problem.site;
        let says = Says::of(site, old);
        // What the old roster never names is not compared.
        let compared = Compared {
            shifts: says.shifts,
            sites: says.zones,
            zones: says.zones,
            desks: says.desks,
            duties: says.duties,
        };
        let change = |person: PersonIndex, day: Day| -> Option<Change> {
            let (was, now) = (old.assignment(site, person, day), mended.roster.assignment(site, person, day));
            let (was, now) = (Spot::of(&was), Spot::of(&now));
            let differs = differs(&was, &now, compared)?;
            Some(Change {
                person: site.person(person).id.clone(),
                on: site.calendar.date(day),
                differs,
                old: was,
                new: now,
            })
        };
        let listed = |list: &[(PersonIndex, Day)]| -> Vec<Change> {
            list.iter().filter_map(|(person, day)| change(*person, *day)).collect()
        };
        self.least = Some(mended.least.into());
        self.changes = listed(&mended.changes);
        self.seats = listed(&mended.seats);
        for person in PersonIndex::all(site.people.len()) {
            for day in site.calendar.days() {
                let place = (person, day);
                if !mended.changes.contains(&place) && !mended.seats.contains(&place) {
                    self.others.extend(change(person, day));
                }
            }
        }
        // A seat where none was named before is no change.
        self.seats.retain(|change| change.differs == Differs::Seat);
        self.best_of_these = !mended.levels.is_empty() && mended.levels.iter().all(|level| level.proved);
        self.breaches = compare(problem, before, &mended.judgement);
        // Whoever does not work that day has not been granted anything.
        let works = |found: &BreachDocument| {
            let person = found.about.person.as_deref().and_then(|id| site.person_named(id));
            let day = found.about.on.and_then(|date| site.calendar.day(date));
            person.zip(day).is_none_or(|(person, day)| site.works(person, day))
        };
        self.breaches.ended.retain(works);
        let (past, new): (Vec<&Breach>, Vec<&Breach>) =
            mended.past.iter().partition(|found| found.is_among(&before.breaches));
        let named =
            |list: Vec<&Breach>| list.into_iter().map(|found| breach(problem, found)).collect::<Vec<_>>();
        self.past = named(past);
        self.past_new = named(new);
        self.messages = told(problem, &standing(site, old), &mended.roster);
        self.roster = Some(RosterDocument::of_roster(
            problem,
            (&mended.roster, &mended.judgement),
            &mended.reasons,
            asked,
        ));
    }
}

//! The roster document: what `rota solve` writes and every other command reads.

use crate::audit::AuditDocument;
use crate::explanation::WayDocument;
use crate::spare::SpareDocument;
use rota_core::about::{Limit, Subject};
use rota_core::roster::{Place, Roster};
use rota_core::typed::{Assignment, WishCount};
use rota_core::{Date, Day, Finding, PersonIndex};
use rota_rules::judge::{wish_count, Breach, Judgement};
use rota_rules::model::Owner;
use rota_rules::{Problem, Strength};
use rota_solver::{LevelResult, Solved, Status, Stop};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The roster format this version reads and writes.
pub const FORMAT: u32 = 1;

/// A roster document. `unknown` and `impossible` have no assignments; `impossible` has a conflict.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RosterDocument {
    /// The version of the format: 1.
    pub roster: u32,
    /// Of which scenario.
    pub of: Of,
    /// `optimal`, `feasible`, `unknown` or `impossible`: how good the search was.
    pub status: String,
    /// Whether every law and must rule is kept: whether the roster may be used.
    pub musts_kept: bool,
    /// Every level, in the order in which they were solved.
    pub levels: Vec<LevelDocument>,
    /// Every person on every open day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignments: Option<Vec<Assignment>>,
    /// The cohort of each person.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub cohorts: BTreeMap<String, String>,
    /// Every breach, what exceptions forgive included.
    #[serde(default)]
    pub breaches: Vec<BreachDocument>,
    /// Every rule with what this roster costs by it, for whoever reviews the roster later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleCost>,
    /// What clashes, when impossible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<Vec<ConflictDocument>>,
    /// Whether it was shown that nothing can be left out of the conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict_irreducible: Option<bool>,
    /// The cheapest ways out, when impossible.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ways_out: Option<Vec<WayDocument>>,
    /// With what chance the must minima hold when people stay away, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare: Option<SpareDocument>,
    /// Counts for people to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measures: Option<Measures>,
    /// Visits without a reason, and other things worth knowing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// How it was found.
    pub solve: SolveDocument,
}

/// Which scenario a roster is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Of {
    /// Its title.
    pub title: Option<String>,
    /// SHA-256 of the scenario as read, in hexadecimal.
    pub sha256: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// One level.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LevelDocument {
    /// `must`, `high`, `medium`, `low` or `home_first`.
    pub strength: String,
    /// What the roster costs there, counted by the check.
    pub cost: f64,
    /// No roster with the same costs above costs less.
    pub bound: f64,
    /// Whether cost and bound are within the gap asked for.
    pub proved: bool,
}

impl From<&LevelResult> for LevelDocument {
    fn from(level: &LevelResult) -> LevelDocument {
        LevelDocument {
            strength: level.level.name().to_string(),
            cost: level.cost,
            bound: level.bound,
            proved: level.proved,
        }
    }
}

/// One rule and what a roster costs by it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RuleCost {
    /// The rule's id.
    pub rule: String,
    /// The rule's name: `headcount`.
    pub kind: String,
    /// `must`, `high`, `medium`, `low` or `off`.
    pub strength: String,
    /// What one unit costs.
    pub weight: f64,
    /// Why the rule is there.
    pub because: Option<String>,
    /// In how many places it is bent beyond what exceptions forgive.
    pub places: u32,
    /// By how much in all, what exceptions forgive included.
    pub amount: f64,
    /// How much of it exceptions forgive.
    pub allowed: f64,
    /// `weight * (amount - allowed)`.
    pub cost: f64,
}

/// One breach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BreachDocument {
    /// The rule's id, or the law's code.
    pub rule: String,
    /// The rule's name (`headcount`), or `law`.
    pub kind: String,
    /// The level it counts in.
    pub strength: String,
    /// The subject.
    pub about: Subject,
    /// Which limit, for rules that have two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// By how much.
    pub amount: f64,
    /// How much of it exceptions forgive.
    pub allowed: f64,
    /// What one unit costs.
    pub weight: f64,
    /// `weight * (amount - allowed)`.
    pub cost: f64,
    /// What was found.
    pub found: Value,
    /// What was wanted.
    pub wanted: Value,
    /// What is asked of the subject, in words.
    pub sentence: String,
    /// Why the rule is there.
    pub because: Option<String>,
}

/// One part of a conflict: exactly one of `rule`, `law` and `pin` is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ConflictDocument {
    /// The rule's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// The law's code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
    /// The person whose pin it is, and its place in the person's list: `amy/0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pin: Option<String>,
    /// The subject, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<Subject>,
    /// In words.
    pub sentence: String,
    /// Why the rule is there.
    pub because: Option<String>,
}

/// Counts over a roster.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Measures {
    /// Person-days on site.
    pub on_site_days: u32,
    /// Person-days at home.
    pub home_days: u32,
    /// Most people on site on one day.
    pub peak: u32,
    /// Day by day.
    pub by_day: BTreeMap<String, DayMeasure>,
    /// Person by person.
    pub by_person: BTreeMap<String, PersonMeasure>,
    /// Wish-days asked and refused.
    pub wishes: WishCount,
}

/// People on one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct DayMeasure {
    /// On site.
    pub on_site: u32,
    /// At home.
    pub home: u32,
}

/// One person's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct PersonMeasure {
    /// Days worked.
    pub worked: u32,
    /// Days on site.
    pub on_site: u32,
    /// Wish-days asked and refused.
    pub wishes: WishCount,
}

/// How a roster was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SolveDocument {
    /// Wall-clock seconds.
    pub seconds: f64,
    /// The seed given.
    pub seed: u64,
    /// Largest relative gap left at any level.
    pub gap: f64,
    /// What cut the search short: `time`, `effort` or `asked`.
    pub stopped_by: Option<String>,
    /// The solver and its version.
    pub backend: String,
    /// The version of rota.
    pub version: String,
    /// SHA-256 of the assignments and cohorts, by which a roster changed by hand is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<String>,
}

/// The findings document, as `validate --format json` prints it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FindingsDocument {
    /// The version of the format: 1.
    pub findings: u32,
    /// Whether something must be mended before anything is solved or judged.
    pub errors: usize,
    /// Everything found.
    pub list: Vec<Finding>,
}

impl FindingsDocument {
    /// A document of findings.
    pub fn new(list: Vec<Finding>) -> FindingsDocument {
        FindingsDocument {
            findings: FORMAT,
            errors: list.iter().filter(|finding| finding.is_error()).count(),
            list,
        }
    }
}

/// The answer of `check`: what is broken by a roster, whoever made it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CheckDocument {
    /// The version of the format: 1.
    pub check: u32,
    /// Whether every law and must rule is kept.
    pub musts_kept: bool,
    /// The cost at each level.
    pub costs: BTreeMap<String, f64>,
    /// Every breach.
    pub breaches: Vec<BreachDocument>,
    /// Visits without a reason, and other things worth knowing.
    pub findings: Vec<Finding>,
    /// Laws and rules that could not be judged, because the roster names no shifts or no desks.
    pub unchecked: Vec<String>,
    /// Counts for people to read.
    pub measures: Measures,
    /// What a reviewer signs, when asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audit: Option<AuditDocument>,
}

/// One breach with names.
pub fn breach(problem: &Problem, breach: &Breach) -> BreachDocument {
    let (kind, because) = match breach.owner {
        Owner::Rule(at) => {
            let rule = &problem.rules[at as usize];
            (rule.rule.name().to_string(), rule.because.clone())
        }
        _ => ("law".to_string(), None),
    };
    BreachDocument {
        rule: problem.owner_name(breach.owner),
        kind,
        strength: breach.strength.word().to_string(),
        about: breach.about.named(&problem.site),
        limit: breach.about.limit,
        amount: breach.amount,
        allowed: breach.allowed,
        weight: breach.weight,
        cost: breach.cost(),
        found: breach.found.clone(),
        wanted: breach.wanted.clone(),
        sentence: problem.sentence(breach.owner, &breach.about),
        because,
    }
}

/// Every rule of the scenario, in its order, with what was counted.
pub fn rule_costs(problem: &Problem, judgement: &Judgement) -> Vec<RuleCost> {
    let cost = |(at, rule): (usize, &rota_rules::ProblemRule)| {
        let own = || judgement.breaches.iter().filter(move |breach| breach.owner == Owner::Rule(at as u32));
        RuleCost {
            rule: rule.id.clone(),
            kind: rule.rule.name().to_string(),
            strength: rule.strength.word().to_string(),
            weight: rule.weight,
            because: rule.because.clone(),
            places: own().filter(|breach| breach.cost() > 0.0).count() as u32,
            // An empty sum of floating-point numbers is -0.
            amount: own().map(|breach| breach.amount).sum::<f64>() + 0.0,
            allowed: own().map(|breach| breach.allowed).sum::<f64>() + 0.0,
            cost: own().map(Breach::cost).sum::<f64>() + 0.0,
        }
    };
    problem.rules.iter().enumerate().map(cost).collect()
}

/// Counts over a roster.
pub fn measures(problem: &Problem, roster: &Roster) -> Measures {
    let site = &problem.site;
    let mut measures = Measures {
        on_site_days: 0,
        home_days: 0,
        peak: 0,
        by_day: BTreeMap::new(),
        by_person: BTreeMap::new(),
        wishes: WishCount::default(),
    };
    let mut days = vec![DayMeasure::default(); site.calendar.len()];
    for person in PersonIndex::all(site.people.len()) {
        let mut own = PersonMeasure::default();
        for day in site.calendar.days() {
            let counted = &mut days[day.0 as usize];
            match roster.at(person, day).place {
                Place::OnSite => {
                    counted.on_site += 1;
                    own.on_site += 1;
                    own.worked += 1;
                }
                Place::Home => {
                    counted.home += 1;
                    own.worked += 1;
                }
                Place::Off => {}
            }
        }
        let (asked, refused) = wish_count(problem, roster, person);
        own.wishes = WishCount { asked, refused };
        measures.wishes.asked += asked;
        measures.wishes.refused += refused;
        measures.by_person.insert(site.person(person).id.clone(), own);
    }
    for (at, counted) in days.iter().enumerate() {
        let day = Day(at as i32);
        measures.on_site_days += counted.on_site;
        measures.home_days += counted.home;
        measures.peak = measures.peak.max(counted.on_site);
        if site.calendar.is_open(day) || counted.on_site + counted.home > 0 {
            measures.by_day.insert(site.calendar.date(day).to_string(), *counted);
        }
    }
    measures
}

/// The finding for each visit that nothing asks for.
pub fn visits_without_reason(
    problem: &Problem,
    reasons: &BTreeMap<(PersonIndex, Day), Vec<String>>,
) -> Vec<Finding> {
    if problem.site.default_place != rota_core::typed::DefaultPlace::Home {
        return Vec::new();
    }
    reasons
        .iter()
        .filter(|(_, why)| why.is_empty())
        .map(|((person, day), _)| {
            let id = &problem.site.person(*person).id;
            Finding::warning(
                "visit.no_reason",
                "",
                format!(
                    "nothing asks for `{id}` to come in on {}",
                    problem.site.calendar.date(*day).spoken()
                ),
            )
            .help("any one of these days could be worked at home; check again after changing one")
            .without_pointer()
        })
        .collect()
}

/// What a solve was asked and of what, for the document.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// SHA-256 of the scenario.
    pub sha256: String,
    /// The seed given.
    pub seed: u64,
    /// The version of rota.
    pub version: String,
    /// Seconds of the whole command.
    pub seconds: f64,
}

impl Asked {
    /// What was asked of the scenario in a document, and took so many seconds.
    pub fn of(document: &str, seed: u64, seconds: f64) -> Asked {
        let version = env!("CARGO_PKG_VERSION").to_string();
        Asked { sha256: crate::sha256(document), seed, version, seconds }
    }
}

impl RosterDocument {
    /// The document of a finished solve.
    pub fn of(problem: &Problem, solved: &Solved, asked: &Asked) -> RosterDocument {
        let judgement = solved.judgement.as_ref();
        let conflict = solved.conflict.as_ref();
        RosterDocument {
            roster: FORMAT,
            of: Of {
                title: problem.site.title.clone(),
                sha256: asked.sha256.clone(),
                from: problem.site.calendar.from,
                to: problem.site.calendar.to,
            },
            status: solved.status.word().to_string(),
            musts_kept: judgement.is_some_and(Judgement::musts_kept),
            levels: solved.levels.iter().map(LevelDocument::from).collect(),
            assignments: solved.roster.as_ref().map(|roster| assignments(problem, roster, &solved.reasons)),
            cohorts: solved.roster.as_ref().map(|roster| roster.cohorts(&problem.site)).unwrap_or_default(),
            breaches: judgement
                .map(|judgement| judgement.breaches.iter().map(|found| breach(problem, found)).collect())
                .unwrap_or_default(),
            rules: judgement.map(|judgement| rule_costs(problem, judgement)).unwrap_or_default(),
            conflict: match (conflict, solved.status) {
                (Some(conflict), _) => {
                    Some(conflict.parts.iter().map(|part| conflict_part(problem, part)).collect())
                }
                (None, Status::Unknown) => Some(Vec::new()),
                (None, _) => None,
            },
            conflict_irreducible: conflict.map(|conflict| conflict.irreducible),
            ways_out: None,
            spare: None,
            measures: solved.roster.as_ref().map(|roster| measures(problem, roster)),
            findings: visits_without_reason(problem, &solved.reasons),
            solve: SolveDocument {
                seconds: (asked.seconds * 1000.0).round() / 1000.0,
                seed: asked.seed,
                gap: solved.gap(),
                stopped_by: solved.stopped_by.map(|stop| {
                    match stop {
                        Stop::Time => "time",
                        Stop::Nodes => "effort",
                        Stop::Asked => "asked",
                    }
                    .to_string()
                }),
                backend: rota_solver::backend::highs::version(),
                version: asked.version.clone(),
                seal: None,
            },
        }
        .sealed()
    }

    /// With the hash by which a roster changed by hand is known.
    fn sealed(mut self) -> RosterDocument {
        self.solve.seal = self.assignments.as_ref().map(|list| crate::seal::assignments(list, &self.cohorts));
        self
    }
}

impl RosterDocument {
    /// The document of a roster that was not searched for level by level: a mended one, or one that was taken from a
    /// list. Costs are the check's; nothing is claimed of how much better another roster could be.
    pub fn of_roster(
        problem: &Problem,
        (roster, judgement): (&Roster, &Judgement),
        reasons: &BTreeMap<(PersonIndex, Day), Vec<String>>,
        asked: &Asked,
    ) -> RosterDocument {
        let level = |strength: &str, cost: f64| LevelDocument {
            strength: strength.to_string(),
            cost,
            bound: 0.0,
            // Costs are never below 0.
            proved: cost <= 0.0,
        };
        let mut levels: Vec<LevelDocument> = [Strength::High, Strength::Medium, Strength::Low]
            .into_iter()
            .filter(|strength| problem.rules.iter().any(|rule| rule.strength == *strength))
            .map(|strength| level(strength.word(), judgement.cost(strength)))
            .collect();
        levels.extend(rota_rules::judge::home_first(problem, roster).map(|cost| level("home_first", cost)));
        let status = if levels.iter().all(|level| level.proved) { Status::Optimal } else { Status::Feasible };
        RosterDocument {
            roster: FORMAT,
            of: Of {
                title: problem.site.title.clone(),
                sha256: asked.sha256.clone(),
                from: problem.site.calendar.from,
                to: problem.site.calendar.to,
            },
            status: status.word().to_string(),
            musts_kept: judgement.musts_kept(),
            assignments: Some(assignments(problem, roster, reasons)),
            cohorts: roster.cohorts(&problem.site),
            breaches: judgement.breaches.iter().map(|found| breach(problem, found)).collect(),
            rules: rule_costs(problem, judgement),
            conflict: None,
            conflict_irreducible: None,
            ways_out: None,
            spare: None,
            measures: Some(measures(problem, roster)),
            findings: visits_without_reason(problem, reasons),
            solve: SolveDocument {
                seconds: (asked.seconds * 1000.0).round() / 1000.0,
                seed: asked.seed,
                gap: levels
                    .iter()
                    .map(|level| rota_solver::solve::relative_gap(level.cost, level.bound))
                    .fold(0.0, f64::max),
                stopped_by: None,
                backend: rota_solver::backend::highs::version(),
                version: asked.version.clone(),
                seal: None,
            },
            levels,
        }
        .sealed()
    }
}

/// The assignments of a roster with the reasons of every visit.
pub fn assignments(
    problem: &Problem,
    roster: &Roster,
    reasons: &BTreeMap<(PersonIndex, Day), Vec<String>>,
) -> Vec<Assignment> {
    let mut assignments = roster.assignments(&problem.site);
    for assignment in &mut assignments {
        let person = problem.site.person_named(&assignment.person);
        let day = problem.site.calendar.day(assignment.on);
        assignment.needed_for = person.zip(day).and_then(|place| reasons.get(&place)).cloned();
    }
    assignments
}

/// One part of a conflict with names.
pub fn conflict_part(problem: &Problem, part: &rota_solver::conflict::ConflictPart) -> ConflictDocument {
    let about = part.about.unwrap_or_default();
    let sentence = problem.sentence(part.owner, &about);
    let mut document = ConflictDocument {
        rule: None,
        law: None,
        pin: None,
        about: part.about.map(|about| about.named(&problem.site)),
        sentence,
        because: None,
    };
    match part.owner {
        Owner::Law(law) => document.law = Some(law.code().to_string()),
        Owner::Pin(person, at) => document.pin = Some(format!("{}/{at}", problem.site.person(person).id)),
        Owner::Rule(at) => {
            document.rule = Some(problem.rules[at as usize].id.clone());
            document.because.clone_from(&problem.rules[at as usize].because);
        }
    }
    document
}

/// The exit code of a solve: 0 done and usable, 1 the answer is no, 4 no answer yet.
pub fn exit_code(document: &RosterDocument) -> u8 {
    match document.status.as_str() {
        "unknown" => 4,
        "impossible" => 1,
        _ => u8::from(!document.musts_kept),
    }
}

impl CheckDocument {
    /// The document of a check.
    pub fn of(
        problem: &Problem,
        roster: &Roster,
        judgement: &Judgement,
        reasons: &BTreeMap<(PersonIndex, Day), Vec<String>>,
    ) -> CheckDocument {
        let mut costs = BTreeMap::new();
        for strength in [Strength::Must, Strength::High, Strength::Medium, Strength::Low] {
            if problem.rules.iter().any(|rule| rule.strength == strength) || strength == Strength::Must {
                costs.insert(strength.word().to_string(), judgement.cost(strength));
            }
        }
        if let Some(cost) = rota_rules::judge::home_first(problem, roster) {
            costs.insert("home_first".to_string(), cost);
        }
        CheckDocument {
            check: FORMAT,
            musts_kept: judgement.musts_kept(),
            costs,
            breaches: judgement.breaches.iter().map(|found| breach(problem, found)).collect(),
            // What was not judged may be the reason.
            findings: if judgement.unchecked.is_empty() {
                visits_without_reason(problem, reasons)
            } else {
                Vec::new()
            },
            unchecked: judgement.unchecked.iter().map(|owner| problem.owner_name(*owner)).collect(),
            measures: measures(problem, roster),
            audit: None,
        }
    }
}

/// Whether a solved status lets a roster be written.
pub fn has_roster(solved: &Solved) -> bool {
    matches!(solved.status, Status::Optimal | Status::Feasible) && solved.roster.is_some()
}

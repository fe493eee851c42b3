//! The problem: a checked site and its rules, ready to be solved or judged.

use crate::entry::{Allow, ForEach, RuleEntry, Strength};
use crate::model::{Model, Owner};
use crate::rule::AnyRule;
use crate::scenario::Scenario;
use crate::{laws, tally::Tally};
use rota_core::date::Date;
use rota_core::finding::Finding;
use rota_core::site::{is_id, Parts};
use rota_core::{About, Names, Roster, Site, TeamIndex};
use std::collections::{HashMap, HashSet};
use std::sync::atomic::AtomicBool;
use std::sync::Arc;

/// One rule of a problem.
#[derive(Debug, Clone, PartialEq)]
pub struct ProblemRule {
    /// Its id, given or made from its name.
    pub id: String,
    /// The rule.
    pub rule: AnyRule,
    /// How strong.
    pub strength: Strength,
    /// What one unit of breach costs.
    pub weight: f64,
    /// Why it is there.
    pub because: Option<String>,
    /// Not shown in shared outputs.
    pub private: bool,
    /// Asks for a review after this date.
    pub review: Option<Date>,
    /// Read once per team.
    pub for_each: Option<ForEach>,
    /// Agreed exceptions.
    pub allow: Vec<Allow>,
}

/// A checked site and its rules.
#[derive(Debug, Clone)]
pub struct Problem {
    /// Who works when, where there is room.
    pub site: Site,
    /// The rules, those that are off included, in the order of the scenario.
    pub rules: Vec<ProblemRule>,
}

impl Problem {
    /// Checks a scenario. Errors, if any, are all in the list with pointers into the scenario; otherwise the
    /// list holds warnings and notes. Takes time linear in the size of the scenario.
    pub fn new(scenario: &Scenario) -> Result<(Problem, Vec<Finding>), Vec<Finding>> {
        let (problem, findings) = Problem::build(scenario);
        if findings.iter().any(Finding::is_error) {
            Err(findings)
        } else {
            Ok((problem, findings))
        }
    }

    /// The same, with the problem even when there are errors: only good for finding more of them.
    pub fn build(scenario: &Scenario) -> (Problem, Vec<Finding>) {
        let (site, mut findings) = Site::build(&Parts {
            title: scenario.title.as_deref(),
            default_place: scenario.default_place,
            calendar: &scenario.calendar,
            people: &scenario.people,
            sites: &scenario.sites,
            history: scenario.history.as_ref(),
            previous: &scenario.previous,
            ties: &scenario.ties,
        });
        let site = name_duties_and_cohorts(site, &scenario.rules, &mut findings);
        let rules = build_rules(&site, &scenario.rules, &mut findings);
        let wishes_at = scenario.people.iter().position(|person| !person.wishes.is_empty());
        let reads_wishes = rules.iter().any(|rule| matches!(rule.rule, AnyRule::Wishes(_)));
        if let (Some(at), false) = (wishes_at, reads_wishes) {
            findings.push(
                Finding::warning(
                    "wishes.unread",
                    format!("/people/{at}/wishes"),
                    "people have wishes, but no rule `wishes` reads them",
                )
                .help("add { \"wishes\": {}, \"strength\": \"medium\" } to `rules`"),
            );
        }
        let has = |read: &dyn Fn(&AnyRule) -> bool| scenario.rules.iter().any(|entry| read(&entry.rule));
        if !scenario.previous.is_empty() && !has(&|rule| matches!(rule, AnyRule::Keep(_))) {
            findings.push(
                Finding::warning(
                    "previous.unread",
                    "/previous",
                    "no rule `keep` reads the rota that this one replaces",
                )
                .help("add { \"keep\": {}, \"strength\": \"high\" } to `rules`, or leave `previous` out"),
            );
        }
        if !scenario.ties.is_empty() && !has(&|rule| matches!(rule, AnyRule::Mixing(_))) {
            findings.push(
                Finding::warning("ties.unread", "/ties", "no rule `mixing` reads the ties")
                    .help("add { \"mixing\": { \"want\": \"little\" }, \"strength\": \"medium\" } to `rules`, or leave `ties` out"),
            );
        }
        let anchors =
            scenario.calendar.anchor.zip(scenario.history.as_ref().and_then(|history| history.anchor));
        if let Some((now, before)) = anchors.filter(|(now, before)| now != before) {
            let message = format!("the anchor {now} is not that of the rotas before, {before}");
            findings
                .push(Finding::warning("calendar.anchor", "/calendar/anchor", message).help(
                    "cycles and fortnights begin anew from it; to go on as before, leave `anchor` out",
                ));
        }
        (Problem { site, rules }, findings)
    }

    /// The site as each reading of a rule sees it: once, or once per team.
    pub fn readings(&self, rule: &ProblemRule) -> Vec<(Option<TeamIndex>, Site)> {
        readings(&self.site, rule.for_each)
    }

    /// The rows of the laws, of the pins and of every rule that is not off.
    pub fn model(&self) -> Model {
        self.model_until(Arc::default())
    }

    /// The same, given up as soon as the flag is set: then [`Model::is_stopped`] and its rows are not all there.
    pub fn model_until(&self, stop: Arc<AtomicBool>) -> Model {
        let mut model = Model::until(&self.site, stop);
        laws::rows(&self.site, &mut model);
        for (at, rule) in self.rules.iter().enumerate().filter(|(_, rule)| rule.strength != Strength::Off) {
            if model.is_stopped() {
                break;
            }
            self.rule_rows(at, rule, &mut model);
        }
        model
    }

    fn rule_rows(&self, at: usize, rule: &ProblemRule, model: &mut Model) {
        for (team, site) in self.readings(rule) {
            model.begin(Owner::Rule(at as u32), team);
            rule.rule.rows(&site, model);
        }
    }

    /// The rows of one rule alone.
    pub fn model_of(&self, at: usize) -> Model {
        let mut model = Model::new(&self.site);
        self.rule_rows(at, &self.rules[at], &mut model);
        model
    }

    /// The breaches of one rule in a roster, before exceptions. `site` may look at a part only.
    pub fn tally(&self, rule: &ProblemRule, site: &Site, roster: &Roster) -> Tally {
        let mut tally = Tally::default();
        for (team, site) in readings(site, rule.for_each) {
            tally.begin(team);
            rule.rule.check(&site, roster, &mut tally);
        }
        tally
    }

    /// How much of an amount about a subject the rule's exceptions forgive: the largest that fits.
    pub fn allowed(&self, rule: &ProblemRule, about: &About) -> f64 {
        rule.allow
            .iter()
            .filter(|allow| fits(&self.site, allow, about))
            .map(|allow| allow.amount)
            .fold(0.0, f64::max)
    }

    /// What an owner is called in documents and on screen: a rule's id, `law.desk`, `pin`.
    pub fn owner_name(&self, owner: Owner) -> String {
        match owner {
            Owner::Law(law) => law.code().to_string(),
            Owner::Pin(..) => "pin".to_string(),
            Owner::Rule(at) => self.rules[at as usize].id.clone(),
        }
    }

    /// A breach for those who look for a mistake of the program: who is broken, and the sentence.
    pub fn told(&self, breach: &crate::judge::Breach) -> String {
        let sentence = self.sentence(breach.owner, &breach.about);
        format!("`{}`: {sentence}", self.owner_name(breach.owner))
    }

    /// One sentence about one subject of any owner.
    pub fn sentence(&self, owner: Owner, about: &About) -> String {
        match owner {
            Owner::Law(law) => laws::sentence(&self.site, law, about),
            Owner::Pin(person, at) => laws::pin_sentence(&self.site, person, at, about),
            Owner::Rule(at) => {
                let rule = &self.rules[at as usize];
                let site = match about.team {
                    Some(team) if rule.for_each.is_some() => self.site.scoped_to(team),
                    _ => self.site.clone(),
                };
                rule.rule.sentence(&site, about)
            }
        }
    }

    /// The rule that an owner is; none for laws and pins.
    pub fn rule(&self, owner: Owner) -> Option<&ProblemRule> {
        match owner {
            Owner::Law(_) | Owner::Pin(..) => None,
            Owner::Rule(at) => Some(&self.rules[at as usize]),
        }
    }

    /// How strong an owner is; laws and pins are `must`.
    pub fn strength(&self, owner: Owner) -> Strength {
        self.rule(owner).map_or(Strength::Must, |rule| rule.strength)
    }

    /// Whether an owner is a rule, not a law or a pin.
    pub fn is_rule(owner: Owner) -> bool {
        matches!(owner, Owner::Rule(_))
    }
}

fn readings(site: &Site, for_each: Option<ForEach>) -> Vec<(Option<TeamIndex>, Site)> {
    match for_each {
        None => vec![(None, site.clone())],
        Some(ForEach::Team) => TeamIndex::all(site.teams.len())
            // Looking at one person, only the readings of their own team can change.
            .filter(|team| site.lens.is_none_or(|lens| site.person(lens.person).team == Some(*team)))
            .map(|team| (Some(team), site.scoped_to(team)))
            .collect(),
    }
}

fn fits(site: &Site, allow: &Allow, about: &About) -> bool {
    let calendar = &site.calendar;
    let same = |wanted: &Option<String>, found: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| found == Some(wanted))
    };
    let subject = about.named(site);
    let on = allow.on.is_none_or(|on| {
        let Some(first) = about.on else { return false };
        let last = about.to.unwrap_or(first);
        (first.0..=last.0).any(|day| on.covers(calendar.date(rota_core::Day(day))))
    });
    let either = |wanted: &Option<String>, one: Option<&str>, other: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| one == Some(wanted) || other == Some(wanted))
    };
    on && same(&allow.person, subject.person.as_deref())
        && same(&allow.with, subject.with.as_deref())
        && same(&allow.team, subject.team.as_deref())
        && same(&allow.shift, subject.shift.as_deref())
        && same(&allow.site, subject.site.as_deref())
        && same(&allow.zone, subject.zone.as_deref())
        && either(&allow.desk, subject.desk.as_deref(), subject.with_desk.as_deref())
        && either(&allow.with_desk, subject.desk.as_deref(), subject.with_desk.as_deref())
        && same(&allow.cohort, subject.cohort.as_deref())
        && allow.group.is_none_or(|group| subject.group == Some(group))
        && allow.limit.is_none_or(|limit| about.limit == Some(limit))
}

/// Rules that are off name nothing.
fn name_duties_and_cohorts(site: Site, entries: &[RuleEntry], findings: &mut Vec<Finding>) -> Site {
    let mut names = Names::default();
    for (at, entry) in entries.iter().enumerate().filter(|(_, entry)| entry.strength != Strength::Off) {
        for (_, reading) in readings(&site, entry.for_each) {
            let found = entry.rule.names(&reading, &mut names);
            let prefix = format!("/rules/{at}/{}", entry.rule.name());
            findings.extend(found.into_iter().map(|finding| finding.below(&prefix)));
        }
    }
    site.with_names(names)
}

fn build_rules(site: &Site, entries: &[RuleEntry], findings: &mut Vec<Finding>) -> Vec<ProblemRule> {
    let mut given: HashMap<&str, usize> = HashMap::new();
    for (at, entry) in entries.iter().enumerate() {
        let Some(id) = &entry.id else { continue };
        if !is_id(id) {
            findings.push(
                Finding::error("rule.id", format!("/rules/{at}/id"), format!("`{id}` cannot be an id"))
                    .help("use letters, digits and _ . @ -, at most 64 of them"),
            );
        }
        let first = *given.entry(id).or_insert(at);
        if first != at {
            findings.push(
                Finding::error(
                    "rule.duplicate",
                    format!("/rules/{at}/id"),
                    format!("the rule id `{id}` is there twice"),
                )
                .help(format!("the first is rules[{first}]; give this one another id")),
            );
        }
    }
    let mut taken: HashSet<String> = given.keys().map(|id| (*id).to_string()).collect();
    let mut counted: HashMap<&str, usize> = HashMap::new();
    let mut rules = Vec::with_capacity(entries.len());
    for (at, entry) in entries.iter().enumerate() {
        let name = entry.rule.name();
        let count = counted.entry(name).or_default();
        *count += 1;
        let id = entry.id.clone().unwrap_or_else(|| {
            let numbered =
                |number: usize| if number == 1 { name.to_string() } else { format!("{name}-{number}") };
            while !taken.insert(numbered(*count)) {
                *count += 1;
            }
            numbered(*count)
        });
        let pointer = format!("/rules/{at}");
        if !rota_core::typed::is_weight(entry.weight) {
            findings.push(
                Finding::error("rule.weight", format!("{pointer}/weight"), rota_core::typed::NO_WEIGHT)
                    .help("write 1 or another number in between; \"strength\": \"off\" leaves the rule out"),
            );
        }
        if entry.strength == Strength::Must && matches!(entry.rule, AnyRule::Fair(_)) {
            findings.push(
                Finding::warning(
                    "fair.must",
                    format!("{pointer}/fair"),
                    "as a must, `fair` forbids every burden",
                )
                .help(
                    "write \"strength\": \"low\" beside it, so that the burden is shared and not forbidden",
                ),
            );
        }
        for (allow_at, allow) in entry.allow.iter().enumerate() {
            check_allow(site, allow, &format!("{pointer}/allow/{allow_at}"), findings);
        }
        if entry.for_each.is_some() && site.teams.is_empty() {
            findings.push(
                Finding::error("rule.no_team", format!("{pointer}/for_each"), "nobody is in a team")
                    .help("give people a `team`, or leave out `for_each`"),
            );
        }
        findings.extend(
            rule_findings(site, entry).into_iter().map(|found| found.below(&format!("{pointer}/{name}"))),
        );
        rules.push(ProblemRule {
            id,
            rule: entry.rule.clone(),
            strength: entry.strength,
            weight: entry.weight,
            because: entry.because.clone(),
            private: entry.private,
            review: entry.review,
            for_each: entry.for_each,
            allow: entry.allow.clone(),
        });
    }
    rules
}

/// What a rule finds in each of its readings; what several find is told once.
fn rule_findings(site: &Site, entry: &RuleEntry) -> Vec<Finding> {
    if entry.for_each.is_none() || site.teams.is_empty() {
        return entry.rule.validate(site);
    }
    let mut findings: Vec<Finding> = Vec::new();
    for (_, reading) in readings(site, entry.for_each) {
        for finding in entry.rule.validate(&reading) {
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        }
    }
    findings
}

/// The largest amount that an exception may forgive: more than any rule can be broken by, and a number that can be
/// reckoned with.
const MOST_FORGIVEN: f64 = 1e9;

fn check_allow(site: &Site, allow: &Allow, pointer: &str, findings: &mut Vec<Finding>) {
    if !(allow.amount > 0.0 && allow.amount <= MOST_FORGIVEN) {
        findings.push(
            Finding::error(
                "allow.amount",
                format!("{pointer}/amount"),
                format!("an amount must be above 0 and at most {MOST_FORGIVEN}"),
            )
            .help("say how much is forgiven, for example 1; \"strength\": \"off\" leaves the rule out"),
        );
    }
    if let Some(rota_core::On::Span { from, to }) = &allow.on {
        if from > to {
            findings.push(
                Finding::error(
                    "date.order",
                    format!("{pointer}/on"),
                    format!("`from` {from} is after `to` {to}"),
                )
                .help("swap the two dates"),
            );
        }
    }
    for (field, id) in [("person", &allow.person), ("with", &allow.with)] {
        if let Some(id) = id.as_ref().filter(|id| site.person_named(id).is_none()) {
            findings.push(site.unknown_person("allow", &format!("{pointer}/{field}"), id));
        }
    }
    if let Some(id) = allow.shift.as_ref().filter(|id| site.shift(id).is_none()) {
        findings.push(site.unknown_shift("allow", &format!("{pointer}/shift"), id));
    }
    if let Some(id) = allow.team.as_ref().filter(|id| site.team(id).is_none()) {
        findings.push(site.unknown_team("allow", &format!("{pointer}/team"), id));
    }
    if let Some(id) = allow.site.as_ref().filter(|id| site.site_named(id).is_none()) {
        findings.push(site.unknown_site("allow", &format!("{pointer}/site"), id));
    }
    if let Some(id) = allow.zone.as_ref().filter(|id| site.zone_named(id).is_none()) {
        findings.push(site.unknown_zone("allow", &format!("{pointer}/zone"), id));
    }
    for (field, id) in [("desk", &allow.desk), ("with_desk", &allow.with_desk)] {
        if let Some(id) = id.as_ref().filter(|id| site.desk_named(id).is_none()) {
            findings.push(site.unknown_desk("allow", &format!("{pointer}/{field}"), id));
        }
    }
}

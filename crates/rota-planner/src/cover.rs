//! Who can be asked to come in when people are away: ranked sets of people, found with the check alone.
//!
//! What must rules miss on the days of absence is put right by asking people: to come in, to take another shift, to
//! take a duty, to sit in another zone. Sets are built up one person at a time, by the difference that each makes to what the rules count;
//! of each size the best sets go on, so that a set may be missed where many people are needed. The sets of the days
//! are then put together, so that several absences are answered at once. What goes wrong on later days because of the absence (too long at home, a team day missed)
//! is put right by one more changed day where one is enough. Every answer is judged as a whole by the check before
//! it is given; one that breaks a law or must rule which held before is not given.
//!
//! Nobody is asked who is away, at home only, or whose day is fixed, and nobody who is not asked moves.

pub use crate::places::Asked;
use crate::places::{people, rounded, Places};
use crate::replan::standing;
use rota_core::roster::{Cell, Place, Roster};
use rota_core::typed::WorkPlace;
use rota_core::{About, Day, PersonIndex, Site};
use rota_rules::judge::{Breach, Judgement};
use rota_rules::laws::Says;
use rota_rules::model::Owner;
use rota_rules::{AnyRule, Problem, Strength};
use std::collections::BTreeSet;

/// Sets of one or two people that are built upon, and sets of more.
const BEAM: [usize; 2] = [40, 10];
/// Sets of one day that are put together with those of other days, and days put together so far that go on.
const MOST_SETS: usize = 24;
/// No more people than this are asked for one day.
const MOST_ASKED: usize = 10;
/// So many people who are only of use together are looked for.
const MOST_TOGETHER: usize = 2;
/// Days on which something is put right later, for one choice.
const MOST_LATER: usize = 4;
/// Ways to put one thing right later that are judged as a whole.
const MOST_TRIED: usize = 6;
/// Choices given.
const MOST_CHOICES: usize = 10;
/// Choices judged as a whole, at most.
const MOST_JUDGED: usize = 60;

/// What is asked.
#[derive(Debug)]
pub struct Request<'a> {
    /// The problem as it was.
    pub before: &'a Problem,
    /// The problem with the absences.
    pub problem: &'a Problem,
    /// The roster as it was.
    pub old: &'a Roster,
}

/// A set of people to ask.
#[derive(Debug, Clone)]
pub struct Choice {
    /// Who is asked, on the days of absence.
    pub asked: Vec<Asked>,
    /// Others who would do as well in place of one of them: the same is bent.
    pub instead: Vec<(PersonIndex, Vec<PersonIndex>)>,
    /// Later days changed to put right what the absence breaks there.
    pub later: Vec<Asked>,
    /// The roster with all of that.
    pub roster: Roster,
    /// Judged as a whole.
    pub judgement: Judgement,
    /// How many come in who would not.
    pub visits: usize,
    /// What it costs more than the roster as it was: must, high, medium, low.
    pub costs: [f64; 4],
    /// Must rules that the absence breaks on other days and that this does not put right.
    pub left: Vec<Breach>,
}

/// The answer.
#[derive(Debug, Clone)]
pub struct Cover {
    /// The roster without those who are away, and nobody in their place.
    pub base: Roster,
    /// That roster, judged.
    pub judgement: Judgement,
    /// The days of absence that were worked.
    pub days: Vec<Day>,
    /// What is missing on those days.
    pub missing: Vec<Breach>,
    /// What goes wrong on other days because of the absence.
    pub later: Vec<Breach>,
    /// Sets of people, the best first; when nobody is needed one with nobody in it.
    pub choices: Vec<Choice>,
    /// Those who would be of use on the days on which somebody is missing and may only be at home, or whose day is fixed.
    pub not_asked: Vec<PersonIndex>,
}

/// Finds who can be asked.
pub fn cover(request: &Request<'_>) -> Cover {
    let problem = request.problem;
    let site = &problem.site;
    let base = standing(site, request.old);
    let says = Says::of(site, request.old);
    let was = Judgement::with(request.before, request.old, says);
    let now = Judgement::with(problem, &base, says);
    let days: Vec<Day> = site
        .calendar
        .days()
        .filter(|day| {
            let gone = |person: &PersonIndex| {
                request.old.at(*person, *day).place != Place::Off
                    && base.at(*person, *day).place == Place::Off
            };
            people(site).any(|person| gone(&person))
        })
        .collect();
    let begun = worse(&was, &now);
    let is_now = |breach: &Breach| {
        let about = &breach.about;
        about.to.is_none_or(|to| Some(to) == about.on) && about.on.is_some_and(|day| days.contains(&day))
    };
    let (missing, later): (Vec<Breach>, Vec<Breach>) = begun.into_iter().partition(is_now);
    let search = Search {
        problem,
        places: Places::new(problem, says),
        says,
        was: &was,
        later: &later,
        first: days.first().copied(),
    };
    let mut choices = search.choices(&base, &missing);
    fold(problem, &mut choices);
    choices.truncate(MOST_CHOICES);
    let needed: BTreeSet<Day> = missing.iter().filter_map(|breach| breach.about.on).collect();
    let mut tried = base.clone();
    let not_asked = people(site)
        .filter(|person| {
            needed.iter().any(|day| {
                base.at(*person, *day).place == Place::Home
                    && is_fixed(site, *person, *day)
                    && search.places.would_help(&mut tried, *person, *day)
            })
        })
        .collect();
    Cover { base, judgement: now, days, missing, later, choices, not_asked }
}

/// Whether a person's day is laid down, or fixed in the scenario.
fn is_fixed(site: &Site, person: PersonIndex, day: Day) -> bool {
    site.laid_down(person, day) == Some(WorkPlace::Home)
        || site.person(person).pins.iter().any(|pin| pin.days.contains(&day))
}

/// Breaches of laws and must rules that one judgement has and another does not have, or not as much of.
fn worse(was: &Judgement, now: &Judgement) -> Vec<Breach> {
    now.broken_musts().filter(|breach| !breach.is_among(&was.breaches)).cloned().collect()
}

/// A set of person-days in the making, with the difference it makes.
#[derive(Debug, Clone)]
struct Part {
    asked: Vec<Asked>,
    costs: [f64; 4],
    /// How many of them come in who would not.
    visits: usize,
}

impl Part {
    const NOBODY: Part = Part { asked: Vec::new(), costs: [0.0; 4], visits: 0 };

    /// With one more, who is now where the roster has them.
    fn with(&self, roster: &Roster, asked: Asked, costs: [f64; 4]) -> Part {
        let mut part = self.clone();
        part.visits += usize::from(roster.at(asked.person, asked.day).place != Place::OnSite);
        part.asked.push(asked);
        for (sum, cost) in part.costs.iter_mut().zip(costs) {
            *sum += cost;
        }
        part
    }

    /// The better the smaller: levels in order, then people, visits and person-days.
    fn rank(&self) -> ([i64; 4], usize, usize, usize) {
        (rounded(self.costs), asked_people(&self.asked).len(), self.visits, self.asked.len())
    }
}

/// Which person-days are asked for, in order.
fn key(asked: &[Asked]) -> Vec<(Day, PersonIndex)> {
    let mut key: Vec<(Day, PersonIndex)> = asked.iter().map(|asked| (asked.day, asked.person)).collect();
    key.sort_unstable();
    key
}

fn asked_people(asked: &[Asked]) -> BTreeSet<PersonIndex> {
    asked.iter().map(|asked| asked.person).collect()
}

/// A roster with those who are asked where they are asked to be.
fn with(base: &Roster, asked: &[Asked]) -> Roster {
    let mut roster = base.clone();
    for asked in asked {
        roster.set(asked.person, asked.day, asked.cell);
    }
    roster
}

struct Search<'a> {
    problem: &'a Problem,
    places: Places<'a>,
    says: Says,
    was: &'a Judgement,
    later: &'a [Breach],
    first: Option<Day>,
}

impl Search<'_> {
    fn site(&self) -> &Site {
        &self.problem.site
    }

    /// All choices, judged, the best first.
    fn choices(&self, base: &Roster, missing: &[Breach]) -> Vec<Choice> {
        let needed: BTreeSet<Day> = missing.iter().filter_map(|breach| breach.about.on).collect();
        let mut together = vec![Part::NOBODY];
        for day in needed.iter().copied() {
            let short: f64 =
                missing.iter().filter(|breach| breach.about.on == Some(day)).map(Breach::cost).sum();
            let sets = self.sets(base, day, short);
            let mut longer: Vec<Part> = Vec::new();
            for part in &together {
                let roster = with(base, &part.asked);
                for set in &sets {
                    longer.push(self.put_together(part, set, &roster));
                }
            }
            longer.sort_by_key(Part::rank);
            longer.truncate(MOST_SETS);
            together = longer;
        }
        let mut choices: Vec<Choice> =
            together.iter().take(MOST_JUDGED).filter_map(|part| self.judged(base, part, &needed)).collect();
        // Different sets may come to the same without those who are not needed.
        let mut seen: BTreeSet<Vec<(Day, PersonIndex)>> = BTreeSet::new();
        choices.retain(|choice| seen.insert(key(&choice.asked)));
        choices.sort_by_key(|choice| {
            (
                choice.left.len(),
                rounded(choice.costs),
                asked_people(&choice.asked).len(),
                choice.visits,
                choice.asked.len() + choice.later.len(),
            )
        });
        choices
    }

    /// A set of one day beside those of other days, in a roster that has the others.
    fn put_together(&self, part: &Part, set: &Part, roster: &Roster) -> Part {
        let mut roster = roster.clone();
        let mut whole = part.clone();
        for asked in &set.asked {
            let costs = self.places.costs(&mut roster, *asked);
            whole = whole.with(&roster, *asked, costs);
            roster.set(asked.person, asked.day, asked.cell);
        }
        whole
    }

    /// Sets of people who put right what a day is short of, from which nobody can be left out: the smallest ones and,
    /// where they are small, those of one more.
    fn sets(&self, base: &Roster, day: Day, short: f64) -> Vec<Part> {
        let strict = self.sets_of(base, day, short, true);
        // Some are only of use together.
        if strict.is_empty() {
            self.sets_of(base, day, short, false)
        } else {
            strict
        }
    }

    fn sets_of(&self, base: &Roster, day: Day, short: f64, strict: bool) -> Vec<Part> {
        let candidates: Vec<PersonIndex> =
            people(self.site()).filter(|person| self.may_be_asked(base, *person, day)).collect();
        let mut found: Vec<Part> = Vec::new();
        let mut open = vec![Part::NOBODY];
        // Each must help; where some are only of use together, each must at least not harm.
        let helps = if strict { -1e-6 } else { 1e-6 };
        let mut most = if strict { MOST_ASKED } else { MOST_TOGETHER };
        for size in 1..=MOST_ASKED {
            if size > most {
                break;
            }
            let mut seen: BTreeSet<Vec<(Day, PersonIndex)>> = BTreeSet::new();
            let mut next: Vec<Part> = Vec::new();
            for part in &open {
                let mut roster = with(base, &part.asked);
                for person in &candidates {
                    if part.asked.iter().any(|asked| asked.person == *person) {
                        continue;
                    }
                    let mut key = key(&part.asked);
                    key.push((day, *person));
                    key.sort_unstable();
                    if seen.contains(&key) || found.iter().any(|set| is_part(&self::key(&set.asked), &key)) {
                        continue;
                    }
                    // The last one must make the set complete.
                    let enough = if size == most { -short - part.costs[0] + 1e-6 } else { helps };
                    let wanted = enough.min(helps);
                    if let Some((cell, costs)) =
                        self.places.best_cell(base, &mut roster, (*person, day), wanted)
                    {
                        seen.insert(key);
                        next.push(part.with(&roster, Asked { person: *person, day, cell }, costs));
                    }
                }
            }
            let (done, rest): (Vec<Part>, Vec<Part>) =
                next.into_iter().partition(|part| part.costs[0] <= -short + 1e-6);
            if !done.is_empty() && found.is_empty() && strict {
                // Among many people one more is not worth the looking.
                most = size + usize::from(size <= 2);
            }
            found.extend(done);
            open = rest;
            open.sort_by_key(Part::rank);
            open.truncate(BEAM[usize::from(size > 2)]);
        }
        found.sort_by_key(Part::rank);
        found.truncate(MOST_SETS);
        found
    }

    fn may_be_asked(&self, base: &Roster, person: PersonIndex, day: Day) -> bool {
        let site = self.site();
        site.works(person, day) && base.at(person, day).place != Place::Off && !is_fixed(site, person, day)
    }

    /// A set with what it takes later, judged as a whole; none when it breaks something that held before.
    fn judged(&self, base: &Roster, part: &Part, needed: &BTreeSet<Day>) -> Option<Choice> {
        let mut roster = with(base, &part.asked);
        let mut asked = part.asked.clone();
        self.drop_idle(base, &mut roster, &mut asked);
        let mut later = self.put_right(base, &mut roster);
        self.drop_idle(base, &mut roster, &mut asked);
        self.drop_idle(base, &mut roster, &mut later);
        // What puts something right elsewhere may be what the day was short of.
        let (on_the_day, elsewhere) = later.into_iter().partition(|one| needed.contains(&one.day));
        asked.extend::<Vec<Asked>>(on_the_day);
        let later: Vec<Asked> = elsewhere;
        let judgement = Judgement::with(self.problem, &roster, self.says);
        let left = worse(self.was, &judgement);
        if !left.iter().all(|breach| breach.is_among(self.later)) {
            return None;
        }
        let comes_in = |one: &&Asked| base.at(one.person, one.day).place != Place::OnSite;
        let visits = asked.iter().filter(comes_in).count();
        let levels = [Strength::Must, Strength::High, Strength::Medium, Strength::Low];
        let costs = levels.map(|level| judgement.cost(level) - self.was.cost(level));
        Some(Choice { asked, instead: Vec::new(), later, visits, roster, judgement, costs, left })
    }

    /// Leaves alone whoever is not needed beside the others: what one was asked for another may do as well.
    fn drop_idle(&self, base: &Roster, roster: &mut Roster, asked: &mut Vec<Asked>) {
        asked.retain(|one| {
            let before = Asked { cell: *base.at(one.person, one.day), ..*one };
            let needed = self.places.costs(roster, before)[0] > 1e-6;
            if !needed {
                roster.set(one.person, one.day, before.cell);
            }
            needed
        });
    }

    /// Changes later days, one at a time, so that what the absence breaks there is kept again.
    fn put_right(&self, base: &Roster, roster: &mut Roster) -> Vec<Asked> {
        let mut made: Vec<Asked> = Vec::new();
        for breach in self.later {
            if made.len() == MOST_LATER {
                break;
            }
            let judgement = Judgement::with(self.problem, roster, self.says);
            let Some(found) = judgement.breaches.iter().find(|found| found.is_same(breach)) else { continue };
            let amount = found.cost();
            if amount <= 0.0 {
                continue;
            }
            let mut ways_found: Vec<([i64; 4], Asked)> = Vec::new();
            for (person, day) in self.near(breach) {
                if !self.may_be_asked(roster, person, day)
                    || made.iter().any(|one| (one.person, one.day) == (person, day))
                {
                    continue;
                }
                let mut ways: Vec<(Cell, [f64; 4])> = Vec::new();
                if roster.at(person, day).place == Place::OnSite {
                    if self.site().laid_down(person, day).is_none() {
                        let home = Asked { person, day, cell: Cell::HOME };
                        let costs = self.places.costs(roster, home);
                        ways.push((Cell::HOME, costs));
                    }
                } else {
                    ways.extend(self.places.best_cell(base, roster, (person, day), -amount + 1e-6));
                }
                for (cell, costs) in ways {
                    if costs[0] <= -amount + 1e-6 {
                        ways_found.push((rounded(costs), Asked { person, day, cell }));
                    }
                }
            }
            // The latest day first where they cost the same.
            ways_found.sort_by_key(|(costs, _)| *costs);
            for (_, asked) in ways_found.into_iter().take(MOST_TRIED) {
                let before = *roster.at(asked.person, asked.day);
                roster.set(asked.person, asked.day, asked.cell);
                // It must put this right and break nothing else, seats included.
                let after = Judgement::with(self.problem, roster, self.says);
                let mended = !after.broken_musts().any(|found| found.is_same(breach));
                if mended && worse(&judgement, &after).is_empty() {
                    made.push(asked);
                    break;
                }
                roster.set(asked.person, asked.day, before);
            }
        }
        made
    }

    /// Person-days that may put right what is broken about a subject: those of its person or of everybody, from the
    /// first day of absence on, not after the subject.
    fn near(&self, breach: &Breach) -> Vec<(PersonIndex, Day)> {
        let about = &breach.about;
        let last = about.to.or(about.on).unwrap_or(self.site().calendar.last());
        let first = self.first.unwrap_or(Day(0));
        let days: Vec<Day> =
            self.site().calendar.days().filter(|day| first <= *day && *day <= last).collect();
        let who: Vec<PersonIndex> =
            about.person.map_or_else(|| people(self.site()).collect(), |person| vec![person]);
        // The latest day is the least away from what people were told.
        days.iter().rev().flat_map(|day| who.iter().map(move |person| (*person, *day))).collect()
    }
}

fn is_part(part: &[(Day, PersonIndex)], whole: &[(Day, PersonIndex)]) -> bool {
    part.iter().all(|one| whole.contains(one))
}

/// Choices that bend the same and differ from an earlier one in one person alone are told beside it.
fn fold(problem: &Problem, choices: &mut Vec<Choice>) {
    let bends = |choice: &Choice| -> Vec<(Owner, About, i64)> {
        let is_burden =
            |owner: Owner| problem.rule(owner).is_some_and(|rule| matches!(rule.rule, AnyRule::Fair(_)));
        let costly =
            choice.judgement.breaches.iter().filter(|breach| breach.cost() > 0.0 && !is_burden(breach.owner));
        costly.map(|breach| (breach.owner, breach.about, (breach.cost() * 1e6).round() as i64)).collect()
    };
    let mut heads: Vec<(Choice, Vec<(Owner, About, i64)>)> = Vec::new();
    for choice in choices.drain(..) {
        let own = bends(&choice);
        let same = heads.iter_mut().filter(|(_, bent)| *bent == own).find_map(|(head, _)| {
            let swapped = swap(head, &choice)?;
            Some((head, swapped))
        });
        match same {
            None => heads.push((choice, own)),
            Some((head, (out, other))) => match head.instead.iter_mut().find(|(person, _)| *person == out) {
                Some((_, others)) => others.push(other),
                None => head.instead.push((out, vec![other])),
            },
        }
    }
    choices.extend(heads.into_iter().map(|(head, _)| head));
}

/// The one person whom another choice has in place of one of this.
fn swap(head: &Choice, other: &Choice) -> Option<(PersonIndex, PersonIndex)> {
    let [one, two] = [head, other].map(|choice| asked_people(&choice.asked));
    let out: Vec<PersonIndex> = one.difference(&two).copied().collect();
    let new: Vec<PersonIndex> = two.difference(&one).copied().collect();
    match (out.as_slice(), new.as_slice()) {
        ([out], [new])
            if head.asked.len() == other.asked.len()
                && head.visits == other.visits
                && head.later == other.later =>
        {
            Some((*out, *new))
        }
        _ => None,
    }
}

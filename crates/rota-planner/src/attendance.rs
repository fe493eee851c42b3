//! How many people are on site when chance decides: free choice of days, sickness, no-shows.
//!
//! The number of people on site is a sum of independent yes-or-no draws that need not have the same chance: the
//! Poisson binomial distribution. It is worked out exactly, by taking in one person after the other (convolution);
//! people who come together or not at all are one draw for the whole party, and then one for each member.
//! Different days are taken as independent of one another.

use rota_core::typed::{Base, WorkPlace};
use rota_core::words::Problem;
use rota_core::{Day, DeskIndex, PersonIndex, Place, Roster, Site, TeamIndex};
use rota_rules::{AnyRule, Problem as RotaProblem, Strength};
use rota_solver::desk_capacity::most_desks;
use std::collections::HashMap;

/// No more people than this: the work grows with their square.
pub const MOST_PEOPLE: usize = 20_000;

/// Sums of chances are right to about so much.
const SMALL: f64 = 1e-12;

/// People who come together or not at all. Somebody who decides alone is a party of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Party {
    /// The chance that the party comes, from 0 to 1.
    pub comes: f64,
    /// The chance of each member to be there when the party comes, from 0 to 1.
    pub members: Vec<f64>,
}

impl Party {
    /// Somebody who is there with this chance, whatever others do.
    pub fn alone(chance: f64) -> Party {
        Party { comes: 1.0, members: vec![chance] }
    }

    /// How many of the party are there on average.
    pub fn mean(&self) -> f64 {
        self.comes * self.members.iter().sum::<f64>()
    }
}

/// How likely each number of people is.
#[derive(Debug, Clone, PartialEq)]
pub struct Distribution {
    /// The chance that exactly so many are there: `chances[n]`, from nobody to everybody.
    pub chances: Vec<f64>,
}

impl Distribution {
    /// The number of people there, of parties that decide independently of one another.
    pub fn of(parties: &[Party]) -> Distribution {
        let mut chances = vec![1.0];
        for party in parties {
            match (party.comes >= 1.0, party.members.as_slice()) {
                (true, members) => {
                    for chance in members {
                        take_in(&mut chances, *chance);
                    }
                }
                (false, [one]) => take_in(&mut chances, party.comes * one),
                (false, members) => {
                    let mut own = vec![1.0];
                    for chance in members {
                        take_in(&mut own, *chance);
                    }
                    for chance in &mut own {
                        *chance *= party.comes;
                    }
                    own[0] += 1.0 - party.comes;
                    chances = sum(&chances, &own);
                }
            }
        }
        Distribution { chances }
    }

    /// The average number of people.
    pub fn mean(&self) -> f64 {
        self.chances.iter().enumerate().map(|(number, chance)| number as f64 * chance).sum()
    }

    /// The chance that more than `number` people are there.
    pub fn over(&self, number: usize) -> f64 {
        // From the small end, so that the last digits of a small chance are right.
        self.chances.iter().skip(number + 1).rev().sum()
    }

    /// The chance that `number` people or fewer are there.
    pub fn at_most(&self, number: usize) -> f64 {
        1.0 - self.over(number)
    }

    /// The chance that `number` people or more are there.
    pub fn at_least(&self, number: usize) -> f64 {
        number.checked_sub(1).map_or(1.0, |below| self.over(below))
    }

    /// The fewest places that are enough with this chance or more: the quantile of the distribution.
    pub fn quantile(&self, level: f64) -> usize {
        let mut over = 0.0;
        for (number, chance) in self.chances.iter().enumerate().rev() {
            over += chance;
            if over > 1.0 - level + SMALL {
                return number;
            }
        }
        0
    }
}

/// One more person, there with this chance.
fn take_in(chances: &mut Vec<f64>, chance: f64) {
    chances.push(0.0);
    for number in (0..chances.len()).rev() {
        let one_fewer = number.checked_sub(1).map_or(0.0, |below| chances[below]);
        chances[number] = chances[number] * (1.0 - chance) + one_fewer * chance;
    }
}

/// The distribution of the sum of two independent numbers.
fn sum(one: &[f64], other: &[f64]) -> Vec<f64> {
    let mut both = vec![0.0; one.len() + other.len() - 1];
    for (at, chance) in one.iter().enumerate() {
        for (more, and) in other.iter().enumerate() {
            both[at + more] += chance * and;
        }
    }
    both
}

/// The chance that on at least one of these days more people come than there are places for them.
pub fn over_any(days: &[(&Distribution, usize)]) -> f64 {
    let kept: f64 = days.iter().map(|(day, places)| (-day.over(*places).min(1.0)).ln_1p()).sum();
    -kept.exp_m1()
}

/// The fewest places, the same number each day, that are enough on all of these days with this chance.
pub fn places_for_all(days: &[&Distribution], level: f64) -> usize {
    let most = days.iter().map(|day| day.chances.len() - 1).max().unwrap_or(0);
    let is_enough = |places: usize| {
        let each: Vec<(&Distribution, usize)> = days.iter().map(|day| (*day, places)).collect();
        over_any(&each) <= 1.0 - level + SMALL
    };
    least_that(0, most, &is_enough)
}

/// The least number from `low` to `high` that is enough, by halving; `high` where none below it is. What is enough
/// must stay enough with more.
pub(crate) fn least_that(mut low: usize, mut high: usize, is_enough: &dyn Fn(usize) -> bool) -> usize {
    while low < high {
        let middle = low.midpoint(high);
        if is_enough(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

// ---------------------------------------------------------------- a rota of the same visits

/// What a rota needs that plans as many visits as free choice makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EvenRota {
    /// People on the fullest day.
    pub places: usize,
    /// Over how many working days it was dealt.
    pub days: usize,
}

/// People who come on the same days, and how often.
#[derive(Debug, Clone, PartialEq)]
struct Visitor {
    people: usize,
    /// The share of their days on which they come.
    share: f64,
    /// The days on which they may come.
    days: Vec<usize>,
}

/// Deals visits over days as evenly as can be, and gives the people on the fullest day. Large parties are put on
/// their emptiest days first, then the most frequent visitors. A share that gives no whole number of days is rounded up.
///
/// Where all may come on all days and nobody comes in a party, no rota is more even (the greedy choice of Gale and
/// Ryser's theorem on matrices of zeros and ones); else it is one good rota, and fewer places might do.
fn deal(visitors: &[Visitor], days: usize) -> usize {
    let mut load = vec![0_usize; days];
    let visits =
        |visitor: &Visitor| (visitor.share * visitor.days.len() as f64 - 1e-9).ceil().max(0.0) as usize;
    let mut order: Vec<(&Visitor, usize)> =
        visitors.iter().map(|visitor| (visitor, visits(visitor))).collect();
    order.sort_by_key(|(visitor, visits)| std::cmp::Reverse((visitor.people, *visits)));
    for (visitor, visits) in order {
        let mut emptiest = visitor.days.clone();
        emptiest.sort_by_key(|day| load[*day]);
        emptiest.into_iter().take(visits).for_each(|day| load[day] += visitor.people);
    }
    load.into_iter().max().unwrap_or(0)
}

/// Days over which visits are dealt: weeks of five days.
const DEALT_OVER: usize = 5;
/// The most days over which they are dealt.
const MOST_DEALT: usize = 100;

/// A rota in which groups come as often as they do by choice, dealt over the fewest weeks that make everybody's visits a
/// whole number; over 100 days, visits rounded up, where there are none such.
pub fn even_rota(groups: &[Group]) -> EvenRota {
    let is_whole = |days: &usize| {
        groups.iter().all(|group| {
            let visits = group.comes * *days as f64;
            (visits - visits.round()).abs() < 1e-9
        })
    };
    let days = (DEALT_OVER..MOST_DEALT).step_by(DEALT_OVER).find(is_whole).unwrap_or(MOST_DEALT);
    let visitors: Vec<Visitor> = groups
        .iter()
        .flat_map(|group| {
            let (people, parties) = if group.together { (group.people, 1) } else { (1, group.people) };
            vec![Visitor { people, share: group.comes, days: (0..days).collect() }; parties]
        })
        .collect();
    EvenRota { places: deal(&visitors, days), days }
}

// ---------------------------------------------------------------- the people of a scenario

/// How the people of a scenario decide.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// Days a week of those who have no `comes`.
    pub comes: Option<f64>,
    /// The share of planned days on which those do not work who have no `absent_rate`.
    pub absent_rate: f64,
    /// Teams whose people come on the same days.
    pub together: Vec<TeamIndex>,
}

/// One day and how many are expected.
#[derive(Debug, Clone, PartialEq)]
pub struct DayOf {
    /// The day.
    pub day: Day,
    /// Who decides on it.
    pub parties: Vec<Party>,
}

/// The open days of a scenario when people choose freely, and the rota that would plan the same visits on them.
///
/// Somebody who comes two days a week and works four comes on each day worked with the chance of one half; who is home
/// only never comes, who is on site only always. With mistakes, all of them.
pub fn freely(site: &Site, manner: &Manner) -> Result<(Vec<DayOf>, EvenRota), Vec<Problem>> {
    let people: Vec<PersonIndex> = PersonIndex::all(site.people.len()).collect();
    let mut problems = Vec::new();
    if people.len() > MOST_PEOPLE {
        problems.push(too_many(people.len()));
    }
    let unknown: Vec<&str> = people
        .iter()
        .map(|person| site.person(*person))
        .filter(|person| {
            person.base == Base::Either && person.days_a_week > 0.0 && person.comes.or(manner.comes).is_none()
        })
        .map(|person| person.name.as_str())
        .collect();
    if let Some(first) = unknown.first() {
        let who = match unknown.len() {
            1 => format!("{first} has no `comes`"),
            2 => format!("{first} and one other have no `comes`"),
            many => format!("{first} and {} others have no `comes`", many - 1),
        };
        problems.push(
            Problem::new(who)
                .help("give --comes 2 for everybody without, or `comes` (days a week) to each person"),
        );
    }
    let chance = |person: PersonIndex| {
        let person = site.person(person);
        let days = person.comes.or(manner.comes).unwrap_or(0.0);
        if person.days_a_week > 0.0 {
            (days / person.days_a_week).min(1.0)
        } else {
            0.0
        }
    };
    for team in &manner.together {
        let team = &site.teams[team.at()];
        let mut free = team.people.iter().filter(|person| site.person(**person).base == Base::Either);
        let Some(first) = free.next() else { continue };
        if let Some(other) = free.find(|other| (chance(**other) - chance(*first)).abs() > 1e-9) {
            problems.push(
                Problem::new(format!(
                    "{} and {} of {} do not come equally often, so they cannot always come together",
                    site.person(*first).name,
                    site.person(*other).name,
                    team.id
                ))
                .help("give the people of a team that comes together the same share of their days"),
            );
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let here = |person: PersonIndex| 1.0 - site.person(person).absent_rate.unwrap_or(manner.absent_rate);
    let open: Vec<Day> = site.calendar.days().filter(|day| site.calendar.is_open(*day)).collect();
    let mut days: Vec<DayOf> = open.iter().map(|day| DayOf { day: *day, parties: Vec::new() }).collect();
    let mut visitors: Vec<Visitor> = Vec::new();
    for (at, day) in open.iter().enumerate() {
        let mut parties: Vec<(TeamIndex, Party)> = Vec::new();
        for person in people.iter().copied().filter(|person| site.works(*person, *day)) {
            let own = match site.laid_down(person, *day) {
                Some(WorkPlace::Home) => continue,
                Some(WorkPlace::OnSite) => 1.0,
                None => chance(person),
            };
            let team = site.person(person).team.filter(|team| manner.together.contains(team) && own < 1.0);
            let Some(team) = team else {
                days[at].parties.push(Party::alone(own * here(person)));
                continue;
            };
            match parties.iter_mut().find(|(seen, _)| *seen == team) {
                Some((_, party)) => party.members.push(here(person)),
                None => parties.push((team, Party { comes: own, members: vec![here(person)] })),
            }
        }
        days[at].parties.extend(parties.into_iter().map(|(_, party)| party));
    }
    let free_on = |person: PersonIndex, at: usize| {
        site.works(person, open[at]) && site.laid_down(person, open[at]).is_none()
    };
    let bound_on = |person: PersonIndex, at: usize| {
        site.works(person, open[at]) && site.laid_down(person, open[at]) == Some(WorkPlace::OnSite)
    };
    let all = || 0..open.len();
    for person in people {
        let bound = all().filter(|at| bound_on(person, *at)).collect();
        visitors.push(Visitor { people: 1, share: 1.0, days: bound });
        if site.person(person).team.is_none_or(|team| !manner.together.contains(&team)) {
            let free = all().filter(|at| free_on(person, *at)).collect();
            visitors.push(Visitor { people: 1, share: chance(person), days: free });
        }
    }
    for team in &manner.together {
        let team = &site.teams[team.at()];
        let free = |at: usize| team.people.iter().filter(|person| free_on(**person, at)).count();
        let share = team.people.iter().map(|person| chance(*person)).fold(0.0, f64::max);
        let days: Vec<usize> = all().filter(|at| free(*at) > 0).collect();
        visitors.push(Visitor { people: days.iter().map(|at| free(*at)).max().unwrap_or(0), share, days });
    }
    let rota = EvenRota { places: deal(&visitors, open.len()), days: open.len() };
    Ok((days, rota))
}
/// The open days of a roster: who is planned comes, unless they do not work after all.
pub fn planned(site: &Site, roster: &Roster, absent_rate: f64) -> Vec<DayOf> {
    let here = |person: PersonIndex| 1.0 - site.person(person).absent_rate.unwrap_or(absent_rate);
    let there = |day: Day| {
        PersonIndex::all(site.people.len())
            .filter(move |person| roster.at(*person, day).place == Place::OnSite)
            .map(|person| Party::alone(here(person)))
            .collect()
    };
    let open = site.calendar.days().filter(|day| site.calendar.is_open(*day));
    open.map(|day| DayOf { day, parties: there(day) }).collect()
}

/// Seconds that counting desks may take for one set of them.
const DESKS_SECONDS: f64 = 10.0;

/// How many people can be seated on each of these days: open desks that can be used together under the must rules
/// `distance`, and open seats. None without places, or where the desks cannot be counted in time.
pub fn places(problem: &RotaProblem, days: &[Day]) -> Option<Vec<usize>> {
    let site = &problem.site;
    if site.zones.is_empty() {
        return None;
    }
    let mut pairs: Vec<(DeskIndex, DeskIndex)> = Vec::new();
    for rule in problem.rules.iter().filter(|rule| rule.strength == Strength::Must) {
        if let AnyRule::Distance(distance) = &rule.rule {
            pairs.extend(distance.pairs(site));
        }
    }
    let mut counted: HashMap<Vec<DeskIndex>, Option<usize>> = HashMap::new();
    days.iter()
        .map(|day| {
            let at = day.0 as usize;
            let desks: Vec<DeskIndex> =
                DeskIndex::all(site.desks.len()).filter(|desk| !site.desk(*desk).closed[at]).collect();
            let seats: u32 = site
                .zones
                .iter()
                .filter(|zone| !zone.closed[at])
                .filter_map(|zone| Some(zone.seats?.saturating_sub(zone.taken[at])))
                .sum();
            let desks = *counted.entry(desks).or_insert_with_key(|desks| match pairs.as_slice() {
                [] => Some(desks.len()),
                pairs => most_desks(desks, pairs, DESKS_SECONDS),
            });
            Some(desks? + seats as usize)
        })
        .collect()
}

// ---------------------------------------------------------------- in words

/// People of the same kind: `12x0.8`, or a party `8@0.4`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Group {
    /// How many.
    pub people: usize,
    /// The chance of each to come on a day.
    pub comes: f64,
    /// Whether they come together or not at all.
    pub together: bool,
}

impl Group {
    /// Its parties, where each who would come stays away with the chance `absent`.
    pub fn parties(&self, absent: f64) -> Vec<Party> {
        if self.together {
            vec![Party { comes: self.comes, members: vec![1.0 - absent; self.people] }]
        } else {
            vec![Party::alone(self.comes * (1.0 - absent)); self.people]
        }
    }
}

/// Reads `12x0.8, 4x70%, 100x2/5, 8@0.4`: groups of people, each with its chance to come on a day: a share, a percentage,
/// or days of days. After `@` the group comes together. With mistakes, all of them.
pub fn groups(text: &str) -> Result<Vec<Group>, Vec<Problem>> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut groups = Vec::new();
    let mut problems = Vec::new();
    for part in parts {
        match group(part) {
            Ok(group) => groups.push(group),
            Err(problem) => problems.push(problem),
        }
    }
    if groups.is_empty() && problems.is_empty() {
        problems.push(Problem::new("no people are given").help(HOW));
    }
    let people: usize = groups.iter().fold(0, |sum, group| sum.saturating_add(group.people));
    if people > MOST_PEOPLE {
        problems.push(too_many(people));
    }
    if problems.is_empty() {
        Ok(groups)
    } else {
        Err(problems)
    }
}

/// More people than chances are worked out for.
pub fn too_many(people: usize) -> Problem {
    Problem::new(format!("{people} people are too many for exact chances"))
        .help(format!("give at most {MOST_PEOPLE}, for example one building at a time"))
}

const HOW: &str =
    "write people x chance, like 12x0.8, 100x2/5 or, for a team that comes together, 8@0.4; with commas between";

fn group(part: &str) -> Result<Group, Problem> {
    let unread = || Problem::new(format!("`{part}` is no group of people")).help(HOW);
    let at = part.find(['x', 'X', '×', '*', '@']).ok_or_else(unread)?;
    let sign = part[at..].chars().next().expect("a sign was found there");
    let people: usize = part[..at].trim().parse().map_err(|_| unread())?;
    let comes = share(part[at + sign.len_utf8()..].trim()).ok_or_else(|| {
        Problem::new(format!("`{part}` has no chance from 0 to 1"))
            .help("write the share of days on which each comes, like 0.8, 80% or 2/5")
    })?;
    if people == 0 {
        return Err(Problem::new(format!("`{part}` has nobody in it")).help("leave it out"));
    }
    Ok(Group { people, comes, together: sign == '@' })
}

/// A share from 0 to 1: `0.8`, `80%`, `2/5`.
pub fn share(text: &str) -> Option<f64> {
    let number = |text: &str| text.trim().parse::<f64>().ok();
    let share = match (text.strip_suffix('%'), text.split_once('/')) {
        (Some(percent), _) => number(percent)? / 100.0,
        (None, Some((days, of))) => number(days)? / number(of)?,
        (None, None) => number(text)?,
    };
    (0.0..=1.0).contains(&share).then_some(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Distribution {
        Distribution::of(&parties(text))
    }

    fn parties(text: &str) -> Vec<Party> {
        groups(text).expect("reads").iter().flat_map(|group| group.parties(0.0)).collect()
    }

    const STAFF: &str = "12x0.8, 4x0.7, 8x0.6, 4x0.5, 8x0.4, 2x0.2";

    #[test]
    fn known_figures_come_out() {
        let staff = of(STAFF);
        assert_eq!(format!("{:.6}", staff.over(30)), "0.002196");
        assert_eq!([staff.quantile(0.95), staff.quantile(0.99)], [27, 29]);
        let floor = of("180x0.6");
        assert_eq!([floor.quantile(0.95), floor.quantile(0.975)], [119, 121]);
        let free = of("100x2/5");
        assert_eq!([free.quantile(0.95), free.quantile(0.99)], [48, 52]);
    }

    #[test]
    fn two_people_by_hand() {
        let two = of("1x0.5, 1x20%");
        let wanted = [0.4, 0.5, 0.1];
        assert!(two.chances.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < SMALL));
        // Nobody on 4 days of 10, at most one on 9.
        let quantiles = [0.0, 0.4, 0.41, 0.9, 0.91, 1.0].map(|level| two.quantile(level));
        assert_eq!(quantiles, [0, 0, 1, 1, 2, 2]);
        assert!((two.mean() - 0.7).abs() < SMALL);
        assert!((two.at_least(1) - 0.6).abs() < SMALL && (two.at_least(0) - 1.0).abs() < SMALL);
        assert!((two.at_most(1) - 0.9).abs() < SMALL);
    }

    #[test]
    fn a_team_comes_together() {
        // Three come together on half the days, one more on one in five.
        let mixed = of("3@0.5, 1x0.2");
        let wanted = [0.4, 0.1, 0.0, 0.4, 0.1];
        assert!(mixed.chances.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < SMALL));
        // One in ten of those who meant to come does not: of two together at .5 both are there at .405.
        let pair = Distribution::of(&Group { people: 2, comes: 0.5, together: true }.parties(0.1));
        let wanted = [0.505, 0.09, 0.405];
        assert!(pair.chances.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < SMALL));
        // The same people on average, and more of them at once.
        assert!((of("8@0.4").mean() - of("8x0.4").mean()).abs() < SMALL);
        assert_eq!([of("8@0.4").quantile(0.95), of("8x0.4").quantile(0.95)], [8, 5]);
    }

    #[test]
    fn days_add_up() {
        let two = of("1x0.5, 1x0.2");
        let days = [(&two, 1), (&two, 1), (&two, 0)];
        assert!((over_any(&days) - (1.0 - 0.9 * 0.9 * 0.4)).abs() < SMALL);
        // At most one on each of two days: .81.
        let both = [&two, &two];
        assert_eq!([places_for_all(&both, 0.8), places_for_all(&both, 0.82)], [1, 2]);
        assert_eq!(places_for_all(&[], 0.9), 0);
    }

    #[test]
    fn a_rota_needs_the_average() {
        let rota = |text: &str| {
            let rota = even_rota(&groups(text).expect("reads"));
            (rota.places, rota.days)
        };
        // 22.8 a day on average; shares of tenths are whole over two weeks.
        assert_eq!(rota(STAFF), (23, 10));
        assert_eq!(rota("100x2/5"), (40, 5));
        assert_eq!(rota("180x0.6"), (108, 5));
        // Somebody there every day leaves no day below 1.
        assert_eq!(rota("1x1, 1x0.2"), (2, 5));
        // Two teams of 8 on two days of five need different days, and a third shares none of them but one.
        assert_eq!(rota("8@0.4, 8@0.4"), (8, 5));
        assert_eq!(rota("8@0.4, 8@0.4, 8@0.4"), (16, 5));
        assert_eq!(rota("8@0.4, 8@0.4, 8x0.2"), (8, 5));
        assert_eq!(rota("3x1/3"), (1, 15));
        // Never whole over weeks of five: 13 of 100 days for each of seven.
        assert_eq!(rota("7x0.123"), (1, 100));
        assert_eq!(rota("8x0.123"), (2, 100));
    }

    #[test]
    fn mistakes_are_told_all_at_once() {
        let messages = |text: &str| -> Vec<String> {
            groups(text).expect_err("a mistake").into_iter().map(|problem| problem.message).collect()
        };
        assert_eq!(
            messages("12x0.8, 4, x0.5, 3x1.2, 0x0.5, 2x1/0"),
            [
                "`4` is no group of people",
                "`x0.5` is no group of people",
                "`3x1.2` has no chance from 0 to 1",
                "`0x0.5` has nobody in it",
                "`2x1/0` has no chance from 0 to 1",
            ]
        );
        assert_eq!(messages(" , "), ["no people are given"]);
        assert_eq!(messages("20001x0.5"), ["20001 people are too many for exact chances"]);
        assert_eq!(messages("12×nan"), ["`12×nan` has no chance from 0 to 1"]);
    }

    const WEEK: &str = r#"{ "scenario": 1, "calendar": { "from": "2020-06-15", "to": "2020-06-19" },
      "people": [
        { "id": "ann", "team": "red", "comes": 2, "works": ["mon", "tue", "wed", "thu"] },
        { "id": "bob", "team": "red", "comes": 2.5, "absent_rate": 0.1 },
        { "id": "cat", "base": "home" }, { "id": "dan", "base": "on_site" },
        { "id": "eve", "away": ["2020-06-16"], "only": [ { "place": "home", "to": "2020-06-15" } ] } ],
      "sites": [ { "id": "hq", "zones": [ { "id": "north", "desks": [ { "id": "N1", "at": [0, 0] }, { "id": "N2", "at": [1, 0] },
        { "id": "N3", "at": [2, 0], "closed": ["2020-06-17"] } ] }, { "id": "bay", "seats": 2, "taken": [ { "on": "fri", "seats": 1 } ] } ] } ],
      "rules": [ { "distance": { "metres": 1.5 } } ] }"#;

    fn week() -> RotaProblem {
        let scenario = rota_rules::Scenario::read(WEEK).scenario.expect("reads");
        RotaProblem::new(&scenario).expect("is right").0
    }

    #[test]
    fn people_of_a_scenario_come_as_they_say() {
        let problem = week();
        let site = &problem.site;
        let manner = Manner { comes: Some(1.0), ..Manner::default() };
        let (days, rota) = freely(site, &manner).expect("all is known");
        let means: Vec<f64> = days
            .iter()
            .map(|day| day.parties.iter().map(Party::mean).sum::<f64>() * 100.0)
            .map(f64::round)
            .collect();
        // Ann .5 from Monday to Thursday, Bob .5 x .9, Dan 1, Eve .2 from Wednesday on.
        assert_eq!(means, [195.0, 195.0, 215.0, 215.0, 165.0]);
        // Dan daily; Ann twice, Bob three times, Eve once: six visits of others over five days.
        assert_eq!(rota, EvenRota { places: 3, days: 5 });
        let red = manner.together.iter().copied().chain([site.team("red").expect("is there")]).collect();
        let (days, rota) =
            freely(site, &Manner { together: red, ..manner.clone() }).expect("both come half their days");
        let monday = Distribution::of(&days[0].parties);
        let wanted = [0.0, 0.5, 0.05, 0.45];
        assert!(monday.chances.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < SMALL));
        assert_eq!(rota.places, 3);
        // Two of three desks, or of two, the seats beside them.
        let all: Vec<Day> = site.calendar.days().collect();
        assert_eq!(places(&problem, &all), Some(vec![4, 4, 3, 4, 3]));
    }

    #[test]
    fn who_comes_when_must_be_known() {
        let problem = week();
        let site = &problem.site;
        let found = freely(site, &Manner::default()).expect_err("Eve does not say");
        assert_eq!(found[0].message, "eve has no `comes`");
        let red = vec![site.team("red").expect("is there")];
        let text = WEEK.replace("\"comes\": 2.5", "\"comes\": 2");
        let scenario = rota_rules::Scenario::read(&text).scenario.expect("reads");
        let problem = RotaProblem::new(&scenario).expect("is right").0;
        let manner = Manner { comes: Some(1.0), together: red, ..Manner::default() };
        let found = freely(&problem.site, &manner).expect_err("half and two fifths");
        assert!(found[0].message.starts_with("ann and bob of red do not come equally often"), "{found:?}");
    }

    #[test]
    fn a_roster_is_a_plan_for_those_who_come() {
        let problem = week();
        let site = &problem.site;
        let mut roster = Roster::at_home(site);
        for name in ["ann", "bob"] {
            roster.set(site.person_named(name).expect("is there"), Day(0), rota_core::Cell::ON_SITE);
        }
        let days = planned(site, &roster, 0.2);
        let monday = Distribution::of(&days[0].parties);
        let wanted = [0.02, 0.26, 0.72];
        assert!(monday.chances.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < SMALL));
        assert_eq!(Distribution::of(&days[1].parties).chances, [1.0]);
    }

    proptest! {
        /// Every combination of who comes and who does not, added up.
        #[test]
        fn agrees_with_every_case_written_out(
            alone in prop::collection::vec(0.0..=1.0f64, 0..6),
            team in prop::collection::vec(0.0..=1.0f64, 1..4),
            comes in 0.0..=1.0f64,
        ) {
            let mut all: Vec<Party> = alone.iter().map(|chance| Party::alone(*chance)).collect();
            all.push(Party { comes, members: team.clone() });
            let found = Distribution::of(&all);
            let draws: Vec<f64> = [&alone[..], &team[..], &[comes]].concat();
            let mut wanted = vec![0.0; alone.len() + team.len() + 1];
            for case in 0..1_usize << draws.len() {
                let is = |at: usize| case >> at & 1 == 1;
                let chance: f64 =
                    draws.iter().enumerate().map(|(at, draw)| if is(at) { *draw } else { 1.0 - draw }).product();
                let team_comes = is(draws.len() - 1);
                let people = (0..draws.len() - 1).filter(|at| is(*at) && (*at < alone.len() || team_comes));
                wanted[people.count()] += chance;
            }
            prop_assert_eq!(found.chances.len(), wanted.len());
            for (found, wanted) in found.chances.iter().zip(&wanted) {
                prop_assert!((found - wanted).abs() < 1e-9);
            }
            prop_assert!((found.mean() - all.iter().map(Party::mean).sum::<f64>()).abs() < 1e-9);
        }
    }
}

//! A solved roster for people: verdict first, then the table, then what was not granted or bent, then the reasons.

use super::explain::{self, ClashPage};
use super::grid::Grid;
use super::judged::{breaches, cohorts_and_duties, forgiven, is_burden, reasons, refused, wishes_granted};
use super::markdown;
use super::{capital, clean, count, longer, number};
use rota_core::roster::{Place, Roster};
use rota_core::typed::DefaultPlace;
use rota_core::{DeskIndex, PersonIndex};
use rota_io::RosterDocument;
use rota_rules::rule::AnyRule;
use rota_rules::{Judgement, Problem, Strength};
use rota_solver::desk_capacity::most_desks;
use rota_solver::{Level, Solved, Status};

/// What the page is about.
pub struct Page<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// What came of it.
    pub solved: &'a Solved,
    /// The same as a document.
    pub document: &'a RosterDocument,
    /// Why there is no roster, when there is none.
    pub clash: Option<ClashPage<'a>>,
    /// The name of the scenario as typed.
    pub scenario: &'a str,
    /// Options by which people to spare were asked for, as typed.
    pub spare: &'a str,
    /// Where the roster was written.
    pub saved: Option<&'a str>,
    /// Whether the closest roster was asked for.
    pub best_effort: bool,
}

/// Title and dates.
pub fn heading(problem: &Problem) -> String {
    let site = &problem.site;
    let (from, to) = (site.calendar.from, site.calendar.to);
    let title = site.title.as_deref().unwrap_or("Rota");
    let first = if from.to_string()[..4] == to.to_string()[..4] {
        from.0.format("%A %-d %B").to_string()
    } else {
        from.long()
    };
    format!("{}: {first} to {}", clean(title), to.long())
}

/// How many people, days and places there are.
fn size(problem: &Problem) -> String {
    let site = &problem.site;
    let open = site.calendar.days().filter(|day| site.calendar.is_open(*day)).count();
    let mut parts = vec![count(site.people.len(), "person", "people"), count(open, "open day", "open days")];
    if !site.desks.is_empty() {
        parts.push(desks(problem));
    }
    let seats: u32 = site.zones.iter().filter_map(|zone| zone.seats).sum();
    if seats > 0 {
        parts.push(count(seats as usize, "seat", "seats"));
    }
    if !site.calendar.shifts.is_empty() {
        parts.push(count(site.calendar.shifts.len(), "shift", "shifts"));
    }
    let closed: Vec<String> = site
        .calendar
        .days()
        .filter(|day| site.calendar.is_pattern_day(*day) && !site.calendar.is_open(*day))
        .map(|day| site.calendar.date(day).spoken())
        .collect();
    let closed = if closed.is_empty() { String::new() } else { format!("; closed on {}", closed.join(", ")) };
    parts.join(", ") + &closed
}

/// `10 desks (at most 5 in use at once, 2 m apart)`.
fn desks(problem: &Problem) -> String {
    let site = &problem.site;
    let all: Vec<DeskIndex> = DeskIndex::all(site.desks.len()).collect();
    let desks = count(all.len(), "desk", "desks");
    let distance = problem.rules.iter().filter(|rule| rule.strength == Strength::Must).find_map(|rule| {
        match &rule.rule {
            AnyRule::Distance(distance) => Some(distance),
            _ => None,
        }
    });
    let Some(distance) = distance else { return desks };
    match most_desks(&all, &distance.pairs(site), 2.0) {
        Some(most) => format!("{desks} (at most {most} in use at once, {} m apart)", number(distance.metres)),
        None => format!("{desks} ({} m apart)", number(distance.metres)),
    }
}

/// The whole page.
pub fn text(page: &Page<'_>, width: usize, plain: bool) -> String {
    let mut blocks = vec![format!("{}\n{}", heading(page.problem), size(page.problem))];
    blocks.push(verdict(page));
    if let (Some(roster), Some(judgement)) = (&page.solved.roster, &page.solved.judgement) {
        blocks.push(if plain {
            sentences(page.problem, roster)
        } else {
            Grid::of(page.problem, roster, judgement).text(page.problem, width).trim_end().to_string()
        });
        blocks.extend(cohorts_and_duties(page.problem, roster, width));
        blocks.extend(not_granted(page, roster));
        blocks.extend(bent(page));
        blocks.extend(visits(page));
    }
    if let Some(clash) = &page.clash {
        blocks.extend(explain::text(&clash.sections()));
    }
    let next = next_steps(page);
    if !next.is_empty() {
        blocks.push(next.join("\n"));
    }
    blocks.join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(page: &Page<'_>) -> String {
    let mut blocks = vec![markdown::title(&heading(page.problem)), markdown::paragraph(&size(page.problem))];
    blocks.push(markdown::paragraph(&verdict(page)));
    if let (Some(roster), Some(judgement)) = (&page.solved.roster, &page.solved.judgement) {
        blocks.push(Grid::of(page.problem, roster, judgement).markdown(page.problem).trim_end().to_string());
        let lists = cohorts_and_duties(page.problem, roster, usize::MAX / 2).into_iter();
        for block in lists.chain(not_granted(page, roster)).chain(bent(page)).chain(visits(page)) {
            let mut lines = block.lines();
            let head = lines.next().unwrap_or("").trim_end_matches(':').to_string();
            let items: Vec<String> = lines.map(|line| line.trim().to_string()).collect();
            blocks.push(if items.is_empty() {
                markdown::paragraph(&head)
            } else {
                markdown::headed(&head, &items)
            });
        }
    }
    if let Some(clash) = &page.clash {
        blocks.extend(explain::markdown(&clash.sections()));
    }
    blocks.join("\n\n") + "\n"
}

fn verdict(page: &Page<'_>) -> String {
    let solved = page.solved;
    match solved.status {
        Status::Impossible => "No roster keeps every rule (proved).".to_string(),
        Status::Unknown => format!(
            "No roster was found in {} s, and it was not proved that there is none.",
            number(page.document.solve.seconds)
        ),
        Status::Optimal | Status::Feasible => good(page),
    }
}

fn good(page: &Page<'_>) -> String {
    let judgement = page.solved.judgement.as_ref().expect("a roster has been judged");
    let mut sentences = Vec::new();
    let soft = page
        .document
        .breaches
        .iter()
        .any(|breach| breach.cost > 0.0 && breach.strength != "must" && !is_burden(breach));
    if judgement.musts_kept() {
        sentences.push(if soft {
            "Every must rule is kept.".to_string()
        } else {
            "Every rule is kept.".to_string()
        });
    } else {
        let bent = page
            .document
            .breaches
            .iter()
            .filter(|breach| breach.cost > 0.0 && breach.strength == "must")
            .count();
        sentences.push(format!(
            "NOT ALL RULES KEPT: this is the closest roster; must rules are bent in {}.",
            count(bent, "place", "places")
        ));
    }
    let wishes = page.document.measures.as_ref().map(|measures| measures.wishes).unwrap_or_default();
    let only_wishes = wishes_level(page.problem);
    let proved_wishes = only_wishes.is_some_and(|level| {
        page.solved.levels.iter().any(|result| result.level == Level::Rules(level) && result.proved)
            && page
                .solved
                .levels
                .iter()
                .take_while(|result| result.level != Level::Rules(level))
                .all(|result| result.proved)
    });
    let mut said_proved = false;
    if wishes.asked > 0 {
        let granted = wishes_granted(wishes);
        said_proved = proved_wishes && wishes.refused > 0;
        sentences.push(if said_proved {
            format!("{granted}, and no roster can grant more (proved).")
        } else {
            format!("{granted}.")
        });
    }
    match page.solved.status {
        Status::Optimal if page.document.solve.gap > 1e-9 => sentences.push(format!(
            "No roster is more than {} % better (proved).",
            number(page.document.solve.gap * 100.0)
        )),
        Status::Optimal if said_proved => {}
        Status::Optimal => sentences.push("No roster does better (proved).".to_string()),
        _ => {
            let why = match page.document.solve.stopped_by.as_deref() {
                Some("asked") => "when it was stopped".to_string(),
                Some("effort") => "with the effort allowed".to_string(),
                _ => format!("in {} s", number(page.document.solve.seconds.round().max(1.0))),
            };
            sentences.push(format!("This is the best found {why}; it is not proved that none is better."));
            for level in page.solved.levels.iter().filter(|level| !level.proved) {
                let what = match level.level {
                    Level::HomeFirst => "visits".to_string(),
                    Level::Rules(strength) => format!("cost of {} rules", strength.word()),
                };
                sentences.push(format!(
                    "{}: {}, and no roster can be below {}.",
                    capital(&what),
                    number(level.cost),
                    number(level.bound)
                ));
            }
        }
    }
    sentences.join(" ")
}

/// The level at which wishes stand alone and weigh the same, so that its cost counts wishes.
fn wishes_level(problem: &Problem) -> Option<Strength> {
    let wishes: Vec<_> =
        problem.rules.iter().filter(|rule| matches!(rule.rule, AnyRule::Wishes(_))).collect();
    let [rule] = wishes.as_slice() else { return None };
    let AnyRule::Wishes(wishes) = &rule.rule else { return None };
    let alone = problem.rules.iter().filter(|other| other.strength == rule.strength).count() == 1;
    let even = problem
        .site
        .people
        .iter()
        .flat_map(|person| &person.wishes)
        .all(|wish| (wish.weight - 1.0).abs() < 1e-9);
    let first = !problem.rules.iter().any(|other| {
        other.strength != Strength::Must && other.strength != Strength::Off && other.strength < rule.strength
    });
    (alone && even && first && !wishes.equal && wishes.who.is_everyone() && rule.allow.is_empty())
        .then_some(rule.strength)
}

/// Most lines of one list.
const MOST_LINES: usize = 30;

fn limited(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(format!("  and {more} more (see --format json)"));
    }
    lines
}

fn not_granted(page: &Page<'_>, roster: &Roster) -> Option<String> {
    let lines = refused(page.problem, roster, &page.solved.reasons);
    if lines.is_empty() {
        return None;
    }
    let name = lines.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
    let asked = lines.iter().map(|(_, asked, _)| asked.chars().count()).max().unwrap_or(0);
    let lines = lines
        .into_iter()
        .map(|(who, what, why)| format!("  {who:name$}   {what:asked$}   {why}").trim_end().to_string())
        .collect();
    Some(format!("Not granted\n{}", limited(lines).join("\n")))
}

fn bent(page: &Page<'_>) -> Option<String> {
    let must = breaches(&page.document.breaches, true);
    let soft = breaches(&page.document.breaches, false);
    let mut blocks = Vec::new();
    for (head, list) in [("Must rules bent", must), ("Rules bent", soft)] {
        if !list.is_empty() {
            let lines = limited(list.into_iter().map(|line| format!("  {line}")).collect());
            blocks.push(format!("{head}\n{}", lines.join("\n")));
        }
    }
    let forgiven = forgiven(&page.document.breaches);
    if !forgiven.is_empty() {
        let lines = limited(forgiven.into_iter().map(|line| format!("  {line}")).collect());
        blocks.push(format!("Agreed exceptions used\n{}", lines.join("\n")));
    }
    (!blocks.is_empty()).then(|| blocks.join("\n\n"))
}

fn visits(page: &Page<'_>) -> Option<String> {
    let fewest = page.solved.levels.iter().any(|level| level.level == Level::HomeFirst && level.proved)
        && page.solved.status == Status::Optimal;
    match page.problem.site.default_place {
        DefaultPlace::Home => {}
        DefaultPlace::None => return None,
        DefaultPlace::OnSite => {
            let home = page.document.measures.as_ref().map_or(0, |measures| measures.home_days);
            let days = count(home as usize, "day at home", "days at home");
            return Some(if fewest {
                format!("{days}, and fewer will not do (proved).")
            } else {
                format!("{days}.")
            });
        }
    }
    let total = page.solved.reasons.len();
    if total == 0 {
        return Some("Nobody needs to come in.".to_string());
    }
    let head = if fewest {
        format!("{}, and fewer will not do (proved). What they are needed for (a visit may have several reasons):", count(total, "visit", "visits"))
    } else {
        format!(
            "{}. What they are needed for (a visit may have several reasons):",
            count(total, "visit", "visits")
        )
    };
    let lines: Vec<String> = reasons(page.problem, &page.solved.reasons)
        .into_iter()
        .map(|(visits, why)| format!("  {visits:4}  {why}"))
        .collect();
    let without = page.solved.reasons.values().filter(|why| why.is_empty()).count();
    let mut text = format!("{head}\n{}", limited(lines).join("\n"));
    if without > 0 {
        text.push_str(&format!("\n  {without:4}  nothing: these could be worked at home"));
    }
    Some(text)
}

fn next_steps(page: &Page<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let scenario = clean(page.scenario);
    let spare = clean(page.spare);
    if let Some(saved) = page.saved {
        lines.push(format!("Saved {}.", clean(saved)));
        let ending = saved.rsplit('.').next().unwrap_or("").to_lowercase();
        if ending == "json" || ending == "csv" {
            lines.push(format!(
                "To judge it after changing it by hand:  rota check {scenario} {}",
                crate::quoted::quoted(saved)
            ));
        }
    }
    match page.solved.status {
        Status::Impossible if !page.best_effort => {
            lines.extend(page.clash.as_ref().map(ClashPage::next).unwrap_or_default());
        }
        Status::Impossible => lines.push(
            "The laws and fixed days alone cannot be kept, so there is no closest roster either: correct them first.".to_string(),
        ),
        Status::Unknown | Status::Feasible => match page.document.solve.stopped_by.as_deref() {
            Some("effort") => lines.push(format!("To search further:  rota solve {scenario}{spare}  with a higher --effort, or without it")),
            _ => lines.push(format!("To give it longer:  rota solve {scenario}{spare} {}", longer(page.solved.seconds))),
        },
        Status::Optimal => {}
    }
    lines
}

/// One sentence a person, for readers of speech and narrow windows.
pub fn sentences(problem: &Problem, roster: &Roster) -> String {
    let site = &problem.site;
    let mut lines = Vec::new();
    for person in PersonIndex::all(site.people.len()) {
        let mut there = Vec::new();
        let mut home = Vec::new();
        for day in site.calendar.days() {
            let date = site.calendar.date(day).spoken();
            match roster.at(person, day).place {
                Place::OnSite => {
                    let sign = super::grid::sign(problem, roster, person, day);
                    there.push(if sign == "in" { date } else { format!("{date} ({sign})") });
                }
                Place::Home => home.push(date),
                Place::Off => {}
            }
        }
        let on_site = if there.is_empty() { "never".to_string() } else { there.join(", ") };
        let at_home = if home.is_empty() { "never".to_string() } else { home.join(", ") };
        lines.push(format!("{}: on site {on_site}; at home {at_home}.", clean(&site.person(person).name)));
    }
    lines.join("\n")
}

/// A judged roster that somebody made, for `rota check`.
pub fn checked(
    problem: &Problem,
    roster: &Roster,
    judgement: &Judgement,
    width: usize,
    plain: bool,
) -> String {
    let table = if plain {
        sentences(problem, roster)
    } else {
        Grid::of(problem, roster, judgement).text(problem, width).trim_end().to_string()
    };
    let lists = cohorts_and_duties(problem, roster, width);
    [table].into_iter().chain(lists).collect::<Vec<_>>().join("\n\n")
}

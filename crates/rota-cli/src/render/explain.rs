//! Why no roster keeps every rule and what can be done, in words. A manager's page: it names people's limits.

use super::clean;
use super::judged::{conflict, plain};
use super::markdown;
use rota_core::Finding;
use rota_io::document::ConflictDocument;
use rota_io::explanation::{letter, ChangeDocument, ClashDocument, ClashingDocument, WayDocument};
use rota_planner::clash::{standings, Clash, Standing};
use rota_rules::model::Owner;
use rota_rules::Problem;
use std::path::Path;

/// Most lines of one list.
const MOST_LINES: usize = 12;

/// A clash, ready to be told.
pub struct ClashPage<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// What was found.
    pub clash: &'a Clash,
    /// The same with names.
    pub document: &'a ClashDocument,
    /// The scenario and what stands beside it, as typed.
    pub scenario: &'a str,
    /// Options by which people to spare were asked for, as typed; the ways out are then not of the scenario alone.
    pub spare: &'a str,
}

/// A heading and its lines.
pub struct Section {
    /// The heading; may be several sentences.
    pub head: String,
    /// Its lines, indented where they belong to the one above.
    pub lines: Vec<String>,
}

impl Section {
    /// Sentences only.
    fn of(head: String) -> Section {
        Section { head, lines: Vec::new() }
    }
}

impl ClashPage<'_> {
    /// What the numbers say, what clashes, the ways out and what to do next.
    pub fn sections(&self) -> Vec<Section> {
        let mut sections = Vec::new();
        sections.extend(self.numbers());
        sections.extend(self.conflicts());
        sections.extend(self.ways());
        sections
    }

    fn numbers(&self) -> Option<Section> {
        let numbers = &self.clash.numbers;
        if numbers.is_empty() {
            return None;
        }
        let mut lines: Vec<String> = numbers.iter().take(MOST_LINES).flat_map(number_lines).collect();
        if numbers.len() > MOST_LINES {
            lines.push(format!(
                "and {} more: rota validate {}",
                numbers.len() - MOST_LINES,
                clean(self.scenario)
            ));
        }
        Some(Section { head: "What the numbers say:".to_string(), lines })
    }

    fn conflicts(&self) -> Vec<Section> {
        let all: Vec<(usize, &ClashingDocument)> = self.document.conflicts.iter().enumerate().collect();
        let (alone, several): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(_, one)| one.irreducible && one.parts.len() == 1);
        let mut sections = Vec::new();
        let number = alone.len() + several.len();
        if number > 1 {
            sections.push(Section::of(format!("{number} things stand in the way.")));
        }
        if !alone.is_empty() {
            let parts: Vec<ConflictDocument> = alone.iter().flat_map(|(_, one)| one.parts.clone()).collect();
            let head = if parts.len() == 1 {
                "This cannot be kept by itself:"
            } else {
                "None of these can be kept, each by itself:"
            };
            let mut lines = conflict(&parts);
            lines.extend(alone.iter().flat_map(|(at, _)| self.who_could(*at)).take(MOST_LINES));
            sections.push(Section { head: head.to_string(), lines });
        }
        for (at, one) in several {
            let head = if one.irreducible {
                "These clash: they cannot all be kept, and without any one of them the others here could."
            } else {
                "What clashes is among these (there was no time to narrow it down further):"
            };
            let mut lines = conflict(&one.parts);
            lines.extend(self.who_could(at));
            sections.push(Section { head: head.to_string(), lines });
        }
        if !self.clash.all_conflicts {
            sections.push(Section::of("Other rules may clash beside these.".to_string()));
        }
        sections
    }

    /// For small groups: who of those meant can come on the days in question.
    fn who_could(&self, at: usize) -> Vec<String> {
        let site = &self.problem.site;
        let mut lines: Vec<String> = Vec::new();
        for part in &self.clash.conflicts[at].parts {
            let Some(about) = part.about else { continue };
            let Some(people) = standings(self.problem, part.owner, &about) else { continue };
            let day = about.on.map_or_else(String::new, |day| site.calendar.date(day).spoken());
            let mut words = Vec::new();
            for (standing, text) in [
                (Standing::Free, "can come in"),
                (Standing::FixedAtHome, "fixed at home"),
                (Standing::HomeOnly, "at home only"),
                (Standing::NotWorking, "not working"),
            ] {
                let names: Vec<&str> = people
                    .iter()
                    .filter(|(_, own)| *own == standing)
                    .map(|(person, _)| site.person(*person).name.as_str())
                    .collect();
                if !names.is_empty() {
                    words.push(format!("{text}: {}", names.join(", ")));
                }
            }
            let name = self.problem.owner_name(part.owner);
            lines.push(clean(&format!("{day}, of those meant by \"{name}\", {}", words.join("; "))));
        }
        lines.truncate(MOST_LINES);
        lines
    }

    fn ways(&self) -> Vec<Section> {
        let ways = &self.document.ways_out;
        let Some(first) = ways.first() else {
            let words = if self.clash.all_ways {
                "The laws (leave, home-only days, seats) cannot be kept by themselves, so that no exception \
                 helps: correct them first."
            } else {
                "No way out was found in time; give it longer with --time-limit."
            };
            return vec![Section::of(words.to_string())];
        };
        let mut sections = Vec::new();
        let same = |one: &ChangeDocument, other: &ChangeDocument| {
            (&one.rule, &one.pin, &one.about) == (&other.rule, &other.pin, &other.about)
                && one.allow == other.allow
        };
        let shared: Vec<&ChangeDocument> = if ways.len() < 2 {
            Vec::new()
        } else {
            let everywhere = |change: &&ChangeDocument| {
                ways.iter().all(|way| way.changes.iter().any(|other| same(change, other)))
            };
            first.changes.iter().filter(everywhere).collect()
        };
        let cheapest = if self.clash.cheapest_proved { ", the cheapest first" } else { "" };
        let head = match (ways.len(), self.clash.all_ways) {
            (1, true) => {
                "One way out; it was tried and gives a roster. There is no other (proved).".to_string()
            }
            (1, false) => "A way out; it was tried and gives a roster.".to_string(),
            (_, all) => {
                let others = if all { " There are no others (proved)." } else { " There are others." };
                format!("Ways out{cheapest}. Each was tried and gives a roster.{others}")
            }
        };
        let mut lines = Vec::new();
        if !shared.is_empty() {
            lines.push("All start with:".to_string());
            lines.extend(shared.iter().map(|change| format!("   {}", self.change(change))));
            lines.push("Then one of these:".to_string());
        }
        for (at, way) in ways.iter().enumerate() {
            let own: Vec<String> = way
                .changes
                .iter()
                .filter(|change| !shared.iter().any(|other| same(change, other)))
                .map(|change| self.change(change))
                .collect();
            for (line, change) in own.iter().enumerate() {
                let sign = if line == 0 { letter(at) } else { " ".to_string() };
                lines.push(format!("{sign}  {change}"));
            }
        }
        sections.push(Section { head, lines });
        sections.push(Section::of(
            "Not looked at: calling in somebody who does not work that day or is at home only, or cancelling \
             leave."
                .to_string(),
        ));
        sections
    }

    fn change(&self, change: &ChangeDocument) -> String {
        change_words(self.problem, change)
    }

    /// The next commands.
    pub fn next(&self) -> Vec<String> {
        let scenario = clean(self.scenario);
        let mut lines = Vec::new();
        if !self.document.ways_out.is_empty() {
            if self.spare.is_empty() {
                // A workbook goes on as a workbook.
                let is_book = rota_io::workbook::is_workbook(Path::new(scenario.trim_matches(['\'', '"'])));
                let ending = if is_book { "xlsx" } else { "json" };
                lines.push(format!("To try one:  rota explain {scenario} --apply A -o fixed.{ending}"));
            } else {
                lines.push(format!("To go without people to spare:  rota solve {scenario}"));
            }
            let spare = clean(self.spare);
            lines.push(format!(
                "To see the closest roster as things stand:  rota solve {scenario}{spare} --best-effort"
            ));
        }
        lines
    }
}

fn number_lines(finding: &Finding) -> Vec<String> {
    let mut lines = vec![clean(&finding.message)];
    lines.extend(finding.help.as_ref().map(|help| format!("   {}", clean(help))));
    lines
}

/// `validator: allow 0 instead of 1 (at least 1 of validator on site on Fri 26 June)`.
fn change_words(problem: &Problem, change: &ChangeDocument) -> String {
    let Some(rule) = &change.rule else {
        return clean(&pin_words(problem, change));
    };
    let amount = change.allow.as_ref().map_or(0.0, |allow| allow.amount);
    let numbers = change
        .found
        .as_ref()
        .zip(change.wanted.as_ref())
        .filter(|(one, other)| one.is_number() && other.is_number());
    let what = match numbers {
        Some((found, wanted)) => format!("allow {} instead of {}", plain(found), plain(wanted)),
        None => format!("make an exception of {}", super::number(amount)),
    };
    clean(&format!("{rule}: {what} ({})", change.sentence))
}

fn pin_words(problem: &Problem, change: &ChangeDocument) -> String {
    let found = change.pin.as_deref().and_then(|pin| {
        let (person, at) = pin.rsplit_once('/')?;
        let person = problem.site.person_named(person)?;
        Some((person, at.parse::<u32>().ok()?))
    });
    match found {
        Some((person, at)) if problem.site.person(person).pins[at as usize].is_home() => {
            let name = &problem.site.person(person).name;
            let sentence = problem.sentence(Owner::Pin(person, at), &rota_core::About::default());
            let days = sentence.split_once("home").map_or("", |(_, days)| days);
            format!("let {name} come in{days} (that day is fixed at home)")
        }
        _ => format!("let go of this: {}", change.sentence),
    }
}

/// What a way out changes, one line each.
pub fn way_words(problem: &Problem, way: &WayDocument) -> Vec<String> {
    way.changes.iter().map(|change| change_words(problem, change)).collect()
}

/// Sections as text.
pub fn text(sections: &[Section]) -> Vec<String> {
    sections
        .iter()
        .map(|section| {
            let lines: Vec<String> = section.lines.iter().map(|line| format!("  {line}")).collect();
            [vec![section.head.clone()], lines].concat().join("\n")
        })
        .collect()
}

/// Sections as Markdown.
pub fn markdown(sections: &[Section]) -> Vec<String> {
    sections.iter().map(|section| markdown::section(&section.head, &section.lines)).collect()
}

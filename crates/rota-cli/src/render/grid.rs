//! People down, days across.

use super::clean;
use super::markdown::escape;
use rota_core::roster::{Place, Roster};
use rota_core::select::Presence;
use rota_core::{Day, PersonIndex};
use rota_rules::counted::{counted, is_bent, Counted};
use rota_rules::judge::Judgement;
use rota_rules::model::Look;
use rota_rules::{Problem, Strength};
use unicode_width::UnicodeWidthStr;

/// A table: a heading over the first column, days, one line per person, and lines of counts under it.
pub struct Grid {
    /// The days shown: every day on which somebody works or that is open.
    pub days: Vec<Day>,
    /// Name, one cell a day, and "5 of 8".
    pub people: Vec<(String, Vec<String>, String)>,
    /// What is counted, one count a day.
    pub counts: Vec<(String, Vec<String>)>,
    /// What the signs in the cells mean.
    pub legend: Vec<String>,
}

/// The widest words for whom a line counts.
const WIDEST_WHO: usize = 20;

/// Most lines of counts under a table.
const MOST_COUNTS: usize = 8;

impl Grid {
    /// The table of a roster.
    pub fn of(problem: &Problem, roster: &Roster, judgement: &Judgement) -> Grid {
        let site = &problem.site;
        let days: Vec<Day> = site
            .calendar
            .days()
            .filter(|day| {
                site.calendar.is_open(*day)
                    || PersonIndex::all(site.people.len())
                        .any(|person| roster.at(person, *day).place != Place::Off)
            })
            .collect();
        let mut people = Vec::new();
        for person in PersonIndex::all(site.people.len()) {
            let cells: Vec<String> = days.iter().map(|day| sign(problem, roster, person, *day)).collect();
            let worked = days.iter().filter(|day| roster.at(person, **day).place != Place::Off).count();
            let on_site = days.iter().filter(|day| roster.at(person, **day).place == Place::OnSite).count();
            people.push((clean(&site.person(person).name), cells, format!("{on_site} of {worked}")));
        }
        let mut grid =
            Grid { counts: counts(problem, roster, judgement, &days), days, people, legend: Vec::new() };
        grid.legend = legend(problem, roster, &grid.days);
        grid
    }

    /// As text, cut into stretches of whole weeks that fit the width.
    pub fn text(&self, problem: &Problem, width: usize) -> String {
        let site = &problem.site;
        let first_column = self
            .people
            .iter()
            .map(|(name, ..)| name.width())
            .chain(self.counts.iter().map(|(name, _)| name.width()))
            .max()
            .unwrap_or(0)
            .min(34);
        let cell = self
            .people
            .iter()
            .flat_map(|(_, cells, _)| cells)
            .chain(self.counts.iter().flat_map(|(_, cells)| cells))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
            .max(4);
        // Where not even a week fits, a week is cut.
        let longest = (width.saturating_sub(first_column + 10) / (cell + 1)).max(1);
        let mut stretches: Vec<Vec<usize>> = Vec::new();
        let mut used = 0;
        let mut weeks: Vec<Vec<usize>> = Vec::new();
        for (at, day) in self.days.iter().enumerate() {
            let monday = site.calendar.date(*day).monday();
            match weeks.last_mut() {
                Some(week)
                    if week.len() < longest && site.calendar.date(self.days[week[0]]).monday() == monday =>
                {
                    week.push(at);
                }
                _ => weeks.push(vec![at]),
            }
        }
        for week in weeks {
            let wide = week.len() * (cell + 1) + 2;
            match stretches.last_mut() {
                Some(stretch) if used + wide + first_column + 10 <= width => {
                    stretch.extend(week);
                    used += wide;
                }
                _ => {
                    stretches.push(week);
                    used = wide;
                }
            }
        }
        let mut text = String::new();
        let last = stretches.len().saturating_sub(1);
        for (number, stretch) in stretches.iter().enumerate() {
            let gap = |at: usize| {
                at > 0
                    && site.calendar.date(self.days[stretch[at]]).monday()
                        != site.calendar.date(self.days[stretch[at - 1]]).monday()
            };
            let line = |name: &str, cells: &dyn Fn(usize) -> String, end: &str| {
                let mut line = pad_right(&shorten(name, first_column), first_column);
                for (at, day) in stretch.iter().enumerate() {
                    line.push_str(if gap(at) { "   " } else { " " });
                    line.push_str(&pad_left(&cells(*day), cell));
                }
                if number == last && !end.is_empty() {
                    line.push_str("    ");
                    line.push_str(end);
                }
                line.trim_end().to_string() + "\n"
            };
            let date = |at: usize| site.calendar.date(self.days[at]);
            text.push_str(&line("", &|at| date(at).weekday().short().to_string(), "days"));
            text.push_str(&line("", &|at| date(at).0.format("%-d").to_string(), "on site"));
            for (name, cells, total) in &self.people {
                text.push_str(&line(name, &|at| cells[at].clone(), total));
            }
            if !self.counts.is_empty() {
                text.push('\n');
            }
            for (name, cells) in &self.counts {
                text.push_str(&line(name, &|at| cells[at].clone(), ""));
            }
            text.push('\n');
        }
        text.push_str(&self.legend.join("    "));
        text.push('\n');
        text
    }

    /// As a Markdown table.
    pub fn markdown(&self, problem: &Problem) -> String {
        let heads: Vec<String> =
            self.days.iter().map(|day| problem.site.calendar.date(*day).short()).collect();
        let mut lines = vec![
            format!("| | {} | days on site |", heads.join(" | ")),
            format!("|---|{}---|", ":-:|".repeat(heads.len())),
        ];
        for (name, cells, total) in &self.people {
            lines.push(format!("| {} | {} | {total} |", escape(name), cells.join(" | ")));
        }
        for (name, cells) in &self.counts {
            lines.push(format!("| _{}_ | {} | |", escape(name), cells.join(" | ")));
        }
        format!("{}\n\n{}\n", lines.join("\n"), self.legend.join(" · "))
    }
}

fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_string();
    }
    let mut short = String::new();
    for sign in text.chars() {
        if short.width() + 2 > width {
            break;
        }
        short.push(sign);
    }
    short + "…"
}

fn pad_right(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// The sign of one person-day: desk or zone with the shift, `home`, `-`.
pub fn sign(problem: &Problem, roster: &Roster, person: PersonIndex, day: Day) -> String {
    let site = &problem.site;
    let cell = roster.at(person, day);
    match cell.place {
        Place::Off => return "-".to_string(),
        Place::Home => return "home".to_string(),
        Place::OnSite => {}
    }
    let place = match (cell.desk, cell.zone) {
        (Some(desk), _) => Some(clean(&site.desk(desk).name)),
        // One zone of seats says nothing that "in" does not say.
        (None, Some(_)) if site.zones.len() == 1 => None,
        (None, Some(zone)) => Some(clean(&site.zone(zone).name)),
        (None, None) => None,
    };
    let shift = cell.shift.map(|shift| clean(&site.calendar.shifts[shift.at()].name));
    match (place, shift) {
        (Some(place), Some(shift)) => format!("{place} {shift}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "in".to_string(),
    }
}

fn legend(problem: &Problem, roster: &Roster, days: &[Day]) -> Vec<String> {
    let site = &problem.site;
    let mut legend = Vec::new();
    let example = PersonIndex::all(site.people.len())
        .flat_map(|person| days.iter().map(move |day| (person, *day)))
        .find(|(person, day)| roster.at(*person, *day).place == Place::OnSite);
    if let Some((person, day)) = example {
        let cell = roster.at(person, day);
        let at = match (cell.desk, cell.zone) {
            (Some(desk), _) => format!(" at desk {}", clean(&site.desk(desk).name)),
            (None, Some(zone)) => format!(" in {}", clean(&site.zone(zone).name)),
            (None, None) => String::new(),
        };
        let shift = cell
            .shift
            .map(|shift| format!(", {} shift", clean(&site.calendar.shifts[shift.at()].name)))
            .unwrap_or_default();
        if at.is_empty() && !shift.is_empty() {
            legend.extend(shifts(problem));
        } else {
            legend.push(format!("{} = on site{at}{shift}", sign(problem, roster, person, day)));
        }
    }
    legend.push("home = working at home".to_string());
    legend.push("- = not working".to_string());
    legend
}

/// Every shift with its times: its name is its sign.
fn shifts(problem: &Problem) -> Vec<String> {
    let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60 % 24, minutes % 60);
    let shifts = problem.site.calendar.shifts.iter();
    shifts
        .map(|shift| {
            let times = shift.span.map(|(from, to)| format!(", {}-{}", clock(from), clock(to)));
            format!("{} = on site{}", clean(&shift.name), times.unwrap_or_default())
        })
        .collect()
}

/// The lines of counts: how many of whom were on site each day, for the rules that ask just that.
fn counts(
    problem: &Problem,
    roster: &Roster,
    judgement: &Judgement,
    days: &[Day],
) -> Vec<(String, Vec<String>)> {
    let site = &problem.site;
    let mut lines: Vec<(String, Vec<String>)> = Vec::new();
    let mut everybody = false;
    for (at, rule) in problem.rules.iter().enumerate().filter(|(_, rule)| rule.strength != Strength::Off) {
        let Some(counted) = counted(problem, rule) else { continue };
        if lines.len() == MOST_COUNTS {
            break;
        }
        let cells = days
            .iter()
            .map(|day| {
                let mark = if is_bent(judgement, at, *day) { "!" } else { "" };
                counted.there(site, roster, *day).map_or(String::new(), |there| format!("{there}{mark}"))
            })
            .collect();
        let Counted { who, look, limits, presence, days: open } = counted;
        let whom = match who {
            rota_core::Who::Everyone => look.spoken().to_string(),
            _ if look == Look::OnSite => rota_rules::speak::who(who, site),
            _ => format!("{} {}", rota_rules::speak::who(who, site), look.spoken()),
        };
        // Whom a long selector means is better said by the rule's own name.
        let whole = presence == Presence::ON_SITE && open.len() == days.len();
        everybody |= whole && look == Look::OnSite && who.is_everyone();
        let whom = if whom.width() > WIDEST_WHO || !whole { rule.id.clone() } else { whom };
        lines.push((format!("{} ({limits})", clean(&whom)), cells));
    }
    if !everybody {
        let on_site = |day: &Day| {
            let there = |person: &PersonIndex| roster.at(*person, *day).place == Place::OnSite;
            PersonIndex::all(site.people.len()).filter(there).count().to_string()
        };
        lines.insert(0, ("on site".to_string(), days.iter().map(on_site).collect()));
    }
    lines
}

//! Selectors in words, for the rules' sentences.

use rota_core::calendar::Per;
use rota_core::select::{Each, When, Where, Who};
use rota_core::{About, Date, Day, Site};

/// `everyone`, `coding`, `validator`, `Amy Walsh or Ben Okafor`, `coding and not trainee`.
pub fn who(who: &Who, site: &Site) -> String {
    let team = site.scope.map(|team| format!(" of {}", site.teams[team.at()].id)).unwrap_or_default();
    format!("{}{team}", bare_who(who, site))
}

fn bare_who(who: &Who, site: &Site) -> String {
    let join = |parts: &[Who], link: &str| {
        let words: Vec<String> = parts
            .iter()
            .map(|part| match part {
                Who::Any(_) | Who::All(_) => format!("({})", bare_who(part, site)),
                _ => bare_who(part, site),
            })
            .collect();
        words.join(link)
    };
    match who {
        Who::Everyone => "everyone".to_string(),
        Who::Words(words) => words.clone(),
        Who::Team(name) | Who::Tag(name) => name.clone(),
        Who::People(ids) => {
            let names: Vec<&str> = ids
                .iter()
                .map(|id| {
                    site.person_named(id).map_or(id.as_str(), |person| site.person(person).name.as_str())
                })
                .collect();
            names.join(", ")
        }
        Who::Any(parts) => join(parts, " or "),
        Who::All(parts) => join(parts, " and "),
        Who::Not(part) => match **part {
            Who::Any(_) | Who::All(_) => format!("not ({})", bare_who(part, site)),
            _ => format!("not {}", bare_who(part, site)),
        },
    }
}

/// ` in north`, ` in each zone`, or nothing; the place of the subject where it names one.
pub fn at(at: &Where, site: &Site, about: &About) -> String {
    if let Some(zone) = about.zone {
        return format!(" in {}", site.zone(zone).name);
    }
    if let Some(premises) = about.site {
        return format!(" at {}", site.premises[premises.at()].name);
    }
    match at {
        Where::Anywhere => String::new(),
        Where::Words(words) => format!(" in {words}"),
        Where::Site(name) | Where::Zone(name) => format!(" in {name}"),
        Where::Each(Each::Site) => " at each site".to_string(),
        Where::Each(Each::Zone) => " in each zone".to_string(),
    }
}

/// ` on Thu 18 June`, ` from Mon 15 June to Sun 21 June`, ` between 09:00 and 12:00 each day`.
pub fn when(when: &When, site: &Site, about: &About, per: Per) -> String {
    let times = match when {
        When::Fields(fields) => {
            let between =
                fields.between.map(|between| format!(" between {} and {}", between.from, between.to));
            let shifts = (!fields.shifts.is_empty()).then(|| format!(" ({})", fields.shifts.join(", ")));
            between.or(shifts).unwrap_or_default()
        }
        When::Words(words) => format!(" ({words})"),
    };
    let weekdays = match when {
        When::Fields(fields) if !fields.weekdays.is_empty() => {
            let names: Vec<&str> = fields.weekdays.iter().map(|weekday| weekday.long()).collect();
            format!(" on {}", names.join(", "))
        }
        _ => String::new(),
    };
    let days = match (subject_days(site, &inside(when, site, about)), per) {
        // Several days, of which only those weekdays count.
        (Some(days), _) if about.to.is_some_and(|last| Some(last) != about.on) => format!("{weekdays}{days}"),
        (Some(days), _) => days,
        (None, Per::Day) if weekdays.is_empty() => " each day".to_string(),
        (None, Per::Day) => weekdays,
        (None, Per::Week) => format!("{weekdays} each week"),
        (None, Per::Fortnight) => format!("{weekdays} each fortnight"),
        (None, Per::Rota) => format!("{weekdays} in the rota"),
    };
    format!("{times}{days}{}", counted_from(site, about, per))
}

/// `, counted from Mon 15 June` of a period that began before the calendar, where history knows days of it.
fn counted_from(site: &Site, about: &About, per: Per) -> String {
    let began_before = matches!(per, Per::Week | Per::Fortnight) && about.on == Some(Day(0));
    let first =
        began_before.then(|| site.calendar.known(site.calendar.period_of(per, Day(0))).next()).flatten();
    first
        .filter(|first| first.is_past())
        .map_or_else(String::new, |first| format!(", counted from {}", site.calendar.date(first).spoken()))
}

/// A subject of several days, without those before `from` and after `to`.
fn inside(when: &When, site: &Site, about: &About) -> About {
    let (When::Fields(fields), Some(on), Some(to)) = (when, about.on, about.to) else { return *about };
    let day = |date: Date| Day(date.since(site.calendar.from) as i32);
    let first = fields.from.map_or(on, |from| on.max(day(from)));
    let last = fields.to.map_or(to, |last| to.min(day(last)));
    if first > last {
        return *about;
    }
    About { on: Some(first), to: Some(last), ..*about }
}

/// The days of a subject: ` on Thu 18 June` or ` from Mon 15 June to Sun 21 June`.
pub fn subject_days(site: &Site, about: &About) -> Option<String> {
    let first = site.calendar.date(about.on?);
    Some(match about.to {
        Some(last) if Some(last) != about.on => {
            format!(" from {} to {}", first.spoken(), site.calendar.date(last).spoken())
        }
        _ => format!(" on {}", first.spoken()),
    })
}

/// The person of a subject, or the people meant.
pub fn person(who_: &Who, site: &Site, about: &About) -> String {
    match about.person {
        Some(person) => site.person(person).name.clone(),
        None if who_.is_everyone() && site.scope.is_none() => "everyone".to_string(),
        None => format!("each of {}", who(who_, site)),
    }
}

//! Calendar files (RFC 5545): one for each person and each team.
//!
//! A person-day keeps its UID however often a roster is given out, so a calendar that has an earlier issue updates
//! the event instead of having two. What has changed gets a higher SEQUENCE; a day on which somebody does not work
//! any more is there once more, as cancelled. UIDs are hashes and hold no name. A person's calendar names nobody
//! else; a team's has days on site only.

use crate::share::{Shared, SharedCell, SharedPerson};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::{OffsetName, Tz};
use rota_core::{Date, Place};
use std::collections::BTreeMap;

/// What PRODID begins with: by it a calendar of an earlier issue is known.
const PRODUCT: &str = "-//rota//rota ";
/// Longest line, in octets without its end.
const LONGEST_LINE: usize = 75;

/// One event as an earlier issue had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// How often it had changed.
    pub sequence: u32,
    /// The first day.
    pub on: Date,
    /// What it said: every line that means something to its reader.
    pub said: Vec<String>,
    /// Whether it was cancelled.
    pub cancelled: bool,
}

/// The events of an earlier issue by their UID.
pub type Issued = BTreeMap<String, Earlier>;

/// What is known of earlier issues.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Before<'a> {
    /// SEQUENCE of every event, when it was given.
    pub sequence: Option<u32>,
    /// The roster that this one replaces.
    pub old: Option<&'a Shared>,
}

/// Whose days a calendar has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// One person's, by their place in the list.
    Person(usize),
    /// A team's, by its place in the list.
    Team(usize),
}

/// One event.
struct Event {
    uid: String,
    on: Date,
    lines: Vec<String>,
    cancelled: bool,
}

/// The time zone of a roster; the error says that there is no such zone.
pub fn zone(shared: &Shared) -> Result<Option<Tz>, String> {
    let Some(name) = &shared.time_zone else { return Ok(None) };
    name.parse()
        .map(Some)
        .map_err(|_| format!("`{name}` is not a time zone of the IANA list, such as Europe/London"))
}

/// One calendar. `issued` is what the file held before.
pub fn write(
    shared: &Shared,
    whose: Whose,
    zone: Option<Tz>,
    before: &Before<'_>,
    issued: &Issued,
) -> String {
    let mut events = events(shared, whose, zone);
    if let Some(old) = before.old {
        let known: Vec<String> = events.iter().map(|event| event.uid.clone()).collect();
        let gone = same(old, shared, whose).map(|whose| self::events(old, whose, zone)).unwrap_or_default();
        events.extend(gone.into_iter().filter(|event| !known.contains(&event.uid)).map(cancelled));
    }
    let old_lines: BTreeMap<String, Vec<String>> = before
        .old
        .and_then(|old| same(old, shared, whose).map(|whose| self::events(old, whose, zone)))
        .unwrap_or_default()
        .into_iter()
        .map(|event| (event.uid, event.lines))
        .collect();
    // What the file had and neither roster has any more is cancelled too, as far as it lies in these days.
    for (uid, earlier) in issued {
        let inside = shared.from <= earlier.on && earlier.on <= shared.to;
        if inside && !events.iter().any(|event| event.uid == *uid) {
            events.push(Event {
                uid: uid.clone(),
                on: earlier.on,
                lines: earlier.said.clone(),
                cancelled: true,
            });
        }
    }
    events.sort_by(|one, other| one.on.cmp(&other.on).then(one.uid.cmp(&other.uid)));
    let name = match whose {
        Whose::Person(at) => shared.people[at].name.clone(),
        Whose::Team(at) => shared.teams[at].id.clone(),
    };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_string(),
        "VERSION:2.0".to_string(),
        format!("PRODID:{PRODUCT}{}//EN", shared.issue.version),
        "CALSCALE:GREGORIAN".to_string(),
        "METHOD:PUBLISH".to_string(),
        format!("X-WR-CALNAME:{}", escape(&format!("{name}: {}", shared.title))),
    ];
    let timed = events.iter().any(|event| event.lines.iter().any(|line| line.starts_with("DTSTART;TZID=")));
    if let Some(zone) = zone.filter(|_| timed) {
        let first = events.iter().map(|event| event.on).min().unwrap_or(shared.from);
        lines.extend(time_zone(zone, first.min(shared.from), shared.to));
    }
    for event in events {
        let sequence = before.sequence.unwrap_or_else(|| sequence(&event, &old_lines, before, issued));
        lines.push("BEGIN:VEVENT".to_string());
        lines.push(format!("UID:{}", event.uid));
        lines.push(format!("SEQUENCE:{sequence}"));
        lines.push(format!("DTSTAMP:{}T000000Z", compact(shared.issue.made)));
        lines.extend(event.lines);
        lines.push(match (event.cancelled, shared.issue.published) {
            (true, _) => "STATUS:CANCELLED".to_string(),
            (false, true) => "STATUS:CONFIRMED".to_string(),
            (false, false) => "STATUS:TENTATIVE".to_string(),
        });
        lines.push("END:VEVENT".to_string());
    }
    lines.push("END:VCALENDAR".to_string());
    lines.iter().map(|line| folded(line)).collect()
}

/// The same person or team in another roster.
fn same(other: &Shared, shared: &Shared, whose: Whose) -> Option<Whose> {
    match whose {
        Whose::Person(at) => {
            let id = &shared.people[at].id;
            other.people.iter().position(|person| person.id == *id).map(Whose::Person)
        }
        Whose::Team(at) => {
            let id = &shared.teams[at].id;
            other.teams.iter().position(|team| team.id == *id).map(Whose::Team)
        }
    }
}

/// One more than before for what has changed, as before for what has not, 0 for what is new.
fn sequence(
    event: &Event,
    old_lines: &BTreeMap<String, Vec<String>>,
    before: &Before<'_>,
    issued: &Issued,
) -> u32 {
    if let Some(earlier) = issued.get(&event.uid) {
        let same = earlier.said == event.lines && earlier.cancelled == event.cancelled;
        return earlier.sequence + u32::from(!same);
    }
    let old = before.old.and_then(|_| old_lines.get(&event.uid));
    u32::from(old.is_some_and(|old| *old != event.lines || event.cancelled))
}

fn cancelled(event: Event) -> Event {
    Event { cancelled: true, ..event }
}

fn events(shared: &Shared, whose: Whose, zone: Option<Tz>) -> Vec<Event> {
    let (people, kind): (Vec<&SharedPerson>, &str) = match whose {
        Whose::Person(at) => (vec![&shared.people[at]], "person"),
        Whose::Team(at) => (shared.teams[at].people.iter().map(|at| &shared.people[*at]).collect(), "team"),
    };
    let is_team = kind == "team";
    let mut events = Vec::new();
    for person in people {
        for (day, cell) in shared.days.iter().zip(&person.cells) {
            if cell.place == Place::Off || (is_team && cell.place == Place::Home) {
                continue;
            }
            let hash = crate::sha256(&format!("rota {kind} {} {day}", person.id));
            events.push(Event {
                uid: format!("{}@rota", &hash[..32]),
                on: *day,
                lines: lines(shared, person, cell, *day, zone, is_team),
                cancelled: false,
            });
        }
    }
    events
}

/// What an event says.
fn lines(
    shared: &Shared,
    person: &SharedPerson,
    cell: &SharedCell,
    day: Date,
    zone: Option<Tz>,
    is_team: bool,
) -> Vec<String> {
    let span = cell.shift.and_then(|shift| shared.shifts[shift].span);
    let mut lines = match span {
        Some((from, to)) => vec![time("DTSTART", day, from, zone), time("DTEND", day, to, zone)],
        // The end of a whole day is the day after: it is not part of the event.
        None => vec![
            format!("DTSTART;VALUE=DATE:{}", compact(day)),
            format!("DTEND;VALUE=DATE:{}", compact(day.plus(1))),
        ],
    };
    let shift = cell.shift.map(|shift| format!(", {} shift", shared.shifts[shift].name)).unwrap_or_default();
    let duty = cell.duty.as_ref().map(|duty| format!(", {duty}")).unwrap_or_default();
    let what = match cell.place {
        Place::OnSite => format!("On site{shift}{duty}"),
        _ => "Working at home".to_string(),
    };
    let who = if is_team { format!("{}: ", person.name) } else { String::new() };
    lines.push(format!("SUMMARY:{}", escape(&format!("{who}{what}"))));
    let seat = shared.seat(cell);
    if !seat.is_empty() {
        lines.push(format!("LOCATION:{}", escape(&capital(&seat))));
    }
    // A day at home is a working day, yet it does not block the diary.
    lines.push(
        if cell.place == Place::OnSite && !is_team { "TRANSP:OPAQUE" } else { "TRANSP:TRANSPARENT" }
            .to_string(),
    );
    lines
}

fn capital(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + signs.as_str())
}

fn compact(date: Date) -> String {
    date.0.format("%Y%m%d").to_string()
}

/// A time of day, in minutes after midnight of its day; past midnight it is on the day after.
fn time(name: &str, day: Date, minutes: u32, zone: Option<Tz>) -> String {
    let day = day.plus(i64::from(minutes / 1440));
    let clock = format!("{:02}{:02}00", minutes / 60 % 24, minutes % 60);
    match zone {
        Some(zone) => format!("{name};TZID={zone}:{}T{clock}", compact(day)),
        // Without a zone it is the time on the wall, wherever the reader is.
        None => format!("{name}:{}T{clock}", compact(day)),
    }
}

/// When the clocks of a zone change around some days: the offset in force before them, and each change within.
fn time_zone(zone: Tz, from: Date, to: Date) -> Vec<String> {
    let noon = |date: NaiveDate| date.and_time(NaiveTime::from_hms_opt(12, 0, 0).expect("there is a noon"));
    let offset = |moment: NaiveDateTime| zone.offset_from_utc_datetime(&moment);
    let seconds = |moment: NaiveDateTime| offset(moment).fix().local_minus_utc();
    // A year before the first day has every kind of time that the zone keeps.
    let first = NaiveDate::from_ymd_opt(from.0.year() - 1, 1, 1).unwrap_or(from.0);
    let last = to.plus(2).0;
    let mut lines = vec!["BEGIN:VTIMEZONE".to_string(), format!("TZID:{zone}")];
    let mut observance = |start: NaiveDateTime, before: i32, moment: NaiveDateTime| {
        use chrono_tz::OffsetComponents;
        let now = offset(moment);
        let kind = if now.dst_offset().is_zero() { "STANDARD" } else { "DAYLIGHT" };
        lines.push(format!("BEGIN:{kind}"));
        lines.push(format!("DTSTART:{}", start.format("%Y%m%dT%H%M%S")));
        lines.push(format!("TZOFFSETFROM:{}", utc_offset(before)));
        lines.push(format!("TZOFFSETTO:{}", utc_offset(now.fix().local_minus_utc())));
        if let Some(name) = now.abbreviation() {
            lines.push(format!("TZNAME:{name}"));
        }
        lines.push(format!("END:{kind}"));
    };
    let start = noon(first);
    observance(start, seconds(start), start);
    let mut day = first;
    while day < last {
        let next = day.succ_opt().unwrap_or(last);
        let (mut low, mut high) = (noon(day), noon(next));
        let before = seconds(low);
        if before != seconds(high) {
            // The minute of the change, halving the day between.
            while high - low > chrono::Duration::minutes(1) {
                let middle = low + chrono::Duration::minutes((high - low).num_minutes() / 2);
                if seconds(middle) == before {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            // The local time at which the old offset ends.
            observance(high + chrono::Duration::seconds(i64::from(before)), before, high);
        }
        day = next;
    }
    lines.push("END:VTIMEZONE".to_string());
    lines
}

/// `+0100` for 3600 seconds.
fn utc_offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (minutes, rest) = (seconds.abs() / 60, seconds.abs() % 60);
    let end = if rest == 0 { String::new() } else { format!("{rest:02}") };
    format!("{sign}{:02}{:02}{end}", minutes / 60, minutes % 60)
}

fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line cut into pieces of at most 75 octets, those after the first with a space before them.
fn folded(line: &str) -> String {
    let mut text = String::with_capacity(line.len() + 2);
    let mut used = 0;
    for sign in line.chars() {
        if used + sign.len_utf8() > LONGEST_LINE {
            text.push_str("\r\n ");
            used = 1;
        }
        text.push(sign);
        used += sign.len_utf8();
    }
    text + "\r\n"
}

/// The events of a calendar that rota wrote; none when it is another's.
pub fn read(text: &str) -> Option<Issued> {
    let text = text.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "");
    if !text.starts_with("BEGIN:VCALENDAR") || !text.contains(&format!("\nPRODID:{PRODUCT}")) {
        return None;
    }
    let mut issued = Issued::new();
    for part in text.split("\nBEGIN:VEVENT\n").skip(1) {
        let body = part.split("\nEND:VEVENT").next().unwrap_or("");
        let value = |name: &str| {
            let lines = body.lines();
            lines
                .filter_map(|line| line.split_once(':'))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value)
        };
        let start = body.lines().find(|line| line.starts_with("DTSTART"))?.rsplit(':').next()?;
        let on = Date(NaiveDate::parse_from_str(start.get(..8)?, "%Y%m%d").ok()?);
        let own = ["UID:", "SEQUENCE:", "DTSTAMP:", "STATUS:"];
        let earlier = Earlier {
            sequence: value("SEQUENCE")?.parse().ok()?,
            on,
            said: body
                .lines()
                .filter(|line| !own.iter().any(|name| line.starts_with(name)))
                .map(str::to_string)
                .collect(),
            cancelled: value("STATUS") == Some("CANCELLED"),
        };
        issued.insert(value("UID")?.to_string(), earlier);
    }
    Some(issued)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_folded_between_signs() {
        let line = format!("SUMMARY:{}", "é".repeat(60));
        let folded = folded(&line);
        let pieces: Vec<&str> = folded.trim_end().split("\r\n").collect();
        assert_eq!(pieces.len(), 2);
        assert!(pieces.iter().all(|piece| piece.len() <= 75));
        assert_eq!(folded.replace("\r\n ", "").trim_end(), line);
    }

    #[test]
    fn clocks_change_when_they_do() {
        let lines = time_zone(chrono_tz::Europe::London, Date::new(2020, 6, 15), Date::new(2020, 6, 26));
        let text = lines.join("\n");
        // Summer time 2020 began on 29 March at 01:00 local time.
        let begins =
            "BEGIN:DAYLIGHT\nDTSTART:20200329T010000\nTZOFFSETFROM:+0000\nTZOFFSETTO:+0100\nTZNAME:BST";
        assert!(text.contains(begins), "{text}");
        let ended =
            "BEGIN:STANDARD\nDTSTART:20191027T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0000\nTZNAME:GMT";
        assert!(text.contains(ended), "{text}");
        assert_eq!((utc_offset(-12_600), utc_offset(19_800)), ("-0330".to_string(), "+0530".to_string()));
    }

    #[test]
    fn a_calendar_of_others_is_not_ours() {
        assert_eq!(read("BEGIN:VCALENDAR\r\nPRODID:-//Other//EN\r\nEND:VCALENDAR\r\n"), None);
        assert_eq!(read(""), None);
    }
}

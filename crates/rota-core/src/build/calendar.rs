//! The calendar and its shifts.

use super::{check_id, closed_days};
use crate::calendar::{Calendar, Shift, DAY_MINUTES, MOST_DAYS, MOST_SHIFTS};
use crate::finding::Finding;
use crate::index::Day;
use crate::typed;
use std::collections::HashMap;

pub(super) fn build_calendar(
    typed: &typed::Calendar,
    history: Option<&typed::History>,
    findings: &mut Vec<Finding>,
) -> Calendar {
    let mut to = typed.to;
    if typed.to < typed.from {
        findings.push(
            Finding::error(
                "calendar.order",
                "/calendar/to",
                format!("the last day {} is before the first day {}", typed.to, typed.from),
            )
            .help("swap `from` and `to`"),
        );
        to = typed.from;
    } else if typed.to.since(typed.from) >= MOST_DAYS {
        findings.push(
            Finding::error(
                "calendar.too_long",
                "/calendar/to",
                format!(
                    "the calendar has {} days, and at most {MOST_DAYS} are supported",
                    typed.to.since(typed.from) + 1
                ),
            )
            .help("plan a shorter stretch and carry on with `rota next`"),
        );
        to = typed.from.plus(MOST_DAYS - 1);
    }
    let mut work_days = [false; 7];
    for weekday in &typed.work_days {
        work_days[weekday.index()] = true;
    }
    if typed.work_days.is_empty() {
        findings.push(
            Finding::error("calendar.no_work_day", "/calendar/work_days", "no weekday is a work day")
                .help("list weekdays such as \"mon\", or leave `work_days` out for Monday to Friday"),
        );
    }
    let mut calendar = Calendar {
        from: typed.from,
        to,
        work_days,
        open: vec![true; (to.since(typed.from) + 1) as usize],
        shifts: Vec::new(),
        anchor: typed.anchor.or_else(|| history.and_then(|history| history.anchor)),
        time_zone: typed.time_zone.clone(),
        first_known: Day(0),
    };
    if let Some(zone) = &typed.time_zone {
        if !zone.chars().all(|c| c.is_ascii_alphanumeric() || "_/+-".contains(c)) || zone.is_empty() {
            findings.push(
                Finding::error(
                    "calendar.time_zone",
                    "/calendar/time_zone",
                    format!("`{zone}` is not a time zone"),
                )
                .help("write it like Europe/London"),
            );
        }
    }
    let closed = closed_days(&calendar, &typed.closed, "/calendar/closed", findings);
    for day in calendar.days() {
        calendar.open[day.0 as usize] = calendar.is_pattern_day(day) && !closed[day.0 as usize];
    }
    if !calendar.open.contains(&true) && !findings.iter().any(Finding::is_error) {
        findings.push(
            Finding::warning("calendar.no_open_day", "/calendar", "no day of the calendar is open")
                .help("correct `from`, `to`, `work_days` or `closed`; if that is meant, nothing needs doing"),
        );
    }
    calendar.shifts = build_shifts(&typed.shifts, findings);
    if let Some(history) = history {
        let first = history.days.iter().map(|assignment| assignment.on).filter(|on| *on < typed.from).min();
        if let Some(first) = first {
            calendar.first_known = Day(first.since(typed.from).max(-28) as i32);
        }
    }
    calendar
}

fn build_shifts(typed: &[typed::Shift], findings: &mut Vec<Finding>) -> Vec<Shift> {
    if typed.len() > MOST_SHIFTS {
        let message = format!("there are {} shifts, and at most {MOST_SHIFTS} are supported", typed.len());
        findings.push(
            Finding::error("shift.too_many", "/calendar/shifts", message)
                .help("leave out shifts that nobody works in this rota"),
        );
    }
    let mut seen: HashMap<&str, String> = HashMap::new();
    let mut shifts = Vec::new();
    for (at, shift) in typed.iter().enumerate().take(MOST_SHIFTS) {
        let pointer = format!("/calendar/shifts/{at}");
        check_id("shift", &shift.id, &pointer, seen.get(shift.id.as_str()).map(String::as_str), findings);
        seen.entry(&shift.id).or_insert_with(|| pointer.clone());
        let span = match (shift.from, shift.to) {
            (Some(from), Some(_)) if from.0 >= DAY_MINUTES => {
                findings.push(
                    Finding::error(
                        "shift.times",
                        format!("{pointer}/from"),
                        "a shift begins before midnight",
                    )
                    .help("write 00:00 for a shift of the next day"),
                );
                None
            }
            (Some(from), Some(to)) => {
                let end = if to > from { to.0 } else { to.0 + DAY_MINUTES };
                Some((from.0, end))
            }
            (None, None) => None,
            _ => {
                findings.push(
                    Finding::error(
                        "shift.times",
                        &pointer,
                        format!("the shift `{}` has only one of `from` and `to`", shift.id),
                    )
                    .help("give both times, or neither and `hours` alone"),
                );
                None
            }
        };
        if shift.hours.is_some_and(|hours| !(hours > 0.0 && hours <= 24.0)) {
            findings.push(
                Finding::error(
                    "shift.hours",
                    format!("{pointer}/hours"),
                    "the length of a shift must be above 0 and at most 24 hours",
                )
                .help("give the paid hours of one day"),
            );
        }
        shifts.push(Shift {
            id: shift.id.clone(),
            name: shift.name.clone().unwrap_or_else(|| shift.id.clone()),
            span,
            hours: shift.hours.or_else(|| span.map(|(start, end)| f64::from(end - start) / 60.0)),
            by_request: shift.by_request,
        });
    }
    shifts
}

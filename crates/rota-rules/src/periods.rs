//! Limits over a period, of which some days may still be unknown or not worked: the arithmetic of *cut periods*.
//!
//! Days of a period are known in the history and in the calendar; those before the history and after the
//! calendar's last day are not. *Pattern days* are the days of a period whose weekday is a work day and, where
//! `when` names weekdays, one of those; closed or not, known or not. Shared by rows and checks.

use crate::model::Look;
use rota_core::calendar::{round_at_least, round_at_most};
use rota_core::select::{Presence, ReadWhen, Spot};
use rota_core::{Day, Moment, Period, PersonIndex, Place, Site};

/// Days of a period that count: known history and open days of the calendar that fit `when`, in order.
pub fn days(site: &Site, when: &ReadWhen, period: Period) -> Vec<Day> {
    site.calendar
        .known(period)
        .filter(|day| when.fits(&site.calendar, *day) && (day.is_past() || site.calendar.is_open(*day)))
        .collect()
}

/// Whether any open day of the calendar in the period fits `when`: else nothing is asked of it, whatever is past.
pub fn asks(site: &Site, when: &ReadWhen, period: Period) -> bool {
    days(site, when, period).iter().any(|day| !day.is_past())
}

/// Pattern days of the whole period.
fn pattern_days(site: &Site, when: &ReadWhen, period: Period) -> usize {
    (period.first.0..=period.last.0).filter(|day| when.is_pattern_day(&site.calendar, Day(*day))).count()
}

/// Known pattern days / pattern days of the whole period; 1 where there is none.
pub fn known_share(site: &Site, when: &ReadWhen, period: Period) -> f64 {
    let known = site.calendar.known(period).filter(|day| when.is_pattern_day(&site.calendar, *day)).count();
    match pattern_days(site, when, period) {
        0 => 1.0,
        whole => known as f64 / whole as f64,
    }
}

/// Days of the period in `when` that a person works / pattern days of the whole period; 1 where there is none.
pub fn worked_share(site: &Site, when: &ReadWhen, period: Period, person: PersonIndex) -> f64 {
    let worked = days(site, when, period).into_iter().filter(|day| site.works(person, *day)).count();
    match pattern_days(site, when, period) {
        0 => 1.0,
        whole => worked as f64 / whole as f64,
    }
}

/// Known person-days of the period before the calendar that count. History is never itself a breach: no
/// `at_most` is taken below it, so that only what the calendar adds is charged.
pub fn past(
    site: &Site,
    when: &ReadWhen,
    period: Period,
    people: &[PersonIndex],
    look: Look,
    presence: &Presence,
) -> f64 {
    let was_there = |person: PersonIndex, day: Day| {
        site.past_cell(person, day).is_some_and(|cell| match look {
            Look::OnSite => cell.fits(site, presence),
            Look::Home => cell.place == Place::Home,
            Look::Working => cell.place != Place::Off,
        })
    };
    let past = days(site, when, period).into_iter().filter(|day| day.is_past());
    past.map(|day| people.iter().filter(|person| was_there(**person, day)).count()).sum::<usize>() as f64
}

/// How many of the people are at a moment and place by what is past alone: no `at_most` is taken below it.
pub fn past_at(site: &Site, people: &[PersonIndex], moment: &Moment, spot: Spot) -> f64 {
    let was_there = |person: &&PersonIndex| {
        moment.parts.iter().any(|(day, shifts)| {
            let presence = Presence { shifts: *shifts, spot };
            day.is_past() && site.past_cell(**person, *day).is_some_and(|cell| cell.fits(site, &presence))
        })
    };
    people.iter().filter(was_there).count() as f64
}

/// `at_least`, in whole days, times a share: nearest whole, an exact half down.
pub fn least(limit: f64, share: f64) -> f64 {
    round_at_least(limit * share)
}

/// `at_most`, in whole days, times a share: nearest whole, an exact half up.
pub fn most(limit: f64, share: f64) -> f64 {
    round_at_most(limit * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tiny::TinySite;
    use rota_core::calendar::Per;
    use rota_core::select::{When, WhenFields};
    use rota_core::Weekday;

    /// The long site: Wednesday 17 to Tuesday 30 June, Thursday 25 closed, history from Thursday 11. The week of
    /// 15 June is wholly known, that of 29 June has two of five days; of its Tuesdays and Fridays it has one of two.
    #[test]
    fn shares_of_cut_weeks() {
        let problem = TinySite::Long.problem(&[]);
        let site = &problem.site;
        let always = When::default().read(site);
        let ends =
            When::Fields(WhenFields { weekdays: vec![Weekday::Tue, Weekday::Fri], ..WhenFields::default() });
        let ends = ends.read(site);
        let weeks = site.calendar.periods(Per::Week);
        let shares = |when: &ReadWhen| -> Vec<f64> {
            weeks.iter().map(|week| known_share(site, when, *week)).collect()
        };
        assert_eq!(shares(&always), [1.0, 1.0, 0.4]);
        assert_eq!(shares(&ends), [1.0, 1.0, 0.5]);
        // Ann is away on Friday 19; Thursday 25 is closed.
        let ann = PersonIndex(0);
        let worked: Vec<f64> = weeks.iter().map(|week| worked_share(site, &always, *week, ann)).collect();
        assert_eq!(worked, [0.8, 0.8, 0.4]);
        // A fortnight from 8 June reaches back before the history: 2 of its first 5 pattern days are known.
        let fortnight = site.calendar.periods(Per::Fortnight)[0];
        assert!((known_share(site, &always, fortnight) - 0.7).abs() < 1e-9);
        assert_eq!(days(site, &always, weeks[1]).len(), 4); // Thursday is closed, the weekend not worked
    }

    #[test]
    fn halves_go_to_the_looser_limit() {
        assert_eq!((least(3.0, 0.5), most(3.0, 0.5)), (1.0, 2.0));
        assert_eq!((least(3.0, 0.8), most(3.0, 0.8)), (2.0, 2.0));
    }
}

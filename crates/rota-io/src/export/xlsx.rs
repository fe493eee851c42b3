//! The workbook: an overview, a sheet per team, the desks day by day, a line per person, and the roster itself as a
//! tidy sheet that `rota check` reads back.
//!
//! Every cell is written as text, a number or a date, never as a formula, and a text that begins like a formula is
//! marked as text, so that it stays one when somebody edits it. There are no hidden sheets and no author.

use super::csv::{has_groups, values};
use crate::seal;
use crate::share::{Shared, SharedCell, SharedPerson};
use rota_core::{Date, Place};
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};
use std::collections::HashSet;

/// The sheet that holds the roster, one row per person and day.
pub const ROSTER_SHEET: &str = "Roster";

/// The places as the sheet has them.
const PLACES: [&str; 3] = ["on site", "home", "off"];

/// Size of letters, in points, and in large print.
const POINTS: f64 = 12.0;
const LARGE: f64 = 18.0;
/// Width of a page on which letters are as large as they are said to be, in letters of 11 points; fonts that stand
/// in for the usual one are wider, and it must hold with them too.
const PAGE: f64 = 106.0;
/// Most lines about bent rules above the table: they stay in view with its head.
const MOST_ON_TOP: usize = 6;
/// A4.
const A4: u8 = 9;
/// Longest name of a sheet.
const LONGEST_SHEET: usize = 31;
/// Narrowest and widest column, in letters.
const NARROWEST: f64 = 8.0;
const WIDEST: f64 = 40.0;

/// The looks of cells. Signs in the cells say the same as the colours.
struct Looks {
    points: f64,
    plain: Format,
    title: Format,
    strong: Format,
    wrong: Format,
    head: Format,
    name: Format,
    on_site: Format,
    home: Format,
    off: Format,
    count: Format,
    missed: Format,
    date: Format,
    wrapped: Format,
}

impl Looks {
    fn new(large: bool) -> Looks {
        let points = if large { LARGE } else { POINTS };
        let base = || Format::new().set_font_size(points);
        let cell = |colour: u32| {
            base()
                .set_background_color(Color::RGB(colour))
                .set_font_color(Color::Black)
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(0x008C_8C8C))
                .set_align(FormatAlign::Center)
        };
        Looks {
            points,
            plain: base(),
            title: base().set_font_size(points + 4.0).set_bold(),
            strong: base().set_bold(),
            wrong: base().set_bold().set_font_color(Color::RGB(0x009C_0006)),
            head: cell(0x001F_3864).set_font_color(Color::White).set_bold().set_text_wrap(),
            name: base().set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x008C_8C8C)),
            on_site: cell(0x009D_C3E6).set_bold(),
            home: cell(0x00FF_FFFF),
            off: cell(0x00D9_D9D9),
            count: cell(0x00F2_F2F2),
            missed: cell(0x00F4_B183).set_bold(),
            date: base().set_num_format("ddd d mmmm yyyy").set_align(FormatAlign::Left),
            wrapped: base().set_text_wrap().set_align(FormatAlign::Top),
        }
    }

    /// How much wider and higher everything is than in letters of the usual size.
    fn scale(&self) -> f64 {
        self.points / POINTS
    }

    /// The height of a row with so many lines, in points.
    fn height(&self, lines: usize) -> f64 {
        // More than a sheet can show at once helps nobody.
        (lines.max(1) as f64 * self.points * 1.35).min(400.0)
    }

    /// The width of a column for texts with so many signs.
    fn width(&self, texts: impl Iterator<Item = usize>) -> f64 {
        // Bold 12-point letters are a third wider than those that widths are counted in.
        let longest = texts.max().unwrap_or(0) as f64;
        (longest * 1.3 + 2.0).clamp(NARROWEST, WIDEST) * self.scale()
    }

    fn of(&self, place: Place) -> &Format {
        match place {
            Place::OnSite => &self.on_site,
            Place::Home => &self.home,
            Place::Off => &self.off,
        }
    }
}

/// The workbook, as the bytes of its file.
pub fn write(shared: &Shared) -> Result<Vec<u8>, String> {
    let bytes = build(shared).map_err(|what| format!("the workbook cannot be written: {what}"))?;
    seal::workbook(&bytes).map_err(|what| format!("the workbook cannot be written: {what}"))
}

fn build(shared: &Shared) -> Result<Vec<u8>, XlsxError> {
    let looks = Looks::new(shared.issue.large_print);
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new()
            .set_title(&shared.title)
            .set_creation_datetime(&date(shared.issue.made)?)
            .set_custom_property(seal::PROPERTY, seal::BLANK),
    );
    let mut names = Names::default();
    overview(workbook.add_worksheet(), &names.take("Overview"), shared, &looks)?;
    // The roster's own name is kept for it, whatever teams are called.
    names.take(ROSTER_SHEET);
    if shared.only_for.is_none() && shared.teams.len() > 1 {
        for team in &shared.teams {
            let people: Vec<&SharedPerson> = team.people.iter().map(|at| &shared.people[*at]).collect();
            let sheet = workbook.add_worksheet();
            head(sheet, &names.take(&team.id), shared, &looks, &[&team.id])?;
            let after = grid(sheet, 3, shared, &people, &looks)?;
            text(sheet, after + 1, 0, &shared.legend(), &looks.plain)?;
        }
    }
    if !shared.zones.is_empty() && !shared.is_personal_page {
        desks(workbook.add_worksheet(), &names.take("Desks by day"), shared, &looks)?;
    }
    by_person(workbook.add_worksheet(), &names.take("By person"), shared, &looks)?;
    roster(workbook.add_worksheet(), shared, &looks)?;
    if let Some(personal) = &shared.personal {
        let sheet = workbook.add_worksheet();
        head(
            sheet,
            &names.take("Not granted"),
            shared,
            &looks,
            &["Contains personal reasons: for the manager, not for sharing"],
        )?;
        let rows: Vec<Vec<String>> = personal.not_granted.iter().map(|row| row.to_vec()).collect();
        table(sheet, 3, &["Who", "Asked for", "Why not"], &rows, &looks)?;
        let sheet = workbook.add_worksheet();
        head(
            sheet,
            &names.take("Rules bent"),
            shared,
            &looks,
            &["Contains personal reasons: for the manager, not for sharing"],
        )?;
        let rows: Vec<Vec<String>> = personal.bent.iter().map(|line| vec![line.clone()]).collect();
        table(sheet, 3, &["Rules bent"], &rows, &looks)?;
    }
    workbook.save_to_buffer()
}

/// Names of sheets: at most 31 signs, without those a workbook cannot have, none twice in whatever capitals.
#[derive(Default)]
struct Names {
    used: HashSet<String>,
}

impl Names {
    fn take(&mut self, wanted: &str) -> String {
        let plain: String = wanted
            .chars()
            .map(|sign| if "[]:*?/\\'".contains(sign) { ' ' } else { sign })
            .collect::<String>()
            .trim()
            .to_string();
        let plain = if plain.is_empty() || plain.eq_ignore_ascii_case("history") {
            format!("Team {plain}").trim().to_string()
        } else {
            plain
        };
        for number in 1.. {
            let end = if number == 1 { String::new() } else { format!(" ({number})") };
            // The limit counts UTF-16 units.
            let mut room = LONGEST_SHEET - end.len();
            let start: String = plain
                .chars()
                .take_while(|sign| {
                    let fits = sign.len_utf16() <= room;
                    room = room.saturating_sub(sign.len_utf16());
                    fits
                })
                .collect();
            let name = format!("{}{end}", start.trim_end());
            if self.used.insert(name.to_lowercase()) {
                return name;
            }
        }
        unreachable!("some number is free")
    }
}

fn date(date: Date) -> Result<ExcelDateTime, XlsxError> {
    ExcelDateTime::parse_from_str(&date.to_string())
}

/// A text in a cell; one that begins like a formula is marked as text.
fn text(sheet: &mut Worksheet, row: u32, column: u16, text: &str, look: &Format) -> Result<(), XlsxError> {
    if text.starts_with(['=', '+', '@']) || (text.starts_with('-') && text.len() > 1) {
        sheet.write_string_with_format(row, column, text, &look.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, text, look)?;
    }
    Ok(())
}

/// How a sheet prints: on as many A4 pages as it is long, each as wide as the sheet.
fn page(sheet: &mut Worksheet, shared: &Shared, looks: &Looks) {
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_default_row_height(looks.height(1));
    sheet.set_margins(0.4, 0.4, 0.5, 0.6, 0.3, 0.3);
    // An ampersand begins a code in headers.
    sheet.set_footer(format!("&L{}&RPage &P of &N", shared.made().replace('&', "&&")));
}

/// In large print each week begins a page, with the first columns on each: fitted to one page it would be small again.
/// `widths` are those of the columns; `first` is the column of the first day.
fn week_by_week(
    sheet: &mut Worksheet,
    shared: &Shared,
    first: usize,
    widths: &[f64],
) -> Result<(), XlsxError> {
    if !shared.issue.large_print {
        return Ok(());
    }
    let pages = shared.pages();
    let names: f64 = widths[..first].iter().sum();
    let widest = pages.iter().enumerate().map(|(at, days)| {
        let end = if at + 1 == pages.len() { widths.len() } else { first + days.end };
        names + widths[first + days.start..end].iter().sum::<f64>()
    });
    // Only as much smaller as the widest week needs.
    let scale = (PAGE / widest.fold(PAGE, f64::max) * 100.0).max(40.0);
    sheet.set_print_scale(scale as u16);
    let breaks: Vec<u32> = pages.iter().skip(1).map(|days| (first + days.start) as u32).collect();
    sheet.set_vertical_page_breaks(&breaks)?;
    sheet.set_repeat_columns(0, first as u16 - 1)?;
    Ok(())
}

/// Name of the sheet, lines at its top, and how it prints.
fn head(
    sheet: &mut Worksheet,
    name: &str,
    shared: &Shared,
    looks: &Looks,
    lines: &[&str],
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    page(sheet, shared, looks);
    text(sheet, 0, 0, &format!("{}: {}", shared.heading(), shared.span()), &looks.title)?;
    for (row, line) in (1..).zip(lines) {
        text(sheet, row, 0, line, &looks.strong)?;
    }
    Ok(())
}

fn set_widths(sheet: &mut Worksheet, widths: &[f64]) -> Result<(), XlsxError> {
    for (column, width) in (0..).zip(widths) {
        sheet.set_column_width(column, *width)?;
    }
    Ok(())
}

/// People down, days across, from a row on; the row after the last.
fn grid(
    sheet: &mut Worksheet,
    top: u32,
    shared: &Shared,
    people: &[&SharedPerson],
    looks: &Looks,
) -> Result<u32, XlsxError> {
    text(sheet, top, 0, "Name", &looks.head)?;
    let total = shared.days.len() as u16 + 1;
    for (column, day) in (1..).zip(&shared.days) {
        text(sheet, top, column, &day_head(*day), &looks.head)?;
    }
    text(sheet, top, total, "Days on site", &looks.head)?;
    let mut row = top + 1;
    for person in people {
        text(sheet, row, 0, &person.name, &looks.name)?;
        for (column, cell) in (1..).zip(&person.cells) {
            text(sheet, row, column, &shared.sign(cell), looks.of(cell.place))?;
        }
        let there = Shared::days_in(person, Place::OnSite);
        let worked = there + Shared::days_in(person, Place::Home);
        text(sheet, row, total, &format!("{there} of {worked}"), &looks.count)?;
        row += 1;
    }
    sheet.set_freeze_panes(top + 1, 1)?;
    sheet.set_repeat_rows(top, top)?;
    let counted = shared.counts.iter().map(|count| count_name(count).chars().count());
    let mut widths =
        vec![looks.width(people.iter().map(|person| person.name.chars().count()).chain(counted))];
    for day in 0..shared.days.len() {
        let signs = people.iter().map(|person| shared.sign(&person.cells[day]).chars().count());
        widths.push(looks.width(signs).max(10.0 * looks.scale()));
    }
    widths.push(10.0 * looks.scale());
    set_widths(sheet, &widths)?;
    sheet.set_row_height(top, looks.height(2))?;
    week_by_week(sheet, shared, 1, &widths)?;
    Ok(row)
}

/// The weekday above the date.
fn day_head(day: Date) -> String {
    // Months of more than four letters do not fit a column.
    let month = day.0.format("%B").to_string();
    let month: String = month.chars().take(if month.len() > 4 { 3 } else { 4 }).collect();
    format!("{}\n{} {month}", day.weekday().short(), day.0.format("%-d"))
}

fn count_name(count: &crate::share::SharedCount) -> String {
    if count.limits.is_empty() {
        count.name.clone()
    } else {
        format!("{} ({})", count.name, count.limits)
    }
}

fn overview(sheet: &mut Worksheet, name: &str, shared: &Shared, looks: &Looks) -> Result<(), XlsxError> {
    head(sheet, name, shared, looks, &[])?;
    text(sheet, 1, 0, &shared.verdict, if shared.kept { &looks.strong } else { &looks.wrong })?;
    let mut top = 2;
    // What is missing stands where it is seen first.
    let on_top = if shared.kept { 0 } else { shared.bent.len().min(MOST_ON_TOP) };
    for line in &shared.bent[..on_top] {
        text(sheet, top, 0, line, &looks.wrong)?;
        top += 1;
    }
    let below = &shared.bent[on_top..];
    if on_top > 0 && !below.is_empty() {
        text(sheet, top, 0, &format!("and {} more, below the table", below.len()), &looks.wrong)?;
        top += 1;
    }
    text(sheet, top, 0, &shared.made(), &looks.plain)?;
    let people: Vec<&SharedPerson> = shared.people.iter().collect();
    let mut row = grid(sheet, top + 1, shared, &people, looks)? + 1;
    for count in &shared.counts {
        text(sheet, row, 0, &count_name(count), &looks.name)?;
        for (column, cell) in (1..).zip(&count.cells) {
            match cell {
                Some((there, true)) => text(sheet, row, column, &format!("{there}!"), &looks.missed)?,
                Some((there, false)) => {
                    sheet.write_number_with_format(row, column, *there as f64, &looks.count)?;
                }
                None => text(sheet, row, column, "", &looks.off)?,
            }
        }
        row += 1;
    }
    row += 1;
    let mut notes = vec![shared.legend()];
    if shared.counts.iter().flat_map(|count| &count.cells).any(|cell| cell.is_some_and(|(_, missed)| missed))
    {
        notes.push("! = the limit is missed".to_string());
    }
    if let Some((asked, granted)) = shared.wishes {
        notes.push(format!("Wishes granted: {granted} of {asked}"));
    }
    for note in notes {
        text(sheet, row, 0, &note, &looks.plain)?;
        row += 1;
    }
    if !below.is_empty() {
        text(sheet, row + 1, 0, "Rules bent", &looks.strong)?;
        for (row, line) in (row + 2..).zip(below) {
            text(sheet, row, 0, line, &looks.plain)?;
        }
    }
    Ok(())
}

/// Desks down, days across: who sits where; zones of seats with the names of those in them.
fn desks(sheet: &mut Worksheet, name: &str, shared: &Shared, looks: &Looks) -> Result<(), XlsxError> {
    head(sheet, name, shared, looks, &["Who sits where"])?;
    let top = 3;
    text(sheet, top, 0, "Zone", &looks.head)?;
    text(sheet, top, 1, "Desk", &looks.head)?;
    for (column, day) in (2..).zip(&shared.days) {
        text(sheet, top, column, &day_head(*day), &looks.head)?;
    }
    let mut row = top + 1;
    let mut longest = vec![0; shared.days.len()];
    let seated = |person: &SharedPerson, cell: &SharedCell| match cell.shift {
        Some(shift) => format!("{} ({})", person.name, shared.shifts[shift].name),
        None => person.name.clone(),
    };
    for (at, zone) in shared.zones.iter().enumerate() {
        let desks = shared.desks.iter().enumerate().filter(|(_, desk)| desk.zone == at);
        let seats: Vec<Option<usize>> =
            if zone.seats.is_some() { vec![None] } else { desks.map(|(desk, _)| Some(desk)).collect() };
        for desk in seats {
            text(sheet, row, 0, &zone.name, &looks.name)?;
            let seat = match desk {
                Some(desk) => shared.desks[desk].name.clone(),
                None => format!("{} seats", zone.seats.unwrap_or_default()),
            };
            text(sheet, row, 1, &seat, &looks.name)?;
            let mut lines = 1;
            for (day, column) in (0..shared.days.len()).zip(2..) {
                let fits = |cell: &SharedCell| match desk {
                    Some(desk) => cell.desk == Some(desk),
                    None => cell.zone == Some(at),
                };
                let names: Vec<String> = shared
                    .people
                    .iter()
                    .filter(|person| fits(&person.cells[day]))
                    .map(|person| seated(person, &person.cells[day]))
                    .collect();
                longest[day] =
                    longest[day].max(names.iter().map(|name| name.chars().count()).max().unwrap_or(0));
                lines = lines.max(names.len());
                let look = if names.is_empty() { &looks.home } else { &looks.on_site };
                let look = look.clone().set_text_wrap();
                text(sheet, row, column, &names.join("\n"), &look)?;
            }
            sheet.set_row_height(row, looks.height(lines))?;
            row += 1;
        }
    }
    sheet.set_freeze_panes(top + 1, 2)?;
    sheet.set_repeat_rows(top, top)?;
    let zones = shared.zones.iter().map(|zone| zone.name.chars().count());
    let desks = shared.desks.iter().map(|desk| desk.name.chars().count());
    let mut widths = vec![looks.width(zones), looks.width(desks)];
    let days =
        longest.into_iter().map(|longest| looks.width(std::iter::once(longest)).max(10.0 * looks.scale()));
    widths.extend(days);
    set_widths(sheet, &widths)?;
    sheet.set_row_height(top, looks.height(2))?;
    week_by_week(sheet, shared, 2, &widths)?;
    Ok(())
}

fn by_person(sheet: &mut Worksheet, name: &str, shared: &Shared, looks: &Looks) -> Result<(), XlsxError> {
    head(sheet, name, shared, looks, &["Everybody's days on site in words"])?;
    let groups = has_groups(shared);
    let mut heads = vec!["Name", "Team"];
    if groups {
        heads.push("Group");
    }
    heads.extend(["Days on site", "Days at home", "On site on"]);
    let row = |person: &SharedPerson| {
        let mut row = vec![
            person.name.clone(),
            person.team.map(|team| shared.teams[team].id.clone()).unwrap_or_default(),
        ];
        if groups {
            row.push(person.group.clone().unwrap_or_default());
        }
        row.push(Shared::days_in(person, Place::OnSite).to_string());
        row.push(Shared::days_in(person, Place::Home).to_string());
        let visits = shared.days.iter().zip(&person.cells).filter(|(_, cell)| cell.place == Place::OnSite);
        let visits: Vec<String> = visits
            .map(|(day, cell)| match shared.sign(cell).as_str() {
                "in" => day.spoken(),
                sign => format!("{} ({sign})", day.spoken()),
            })
            .collect();
        row.push(visits.join(", "));
        row
    };
    let rows: Vec<Vec<String>> = shared.people.iter().map(row).collect();
    table(sheet, 3, &heads, &rows, looks)
}

/// A table of texts with a frozen head and a filter.
fn table(
    sheet: &mut Worksheet,
    top: u32,
    heads: &[&str],
    rows: &[Vec<String>],
    looks: &Looks,
) -> Result<(), XlsxError> {
    let mut widths = Vec::new();
    for (at, head) in heads.iter().enumerate() {
        text(sheet, top, at as u16, head, &looks.head)?;
        let texts = rows.iter().map(|row| row[at].chars().count()).chain([head.chars().count()]);
        // What is told in sentences stands in the last column and has what is left of the page.
        let is_last = at + 1 == heads.len();
        let left = PAGE - widths.iter().sum::<f64>();
        widths.push(if is_last { left.max(WIDEST) } else { looks.width(texts) });
        sheet.set_column_width(at as u16, widths[at])?;
    }
    for (row, values) in (top + 1..).zip(rows) {
        for ((column, value), head) in (0..).zip(values).zip(heads) {
            match value.parse::<u32>() {
                Ok(number) if head.starts_with("Days") => {
                    let look = looks.wrapped.clone().set_align(FormatAlign::Center);
                    sheet.write_number_with_format(row, column, f64::from(number), &look)?;
                }
                _ => text(sheet, row, column, value, &looks.wrapped)?,
            }
        }
        // Not every program makes room for wrapped lines by itself.
        let lines = values.iter().zip(&widths).map(|(value, width)| {
            (value.chars().count() as f64 * 1.25 * looks.scale() / width).ceil() as usize
        });
        sheet.set_row_height(row, looks.height(lines.max().unwrap_or(1)))?;
    }
    sheet.autofilter(top, 0, top + rows.len() as u32, heads.len() as u16 - 1)?;
    sheet.set_freeze_panes(top + 1, 1)?;
    sheet.set_repeat_rows(top, top)?;
    Ok(())
}

/// The roster, one row per person and day, as `rota check` reads it back.
fn roster(sheet: &mut Worksheet, shared: &Shared, looks: &Looks) -> Result<(), XlsxError> {
    sheet.set_name(ROSTER_SHEET)?;
    page(sheet, shared, looks);
    let groups = has_groups(shared);
    let mut heads = vec!["Person", "Name", "On", "Place", "Shift", "Site", "Zone", "Desk", "Duty"];
    if groups {
        heads.push("Cohort");
    }
    for (column, head) in (0..).zip(&heads) {
        text(sheet, 0, column, head, &looks.head)?;
    }
    let mut longest: Vec<usize> = heads.iter().map(|head| head.chars().count()).collect();
    let mut row = 1;
    for person in &shared.people {
        for (day, cell) in shared.days.iter().zip(&person.cells) {
            let [place, rest @ ..] = values(shared, cell);
            let mut texts: Vec<(u16, String)> =
                vec![(0, person.id.clone()), (1, person.name.clone()), (3, place.replace('_', " "))];
            texts.extend((4..).zip(rest));
            if groups {
                texts.push((9, person.group.clone().unwrap_or_default()));
            }
            for (column, value) in texts {
                let longest = &mut longest[usize::from(column)];
                *longest = (*longest).max(value.chars().count());
                if !value.is_empty() {
                    text(sheet, row, column, &value, &looks.plain)?;
                }
            }
            sheet.write_datetime_with_format(row, 2, date(*day)?, &looks.date)?;
            row += 1;
        }
    }
    for (column, longest) in (0..).zip(longest) {
        sheet.set_column_width(column, looks.width(std::iter::once(longest)))?;
    }
    sheet.set_column_width(2, 26.0 * looks.scale())?;
    if row > 1 {
        let places = DataValidation::new().allow_list_strings(&PLACES)?;
        sheet.add_data_validation(1, 3, row - 1, 3, &places)?;
        sheet.autofilter(0, 0, row - 1, heads.len() as u16 - 1)?;
    }
    sheet.set_freeze_panes(1, 2)?;
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheets_have_names_that_a_workbook_can_have() {
        let mut names = Names::default();
        assert_eq!(names.take("Overview"), "Overview");
        assert_eq!(names.take("overview"), "overview (2)");
        assert_eq!(names.take("a/b:[c]"), "a b  c");
        assert_eq!(names.take("'"), "Team");
        assert_eq!(names.take("History"), "Team History");
        let long = names.take(&"x".repeat(40));
        assert_eq!(long.len(), 31);
        assert_eq!(names.take(&"x".repeat(40)), format!("{} (2)", "x".repeat(27)));
    }
}

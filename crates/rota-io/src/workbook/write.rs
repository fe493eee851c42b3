//! Sheets as a workbook: headings that stay in sight, lists to choose from, and a sheet that helps.
//!
//! Texts are written as texts, never as formulas, whatever they begin with.

use super::cells::{Book, Cell, Sheet};
use super::kinds::Kind;
use super::layout::{Column, SHEETS};
use rota_core::Date;
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DocProperties, ExcelDateTime, Format, FormatAlign,
    Formula, Workbook, Worksheet, XlsxError,
};

/// How many rows below the last are still helped with lists to choose from.
const SPARE_ROWS: u32 = 200;
/// A list to choose from holds no more characters in Excel.
const LONGEST_LIST: usize = 255;
const DATE_LOOK: &str = "ddd d mmm yyyy";
const A4: u8 = 9;

/// The bytes of a workbook with these sheets and a sheet that helps.
pub fn write(book: &Book) -> Result<Vec<u8>, String> {
    bytes(book).map_err(|what| format!("the workbook cannot be made: {what}"))
}

fn bytes(book: &Book) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // Nobody's name, and the same bytes for the same scenario.
    let made = ExcelDateTime::from_ymd(2020, 1, 1)?;
    workbook.set_properties(&DocProperties::new().set_author("").set_creation_datetime(&made));
    for sheet in &book.sheets {
        let worksheet = workbook.add_worksheet();
        worksheet.set_name(&sheet.name)?;
        worksheet.set_hidden(sheet.hidden);
        fill(worksheet, sheet)?;
    }
    help(workbook.add_worksheet())?;
    workbook.save_to_buffer()
}

fn head() -> Format {
    Format::new()
        .set_bold()
        .set_font_size(12)
        .set_background_color(Color::RGB(0x001F_3864))
        .set_font_color(Color::White)
        .set_align(FormatAlign::Top)
}

fn body() -> Format {
    Format::new().set_font_size(12).set_align(FormatAlign::Top)
}

fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let text = date.to_string();
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<u16>().ok();
    let (year, month, day) = (part(0..4)?, part(5..7)?, part(8..10)?);
    ExcelDateTime::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

fn fill(worksheet: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let (head, body) = (head(), body());
    let dated = body.clone().set_num_format(DATE_LOOK);
    let as_text = body.clone().set_num_format("@");
    let columns =
        SHEETS.iter().find(|(name, _)| *name == sheet.name).map_or(&[] as &[Column], |(_, columns)| *columns);
    let last = sheet.rows.keys().next_back().copied().unwrap_or(0);
    for (number, cell) in sheet.rows.get(&0).into_iter().flatten() {
        let at = *number as u16;
        let heading = cell.spoken();
        let column = columns.iter().find(|column| column.heading == heading);
        let widest = sheet.rows.values().filter_map(|row| row.get(number)).map(|cell| match cell {
            Cell::Date(_) => 16,
            cell => cell.spoken().chars().count(),
        });
        worksheet.set_column_width(at, widest.max().unwrap_or(8).clamp(9, 44) as f64 + 3.0)?;
        // New dates look like dates; ids such as 1-2 stay what they are.
        match column.map(|column| column.kind) {
            Some(Kind::Date) => worksheet.set_column_format(at, &dated)?,
            Some(Kind::Text | Kind::Texts) => worksheet.set_column_format(at, &as_text)?,
            _ => worksheet.set_column_format(at, &body)?,
        };
        if let Some(validation) = column.map(|column| choices(&sheet.name, column)).transpose()?.flatten() {
            worksheet.add_data_validation(1, at, last + SPARE_ROWS, at, &validation)?;
        }
    }
    for (row, cells) in &sheet.rows {
        for (number, cell) in cells {
            let at = *number as u16;
            let look = if *row == 0 { &head } else { &body };
            match cell {
                Cell::Number(value) => worksheet.write_number_with_format(*row, at, *value, look)?,
                Cell::Truth(value) => worksheet.write_boolean_with_format(*row, at, *value, look)?,
                Cell::Date(date) => match excel_date(*date) {
                    Some(value) => worksheet.write_datetime_with_format(*row, at, &value, &dated)?,
                    // Excel's days begin in 1900.
                    None => worksheet.write_string_with_format(*row, at, date.to_string(), &as_text)?,
                },
                cell => {
                    let look = if *row == 0 { &head } else { &as_text };
                    worksheet.write_string_with_format(*row, at, cell.spoken(), look)?
                }
            };
        }
    }
    worksheet.set_freeze_panes(
        1,
        u16::from(["People", "Away", "Wishes", "Rules"].contains(&sheet.name.as_str())),
    )?;
    worksheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    Ok(())
}

/// What a cell of a column may hold, as a list to choose from.
fn choices(sheet: &str, column: &Column) -> Result<Option<DataValidation>, XlsxError> {
    let spoken = |words: &[&str]| words.iter().map(|word| word.replace('_', " ")).collect::<Vec<String>>();
    let list = match column.kind {
        Kind::Word(words) => spoken(words),
        Kind::Flag => spoken(&["yes", "no"]),
        Kind::Text if column.field == "person" => {
            let people = Formula::new("=People!$A$2:$A$2000");
            let list = DataValidation::new().allow_list_formula(people);
            let list = list.set_error_style(DataValidationErrorStyle::Warning);
            return Ok(Some(
                list.set_error_message("This name does not stand in column A of the sheet People.")?,
            ));
        }
        Kind::Text if column.field == "team" && sheet == "People" => return Ok(None),
        Kind::Date => {
            let message = "Write a day like 15/06/2020, or leave the cell empty.";
            return Ok(Some(
                DataValidation::new()
                    .allow_any_value()
                    .set_input_title(column.heading)?
                    .set_input_message(message)?,
            ));
        }
        _ => return Ok(None),
    };
    if list.join(",").len() > LONGEST_LIST {
        return Ok(None);
    }
    let list =
        DataValidation::new().allow_list_strings(&list)?.set_error_style(DataValidationErrorStyle::Warning);
    Ok(Some(list.set_error_message("Choose one of the list, or leave the cell empty.")?))
}

/// What each sheet and each column is for.
fn help(worksheet: &mut Worksheet) -> Result<(), XlsxError> {
    let body = body().set_text_wrap();
    let strong = body.clone().set_bold();
    worksheet.set_name("Help")?.set_column_width(0, 16)?.set_column_width(1, 18)?.set_column_width(2, 88)?;
    let mut row = 0;
    let mut line = |worksheet: &mut Worksheet, sheet: &str, column: &str, text: &str| {
        worksheet.write_string_with_format(row, 0, sheet, &strong)?;
        worksheet.write_string_with_format(row, 1, column, &strong)?;
        worksheet.write_string_with_format(row, 2, text, &body)?;
        row += 1;
        Ok::<(), XlsxError>(())
    };
    for (sheet, column, text) in HELP {
        line(worksheet, sheet, column, text)?;
    }
    for name in rota_rules::rule::NAMES {
        let page = rota_rules::rule::page(name).unwrap_or_default();
        let first = page.split("\n\n").next().unwrap_or_default().replace('\n', " ");
        line(worksheet, "Rules", name, &first)?;
    }
    worksheet.set_freeze_panes(1, 0)?;
    worksheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    Ok(())
}

pub(super) const HELP: &[(&str, &str, &str)] = &[
    ("Sheet", "Column", "What goes there. Empty cells are fine wherever nothing is said to be needed."),
    ("", "", "Save this file, then run: rota team.xlsx (with the name of your file). It finds the best roster and writes it beside the file."),
    ("People", "Name", "One person a row, as you call them. Two people of one name need an Id of their own."),
    ("People", "Id", "A short name of letters and digits without blanks. Made from the name if empty."),
    ("People", "Team", "The one team of the person."),
    ("People", "Tags", "Whatever rules may ask for, with commas between: first_aider, drives."),
    ("People", "Works", "Weekdays worked: Mon-Thu, or Mon, Wed. For weeks in turn: Mon-Fri / Mon-Thu. Every work day if empty."),
    ("People", "Base", "home: always works at home. on site: always works on site. Either if empty."),
    ("People", "Needs", "What the desk must have, with commas between: sit_stand."),
    ("People", "Starts, Ends", "First and last day in the job, where that falls into these weeks."),
    ("Away", "", "Days on which somebody does not work: name, first day, last day. No reason is needed. `home only` and `on site only` are days on which only that place is possible."),
    ("Wishes", "", "What people ask for: on a day (18/06/2020) or each weekday (Thu), a place. `avoid` for what they would rather not. `fixed` for what is already settled."),
    ("Desks", "", "One desk a row, with X and Y in metres on the plan if a distance matters. A row without a desk is about its zone: give Seats where desks are not counted one by one."),
    ("Rules", "Rule", "What must or should hold; see the names below."),
    ("Rules", "Who", "everyone, a team, a tag, or people: coding and not trainee; Amy Walsh; Ben Okafor."),
    ("Rules", "When", "Mon, Wed; or 18 June 2020; or 09:00-12:00; or a shift. Always if empty."),
    ("Rules", "Where", "A site or a zone; each site or each zone for one by one. Anywhere if empty."),
    ("Rules", "At least, At most", "A number of people or days; in headcount a share such as 40% too."),
    ("Rules", "Strength", "must: always kept. high, medium, low: kept as far as can be, in that order. off: not read."),
    ("Rules", "Weight", "What breaking it costs beside other rules of its strength; 1 if empty."),
    ("Rules", "Because", "Why the rule is there. People read this beside the roster."),
    ("Rules", "More", "What has no column of its own, as JSON; usually empty."),
    ("Calendar", "days", "First and last day of the roster, in From and To."),
    ("Calendar", "work days", "Weekdays on which work is done, in Value."),
    ("Calendar", "weeks from", "The Monday from which weeks in turn are counted, in Value."),
    ("Calendar", "closed", "Days on which all is closed, in From and To, and Why."),
    ("Calendar", "shift", "Its name in Value, its times in From and To."),
];

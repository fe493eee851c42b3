//! Tables: CSV whose first line names the columns, in any order.
//!
//! Every row keeps its line in the file, so that a finding about it stands where the reader looks: empty lines
//! are passed over and counted.

use rota_core::finding::{nearest, Finding};

/// What a table is to hold.
pub(crate) struct Kind {
    /// The first part of the codes of findings: `table`, `ties`.
    pub code: &'static str,
    /// The columns known.
    pub known: &'static [&'static str],
    /// So many of them, from the first, must be there.
    pub needed: usize,
    /// Whether a row must have a value in every column.
    pub full: bool,
    /// Whether columns of other names are passed over, with a note.
    pub others: bool,
    /// A row, for help.
    pub example: &'static str,
}

impl Kind {
    fn header(&self) -> String {
        self.known.join(",")
    }

    /// A mistake on a line.
    pub fn mistake(&self, what: &str, path: &str, line: u32, message: impl Into<String>) -> Finding {
        let mut finding = Finding::error(&format!("{}.{what}", self.code), "", message);
        finding.column = Some(1);
        at_line(&mut finding, path, Some(line));
        finding
    }
}

/// Puts a finding on a line of a table; places of a document mean nothing there.
pub(crate) fn at_line(finding: &mut Finding, path: &str, line: Option<u32>) {
    finding.pointer = None;
    finding.file = Some(path.to_string());
    finding.line = line;
    crate::roster_sheet::in_workbook(path, finding);
}

/// One row: its line and the values of the known columns, in their order.
pub(crate) struct Row {
    /// The line it begins on.
    pub line: u32,
    values: Vec<String>,
    /// Where each of them begins on that line, in characters from 1.
    starts: Vec<u32>,
}

/// A table that was read.
pub(crate) struct Table {
    kind: &'static Kind,
    has: Vec<bool>,
    /// The rows that have as many values as there are columns.
    pub rows: Vec<Row>,
    /// What is wrong with the others.
    pub findings: Vec<Finding>,
}

impl Table {
    fn column(&self, name: &str) -> usize {
        self.kind.known.iter().position(|known| *known == name).expect("the caller asks for a known column")
    }

    /// Whether there is such a column.
    pub fn has(&self, name: &str) -> bool {
        self.has[self.column(name)]
    }

    /// The value in a column; none where it is empty.
    pub fn value<'r>(&self, row: &'r Row, name: &str) -> Option<&'r str> {
        Some(row.values[self.column(name)].as_str()).filter(|value| !value.is_empty())
    }

    /// The character on its line at which the value in a column begins; that of the line where there is none.
    pub fn start(&self, row: &Row, name: &str) -> u32 {
        row.starts[self.column(name)]
    }

    /// Reads a table; with a wrong first line, only what is wrong with it.
    pub fn read(kind: &'static Kind, path: &str, text: &str) -> Result<Table, Vec<Finding>> {
        let mut records = records(text).into_iter();
        let Some((line, header)) = records.next() else {
            let message = "this file is empty";
            let help = format!("the first line names the columns: {}", kind.header());
            return Err(vec![kind.mistake("header", path, 1, message).help(help)]);
        };
        let (columns, findings) = columns(kind, path, line, &header);
        if findings.iter().any(Finding::is_error) {
            return Err(findings);
        }
        let delimiter = delimiter(text);
        let typed: Vec<&str> = lines_of(text);
        let has = (0..kind.known.len()).map(|known| columns.contains(&Some(known))).collect();
        let mut table = Table { kind, has, rows: Vec::new(), findings };
        let wanted = header.iter().filter(|name| !name.is_empty()).count();
        let is_named: Vec<bool> = header.iter().map(|name| !name.is_empty()).collect();
        for (line, values) in records {
            let mistake = if values.iter().any(|value| value.contains(['\n', '\r'])) {
                Some(("a quote is opened here and not closed on this line".to_string(), "close the quotes"))
            } else if values
                .iter()
                .zip(0..)
                .any(|(value, at)| !value.is_empty() && !is_named.get(at).copied().unwrap_or(false))
            {
                let message = format!("this line has more values than there are columns ({wanted})");
                Some((message, "take one out, or put a text that holds a comma in quotes"))
            } else if kind.full && values.len() < columns.len() && columns[values.len()..] != [None] {
                let number = values.len();
                let values = if number == 1 { "value" } else { "values" };
                Some((format!("this line has {number} {values}, and there are {wanted} columns"), ""))
            } else {
                None
            };
            if let Some((message, help)) = mistake {
                let finding = kind.mistake("row", path, line, message);
                let own = if help.is_empty() { format!("write {}", kind.example) } else { help.to_string() };
                table.findings.push(finding.help(own));
                continue;
            }
            let starts = starts(typed.get(line as usize - 1).copied().unwrap_or(""), delimiter);
            let number = kind.known.len();
            let mut row = Row { line, values: vec![String::new(); number], starts: vec![1; number] };
            for (at, (column, value)) in columns.iter().zip(values).enumerate() {
                if let Some(known) = column {
                    row.values[*known] = value;
                    row.starts[*known] = starts.get(at).copied().unwrap_or(1);
                }
            }
            table.rows.push(row);
        }
        Ok(table)
    }
}

/// Which known column each column is; columns without a name are left out where nothing stands in them.
fn columns(kind: &Kind, path: &str, line: u32, header: &[String]) -> (Vec<Option<usize>>, Vec<Finding>) {
    let names: Vec<String> = header.iter().map(|name| name.to_lowercase().replace([' ', '-'], "_")).collect();
    let meant = |name: &str| nearest(name, kind.known.iter().copied());
    let mistake = |what: &str, message: String| kind.mistake(what, path, line, message);
    let is_known = |name: &String| kind.known.contains(&name.as_str());
    // A name or a number may look a little like a column; a whole line of them does not.
    if !names.iter().any(is_known) && !names.iter().all(|name| meant(name).is_some()) {
        let finding = mistake("header", "the first line does not name the columns".to_string())
            .help(format!("put a first line before it: {}", kind.header()));
        return (Vec::new(), vec![finding]);
    }
    let mut findings = Vec::new();
    let mut columns: Vec<Option<usize>> = Vec::with_capacity(names.len());
    let mut excused: Vec<&str> = Vec::new();
    let mut others: Vec<String> = Vec::new();
    for (name, typed) in names.iter().zip(header) {
        let known = kind.known.iter().position(|known| known == name);
        if known.is_some() && columns.contains(&known) {
            findings.push(
                mistake("column", format!("the column `{name}` is there twice")).help("keep one of the two"),
            );
        } else if known.is_none() && !name.is_empty() {
            excused.extend(meant(name));
            let free = kind.known.iter().copied().filter(|known| !names.iter().any(|name| name == known));
            if kind.others && nearest(name, free.clone()).is_none() {
                others.push(format!("`{typed}`"));
                columns.push(None);
                continue;
            }
            findings.push(
                mistake("column", format!("unknown column `{typed}`"))
                    .did_you_mean(name, free)
                    .or_help(format!("known here: {}; take the others out", kind.known.join(", "))),
            );
        }
        columns.push(known);
    }
    for needed in &kind.known[..kind.needed] {
        if !names.iter().any(|name| name == needed) && !excused.contains(needed) {
            findings.push(
                mistake("column", format!("there is no column `{needed}`"))
                    .help(format!("the first line names the columns: {}", kind.header())),
            );
        }
    }
    if !others.is_empty() {
        let (word, them) = if others.len() == 1 { ("column", "it is") } else { ("columns", "they are") };
        let message = format!("not read: the {word} {}; {them} not needed here", others.join(", "));
        let mut note = Finding::note(&format!("{}.others", kind.code), "", message);
        note.column = Some(1);
        at_line(&mut note, path, Some(line));
        findings.push(note);
    }
    (columns, findings)
}

/// The lines on which the rows of a table begin, first to last, without the one that names the columns.
pub fn lines(text: &str) -> Vec<u32> {
    records(text).into_iter().skip(1).map(|(line, _)| line).collect()
}

/// Spreadsheets' byte order mark.
const MARK: char = '\u{feff}';

/// The first line `sep=;` by which some spreadsheets say what stands between values.
fn sign(text: &str) -> Option<char> {
    let first = text.trim_start_matches(MARK).lines().next()?;
    let rest = first.trim_matches('"').strip_prefix("sep=")?;
    rest.chars().next().filter(|sign| matches!(sign, ',' | ';' | '\t'))
}

/// What stands between values: the comma, or what the first line has more of. Spreadsheets write semicolons where the
/// comma is the decimal mark, and tabs into what is copied out of them.
pub(crate) fn delimiter(text: &str) -> u8 {
    if let Some(sign) = sign(text) {
        return sign as u8;
    }
    let first = text.trim_start_matches(MARK).trim_start_matches(['\r', '\n']).lines().next().unwrap_or("");
    let count = |sign: u8| starts(first, sign).len();
    // Of equally many the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

/// Where each value of a line begins, in characters from 1; what stands between them inside quotes does not count.
fn starts(line: &str, delimiter: u8) -> Vec<u32> {
    let (mut starts, mut is_quoted) = (vec![1], false);
    for (sign, at) in line.trim_start_matches(MARK).chars().zip(1u32..) {
        if sign == '"' {
            is_quoted = !is_quoted;
        } else if sign == char::from(delimiter) && !is_quoted {
            starts.push(at + 1);
        }
    }
    starts
}

/// The lines of a text, however they end.
fn lines_of(text: &str) -> Vec<&str> {
    text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).collect()
}

/// Every line with something on it: its number and its values.
pub(crate) fn records(text: &str) -> Vec<(u32, Vec<String>)> {
    let delimiter = delimiter(text);
    let text = text.strip_prefix(MARK).unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    // A break of line inside a value is kept: it tells of a quote that is not closed.
    let is_blank = |c: char| c.is_whitespace() && !matches!(c, '\n' | '\r');
    let mut records = Vec::new();
    let (mut line, mut counted) = (1, 0);
    let has_sign = sign(text).is_some();
    // A text in memory, with any number of values on a line, can always be read.
    for record in reader.records().filter_map(Result::ok) {
        let mut start = record.position().map_or(counted, |place| place.byte() as usize).min(text.len());
        while text.as_bytes().get(start).is_some_and(|byte| b"\r\n".contains(byte)) {
            start += 1;
        }
        line += breaks(&text.as_bytes()[counted.min(start)..start]);
        counted = start;
        if has_sign && line == 1 {
            continue;
        }
        if record.iter().any(|value| !value.trim().is_empty()) {
            records
                .push((line, record.iter().map(|value| value.trim_matches(is_blank).to_string()).collect()));
        }
    }
    records
}

/// How many lines end in a text: at `\n`, `\r\n` or `\r` alone.
fn breaks(text: &[u8]) -> u32 {
    let ends =
        |(at, byte): (usize, &u8)| *byte == b'\n' || (*byte == b'\r' && text.get(at + 1) != Some(&b'\n'));
    text.iter().enumerate().filter(|place| ends(*place)).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRUIT: Kind = Kind {
        code: "fruit",
        known: &["name", "weight", "colour"],
        needed: 2,
        full: false,
        others: false,
        example: "fig,3,red",
    };

    fn told(text: &str) -> Vec<String> {
        let findings = match Table::read(&FRUIT, "fruit.csv", text) {
            Ok(table) => table.findings,
            Err(findings) => findings,
        };
        let told = |finding: Finding| {
            let (line, help) = (finding.line.unwrap_or(0), finding.help.unwrap_or_default());
            format!("{line} {}: {} ({help})", finding.code, finding.message)
        };
        findings.into_iter().map(told).collect()
    }

    #[test]
    fn rows_keep_their_lines() {
        assert_eq!(lines("a,b\n1,2\n\n\n3,4\n ,\n5,6"), [2, 5, 7]);
        assert_eq!(lines("\u{feff}a,b\r\n1,2\r\n\r\n3,4\r\n"), [2, 4]);
        assert_eq!(lines("\na,b\n\n\"1\n1\",2\n3,4\n"), [4, 6]);
        assert_eq!(lines("a,b\r1,2\r3,4"), [2, 3]);
        assert!(lines("").is_empty());
    }

    #[test]
    fn columns_stand_in_any_order() {
        let table = Table::read(&FRUIT, "fruit.csv", "Weight;NAME;\n3;fig;\n4;;\n").expect("a header");
        assert!(table.findings.is_empty() && table.has("weight") && !table.has("colour"));
        let (fig, other) = (&table.rows[0], &table.rows[1]);
        assert_eq!((table.value(fig, "name"), table.value(fig, "weight")), (Some("fig"), Some("3")));
        assert_eq!((table.value(other, "name"), other.line), (None, 3));
    }

    #[test]
    fn mistakes_in_the_first_line_are_named() {
        let header =
            "the first line does not name the columns (put a first line before it: name,weight,colour)";
        assert_eq!(told("fig,3,red\n"), [format!("1 fruit.header: {header}")]);
        assert_eq!(told("height,3\n"), [format!("1 fruit.header: {header}")]);
        assert_eq!(told("nmae,wieght\n").len(), 2);
        assert_eq!(
            told("\n"),
            ["1 fruit.header: this file is empty (the first line names the columns: name,weight,colour)"]
        );
        assert_eq!(
            told("name,wieght,ripe,name\n"),
            [
                "1 fruit.column: unknown column `wieght` (did you mean `weight`?)",
                "1 fruit.column: unknown column `ripe` (known here: name, weight, colour; take the others out)",
                "1 fruit.column: the column `name` is there twice (keep one of the two)"
            ]
        );
        assert_eq!(
            told("name,colour\n"),
            ["1 fruit.column: there is no column `weight` (the first line names the columns: name,weight,colour)"]
        );
    }

    #[test]
    fn mistakes_in_rows_are_named() {
        assert_eq!(
            told("name,weight\nfig,3,red\n\n\"fig,3\nkiwi,4\n"),
            [
                "2 fruit.row: this line has more values than there are columns (2) \
                 (take one out, or put a text that holds a comma in quotes)",
                "4 fruit.row: a quote is opened here and not closed on this line (close the quotes)"
            ]
        );
        assert_eq!(told("name,weight\n\"fig,3\n").len(), 1);
        assert!(told("name,weight\n\"fig,3\n")[0].contains("a quote is opened"));
    }
}

//! Reading a document part by part, so that every mistake of shape is found in one run at its exact place.
//!
//! A list is cut into its items and each item is read by itself. A value that is wrong is reported and left
//! out, and the item is read again, until the rest of it is right; an item that cannot do without what was left
//! out is left out itself. What was left out is remembered, because positions in lists have moved.

use crate::finding::{nearest, pointer_part, spoken_pointer, Finding};
use crate::positions::Positions;
use crate::strict::{self, Skip, Trouble};
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The members of an object in the order of the text, names given twice included.
#[derive(Debug)]
pub struct Members<'t>(pub Vec<(String, &'t RawValue)>);

impl<'de: 't, 't> Deserialize<'de> for Members<'t> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'t>, D::Error> {
        struct MembersVisitor;
        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Vec<(String, &'de RawValue)>;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(members)
            }
        }
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

/// So many mistakes of one item are listed.
const MOST_MISTAKES: usize = 100;

/// What was left out of a document.
#[derive(Debug, Clone, Default)]
pub struct Gaps {
    /// Pointers of what was left out.
    pub broken: BTreeSet<String>,
    /// What held it: the object, or the object that holds its list.
    owners: BTreeSet<String>,
    /// Every text and number in what was left out: names that may be spoken of elsewhere.
    words: BTreeSet<String>,
    /// Lists, and items without an id, of which not even the names are known.
    nameless: BTreeSet<String>,
    /// Items left out of lists, by the list's pointer.
    lists: BTreeMap<String, BTreeSet<usize>>,
}

impl Gaps {
    fn add(&mut self, pointer: &str, in_list: bool) {
        self.broken.insert(pointer.to_string());
        let Some((above, part)) = pointer.rsplit_once('/') else { return };
        self.owners.insert(above.to_string());
        if let (true, Ok(at)) = (in_list, part.parse::<usize>()) {
            self.lists.entry(above.to_string()).or_default().insert(at);
            self.owners.extend(above.rsplit_once('/').map(|(owner, _)| owner.to_string()));
        }
    }

    /// Whether anything was left out.
    pub fn is_empty(&self) -> bool {
        self.broken.is_empty()
    }

    /// The pointer in the document of a pointer into what was read.
    pub fn original(&self, pointer: &str) -> String {
        let mut found = String::new();
        for part in pointer.split('/').skip(1) {
            let at = self.lists.get(&found).zip(part.parse::<usize>().ok()).map(|(gone, at)| {
                // Each gap at or before the place moves it by one.
                gone.iter().fold(at, |at, gone| if *gone <= at { at + 1 } else { at })
            });
            found.push('/');
            match at {
                Some(at) => found.push_str(&at.to_string()),
                None => found.push_str(part),
            }
        }
        found
    }

    /// The same for paths in a message: `people[3].fixed[1]`.
    pub fn original_words(&self, text: &str) -> String {
        if self.lists.is_empty() || !text.contains('[') {
            return text.to_string();
        }
        let is_path = |c: char| c.is_alphanumeric() || "_.[]".contains(c);
        let mut found = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(start) = rest.find(is_path) {
            found.push_str(&rest[..start]);
            rest = &rest[start..];
            let end = rest.find(|c| !is_path(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            if word.contains('[') && word.ends_with(']') {
                let pointer = format!("/{}", word.replace(['[', '.'], "/").replace(']', ""));
                found.push_str(&spoken_pointer(&self.original(&pointer)));
            } else {
                found.push_str(word);
            }
            rest = &rest[end..];
        }
        found.push_str(rest);
        found
    }

    /// Whether a name may be one of those left out under `part` (`/people`, `/sites`, `/calendar`).
    pub fn may_name(&self, part: &str, name: &str) -> bool {
        self.words.contains(name) || self.nameless.iter().any(|nameless| nameless.starts_with(part))
    }

    /// Takes in the texts and numbers of a value, and whether it has a name at all.
    fn add_words(&mut self, pointer: &str, text: &str) {
        let mut rest = text;
        while let Some(start) = rest.find(|c: char| c == '"' || c.is_alphanumeric() || c == '-') {
            rest = &rest[start..];
            let length = match rest.strip_prefix('"') {
                Some(inner) => {
                    let mut escaped = false;
                    let end = inner.find(|c| {
                        let ends = c == '"' && !escaped;
                        escaped = c == '\\' && !escaped;
                        ends
                    });
                    end.map_or(rest.len(), |end| end + 2)
                }
                None => {
                    rest.find(|c: char| !(c.is_alphanumeric() || ".-+".contains(c))).unwrap_or(rest.len())
                }
            };
            let word = &rest[..length];
            self.words.insert(serde_json::from_str(word).unwrap_or_else(|_| word.to_string()));
            rest = &rest[word.len()..];
        }
        let part = pointer.rsplit('/').next().unwrap_or("");
        let is_item = part.parse::<usize>().is_ok();
        let has_no_id = text.starts_with('{') && !text.contains("\"id\"");
        let is_list = ["people", "sites", "zones", "desks", "shifts", "calendar"].contains(&part);
        if (is_item && has_no_id) || (is_list && !text.starts_with(['{', '['])) {
            self.nameless.insert(pointer.to_string());
        }
    }

    /// Whether the value at `pointer` was left out, lies in what was, or lacks it.
    pub fn touch(&self, pointer: &str) -> bool {
        let mut above = pointer;
        loop {
            if self.broken.contains(above) {
                return true;
            }
            match above.rfind('/') {
                Some(cut) => above = &above[..cut],
                None => return self.owners.contains(pointer),
            }
        }
    }
}

/// Reads the parts of one document.
#[derive(Debug)]
pub struct Reader<'t> {
    text: &'t str,
    /// Built at the first mistake.
    positions: Option<Positions<'t>>,
    findings: Vec<Finding>,
    /// Where in the text each of them is.
    offsets: Vec<usize>,
    gaps: Gaps,
}

impl<'t> Reader<'t> {
    /// A reader of `text`, which has no byte order mark.
    pub fn new(text: &'t str) -> Reader<'t> {
        Reader { text, positions: None, findings: Vec::new(), offsets: Vec::new(), gaps: Gaps::default() }
    }

    fn positions(&mut self) -> &Positions<'t> {
        self.positions.get_or_insert_with(|| Positions::new(self.text))
    }

    /// The whole document as raw parts; none when it is not JSON or not an object.
    pub fn document(&mut self) -> Option<Vec<(String, &'t RawValue)>> {
        if self.text.trim().is_empty() {
            let finding = Finding::error("json.empty", "", "this file is empty")
                .help("write a scenario here, or start from one with `rota init --json`");
            self.add_at(finding, 0);
            return None;
        }
        match serde_json::from_str::<Members<'t>>(self.text) {
            Ok(Members(members)) => Some(members),
            Err(problem) if problem.is_data() => {
                let told = tell(&problem);
                self.add_told(told, "", self.text.len() - self.text.trim_start().len());
                None
            }
            Err(problem) => {
                self.no_json(&problem);
                None
            }
        }
    }

    /// Every mistake with line, column and pointer, and what was left out.
    pub fn finish(mut self) -> (Vec<Finding>, Gaps) {
        if let Some(positions) = &self.positions {
            let places = self.offsets.iter().enumerate().map(|(at, offset)| (*offset, at)).collect();
            positions.fill_offsets(places, &mut self.findings);
        }
        self.findings.sort_by_key(|finding| (finding.line, finding.column));
        (self.findings, self.gaps)
    }

    fn add_at(&mut self, finding: Finding, offset: usize) {
        self.positions();
        self.findings.push(finding);
        self.offsets.push(offset);
    }

    fn add_told(&mut self, told: Told, pointer: &str, offset: usize) {
        let mut finding = Finding::error(told.code, pointer, told.message);
        if let Some(help) = told.help {
            finding = finding.help(help);
        }
        self.add_at(finding, offset);
    }

    /// The document is not JSON: what is wrong, where, and what to look for.
    fn no_json(&mut self, problem: &serde_json::Error) {
        let text = self.text;
        let positions = self.positions();
        let mut offset = positions.offset(problem.line(), problem.column());
        if problem.is_eof() {
            offset = text.trim_end().len();
        } else if problem.to_string().starts_with("control character") {
            offset += 1; // serde_json points before it
        }
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let (pointer, _) = positions.innermost(offset);
        let told = tell_syntax(problem, text, offset);
        self.add_told(told, &pointer, offset);
    }

    /// Adds a mistake at a value or, when `name` is given, at that name in it.
    fn add(&mut self, told: Told, pointer: &str, name: Option<&str>) {
        let positions = self.positions();
        let (pointer, offset) = match name {
            Some(name) => {
                let start = positions.locate(pointer).start;
                let offset = positions.locate_name(pointer, name).unwrap_or(start);
                (format!("{pointer}/{}", pointer_part(name)), offset)
            }
            None => (pointer.to_string(), positions.locate(pointer).start),
        };
        self.add_told(told, &pointer, offset);
    }

    /// Adds a mistake that the caller found, at its pointer.
    pub fn report(&mut self, finding: Finding) {
        let offset = self.positions().locate(finding.pointer.as_deref().unwrap_or("")).start;
        self.add_at(finding, offset);
    }

    /// Adds a mistake about a name in the object at `pointer`; the last one, when it is there twice.
    pub fn report_name(&mut self, finding: Finding, pointer: &str, name: &str) {
        let offset = self.positions().locate_name(pointer, name).unwrap_or(0);
        self.add_at(finding, offset);
    }

    /// Remembers that something was left out.
    pub fn leave_out(&mut self, pointer: &str) {
        let list = pointer.rsplit_once('/').map_or("", |(list, _)| list);
        let positions = self.positions();
        let in_list = positions.is_list(list);
        let value = if positions.existing(pointer) == pointer { positions.locate(pointer) } else { 0..0 };
        self.gaps.add(pointer, in_list);
        self.gaps.add_words(pointer, &self.text[value]);
    }

    /// Reads one part; mistakes in it are reported and left out as far as the rest can do without.
    pub fn item<T: DeserializeOwned>(&mut self, raw: &RawValue, pointer: &str) -> Option<T> {
        let mut skip = Skip::default();
        // What was left out of each object, to know what follows from it.
        let mut gone: Vec<String> = Vec::new();
        loop {
            let trouble = match strict::read(raw.get(), pointer, &skip) {
                Ok(item) => return Some(item),
                Err(trouble) => trouble,
            };
            let Trouble { problem, pointer: mut at, key } = *trouble;
            let mut told = tell(&problem);
            if let (Some(name), "field.value", true) = (&key, told.code, told.is_value) {
                // Of fields of which one is to be chosen.
                (told.code, told.message) = ("field.unknown", format!("unknown field `{name}`"));
            }
            if told.code == "json.depth" {
                // The whole of it, not its deepest part.
                at.truncate(at.match_indices('/').nth(4).map_or(at.len(), |(end, _)| end));
                at.truncate(at.trim_end_matches(|c: char| c == '/' || c.is_ascii_digit()).len());
            }
            let follows = key.is_none()
                && match &told.missing {
                    Some(field) => gone.contains(&format!("{at}/{}", pointer_part(field))),
                    None => {
                        !told.is_value
                            && gone.iter().any(|gone| gone.rsplit_once('/').is_some_and(|gone| gone.0 == at))
                    }
                };
            let out = match &key {
                Some(name) => format!("{at}/{}", pointer_part(name)),
                None => at.clone(),
            };
            if told.code == "field.duplicate" {
                skip.repeats.insert(out);
                self.add(told, &at, key.as_deref());
                continue;
            }
            gone.extend(told.meant.iter().map(|meant| format!("{at}/{}", pointer_part(meant))));
            if !follows {
                self.add(told, &at, key.as_deref());
            }
            self.leave_out(&out);
            if out == pointer {
                return None;
            }
            gone.push(out.clone());
            skip.values.insert(out);
            if skip.values.len() >= MOST_MISTAKES {
                self.leave_out(pointer);
                let message = format!("only the first {MOST_MISTAKES} mistakes of this part are listed");
                self.report(
                    Finding::note("json.more", pointer, message).help("mend these first, and read it again"),
                );
                return None;
            }
        }
    }

    /// Reads a list item by item.
    pub fn items<T: DeserializeOwned>(&mut self, raw: Option<&'t RawValue>, pointer: &str) -> Vec<T> {
        let Some(raw) = raw else { return Vec::new() };
        let list: Vec<&RawValue> = match serde_json::from_str(raw.get()) {
            Ok(list) => list,
            Err(problem) => {
                self.add(tell(&problem), pointer, None);
                self.leave_out(pointer);
                return Vec::new();
            }
        };
        let mut items = Vec::with_capacity(list.len());
        for (at, raw) in list.into_iter().enumerate() {
            items.extend(self.item(raw, &format!("{pointer}/{at}")));
        }
        items
    }

    /// The members of a part that is an object.
    pub fn members(&mut self, raw: &'t RawValue, pointer: &str) -> Option<Vec<(String, &'t RawValue)>> {
        match serde_json::from_str::<Members<'t>>(raw.get()) {
            Ok(Members(members)) => Some(members),
            Err(problem) => {
                self.add(tell(&problem), pointer, None);
                self.leave_out(pointer);
                None
            }
        }
    }
}

/// A mistake in our words.
#[derive(Debug)]
struct Told {
    code: &'static str,
    message: String,
    help: Option<String>,
    /// The field that is missing.
    missing: Option<String>,
    /// The field that was most likely meant by an unknown one.
    meant: Option<String>,
    /// Whether a single value is wrong, so that nothing left out elsewhere can be the cause.
    is_value: bool,
}

impl Told {
    fn new(code: &'static str, message: impl Into<String>, help: impl Into<String>) -> Told {
        Told {
            code,
            message: message.into(),
            help: Some(help.into()),
            missing: None,
            meant: None,
            is_value: false,
        }
    }
}

fn bare(problem: &serde_json::Error) -> String {
    let full = problem.to_string();
    match full.rfind(" at line ") {
        Some(cut) => full[..cut].to_string(),
        None => full,
    }
}

/// What is not JSON, and what to look for.
fn tell_syntax(problem: &serde_json::Error, text: &str, offset: usize) -> Told {
    let bare = bare(problem);
    let found = text[offset..].chars().next();
    let told = |message: &str, help: &str| Told::new("json.syntax", message, help);
    if problem.is_eof() {
        return told("the text ends too early", "close what is still open: look for a missing \", ] or }");
    }
    match found {
        Some('/' | '#') => {
            return told("comments are not JSON", "take the comment out, or keep it in a field `note`")
        }
        Some('\'') => return told("single quotes are not JSON", "put texts in double quotes"),
        Some('“' | '”' | '„') => {
            return told("curly quotes are not JSON", "use straight double quotes")
        }
        _ => {}
    }
    let rest = &text[offset..];
    if ["NaN", "Infinity", "-Infinity", "inf", "-inf", "nan"].iter().any(|word| rest.starts_with(word)) {
        return told("this is not a number that JSON has", "write a plain number, or leave the field out");
    }
    if ["True", "False", "None", "undefined"].iter().any(|word| rest.starts_with(word)) {
        return told("this is not a word that JSON has", "write true, false or null");
    }
    let after_comma = text[..offset].trim_end().ends_with(',');
    match bare.as_str() {
        _ if after_comma && matches!(found, Some(']' | '}')) => {
            told("a comma stands before a closing bracket", "take the last comma out")
        }
        "trailing comma" => told("a comma stands before a closing bracket", "take the last comma out"),
        "expected `,` or `}`" | "expected `,` or `]`" => told(
            &format!("{bare} here"),
            "put a comma between the two, or close what is open before this place",
        ),
        "expected `:`" => told("a colon is missing here", "write a name in quotes, a colon, then its value"),
        "key must be a string" => {
            told("a field name must stand in double quotes", "put double quotes around the name")
        }
        "trailing characters" => told(
            "the text goes on after its end",
            "take out what follows the last }, or look for a } too many",
        ),
        "control character (\\u0000-\\u001F) found while parsing a string" => told(
            "a text in quotes runs over the end of its line, or holds a tab",
            "close the quotes, or write \\n or \\t inside them",
        ),
        "invalid escape" => told("this is not an escape that JSON has", "write a backslash as \\\\"),
        "recursion limit exceeded" => told("brackets are nested too deep here", "nest at most 120 deep"),
        _ => told(
            &format!("this is not JSON: {bare}"),
            "look just before this place for a missing comma, quote or bracket",
        ),
    }
}

/// The two parts of a message of our own: what is wrong, and what to do. A semicolon in quotes parts nothing.
fn halves(message: &str) -> (&str, Option<&str>) {
    let cut =
        message.match_indices("; ").find(|(at, _)| message[..*at].matches('`').count().is_multiple_of(2));
    match cut {
        Some((at, _)) => (&message[..at], Some(&message[at + 2..])),
        None => (message, None),
    }
}

/// The known names of a serde message: "expected one of `a`, `b`" or "expected `a`".
fn known_names(list: &str) -> Vec<&str> {
    list.split('`').skip(1).step_by(2).collect()
}

/// What is wrong with a value that serde cannot read as it should, in plain words.
pub fn in_words(problem: &serde_json::Error) -> String {
    tell(problem).message
}

/// serde's words in ours: what is wrong, and what to do.
fn tell(problem: &serde_json::Error) -> Told {
    let bare = bare(problem);
    if !problem.is_data() {
        return match bare.as_str() {
            "number out of range" => Told {
                is_value: true,
                ..Told::new("field.type", "this number is too large", "write a smaller number")
            },
            "recursion limit exceeded" => {
                Told::new("json.depth", "brackets are nested too deep here", "nest at most 120 deep")
            }
            _ => Told {
                is_value: true,
                ..Told::new(
                    "json.syntax",
                    format!("this is not JSON: {bare}"),
                    "write the text anew, with \\\\ for a backslash",
                )
            },
        };
    }
    if let Some((name, list)) =
        bare.strip_prefix("unknown field `").and_then(|rest| rest.rsplit_once("`, expected "))
    {
        let known = known_names(list);
        let near = nearest(name, known.iter().copied());
        let help = near.map_or_else(
            || format!("known here: {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        let told = Told::new("field.unknown", format!("unknown field `{name}`"), help);
        return Told { meant: near.map(str::to_string), ..told };
    }
    if let Some((name, list)) =
        bare.strip_prefix("unknown variant `").and_then(|rest| rest.rsplit_once("`, expected "))
    {
        let known = known_names(list);
        let help = nearest(name, known.iter().copied()).map_or_else(
            || format!("write one of {}", known.join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        return Told {
            is_value: true,
            ..Told::new("field.value", format!("`{name}` is not known here"), help)
        };
    }
    if let Some(field) = bare.strip_prefix("missing field `").and_then(|rest| rest.strip_suffix('`')) {
        let told =
            Told::new("field.missing", format!("the field `{field}` is missing"), format!("add `{field}`"));
        return Told { missing: Some(field.to_string()), ..told };
    }
    if let Some(field) = bare.strip_prefix("duplicate field ") {
        return Told::new(
            "field.duplicate",
            format!("the field {field} is there twice"),
            "keep one of the two",
        );
    }
    if let Some(rest) = bare.strip_prefix("invalid length ") {
        if let Some((found, wanted)) = rest.split_once(", expected ") {
            let wanted = wanted.rsplit(' ').next().unwrap_or(wanted);
            let entries = if found == "1" { "entry" } else { "entries" };
            let message = format!("this list has {found} {entries}, and should have {wanted}");
            return Told::new("field.type", message, format!("give exactly {wanted} here"));
        }
    }
    if let Some(rest) = bare.strip_prefix("invalid type: ").or_else(|| bare.strip_prefix("invalid value: ")) {
        if let Some((found, wanted)) = rest.rsplit_once(", expected ") {
            let (found, wanted) = (plain_type(found), plain_type(wanted));
            let message = format!("this is {found}, and should be {wanted}");
            return Told {
                is_value: true,
                ..Told::new("field.type", message, format!("write {wanted} here"))
            };
        }
    }
    let (message, help) = halves(&bare);
    let code = if message.starts_with("unknown field") {
        "field.unknown"
    } else if message.starts_with("an entry holds one rule") {
        "rule.two"
    } else if message.starts_with("no rule in this entry") {
        "rule.none"
    } else if message.starts_with("there is no ") {
        "date.impossible"
    } else if message.contains(" is one field too many") || message.starts_with("this list is too long") {
        "field.type"
    } else {
        "field.value"
    };
    let help = help.unwrap_or(match code {
        "date.impossible" => "correct the day or the month",
        _ => "see `rota schema` for what may stand here",
    });
    Told::new(code, message, help)
}

fn plain_type(serde: &str) -> String {
    let serde = serde.trim();
    let plain = match serde {
        "map" | "a map" => "an object {...}",
        "sequence" | "a sequence" => "a list [...]",
        "null" | "unit" | "unit value" | "Option value" => "null",
        "a string" | "string" | "str" => "a text in quotes",
        "a boolean" => "true or false",
        "u32" => "a whole number from 0 to 4294967295",
        "u64" | "usize" => "a whole number from 0",
        "f64" | "f32" => "a number",
        "an array of length 2" => "a list of two",
        other if other.starts_with("struct ") => "an object {...}",
        other if other.starts_with("string ") => {
            return format!("the text {}", quoted(&other["string ".len()..]))
        }
        other if other.starts_with("integer ") || other.starts_with("floating point ") => {
            let number = other.rsplit(' ').next().unwrap_or(other);
            return format!("the number {}", number.trim_matches('`'));
        }
        other if other.starts_with("boolean ") => {
            return other["boolean ".len()..].trim_matches('`').to_string()
        }
        other => other,
    };
    plain.to_string()
}

/// A quoted text, cut where it is long.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…\"", &text[..end]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::Person;

    #[test]
    fn positions_in_lists_are_those_of_the_text() {
        let mut gaps = Gaps::default();
        for pointer in ["/people/0", "/people/2", "/people/1/away/0"] {
            gaps.add(pointer, true);
        }
        // People 1, 3, 4 were read as 0, 1, 2.
        assert_eq!(gaps.original("/people/0/away/0"), "/people/1/away/1");
        assert_eq!(gaps.original("/people/1/away/0"), "/people/3/away/0");
        assert_eq!(gaps.original("/people/2"), "/people/4");
        assert_eq!(gaps.original("/rules/2/who"), "/rules/2/who");
        assert_eq!(
            gaps.original_words("see people[0].away[0], rules[0]; x"),
            "see people[1].away[1], rules[0]; x"
        );
        assert!(gaps.touch("/people/2/id") && gaps.touch("/people/1") && gaps.touch("/people"));
        assert!(!gaps.touch("/people/20") && !gaps.touch("/people/1/wishes/0"));
    }

    #[test]
    fn what_follows_from_a_mistake_is_not_reported() {
        let text =
            r#"[ { "id": 7, "nmae": "x" }, { "id": "ben", "away": ["2020-06-31", 4] }, { "name": "x" } ]"#;
        let mut reader = Reader::new(text);
        let raw: &RawValue = serde_json::from_str(text).expect("JSON");
        let people: Vec<Person> = reader.items(Some(raw), "");
        assert_eq!(people.len(), 1);
        let (findings, gaps) = reader.finish();
        let found: Vec<(&str, &str)> =
            findings.iter().map(|f| (f.code.as_str(), f.pointer.as_deref().unwrap_or(""))).collect();
        let expected = [
            ("field.type", "/0/id"),
            ("field.unknown", "/0/nmae"),
            ("date.impossible", "/1/away/0"),
            ("field.type", "/1/away/1"),
            ("field.missing", "/2"),
        ];
        assert_eq!(found, expected);
        assert_eq!(gaps.original("/0/name"), "/1/name");
    }
}

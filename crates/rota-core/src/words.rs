//! Selectors in words: `coding and not trainee`, `Mon, Wed`, `09:00-12:00`, `each zone`.
//!
//! Names may be ids or the names people read, in any case; put a name that holds one of the linking words
//! (`and`, `or`, `not`, a comma or a semicolon) in double quotes. `team X`, `tag X` and `person X` say which is meant.

use crate::date::{Date, Weekday};
use crate::finding::{nearest, Finding};
use crate::index::PersonIndex;
use crate::select::{Between, Each, WhenFields, Where, Who};
use crate::site::Site;
use unicode_normalization::char::is_combining_mark;
use unicode_normalization::UnicodeNormalization;

/// What could not be read, and the nearest name if there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    /// A problem without a remedy yet.
    pub fn new(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), help: None }
    }

    /// The same with what to write instead.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// Offers the nearest name, or else says what to do.
    fn near(self, near: Option<&str>, otherwise: &str) -> Problem {
        let help = near.map_or_else(|| otherwise.to_string(), |near| format!("did you mean `{near}`?"));
        Problem { help: Some(help), ..self }
    }

    /// The same as a finding.
    pub fn finding(self, code: &str, pointer: &str) -> Finding {
        let finding = Finding::error(code, pointer, self.message);
        match self.help {
            Some(help) => finding.help(help),
            None => finding,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    And,
    Or,
    Not,
    Open,
    Close,
    Name(String),
}

fn tokens(text: &str) -> Result<Vec<Token>, Problem> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut name: Vec<String> = Vec::new();
    let mut rest = text.trim();
    let close = |name: &mut Vec<String>, tokens: &mut Vec<Token>| {
        if !name.is_empty() {
            tokens.push(Token::Name(name.join(" ")));
            name.clear();
        }
    };
    while !rest.is_empty() {
        let first = rest.chars().next().expect("not empty");
        if first == '"' {
            let end = rest[1..].find('"').ok_or_else(|| {
                Problem::new(format!("the quotes in `{text}` are not closed"))
                    .help("put a double quote at both ends of the name")
            })?;
            close(&mut name, &mut tokens);
            tokens.push(Token::Name(rest[1..=end].to_string()));
            rest = rest[end + 2..].trim_start();
        } else if let Some(token) = match first {
            '(' => Some(Token::Open),
            ')' => Some(Token::Close),
            ',' | ';' => Some(Token::Or),
            _ => None,
        } {
            close(&mut name, &mut tokens);
            tokens.push(token);
            rest = rest[1..].trim_start();
        } else {
            let end = rest.find(|c: char| c.is_whitespace() || "(),;\"".contains(c)).unwrap_or(rest.len());
            let word = &rest[..end];
            let token = match word.to_lowercase().as_str() {
                "and" => Some(Token::And),
                "or" => Some(Token::Or),
                "not" => Some(Token::Not),
                _ => None,
            };
            match token {
                Some(token) => {
                    close(&mut name, &mut tokens);
                    tokens.push(token);
                }
                None => name.push(word.to_string()),
            }
            rest = rest[end..].trim_start();
        }
    }
    close(&mut name, &mut tokens);
    Ok(tokens)
}

/// What a name means.
type Meaning<'s> = dyn Fn(&str) -> Result<Who, Problem> + 's;

struct Reader<'s> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    meaning: &'s Meaning<'s>,
    text: &'s str,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<Who, Problem> {
        let mut parts = vec![self.all()?];
        while self.take(&Token::Or) {
            if self.peek().is_none() {
                break; // a closing semicolon
            }
            parts.push(self.all()?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Who::Any(parts) })
    }

    fn all(&mut self) -> Result<Who, Problem> {
        let mut parts = vec![self.one()?];
        while self.take(&Token::And) {
            parts.push(self.one()?);
        }
        Ok(if parts.len() == 1 { parts.swap_remove(0) } else { Who::All(parts) })
    }

    fn one(&mut self) -> Result<Who, Problem> {
        self.depth += 1;
        if self.depth > 50 {
            return Err(Problem::new("the words are nested too deep").help("use fewer brackets"));
        }
        let found = if self.take(&Token::Not) {
            Who::Not(Box::new(self.one()?))
        } else if self.take(&Token::Open) {
            let inner = self.any()?;
            if !self.take(&Token::Close) {
                return Err(Problem::new(format!("a bracket in `{}` is not closed", self.text))
                    .help("close it with )"));
            }
            inner
        } else if let Some(Token::Name(name)) = self.peek().cloned() {
            self.at += 1;
            (self.meaning)(&name)?
        } else {
            return Err(Problem::new(format!("a name is missing in `{}`", self.text))
                .help("write a team, a tag or a person on both sides of `and` and `or`, and after `not`"));
        };
        self.depth -= 1;
        Ok(found)
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// `Sian` for `Siân`: a name as many type it.
pub fn without_accents(name: &str) -> String {
    name.nfd().filter(|sign| !is_combining_mark(*sign)).collect()
}

/// The team, tag or person that a name means.
fn named(name: &str, site: &Site) -> Result<Who, Problem> {
    if same(name, "everyone") || same(name, "everybody") {
        return Ok(Who::Everyone);
    }
    let prefixed = name.split_once([' ', ':']).and_then(|(kind, bare)| {
        let kind = ["team", "tag", "person"].into_iter().find(|word| same(word, kind))?;
        Some((kind, bare.trim()))
    });
    // A person may be called "Tag Heuer".
    let whole = meanings(name, None, site);
    let (bare, mut found) = match prefixed {
        Some((kind, bare)) if whole.is_empty() => (bare, meanings(bare, Some(kind), site)),
        _ => (name, whole),
    };
    match found.len() {
        1 => Ok(found.swap_remove(0).1),
        0 => Err(nobody(bare, prefixed.map(|(kind, _)| kind), site)),
        _ => {
            let mut kinds: Vec<&str> = found.iter().map(|(kind, _)| *kind).collect();
            kinds.dedup();
            let help = if kinds.len() > 1 {
                let kinds: Vec<String> = kinds.iter().map(|kind| format!("`{kind} {bare}`")).collect();
                format!("write {}", kinds.join(" or "))
            } else {
                "use the id instead of the name, in the same capitals".to_string()
            };
            Err(Problem::new(format!("`{bare}` may mean more than one {}", kinds.join(" or "))).help(help))
        }
    }
}

/// Everything of a kind (or any) that a name may mean: exactly so, or else in any capitals.
fn meanings(name: &str, kind: Option<&str>, site: &Site) -> Vec<(&'static str, Who)> {
    let Some(called) = site.called.get(&name.to_lowercase()) else { return Vec::new() };
    let wanted = |word: &str| kind.is_none_or(|kind| kind == word);
    let mut found: Vec<(&'static str, Who)> = Vec::new();
    if wanted("team") {
        let ids: Vec<&str> = called.teams.iter().map(|team| site.teams[team.at()].id.as_str()).collect();
        found.extend(exactly(&ids, name).into_iter().map(|id| ("team", Who::Team(id.to_string()))));
    }
    if wanted("tag") {
        let tags: Vec<&str> = called.tags.iter().map(String::as_str).collect();
        found.extend(exactly(&tags, name).into_iter().map(|tag| ("tag", Who::Tag(tag.to_string()))));
    }
    if wanted("person") {
        let ids: Vec<&str> = called.people.iter().map(|person| site.person(*person).id.as_str()).collect();
        found.extend(exactly(&ids, name).into_iter().map(|id| ("person", Who::People(vec![id.to_string()]))));
    }
    found
}

/// The one that is exactly the name, or else all of them.
fn exactly<'n>(names: &[&'n str], name: &str) -> Vec<&'n str> {
    match names.iter().find(|own| **own == name) {
        Some(own) => vec![own],
        None => names.to_vec(),
    }
}

/// At most so many people are offered for a first name or a surname.
const MOST_OFFERED: usize = 4;

/// People one of whose names this is: `ben` for Ben Okafor.
fn known_by<'s>(name: &'s str, site: &'s Site) -> impl Iterator<Item = &'s crate::site::Person> {
    site.people
        .iter()
        .filter(move |person| {
            person.name.split_whitespace().any(|part| same(&without_accents(part), &without_accents(name)))
        })
        .take(MOST_OFFERED)
}

/// There is nobody of that name: what may be meant.
fn nobody(name: &str, kind: Option<&str>, site: &Site) -> Problem {
    let what = kind.unwrap_or("team, tag or person");
    let problem = Problem::new(format!("there is no {what} `{name}`"));
    let words: Vec<&str> = name.split_whitespace().collect();
    if words.len() > 1 && words.iter().all(|word| site.called.contains_key(&word.to_lowercase())) {
        return problem.help(format!("join names: `{}` or `{}`", words.join(", "), words.join(" and ")));
    }
    let wanted = |word: &str| kind.is_none_or(|kind| kind == word);
    let teams = site.teams.iter().map(|team| team.id.as_str()).filter(|_| wanted("team"));
    let tags = site.tags.keys().map(String::as_str).filter(|_| wanted("tag"));
    let people = site.near_people.nearest(name).filter(|_| wanted("person"));
    let (near, help) = if kind == Some("person") {
        (people, "write the id or the full name of a person of the scenario")
    } else {
        (
            nearest(name, teams.chain(tags).chain(people)),
            "write a team, a tag or a person of the scenario, joined with `and`, `or`, `not`, `,` or `;`",
        )
    };
    // A first name or a surname says who is meant, unless a whole name or a team is nearly it.
    let known: Vec<String> = known_by(name, site).map(|person| format!("`{}`", person.name)).collect();
    if known.is_empty() || !wanted("person") || (kind != Some("person") && near.is_some()) {
        problem.near(near, help)
    } else {
        problem.help(format!("did you mean {}?", known.join(" or ")))
    }
}

/// The one person that an id or a name means.
pub fn person(name: &str, site: &Site) -> Result<PersonIndex, Problem> {
    let name = name.strip_prefix('"').and_then(|bare| bare.strip_suffix('"')).unwrap_or(name);
    match meanings(name, Some("person"), site).as_slice() {
        [(_, Who::People(ids))] => Ok(site.person_named(&ids[0]).expect("words name people that there are")),
        [] => Err(nobody(name, Some("person"), site)),
        _ => Err(Problem::new(format!("`{name}` may mean more than one person"))
            .help("use the id instead of the name, in the same capitals")),
    }
}

/// Reads a `who` in words.
pub fn who(text: &str, site: &Site) -> Result<Who, Problem> {
    who_by(text, &|name| named(name, site))
}

/// Reads a `who` in words where there is no site yet: `meaning` says what each name means.
pub fn who_by(text: &str, meaning: &Meaning<'_>) -> Result<Who, Problem> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Problem::new("no words are given").help("write everyone, a team, a tag or a person"));
    }
    let mut reader = Reader { tokens, at: 0, depth: 0, meaning, text };
    let found = reader.any()?;
    if reader.at < reader.tokens.len() {
        return Err(Problem {
            message: format!("`{text}` cannot be read to its end"),
            help: Some("link names with `and`, `or`, `not`, `,` or `;`".to_string()),
        });
    }
    Ok(found)
}

/// The months in small letters.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Reads a day in words against a calendar: `2020-06-18`, `18 June`, `18 June 2020`.
pub fn date(text: &str, site: &Site) -> Option<Date> {
    written_date(text, site).and_then(Result::ok)
}

/// The same; none when the text is no date at all, an error when it is one that does not exist.
pub(crate) fn written_date(text: &str, site: &Site) -> Option<Result<Date, Problem>> {
    let none =
        || Problem::new(format!("there is no `{text}` in the calendar")).help("correct the day or the month");
    if text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
        return Some(Date::parse(text).map_err(|_| none()));
    }
    // `Thu 18 June`, as outputs write it.
    if let Some((first, rest)) = text.split_once(' ') {
        if let (Some(weekday), Some(date)) = (Weekday::parse(first), written_date(rest, site)) {
            return Some(date.and_then(|date| {
                if date.weekday() == weekday {
                    return Ok(date);
                }
                let message = format!("`{text}` is a {}, not a {}", date.weekday().long(), weekday.long());
                Err(Problem::new(message).help("correct the weekday or the date"))
            }));
        }
    }
    let mut parts = text.split_whitespace();
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let ending = ["st", "nd", "rd", "th"].iter().find_map(|ending| day.strip_suffix(ending));
    let day = ending.unwrap_or(day).parse::<u32>().ok()?;
    let month = month.to_lowercase();
    let month = MONTHS.iter().position(|name| month.len() >= 3 && name.starts_with(&month))? as u32 + 1;
    let dated = |year: i32| Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok();
    if let Some(year) = year {
        return Some(dated(year.parse().ok()?).ok_or_else(none));
    }
    // The year in which the day falls inside the calendar, else the year of its first day.
    let calendar = &site.calendar;
    let year = |date: Date| date.to_string()[..4].parse::<i32>().ok();
    let years = [year(calendar.from)?, year(calendar.to)?];
    let inside = years.into_iter().filter_map(dated).find(|date| calendar.day(*date).is_some());
    Some(inside.or_else(|| dated(years[0])).ok_or_else(none))
}

/// A weekday in words: `Mon`, `Monday`, `Mondays`.
pub fn weekday(text: &str) -> Option<Weekday> {
    Weekday::parse(text).or_else(|| text.strip_suffix(['s', 'S']).and_then(Weekday::parse))
}

/// The two ends of `a..b` or `a to b`.
pub fn ends(part: &str) -> Option<(&str, &str)> {
    let (from, to) = part.split_once("..").or_else(|| part.split_once(" to "))?;
    Some((from.trim(), to.trim()))
}

/// The two ends of `Mon-Thu`.
fn weekday_ends(part: &str) -> Option<(&str, &str)> {
    let (from, to) = part.split_once(['-', '–'])?;
    let (from, to) = (from.trim(), to.trim());
    (weekday(from).is_some() && weekday(to).is_some()).then_some((from, to))
}

/// The parts of a list in words; commas and `and` inside double quotes part nothing.
pub fn list(text: &str) -> Result<Vec<String>, Problem> {
    let mut parts = Vec::new();
    for (at, piece) in text.split('"').enumerate() {
        if at % 2 == 1 {
            parts.push(piece.trim().to_string());
        } else {
            let pieces = piece.split([',', ';']).flat_map(|part| {
                let words: Vec<&str> = part.split_whitespace().collect();
                let groups = words.split(|word| same(word, "and")).map(|group| group.join(" "));
                groups.collect::<Vec<_>>()
            });
            parts.extend(pieces);
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err(Problem::new(format!("the quotes in `{text}` are not closed"))
            .help("put a double quote at both ends of the name"));
    }
    parts.retain(|part| !part.is_empty());
    Ok(parts)
}

/// Reads a `when` in words: weekdays, dates, a span, a time of day and shifts, in any order. Days of one kind add
/// up (`Mon, Wed`); different kinds must all fit (`Mon, 09:00-12:00`).
pub fn when(text: &str, site: &Site) -> Result<WhenFields, Problem> {
    let shift = |name: &str| {
        let shifts = &site.calendar.shifts;
        let exact = shifts.iter().find(|shift| shift.id == name);
        exact.or_else(|| shifts.iter().find(|shift| same(&shift.id, name) || same(&shift.name, name)))
    };
    let mut fields = WhenFields::default();
    if let Some(shift) = shift(text.trim()) {
        fields.shifts.push(shift.id.clone());
        return Ok(fields);
    }
    for part in list(text)? {
        let part = part.as_str();
        if let Some(weekday) = weekday(part) {
            fields.weekdays.push(weekday);
        } else if let Some(date) = written_date(part, site) {
            fields.dates.push(date?);
        } else if let Some((first, last)) = ends(part).or_else(|| weekday_ends(part)) {
            span(first, last, &mut fields, site)?;
        } else if let Some(shift) = shift(part) {
            fields.shifts.push(shift.id.clone());
        } else if part.contains(':') {
            let between = Between::parse(part).map_err(|problem| {
                let (message, help) =
                    problem.split_once("; ").unwrap_or((&problem, "write it like 09:00-12:00"));
                Problem::new(message).help(help)
            })?;
            if fields.between.replace(between).is_some() {
                return Err(Problem::new(format!("`{part}` is a second time of day"))
                    .help("give one time of day here, and the other in a rule of its own"));
            }
        } else {
            let shifts = site.calendar.shifts.iter().map(|shift| shift.id.as_str());
            let weekdays = Weekday::ALL.iter().map(|weekday| weekday.long());
            return Err(Problem::new(format!("`{part}` is no weekday, date, time or shift")).near(
                nearest(part, shifts.chain(weekdays)),
                "write it like Mon, 2020-06-18, 18 June, 15 June..19 June, 09:00-12:00, or the id of a shift",
            ));
        }
    }
    if fields == WhenFields::default() {
        return Err(
            Problem::new("no days or times are given").help("write days like Mon, Wed, or leave `when` out")
        );
    }
    if !fields.weekdays.is_empty() && !fields.dates.is_empty() {
        return Err(Problem::new(format!("`{text}` mixes weekdays and dates"))
            .help("write dates alone, weekdays alone, or two rules"));
    }
    Ok(fields)
}

/// A span of weekdays or of dates.
fn span(first: &str, last: &str, fields: &mut WhenFields, site: &Site) -> Result<(), Problem> {
    if let (Some(first), Some(last)) = (weekday(first), weekday(last)) {
        let days = (last.index() + 7 - first.index()) % 7;
        fields.weekdays.extend((0..=days).map(|day| Weekday::ALL[(first.index() + day) % 7]));
        return Ok(());
    }
    let end = |text: &str| {
        written_date(text, site).unwrap_or_else(|| {
            Err(Problem::new(format!("`{text}` is not a date")).help("write it like 2020-06-15 or 15 June"))
        })
    };
    let (from, to) = (end(first)?, end(last)?);
    if fields.from.is_some() {
        return Err(Problem::new(format!("`{first}` begins a second span"))
            .help("give one span here, and the other in a rule of its own"));
    }
    (fields.from, fields.to) = (Some(from), Some(to));
    Ok(())
}

/// Reads a `where` in words.
pub fn place(text: &str, site: &Site) -> Result<Where, Problem> {
    let text = text.trim();
    match text.to_lowercase().as_str() {
        "each site" => return Ok(Where::Each(Each::Site)),
        "each zone" => return Ok(Where::Each(Each::Zone)),
        "anywhere" => return Ok(Where::Anywhere),
        _ => {}
    }
    let (kind, bare) = match text.split_once([' ', ':']) {
        Some((kind, bare)) if same(kind, "site") || same(kind, "zone") => {
            (Some(kind.to_lowercase()), bare.trim())
        }
        _ => (None, text),
    };
    let bare = bare.strip_prefix('"').and_then(|bare| bare.strip_suffix('"')).unwrap_or(bare);
    let wanted = |word: &str| kind.as_deref().is_none_or(|kind| kind == word);
    let zones = site.zones.iter().map(|zone| (zone.id.as_str(), zone.name.as_str()));
    let premises = site.premises.iter().map(|premises| (premises.id.as_str(), premises.name.as_str()));
    let zones = called(zones.filter(|_| wanted("zone")), bare);
    let premises = called(premises.filter(|_| wanted("site")), bare);
    match (zones.as_slice(), premises.as_slice()) {
        ([zone], []) => Ok(Where::Zone((*zone).to_string())),
        ([], [premises]) => Ok(Where::Site((*premises).to_string())),
        ([], []) => {
            let names = site.zones.iter().map(|zone| zone.id.as_str());
            let names = names.chain(site.premises.iter().map(|premises| premises.id.as_str()));
            let what = kind.as_deref().unwrap_or("site or zone");
            Err(Problem::new(format!("there is no {what} `{bare}`")).near(
                nearest(bare, names),
                "write a site or zone of the scenario, `each site`, `each zone` or `anywhere`",
            ))
        }
        (zones, premises) if !zones.is_empty() && !premises.is_empty() => {
            Err(Problem::new(format!("`{bare}` is a site and a zone"))
                .help(format!("write `site {bare}` or `zone {bare}`")))
        }
        _ => Err(Problem::new(format!("`{bare}` may mean more than one place"))
            .help("use the id instead of the name, in the same capitals")),
    }
}

/// The ids of those with this id, or else with this id or name in any capitals.
fn called<'n>(all: impl Iterator<Item = (&'n str, &'n str)>, bare: &str) -> Vec<&'n str> {
    let found: Vec<&str> =
        all.filter(|(id, name)| same(id, bare) || same(name, bare)).map(|(id, _)| id).collect();
    exactly(&found, bare)
}

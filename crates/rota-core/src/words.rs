//! Selectors in words: `coding and not trainee`, `Mon, Wed`, `09:00-12:00`, `each zone`.
//!
//! Names may be ids or the names people read, in any case; put a name that holds one of the linking words
//! (`and`, `or`, `not`, a comma or a semicolon) in double quotes. `team X`, `tag X` and `person X` say which is meant.

use crate::date::{Date, Weekday};
use crate::finding::{nearest, Finding};
use crate::select::{Between, Each, WhenFields, Where, Who};
use crate::site::Site;

/// What could not be read, and the nearest name if there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl Problem {
    fn new(message: impl Into<String>) -> Problem {
        Problem { message: message.into(), help: None }
    }

    fn near<'a>(self, name: &str, names: impl IntoIterator<Item = &'a str>) -> Problem {
        let help = nearest(name, names).map(|near| format!("did you mean `{near}`?"));
        Problem { help, ..self }
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
            let end = rest[1..]
                .find('"')
                .ok_or_else(|| Problem::new(format!("the quotes in `{text}` are not closed")))?;
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

struct Reader<'s> {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    site: &'s Site,
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
            return Err(Problem::new("the words are nested too deep"));
        }
        let found = if self.take(&Token::Not) {
            Who::Not(Box::new(self.one()?))
        } else if self.take(&Token::Open) {
            let inner = self.any()?;
            if !self.take(&Token::Close) {
                return Err(Problem::new(format!("a bracket in `{}` is not closed", self.text)));
            }
            inner
        } else if let Some(Token::Name(name)) = self.peek().cloned() {
            self.at += 1;
            named(&name, self.site)?
        } else {
            return Err(Problem::new(format!("a name is missing in `{}`", self.text)));
        };
        self.depth -= 1;
        Ok(found)
    }
}

fn same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

fn named(name: &str, site: &Site) -> Result<Who, Problem> {
    if same(name, "everyone") || same(name, "everybody") {
        return Ok(Who::Everyone);
    }
    let teams = || site.teams.iter().map(|team| team.id.as_str());
    let tags = || site.tags.keys().map(String::as_str);
    let (kind, bare) = match name.split_once([' ', ':']) {
        Some((kind, bare)) if ["team", "tag", "person"].iter().any(|word| same(word, kind)) => {
            (Some(kind.to_lowercase()), bare.trim())
        }
        _ => (None, name),
    };
    let wanted = |word: &str| kind.as_deref().is_none_or(|kind| kind == word);
    let mut found: Vec<(String, Who)> = Vec::new();
    if wanted("team") {
        found.extend(
            teams().filter(|id| same(id, bare)).map(|id| ("team".to_string(), Who::Team(id.to_string()))),
        );
    }
    if wanted("tag") {
        found.extend(
            tags().filter(|id| same(id, bare)).map(|id| ("tag".to_string(), Who::Tag(id.to_string()))),
        );
    }
    if wanted("person") {
        let by_id: Vec<_> = site.people.iter().filter(|person| person.id == bare).collect();
        let people = if by_id.is_empty() {
            site.people.iter().filter(|person| same(&person.name, bare) || same(&person.id, bare)).collect()
        } else {
            by_id
        };
        found.extend(
            people.into_iter().map(|person| ("person".to_string(), Who::People(vec![person.id.clone()]))),
        );
    }
    match found.len() {
        1 => Ok(found.swap_remove(0).1),
        0 => {
            let people = site.people.iter().flat_map(|person| [person.id.as_str(), person.name.as_str()]);
            let all: Vec<&str> = teams().chain(tags()).chain(people).collect();
            Err(Problem::new(format!("there is no team, tag or person `{bare}`")).near(bare, all))
        }
        _ => {
            let mut kinds: Vec<String> = found.iter().map(|(kind, _)| format!("`{kind} {bare}`")).collect();
            kinds.dedup();
            let help = if kinds.len() > 1 {
                format!("write {}", kinds.join(" or "))
            } else {
                "use the id instead of the name".to_string()
            };
            Err(Problem { message: format!("`{bare}` may mean more than one"), help: Some(help) })
        }
    }
}

/// Reads a `who` in words.
pub fn who(text: &str, site: &Site) -> Result<Who, Problem> {
    let tokens = tokens(text)?;
    if tokens.is_empty() {
        return Err(Problem::new("no words are given").near("", []));
    }
    let mut reader = Reader { tokens, at: 0, depth: 0, site, text };
    let found = reader.any()?;
    if reader.at < reader.tokens.len() {
        return Err(Problem {
            message: format!("`{text}` cannot be read to its end"),
            help: Some("link names with `and`, `or`, `not`, `,` or `;`".to_string()),
        });
    }
    Ok(found)
}

/// Reads a day in words against a calendar: `2020-06-18`, `18 June`, `18 June 2020`.
pub fn date(text: &str, site: &Site) -> Option<Date> {
    if let Ok(date) = Date::parse(text) {
        return Some(date);
    }
    let mut parts = text.split_whitespace();
    let day: u32 = parts.next()?.parse().ok()?;
    let month = parts.next()?.to_lowercase();
    const MONTHS: [&str; 12] = [
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
    let month = MONTHS.iter().position(|name| month.len() >= 3 && name.starts_with(&month))? as u32 + 1;
    let dated = |year: i32| Date::parse(&format!("{year:04}-{month:02}-{day:02}")).ok();
    match parts.next() {
        Some(year) => dated(year.parse().ok()?),
        None => {
            // The year in which the day falls inside the calendar, else the year of its first day.
            let calendar = &site.calendar;
            let year = |date: Date| date.to_string()[..4].parse::<i32>().ok();
            let years = [year(calendar.from)?, year(calendar.to)?];
            let inside = years.into_iter().filter_map(dated).find(|date| calendar.day(*date).is_some());
            inside.or_else(|| dated(years[0]))
        }
    }
}

/// Reads a `when` in words.
pub fn when(text: &str, site: &Site) -> Result<WhenFields, Problem> {
    let mut fields = WhenFields::default();
    let parts = text
        .split([',', ';'])
        .flat_map(|part| part.split(" and "))
        .map(str::trim)
        .filter(|part| !part.is_empty());
    for part in parts {
        let plain = part.to_lowercase();
        if let Some(weekday) =
            Weekday::parse(part).or_else(|| plain.strip_suffix('s').and_then(Weekday::parse))
        {
            fields.weekdays.push(weekday);
        } else if let Some(date) = date(part, site) {
            fields.dates.push(date);
        } else if let Some((from, to)) = part.split_once("..") {
            let end = |text: &str| {
                date(text.trim(), site).ok_or_else(|| {
                    Problem::new(format!("`{}` is not a date; write it like 2020-06-15", text.trim()))
                })
            };
            (fields.from, fields.to) = (Some(end(from)?), Some(end(to)?));
        } else if let Ok(between) = Between::parse(part) {
            fields.between = Some(between);
        } else if let Some(shift) =
            site.calendar.shifts.iter().find(|shift| same(&shift.id, part) || same(&shift.name, part))
        {
            fields.shifts.push(shift.id.clone());
        } else {
            let shifts = site.calendar.shifts.iter().map(|shift| shift.id.as_str());
            let weekdays = Weekday::ALL.iter().map(|weekday| weekday.long());
            return Err(Problem::new(format!("`{part}` is no weekday, date, time or shift"))
                .near(part, shifts.chain(weekdays)));
        }
    }
    if fields == WhenFields::default() {
        return Err(Problem::new("no days or times are given"));
    }
    Ok(fields)
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
    let wanted = |word: &str| kind.as_deref().is_none_or(|kind| kind == word);
    let zone =
        site.zones.iter().find(|zone| wanted("zone") && (same(&zone.id, bare) || same(&zone.name, bare)));
    let premises = site
        .premises
        .iter()
        .find(|premises| wanted("site") && (same(&premises.id, bare) || same(&premises.name, bare)));
    match (zone, premises) {
        (Some(zone), None) => Ok(Where::Zone(zone.id.clone())),
        (None, Some(premises)) => Ok(Where::Site(premises.id.clone())),
        (Some(_), Some(_)) => Err(Problem {
            message: format!("`{bare}` is a site and a zone"),
            help: Some(format!("write `site {bare}` or `zone {bare}`")),
        }),
        (None, None) => {
            let names = site.zones.iter().map(|zone| zone.id.as_str());
            let names = names.chain(site.premises.iter().map(|premises| premises.id.as_str()));
            Err(Problem::new(format!("there is no site or zone `{bare}`")).near(bare, names))
        }
    }
}

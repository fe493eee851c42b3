//! Selectors: who, when and where a rule applies, as fields or in words.

use crate::about::About;
use crate::calendar::{Calendar, Moment, ShiftSet, DAY_MINUTES};
use crate::date::{Clock, Date, Weekday};
use crate::finding::Finding;
use crate::index::{Day, PersonIndex, ShiftIndex, SiteIndex, ZoneIndex};
use crate::site::Site;
use crate::words;
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

// ---------------------------------------------------------------- who

/// Which people: `"everyone"`, fields, or words such as `coding and not trainee`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Who {
    /// Everyone.
    #[default]
    Everyone,
    /// In words; read against the names of the scenario.
    Words(String),
    /// The people of a team.
    Team(String),
    /// The people with a tag.
    Tag(String),
    /// These people.
    People(Vec<String>),
    /// In any of these.
    Any(Vec<Who>),
    /// In all of these.
    All(Vec<Who>),
    /// Not in this.
    Not(Box<Who>),
}

/// The same as fields, as JSON has it.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WhoFields {
    /// The people of a team.
    Team(String),
    /// The people with a tag.
    Tag(String),
    /// These people.
    People(Vec<String>),
    /// In any of these.
    Any(Vec<Who>),
    /// In all of these.
    All(Vec<Who>),
    /// Not in this.
    Not(Box<Who>),
}

impl Serialize for Who {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match self.clone() {
            Who::Everyone => return serializer.serialize_str("everyone"),
            Who::Words(words) => return serializer.serialize_str(&words),
            Who::Team(name) => WhoFields::Team(name),
            Who::Tag(name) => WhoFields::Tag(name),
            Who::People(ids) => WhoFields::People(ids),
            Who::Any(parts) => WhoFields::Any(parts),
            Who::All(parts) => WhoFields::All(parts),
            Who::Not(part) => WhoFields::Not(part),
        };
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Who {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Who, D::Error> {
        struct WhoVisitor;
        impl<'de> Visitor<'de> for WhoVisitor {
            type Value = Who;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter
                    .write_str("\"everyone\", words, or one of {team}, {tag}, {people}, {any}, {all}, {not}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Who, E> {
                Ok(if text.eq_ignore_ascii_case("everyone") {
                    Who::Everyone
                } else {
                    Who::Words(text.to_string())
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Who, A::Error> {
                let fields = WhoFields::deserialize(de::value::MapAccessDeserializer::new(&mut map))
                    .map_err(|problem| no_field(problem, "team, tag, people, any, all and not"))?;
                if let Some(second) = map.next_key::<String>()? {
                    return Err(de::Error::custom(format!(
                        "`{second}` is a second field of this selector; \
                         join the two: {{\"all\": [{{...}}, {{...}}]}} for people in both, \"any\" for people in either"
                    )));
                }
                Ok(match fields {
                    WhoFields::Team(name) => Who::Team(name),
                    WhoFields::Tag(name) => Who::Tag(name),
                    WhoFields::People(ids) => Who::People(ids),
                    WhoFields::Any(parts) => Who::Any(parts),
                    WhoFields::All(parts) => Who::All(parts),
                    WhoFields::Not(part) => Who::Not(part),
                })
            }
        }
        deserializer.deserialize_any(WhoVisitor)
    }
}

impl JsonSchema for Who {
    fn schema_name() -> Cow<'static, str> {
        "Who".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<WhoFields>();
        json_schema!({
            "description": "Which people: \"everyone\", fields, or words such as \"coding and not trainee\".",
            "anyOf": [{ "type": "string" }, fields]
        })
    }
}

impl Who {
    /// Whether it is the default.
    pub fn is_everyone(&self) -> bool {
        *self == Who::Everyone
    }

    /// The people meant, in the order of the scenario; of one team alone where the rule is read team by team.
    pub fn people(&self, site: &Site) -> Vec<PersonIndex> {
        let mut people = self.all_people(site);
        if let Some(team) = site.scope {
            people.retain(|person| site.person(*person).team == Some(team));
        }
        people
    }

    /// The people meant who are subjects of their own breach: all of [`Who::people`], or only the one looked at.
    pub fn each(&self, site: &Site) -> Vec<PersonIndex> {
        let mut people = self.people(site);
        if let Some(lens) = site.lens {
            people.retain(|person| *person == lens.person);
        }
        people
    }

    fn all_people(&self, site: &Site) -> Vec<PersonIndex> {
        match self {
            Who::Everyone => PersonIndex::all(site.people.len()).collect(),
            Who::Words(text) => words::who(text, site).map(|who| who.all_people(site)).unwrap_or_default(),
            Who::Team(name) => {
                site.team(name).map(|team| site.teams[team.at()].people.clone()).unwrap_or_default()
            }
            Who::Tag(name) => site.tags.get(name).cloned().unwrap_or_default(),
            Who::People(ids) => {
                let mut people: Vec<_> = ids.iter().filter_map(|id| site.person_named(id)).collect();
                people.sort_unstable();
                people.dedup();
                people
            }
            Who::Any(parts) => {
                let mut people: Vec<_> = parts.iter().flat_map(|part| part.all_people(site)).collect();
                people.sort_unstable();
                people.dedup();
                people
            }
            Who::All(parts) => {
                let mut parts = parts.iter();
                let Some(first) = parts.next() else { return Who::Everyone.all_people(site) };
                parts.fold(first.all_people(site), |mut people, part| {
                    let other = part.all_people(site);
                    people.retain(|person| other.binary_search(person).is_ok());
                    people
                })
            }
            Who::Not(part) => {
                let other = part.all_people(site);
                PersonIndex::all(site.people.len())
                    .filter(|person| other.binary_search(person).is_err())
                    .collect()
            }
        }
    }

    /// Names that do not exist (errors) and a selector that is right but empty this time (a warning).
    /// `code` is the part before the dot of the finding's code; `pointer` is where the selector stands.
    pub fn findings(&self, site: &Site, code: &str, pointer: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.unknown_names(site, code, pointer, &mut findings);
        if findings.is_empty() && self.all_people(site).is_empty() {
            findings.push(
                Finding::warning(&format!("{code}.empty"), pointer, "this selects nobody in this rota")
                    .help("what needs somebody cannot be kept, all else asks nothing; if that is meant, nothing needs doing"),
            );
        }
        findings
    }

    fn unknown_names(&self, site: &Site, code: &str, pointer: &str, findings: &mut Vec<Finding>) {
        match self {
            Who::Everyone => {}
            Who::Words(text) => match words::who(text, site) {
                Ok(_) => {}
                Err(problem) => findings.push(problem.finding(&format!("{code}.nobody"), pointer)),
            },
            Who::Team(name) => {
                if site.team(name).is_none() {
                    let names = site.teams.iter().map(|team| team.id.as_str());
                    let pointer = format!("{pointer}/team");
                    let finding = Finding::error(
                        &format!("{code}.nobody"),
                        pointer,
                        format!("nobody is in a team `{name}`"),
                    );
                    findings.push(if site.tags.contains_key(name) {
                        finding.help(format!("`{name}` is a tag: write {{\"tag\": \"{name}\"}}"))
                    } else {
                        finding
                            .did_you_mean(name, names)
                            .or_help("correct the name, or give people this `team`")
                    });
                }
            }
            Who::Tag(name) => {
                if !site.tags.contains_key(name) {
                    let pointer = format!("{pointer}/tag");
                    let finding = Finding::error(
                        &format!("{code}.nobody"),
                        pointer,
                        format!("nobody has the tag `{name}`"),
                    );
                    findings.push(if site.team(name).is_some() {
                        finding.help(format!("`{name}` is a team: write {{\"team\": \"{name}\"}}"))
                    } else {
                        finding
                            .did_you_mean(name, site.tags.keys().map(String::as_str))
                            .or_help("correct the name, or add it to the `tags` of people")
                    });
                }
            }
            Who::People(ids) => {
                for (at, id) in ids.iter().enumerate() {
                    if site.person_named(id).is_none() {
                        findings.push(site.unknown_person(code, &format!("{pointer}/people/{at}"), id));
                    }
                }
            }
            Who::Any(parts) | Who::All(parts) => {
                let name = if matches!(self, Who::Any(_)) { "any" } else { "all" };
                for (at, part) in parts.iter().enumerate() {
                    part.unknown_names(site, code, &format!("{pointer}/{name}/{at}"), findings);
                }
            }
            Who::Not(part) => part.unknown_names(site, code, &format!("{pointer}/not"), findings),
        }
    }
}

/// Says what is missing from `{}`; any other problem as it is.
fn no_field<E: de::Error>(problem: E, known: &str) -> E {
    if problem.to_string().contains("expected enum") {
        return E::custom(format!("this selector names nothing; give one of {known}"));
    }
    problem
}

// ---------------------------------------------------------------- when

/// Which days and times: fields (all given must fit), or words such as `Mon, Wed` or `09:00-12:00`.
#[derive(Debug, Clone, PartialEq)]
pub enum When {
    /// By fields.
    Fields(WhenFields),
    /// In words; read against the calendar.
    Words(String),
}

impl Default for When {
    fn default() -> When {
        When::Fields(WhenFields::default())
    }
}

/// Which days and times, field by field; all given must fit.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WhenFields {
    /// On these weekdays.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub weekdays: Vec<Weekday>,
    /// On these dates.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dates: Vec<Date>,
    /// From this date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// To this date, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// On these shifts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shifts: Vec<String>,
    /// Between these times.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between: Option<Between>,
}

/// A stretch of the day, typed `09:00-12:00`; past midnight when the end is not later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// Start.
    pub from: Clock,
    /// End, not included.
    pub to: Clock,
}

impl Between {
    /// Reads `09:00-12:00`.
    pub fn parse(text: &str) -> Result<Between, String> {
        let (from, to) = text
            .split_once(['-', '–'])
            .ok_or_else(|| format!("`{text}` is not a stretch of time; write it like 09:00-12:00"))?;
        Between { from: Clock::parse(from.trim())?, to: Clock::parse(to.trim())? }.checked()
    }

    fn checked(self) -> Result<Between, String> {
        if self.from.0 >= DAY_MINUTES {
            return Err("`24:00` is the end of a day; begin at 00:00".to_string());
        }
        Ok(self)
    }

    /// First and last minute after midnight, the last not included.
    pub fn minutes(self) -> (u32, u32) {
        let (from, to) = (self.from.0, self.to.0);
        (from, if to > from { to } else { to + DAY_MINUTES })
    }
}

impl fmt::Display for Between {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}-{}", self.from, self.to)
    }
}

impl Serialize for Between {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BetweenFields {
    from: Clock,
    to: Clock,
}

impl<'de> Deserialize<'de> for Between {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Between, D::Error> {
        struct BetweenVisitor;
        impl<'de> Visitor<'de> for BetweenVisitor {
            type Value = Between;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("times like 09:00-12:00, or {\"from\", \"to\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Between, E> {
                Between::parse(text).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Between, A::Error> {
                let fields = BetweenFields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Between { from: fields.from, to: fields.to }.checked().map_err(de::Error::custom)
            }
        }
        deserializer.deserialize_any(BetweenVisitor)
    }
}

impl JsonSchema for Between {
    fn schema_name() -> Cow<'static, str> {
        "Between".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<BetweenFields>();
        json_schema!({ "description": "Times of day: 09:00-12:00, or {from, to}.", "anyOf": [{ "type": "string" }, fields] })
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            When::Fields(fields) => fields.serialize(serializer),
            When::Words(words) => serializer.serialize_str(words),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<When, D::Error> {
        struct WhenVisitor;
        impl<'de> Visitor<'de> for WhenVisitor {
            type Value = When;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(
                    "words like \"Mon, Wed\", or any of {weekdays, dates, from, to, shifts, between}",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<When, E> {
                Ok(When::Words(text.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<When, A::Error> {
                WhenFields::deserialize(de::value::MapAccessDeserializer::new(map)).map(When::Fields)
            }
        }
        deserializer.deserialize_any(WhenVisitor)
    }
}

impl JsonSchema for When {
    fn schema_name() -> Cow<'static, str> {
        "When".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<WhenFields>();
        json_schema!({
            "description": "Which days and times: fields, or words such as \"Mon, Wed\" or \"09:00-12:00\".",
            "anyOf": [{ "type": "string" }, fields]
        })
    }
}

/// A `when` with its words read and its names looked up.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadWhen {
    weekdays: [bool; 7],
    dates: Option<Vec<Date>>,
    from: Option<Date>,
    to: Option<Date>,
    /// The shifts meant; [`ShiftSet::ALL`] when none are named.
    pub shifts: ShiftSet,
    /// First and last minute after midnight, the last not included.
    pub between: Option<(u32, u32)>,
}

impl ReadWhen {
    /// The open days meant, of the whole calendar or as far as the site is looked at.
    pub fn days(&self, site: &Site) -> Vec<Day> {
        site.calendar
            .days()
            .filter(|day| {
                // Times past midnight touch shifts of the morning after as well.
                let past_midnight = self.between.is_some_and(|(_, to)| to > DAY_MINUTES);
                let seen = site.sees_day(*day) || (past_midnight && site.sees_day(day.plus(1)));
                seen && site.calendar.is_open(*day) && self.fits(&site.calendar, *day)
            })
            .collect()
    }

    /// Whether the date fits, open or not, in the calendar or before it.
    pub fn fits(&self, calendar: &Calendar, day: Day) -> bool {
        let date = calendar.date(day);
        self.weekdays[date.weekday().index()]
            && self.dates.as_ref().is_none_or(|dates| dates.contains(&date))
            && self.from.is_none_or(|from| from <= date)
            && self.to.is_none_or(|to| date <= to)
    }

    /// Whether the day is a pattern day: its weekday is a work day and, where weekdays are given, one of them.
    pub fn is_pattern_day(&self, calendar: &Calendar, day: Day) -> bool {
        calendar.is_pattern_day(day) && self.weekdays[calendar.weekday(day).index()]
    }

    /// The moments at which a rule looks at a day: one for the whole day, or each that matters between two times.
    pub fn moments(&self, calendar: &Calendar, day: Day) -> Vec<Moment> {
        match self.between {
            None => vec![Moment::whole(day, self.shifts)],
            Some((from, to)) => {
                calendar.cuts(from, to).into_iter().map(|minute| calendar.moment(day, minute)).collect()
            }
        }
    }

    /// The moments at which people may meet on a day: each start of a shift where shifts have times (people who
    /// overlap do so when the later one starts), else the whole day.
    pub fn meeting_moments(&self, calendar: &Calendar, day: Day) -> Vec<Moment> {
        let timed = calendar.shifts.iter().any(|shift| shift.span.is_some());
        if !timed {
            return self.moments(calendar, day);
        }
        let (from, to) = self.between.unwrap_or((0, DAY_MINUTES));
        let mut moments: Vec<Moment> = calendar
            .cuts(from, to)
            .into_iter()
            .map(|minute| calendar.moment(day, minute))
            .map(|mut moment| {
                for part in &mut moment.parts {
                    part.1 = part.1.and(self.shifts);
                }
                moment.parts.retain(|part| part.1 != ShiftSet::NONE);
                moment
            })
            .collect();
        moments.dedup();
        moments
    }
}

impl When {
    /// Whether it is the default: every open day, at any time.
    pub fn is_always(&self) -> bool {
        *self == When::default()
    }

    /// Words read and names looked up. Unknown names select nothing; [`When::findings`] has reported them.
    pub fn read(&self, site: &Site) -> ReadWhen {
        let fields = self.fields(site).unwrap_or_default();
        let mut weekdays = [fields.weekdays.is_empty(); 7];
        for weekday in &fields.weekdays {
            weekdays[weekday.index()] = true;
        }
        let shifts = if fields.shifts.is_empty() {
            ShiftSet::ALL
        } else {
            fields.shifts.iter().filter_map(|id| site.shift(id)).fold(ShiftSet::NONE, ShiftSet::with)
        };
        ReadWhen {
            weekdays,
            dates: (!fields.dates.is_empty()).then(|| fields.dates.clone()),
            from: fields.from,
            to: fields.to,
            shifts,
            between: fields.between.map(Between::minutes),
        }
    }

    fn fields(&self, site: &Site) -> Result<WhenFields, words::Problem> {
        match self {
            When::Fields(fields) => Ok(fields.clone()),
            When::Words(text) => words::when(text, site),
        }
    }

    /// Names that do not exist and limits the wrong way round (errors), no open day left (a warning).
    pub fn findings(&self, site: &Site, code: &str, pointer: &str) -> Vec<Finding> {
        let fields = match self.fields(site) {
            Ok(fields) => fields,
            Err(problem) => return vec![problem.finding(&format!("{code}.when"), pointer)],
        };
        let mut findings = Vec::new();
        for (at, id) in fields.shifts.iter().enumerate() {
            if site.shift(id).is_none() {
                findings.push(site.unknown_shift(code, &format!("{pointer}/shifts/{at}"), id));
            }
        }
        if let (Some(from), Some(to)) = (fields.from, fields.to) {
            if from > to {
                findings.push(
                    Finding::error(
                        &format!("{code}.when"),
                        pointer,
                        format!("`from` {from} is after `to` {to}"),
                    )
                    .help("swap the two dates"),
                );
            }
        }
        if fields.between.is_some() && !fields.shifts.is_empty() {
            findings.push(
                Finding::error(
                    &format!("{code}.when"),
                    pointer,
                    "`shifts` and `between` cannot be given together",
                )
                .help("`shifts` counts people on those shifts whatever the time; `between` looks at the clock: keep one"),
            );
        }
        if findings.is_empty() {
            let read = self.read(site);
            let calendar = &site.calendar;
            if !calendar.days().any(|day| calendar.is_open(day) && read.fits(calendar, day)) {
                findings.push(
                    Finding::warning(&format!("{code}.no_day"), pointer, "no open day of this rota fits")
                        .help("the rule asks nothing this time; if that is meant, nothing needs doing"),
                );
            }
        }
        findings
    }

    /// Whether times of day or shifts are named, which home days and whole days do not have.
    pub fn names_times(&self, site: &Site) -> bool {
        self.fields(site).is_ok_and(|fields| !fields.shifts.is_empty() || fields.between.is_some())
    }

    /// Whether `between` is given.
    pub fn has_between(&self, site: &Site) -> bool {
        self.fields(site).is_ok_and(|fields| fields.between.is_some())
    }
}

// ---------------------------------------------------------------- where

/// Which places: one site, one zone, each of them by itself, or anywhere (the default).
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Where {
    /// All sites together.
    #[default]
    Anywhere,
    /// In words: `north`, `site hq`, `each zone`.
    Words(String),
    /// One site.
    Site(String),
    /// One zone.
    Zone(String),
    /// Each site or each zone by itself.
    Each(Each),
}

/// Each place of a kind by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Each {
    /// Each site.
    Site,
    /// Each zone.
    Zone,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum WhereFields {
    /// One site.
    Site(String),
    /// One zone.
    Zone(String),
    /// Each site or each zone by itself.
    Each(Each),
}

impl Serialize for Where {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let fields = match self.clone() {
            Where::Anywhere => return serializer.serialize_str("anywhere"),
            Where::Words(words) => return serializer.serialize_str(&words),
            Where::Site(name) => WhereFields::Site(name),
            Where::Zone(name) => WhereFields::Zone(name),
            Where::Each(each) => WhereFields::Each(each),
        };
        fields.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Where {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Where, D::Error> {
        struct WhereVisitor;
        impl<'de> Visitor<'de> for WhereVisitor {
            type Value = Where;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("words, {\"site\"}, {\"zone\"} or {\"each\": \"site\" or \"zone\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Where, E> {
                Ok(if text.eq_ignore_ascii_case("anywhere") {
                    Where::Anywhere
                } else {
                    Where::Words(text.to_string())
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Where, A::Error> {
                let fields = WhereFields::deserialize(de::value::MapAccessDeserializer::new(&mut map))
                    .map_err(|problem| no_field(problem, "site, zone and each"))?;
                if let Some(second) = map.next_key::<String>()? {
                    return Err(de::Error::custom(format!(
                        "`{second}` is a second field of this place; give one of site, zone and each"
                    )));
                }
                Ok(match fields {
                    WhereFields::Site(name) => Where::Site(name),
                    WhereFields::Zone(name) => Where::Zone(name),
                    WhereFields::Each(each) => Where::Each(each),
                })
            }
        }
        deserializer.deserialize_any(WhereVisitor)
    }
}

impl JsonSchema for Where {
    fn schema_name() -> Cow<'static, str> {
        "Where".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let fields = generator.subschema_for::<WhereFields>();
        json_schema!({
            "description": "Which places: {site}, {zone}, {each: site or zone}, or words such as \"each zone\".",
            "anyOf": [{ "type": "string" }, fields]
        })
    }
}

/// A place at which somebody on site may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// Any.
    Anywhere,
    /// In a site.
    Site(SiteIndex),
    /// In a zone.
    Zone(ZoneIndex),
    /// At a desk.
    Desk(crate::index::DeskIndex),
}

impl Spot {
    /// The subject with this place added where the rule is read place by place.
    pub fn about(self, about: About) -> About {
        match self {
            Spot::Anywhere => about,
            Spot::Site(site) => About { site: Some(site), ..about },
            Spot::Zone(zone) => About { zone: Some(zone), ..about },
            Spot::Desk(desk) => About { desk: Some(desk), ..about },
        }
    }
}

impl Where {
    /// Whether it is the default.
    pub fn is_anywhere(&self) -> bool {
        *self == Where::Anywhere
    }

    /// The places at which the rule is read, each by itself.
    pub fn spots(&self, site: &Site) -> Vec<Spot> {
        match self {
            Where::Anywhere => vec![Spot::Anywhere],
            Where::Words(text) => words::place(text, site).map(|place| place.spots(site)).unwrap_or_default(),
            Where::Site(name) => site.site_named(name).map(Spot::Site).into_iter().collect(),
            Where::Zone(name) => site.zone_named(name).map(Spot::Zone).into_iter().collect(),
            Where::Each(Each::Site) => SiteIndex::all(site.premises.len()).map(Spot::Site).collect(),
            Where::Each(Each::Zone) => ZoneIndex::all(site.zones.len()).map(Spot::Zone).collect(),
        }
    }

    /// The places at which people can be near each other: as [`Where::spots`], with "anywhere" read site by site.
    pub fn meeting_spots(&self, site: &Site) -> Vec<Spot> {
        if self.is_anywhere() && site.premises.len() > 1 {
            return SiteIndex::all(site.premises.len()).map(Spot::Site).collect();
        }
        self.spots(site)
    }

    /// Names that do not exist.
    pub fn findings(&self, site: &Site, code: &str, pointer: &str) -> Vec<Finding> {
        let nowhere = format!("{code}.nowhere");
        let unknown = |kind: &str, name: &str, names: Vec<&str>| {
            Finding::error(&nowhere, format!("{pointer}/{kind}"), format!("there is no {kind} `{name}`"))
                .did_you_mean(name, names)
                .or_help(format!("correct the name, or add the {kind} under `sites`"))
        };
        let read = match self {
            Where::Words(text) => match words::place(text, site) {
                Ok(place) => place,
                Err(problem) => return vec![problem.finding(&nowhere, pointer)],
            },
            other => other.clone(),
        };
        match read {
            Where::Site(name) if site.site_named(&name).is_none() => {
                vec![unknown(
                    "site",
                    &name,
                    site.premises.iter().map(|premises| premises.id.as_str()).collect(),
                )]
            }
            Where::Zone(name) if site.zone_named(&name).is_none() => {
                vec![unknown("zone", &name, site.zones.iter().map(|zone| zone.id.as_str()).collect())]
            }
            Where::Each(_) if site.zones.is_empty() => vec![Finding::error(
                &nowhere,
                pointer,
                "this reads the rule place by place, but the scenario has no `sites`",
            )
            .help("add `sites` with zones, or leave out `where`")],
            _ => Vec::new(),
        }
    }
}

/// What a rule asks of a person on site: on one of these shifts, at this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Presence {
    /// The shifts; [`ShiftSet::ALL`] for any.
    pub shifts: ShiftSet,
    /// The place.
    pub spot: Spot,
}

impl Presence {
    /// On site, on any shift, anywhere.
    pub const ON_SITE: Presence = Presence { shifts: ShiftSet::ALL, spot: Spot::Anywhere };
}

/// The set of one shift, for a field that names one.
pub fn one_shift(shift: Option<ShiftIndex>) -> ShiftSet {
    shift.map_or(ShiftSet::ALL, |shift| ShiftSet::NONE.with(shift))
}

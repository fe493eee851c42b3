//! Dates, weekdays and clock times as they are typed.

use chrono::{Datelike, NaiveDate};
use schemars::{json_schema, JsonSchema, Schema, SchemaGenerator};
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;

/// A calendar date, typed as `2020-06-15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

impl Date {
    /// A date that is known to exist.
    pub fn new(year: i32, month: u32, day: u32) -> Date {
        Date(NaiveDate::from_ymd_opt(year, month, day).expect("the caller names a real date"))
    }

    /// Reads `2020-06-15`; the error says what is wrong with it.
    pub fn parse(text: &str) -> Result<Date, String> {
        let parts: Vec<&str> = text.split('-').collect();
        let shaped = text.len() == 10
            && parts.len() == 3
            && [4, 2, 2].iter().zip(&parts).all(|(length, part)| {
                part.len() == *length && part.bytes().all(|byte| byte.is_ascii_digit())
            });
        if !shaped {
            return Err(format!("`{text}` is not a date; write it like 2020-06-15"));
        }
        let number = |at: usize| parts[at].parse::<u32>().expect("digits were checked");
        NaiveDate::from_ymd_opt(number(0) as i32, number(1), number(2))
            .map(Date)
            .ok_or_else(|| format!("there is no {text} in the calendar"))
    }

    /// The weekday.
    pub fn weekday(self) -> Weekday {
        Weekday::ALL[self.0.weekday().num_days_from_monday() as usize]
    }

    /// The Monday of its week.
    #[must_use]
    pub fn monday(self) -> Date {
        self.plus(-i64::from(self.0.weekday().num_days_from_monday()))
    }

    /// The date so many days later (earlier when negative).
    #[must_use]
    pub fn plus(self, days: i64) -> Date {
        Date(self.0 + chrono::Duration::days(days))
    }

    /// Days from `earlier` to this date.
    pub fn since(self, earlier: Date) -> i64 {
        (self.0 - earlier.0).num_days()
    }

    /// `Thu 18 June`, as people read it.
    pub fn spoken(self) -> String {
        format!("{} {}", self.weekday().short(), self.0.format("%-d %B"))
    }

    /// `Thu 18`, for short.
    pub fn short(self) -> String {
        format!("{} {}", self.weekday().short(), self.0.format("%-d"))
    }

    /// `Thursday 18 June 2020`.
    pub fn long(self) -> String {
        self.0.format("%A %-d %B %Y").to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.0.format("%Y-%m-%d"))
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
        let text: Cow<'de, str> = Deserialize::deserialize(deserializer)?;
        Date::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date", "description": "A date: 2020-06-15." })
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Weekday {
    /// Monday.
    Mon,
    /// Tuesday.
    Tue,
    /// Wednesday.
    Wed,
    /// Thursday.
    Thu,
    /// Friday.
    Fri,
    /// Saturday.
    Sat,
    /// Sunday.
    Sun,
}

impl Weekday {
    /// Monday to Sunday.
    pub const ALL: [Weekday; 7] =
        [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
    const LONG: [&'static str; 7] =
        ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    /// 0 for Monday to 6 for Sunday.
    pub fn index(self) -> usize {
        self as usize
    }

    /// `Mon`.
    pub fn short(self) -> &'static str {
        &self.long()[..3]
    }

    /// `Monday`.
    pub fn long(self) -> &'static str {
        Weekday::LONG[self.index()]
    }

    /// Reads `mon`, `Mon` or `Monday`.
    pub fn parse(text: &str) -> Option<Weekday> {
        let lower = text.to_lowercase();
        Weekday::ALL.into_iter().find(|day| {
            let long = day.long().to_lowercase();
            lower.len() >= 3
                && (long == lower || lower == long[..3] || long.strip_suffix("day") == Some(&lower))
        })
    }
}

/// When a dated thing applies: a date, a weekday (every such day of the calendar), or a span, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum On {
    /// One date.
    Date(Date),
    /// Every such weekday of the calendar.
    Weekday(Weekday),
    /// From a date to a date.
    Span {
        /// First day.
        from: Date,
        /// Last day.
        to: Date,
    },
}

impl On {
    /// Whether the date is meant.
    pub fn covers(&self, date: Date) -> bool {
        match *self {
            On::Date(on) => on == date,
            On::Weekday(weekday) => date.weekday() == weekday,
            On::Span { from, to } => from <= date && date <= to,
        }
    }

    /// Last date meant, none for a weekday.
    pub fn last(&self) -> Option<Date> {
        match *self {
            On::Date(on) => Some(on),
            On::Weekday(_) => None,
            On::Span { to, .. } => Some(to),
        }
    }

    /// Reads a date or a weekday name.
    pub fn parse(text: &str) -> Result<On, String> {
        match Weekday::parse(text) {
            Some(weekday) => Ok(On::Weekday(weekday)),
            None if text.bytes().any(|byte| byte.is_ascii_digit()) => Date::parse(text).map(On::Date),
            None => Err(format!("`{text}` is no date and no weekday; write it like 2020-06-15 or mon")),
        }
    }
}

impl Serialize for On {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            On::Date(date) => date.serialize(serializer),
            On::Weekday(weekday) => weekday.serialize(serializer),
            On::Span { from, to } => Span { from: *from, to: *to }.serialize(serializer),
        }
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Span {
    from: Date,
    to: Date,
}

impl<'de> Deserialize<'de> for On {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<On, D::Error> {
        struct OnVisitor;
        impl<'de> Visitor<'de> for OnVisitor {
            type Value = On;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a date like 2020-06-15, a weekday like mon, or {\"from\", \"to\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<On, E> {
                On::parse(text).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<On, A::Error> {
                let span = Span::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(On::Span { from: span.from, to: span.to })
            }
        }
        deserializer.deserialize_any(OnVisitor)
    }
}

impl JsonSchema for On {
    fn schema_name() -> Cow<'static, str> {
        "On".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let date = generator.subschema_for::<Date>();
        let weekday = generator.subschema_for::<Weekday>();
        let span = generator.subschema_for::<Span>();
        json_schema!({ "description": "A date, a weekday, or a span with both ends included.", "anyOf": [date, weekday, span] })
    }
}

/// Days when somebody is away or something is closed, with the reason if one was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// When.
    pub on: On,
    /// Why; private.
    pub why: Option<String>,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AbsenceFields {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    on: Option<On>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

impl Serialize for Absence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let why = self.why.clone();
        match self.on {
            On::Span { from, to } => {
                AbsenceFields { on: None, from: Some(from), to: Some(to), why }.serialize(serializer)
            }
            on if why.is_none() => on.serialize(serializer),
            on => AbsenceFields { on: Some(on), from: None, to: None, why }.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Absence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Absence, D::Error> {
        struct AbsenceVisitor;
        impl<'de> Visitor<'de> for AbsenceVisitor {
            type Value = Absence;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a date, {\"on\", \"why\"} or {\"from\", \"to\", \"why\"}")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Absence, E> {
                On::parse(text).map(|on| Absence { on, why: None }).map_err(E::custom)
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Absence, A::Error> {
                let fields = AbsenceFields::deserialize(de::value::MapAccessDeserializer::new(map))?;
                let on = match (fields.on, fields.from, fields.to) {
                    (Some(on), None, None) => on,
                    (None, Some(from), Some(to)) => On::Span { from, to },
                    _ => {
                        return Err(de::Error::custom(
                            "these days are not clear; write either `on`, or both `from` and `to`",
                        ))
                    }
                };
                Ok(Absence { on, why: fields.why })
            }
        }
        deserializer.deserialize_any(AbsenceVisitor)
    }
}

impl JsonSchema for Absence {
    fn schema_name() -> Cow<'static, str> {
        "Absence".into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let date = generator.subschema_for::<Date>();
        let weekday = generator.subschema_for::<Weekday>();
        let fields = generator.subschema_for::<AbsenceFields>();
        json_schema!({ "description": "A date, {on, why} or {from, to, why}.", "anyOf": [date, weekday, fields] })
    }
}

/// A time of day in minutes after midnight, typed as `07:30`; `24:00` is the end of the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(pub u32);

impl Clock {
    /// Reads `07:30`.
    pub fn parse(text: &str) -> Result<Clock, String> {
        let wrong = || format!("`{text}` is not a time of day; write it like 07:30");
        let (hours, minutes) = text.split_once(':').ok_or_else(wrong)?;
        let digits = |part: &str, most: usize| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        if !digits(hours, 2) || minutes.len() != 2 || !digits(minutes, 2) {
            return Err(wrong());
        }
        let total =
            hours.parse::<u32>().map_err(|_| wrong())? * 60 + minutes.parse::<u32>().map_err(|_| wrong())?;
        if minutes > "59" || total > 24 * 60 {
            return Err(wrong());
        }
        Ok(Clock(total))
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl Serialize for Clock {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Clock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Clock, D::Error> {
        let text: Cow<'de, str> = Deserialize::deserialize(deserializer)?;
        Clock::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Clock {
    fn schema_name() -> Cow<'static, str> {
        "Clock".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]{1,2}:[0-9]{2}$", "description": "A time of day: 07:30." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn impossible_dates_are_named() {
        assert_eq!(Date::parse("2020-06-31"), Err("there is no 2020-06-31 in the calendar".to_string()));
        assert!(Date::parse("15/06/2020").is_err());
        assert!(Date::parse("2020-6-1").is_err());
        assert_eq!(Date::parse("2020-06-15").map(Date::weekday), Ok(Weekday::Mon));
    }

    #[test]
    fn dates_are_spoken() {
        assert_eq!(Date::new(2020, 6, 18).spoken(), "Thu 18 June");
        assert_eq!(Date::new(2020, 6, 21).monday(), Date::new(2020, 6, 15));
    }

    #[test]
    fn clocks_end_at_midnight() {
        assert_eq!(Clock::parse("24:00"), Ok(Clock(1440)));
        assert!(Clock::parse("24:01").is_err());
        assert!(Clock::parse("9:75").is_err());
        assert_eq!(Clock::parse("9:05").map(|clock| clock.to_string()), Ok("09:05".to_string()));
    }

    #[test]
    fn absences_round_trip() {
        for text in [
            r#""2020-06-17""#,
            r#"{"from":"2020-06-29","to":"2020-07-03","why":"Leave"}"#,
            r#"{"on":"mon","why":"x"}"#,
        ] {
            let absence: Absence = serde_json::from_str(text).expect("reads");
            assert_eq!(serde_json::to_string(&absence).expect("writes"), text);
        }
    }
}

//! Reading one JSON value into a type, strictly and with the path of what went wrong.
//!
//! serde's own error says where reading stopped, which is not always where the mistake is, and it reads a list
//! as an object with its fields in order. This layer keeps the JSON pointer of the value being read, so that a
//! mistake is found at its exact place; refuses lists for objects, names given twice and entries beyond the last
//! one wanted; and can leave out values that were reported before, to look for more mistakes.

use crate::finding::pointer_part;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer,
    MapAccess, SeqAccess, Visitor,
};
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;

/// What went wrong, and where.
#[derive(Debug)]
pub struct Trouble {
    /// serde's words.
    pub problem: serde_json::Error,
    /// The value being read.
    pub pointer: String,
    /// The name in that object which is wrong, when it is not a value that is wrong.
    pub key: Option<String>,
}

/// What is left out: values by their pointer, and the second and later members of a name given twice.
#[derive(Debug, Default)]
pub struct Skip {
    /// Pointers of values.
    pub values: HashSet<String>,
    /// Pointers of names given twice.
    pub repeats: HashSet<String>,
}

struct Track<'s> {
    path: RefCell<String>,
    key: RefCell<Option<String>>,
    skip: &'s Skip,
}

impl Track<'_> {
    /// Goes one step down; gives what [`Track::leave`] needs to come back.
    fn enter(&self, part: &str) -> usize {
        let mut path = self.path.borrow_mut();
        let before = path.len();
        path.push('/');
        path.push_str(part);
        before
    }

    fn leave(&self, before: usize) {
        self.path.borrow_mut().truncate(before);
    }

    fn below(&self, part: &str) -> String {
        format!("{}/{part}", self.path.borrow())
    }

    fn is_left_out(&self, part: &str) -> bool {
        !self.skip.values.is_empty() && self.skip.values.contains(&self.below(part))
    }
}

/// Reads one value that stands at `pointer`.
pub fn read<T: DeserializeOwned>(text: &str, pointer: &str, skip: &Skip) -> Result<T, Box<Trouble>> {
    let track = Track { path: RefCell::new(pointer.to_string()), key: RefCell::new(None), skip };
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = T::deserialize(Strict { inner: &mut reader, track: &track });
    read.and_then(|value| reader.end().map(|()| value))
        .map_err(|problem| Box::new(Trouble { problem, pointer: track.path.take(), key: track.key.take() }))
}

struct Strict<'t, 's, D> {
    inner: D,
    track: &'t Track<'s>,
}

macro_rules! forward {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
            self.inner.$method(Watch { visitor, track: self.track })
        }
    )*};
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Strict<'_, '_, D> {
    type Error = D::Error;

    forward! {
        deserialize_any deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_f32 deserialize_f64
        deserialize_char deserialize_str deserialize_string deserialize_bytes deserialize_byte_buf
        deserialize_option deserialize_unit deserialize_seq deserialize_map deserialize_identifier
        deserialize_ignored_any
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_unit_struct(name, Watch { visitor, track: self.track })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_newtype_struct(name, Watch { visitor, track: self.track })
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple(length, Watch { visitor, track: self.track })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_tuple_struct(name, length, Watch { visitor, track: self.track })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        // As an object alone, never as a list of its fields in order.
        self.inner.deserialize_map(Watch { visitor, track: self.track })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.inner.deserialize_any(Choice { visitor, variants, track: self.track })
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

/// Hands values on and keeps the path while lists and objects are read.
struct Watch<'t, 's, V> {
    visitor: V,
    track: &'t Track<'s>,
}

macro_rules! hand_on {
    ($($method:ident: $kind:ty,)*) => {$(
        fn $method<E: Error>(self, value: $kind) -> Result<V::Value, E> {
            self.visitor.$method(value)
        }
    )*};
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Watch<'_, '_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(formatter)
    }

    hand_on! {
        visit_bool: bool, visit_i64: i64, visit_u64: u64, visit_f64: f64, visit_str: &str, visit_string: String,
        visit_borrowed_str: &'de str, visit_bytes: &[u8], visit_byte_buf: Vec<u8>,
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    fn visit_none<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_some(Strict { inner, track: self.track })
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<V::Value, D::Error> {
        self.visitor.visit_newtype_struct(Strict { inner, track: self.track })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<V::Value, A::Error> {
        let mut items = Items { seq, at: 0, given: 0, track: self.track };
        let value = self.visitor.visit_seq(&mut items)?;
        let wanted = items.given;
        if items.seq.next_element::<IgnoredAny>()?.is_some() {
            return Err(Error::custom(format!("this list is too long; give exactly {wanted} here")));
        }
        Ok(value)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let mut members = Members { map, seen: Seen::default(), at: String::new(), track: self.track };
        let value = self.visitor.visit_map(&mut members)?;
        if let Some(extra) = members.next_key::<String>()? {
            return Err(Error::custom(format!("`{extra}` is one field too many; keep one of them")));
        }
        Ok(value)
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_enum(data)
    }
}

/// Reads one of some known words, or an object with one of them as its only field.
struct Choice<'t, 's, V> {
    visitor: V,
    variants: &'static [&'static str],
    track: &'t Track<'s>,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Choice<'_, '_, V> {
    type Value = V::Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "one of \"{}\"", self.variants.join("\", \""))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<V::Value, E> {
        self.visitor.visit_enum(text.into_deserializer())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        let mut members = Members { map, seen: Seen::default(), at: String::new(), track: self.track };
        let value = self.visitor.visit_enum(MapAccessDeserializer::new(&mut members))?;
        if let Some(extra) = members.next_key::<String>()? {
            return Err(Error::custom(format!("`{extra}` is one field too many; keep one of them")));
        }
        Ok(value)
    }
}

struct Items<'t, 's, A> {
    seq: A,
    /// Position in the text's list.
    at: usize,
    /// Handed on so far.
    given: usize,
    track: &'t Track<'s>,
}

impl<'de, A: SeqAccess<'de>> SeqAccess<'de> for Items<'_, '_, A> {
    type Error = A::Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        while self.track.is_left_out(itoa(self.at, &mut [0; 20])) {
            self.at += 1;
            if self.seq.next_element::<IgnoredAny>()?.is_none() {
                return Ok(None);
            }
        }
        let before = self.track.enter(itoa(self.at, &mut [0; 20]));
        let item = self.seq.next_element_seed(Seed { seed, track: self.track })?;
        self.track.leave(before);
        self.at += 1;
        self.given += usize::from(item.is_some());
        Ok(item)
    }

    fn size_hint(&self) -> Option<usize> {
        self.seq.size_hint()
    }
}

/// A whole number as text, without a new string for each item of a list.
fn itoa(mut number: usize, digits: &mut [u8; 20]) -> &str {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
        if number == 0 {
            return std::str::from_utf8(&digits[at..]).unwrap_or("");
        }
    }
}

/// The names seen in one object.
#[derive(Default)]
struct Seen {
    few: Vec<String>,
    many: HashSet<String>,
}

impl Seen {
    /// Adds a name; false when it was there before.
    fn add(&mut self, name: &str) -> bool {
        if self.few.len() < 40 {
            let new = !self.few.iter().any(|seen| seen == name);
            if new {
                self.few.push(name.to_string());
            }
            return new;
        }
        !self.few.iter().any(|seen| seen == name) && self.many.insert(name.to_string())
    }
}

struct Members<'t, 's, A> {
    map: A,
    seen: Seen,
    /// The name last handed on, as part of a pointer.
    at: String,
    track: &'t Track<'s>,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'_, '_, A> {
    type Error = A::Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, A::Error> {
        loop {
            *self.track.key.borrow_mut() = None;
            let Some(name) = self.map.next_key::<String>()? else { return Ok(None) };
            self.at = pointer_part(&name);
            if !self.seen.add(&name) {
                if self.track.skip.repeats.contains(&self.track.below(&self.at)) {
                    self.map.next_value::<IgnoredAny>()?;
                    continue;
                }
                *self.track.key.borrow_mut() = Some(name.clone());
                return Err(Error::custom(format!("duplicate field `{name}`")));
            }
            if self.track.is_left_out(&self.at) {
                self.map.next_value::<IgnoredAny>()?;
                continue;
            }
            *self.track.key.borrow_mut() = Some(name.clone());
            let name: StrDeserializer<'_, A::Error> = name.as_str().into_deserializer();
            return seed.deserialize(name).map(Some);
        }
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, A::Error> {
        *self.track.key.borrow_mut() = None;
        let before = self.track.enter(&self.at);
        let value = self.map.next_value_seed(Seed { seed, track: self.track })?;
        self.track.leave(before);
        Ok(value)
    }
}

struct Seed<'t, 's, S> {
    seed: S,
    track: &'t Track<'s>,
}

impl<'de, S: DeserializeSeed<'de>> DeserializeSeed<'de> for Seed<'_, '_, S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, inner: D) -> Result<S::Value, D::Error> {
        self.seed.deserialize(Strict { inner, track: self.track })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::typed::{Only, Person};

    fn trouble<T: DeserializeOwned>(text: &str) -> (String, Option<String>, String) {
        let trouble = read::<T>(text, "", &Skip::default()).err().expect("a mistake");
        (trouble.pointer, trouble.key, trouble.problem.to_string())
    }

    #[test]
    fn mistakes_are_found_at_their_path() {
        let (pointer, key, _) =
            trouble::<Person>(r#"{ "id": "amy", "away": ["2020-06-15", "2020-06-31" ] , "name": "x" }"#);
        assert_eq!((pointer.as_str(), key), ("/away/1", None));
        let (pointer, key, _) = trouble::<Person>(r#"{ "id": "amy", "only": [ { "plaice" : "home" } ] }"#);
        assert_eq!((pointer.as_str(), key.as_deref()), ("/only/0", Some("plaice")));
        let (pointer, key, message) =
            trouble::<Person>(r#"{ "id": "amy", "only": [ { "from": "2020-06-15" } ] }"#);
        assert_eq!((pointer.as_str(), key), ("/only/0", None));
        assert!(message.starts_with("missing field `place`"));
    }

    #[test]
    fn lists_are_no_objects_and_names_stand_once() {
        assert!(trouble::<Person>(r#"["amy"]"#).2.starts_with("invalid type: sequence"));
        assert!(trouble::<Only>(r#"["home"]"#).2.starts_with("invalid type: sequence"));
        assert!(trouble::<[f64; 2]>("[1, 2, 3]").2.starts_with("this list is too long; give exactly 2"));
        assert!(trouble::<serde_json::Value>(r#"{ "a": 1, "a": 2 }"#).2.starts_with("duplicate field `a`"));
        assert!(trouble::<Only>(r#"{ "place": { "home": null, "on_site": null } }"#)
            .2
            .contains("one field too many"));
    }

    #[test]
    fn what_is_left_out_is_passed_over() {
        let mut skip = Skip::default();
        skip.values.extend(["/away/0".to_string(), "/nmae".to_string()]);
        skip.repeats.insert("/id".to_string());
        let text = r#"{ "nmae": 3, "id": "amy", "away": [7, "2020-06-15"], "id": "ben" }"#;
        let person: Person = read(text, "", &skip).expect("the rest is right");
        assert_eq!((person.id.as_str(), person.away.len()), ("amy", 1));
    }
}

//! Whom a row names.

use super::{Reading, Somebody};
use crate::staff::headings::Field;
use crate::staff::names;
use crate::workbook::cells::Cell;
use crate::workbook::kinds;
use crate::workbook::places::At;
use rota_core::words::Problem;
use std::collections::BTreeMap;

impl Reading<'_> {
    /// Who is meant by a name: a person of the same id or, without ids, the one of the same name, however it is
    /// typed; the error says who else may be meant.
    pub(super) fn known(&mut self, name: &str, id: Option<&str>, at: At) -> Result<Option<usize>, Problem> {
        let ids_differ =
            |person: &Somebody| matches!((id, person.id.as_deref()), (Some(id), Some(own)) if id != own);
        let has_id = |person: &Somebody| id.is_some() && person.id.as_deref() == id;
        if let Some(person) = self.people.iter().position(has_id) {
            return Ok(Some(person));
        }
        let others: Vec<usize> = (0..self.people.len()).filter(|at| !ids_differ(&self.people[*at])).collect();
        let of = |is_it: &dyn Fn(&str) -> bool| -> Vec<usize> {
            others.iter().copied().filter(|person| is_it(&self.people[*person].name)).collect()
        };
        let lower = name.to_lowercase();
        let parts = names::parts(name);
        let exact = of(&|own| own.to_lowercase() == lower);
        let found = if exact.is_empty() { of(&|own| names::parts(own) == parts) } else { exact };
        match found.as_slice() {
            [] => {}
            [person] => {
                let own = &self.people[*person].name;
                if own.to_lowercase() != lower
                    && self.people[*person].at.is_some_and(|first| first.sheet != at.sheet)
                {
                    self.alike.insert((name.to_string(), own.clone()));
                }
                return Ok(Some(*person));
            }
            several => {
                return Err(self.which(name, several, "tell them apart by a column Id on both sheets"))
            }
        }
        let is_elsewhere =
            |person: &usize| self.people[*person].at.is_some_and(|first| first.sheet != at.sheet);
        let initials: Vec<usize> =
            of(&|own| names::is_initial_of(own, name)).into_iter().filter(is_elsewhere).collect();
        match initials.as_slice() {
            [] => Ok(None),
            several => {
                Err(self.which(name, several, "write the whole name in both places, or give both an Id"))
            }
        }
    }

    /// A name that may be several people's.
    fn which(&self, name: &str, people: &[usize], help: &str) -> Problem {
        let each: Vec<String> = people
            .iter()
            .map(|person| {
                let own = &self.people[*person];
                let cell = own.at.map(|at| {
                    let cell = crate::workbook::cells::cell_name(at.row, at.column);
                    format!(" ({}!{cell})", self.book.sheets[at.sheet].name)
                });
                format!("`{}`{}", own.name, cell.unwrap_or_default())
            })
            .collect();
        Problem::new(format!("`{name}` may be {}", each.join(" or "))).help(help)
    }

    /// The name in a row; an error when it cannot be read.
    pub(super) fn name(&mut self, cells: &BTreeMap<Field, (At, &Cell)>) -> Result<Option<(String, At)>, ()> {
        let mut parts = Vec::new();
        let mut at = None;
        for field in [Field::Name, Field::First, Field::Surname] {
            if field != Field::Name && cells.contains_key(&Field::Name) {
                continue;
            }
            let Some((place, cell)) = cells.get(&field) else { continue };
            at.get_or_insert(*place);
            match cell {
                Cell::Text(text) => parts.push(names::spaced(text)),
                Cell::Number(_) => parts.push(cell.spoken()),
                cell => {
                    if let Some(problem) = kinds::no_value(cell) {
                        self.problem("cell", *place, problem);
                        return Err(());
                    }
                    let message = format!("`{}` stands where a name is expected", cell.spoken());
                    self.error("name", *place, message, "write the name");
                    return Err(());
                }
            }
        }
        Ok(at.filter(|_| !parts.is_empty()).map(|at| (parts.join(" "), at)))
    }
}

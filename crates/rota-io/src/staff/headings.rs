//! What the columns of a staff list are called, and what they hold.

/// What a column of a staff list holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// The whole name.
    Name,
    /// The first name, beside a surname.
    First,
    /// The surname.
    Surname,
    /// A number or short name of the person.
    Id,
    /// The team.
    Team,
    /// Tags, with commas between.
    Tags,
    /// A role or skill, which becomes a tag.
    Role,
    /// Weekdays worked.
    Works,
    /// Where the person always works.
    Base,
    /// What the desk must have.
    Needs,
    /// First day in the job.
    Starts,
    /// Last day in the job.
    Ends,
    /// Weekdays on which the person asks to work at home.
    HomeDays,
    /// Weekdays on which the person asks to work on site.
    OfficeDays,
    /// First day, or the only day, of leave.
    From,
    /// Last day of leave.
    To,
    /// Why somebody is away: not kept unless asked for.
    Why,
    /// Not read.
    Ignore,
}

/// Each field with its word for `--map`, and the headings by which it is known.
const KNOWN: &[(Field, &str, &[&str])] = &[
    (
        Field::Name,
        "name",
        &[
            "employee",
            "employee_name",
            "staff",
            "staff_name",
            "staff_member",
            "person",
            "full_name",
            "who",
            "colleague",
            "team_member",
            "member",
            "worker",
            "names",
        ],
    ),
    (Field::First, "first_name", &["forename", "given_name", "first"]),
    (Field::Surname, "surname", &["last_name", "family_name", "last"]),
    (
        Field::Id,
        "id",
        &[
            "staff_id",
            "staff_no",
            "staff_number",
            "employee_id",
            "employee_no",
            "employee_number",
            "payroll",
            "payroll_no",
            "payroll_number",
            "person_id",
        ],
    ),
    (Field::Team, "team", &["department", "dept", "group", "section", "unit"]),
    (Field::Tags, "tags", &["skills", "tag", "skill"]),
    (Field::Role, "role", &["job", "job_title", "position", "grade", "job_role"]),
    (
        Field::Works,
        "works",
        &["working_days", "work_days", "days", "days_worked", "pattern", "working_pattern", "work_pattern"],
    ),
    (Field::Base, "base", &["usual_place", "work_base", "place_of_work", "workplace"]),
    (Field::Needs, "needs", &["desk_needs", "equipment"]),
    (Field::Starts, "starts", &["start_date", "joined", "joining_date", "date_joined", "start"]),
    (Field::Ends, "ends", &["end_date", "leaving_date", "leaves", "contract_end", "end"]),
    (
        Field::HomeDays,
        "home_days",
        &["wfh_days", "wfh", "prefers_home", "home_on", "days_at_home", "preferred_home_days"],
    ),
    (
        Field::OfficeDays,
        "office_days",
        &["office_on", "prefers_office", "days_in_office", "on_site_days", "preferred_office_days"],
    ),
    (
        Field::From,
        "from",
        &[
            "leave_from",
            "away_from",
            "first_day",
            "leave_start",
            "date",
            "day",
            "on",
            "start_of_leave",
            "absent_from",
        ],
    ),
    (
        Field::To,
        "to",
        &["leave_to", "until", "away_to", "last_day", "leave_end", "end_of_leave", "absent_to"],
    ),
    (Field::Why, "why", &["reason", "type", "leave_type", "absence_type", "kind"]),
    (Field::Ignore, "ignore", &[]),
];

/// The words that `--map` takes.
pub fn words() -> Vec<&'static str> {
    KNOWN.iter().map(|(_, word, _)| *word).collect()
}

/// The field of a word of `--map`.
pub fn field(word: &str) -> Option<Field> {
    KNOWN.iter().find(|(_, own, _)| *own == word).map(|(field, ..)| *field)
}

/// The field that a heading (as `plain_word` writes it) usually names.
pub fn meant(word: &str) -> Option<Field> {
    KNOWN
        .iter()
        .find(|(field, own, also)| *field != Field::Ignore && (*own == word || also.contains(&word)))
        .map(|(field, ..)| *field)
}

/// Headings of columns that say yes or no, and the tag of those with a yes.
const FLAGS: &[(&str, &[&str])] = &[
    ("first_aider", &["first_aider", "first_aid", "first_aid_trained"]),
    ("fire_warden", &["fire_warden", "fire_marshal"]),
];

/// The tag that a heading (as `plain_word` writes it) asks about.
pub fn flag(word: &str) -> Option<&'static str> {
    FLAGS.iter().find(|(_, headings)| headings.contains(&word)).map(|(tag, _)| *tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_means_two_things() {
        let mut seen = std::collections::BTreeSet::new();
        for (_, own, also) in KNOWN {
            for word in std::iter::once(own).chain(also.iter()) {
                assert!(seen.insert(*word), "{word} is there twice");
            }
        }
        assert_eq!(meant("employee"), Some(Field::Name));
        assert_eq!(meant("email"), None);
    }
}

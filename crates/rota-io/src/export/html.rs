//! The page: one file that needs nothing else. Grid, days with floor pictures, a part for each person, measures and
//! what is bent. It can be read without its script, which only adds search, filter and the choice of colours.

use super::floor;
use super::markup::{element, Element};
use crate::seal;
use crate::share::{Shared, SharedCell, SharedPerson};
use rota_core::{Date, Place};
use std::ops::Range;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");
/// The look of sheets that are only printed.
pub const PRINT: &str = include_str!("print.css");

/// Style and script of the page itself, and nothing from elsewhere.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// A whole HTML file.
pub fn page(title: &str, style: &'static str, body: &Element) -> String {
    document(title, style, "", &element("body").holds(body))
}

fn document(title: &str, style: &'static str, class: &str, body: &Element) -> String {
    let head = element("head")
        .holds(&element("meta").with("charset", "utf-8"))
        .holds(
            &element("meta").with("name", "viewport").with("content", "width=device-width, initial-scale=1"),
        )
        .holds(&element("meta").with("name", "referrer").with("content", "no-referrer"))
        // Nothing is fetched and nothing is sent, whatever a browser finds in it.
        .holds(&element("meta").with("http-equiv", "Content-Security-Policy").with("content", POLICY))
        .holds(&element("title").text(title))
        .holds(&element("style").code(style));
    let mut html = element("html").with("lang", "en");
    if !class.is_empty() {
        html = html.class(class);
    }
    let html = html.holds(&head).holds(body);
    seal::page(&format!("<!DOCTYPE html>\n{}\n", html.write()))
}

/// The page of a roster.
pub fn write(shared: &Shared) -> String {
    let mut main = element("main").with("id", "main");
    main = main.holds(&overview(shared));
    if !shared.is_personal_page {
        main = main.holds(&days(shared));
    }
    main = main.holds(&people(shared)).holds(&measures(shared));
    if let Some(personal) = &shared.personal {
        main = main.holds(&personal_part(personal));
    }
    let body = element("body")
        .holds(&element("a").class("skip").with("href", "#main").text("To the roster"))
        .holds(&top(shared))
        .holds(&main)
        .holds(&element("footer").text(&shared.made()))
        .holds(&element("script").code(SCRIPT));
    let class = if shared.issue.large_print { "large" } else { "" };
    document(&format!("{}: {}", shared.heading(), shared.span()), STYLE, class, &body)
}

fn top(shared: &Shared) -> Element {
    let verdict = if shared.kept { "verdict" } else { "verdict bad" };
    let mut header = element("header")
        .holds(&element("h1").text(&shared.heading()))
        .holds(&element("p").class("span").text(&shared.span()))
        .holds(&element("p").class(verdict).text(&shared.verdict));
    if shared.personal.is_some() {
        header = header.holds(
            &element("p")
                .class("verdict bad")
                .text("Contains personal reasons: for the manager, not for sharing."),
        );
    }
    let mut links = vec![("#overview", "Overview")];
    if !shared.is_personal_page {
        links.push(("#days", "Days"));
    }
    links.extend([("#people", "People"), ("#measures", "Measures")]);
    let links =
        links.into_iter().map(|(to, name)| element("li").holds(&element("a").with("href", to).text(name)));
    header = header
        .holds(&element("nav").with("aria-label", "Parts of this page").holds(&element("ul").all(links)));
    header.holds(&controls(shared))
}

/// Search, filter and colours; shown by the script, without which they would do nothing.
fn controls(shared: &Shared) -> Element {
    let mut form = element("div").with("id", "controls").with("role", "search").flag("hidden");
    if !shared.is_personal_page {
        let input = element("input").with("id", "find").with("type", "search").with("autocomplete", "off");
        form = form.holds(&pair("find", "Find a person or desk", &input));
    }
    if shared.teams.len() > 1 {
        let choice = |value: String, name: &str| element("option").with("value", value).text(name);
        let select = element("select")
            .with("id", "team")
            .holds(&choice(String::new(), "Every team"))
            .all(shared.teams.iter().enumerate().map(|(at, team)| choice(at.to_string(), &team.id)));
        form = form.holds(&pair("team", "Team", &select));
    }
    let themes = [("", "As the device"), ("light", "Light"), ("dark", "Dark")];
    let themes = themes.map(|(value, name)| element("option").with("value", value).text(name));
    form.holds(&pair("theme", "Colours", &element("select").with("id", "theme").all(themes)))
        .holds(&element("span").with("id", "found").with("role", "status"))
}

/// A field with its label, which stay together on a narrow screen.
fn pair(id: &'static str, label: &str, field: &Element) -> Element {
    element("span").class("pair").holds(&element("label").with("for", id).text(label)).holds(field)
}

fn word(place: Place) -> &'static str {
    match place {
        Place::OnSite => "in",
        Place::Home => "home",
        Place::Off => "off",
    }
}

/// `Mon 30 Nov` above a column: with whole months a fortnight would be wider than the screen.
fn heading(day: Date) -> String {
    format!("{} {}", day.weekday().short(), day.0.format("%-d %b"))
}

/// What a search looks through: the name and the desks of a person.
fn sought(shared: &Shared, person: &SharedPerson) -> String {
    let mut words = vec![person.name.to_lowercase(), person.id.to_lowercase()];
    for cell in &person.cells {
        let desk = cell.desk.map(|desk| shared.desks[desk].name.to_lowercase());
        words.extend(desk.filter(|desk| !words.contains(desk)));
    }
    words.join("\n")
}

fn row_of(shared: &Shared, person: &SharedPerson, element: Element) -> Element {
    element
        .with("data-sought", sought(shared, person))
        .with("data-team", person.team.map(|team| team.to_string()).unwrap_or_default())
}

fn overview(shared: &Shared) -> Element {
    let mut section = element("section").with("id", "overview").holds(&element("h2").text("Overview"));
    for days in shared.pages() {
        let wide = element("div").class("wide").with("tabindex", 0).with("role", "region");
        let label = format!("Overview table, {}", days_told(shared, &days));
        section = section.holds(&wide.with("aria-label", label).holds(&grid(shared, &days)));
    }
    section = section.holds(&element("p").class("legend").text(&shared.legend()));
    if !shared.bent.is_empty() {
        let lines = shared.bent.iter().map(|line| element("li").text(line));
        section =
            section.holds(&element("h3").text("Rules bent")).holds(&element("ul").class("bent").all(lines));
    }
    section
}

/// `Mon 15 June to Fri 26 June`.
fn days_told(shared: &Shared, days: &Range<usize>) -> String {
    match &shared.days[days.clone()] {
        [] => String::new(),
        [one] => one.spoken(),
        [first, .., last] => format!("{} to {}", first.spoken(), last.spoken()),
    }
}

/// People down, some days across; after the last day how many days each person is in.
fn grid(shared: &Shared, days: &Range<usize>) -> Element {
    let is_last = days.end == shared.days.len();
    let day = |at: usize| {
        let day = &shared.days[at];
        let new_week = at > days.start && shared.days[at - 1].monday() != day.monday();
        let head = element("th").with("scope", "col").class(if new_week { "week" } else { "" });
        if shared.is_personal_page {
            return head.text(&heading(*day));
        }
        head.holds(&element("a").with("href", format!("#day-{day}")).text(&heading(*day)))
    };
    let mut head =
        element("tr").holds(&element("th").with("scope", "col").text("Name")).all(days.clone().map(day));
    if is_last {
        head = head.holds(&element("th").with("scope", "col").text("Days on site"));
    }
    let row = |(at, person): (usize, &SharedPerson)| {
        let name = element("a").with("href", format!("#person-{at}")).text(&person.name);
        let there = Shared::days_in(person, Place::OnSite);
        let worked = there + Shared::days_in(person, Place::Home);
        let row = row_of(shared, person, element("tr"))
            .holds(&element("th").with("scope", "row").holds(&name))
            .all(person.cells[days.clone()].iter().map(|cell| {
                let mut told = element("td").class(word(cell.place));
                told = if cell.place == Place::Off {
                    // A dash alone is passed over by screen readers.
                    let dash = element("span").with("aria-hidden", "true").text("-");
                    told.holds(&dash).holds(&element("span").class("unseen").text("not working"))
                } else {
                    told.text(&shared.sign(cell))
                };
                told
            }));
        if is_last {
            return row.holds(&element("td").class("count").text(&format!("{there} of {worked}")));
        }
        row
    };
    let count = |count: &crate::share::SharedCount| {
        let limits = if count.limits.is_empty() { String::new() } else { format!(" ({})", count.limits) };
        let row = element("tr")
            .holds(&element("th").with("scope", "row").text(&format!("{}{limits}", count.name)))
            .all(count.cells[days.clone()].iter().map(|cell| {
                match cell {
                    Some((there, true)) => element("td")
                        .class("count missed")
                        .text(&format!("{there}!"))
                        .holds(&element("span").class("unseen").text(" limit missed")),
                    Some((there, false)) => element("td").class("count").text(&there.to_string()),
                    None => element("td").class("count"),
                }
            }));
        if is_last {
            return row.holds(&element("td"));
        }
        row
    };
    element("table")
        .class("grid")
        .holds(&element("caption").text(&format!("Who is where, {}", days_told(shared, days))))
        .holds(&element("thead").holds(&head))
        .holds(&element("tbody").all(shared.people.iter().enumerate().map(row)))
        .holds(&element("tfoot").all(shared.counts.iter().map(count)))
}

fn days(shared: &Shared) -> Element {
    let part = |(at, date): (usize, &rota_core::Date)| {
        let there: Vec<&SharedPerson> =
            shared.people.iter().filter(|person| person.cells[at].place == Place::OnSite).collect();
        let mut article = element("article")
            .class("day")
            .with("id", format!("day-{date}"))
            .holds(&element("h3").text(&date.long()))
            .holds(&element("p").text(&match there.len() {
                0 => "Nobody is on site.".to_string(),
                1 => "1 person is on site.".to_string(),
                number => format!("{number} people are on site."),
            }));
        if there.is_empty() {
            return article;
        }
        let mut beside = element("div").class("beside");
        let used = |plan: &&crate::share::SharedPlan| {
            plan.desks.iter().any(|desk| shared.users(*desk, at).next().is_some())
        };
        for plan in shared.plans.iter().filter(used) {
            let picture = floor::inline(shared, plan, at);
            let figure = element("figure").holds(&picture);
            beside = beside.holds(&figure.holds(&element("figcaption").text(&plan.name)));
        }
        let cells: Vec<&SharedCell> = there.iter().map(|person| &person.cells[at]).collect();
        let columns = columns(shared, &cells);
        let heads: Vec<&str> = std::iter::once("Name").chain(columns.iter().map(|(head, _)| *head)).collect();
        let row = |(line, person): (usize, &&SharedPerson)| {
            row_of(shared, person, element("tr"))
                .holds(&element("th").with("scope", "row").text(&person.name))
                .all(columns.iter().map(|(_, texts)| element("td").text(&texts[line])))
        };
        let table = element("table")
            .holds(&element("caption").text(&format!("On site on {}", date.spoken())))
            .holds(&element("thead").holds(
                &element("tr").all(heads.iter().map(|head| element("th").with("scope", "col").text(head))),
            ))
            .holds(&element("tbody").all(there.iter().enumerate().map(row)));
        article = article.holds(&beside.holds(&table));
        article
    };
    element("section")
        .with("id", "days")
        .holds(&element("h2").text("Day by day"))
        .all(shared.days.iter().enumerate().map(part))
}

/// Shift, desk, zone and duty of some person-days, without the columns in which nothing stands.
pub fn columns(shared: &Shared, cells: &[&SharedCell]) -> Vec<(&'static str, Vec<String>)> {
    let column = |text: &dyn Fn(&SharedCell) -> Option<String>| -> Vec<String> {
        cells.iter().map(|cell| text(cell).unwrap_or_default()).collect()
    };
    let mut columns = vec![
        ("Zone", column(&|cell| cell.zone.map(|zone| shared.zones[zone].name.clone()))),
        ("Desk", column(&|cell| cell.desk.map(|desk| shared.desks[desk].name.clone()))),
        ("Shift", column(&|cell| cell.shift.map(|shift| shared.shifts[shift].name.clone()))),
        ("Duty", column(&|cell| cell.duty.clone())),
    ];
    columns.retain(|(_, texts)| texts.iter().any(|text| !text.is_empty()));
    columns
}

fn people(shared: &Shared) -> Element {
    let part = |(at, person): (usize, &SharedPerson)| {
        let count = |place: Place| Shared::days_in(person, place);
        let mut told = vec![format!(
            "On site on {}, at home on {}.",
            in_days(count(Place::OnSite)),
            in_days(count(Place::Home))
        )];
        if let Some(group) = &person.group {
            told.push(format!("Group {group}."));
        }
        let lines = shared.days.iter().zip(&person.cells).map(|(day, cell)| {
            let words = match cell.place {
                Place::OnSite => {
                    let visit = shared.visit(cell);
                    if visit.is_empty() {
                        "on site".to_string()
                    } else {
                        format!("on site, {visit}")
                    }
                }
                Place::Home => "at home".to_string(),
                Place::Off => "not working".to_string(),
            };
            element("li").class(word(cell.place)).text(&format!("{}: {words}", day.spoken()))
        });
        row_of(shared, person, element("article"))
            .class("person")
            .with("id", format!("person-{at}"))
            .holds(&element("h3").text(&person.name))
            .holds(&element("p").text(&told.join(" ")))
            .holds(&element("ul").all(lines))
    };
    element("section")
        .with("id", "people")
        .holds(&element("h2").text("Person by person"))
        .holds(&element("div").class("cards").all(shared.people.iter().enumerate().map(part)))
}

fn in_days(number: usize) -> String {
    if number == 1 {
        "1 day".to_string()
    } else {
        format!("{number} days")
    }
}

/// Figures of the whole; nobody's days stand beside another's in a list of who comes most.
fn measures(shared: &Shared) -> Element {
    let sum = |place: Place| shared.people.iter().map(|person| Shared::days_in(person, place)).sum::<usize>();
    let peak = shared
        .counts
        .first()
        .map_or(0, |count| count.cells.iter().flatten().map(|(there, _)| *there).max().unwrap_or(0));
    let mut rows = vec![
        ("Visits (person-days on site)", sum(Place::OnSite).to_string()),
        ("Person-days at home", sum(Place::Home).to_string()),
    ];
    if !shared.is_personal_page {
        rows.push(("Most people on site on one day", peak.to_string()));
    }
    if let Some((asked, granted)) = shared.wishes {
        rows.push(("Wishes granted", format!("{granted} of {asked}")));
    }
    let rows = rows.into_iter().map(|(name, value)| {
        let name = element("th").with("scope", "row").text(name);
        element("tr").holds(&name).holds(&element("td").class("count").text(&value))
    });
    element("section").with("id", "measures").holds(&element("h2").text("Measures")).holds(
        &element("table")
            .holds(&element("caption").text("The whole roster"))
            .holds(&element("tbody").all(rows)),
    )
}

fn personal_part(personal: &crate::share::Personal) -> Element {
    let mut section = element("section").with("id", "personal");
    section = section.holds(&element("h2").text("Contains personal reasons"));
    let lists = [
        (
            "Not granted",
            personal
                .not_granted
                .iter()
                .map(|row| row.join(": ").trim_end_matches(": ").to_string())
                .collect(),
        ),
        ("Rules bent", personal.bent.clone()),
    ];
    for (head, lines) in lists {
        let lines: Vec<String> = lines;
        if !lines.is_empty() {
            section = section
                .holds(&element("h3").text(head))
                .holds(&element("ul").all(lines.iter().map(|line| element("li").text(line))));
        }
    }
    section
}

#[cfg(test)]
mod tests {
    use super::STYLE;
    use std::collections::BTreeMap;

    /// How bright a colour `#rrggbb` is, from 0 to 1, as WCAG 2.2 defines relative luminance.
    fn brightness(colour: &str) -> f64 {
        let full = if colour.len() == 4 {
            colour[1..].chars().flat_map(|sign| [sign, sign]).collect()
        } else {
            colour[1..].to_string()
        };
        let part = |at: usize| {
            let part = f64::from(u8::from_str_radix(&full[at..at + 2], 16).expect("a colour")) / 255.0;
            if part <= 0.04045 {
                part / 12.92
            } else {
                ((part + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * part(0) + 0.7152 * part(2) + 0.0722 * part(4)
    }

    #[test]
    fn letters_stand_out_from_their_ground_in_every_set_of_colours() {
        let mut sets = 0;
        for block in STYLE.split("--ground:").skip(1) {
            let block = format!("--ground:{}", block.split('}').next().expect("a block ends"));
            let colours: BTreeMap<&str, &str> = block
                .split(';')
                .filter_map(|one| one.split_once(':'))
                .map(|(name, value)| (name.trim(), value.trim()))
                .filter(|(name, _)| name.starts_with("--"))
                .collect();
            for (letters, ground) in [
                ("--text", "--ground"),
                ("--text", "--soft"),
                ("--text", "--missed"),
                ("--bad", "--ground"),
                ("--link", "--ground"),
                ("--in-text", "--in"),
                ("--off-text", "--off"),
                ("--head-text", "--head"),
            ] {
                let [one, other] = [letters, ground].map(|name| brightness(colours[name]) + 0.05);
                let contrast = one.max(other) / one.min(other);
                assert!(contrast >= 4.5, "{letters} on {ground}: {contrast:.2} in {block}");
            }
            // Lines between cells and around desks are seen as well (3 to 1).
            let [line, ground] = ["--line", "--ground"].map(|name| brightness(colours[name]) + 0.05);
            assert!(line.max(ground) / line.min(ground) >= 3.0, "{block}");
            sets += 1;
        }
        assert_eq!(sets, 4, "light, dark as the device, dark as chosen, print");
    }
}

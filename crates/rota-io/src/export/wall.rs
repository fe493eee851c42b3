//! The chart for the wall: people down, days across, days on site only. Nothing tells a day at home from a day off.

use super::floor::root;
use super::markup::element;
use crate::seal;
use crate::share::Shared;
use rota_core::Place;

const NAME_WIDTH: f64 = 190.0;
const DAY_WIDTH: f64 = 74.0;
const ROW: f64 = 24.0;
const TOP: f64 = 96.0;
/// Most signs in a cell and in a name.
const MOST_SIGNS: usize = 11;
const MOST_NAME: usize = 26;

const STYLE: &str = "
text { font-family: 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; font-size: 12px; fill: #1a1a1a }
.ground { fill: #fff } .title { font-size: 18px; font-weight: bold } .small { font-size: 11px }
.head { font-weight: bold } .middle { text-anchor: middle }
.line { stroke: #b0b0b0 } .week { stroke: #1a1a1a; stroke-width: 1.5 }
.in { fill: #cfe4f7; stroke: #123a6b } .sign { font-weight: bold; text-anchor: middle }
";

/// The chart as an SVG file.
pub fn write(shared: &Shared) -> String {
    let title = format!("{}: who is on site", shared.heading());
    // Bold letters of that size are some ten pixels wide.
    let named = 40.0 + 11.0 * title.chars().count() as f64;
    let width = (NAME_WIDTH + DAY_WIDTH * shared.days.len() as f64 + 40.0).max(named);
    let height = TOP + ROW * shared.people.len() as f64 + 60.0;
    let across = |day: usize| 20.0 + NAME_WIDTH + DAY_WIDTH * day as f64;
    let mut parts = Vec::new();
    for (at, day) in shared.days.iter().enumerate() {
        let middle = across(at) + DAY_WIDTH / 2.0;
        for (down, text) in
            [(68.0, day.weekday().short().to_string()), (84.0, day.0.format("%-d %b").to_string())]
        {
            parts.push(element("text").class("head middle").with("x", middle).with("y", down).text(&text));
        }
        let class = if at > 0 && shared.days[at - 1].monday() != day.monday() { "week" } else { "line" };
        let line = element("line").class(class).with("x1", across(at)).with("x2", across(at));
        parts.push(line.with("y1", 54).with("y2", TOP + ROW * shared.people.len() as f64));
    }
    for (row, person) in shared.people.iter().enumerate() {
        let top = TOP + ROW * row as f64;
        let line = element("line").class("line").with("x1", 20).with("x2", width - 20.0);
        parts.push(line.with("y1", top).with("y2", top));
        parts.push(element("text").with("x", 20).with("y", top + 17.0).text(&short(&person.name, MOST_NAME)));
        for (at, cell) in person.cells.iter().enumerate().filter(|(_, cell)| cell.place == Place::OnSite) {
            let sign = shared.sign(cell);
            let told = format!("{}, {}: {}", person.name, shared.days[at].spoken(), shared.visit(cell));
            let rectangle = element("rect")
                .class("in")
                .with("x", across(at) + 3.0)
                .with("y", top + 3.0)
                .with("width", DAY_WIDTH - 6.0)
                .with("height", ROW - 6.0)
                .with("rx", 4);
            let text = element("text")
                .class("sign")
                .with("x", across(at) + DAY_WIDTH / 2.0)
                .with("y", top + 17.0)
                .text(&short(&sign, MOST_SIGNS));
            parts.push(element("g").holds(&element("title").text(&told)).holds(&rectangle).holds(&text));
        }
    }
    let svg = root(width, height, 1.0, &title)
        .holds(&element("style").code(STYLE))
        .holds(&element("rect").class("ground").with("width", "100%").with("height", "100%"))
        .holds(&element("text").class("title").with("x", 20).with("y", 28).text(&title))
        .holds(&element("text").class("small").with("x", 20).with("y", 46).text(&shared.span()))
        .all(parts)
        .holds(&element("text").class("small").with("x", 20).with("y", height - 16.0).text(&shared.made()));
    seal::page(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", svg.write()))
}

fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    text.chars().take(most - 1).collect::<String>() + "…"
}

//! Floor pictures: where everybody sits on a day, drawn from the positions of the desks.

use super::markup::{element, Element};
use crate::seal;
use crate::share::{Shared, SharedPlan};
use rota_core::Date;

/// Pixels for a metre where desks stand usually apart; closer desks are drawn larger, so that names fit.
const METRE: f64 = 60.0;
/// How a desk is drawn, in pixels.
struct Size {
    /// Width and height.
    desk: [f64; 2],
    /// How far below the middle of the desk its name stands.
    label: f64,
    /// The same for what stands below its name.
    lines: [f64; 3],
    /// Most signs in a line.
    most: usize,
    /// How much larger than drawn the picture is shown.
    zoom: f64,
}

const USUAL: Size = Size { desk: [108.0, 56.0], label: -13.0, lines: [4.0, 19.0, 34.0], most: 14, zoom: 1.0 };
/// Letters of 18 pixels, shown as 18 points; names stand on two lines, so that the picture is hardly wider.
const LARGE: Size =
    Size { desk: [124.0, 104.0], label: -32.0, lines: [-9.0, 13.0, 37.0], most: 10, zoom: 4.0 / 3.0 };

fn size(shared: &Shared) -> &'static Size {
    if shared.issue.large_print {
        &LARGE
    } else {
        &USUAL
    }
}

/// Room around the desks.
const EDGE: f64 = 76.0;
/// Largest picture, in pixels: a desk far out does not make it endless.
const LARGEST: f64 = 6000.0;

/// The pictures of all plans on a day (by its place in the list), one under the other, as one SVG file.
pub fn write(shared: &Shared, day: usize) -> String {
    let date = shared.days[day];
    let drawings: Vec<Drawing> = shared.plans.iter().map(|plan| draw(shared, plan, day)).collect();
    let heading = shared.heading();
    // Bold letters of that size are some ten pixels wide.
    let named = 40.0 + 11.0 * heading.chars().count() as f64;
    let width = drawings.iter().map(|drawing| drawing.width).fold(named.max(480.0), f64::max);
    let mut top = 76.0;
    let mut svg = Vec::new();
    for (plan, drawing) in shared.plans.iter().zip(drawings) {
        svg.push(element("text").class("head").with("x", 20).with("y", top + 4.0).text(&plan.name));
        let place = format!("translate(0 {})", top + 10.0);
        svg.push(element("g").with("transform", place).all(drawing.parts));
        top += drawing.height + 40.0;
    }
    let title = format!("{heading}: desks on {}", date.long());
    let root = root(width, top + 20.0, 1.0, &title)
        .holds(&element("style").code(STYLE))
        .holds(&element("rect").class("ground").with("width", "100%").with("height", "100%"))
        .holds(&element("text").class("title").with("x", 20).with("y", 28).text(&heading))
        .holds(
            &element("text")
                .class("head")
                .with("x", 20)
                .with("y", 48)
                .text(&format!("Desks on {}", date.long())),
        )
        .all(svg)
        .holds(&element("text").class("small").with("x", 20).with("y", top + 8.0).text(&shared.made()));
    seal::page(&format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", root.write()))
}

/// One plan on a day, to stand in a page.
pub fn inline(shared: &Shared, plan: &SharedPlan, day: usize) -> Element {
    let drawing = draw(shared, plan, day);
    let title = format!("{} on {}: the table beside it says the same", plan.name, shared.days[day].spoken());
    root(drawing.width, drawing.height, size(shared).zoom, &title).class("floor").all(drawing.parts)
}

/// An SVG element with its size, how much larger it is shown, and its title.
pub fn root(width: f64, height: f64, zoom: f64, title: &str) -> Element {
    element("svg")
        .with("xmlns", "http://www.w3.org/2000/svg")
        .with(crate::picture_plan::MARK, crate::picture_plan::CHART)
        .with("role", "img")
        .with("viewBox", format!("0 0 {width:.0} {height:.0}"))
        .with("width", format!("{:.0}", width * zoom))
        .with("height", format!("{:.0}", height * zoom))
        .with("aria-label", title)
        .holds(&element("title").text(title))
}

/// The look of pictures in files of their own; pages have their own colours for the same names.
pub const STYLE: &str = "
text { font-family: 'Segoe UI', Roboto, Helvetica, Arial, sans-serif; font-size: 12px; fill: #1a1a1a }
.ground { fill: #fff }
.title { font-size: 18px; font-weight: bold } .head { font-size: 14px; font-weight: bold } .small { font-size: 11px }
.desk { fill: #fff; stroke: #6b6b6b; stroke-width: 1.5; stroke-dasharray: 4 3 }
.desk.used { fill: #cfe4f7; stroke: #123a6b; stroke-dasharray: none; stroke-width: 2 }
.label { font-size: 11px } .who { font-size: 12px; font-weight: bold }
.middle { text-anchor: middle }
";

struct Drawing {
    width: f64,
    height: f64,
    parts: Vec<Element>,
}

fn draw(shared: &Shared, plan: &SharedPlan, day: usize) -> Drawing {
    let placed: Vec<(usize, [f64; 2])> =
        plan.desks.iter().filter_map(|desk| shared.desks[*desk].at.map(|at| (*desk, at))).collect();
    let least = [0, 1].map(|axis| placed.iter().map(|(_, at)| at[axis]).fold(f64::INFINITY, f64::min));
    let most = [0, 1].map(|axis| placed.iter().map(|(_, at)| at[axis]).fold(f64::NEG_INFINITY, f64::max));
    let scale = scale(&placed, least, most, size(shared).desk);
    let place = |at: &[f64; 2]| [0, 1].map(|axis| EDGE + (at[axis] - least[axis]) * scale);
    let parts = placed.iter().map(|(desk, at)| desk_drawn(shared, *desk, day, place(at))).collect();
    Drawing {
        width: 2.0 * EDGE + (most[0] - least[0]) * scale,
        height: 2.0 * EDGE + (most[1] - least[1]) * scale,
        parts,
    }
}

/// Pixels for a metre: so many that no two desks overlap, as far as the picture stays of a size.
fn scale(placed: &[(usize, [f64; 2])], least: [f64; 2], most: [f64; 2], desk: [f64; 2]) -> f64 {
    let mut scale = METRE;
    for (at, (_, one)) in placed.iter().enumerate() {
        for (_, other) in &placed[at + 1..] {
            let apart = [0, 1].map(|axis| (one[axis] - other[axis]).abs());
            // They are clear of each other once they are so along either side.
            let needed = [0, 1].map(|axis| (desk[axis] + 6.0) / apart[axis].max(1e-9));
            scale = scale.max(needed[0].min(needed[1]));
        }
    }
    let side = (most[0] - least[0]).max(most[1] - least[1]).max(1e-9);
    scale.min(LARGEST / side)
}

fn desk_drawn(shared: &Shared, desk: usize, day: usize, [x, y]: [f64; 2]) -> Element {
    let users: Vec<(&str, Option<&str>)> = shared
        .users(desk, day)
        .map(|person| {
            let shift = person.cells[day].shift.map(|shift| shared.shifts[shift].name.as_str());
            (person.name.as_str(), shift)
        })
        .collect();
    let name = &shared.desks[desk].name;
    let size = size(shared);
    let short = |text: &str| short(text, size.most);
    let spoken = |(name, shift): &(&str, Option<&str>)| match shift {
        Some(shift) => format!("{name}, {shift}"),
        None => (*name).to_string(),
    };
    let told = match users.as_slice() {
        [] => "free".to_string(),
        users => users.iter().map(spoken).collect::<Vec<_>>().join("; "),
    };
    let class = if users.is_empty() { "desk" } else { "desk used" };
    let rectangle = element("rect")
        .class(class)
        .with("x", number(x - size.desk[0] / 2.0))
        .with("y", number(y - size.desk[1] / 2.0))
        .with("width", size.desk[0])
        .with("height", size.desk[1])
        .with("rx", 6);
    let line = |class: &str, down: f64, text: &str| {
        element("text").class(class).with("x", number(x)).with("y", number(y + down)).text(text)
    };
    let mut group = element("g")
        .holds(&element("title").text(&format!("{name}: {told}")))
        .holds(&rectangle)
        .holds(&line("label middle", size.label, &short(name)));
    let lines: Vec<(&str, String)> = match users.as_slice() {
        [] => Vec::new(),
        [(name, shift)] => {
            let name = if shared.issue.large_print { parted(name) } else { vec![*name] };
            let name = name.into_iter().map(|part| ("who middle", short(part)));
            name.chain(shift.map(|shift| ("label middle", short(shift)))).collect()
        }
        [one, rest @ ..] => {
            let other = match rest {
                [other] => short(&initials(other)),
                more => format!("and {} more", more.len()),
            };
            vec![("who middle", short(&initials(one))), ("who middle", other)]
        }
    };
    for (down, (class, text)) in size.lines.into_iter().zip(lines) {
        group = group.holds(&line(class, down, &text));
    }
    group
}

fn number(pixels: f64) -> String {
    format!("{pixels:.1}")
}

/// `B. Cole, early`, where a desk has several users.
fn initials((name, shift): &(&str, Option<&str>)) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let last = words.pop().unwrap_or("");
    let firsts: String =
        words.iter().filter_map(|word| word.chars().next()).flat_map(|sign| [sign, '.', ' ']).collect();
    let shift = shift.map(|shift| format!(", {shift}")).unwrap_or_default();
    format!("{firsts}{last}{shift}")
}

/// Given names and surname.
fn parted(name: &str) -> Vec<&str> {
    name.rsplit_once(' ').map_or_else(|| vec![name], |(given, surname)| vec![given.trim(), surname])
}

/// A name cut to what fits on a desk.
fn short(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_string();
    }
    name.chars().take(most - 1).collect::<String>() + "…"
}

/// The date in the name of a day's file: `Wed 17 June`.
pub fn file_name(date: Date) -> String {
    format!("desks {date}.svg")
}

//! What numbers cost, as a curve: the level at which they differ, over the number of desks, bays or laptops.

use crate::pictures::{escape, short, svg, Drawing};
use crate::size::{PriceDocument, SizeDocument};

const LEFT: f64 = 60.0;
const RIGHT: f64 = 690.0;
const TOP: f64 = 84.0;
const BOTTOM: f64 = 320.0;

/// The first level at which the numbers differ, and its words.
pub fn shown(document: &SizeDocument) -> (String, String) {
    let names: Vec<&String> =
        document.prices.iter().flat_map(|price| &price.levels).map(|level| &level.strength).collect();
    let differs = |name: &str| {
        let mut costs = document.prices.iter().filter_map(|price| cost(price, name));
        let first = costs.next();
        costs.any(|cost| first.is_some_and(|first| (first - cost).abs() > 1e-6))
    };
    let name = names.iter().find(|name| differs(name)).or(names.last());
    let name = name.map_or_else(|| "medium".to_string(), |name| (*name).clone());
    let words = match name.as_str() {
        "home_first" => "days away from the usual place".to_string(),
        name => format!("cost of {name} rules"),
    };
    (name, words)
}

fn cost(price: &PriceDocument, name: &str) -> Option<f64> {
    price.levels.iter().find(|level| level.strength == name).map(|level| level.cost)
}

/// The curve; numbers without a roster are crossed on the axis, unproved costs have an open dot.
pub fn price_curve(document: &SizeDocument, title: &str) -> String {
    let (name, words) = shown(document);
    let numbers = || document.prices.iter().map(|price| f64::from(price.number));
    let low = numbers().fold(f64::INFINITY, f64::min).min(f64::from(document.now.unwrap_or(u32::MAX)));
    let high = numbers().fold(low + 1.0, f64::max);
    let most = document.prices.iter().filter_map(|price| cost(price, &name)).fold(1.0, f64::max);
    let x = |number: f64| LEFT + (number - low) / (high - low) * (RIGHT - LEFT);
    let y = |cost: f64| BOTTOM - cost / most * (BOTTOM - TOP);
    let mut body = format!(
        "<text class=\"head\" x=\"{LEFT}\" y=\"24\">{}</text><text x=\"{LEFT}\" y=\"44\">{}</text>\
         <line class=\"axis\" x1=\"{LEFT}\" x2=\"{RIGHT}\" y1=\"{BOTTOM}\" y2=\"{BOTTOM}\"/>",
        escape(&short(title)),
        escape(&format!("{words}, by the number of {}", document.of))
    );
    let mut points = Vec::new();
    let mut told = Vec::new();
    for price in &document.prices {
        let across = x(f64::from(price.number));
        body.push_str(&format!(
            "<text x=\"{across:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}{}</text>",
            BOTTOM + 20.0,
            price.number,
            if document.now == Some(price.number) { " now" } else { "" }
        ));
        let Some(cost) = cost(price, &name) else {
            let words = if price.status == "impossible" { "no roster" } else { "not found" };
            body.push_str(&format!(
                "<text x=\"{across:.1}\" y=\"{:.1}\" text-anchor=\"middle\">×</text>\
                 <text class=\"small\" x=\"{across:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{words}</text>",
                BOTTOM - 4.0,
                BOTTOM + 36.0
            ));
            told.push(format!("{}: {words}", price.number));
            continue;
        };
        let proved = price.levels.iter().any(|level| level.strength == name && level.proved);
        let down = y(cost);
        points.push(format!("{across:.1},{down:.1}"));
        let class = if proved { "dot" } else { "ring" };
        let shown = (cost * 100.0).round() / 100.0;
        body.push_str(&format!(
            "<circle class=\"{class}\" cx=\"{across:.1}\" cy=\"{down:.1}\" r=\"5\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{shown}</text>",
            across + 7.0,
            down - 8.0
        ));
        told.push(format!("{}: {shown}", price.number));
    }
    body.push_str(&format!("<polyline class=\"line\" points=\"{}\"/>", points.join(" ")));
    let drawing = Drawing { width: 740.0, height: 370.0, body };
    svg(&drawing, &format!("{title}: {words}"), &told.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::LevelDocument;

    #[test]
    fn every_number_is_told() {
        let level =
            |cost: f64| LevelDocument { strength: "high".to_string(), cost, bound: cost, proved: cost < 2.0 };
        let price = |number: u32, levels: Vec<LevelDocument>| PriceDocument {
            number,
            status: if levels.is_empty() { "impossible" } else { "optimal" }.to_string(),
            levels,
        };
        let mut document = SizeDocument::without("bays", false, "kept");
        document.now = Some(4);
        document.prices = vec![price(2, vec![]), price(3, vec![level(2.5)]), price(4, vec![level(0.0)])];
        let picture = price_curve(&document, "Bays < 5");
        for words in
            ["Bays &lt; 5", "no roster", ">2.5<", "4 now", "class=\"ring\"", "2: no roster; 3: 2.5; 4: 0"]
        {
            assert!(picture.contains(words), "{words}\n{picture}");
        }
    }
}

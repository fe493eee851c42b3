//! Whether an infection grows in a cycle of days on site and days at home, for people to read.

use super::columns::columns;
use super::{count, markdown, number};
use rota_io::growth::{AtHome, GrowthDocument};

fn heading(document: &GrowthDocument) -> String {
    format!(
        "{}, then {}, over and over",
        count(document.on as usize, "day on site", "days on site"),
        count(document.off as usize, "day at home", "days at home")
    )
}

fn limit(at: &AtHome) -> String {
    at.critical_work_r.map_or_else(|| "-".to_string(), |r| format!("{r:.2}"))
}

fn verdict(document: &GrowthDocument) -> String {
    let r = |r: f64| number(r);
    if let (Some(work), [at]) = (document.work_r, document.at_home.as_slice()) {
        let growth = at.growth_per_cycle.unwrap_or(0.0);
        let verb = if growth < 1.0 { "dies out" } else { "DOES NOT DIE OUT" };
        return format!(
            "With R {} at work and {} at home an infection {verb}: each cycle multiplies it by {}, as if R were {} every day.",
            r(work),
            r(at.home_r),
            factor(growth),
            r(at.same_every_day.unwrap_or(0.0))
        );
    }
    if let Some(work) = document.work_r {
        let growing = |at: &&AtHome| at.growth_per_cycle.is_some_and(|growth| growth >= 1.0);
        return match document.at_home.iter().find(growing) {
            None => format!("With R {} at work an infection dies out with every R at home below.", r(work)),
            Some(first) => format!(
                "With R {} at work an infection DOES NOT DIE OUT with R {} or more at home.",
                r(work),
                r(first.home_r)
            ),
        };
    }
    match document.at_home.as_slice() {
        [at] => match at.critical_work_r {
            Some(limit) => format!(
                "With R {} at home an infection dies out as long as R at work is below about {limit:.2}.",
                r(at.home_r)
            ),
            None => format!("With R {} at home there is no limit on R at work to be told: it grows at home alone, or nobody comes in.", r(at.home_r)),
        },
        all if all.iter().any(|at| at.critical_work_r.is_none()) => "An infection dies out as long as R at work is below this (-: it grows at home alone, or nobody comes in):".to_string(),
        _ => "An infection dies out as long as R at work is below this (rounded):".to_string(),
    }
}

/// A factor with three digits that matter.
fn factor(growth: f64) -> String {
    match growth {
        endless if endless.is_infinite() => "more than can be counted".to_string(),
        large if large >= 100.0 => format!("{large:.0}"),
        middle if middle >= 0.1 => format!("{middle:.2}"),
        small => format!("{small:.2e}"),
    }
}

const TERMS: &str = "R is how many others one infected person infects in all, at the pace of that day. The two-stage SEIR model \
of Karin and others (2020): everybody follows this one cycle and meets at random, and few have been ill yet. A model, not a forecast.";

fn lengths(document: &GrowthDocument) -> String {
    format!(
        "{} days from infection to being infectious, and {} days infectious, on average.",
        number(document.latent_days),
        number(document.infectious_days)
    )
}

fn table(document: &GrowthDocument) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let mut head = vec!["R at home", "most R at work"];
    if document.work_r.is_some() {
        head.extend(["factor a cycle", "factor a week"]);
    }
    let rows = document
        .at_home
        .iter()
        .map(|at| {
            let growth = [at.growth_per_cycle, at.growth_per_week];
            let own = [number(at.home_r), limit(at)].into_iter();
            own.chain(growth.into_iter().flatten().map(factor)).collect()
        })
        .collect();
    (head, rows)
}

/// The whole page.
pub fn text(document: &GrowthDocument, plain: bool) -> String {
    let (head, rows) = table(document);
    let shown = if plain {
        let say = |row: &Vec<String>| {
            head.iter().zip(row).map(|(name, value)| format!("{name} {value}")).collect::<Vec<_>>().join(", ")
                + "."
        };
        rows.iter().map(say).collect()
    } else {
        let head = head.iter().map(|word| (*word).to_string()).collect();
        columns(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
    };
    let terms = format!("{TERMS}\n{}", lengths(document));
    [heading(document), verdict(document), shown.join("\n"), terms].join("\n\n") + "\n"
}

/// The same in Markdown.
pub fn markdown(document: &GrowthDocument) -> String {
    let (head, rows) = table(document);
    let blocks = [
        markdown::title(&heading(document)),
        markdown::paragraph(&verdict(document)),
        markdown::table(&head, &rows),
        markdown::paragraph(TERMS),
        markdown::paragraph(&lengths(document)),
    ];
    blocks.join("\n\n") + "\n"
}

//! `rota validate`

use crate::args::{Format, Validate};
use crate::load::{load, say_mistakes};
use crate::output::{json, print};
use crate::render::{count, findings};
use crate::{Exit, NO};
use rota_core::finding::Finding;
use rota_io::FindingsDocument;

/// Finds every mistake in a scenario, and arithmetic that cannot work.
pub fn run(args: &Validate) -> Exit {
    let loaded = match load(&args.scenario, &args.beside) {
        Ok(loaded) => loaded,
        Err(list) => return say_mistakes(list, args.look),
    };
    let mut list = loaded.scenario.findings.clone();
    let mut more = rota_planner::arithmetic::findings(&loaded.scenario.problem);
    more.extend(rota_planner::arithmetic::suspect_desks(&loaded.scenario.problem));
    more.extend(rota_planner::advice::advice(&loaded.scenario.typed, &loaded.scenario.problem));
    let impossible = more.iter().any(Finding::is_error);
    loaded.place(&args.scenario, &mut more);
    list.extend(more);
    list.sort_by_key(|finding| (finding.level, finding.line, finding.column));
    let site = &loaded.scenario.problem.site;
    let read = format!(
        "{}, {}, {}",
        count(site.people.len(), "person", "people"),
        count(
            site.calendar.days().filter(|day| site.calendar.is_open(*day)).count(),
            "open day",
            "open days"
        ),
        count(loaded.scenario.problem.rules.len(), "rule", "rules")
    );
    match args.look.format {
        Format::Json => print(&json(&FindingsDocument::new(list))),
        Format::Markdown => {
            print(&format!("{}\n\n{}: {}", findings::markdown(&list), read, findings::summary(&list)));
        }
        Format::Text => {
            let text = findings::text(&list);
            let gap = if text.is_empty() { "" } else { "\n\n" };
            let verdict =
                if impossible { "No roster can keep these rules: the arithmetic says no." } else { "" };
            print(format!("{text}{gap}{read}: {}. {verdict}", findings::summary(&list)).trim_end());
        }
    }
    if impossible {
        NO
    } else {
        0
    }
}

//! One file per command.

pub mod check;
pub mod cover;
pub mod diff;
pub mod explain;
pub mod generate;
pub mod import;
pub mod init;
pub mod model;
pub mod next;
pub mod replan;
pub mod rules;
pub mod schema;
pub mod solve;
pub mod validate;

/// The width to write for: that of the terminal, else 100 columns.
fn width() -> usize {
    if let Some(columns) = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse::<usize>().ok()) {
        return columns.max(40);
    }
    let terminal = console::Term::stdout();
    terminal.size_checked().map_or(100, |(_, columns)| usize::from(columns).max(40))
}

/// Whether the plain look was asked for, by flag or by a terminal that can do no other.
fn is_plain(look: crate::args::Look) -> bool {
    look.plain || crate::progress::dumb()
}

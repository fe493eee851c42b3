//! How the work stands, on standard error; Ctrl-C.

use crate::args::ProgressKind;
use crate::lines;
use indicatif::{ProgressBar, ProgressStyle};
use rota_io::progress::LineDocument;
use rota_solver::solve::Doing;
use rota_solver::{Flow, Progress};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Once;

/// Seconds between lines where nothing is redrawn.
const EVERY: f64 = 10.0;

/// Tells how the work stands and passes on Ctrl-C.
pub struct Teller {
    kind: ProgressKind,
    bar: Option<ProgressBar>,
    last: f64,
    told: Option<(Doing, Option<f64>, Option<f64>)>,
}

/// How often Ctrl-C was pressed since it is caught.
static PRESSES: AtomicUsize = AtomicUsize::new(0);

/// From now on the first Ctrl-C asks to stop with the best so far, the second stops at once.
pub fn catch_ctrl_c() {
    static CAUGHT: Once = Once::new();
    CAUGHT.call_once(|| {
        let caught = ctrlc::set_handler(|| {
            if PRESSES.fetch_add(1, Ordering::SeqCst) > 0 {
                std::process::exit(130);
            }
        });
        if caught.is_err() {
            crate::output::say("note: Ctrl-C cannot be caught here; it will stop at once");
        }
    });
}

impl Teller {
    /// Starts telling; Ctrl-C is caught from now on at the latest.
    pub fn start(kind: ProgressKind, plain: bool) -> Teller {
        catch_ctrl_c();
        let redraws = kind == ProgressKind::Auto && !plain && std::io::stderr().is_terminal() && !dumb();
        let bar = redraws.then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::with_template("{spinner} {msg}").expect("the template is right"));
            bar.enable_steady_tick(std::time::Duration::from_millis(120));
            bar
        });
        Teller { kind, bar, last: 0.0, told: None }
    }

    /// Told by the solver.
    pub fn tell(&mut self, progress: &Progress) -> Flow {
        match self.kind {
            ProgressKind::Off => {}
            ProgressKind::Jsonl => {
                let now = (progress.doing, progress.best, progress.bound);
                if self.told != Some(now) || progress.elapsed - self.last >= 1.0 {
                    self.told = Some(now);
                    self.last = progress.elapsed;
                    lines::line(&LineDocument::Progress(progress.into()));
                }
            }
            ProgressKind::Auto => match &self.bar {
                Some(bar) => bar.set_message(spoken(progress)),
                None if progress.elapsed - self.last >= EVERY => {
                    self.last = progress.elapsed;
                    crate::output::say(&spoken(progress));
                }
                None => {}
            },
        }
        if PRESSES.load(Ordering::SeqCst) > 0 {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }

    /// Ends telling.
    pub fn end(self) {
        if let Some(bar) = self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Whether the terminal cannot redraw.
pub fn dumb() -> bool {
    std::env::var("TERM").is_ok_and(|term| term == "dumb")
}

fn spoken(progress: &Progress) -> String {
    let what = match progress.doing {
        Doing::Building => "reading the rules".to_string(),
        Doing::Level(rota_solver::Level::HomeFirst) => "fewest visits".to_string(),
        Doing::Level(level) => format!("rules of strength {}", level.name()),
        Doing::Conflict => "no roster keeps every rule; looking for what clashes".to_string(),
        Doing::Verifying => "checking the roster".to_string(),
    };
    let number = |number: f64| format!("{}", (number * 100.0).round() / 100.0);
    let best = progress.best.map(|best| format!(", best so far {}", number(best))).unwrap_or_default();
    let bound = progress.bound.map(|bound| format!(", at best {}", number(bound))).unwrap_or_default();
    format!("{:.0} s: {what}{best}{bound} (Ctrl-C ends with the best so far)", progress.elapsed)
}

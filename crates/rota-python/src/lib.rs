//! The native half of the Python package `rota`: one question at a time, as JSON, with the interpreter left free.
//!
//! Everything people use is in `python/rota/__init__.py`; this is `rota._rota`.
//!
//! Work is done on a thread of its own while the calling thread waits for it without holding the interpreter, passes
//! on progress and looks for signals, so that other Python threads run and Ctrl-C is seen.

use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;
use rota_core::Finding;
use rota_face::question::{Answer, Kind, Question};
use rota_face::{Cancel as Stop, Error, Options, Scenario};
use rota_io::progress::ProgressDocument;
use rota_io::FindingsDocument;
use rota_solver::Progress;
use serde_json::value::RawValue;
use std::sync::mpsc::{sync_channel, RecvTimeoutError};
use std::sync::Mutex;
use std::time::Duration;

/// How often signals are looked for.
const LOOK: Duration = Duration::from_millis(50);
/// Seconds after which progress is told again though nothing has changed.
const EVERY: f64 = 1.0;
/// The answer is a list of mistakes.
const MISTAKE: u8 = 2;
/// The answer is an error of rota itself.
const INTERNAL: u8 = 3;

/// Asks work to end with the best found so far. Any thread may cancel, before the work or during it.
#[pyclass(frozen, module = "rota")]
#[derive(Default)]
struct Cancel(Stop);

#[pymethods]
impl Cancel {
    #[new]
    fn new() -> Cancel {
        Cancel::default()
    }

    /// Asks the work to end soon.
    fn cancel(&self) {
        self.0.cancel();
    }

    /// Whether it was asked for.
    #[getter]
    fn cancelled(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// What the waiting thread is told.
enum Told {
    Progress(Progress),
    Done(Option<Result<Answer, Error>>),
}

/// Asks one question. `scenario` is JSON; `rest` is a JSON object with the other fields of the question's body.
/// Gives the answer as JSON, its exit code (2: the answer is what is wrong; 3: rota failed), and whether Ctrl-C ended it.
#[allow(clippy::needless_pass_by_value)] // what Python hands over is owned
#[pyfunction]
#[pyo3(signature = (kind, scenario, rest, on_progress=None, cancel=None))]
fn ask(
    py: Python<'_>,
    kind: &str,
    scenario: Option<&str>,
    rest: &str,
    on_progress: Option<Py<PyAny>>,
    cancel: Option<&Cancel>,
) -> PyResult<(String, u8, bool)> {
    let question = match read(kind, scenario, rest) {
        Ok(question) => question,
        Err(error) => return Ok(mistaken(&error, false)),
    };
    let stop = cancel.map_or_else(Stop::new, |cancel| cancel.0.clone());
    let (answer, interrupted) = work(py, &question, &stop, on_progress.as_ref())?;
    Ok(match answer {
        Ok(answer) => (answer.document, answer.exit_code, interrupted),
        Err(error) => mistaken(&error, interrupted),
    })
}

/// Reads a question whose scenario stands apart, so that what is found in it has its own lines and columns.
fn read(kind: &str, scenario: Option<&str>, rest: &str) -> Result<Question, Error> {
    let kind = Kind::named(kind).expect("the Python half knows the kinds");
    let body = match scenario {
        None => rest.to_string(),
        Some(text) => {
            let text = text.trim_start_matches('\u{feff}');
            if RawValue::from_string(text.to_string()).is_err() {
                // What is no JSON is told of as everywhere.
                return Err(Scenario::read(text).err().unwrap_or_else(|| {
                    let finding = Finding::error("scenario.json", "", "the scenario is not one JSON value");
                    Error::Mistakes(vec![finding.help("give one JSON document and nothing after it")])
                }));
            }
            let rest = rest.trim_start_matches('{');
            let comma = if rest.starts_with('}') { "" } else { "," };
            format!("{{\"scenario\":{text}{comma}{rest}")
        }
    };
    Question::read(kind, &body)
}

/// Answers on a thread of its own, and waits for it.
fn work(
    py: Python<'_>,
    question: &Question,
    stop: &Stop,
    on_progress: Option<&Py<PyAny>>,
) -> PyResult<(Result<Answer, Error>, bool)> {
    // Where Python is slower than the search, only every so often something is told.
    let (tell, told) = sync_channel::<Told>(1);
    let told = Mutex::new(told);
    let last: Mutex<Option<ProgressDocument>> = Mutex::new(None);
    let progress = |now: &Progress| {
        let document = ProgressDocument::from(now);
        let mut last = last.lock().expect("nothing panics while it is held");
        let is_new = last.as_ref().is_none_or(|last| {
            let same = (last.doing, last.level, last.best, last.bound)
                == (document.doing, document.level, document.best, document.bound);
            !same || document.elapsed - last.elapsed >= EVERY
        });
        if is_new && tell.try_send(Told::Progress(*now)).is_ok() {
            *last = Some(document);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let progress: &(dyn Fn(&Progress) + Sync) = &progress;
            let beside = Options {
                cancel: stop.clone(),
                progress: on_progress.is_some().then_some(progress),
                ..Options::default()
            };
            let answer =
                std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| question.answer(&beside))).ok();
            // Nobody waits only where Python itself has gone.
            let _ = tell.send(Told::Done(answer));
        });
        let mut failed: Option<PyErr> = None;
        let mut interrupts = 0;
        let answer = loop {
            let heard = py.detach(|| told.lock().expect("one thread waits").recv_timeout(LOOK));
            match heard {
                Ok(Told::Done(answer)) => break answer,
                Ok(Told::Progress(now)) if failed.is_none() => {
                    if let Some(callback) = on_progress {
                        let text = serde_json::to_string(&ProgressDocument::from(&now))
                            .expect("progress is plain data");
                        match callback.call1(py, (text,)) {
                            Err(error) if error.is_instance_of::<PyKeyboardInterrupt>(py) => {
                                stop.cancel();
                                interrupts += 1;
                            }
                            Err(error) => {
                                stop.cancel();
                                failed = Some(error);
                            }
                            Ok(_) => {}
                        }
                    }
                }
                Ok(Told::Progress(_)) | Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break None,
            }
            if let Err(signal) = py.check_signals() {
                stop.cancel();
                interrupts += 1;
                // The first Ctrl-C asks for the best so far; another, and any other signal, is an exception.
                if interrupts > 1 || !signal.is_instance_of::<PyKeyboardInterrupt>(py) {
                    failed = Some(signal);
                }
            }
        };
        match (failed, answer) {
            (Some(error), _) => Err(error),
            (None, Some(answer)) => Ok((answer, interrupts > 0)),
            (None, None) => Ok((Err(failure()), false)),
        }
    })
}

/// What is told when a search panics; what it says of itself is on standard error.
fn failure() -> Error {
    Error::Disagreement { what: "no answer", details: "the search failed; see standard error".to_string() }
}

/// Mistakes, and failures of rota, as a document.
fn mistaken(error: &Error, interrupted: bool) -> (String, u8, bool) {
    let code = if matches!(error, Error::Disagreement { .. }) { INTERNAL } else { MISTAKE };
    let document = FindingsDocument::new(error.findings());
    (serde_json::to_string(&document).expect("documents are plain data"), code, interrupted)
}

/// The native half of the package.
#[pymodule]
fn _rota(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<Cancel>()?;
    module.add_function(wrap_pyfunction!(ask, module)?)
}

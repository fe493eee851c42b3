//! `rota serve`: questions over HTTP.

use crate::args::Serve;
use crate::output::say;
use crate::{Exit, INTERNAL, MISTAKE};
use rota_serve::{Caps, Server, Settings, StartError, Tokens};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Runs the command: answers until Ctrl-C or a request of the system to end.
pub fn run(serve: &Serve) -> Exit {
    match started(serve) {
        Ok(()) => 0,
        Err(exit) => exit,
    }
}

fn started(serve: &Serve) -> Result<(), Exit> {
    let tokens = serve.token_file.as_deref().map(tokens).transpose()?;
    let caps = Caps {
        body: serve.max_body,
        people: serve.max_people,
        time: Duration::from_secs_f64(serve.max_seconds),
        jobs: usize::from(serve.jobs),
        queue: usize::from(serve.queue),
        keep: serve.keep,
        kept_bytes: serve.max_kept,
        connections: usize::from(serve.connections),
        ..Caps::default()
    };
    let server = Server::bind(Settings { listen: serve.listen, tokens, caps }).map_err(|why| refuse(&why))?;
    let address = server.address().map_err(|why| refuse(&why))?;
    let stop = server.stopper();
    let presses = AtomicUsize::new(0);
    let caught = ctrlc::set_handler(move || {
        if presses.fetch_add(1, Ordering::SeqCst) > 0 {
            std::process::exit(130);
        }
        say("Ending: jobs end with the best found so far. Once more to end at once.");
        stop.stop();
    });
    tell_where_panics_are();
    say(&format!("Listening on http://{address}"));
    if caught.is_err() {
        say("note: Ctrl-C cannot be caught here; it will end the service at once");
    }
    server.run().map_err(|why| refuse(&why))
}

/// A panic is told by its place alone: its message may hold something of a question.
fn tell_where_panics_are() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |place| format!(" at {place}"));
        say(&format!("error[internal]: rota failed at a question{place}; the service goes on"));
    }));
}

fn tokens(path: &Path) -> Result<Tokens, Exit> {
    let wrong = |what: String, help: &str| {
        say(&format!("error[serve.token_file]: `{}`: {what}\n  help: {help}", path.display()));
        MISTAKE
    };
    let text = std::fs::read_to_string(path)
        .map_err(|why| wrong(format!("cannot be read: {why}"), "give a file with one token a line"))?;
    Tokens::read(&text).map_err(|what| wrong(what, "`openssl rand -hex 32` makes a good token"))
}

fn refuse(why: &StartError) -> Exit {
    let (code, help, exit) = match why {
        StartError::NoToken(_) => (
            "serve.no_token",
            "add --token-file FILE with a token that askers must send, or listen on 127.0.0.1",
            MISTAKE,
        ),
        StartError::Listen(..) => {
            ("serve.listen", "choose an address of this computer and a port that is free, or port 0", MISTAKE)
        }
        StartError::System(_) => ("serve.system", "free some memory, threads or file handles", INTERNAL),
    };
    say(&format!("error[{code}]: {why}\n  help: {help}"));
    exit
}

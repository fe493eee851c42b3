//! A service in this process, and a client that speaks plain HTTP over a socket.

#![allow(dead_code)] // each test binary uses its part

use rota_face::question::Answer as Answered;
use rota_face::{Error, Options, Ready};
use rota_serve::{Answering, Caps, Server, Settings, Stop, Tokens};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Longer than anything here takes; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub const WEEK: &str = include_str!("../../../../fixtures/clinical_coding_week/scenario.json");
pub const CODING: &str = include_str!("../../../../fixtures/clinical_coding/scenario.json");

/// Two people and a rule, solved at once. What the title says is done by [`Held`].
pub fn small(title: &str) -> String {
    format!(
        r#"{{ "scenario": 1, "title": "{title}", "calendar": {{ "from": "2020-06-15", "to": "2020-06-16" }},
  "people": [ {{ "id": "amy" }}, {{ "id": "ben", "wishes": [ {{ "on": "mon", "place": "home" }} ] }} ],
  "sites": [ {{ "id": "hq", "zones": [ {{ "id": "north", "desks": [ {{ "id": "N1", "at": [0, 0] }}, {{ "id": "N2", "at": [3, 0] }} ] }} ] }} ],
  "rules": [ {{ "headcount": {{ "at_least": 1 }} }}, {{ "wishes": {{}}, "strength": "medium" }} ] }}"#
    )
}

/// The body of `solve`.
pub fn solving(scenario: &str) -> String {
    format!(r#"{{ "scenario": {scenario} }}"#)
}

/// Answers as rota does, but for scenarios with these titles: `hold` waits for the gate or for being cancelled before it
/// is answered, `panic` panics, `disagree` ends in a disagreement.
#[derive(Default)]
pub struct Held {
    pub open: AtomicBool,
    /// How many are held now.
    pub holds: AtomicUsize,
    /// How many were begun.
    pub begun: AtomicUsize,
}

impl Held {
    pub fn answering(self: &Arc<Held>) -> Answering {
        let held = Arc::clone(self);
        Arc::new(move |ready: &Ready, options: &Options<'_>| -> Result<Answered, Error> {
            held.begun.fetch_add(1, Ordering::SeqCst);
            match ready.scenario().and_then(|scenario| scenario.typed.title.as_deref()) {
                Some("panic") => panic!("words of a scenario"),
                Some("disagree") => {
                    Err(Error::Disagreement { what: "a roster", details: "Monday".to_string() })
                }
                Some("hold") => {
                    held.holds.fetch_add(1, Ordering::SeqCst);
                    while !held.open.load(Ordering::SeqCst) && !options.cancel.is_cancelled() {
                        std::thread::sleep(Duration::from_millis(1));
                    }
                    held.holds.fetch_sub(1, Ordering::SeqCst);
                    ready.answer(options)
                }
                _ => ready.answer(options),
            }
        })
    }
}

/// A service in this process; it ends with this.
pub struct Running {
    pub address: SocketAddr,
    pub held: Arc<Held>,
    pub stop: Stop,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.held.open.store(true, Ordering::SeqCst);
        self.end();
    }
}

/// Starts a service with these caps and tokens.
pub fn start(caps: Caps, tokens: Option<&str>) -> Running {
    let held = Arc::new(Held::default());
    let tokens = tokens.map(|text| Tokens::read(text).expect("tokens"));
    let listen = "127.0.0.1:0".parse().expect("an address");
    let server = Server::answering(Settings { listen, tokens, caps }, held.answering()).expect("it listens");
    let (address, stop) = (server.address().expect("an address"), server.stopper());
    let thread = std::thread::spawn(move || server.run().expect("it runs"));
    Running { address, held, stop, thread: Some(thread) }
}

/// What was answered.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|why| panic!("{why}: {}", self.body))
    }

    #[track_caller]
    pub fn is(self, status: u16) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    /// Refused with this status and, first of its findings, this code.
    #[track_caller]
    pub fn refused(self, status: u16, code: &str) -> Answer {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), Some("application/json"));
        let document = self.json();
        assert_eq!(document["findings"], 1, "{document}");
        assert_eq!(document["list"][0]["code"], code, "{document}");
        assert!(document["list"][0]["help"].is_string(), "{document}");
        self
    }
}

impl Running {
    /// Ends the service and waits for it.
    pub fn end(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the service panicked");
        }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("it listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a time");
        stream.set_write_timeout(Some(PATIENCE)).expect("a time");
        stream
    }

    /// Sends a request as it stands and reads the answer.
    pub fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = self.connect();
        // It may be refused before all of it is sent.
        let _ = stream.write_all(request);
        read_answer(&mut BufReader::new(stream)).expect("an answer")
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "")
    }

    pub fn post(&self, path: &str, body: &str) -> Answer {
        self.send("POST", path, &[("Content-Type", "application/json")], body)
    }

    pub fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        self.raw(&request(self.address, method, path, headers, body))
    }

    /// Asks for a job until it is as wanted.
    pub fn until(&self, place: &str, is: impl Fn(&Value) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let job = self.get(place).is(200).json();
            if is(&job) {
                return job;
            }
            assert!(start.elapsed() < PATIENCE, "{job}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Asks for a job until it is over.
    pub fn over(&self, place: &str) -> Value {
        self.until(place, |job| !matches!(job["state"].as_str(), Some("queued" | "running")))
    }

    /// Puts a scenario to be solved into the queue, and says where its job is.
    pub fn solve(&self, scenario: &str) -> String {
        let answer = self.post("/v1/solve", &solving(scenario)).is(202);
        answer.header("location").expect("a place").to_string()
    }
}

/// Waits until something is so.
#[track_caller]
pub fn wait_for(is: impl Fn() -> bool) {
    let start = Instant::now();
    while !is() {
        assert!(start.elapsed() < PATIENCE, "it never came to be");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A request as it is sent.
pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Vec<u8> {
    let mut text = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\n");
    if !headers.iter().any(|(name, _)| *name == "Host") {
        text.push_str(&format!("Host: {address}\r\n"));
    }
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    if !body.is_empty() || method == "POST" {
        text.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body.as_bytes());
    bytes
}

/// Reads the head of an answer.
pub fn read_head(from: &mut impl BufRead) -> std::io::Result<Answer> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok());
    let Some(status) = status else { return Err(std::io::ErrorKind::UnexpectedEof.into()) };
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_string(), value.trim().to_string()));
    }
    Ok(Answer { status, headers, body: String::new() })
}

/// Reads an answer whose length is told.
pub fn read_answer(from: &mut impl BufRead) -> std::io::Result<Answer> {
    let mut answer = read_head(from)?;
    let length = answer.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    answer.body = String::from_utf8(body).expect("UTF-8");
    Ok(answer)
}

/// The events of a job, read to the end: name and data of each.
pub fn events(running: &Running, place: &str) -> Vec<(String, Value)> {
    to_the_end(following(running, place))
}

/// The events of a job, of which the first has come.
pub fn following(running: &Running, place: &str) -> BufReader<TcpStream> {
    let mut stream = running.connect();
    stream
        .write_all(&request(running.address, "GET", &format!("{place}/events"), &[], ""))
        .expect("it is sent");
    let mut reader = BufReader::new(stream);
    let head = read_head(&mut reader).expect("an answer").is(200);
    assert_eq!(head.header("content-type"), Some("text/event-stream"));
    reader
}

/// Name and data of each event that is left.
pub fn to_the_end(mut reader: BufReader<TcpStream>) -> Vec<(String, Value)> {
    let mut all = String::new();
    reader.read_to_string(&mut all).expect("it ends by itself");
    let mut found = Vec::new();
    let mut name = String::new();
    for line in all.lines() {
        if let Some(text) = line.strip_prefix("event: ") {
            name = text.to_string();
        } else if let Some(data) = line.strip_prefix("data: ") {
            found.push((name.clone(), serde_json::from_str(data).expect("JSON")));
        }
    }
    found
}

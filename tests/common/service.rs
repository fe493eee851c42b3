//! A service in a process of its own.

#![allow(dead_code)] // each test binary uses its part

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

/// `rota serve` on a free port; it ends with this.
pub struct Service {
    child: Child,
    /// Where it listens: `127.0.0.1:49152`.
    pub address: String,
    /// Reads what it says after the first line, so that it never waits to say more.
    said: Option<JoinHandle<String>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Service {
    pub fn start(args: &[&str]) -> Service {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rota"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("rota starts");
        let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
        let mut first = String::new();
        err.read_line(&mut first).expect("it says where it listens");
        let address =
            first.trim_end().strip_prefix("Listening on http://").expect("the first line").to_string();
        let said = std::thread::spawn(move || {
            let mut said = String::new();
            err.read_to_string(&mut said).expect("UTF-8");
            said
        });
        Service { child, address, said: Some(said) }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The whole answer to a request; bytes that are no text stand as `\u{fffd}`.
    pub fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).expect("it is sent");
        // A service that refuses a large body may stop reading it.
        let _ = stream.write_all(body);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks it to end as the system does, and gives its exit code and what it said.
    #[cfg(unix)]
    pub fn end(mut self) -> (Option<i32>, String) {
        let signalled = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(signalled.is_ok_and(|status| status.success()), "it is asked to end");
        let code = self.child.wait().expect("it ends").code();
        let said = self.said.take().expect("it ends once").join().expect("it was read");
        let mut out = String::new();
        self.child.stdout.take().expect("a pipe").read_to_string(&mut out).expect("UTF-8");
        assert_eq!(out, "", "nothing is printed to standard output");
        (code, said)
    }
}

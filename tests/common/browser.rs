//! A page in a headless Chromium.

use serde_json::{json, Value};
use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{channel, Receiver};
use std::time::{Duration, Instant};

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(120);

/// A Chromium of this machine.
pub fn find() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        return Some(PathBuf::from(named));
    }
    let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// One page; the browser ends with it.
pub struct Page {
    child: Child,
    pipe: RefCell<ChildStdin>,
    answers: Receiver<Value>,
    session: String,
    next: Cell<u64>,
    /// What the page did that it must not.
    faults: RefCell<Vec<String>>,
    origin: String,
    downloads: PathBuf,
    /// Its profile and what it saves; gone with it.
    _folder: tempfile::TempDir,
}

impl Drop for Page {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Page {
    /// Opens a page. Its browser speaks the browser's own protocol on the file handles 3 and 4, which a shell makes of its
    /// standard input and output.
    pub fn open(program: &Path, url: &str) -> Page {
        let folder = tempfile::tempdir().expect("a folder");
        let flags = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-component-update",
            "--no-first-run",
            "--no-zygote",
            "--remote-debugging-pipe",
            "--window-size=1280,900",
        ];
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null"])
            .arg(program)
            .args(flags)
            .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the browser starts");
        let pipe = RefCell::new(child.stdin.take().expect("a pipe"));
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let (give, answers) = channel();
        std::thread::spawn(move || loop {
            let mut message = Vec::new();
            if out.read_until(0, &mut message).unwrap_or(0) == 0 {
                return;
            }
            message.pop();
            let Ok(value) = serde_json::from_slice(&message) else { return };
            if give.send(value).is_err() {
                return;
            }
        });
        let mut page = Page {
            child,
            pipe,
            answers,
            session: String::new(),
            next: Cell::new(0),
            faults: RefCell::new(Vec::new()),
            origin: url.trim_end_matches('/').to_string(),
            downloads: folder.path().join("downloads"),
            _folder: folder,
        };
        std::fs::create_dir(page.downloads()).expect("a folder");
        let downloads = page.downloads().display().to_string();
        page.call("Browser.setDownloadBehavior", &json!({ "behavior": "allow", "downloadPath": downloads }));
        let target =
            page.call("Target.createTarget", &json!({ "url": "about:blank", "width": 1280, "height": 900 }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        page.session =
            page.call("Target.attachToTarget", &attach)["sessionId"].as_str().expect("a session").to_string();
        for domain in ["Page", "Runtime", "Network", "Log", "DOM"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        page.call("Page.navigate", &json!({ "url": url }));
        page
    }

    /// Where files are saved.
    pub fn downloads(&self) -> &Path {
        &self.downloads
    }

    fn call(&self, method: &str, params: &Value) -> Value {
        self.next.set(self.next.get() + 1);
        let id = self.next.get();
        let mut message = json!({ "id": id, "method": method, "params": params });
        if !self.session.is_empty() {
            message["sessionId"] = json!(self.session);
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        self.pipe.borrow_mut().write_all(&bytes).expect("the browser listens");
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let answer = self.answers.recv_timeout(left).unwrap_or_else(|_| panic!("no answer to {method}"));
            if answer["id"] == id {
                assert!(answer.get("error").is_none(), "{method}: {}", answer["error"]);
                return answer["result"].clone();
            }
            self.note(&answer);
        }
    }

    /// Notes what no page should do: errors, and requests to anybody but its service.
    fn note(&self, event: &Value) {
        let params = &event["params"];
        let fault = match event["method"].as_str() {
            Some("Runtime.exceptionThrown") => Some(params["exceptionDetails"].to_string()),
            Some("Runtime.consoleAPICalled") if params["type"] == "error" => Some(params["args"].to_string()),
            Some("Log.entryAdded") if params["entry"]["level"] == "error" => {
                Some(params["entry"].to_string())
            }
            Some("Network.requestWillBeSent") => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                (!url.starts_with(&self.origin) && !url.starts_with("blob:")).then(|| format!("asked {url}"))
            }
            _ => None,
        };
        self.faults.borrow_mut().extend(fault);
    }

    /// Fails if the page has made an error or asked anybody but its service.
    pub fn is_clean(&self) {
        self.value("''");
        let faults = self.faults.borrow();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    fn evaluate(&self, expression: &str) -> Value {
        let asked = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", &asked);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {}", answer["exceptionDetails"]);
        answer["result"]["value"].clone()
    }

    /// Runs statements.
    pub fn run(&self, statements: &str) {
        self.evaluate(&format!("{{ {statements} }} undefined"));
    }

    /// A text that the page gives.
    pub fn value(&self, expression: &str) -> String {
        self.evaluate(expression).as_str().unwrap_or_default().to_string()
    }

    /// What an element says.
    pub fn text(&self, selector: &str) -> String {
        self.value(&format!("document.querySelector({})?.textContent ?? ''", json!(selector)))
    }

    /// Waits until something is so.
    #[track_caller]
    pub fn wait(&self, condition: &str) {
        let until = Instant::now() + PATIENCE;
        while self.evaluate(&format!("Boolean({condition})")) != json!(true) {
            let text = || self.value("document.body.innerText");
            assert!(Instant::now() <= until, "it never was so: {condition}\n{}", text());
            std::thread::sleep(Duration::from_millis(40));
        }
    }

    fn middle(&self, element: &str) -> (f64, f64) {
        let at = self.evaluate(&format!(
            "(() => {{ const element = {element}; element.scrollIntoView({{ block: 'center', inline: 'center' }}); \
             const box = element.getBoundingClientRect(); return [box.x + box.width / 2, box.y + box.height / 2]; }})()"
        ));
        (at[0].as_f64().expect("a place"), at[1].as_f64().expect("a place"))
    }

    fn mouse(&self, kind: &str, (x, y): (f64, f64)) {
        let button = json!({ "type": kind, "x": x, "y": y, "button": "left", "buttons": 1, "clickCount": 1 });
        self.call("Input.dispatchMouseEvent", &button);
    }

    fn press(&self, element: &str) {
        self.wait("!document.body.hasAttribute('aria-busy')");
        let at = self.middle(element);
        self.mouse("mousePressed", at);
        self.mouse("mouseReleased", at);
    }

    /// Clicks an element with the mouse, when nothing is under way.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let element = format!("document.querySelector({})", json!(selector));
        self.wait(&element);
        self.press(&element);
    }

    /// Clicks the button with these words.
    #[track_caller]
    pub fn click_button(&self, within: &str, words: &str) {
        let element = format!(
            "[...document.querySelectorAll({})].find((button) => button.textContent === {})",
            json!(format!("{within} button")),
            json!(words)
        );
        self.wait(&element);
        self.press(&element);
    }

    /// Drags one element onto another.
    pub fn drag(&self, from: &str, to: &str) {
        self.wait("!document.body.hasAttribute('aria-busy')");
        let element = |selector: &str| format!("document.querySelector({})", json!(selector));
        let (start, end) = (self.middle(&element(from)), self.middle(&element(to)));
        // Showing the second may have moved the first.
        let start = if start.1 == end.1 { start } else { self.middle(&element(from)) };
        let end = if start.1 == end.1 { end } else { self.middle(&element(to)) };
        self.mouse("mousePressed", start);
        for step in 1..=5 {
            let share = f64::from(step) / 5.0;
            self.mouse(
                "mouseMoved",
                (start.0 + (end.0 - start.0) * share, start.1 + (end.1 - start.1) * share),
            );
        }
        self.mouse("mouseReleased", end);
    }

    /// Presses a key.
    pub fn key(&self, key: &str) {
        self.wait("!document.body.hasAttribute('aria-busy')");
        let code = match key {
            "Enter" => 13,
            "Escape" => 27,
            "ArrowUp" => 38,
            "ArrowDown" => 40,
            other => u32::from(other.to_uppercase().chars().next().expect("a key")),
        };
        for kind in ["rawKeyDown", "keyUp"] {
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Chooses an option of a list.
    pub fn choose(&self, selector: &str, value: &str) {
        self.run(&format!(
            "const list = document.querySelector({}); list.value = {}; list.dispatchEvent(new Event('change'))",
            json!(selector),
            json!(value)
        ));
    }

    /// Gives a file to an input.
    pub fn upload(&self, selector: &str, file: &Path) {
        let root = self.call("DOM.getDocument", &json!({}))["root"]["nodeId"].clone();
        let found = self.call("DOM.querySelector", &json!({ "nodeId": root, "selector": selector }));
        let files = json!({ "files": [file.display().to_string()], "nodeId": found["nodeId"] });
        self.call("DOM.setFileInputFiles", &files);
    }
}

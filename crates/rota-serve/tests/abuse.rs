//! Load and abuse, on loopback. The long ones are left out of the suite; run them with
//! `cargo xtask test -p rota-serve --test abuse -- --ignored --nocapture`, which prints the figures.

mod common;

use common::{read_answer, request, small, solving, start, Running, CODING, WEEK};
use rota_face::question::Kind;
use rota_serve::Caps;
use std::io::{BufReader, Write};
use std::time::{Duration, Instant};

const JSON: (&str, &str) = ("Content-Type", "application/json");
const WAIT: [(&str, &str); 2] = [JSON, ("Prefer", "wait=600")];

/// Bytes of memory that this process has in hand; none where the system does not say.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

fn is_well(running: &Running) {
    running.get("/healthz").is(200);
    running.send("POST", "/v1/solve", &WAIT, &solving(&small("x"))).is(200);
}

#[test]
fn fifty_clients_at_once_are_all_answered() {
    let running = start(Caps { queue: 64, ..Caps::default() }, None);
    let bodies = [solving(&small("x")), solving(WEEK), "{ nothing".to_string(), solving(&small("panic"))];
    let wanted = [200, 200, 400, 500];
    std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50)
            .map(|at| {
                let (running, body) = (&running, &bodies[at % bodies.len()]);
                scope.spawn(move || running.send("POST", "/v1/solve", &WAIT, body).status)
            })
            .collect();
        for (at, asked) in asked.into_iter().enumerate() {
            assert_eq!(asked.join().expect("answered"), wanted[at % wanted.len()], "client {at}");
        }
    });
    is_well(&running);
}

#[test]
fn fifty_clients_and_a_short_queue_are_answered_or_told_to_come_again() {
    let running = start(Caps { jobs: 1, queue: 3, ..Caps::default() }, None);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..50)
            .map(|_| scope.spawn(|| running.send("POST", "/v1/solve", &WAIT, &solving(WEEK)).status))
            .collect();
        asked.into_iter().map(|asked| asked.join().expect("answered")).collect()
    });
    assert!(statuses.iter().all(|status| matches!(status, 200 | 429)), "{statuses:?}");
    assert!(statuses.contains(&200));
    is_well(&running);
}

#[test]
fn a_hundred_megabytes_are_refused_without_being_kept() {
    let running = start(Caps::default(), None);
    is_well(&running);
    let before = memory();
    let piece = vec![b' '; 1_000_000];
    for chunked in [false, true] {
        let mut stream = running.connect();
        let length = if chunked { "Transfer-Encoding: chunked" } else { "Content-Length: 100000000" };
        let head = format!(
            "POST /v1/solve HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n{length}\r\n\r\n",
            running.address
        );
        stream.write_all(head.as_bytes()).expect("it is sent");
        for _ in 0..100 {
            let sent = if chunked {
                let size = format!("{:x}\r\n", piece.len());
                [size.as_bytes(), &piece, b"\r\n"].iter().try_for_each(|part| stream.write_all(part))
            } else {
                stream.write_all(&piece)
            };
            // It may stop reading at any time.
            if sent.is_err() {
                break;
            }
        }
        if chunked {
            let _ = stream.write_all(b"0\r\n\r\n");
        }
        read_answer(&mut BufReader::new(stream)).expect("an answer").refused(413, "serve.size");
    }
    if let (Some(before), Some(after)) = (before, memory()) {
        let grown = after.saturating_sub(before) / 1_000_000;
        println!("two bodies of 100 MB: {grown} MB more in hand");
        assert!(grown < 80, "{grown} MB");
    }
    is_well(&running);
}

#[test]
fn slow_clients_do_not_keep_others_out() {
    let caps = Caps {
        connections: 20,
        head_time: Duration::from_millis(500),
        body_time: Duration::from_millis(500),
        ..Caps::default()
    };
    let running = start(caps, None);
    let address = running.address;
    let head = String::from_utf8(request(address, "POST", "/v1/solve", &[JSON], "")).expect("UTF-8");
    let body = head.replace("Content-Length: 0", "Content-Length: 1000");
    let slow: Vec<_> = (0..60)
        .map(|at| {
            let mut stream = running.connect();
            let sent = if at % 2 == 0 { &head.as_bytes()[..20] } else { body.as_bytes() };
            stream.write_all(sent).expect("it is sent");
            stream
        })
        .collect();
    // All places are taken by those that came first; they are given up one after another.
    is_well(&running);
    drop(slow);
}

#[test]
fn large_bodies_in_hand_are_limited_together() {
    let caps = Caps { body: 100_000, body_time: Duration::from_secs(3600), ..Caps::default() };
    let running = start(caps, None);
    let head = String::from_utf8(request(running.address, "POST", "/v1/solve", &[JSON], "")).expect("UTF-8");
    let head = head.replace("Content-Length: 0", "Content-Length: 100000");
    let part = vec![b' '; 99_000];
    // All but the end of so many bodies: the last are told to come again.
    let mut open: Vec<_> = (0..20)
        .map(|_| {
            let mut stream = running.connect();
            stream.write_all(head.as_bytes()).expect("it is sent");
            let _ = stream.write_all(&part);
            stream.set_read_timeout(Some(Duration::from_millis(100))).expect("a time");
            stream
        })
        .collect();
    let mut refused = 0;
    let begun = Instant::now();
    while refused == 0 && begun.elapsed() < common::PATIENCE {
        refused = 0;
        for stream in &mut open {
            if let Ok(answer) = read_answer(&mut BufReader::new(stream)) {
                answer.refused(429, "serve.bodies");
                refused += 1;
            }
        }
    }
    assert!((1..=10).contains(&refused), "{refused} of 20 were refused");
    drop(open);
    // What they took is given back when they are gone.
    let begun = Instant::now();
    let fits = format!("{{ \"scenario\": {}{} }}", " ".repeat(90_000), small("x"));
    while running.post("/v1/solve", &fits).status != 202 {
        assert!(begun.elapsed() < common::PATIENCE);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn deep_nesting_is_no_harm() {
    let running = start(Caps::default(), None);
    let depth = 100_000;
    let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let deeper = format!("{}1{}", r#"{"not":"#.repeat(depth), "}".repeat(depth));
    let in_note = small("x").replacen('{', &format!(r#"{{ "note": {deep}, "#), 1);
    let in_rule = small("x").replace(r#""at_least": 1"#, &format!(r#""at_least": 1, "who": {deeper}"#));
    let in_place = small("x").replace(r#""at": [0, 0]"#, &format!(r#""at": {deep}"#));
    for kind in Kind::ALL {
        let path = format!("/v1/{}", kind.name());
        for body in [&deep, &deeper, &"[".repeat(depth), &r#"{"scenario":"#.repeat(depth)] {
            let answer = running.post(&path, body);
            assert!(matches!(answer.status, 400 | 422), "{path}: {}", answer.body);
        }
        for scenario in [&deep, &deeper, &in_note, &in_rule, &in_place] {
            let field = if kind == Kind::Capacity { "plan" } else { "scenario" };
            let rest = r#", "roster": { "roster": 1 }, "absent": [], "of": "desks", "distance": [1]"#;
            let body =
                format!(r#"{{ "{field}": {scenario} {} }}"#, if kind == Kind::Solve { "" } else { rest });
            let answer = running.post(&path, &body);
            assert!(matches!(answer.status, 200 | 202 | 400 | 422), "{path}: {}", answer.body);
            assert!(answer.body.len() < 100_000, "{path}: {} bytes", answer.body.len());
        }
        let roster = format!(r#"{{ "scenario": {}, "roster": {deep} }}"#, small("x"));
        let answer = running.post(&path, &roster);
        assert!(matches!(answer.status, 200 | 202 | 400 | 422), "{path}: {}", answer.body);
    }
    is_well(&running);
}

#[test]
fn a_body_of_nothing_but_mistakes_has_a_short_answer() {
    let running = start(Caps::default(), None);
    let many = vec![r#"{ "id": "?", "tag": 1 }"#; 20_000].join(",");
    let scenario = small("x").replace(r#""people": ["#, &format!(r#""people": [ {many}, "#));
    for kind in ["solve", "validate"] {
        let answer = running.post(&format!("/v1/{kind}"), &solving(&scenario));
        assert!(matches!(answer.status, 200 | 422), "{}", answer.status);
        assert!(answer.body.len() < 20_000_000, "{kind}: {} bytes", answer.body.len());
    }
    is_well(&running);
}

#[test]
fn heads_that_are_too_much_are_refused() {
    let running = start(Caps::default(), None);
    for junk in [
        "nonsense\r\n\r\n",
        "GET / HTTP/9.9\r\n\r\n",
        "\u{0}\u{1}\u{2}\r\n\r\n",
        "GET / HTTP/1.1\r\nA B: c\r\n\r\n",
    ] {
        let status = read_answer(&mut BufReader::new({
            let mut stream = running.connect();
            stream.write_all(junk.as_bytes()).expect("it is sent");
            stream
        }));
        assert!(status.map_or(true, |answer| answer.status == 400), "{junk:?}");
    }
    let mut many: Vec<(&str, &str)> = vec![JSON];
    many.extend(std::iter::repeat_n(("X-Extra", "1"), 200));
    assert_eq!(running.send("POST", "/v1/solve", &many, "{}").status, 431);
    let long = "x".repeat(200_000);
    let mut stream = running.connect();
    let _ = stream.write_all(format!("GET /{long} HTTP/1.1\r\n\r\n").as_bytes());
    assert!(
        read_answer(&mut BufReader::new(stream)).map_or(true, |answer| matches!(answer.status, 414 | 431))
    );
    is_well(&running);
}

/// The memory in hand after so many solves, warm-up first.
fn grown(running: &Running, scenario: &str, warm: usize, many: usize) -> (f64, f64, Duration) {
    let solve = |times: usize| {
        for _ in 0..times {
            let answer = running.send("POST", "/v1/solve", &WAIT, &solving(scenario)).is(200);
            assert!(answer.body.contains("\"assignments\""));
        }
    };
    solve(warm);
    let before = memory().expect("the system says how much memory is in hand");
    let begun = Instant::now();
    solve(many);
    let after = memory().expect("the system says how much memory is in hand");
    (before as f64 / 1e6, after as f64 / 1e6, begun.elapsed())
}

#[test]
#[ignore = "takes minutes; see the top of this file"]
fn a_thousand_solves_do_not_grow() {
    let running = start(Caps::default(), None);
    for (name, scenario, warm, many) in
        [("two people", small("x"), 200, 1000), ("clinical_coding", CODING.to_string(), 50, 1000)]
    {
        let (before, after, time) = grown(&running, &scenario, warm, many);
        println!("{name}: {many} solves in {time:.1?}; {before:.1} MB in hand before, {after:.1} MB after");
        assert!(after - before < 20.0, "{name}: {before:.1} MB grew to {after:.1} MB");
    }
}

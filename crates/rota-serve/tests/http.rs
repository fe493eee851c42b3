//! Every route and every status, on loopback. Nothing depends on time: states are asked for until they are there.

mod common;

use common::{
    events, following, read_answer, request, small, solving, start, to_the_end, wait_for, Running, CODING,
    PATIENCE, WEEK,
};
use rota_serve::Caps;
use serde_json::{json, Value};
use std::io::{BufReader, Read, Write};
use std::net::Shutdown;
use std::sync::atomic::Ordering;
use std::time::Duration;

const JSON: (&str, &str) = ("Content-Type", "application/json");
/// Longer than any test waits.
const LONG: Duration = Duration::from_secs(3600);

fn usual() -> Running {
    start(Caps::default(), None)
}

/// One thread for jobs, so that a held job keeps all others waiting.
fn one() -> Caps {
    Caps { jobs: 1, ..Caps::default() }
}

/// A roster of the small scenario, as a document.
fn roster_of_small(running: &Running) -> String {
    let answer = running.send("POST", "/v1/solve", &[JSON, ("Prefer", "wait=100")], &solving(&small("x")));
    answer.is(200).body
}

/// A description's schema of a name.
fn schema(name: &str) -> jsonschema::Validator {
    let mut whole = rota_serve::openapi::document();
    whole["$ref"] = json!(format!("#/components/schemas/{name}"));
    jsonschema::validator_for(&whole).expect("a schema is a schema")
}

#[test]
fn every_question_is_answered_as_the_description_says() {
    let running = usual();
    let scenario = small("x");
    let roster = roster_of_small(&running);
    let with = |rest: &str| format!(r#"{{ "scenario": {scenario}, {rest} }}"#);
    let with_roster = |rest: &str| format!(r#"{{ "scenario": {scenario}, "roster": {roster} {rest} }}"#);
    let asked = [
        ("validate", solving(&scenario), "findings", "FindingsDocument"),
        ("solve", solving(&scenario), "roster", "RosterDocument"),
        ("check", with_roster(""), "check", "CheckDocument"),
        (
            "explain",
            with_roster(r#", "why_not": ["amy:15 June:home"]"#),
            "explanation",
            "ExplanationDocument",
        ),
        ("cover", with_roster(r#", "absent": ["amy:15 June"]"#), "cover", "CoverDocument"),
        ("replan", with_roster(r#", "absent": ["amy:15 June"]"#), "replan", "ReplanDocument"),
        (
            "capacity",
            format!(r#"{{ "plan": {scenario}, "distance": [1.0, 4.0] }}"#),
            "capacity",
            "CapacityDocument",
        ),
        ("size", with(r#""of": "desks""#), "size", "SizeDocument"),
    ];
    for (kind, body, first, name) in asked {
        let answer = running.send("POST", &format!("/v1/{kind}"), &[JSON, ("Prefer", "wait=100")], &body);
        let answer = answer.is(200);
        assert_eq!(answer.header("rota-exit-code"), Some("0"), "{kind}: {}", answer.body);
        let document = answer.json();
        assert_eq!(document.as_object().and_then(|own| own.keys().next()).map(String::as_str), Some(first));
        let wrong: Vec<String> = schema(name).iter_errors(&document).map(|wrong| wrong.to_string()).collect();
        assert!(wrong.is_empty(), "{kind}: {wrong:?}");
    }
    let limit = running.post("/v1/size", &with(r#""of": "desks", "options": { "time_limit": 7 }"#)).is(200);
    assert_eq!(limit.header("rota-time-limit"), Some("7"));
}

#[test]
fn a_solve_is_a_job_whose_document_comes() {
    let running = usual();
    let answer = running.post("/v1/solve", &solving(CODING)).is(202);
    let place = answer.header("location").expect("a place").to_string();
    let first = answer.json();
    let id = first["id"].as_str().expect("a name");
    assert_eq!(place, format!("/v1/jobs/{id}"));
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    let job = running.over(&place);
    assert_eq!((&job["state"], &job["exit_code"]), (&json!("done"), &json!(0)), "{job}");
    assert_eq!(job["document"]["status"], "optimal");
    assert_eq!(job["document"]["musts_kept"], true);
    let wrong: Vec<String> = schema("JobDocument").iter_errors(&job).map(|wrong| wrong.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    let again = running.over(&running.solve(CODING));
    assert_ne!(again["id"], job["id"]);
    assert_eq!(again["document"]["assignments"], job["document"]["assignments"]);
}

#[test]
fn that_nothing_keeps_every_rule_is_an_answer() {
    let running = usual();
    let job = running.over(&running.solve(WEEK));
    assert_eq!((&job["state"], &job["exit_code"]), (&json!("done"), &json!(1)));
    assert_eq!(job["document"]["status"], "impossible");
    assert!(job["document"]["ways_out"].is_array(), "{job}");
    let answer = running.post("/v1/explain", &solving(WEEK)).is(200);
    assert_eq!(answer.header("rota-exit-code"), Some("1"));
}

#[test]
fn a_wait_that_is_over_gives_the_job() {
    let running = usual();
    let wait = [JSON, ("Prefer", "wait=0")];
    let answer = running.send("POST", "/v1/solve", &wait, &solving(&small("hold"))).is(202);
    let place = answer.header("location").expect("a place");
    running.held.open.store(true, Ordering::SeqCst);
    assert_eq!(running.over(place)["state"], "done");
    let answer = running.send("POST", "/v1/size", &[JSON, ("Prefer", "respond-async")], &{
        format!(r#"{{ "scenario": {}, "of": "desks" }}"#, small("x"))
    });
    let job = running.over(answer.is(202).header("location").expect("a place"));
    assert_eq!((&job["kind"], &job["document"]["size"]), (&json!("size"), &json!(1)), "{job}");
}

#[test]
fn events_tell_of_changes_and_end() {
    let running = start(one(), None);
    let place = running.solve(&small("hold"));
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    let waiting = running.solve(&small("x"));
    std::thread::scope(|scope| {
        let told = scope.spawn(|| events(&running, &waiting));
        assert_eq!(running.get(&waiting).is(200).json()["ahead"], 0);
        running.held.open.store(true, Ordering::SeqCst);
        let told = told.join().expect("events are read");
        let (name, last) = told.last().expect("an event");
        assert_eq!((name.as_str(), &last["state"], &last["exit_code"]), ("end", &json!("done"), &json!(0)));
        assert!(last.get("document").is_none(), "{last}");
        assert!(told[..told.len() - 1].iter().all(|(name, _)| name == "progress"), "{told:?}");
    });
    // Of a job that is over, the end alone.
    assert_eq!(running.over(&place)["state"], "done");
    assert_eq!(events(&running, &place).len(), 1);
    let long = running.over(&running.solve(CODING));
    let progress = &long["progress"];
    assert!(progress["elapsed"].as_f64().is_some_and(|seconds| seconds > 0.0), "{progress}");
    assert!(progress["doing"].is_string());
}

#[test]
fn a_job_that_waits_is_cancelled_without_having_begun() {
    let running = start(one(), None);
    let first = running.solve(&small("hold"));
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    let place = running.solve(&small("x"));
    let job = running.send("DELETE", &place, &[], "").is(200).json();
    assert_eq!(job["state"], "cancelled");
    assert!(job.get("document").is_none(), "{job}");
    assert_eq!(running.get(&first).is(200).json()["state"], "running");
    running.held.open.store(true, Ordering::SeqCst);
    assert_eq!(running.over(&first)["state"], "done");
    assert_eq!(running.held.begun.load(Ordering::SeqCst), 1);
}

#[test]
fn a_job_that_runs_is_cancelled_and_keeps_the_best() {
    let running = start(one(), None);
    let place = running.solve(&small("hold"));
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    let job = running.send("DELETE", &place, &[], "").is(202).json();
    assert_eq!((&job["state"], &job["stopping"]), (&json!("running"), &json!(true)));
    let job = running.over(&place);
    assert_eq!(job["state"], "cancelled");
    assert_eq!(job["document"]["roster"], 1, "{job}");
    // What is over stays as it is.
    assert_eq!(running.send("DELETE", &place, &[], "").is(200).json(), job);
    let done = running.over(&running.solve(&small("x")));
    let place = format!("/v1/jobs/{}", done["id"].as_str().expect("a name"));
    assert_eq!(running.send("DELETE", &place, &[], "").is(200).json()["state"], "done");
}

#[test]
fn bodies_that_are_no_json_are_400_and_others_422() {
    let running = usual();
    let post = |body: &str| running.post("/v1/solve", body);
    post("").refused(400, "body.json");
    post("{").refused(400, "body.json");
    post(r#"{ "scenario": {}, }"#).refused(400, "body.json");
    post(r#"{ "scenario": { "scenario": NaN } }"#).refused(400, "body.json");
    post(r#"{ "scenario": { "scenario": -Infinity } }"#).refused(400, "body.json");
    post("null").refused(422, "body.shape");
    post("[]").refused(422, "body.shape");
    post(&format!("[{}]", small("x"))).refused(422, "body.shape");
    let unknown = post(&format!(r#"{{ "scenario": {}, "optoins": {{}} }}"#, small("x")));
    let finding = unknown.refused(422, "body.shape").json()["list"][0].clone();
    assert!(
        finding["line"].is_u64() && finding["message"].as_str().is_some_and(|text| text.contains("optoins"))
    );
    post(&format!(r#"{{ "scenario": {}, "options": {{ "time_limit": -1 }} }}"#, small("x")))
        .refused(422, "options.time_limit");
    for number in ["1e999", "-1e999"] {
        post(&format!(r#"{{ "scenario": {}, "options": {{ "gap": {number} }} }}"#, small("x")))
            .is(400)
            .json();
    }
    let endless = small("x").replace(r#""at": [3, 0]"#, r#""at": [1e999, 0]"#);
    assert_eq!(post(&solving(&endless)).is(422).json()["findings"], 1);
    let wrong = small("x").replace(r#""at_least": 1"#, r#""at_least": 1, "who": { "tag": "recepton" }"#);
    let findings = post(&solving(&wrong)).is(422).json();
    assert_eq!(findings["findings"], 1);
    let finding = &findings["list"][0];
    assert_eq!(finding["pointer"], "/rules/0/headcount/who/tag", "{finding}");
    assert!(finding["line"].is_u64() && finding["column"].is_u64());
    // The same mistake is an answer of `validate`.
    let told = running.post("/v1/validate", &solving(&wrong)).is(200);
    assert_eq!(told.header("rota-exit-code"), Some("2"));
    assert_eq!(told.json()["list"][0], *finding);
    // What stands beside the scenario.
    let cover = format!(r#"{{ "scenario": {}, "absent": ["nobody:mon"] }}"#, small("x"));
    assert_eq!(running.post("/v1/cover", &cover).is(422).json()["findings"], 1);
}

#[test]
fn bodies_in_other_encodings_are_refused() {
    let running = usual();
    let send = |headers: &[(&str, &str)], body: &str| running.send("POST", "/v1/solve", headers, body);
    let body = solving(&small("x"));
    send(&[], &body).refused(415, "serve.type");
    send(&[("Content-Type", "text/plain")], &body).refused(415, "serve.type");
    send(&[("Content-Type", "application/x-www-form-urlencoded")], &body).refused(415, "serve.type");
    send(&[("Content-Type", "application/json; charset=utf-16")], &body).refused(415, "serve.type");
    send(&[JSON, ("Content-Encoding", "gzip")], &body).refused(415, "serve.type");
    send(&[("Content-Type", "Application/JSON; Charset=\"UTF-8\"")], &body).is(202);
    // A mark at the front is no letter of the text.
    send(&[JSON], &format!("\u{feff}{body}")).is(202);
    let mut wide = request(running.address, "POST", "/v1/solve", &[JSON], "");
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = format!("Content-Length: {}", utf16.len());
    wide = String::from_utf8(wide).expect("UTF-8").replace("Content-Length: 0", &length).into_bytes();
    wide.extend_from_slice(&utf16);
    running.raw(&wide).refused(400, "body.encoding");
}

#[test]
fn paths_and_methods_that_are_not_there_are_told() {
    let running = usual();
    running.get("/v1/jobs").refused(404, "serve.path");
    running.get("/v1/jobs/").refused(404, "serve.path");
    running.get("/v1/../../etc/passwd").refused(404, "serve.path");
    running.get("/%2e%2e/Cargo.toml").refused(404, "serve.path");
    let near = running.post("/v1/solv", "{}").refused(404, "serve.path");
    assert_eq!(near.json()["list"][0]["help"], "did you mean `/v1/solve`?");
    running.get("/v1/jobs/00000000000000000000000000000000").refused(404, "serve.job");
    running.get("/v1/jobs/00000000000000000000000000000000/events").refused(404, "serve.job");
    running.send("DELETE", "/v1/jobs/x", &[], "").refused(404, "serve.job");
    running.get("/v1/jobs/%ff").refused(404, "serve.job");
    for (method, path, allowed) in [
        ("GET", "/v1/solve", "POST"),
        ("PUT", "/v1/solve", "POST"),
        ("OPTIONS", "/v1/solve", "POST"),
        ("POST", "/v1/jobs/x", "GET,HEAD,DELETE"),
        ("DELETE", "/", "GET,HEAD"),
        ("POST", "/healthz", "GET,HEAD"),
    ] {
        let answer = running.send(method, path, &[], "").refused(405, "serve.method");
        assert_eq!(answer.header("allow"), Some(allowed), "{method} {path}");
        assert!(answer.header("access-control-allow-origin").is_none());
    }
}

#[test]
fn large_bodies_are_413_told_or_not() {
    let running = start(Caps { body: 5000, ..Caps::default() }, None);
    let large = " ".repeat(5001);
    running.post("/v1/solve", &large).refused(413, "serve.size");
    let chunked = format!(
        "POST /v1/solve HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\
         Connection: close\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
        running.address,
        large.len()
    );
    running.raw(chunked.as_bytes()).refused(413, "serve.size");
    running.post("/v1/solve", &solving(&small("x"))).is(202);
}

#[test]
fn slow_bodies_are_408_and_slow_heads_end() {
    let time = Duration::from_millis(300);
    let running = start(Caps { body_time: time, head_time: time, ..Caps::default() }, None);
    let mut slow = running.connect();
    let head = format!(
        "POST /v1/solve HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        running.address
    );
    slow.write_all(head.as_bytes()).expect("it is sent");
    read_answer(&mut BufReader::new(slow)).expect("an answer").refused(408, "serve.slow");
    for sent in ["", "GET /healthz HTTP/1.1\r\nHo"] {
        let mut slow = running.connect();
        slow.write_all(sent.as_bytes()).expect("it is sent");
        let mut rest = Vec::new();
        // It ends by itself: the time to read would be up long after.
        let _ = slow.read_to_end(&mut rest).expect("it ends");
    }
}

#[test]
fn a_full_queue_is_429_and_empties() {
    let running = start(Caps { queue: 2, ..one() }, None);
    let first = running.solve(&small("hold"));
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    let waiting = [running.solve(&small("x")), running.solve(&small("x"))];
    let full = running.post("/v1/solve", &solving(&small("x"))).refused(429, "serve.full");
    assert!(full.header("retry-after").is_some());
    running.post("/v1/cover", "not even read").refused(429, "serve.full");
    // What takes no searching does not wait.
    running.post("/v1/validate", &solving(&small("x"))).is(200);
    running.send("DELETE", &waiting[0], &[], "").is(200);
    let next = running.solve(&small("x"));
    running.held.open.store(true, Ordering::SeqCst);
    for place in [&first, &waiting[1], &next] {
        assert_eq!(running.over(place)["state"], "done");
    }
}

#[test]
fn a_panic_and_a_disagreement_end_their_job_alone() {
    let running = usual();
    for title in ["panic", "disagree"] {
        let job = running.over(&running.solve(&small(title)));
        assert_eq!(job["state"], "failed", "{title}");
        assert_eq!(job["document"]["list"][0]["code"], "internal");
        assert!(!job.to_string().contains("words of a scenario"), "{job}");
        assert!(job.get("exit_code").is_none());
        running
            .send("POST", "/v1/solve", &[JSON, ("Prefer", "wait=100")], &solving(&small(title)))
            .refused(500, "internal");
    }
    // Where it is answered at once, too.
    let roster = roster_of_small(&running);
    let check = format!(r#"{{ "scenario": {}, "roster": {roster} }}"#, small("panic"));
    running.post("/v1/check", &check).refused(500, "internal");
    assert_eq!(running.over(&running.solve(&small("x")))["state"], "done");
}

#[test]
fn mistakes_found_while_working_fail_the_job() {
    let running = usual();
    let body = format!(r#"{{ "scenario": {}, "absent": ["nobody:mon"] }}"#, small("x"));
    let answer = running.send("POST", "/v1/cover", &[JSON, ("Prefer", "respond-async")], &body).is(202);
    let job = running.over(answer.header("location").expect("a place"));
    assert_eq!((&job["state"], &job["document"]["findings"]), (&json!("failed"), &json!(1)), "{job}");
}

#[test]
fn tenants_see_their_own_jobs_alone() {
    let (one, two) = ("Bearer one-one-one-one-one", "Bearer two-two-two-two-two");
    let running = start(Caps::default(), Some("one-one-one-one-one\ntwo-two-two-two-two\n"));
    let send = |method: &str, path: &str, token: &str, body: &str| {
        let mut headers = vec![JSON];
        if !token.is_empty() {
            headers.push(("Authorization", token));
        }
        running.send(method, path, &headers, body)
    };
    let body = solving(&small("x"));
    for wrong in ["", "Bearer", "Bearer ", "Bearer one-one-one-one-onf", "Basic one-one-one-one-one"] {
        let refused = send("POST", "/v1/solve", wrong, &body).refused(401, "serve.token");
        assert_eq!(refused.header("www-authenticate"), Some("Bearer"));
        send("GET", "/v1/jobs/x", wrong, "").refused(401, "serve.token");
    }
    let answer = send("POST", "/v1/solve", one, &body).is(202);
    let place = answer.header("location").expect("a place");
    for method in ["GET", "DELETE"] {
        send(method, place, two, "").refused(404, "serve.job");
    }
    send("GET", &format!("{place}/events"), two, "").refused(404, "serve.job");
    send("GET", place, one, "").is(200);
    send("GET", place, &one.replace("Bearer", "bearer"), "").is(200);
    // These say nothing of anybody.
    for path in ["/healthz", "/openapi.json", "/"] {
        running.get(path).is(200);
    }
    // Behind a token any name will do: another site cannot know it.
    let named = [("Authorization", one), ("Host", "rota.example.org")];
    running.send("GET", place, &named, "").is(200);
}

#[test]
fn other_sites_may_not_use_it() {
    let running = usual();
    let own = running.address.to_string();
    let port = running.address.port();
    let get = |headers: &[(&str, &str)]| running.send("GET", "/v1/jobs/x", headers, "");
    for host in
        ["rota.example.org", "127.0.0.1.example.org", "192.168.1.7:8787", "", "localhost.example.org:80"]
    {
        get(&[("Host", host)]).refused(403, "serve.host");
    }
    for host in ["localhost", "LOCALHOST:99", "127.0.0.1", "127.0.0.2:1", "[::1]:8787", &own] {
        get(&[("Host", host)]).refused(404, "serve.job");
    }
    for origin in ["http://example.org", "null", "https://127.0.0.1", "http://127.0.0.1:1", "file://"] {
        get(&[("Origin", origin)]).refused(403, "serve.origin");
    }
    get(&[("Origin", &format!("http://{own}"))]).refused(404, "serve.job");
    let local = format!("localhost:{port}");
    get(&[("Origin", &format!("http://{local}")), ("Host", &local)]).refused(404, "serve.job");
    for site in ["cross-site", "same-site"] {
        get(&[("Sec-Fetch-Site", site)]).refused(403, "serve.origin");
    }
    get(&[("Sec-Fetch-Site", "same-origin")]).refused(404, "serve.job");
}

#[test]
fn the_page_and_the_description_are_served_and_safe() {
    let running = usual();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
        ("/openapi.json", "application/json"),
        ("/healthz", "application/json"),
    ] {
        let answer = running.get(path).is(200);
        assert_eq!(answer.header("content-type"), Some(kind));
        assert!(!answer.body.is_empty());
    }
    assert_eq!(running.get("/openapi.json").body, rota_serve::openapi::text());
    for path in ["/", "/nowhere", "/v1/jobs/x"] {
        let answer = running.get(path);
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'self';") && !policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
    }
    let page = running.get("/").body;
    assert!(!page.contains("http://") && !page.contains("https://"), "the page asks nobody else");
}

#[test]
fn time_and_people_are_capped_and_it_is_said() {
    let running = start(Caps { time: Duration::from_secs(9), people: 2, ..Caps::default() }, None);
    for (asked, given) in [("null", 9.0), ("1e6", 9.0), ("3.5", 3.5)] {
        let body = format!(r#"{{ "scenario": {}, "options": {{ "time_limit": {asked} }} }}"#, small("x"));
        let job = running.post("/v1/solve", &body).is(202).json();
        assert_eq!(job["time_limit"], given);
    }
    let many = small("x").replace(r#"{ "id": "amy" }"#, r#"{ "id": "amy" }, { "id": "cara" }"#);
    let refused = running.post("/v1/solve", &solving(&many)).refused(422, "serve.people");
    assert_eq!(refused.json()["list"][0]["pointer"], "/people");
}

#[test]
fn results_are_let_go_after_a_while_and_when_there_are_too_many() {
    let running = start(Caps { keep: Duration::ZERO, ..Caps::default() }, None);
    let place = running.solve(&small("x"));
    wait_for(|| running.get(&place).status == 404);
    let running = start(Caps { kept_bytes: 1, keep: LONG, ..one() }, None);
    let first = running.solve(&small("x"));
    running.over(&first);
    let second = running.solve(&small("x"));
    running.over(&second);
    running.get(&first).refused(404, "serve.job");
    running.get(&second).is(200);
}

#[test]
fn who_waits_and_goes_away_has_nothing_done_for_them() {
    let running = start(one(), None);
    let body = format!(r#"{{ "scenario": {}, "of": "desks" }}"#, small("hold"));
    let mut asker = running.connect();
    let text = request(running.address, "POST", "/v1/size", &[JSON], &body);
    asker.write_all(&text).expect("it is sent");
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    asker.shutdown(Shutdown::Both).expect("it is open");
    drop(asker);
    // The gate is still shut: only cancelling ends it.
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 0);
    assert_eq!(running.over(&running.solve(&small("x")))["state"], "done");
}

#[test]
fn an_end_cancels_jobs_and_answers_who_waits() {
    let mut running = start(one(), None);
    let place = running.solve(&small("hold"));
    wait_for(|| running.held.holds.load(Ordering::SeqCst) == 1);
    let queued = running.solve(&small("x"));
    let followed = [&place, &queued].map(|place| following(&running, place));
    let mut asker = running.connect();
    let wait = [JSON, ("Prefer", "wait=3000")];
    asker
        .write_all(&request(running.address, "POST", "/v1/solve", &wait, &solving(&small("x"))))
        .expect("it is sent");
    // The asker's job waits when another comes behind two.
    wait_for(|| {
        let last = running.post("/v1/solve", &solving(&small("x"))).is(202);
        let ahead = last.json()["ahead"].as_u64();
        running.send("DELETE", last.header("location").expect("a place"), &[], "").is(200);
        ahead == Some(2)
    });
    running.stop.stop();
    read_answer(&mut BufReader::new(asker)).expect("an answer").refused(503, "serve.stopping");
    for told in followed {
        let told = to_the_end(told);
        let (name, last) = told.last().expect("an event");
        assert_eq!((name.as_str(), &last["state"]), ("end", &json!("cancelled")));
    }
    let begun = std::time::Instant::now();
    running.end();
    assert!(begun.elapsed() < PATIENCE);
    assert!(std::net::TcpStream::connect(running.address).is_err());
}

#[test]
fn nothing_else_than_a_description_names_a_job() {
    // There is no list, and names do not count up.
    let running = usual();
    let names: Vec<Value> = (0..4)
        .map(|_| running.post("/v1/solve", &solving(&small("x"))).is(202).json()["id"].clone())
        .collect();
    for (at, name) in names.iter().enumerate() {
        assert!(!names[at + 1..].contains(name));
        let near = |other: &Value| {
            let (one, other) = (name.as_str().expect("text"), other.as_str().expect("text"));
            one.bytes().zip(other.bytes()).filter(|(one, other)| one == other).count()
        };
        // Of 32 letters two share 2 by chance, hardly ever 16.
        assert!(names[at + 1..].iter().all(|other| near(other) < 16), "{names:?}");
    }
}

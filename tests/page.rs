//! The page for managers, in a headless Chromium where there is one: named by `CHROMIUM`, or found as `chromium` or
//! `google-chrome`. It is driven through the browser's own protocol over a pipe, so that nothing but the browser is needed.

#[path = "common/browser.rs"]
mod browser;
mod common;
#[path = "common/service.rs"]
mod service;

use browser::Page;
use common::{project, rota_in};
use serde_json::json;
use service::Service;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

/// The browser, or nothing where there is none, said loudly.
fn page(service: &Service) -> Option<Page> {
    let Some(program) = browser::find() else {
        // Straight to standard error: what is printed by a test that passes is not shown.
        let words =
            "\n*** SKIPPED: there is no Chromium here; name one with CHROMIUM=/path/to/chromium ***\n";
        std::io::stderr().write_all(words.as_bytes()).expect("standard error is open");
        return None;
    };
    let page = Page::open(&program, &service.url("/"));
    page.wait("document.querySelector('#tab-Start')?.getAttribute('aria-selected') === 'true'");
    Some(page)
}

/// The team that `rota init` writes, as a workbook.
fn team(folder: &Path) -> std::path::PathBuf {
    rota_in(folder, &["init", "--workbook", "-o", "team.xlsx"]).exits(0);
    folder.join("team.xlsx")
}

fn saved(folder: &Path, ending: &str) -> Vec<u8> {
    let until = Instant::now() + Duration::from_secs(60);
    loop {
        let files = fs::read_dir(folder).expect("the folder reads").map(|file| file.expect("a file").path());
        let found = files.into_iter().find(|path| path.extension().is_some_and(|own| own == ending));
        if let Some(bytes) = found.and_then(|path| fs::read(path).ok()).filter(|bytes| !bytes.is_empty()) {
            return bytes;
        }
        assert!(Instant::now() < until, "no file .{ending} was saved");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn from_a_workbook_to_a_roster_that_is_changed_covered_and_saved() {
    let service = Service::start(&[]);
    let Some(page) = page(&service) else { return };
    let folder = tempfile::tempdir().expect("a folder");
    page.upload("#file", &team(folder.path()));
    page.wait("document.querySelectorAll('#view-People tbody tr').length === 6");
    page.click("#solve");
    page.wait("document.querySelector('#verdict')?.textContent.includes('proved')");
    assert!(page.text("#verdict").starts_with("Every must rule is kept."), "{}", page.text("#verdict"));

    // By keyboard: into the grid, to a visit, and its reasons.
    page.run("document.querySelector('[role=gridcell][tabindex=\"0\"]').focus()");
    page.key("ArrowDown");
    page.key("ArrowUp");
    page.run("document.querySelector('[data-person=dev].in').focus()");
    page.key("Enter");
    page.wait("document.querySelector('#day').open");
    assert!(page.text("#reasons").contains("Works on site only"), "{}", page.text("#reasons"));
    page.key("Escape");
    page.wait("!document.querySelector('#day').open");
    assert_eq!(page.value("document.activeElement.getAttribute('role')"), "gridcell");

    page.click("[data-person=amy].in");
    page.wait("document.querySelector('#reasons h3')?.textContent === 'Needed for'");
    page.click_button("#day", "Why not at home?");
    page.wait("document.querySelector('#why-not .verdict')");
    assert!(page.text("#why-not").contains("First aid at work"), "{}", page.text("#why-not"));
    page.click_button("#day", "Change to home");
    page.wait("document.querySelector('#news .bad')");
    assert!(page.text("#news").contains("that must be kept"), "{}", page.text("#news"));
    assert!(page.text("#verdict").starts_with("Not all rules are kept"), "{}", page.text("#verdict"));
    page.click("#undo");
    page.wait("document.querySelector('#verdict').textContent.startsWith('Every must rule is kept.')");

    // A visit dragged to another day of the same person.
    let from = "[data-person=femi].in";
    let before = page.text("[data-person=femi][data-on=\"2026-12-10\"]");
    page.drag(from, "[data-person=femi][data-on=\"2026-12-10\"]");
    page.wait("document.querySelector('#undo')?.textContent.includes('swapped')");
    assert_ne!(page.text("[data-person=femi][data-on=\"2026-12-10\"]"), before);
    page.click("#undo");
    page.wait("!document.querySelector('#undo')");

    // A lock stays when it is solved again.
    page.run("document.querySelector('[data-person=cara][data-on=\"2026-12-09\"]').focus()");
    page.key("l");
    page.wait(
        "document.querySelector('[data-person=cara][data-on=\"2026-12-09\"]').textContent.includes('*')",
    );

    // Dev is away on the first day: somebody is asked, and takes it.
    page.choose("#absence-form select", "dev");
    page.click_button("#absence-form", "Add this absence");
    page.click("#ask-cover");
    page.wait("document.querySelector('.choice .message')");
    assert!(
        page.text(".choice .message").contains("Could you come in on Mon 7 December"),
        "{}",
        page.text(".choice")
    );
    page.click(".choice .take");
    page.wait("document.querySelector('#undo')?.textContent.includes('will cover')");
    assert_eq!(page.text("[data-person=dev][data-on=\"2026-12-07\"] .sign"), "-");

    page.click("[data-to=xlsx]");
    assert!(saved(page.downloads(), "xlsx").starts_with(b"PK"), "a workbook was saved");
    page.click("[data-to=html]");
    let html = String::from_utf8(saved(page.downloads(), "html")).expect("UTF-8");
    assert!(
        html.contains("Cara Singh") && !html.contains("Nobody is away from the team"),
        "what may be shared alone"
    );
    page.click("[data-to=ics]");
    assert!(saved(page.downloads(), "zip").starts_with(b"PK"), "calendars were saved");
    page.is_clean();
}

#[test]
fn names_that_are_markup_are_texts() {
    let service = Service::start(&[]);
    let Some(page) = page(&service) else { return };
    let name = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">";
    let scenario = json!({
        "scenario": 1, "title": name, "calendar": { "from": "2020-06-15", "to": "2020-06-16" },
        "people": [ { "id": "amy", "name": name, "team": name, "away": [ { "on": "2020-06-16", "why": "canary reason" } ] },
                    { "id": "ben" } ],
        "rules": [ { "id": "one", "headcount": { "at_least": 1 }, "because": name } ]
    });
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("team.json");
    fs::write(&file, scenario.to_string()).expect("it is written");
    page.upload("#file", &file);
    page.wait("document.querySelectorAll('#view-People tbody tr').length === 2");
    page.click("#tab-Rules");
    page.wait("document.querySelector('.rule')");
    page.click("#solve");
    page.wait("document.querySelector('#grid')");
    page.click("#grid td.in");
    page.wait("document.querySelector('#day').open");
    assert!(page.text("#reasons").contains("<script>"), "{}", page.text("#reasons"));
    assert_eq!(page.value("document.title"), "Rota");
    assert_eq!(page.value("String(document.querySelectorAll('img, script:not([src])').length)"), "0");
    // Why somebody is away is not shown where the roster is.
    assert_eq!(
        page.value("String(document.querySelector('#view-Roster').textContent.includes('canary'))"),
        "false"
    );
    page.is_clean();
}

#[test]
fn mistakes_are_at_their_cells_and_a_clash_has_ways_out() {
    let service = Service::start(&[]);
    let Some(page) = page(&service) else { return };
    page.upload("#file", &project("fixtures/clinical_coding_week/scenario.json"));
    page.wait("document.querySelectorAll('#view-People tbody tr').length === 8");
    page.click("#tab-Rules");
    page.wait("document.querySelector('.rule')");
    let who = "[...document.querySelectorAll('.rule')].flatMap((card) => [...card.querySelectorAll('input')]).find((input) => input.value === 'validator')";
    page.run(&format!("const input = {who}; input.id = 'wrong'; input.value = 'validatr'; input.dispatchEvent(new Event('change'))"));
    page.wait("document.querySelector('#wrong').getAttribute('aria-invalid') === 'true'");
    assert!(page.text("#team-state").contains("Did you mean “validator”?"), "{}", page.text("#team-state"));
    assert_eq!(page.value("String(document.querySelector('#solve').disabled)"), "true");
    page.run("const input = document.querySelector('#wrong'); input.value = 'validator'; input.dispatchEvent(new Event('change'))");
    page.wait("!document.querySelector('#solve').disabled");
    page.click("#solve");
    page.wait("document.querySelectorAll('#clash .way').length === 4");
    assert!(
        page.text("#clash").contains("Jo Lee works at home only on Fri 26 June"),
        "{}",
        page.text("#clash")
    );
    page.click("#clash .take");
    page.wait("document.querySelector('#verdict')?.textContent.startsWith('Every rule is kept.')");
    page.is_clean();
}

#[test]
fn the_token_is_asked_for_and_kept_in_memory_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let token = "a-token-of-more-than-thirty-two-signs-0123456789";
    let file = folder.path().join("tokens");
    fs::write(&file, format!("{token}\n")).expect("it is written");
    let service = Service::start(&["--token-file", &file.display().to_string()]);
    let refused = service.send("GET", "/v1/forms", "", b"");
    assert!(refused.starts_with("HTTP/1.1 401"), "{refused}");
    let Some(page) = page(&service) else { return };
    page.wait("document.querySelector('#token-dialog').open");
    page.run(&format!("document.querySelector('#token').value = '{token}'"));
    // The page waits for the token, so nothing but this may be pressed.
    page.run("document.querySelector('#token-dialog .main').click()");
    page.click("#example");
    page.wait("document.querySelectorAll('#view-People tbody tr').length === 6");
    assert_eq!(
        page.value("String(localStorage.length + sessionStorage.length + document.cookie.length)"),
        "0"
    );
}

#[test]
fn the_files_of_the_page_are_whole_and_put_nothing_in_as_markup() {
    let service = Service::start(&[]);
    let folder = project("crates/rota-serve/page");
    for file in fs::read_dir(&folder).expect("the folder reads") {
        let path = file.expect("a file").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).expect("UTF-8");
        let served = service.send(
            "GET",
            &if name == "index.html" { "/".to_string() } else { format!("/{name}") },
            "",
            b"",
        );
        assert!(served.starts_with("HTTP/1.1 200") && served.ends_with(&text), "{name} is served");
        assert!(served.to_lowercase().contains("content-security-policy: default-src 'self'"), "{name}");
        assert!(text.lines().count() <= 600, "{name} is long");
        for bad in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "https:",
        ] {
            assert!(!text.contains(bad), "{name} has {bad}");
        }
        for import in text.split("from \"./").skip(1) {
            let to = import.split('"').next().expect("it ends");
            assert!(folder.join(to).is_file(), "{name} imports {to}");
        }
    }
}

#[test]
fn files_are_read_and_written_within_the_caps() {
    let service = Service::start(&["--max-people", "5", "--max-body", "200kB"]);
    let folder = tempfile::tempdir().expect("a folder");
    let book = fs::read(team(folder.path())).expect("it reads");
    let json = "Content-Type: application/json\r\n";
    let many = service.send("POST", "/v1/import", "", &book);
    assert!(many.starts_with("HTTP/1.1 422") && many.contains("serve.people"), "{many}");
    let large = service.send("POST", "/v1/import", "", &vec![b'x'; 300_000]);
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    let none = service.send("POST", "/v1/import", "", b"not a workbook");
    assert!(none.starts_with("HTTP/1.1 200") && none.contains("import.kind"), "{none}");

    let scenario = json!({ "scenario": 1, "title": "A\r\nB: \"c\"/../d", "calendar": { "from": "2020-06-15", "to": "2020-06-15" },
        "people": [ { "id": "amy" } ] });
    let body = json!({ "scenario": scenario, "roster": "person,on,place\namy,2020-06-15,home\n", "to": "csv", "made": "2020-06-12" });
    let untyped = service.send("POST", "/v1/export", "", body.to_string().as_bytes());
    assert!(untyped.starts_with("HTTP/1.1 415"), "{untyped}");
    let given = service.send("POST", "/v1/export", json, body.to_string().as_bytes());
    assert!(
        given.contains("content-disposition: attachment; filename=\"A B c d roster.csv\"\r\n"),
        "{given}"
    );
    assert!(given.contains("amy,2020-06-15,home"), "{given}");
    let wrong = json!({ "scenario": { "scenario": 1 }, "roster": {}, "to": "csv", "made": "2020-06-12" });
    let refused = service.send("POST", "/v1/export", json, wrong.to_string().as_bytes());
    assert!(refused.starts_with("HTTP/1.1 422") && refused.contains("field.missing"), "{refused}");
    let workbook =
        service.send("POST", "/v1/workbook", json, json!({ "scenario": scenario }).to_string().as_bytes());
    assert!(workbook.contains("filename=\"A B c d.xlsx\""), "{workbook}");
}

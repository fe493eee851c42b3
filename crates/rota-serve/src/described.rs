//! The description of what is asked beside the questions: see [`crate::aside`].

use rota_face::beside::{Beside, ExportBody, FreeBody, WorkbookBody};
use rota_face::books::{ImportDocument, SheetsBody};
use rota_face::forms::FormsDocument;
use rota_io::free::FreeDocument;
use schemars::generate::SchemaGenerator;
use schemars::JsonSchema;
use serde_json::{json, Map, Value};

/// Workbooks.
const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const STATUSES: [&str; 9] = ["400", "401", "403", "405", "408", "413", "415", "422", "500"];

fn schema<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

/// Adds the paths.
pub fn paths(paths: &mut Map<String, Value>, schemas: &mut SchemaGenerator) {
    for kind in Beside::ALL {
        let (asked, content, summary) = match kind {
            Beside::Workbook => {
                (schema::<WorkbookBody>(schemas), files(&[WORKBOOK]), "A scenario as a workbook")
            }
            Beside::Export => (
                schema::<ExportBody>(schemas),
                files(&[
                    WORKBOOK,
                    "text/html",
                    "text/calendar",
                    "application/zip",
                    "text/csv",
                    "application/json",
                ]),
                "A roster as a file; all but the JSON hold only what may be shared",
            ),
            Beside::Free => (
                schema::<FreeBody>(schemas),
                json!({ "application/json": { "schema": schema::<FreeDocument>(schemas) } }),
                "Which desks and seats are free on a day",
            ),
        };
        let body = json!({ "application/json": { "schema": asked } });
        paths.insert(
            format!("/v1/{}", kind.name()),
            json!({ "post": question(kind.name(), summary, &body, &content) }),
        );
    }
    let anything = json!({ "type": "string", "format": "binary" });
    let body = json!({
        "application/json": { "schema": { "anyOf": [schema::<rota_rules::Scenario>(schemas), schema::<SheetsBody>(schemas)] } },
        WORKBOOK: { "schema": anything },
        "application/octet-stream": { "schema": anything },
    });
    let content = json!({ "application/json": { "schema": schema::<ImportDocument>(schemas) } });
    let summary =
        "A scenario from a workbook, from JSON or from sheets as JSON; mistakes are part of the answer";
    paths.insert("/v1/import".to_string(), json!({ "post": question("import", summary, &body, &content) }));
    let content = json!({ "application/json": { "schema": schema::<FormsDocument>(schemas) } });
    let mut forms = json!({
        "operationId": "forms",
        "summary": "The sheets of a scenario with their columns, and the rules with their fields",
        "responses": { "200": { "description": "Sheets and rules", "content": content } },
    });
    refusals(&mut forms, &["401", "403", "405"]);
    paths.insert("/v1/forms".to_string(), json!({ "get": forms }));
}

fn files(kinds: &[&str]) -> Value {
    let kinds = kinds
        .iter()
        .map(|kind| ((*kind).to_string(), json!({ "schema": { "type": "string", "format": "binary" } })));
    Value::Object(kinds.collect())
}

fn question(name: &str, summary: &str, body: &Value, content: &Value) -> Value {
    let mut question = json!({
        "operationId": name,
        "summary": summary,
        "requestBody": { "required": true, "content": body },
        "responses": { "200": { "description": "The answer; a file has its name in `Content-Disposition`", "content": content } },
    });
    refusals(&mut question, &STATUSES);
    question
}

fn refusals(question: &mut Value, statuses: &[&str]) {
    for status in statuses {
        question["responses"][*status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
}

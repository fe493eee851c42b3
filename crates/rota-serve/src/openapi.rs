//! The description of the service (`OpenAPI` 3.1), made of the same types that read and write the bodies.
//!
//! `ROTA_UPDATE=1 cargo xtask test -p rota-serve --test openapi` writes the committed one anew.

use crate::job_document::JobDocument;
use rota_face::question::{
    CapacityBody, CheckBody, CoverBody, ExplainBody, Kind, ReplanBody, SizeBody, SolveBody, ValidateBody,
};
use rota_io::document::{CheckDocument, FindingsDocument, RosterDocument};
use rota_io::explanation::ExplanationDocument;
use rota_io::{CapacityDocument, CoverDocument, ReplanDocument, SizeDocument};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::JsonSchema;
use serde_json::{json, Map, Value};

/// Where the schemas stand in the description.
const SCHEMAS: &str = "/components/schemas";

const ABOUT: &str = "On-site rotas that keep every hard rule, are proved good, and explain themselves. \
`POST /v1/solve` is answered with a job; every other question with its document, unless `Prefer: respond-async` asks for a job \
or `Prefer: wait=SECONDS` for one after that time. That no roster keeps every rule is an answer (200), not an error. Every \
error is a findings document. Nothing of a question is written anywhere; jobs are not listed, and their results are let go \
after a while. New optional fields may be added to every document.";

/// The description.
pub fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = SCHEMAS.into();
        settings.meta_schema = None;
    });
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for kind in Kind::ALL {
        paths.insert(format!("/v1/{}", kind.name()), json!({ "post": question(kind, &mut schemas) }));
    }
    crate::described::paths(&mut paths, &mut schemas);
    let job = schema::<JobDocument<'static>>(&mut schemas);
    let findings = schema::<FindingsDocument>(&mut schemas);
    paths.insert("/v1/jobs/{id}".to_string(), of_job(&job));
    paths.insert("/v1/jobs/{id}/events".to_string(), events());
    paths.insert("/healthz".to_string(), health());
    paths.insert("/openapi.json".to_string(), itself());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Rota",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "MIT", "identifier": "MIT" },
        },
        "servers": [{ "url": "http://127.0.0.1:8787", "description": "Where it listens unless told otherwise" }],
        "security": [{}, { "token": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas.take_definitions(true),
            "responses": refusals(&findings),
            "headers": headers(),
            "securitySchemes": {
                "token": {
                    "type": "http", "scheme": "bearer",
                    "description": "A token of the service's --token-file, where it has one. Each sees its own jobs alone.",
                }
            },
        }
    })
}

/// The same as text.
pub fn text() -> String {
    let mut text = serde_json::to_string_pretty(&document()).expect("a description is plain data");
    text.push('\n');
    text
}

fn schema<T: JsonSchema>(schemas: &mut SchemaGenerator) -> Value {
    schemas.subschema_for::<T>().to_value()
}

/// What is asked, what is answered, and in a sentence what it is.
fn kinds(kind: Kind, schemas: &mut SchemaGenerator) -> (Value, Value, &'static str) {
    match kind {
        Kind::Validate => (
            schema::<ValidateBody>(schemas),
            schema::<FindingsDocument>(schemas),
            "Every mistake in a scenario, and sums that cannot work",
        ),
        Kind::Solve => {
            (schema::<SolveBody>(schemas), schema::<RosterDocument>(schemas), "The best roster of a scenario")
        }
        Kind::Check => (
            schema::<CheckBody>(schemas),
            schema::<CheckDocument>(schemas),
            "A roster judged, whoever made it",
        ),
        Kind::Explain => (
            schema::<ExplainBody>(schemas),
            schema::<ExplanationDocument>(schemas),
            "Why no roster keeps every rule, or why a roster is as it is",
        ),
        Kind::Cover => (
            schema::<CoverBody>(schemas),
            json!({ "anyOf": [schema::<CoverDocument>(schemas), schema::<RosterDocument>(schemas)] }),
            "Whom to ask when people are away; with `take` the roster of a choice",
        ),
        Kind::Replan => (
            schema::<ReplanBody>(schemas),
            schema::<ReplanDocument>(schemas),
            "A roster mended with the fewest changes",
        ),
        Kind::Capacity => (
            schema::<CapacityBody>(schemas),
            schema::<CapacityDocument>(schemas),
            "How many desks of a plan can be in use at each distance",
        ),
        Kind::Size => (
            schema::<SizeBody>(schemas),
            schema::<SizeDocument>(schemas),
            "How many desks, seats, bays or laptops are needed",
        ),
    }
}

fn question(kind: Kind, schemas: &mut SchemaGenerator) -> Value {
    let (asked, answered, summary) = kinds(kind, schemas);
    let job = schema::<JobDocument<'static>>(schemas);
    let takes_time = !matches!(kind, Kind::Validate | Kind::Check);
    let mut responses = json!({
        "200": {
            "description": "The answer",
            "headers": { "Rota-Exit-Code": { "$ref": "#/components/headers/ExitCode" } },
            "content": { "application/json": { "schema": answered } },
        }
    });
    let told = responses.as_object_mut().expect("it is an object");
    let mut statuses = vec!["400", "401", "403", "405", "408", "413", "415", "422", "429", "500"];
    let mut parameters = Vec::new();
    if takes_time {
        told["200"]["headers"]["Rota-Time-Limit"] = json!({ "$ref": "#/components/headers/TimeLimit" });
        told.insert(
            "202".to_string(),
            json!({
                "description": "A job, which is to be asked for the answer",
                "headers": { "Location": { "$ref": "#/components/headers/Location" } },
                "content": { "application/json": { "schema": job } },
            }),
        );
        statuses.push("503");
        parameters.push(json!({
            "name": "Prefer", "in": "header", "schema": { "type": "string" },
            "description": "`respond-async`: answer with a job. `wait=SECONDS`: wait so long for the answer, then answer with \
                a job. When the asker goes away while waiting, the job is cancelled and forgotten.",
            "example": "wait=30",
        }));
    }
    for status in statuses {
        told.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{status}") }));
    }
    json!({
        "operationId": kind.name(),
        "summary": summary,
        "parameters": parameters,
        "requestBody": { "required": true, "content": { "application/json": { "schema": asked } } },
        "responses": responses,
    })
}

fn refs<const N: usize>(statuses: [&str; N], mut responses: Value) -> Value {
    for status in statuses {
        responses[status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    responses
}

fn of_job(job: &Value) -> Value {
    let content = json!({ "application/json": { "schema": job } });
    let name = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
    json!({
        "parameters": name,
        "get": {
            "operationId": "job",
            "summary": "How a job stands; with the answer when it is there",
            "responses": refs(["401", "403", "404", "405"], json!({
                "200": { "description": "The job", "content": content },
            })),
        },
        "delete": {
            "operationId": "cancel",
            "summary": "Ends a job with the best found so far, which is then its document",
            "responses": refs(["401", "403", "404", "405"], json!({
                "200": { "description": "The job, which is over", "content": content },
                "202": { "description": "The job, which will be over soon", "content": content },
            })),
        },
    })
}

fn events() -> Value {
    json!({
        "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
        "get": {
            "operationId": "events",
            "summary": "Server-sent events: `progress` for each change, some five a second at most, and at last `end`. \
                The data of each is the job without its document. A comment is a sign of life.",
            "responses": refs(["401", "403", "404", "405"], json!({
                "200": {
                    "description": "The events",
                    "content": { "text/event-stream": { "schema": { "type": "string" } } },
                },
            })),
        },
    })
}

fn health() -> Value {
    json!({
        "get": {
            "operationId": "health",
            "summary": "Whether the service runs; needs no token",
            "security": [{}],
            "responses": { "200": {
                "description": "It runs",
                "content": { "application/json": { "schema": {
                    "type": "object", "required": ["health", "ok"],
                    "properties": { "health": { "const": 1 }, "ok": { "const": true } },
                } } },
            } },
        }
    })
}

fn itself() -> Value {
    json!({
        "get": {
            "operationId": "openapi",
            "summary": "This description; needs no token",
            "security": [{}],
            "responses": { "200": {
                "description": "OpenAPI 3.1",
                "content": { "application/json": { "schema": { "type": "object" } } },
            } },
        }
    })
}

/// What is refused, by status; each with the same findings document.
fn refusals(findings: &Value) -> Value {
    let told = [
        ("400", "The body is no JSON, is not UTF-8 or was broken off; or the header Prefer cannot be read"),
        ("401", "No token, or one that the service does not know"),
        ("403", "Asked by a page of another site, or by a name that is not this computer's own"),
        ("404", "No such job, or its result is kept no longer"),
        ("405", "This path does not take this method"),
        ("408", "The body took too long to come"),
        ("413", "The body is too large"),
        ("415", "The body is not said to be JSON"),
        ("422", "Mistakes in what was given, each with its place and what to do; or too many people"),
        ("429", "As many jobs wait as may: ask again later"),
        ("500", "A mistake in rota itself; nothing is given out"),
        ("503", "The service is ending"),
    ];
    let mut all = Map::new();
    for (status, description) in told {
        let mut refusal = json!({
            "description": description,
            "content": { "application/json": { "schema": findings } },
        });
        if matches!(status, "429" | "503") {
            refusal["headers"] = json!({ "Retry-After": { "$ref": "#/components/headers/RetryAfter" } });
        }
        all.insert(status.to_string(), refusal);
    }
    Value::Object(all)
}

fn headers() -> Value {
    json!({
        "ExitCode": {
            "description": "The exit code that the command would give: 0 done, 1 the answer is no, 2 mistakes were found \
                (validate), 4 no answer yet",
            "schema": { "type": "integer", "enum": [0, 1, 2, 4] },
        },
        "TimeLimit": {
            "description": "Seconds the question was given: what it asked for, or the most that the service allows",
            "schema": { "type": "number" },
        },
        "Location": { "description": "Where the job is", "schema": { "type": "string" } },
        "RetryAfter": { "description": "Seconds after which to ask again", "schema": { "type": "integer" } },
    })
}

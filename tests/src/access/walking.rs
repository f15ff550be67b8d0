//! Sending every request and reading every answer.

use std::collections::BTreeSet;

use api::access::{self, Access};
use domain::policy::Action;
use reqwest::Method;

use super::fixture::{Body, fill};
use super::people::{PEOPLE, Target, Walker};
use super::requests::{Request, requests, spare_codes};
use super::shelf::{Shelf, Shelves};
use super::verdict::Verdict;
use crate::{Client, World};

/// What one operation answers about one target, to everybody in the order of [`PEOPLE`].
#[derive(Clone, Debug)]
pub struct Line {
    /// The operation, and the case if there are several.
    pub operation: String,
    /// Whose things: `own household`, `own village` …, `-` where nobody's are named.
    pub target: &'static str,
    /// The answers.
    pub verdicts: Vec<Verdict>,
}

/// Walks through all operations. Answers a line for each operation and target.
///
/// # Errors
/// Everything that is wrong: operations without a fixture, fixtures without an operation, requests
/// that were not understood, answers that contradict `api::access`, 5xx.
pub async fn walk(world: &World) -> Result<Vec<Line>, Vec<String>> {
    let requests = requests()?;
    let (mut tasks, mut shelves) = (Vec::new(), Shelves::new(world));
    for walker in PEOPLE {
        let shelves: Vec<_> =
            Target::ALL.map(|target| (target, shelves.make(*walker, target))).into();
        let client = match walker.key {
            "anonymous" => world.anonymous(),
            key => world.sign_in(key).await,
        };
        let spare = spare_codes(world, &requests);
        let (walker, requests) = (*walker, requests.clone());
        let anonymous = world.anonymous();
        tasks.push(actix_web::rt::spawn(async move {
            Walk { walker, client, anonymous, spare, shelves }.through(requests).await
        }));
    }
    let (mut columns, mut faults) = (Vec::new(), Vec::new());
    for task in tasks {
        let (column, told) = task.await.expect("a walk that ends");
        columns.push(column);
        faults.extend(told);
    }
    let lines = lines(&requests, &columns);
    faults.extend(nobody_may(&lines));
    faults.extend(promised_and_not_kept(&lines));
    if faults.is_empty() { Ok(lines) } else { Err(faults) }
}

/// One person on their way.
struct Walk {
    walker: Walker,
    client: Client,
    anonymous: Client,
    spare: Vec<String>,
    shelves: Vec<(Target, Shelf)>,
}

type Column = Vec<(String, Target, Verdict)>;

impl Walk {
    async fn through(mut self, mut requests: Vec<Request>) -> (Column, Vec<String>) {
        // `session_end` ends the walk, so it is the very last.
        requests.sort_by_key(|request| {
            let last = request.operation.id == "session_end";
            (last, request.operation.method == "delete", request.operation.method != "get")
        });
        let (mut column, mut faults) = (Vec::new(), Vec::new());
        for request in &requests {
            for (target, _) in &request.targets {
                match self.ask(request, *target).await {
                    Ok(verdict) => column.push((request.name.clone(), *target, verdict)),
                    Err(why) => faults.push(format!(
                        "{} of {target:?} by {}: {why}",
                        request.name, self.walker.key
                    )),
                }
            }
        }
        (column, faults)
    }

    async fn ask(&mut self, request: &Request, target: Target) -> Result<Verdict, String> {
        let Request { operation, fixture, .. } = request;
        let mut shelf =
            self.shelves.iter().find(|(of, _)| *of == target).expect("a shelf").1.clone();
        let names = fixture.placeholders(&operation.path);
        if names.contains("login_code") {
            shelf.insert("login_code", self.spare.pop().expect("a code"));
        }
        if names.contains("refresh_token") {
            let code = self.spare.pop().expect("a code");
            let spare = self.anonymous.clone().sign_in(&code).await;
            shelf.insert("refresh_token", spare.refresh_token.unwrap_or_default());
        }
        let method: Method = operation.method.to_uppercase().parse().expect("a method");
        let path = fill(&fixture.path_template(&operation.path), &shelf);
        let address =
            1 + PEOPLE.iter().position(|walker| walker.key == self.walker.key).unwrap_or(0);
        let mut built = self
            .client
            .request(method, &path)
            .header("idempotency-key", uuid::Uuid::now_v7().to_string())
            .header("x-forwarded-for", format!("10.0.0.{address}"))
            .header("reading-reason", "quarterly inspection");
        built = match fixture.body {
            Body::Empty => built,
            Body::Json(template) => {
                let text = fill(template, &shelf);
                let body: serde_json::Value =
                    serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
                built.json(&body)
            }
            Body::File(name, content) => {
                let part = reqwest::multipart::Part::bytes(content).file_name(name);
                built.multipart(reqwest::multipart::Form::new().part("file", part))
            }
        };
        let verdict = Verdict::of(&self.client.send(built).await)?;
        self.check(&operation.id, target, verdict)?;
        Ok(verdict)
    }

    /// Whether the answer is one that `api::access` allows.
    fn check(&self, operation: &str, target: Target, verdict: Verdict) -> Result<(), String> {
        let signed_in = self.client.token.is_some();
        let right = match (access::of(operation), verdict) {
            (None, _) => false,
            (Some(Access::Anyone), verdict) => verdict == Verdict::Yes,
            (Some(_), verdict) if !signed_in => verdict == Verdict::SignIn,
            (Some(Access::SignedIn), verdict) => verdict != Verdict::SignIn,
            (Some(Access::Policy(actions)), Verdict::Yes) => self.walker.could(actions, target),
            (Some(Access::Policy(_)), verdict) => verdict != Verdict::SignIn,
        };
        if right { Ok(()) } else { Err(format!("{verdict}, against api::access")) }
    }
}

fn lines(requests: &[Request], columns: &[Column]) -> Vec<Line> {
    let mut lines = Vec::new();
    for request in requests {
        for (target, label) in &request.targets {
            let of = |column: &Column| {
                let here =
                    |(id, of, _): &&(String, Target, Verdict)| *id == request.name && of == target;
                column.iter().find(here).map(|(.., verdict)| *verdict)
            };
            lines.push(Line {
                operation: request.name.clone(),
                target: label,
                verdicts: columns.iter().filter_map(of).collect(),
            });
        }
    }
    lines
}

/// An operation that nobody may call about their own things has a fixture that is wrong.
fn nobody_may(lines: &[Line]) -> Vec<String> {
    let operations: BTreeSet<_> = lines.iter().map(|line| line.operation.as_str()).collect();
    let may = |operation: &str| {
        let mut own = lines.iter().filter(|line| line.operation == operation);
        own.any(|line| line.verdicts.contains(&Verdict::Yes))
    };
    let nobody = operations.into_iter().filter(|operation| !may(operation));
    nobody.map(|operation| format!("{operation}: nobody may; is its fixture right?")).collect()
}

/// Every role that `api::access` names, and so the document, gets a yes somewhere. Who reviews is
/// the rule book's matter: the one in force here gives it to two roles only.
fn promised_and_not_kept(lines: &[Line]) -> Vec<String> {
    let mut faults = Vec::new();
    for (operation, needed) in access::OPERATIONS {
        let Access::Policy(actions) = needed else { continue };
        let by_the_book =
            |action: &&Action| matches!(action, Action::ClaimReview | Action::RatingReview);
        for (role, _) in actions.iter().filter(|a| !by_the_book(a)).flat_map(|a| a.rules()) {
            let Some(column) = PEOPLE.iter().position(|walker| walker.role == Some(*role)) else {
                faults.push(format!("{operation}: nobody walks as {}", role.as_str()));
                continue;
            };
            let of_it = |line: &&Line| {
                line.operation.split_once(':').map_or(&*line.operation, |(id, _)| id) == *operation
            };
            let may = |line: &Line| line.verdicts.get(column) == Some(&Verdict::Yes);
            if !lines.iter().filter(of_it).any(may) {
                faults
                    .push(format!("{operation}: {} never may, against api::access", role.as_str()));
            }
        }
    }
    faults
}

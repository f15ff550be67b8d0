//! The program as its users start it: it serves, keeps its data, survives being killed, stops
//! cleanly, and says what is in the way.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails, in its set-up too")]

use std::io::{BufRead, BufReader, Read};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The program with a home of its own and nothing of the environment's settings.
fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xiangyue"));
    command.env_clear().envs(std::env::vars().filter(|(name, _)| name == "PATH" || name == "HOME"));
    command.current_dir(home).env("XIANGYUE_HOME", home.join("home"));
    command
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

struct Serving {
    child: Child,
    url: String,
}

impl Serving {
    /// Starts it and waits until its greeting is whole.
    fn start(home: &Path) -> Self {
        let port = free_port();
        let mut command = program(home);
        command.env("LISTEN_PORT", port.to_string()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.map(Result::unwrap).any(|line| line.starts_with("Ctrl-C stops it"));
        assert!(ready, "the program ended without a greeting");
        Self { child, url: format!("http://127.0.0.1:{port}") }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    fn wait(&mut self) -> Option<i32> {
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(began.elapsed() < Duration::from_secs(90), "the program does not stop");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Signs in and counts the own sign-ins: one more each time, since the data stays.
    fn sign_ins(&self) -> usize {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let http = reqwest::Client::new();
            let sessions = format!("{}/v1/sessions", self.url);
            let body = serde_json::json!({"code": "demo-villager"});
            let tokens = http.post(&sessions).json(&body).send().await.unwrap();
            let tokens: serde_json::Value = tokens.json().await.unwrap();
            let token = tokens["access_token"].as_str().unwrap();
            let list = http.get(&sessions).bearer_auth(token).send().await.unwrap();
            let list: serde_json::Value = list.json().await.unwrap();
            list["items"].as_array().unwrap().len()
        })
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Whether a Postgres server runs on the home's data.
fn postgres_runs(home: &Path) -> bool {
    let folder = home.join("home/postgres");
    let kept = std::fs::read_to_string(folder.join("location")).unwrap_or_default();
    let place = if kept.trim().is_empty() { folder } else { kept.trim().into() };
    let mut text = String::new();
    let output = Command::new("ps").args(["-eo", "args"]).output().unwrap();
    output.stdout.as_slice().read_to_string(&mut text).unwrap();
    text.lines().any(|line| line.contains("postgres") && line.contains(place.to_str().unwrap()))
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_keeps_its_data_survives_kill_9_and_stops_postgres_on_a_signal() {
    let home = tempfile::tempdir().unwrap();
    let mut first = Serving::start(home.path());
    assert_eq!(first.sign_ins(), 1);
    assert!(postgres_runs(home.path()));
    first.signal("-9");
    first.wait();

    let mut second = Serving::start(home.path());
    assert_eq!(second.sign_ins(), 2);
    second.signal("-TERM");
    assert_eq!(second.wait(), Some(0));
    assert!(!postgres_runs(home.path()));

    let mut third = Serving::start(home.path());
    assert_eq!(third.sign_ins(), 3);
    third.signal("-INT");
    assert_eq!(third.wait(), Some(0));
    assert!(!postgres_runs(home.path()));
}

#[test]
fn a_taken_port_is_told_before_anything_is_started() {
    let home = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let output = program(home.path()).env("LISTEN_PORT", port.to_string()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        told(&output).contains(&format!("port {port} on 127.0.0.1 is taken")),
        "{}",
        told(&output)
    );
    assert!(!home.path().join("home").exists());
}

#[test]
fn a_home_that_cannot_be_written_is_told() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("home"), "a file where the folder should be").unwrap();
    let output = program(home.path()).env("LISTEN_PORT", free_port().to_string()).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("home"), "{}", told(&output));
}

#[test]
fn production_refuses_to_start_with_what_belongs_to_the_demo() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path()).env("XIANGYUE_MODE", "production").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    let told = told(&output);
    for name in ["DEMO_SIGN_IN", "XIANGYUE_SECRET", "WECHAT_APPID", "DATABASE_URL"] {
        assert!(told.contains(name), "{told}");
    }
    let short = program(home.path())
        .args(["--mode=production", "--demo-sign-in=false", "--secret=a-short-secret-9f3"])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&short.stderr);
    assert!(text.contains("32 bytes") && !text.contains("a-short-secret-9f3"), "{text}");
}

#[test]
fn a_database_that_cannot_be_reached_is_told_without_its_password() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path())
        .args(["migrate", "--database-url=postgresql://who:hidden-password@127.0.0.1:1/none"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("cannot be reached"), "{}", told(&output));
    assert!(!told(&output).contains("hidden-password"));
}

#[test]
fn the_committed_document_is_compared_and_a_difference_told() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("openapi.json");
    let printed = program(home.path()).arg("openapi").output().unwrap();
    std::fs::write(&file, &printed.stdout).unwrap();
    let check = |file: &Path| {
        program(home.path()).args(["openapi", "--check"]).arg(file).output().unwrap().status.code()
    };
    assert_eq!(check(&file), Some(0));
    std::fs::write(&file, "{}").unwrap();
    assert_eq!(check(&file), Some(1));
}

#[test]
fn the_tour_plays_the_main_job_to_its_end() {
    let home = tempfile::tempdir().unwrap();
    let output = program(home.path()).arg("tour").output().unwrap();
    let story = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{story}\n{}", told(&output));
    assert!(story.contains("to pay      118.22 yuan"), "{story}");
    // The second act, to its last step.
    for told in [
        "photographs rubbish by the bridge",
        "He clears it away and proves it with a photo; who reported it confirms.",
        "help an old neighbour home",
        "The village claims the deed for her, which then goes the way of every claim.",
        // The third act.
        "The store keeper types the code in and hands it over; the app sends it twice.",
        "One person writes it down, another books it.",
        "The village approves it, the shop says that it is right, the town pays it out of the fund.",
        "The town pays, and the parts are handed out against a name.",
        "shows her star to the credit union",
        "The tour is over: everything came as it should.",
    ] {
        assert!(story.contains(told), "{told:?} is missing: {story}");
    }
}

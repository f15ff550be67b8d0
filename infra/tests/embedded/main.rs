//! The private cluster from outside: what is kept, what is refused, and what happens to it when
//! programs are killed.
//!
//! A program that is to be killed is this test binary run again, playing the part named in
//! `PART` (see `a_program_of_its_own`).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "clippy.toml allows them in tests, but not in the functions tests call"
)]

mod users;

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::{Connection, PgConnection, RunQueryDsl, sql_query};
use infra::embedded::{Binaries, Cluster, Durability, EmbeddedError, Options, Search};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, geteuid};
use tempfile::TempDir;

const PART: &str = "XIANGYUE_TEST_PART";
const HOME: &str = "XIANGYUE_TEST_HOME";

fn quick() -> Options {
    Options { durability: Durability::Relaxed, max_connections: 20, ..Options::default() }
}

/// A folder that every user can enter, below which clusters have their homes.
fn homes() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

fn run(cluster: &Cluster, database: &str, statement: &str) -> diesel::QueryResult<usize> {
    let mut connection = PgConnection::establish(&cluster.url(database)).unwrap();
    sql_query(statement).execute(&mut connection)
}

fn server_of(folder: &Path) -> Pid {
    let file = fs::read_to_string(folder.join("cluster/data/postmaster.pid")).unwrap();
    Pid::from_raw(file.lines().next().unwrap().parse().unwrap())
}

fn lives(pid: Pid) -> bool {
    // A zombie has an empty command line; outside Linux there is no /proc, and no zombie here.
    let zombie = fs::read(format!("/proc/{pid}/cmdline")).is_ok_and(|line| line.is_empty());
    kill(pid, None).is_ok() && !zombie
}

fn within(limit: Duration, what: &str, mut done: impl FnMut() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < limit, "{what} did not happen within {limit:?}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// This binary, to be run as a program that plays `part`.
fn program(part: &str, home: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "a_program_of_its_own", "--ignored", "--nocapture"])
        .env(PART, part)
        .env(HOME, home)
        .stdout(Stdio::piped())
        .stdin(Stdio::null());
    command
}

/// Runs it until its cluster is up; the cluster's folder.
fn begin(part: &str, home: &Path) -> (Child, PathBuf) {
    let mut child = program(part, home).process_group(0).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let folder = lines
        .map_while(Result::ok)
        .find_map(|line| Some(PathBuf::from(line.split_once("cluster in ")?.1)));
    (child, folder.expect("the program started its cluster"))
}

#[test]
#[ignore = "other tests run it, as a program of its own"]
fn a_program_of_its_own() {
    let Ok(part) = std::env::var(PART) else { return };
    let home = PathBuf::from(std::env::var_os(HOME).unwrap());
    let cluster = match part.as_str() {
        "kept" => Cluster::start(&home, &Options { durability: Durability::Full, ..quick() }),
        "disposable" => Cluster::start_disposable(&quick()),
        "download" => Cluster::start(&home, &Options { search: Search::Download, ..quick() }),
        other => panic!("no part {other}"),
    };
    match cluster {
        Ok(cluster) => {
            run(&cluster, "postgres", "CREATE TABLE IF NOT EXISTS deed ()").unwrap();
            fs::write(cluster.folder().join("url"), cluster.url("postgres")).unwrap();
            println!("cluster in {}", cluster.folder().display());
            std::thread::sleep(Duration::from_secs(120));
        }
        Err(error) => println!("refused: {error}"),
    }
}

#[test]
fn a_kept_cluster_keeps_its_data_between_runs() {
    let homes = homes();
    let options = Options { durability: Durability::Full, ..quick() };
    let cluster = Cluster::start(&homes.path().join("home"), &options).unwrap();
    run(&cluster, "postgres", "CREATE TABLE deed AS SELECT 5 AS points").unwrap();
    let server = server_of(cluster.folder());
    cluster.stop().unwrap();
    assert!(!lives(server));

    let cluster = Cluster::start(&homes.path().join("home"), &options).unwrap();
    assert_eq!(run(&cluster, "postgres", "SELECT FROM deed WHERE points = 5"), Ok(1));
    let off = "SELECT FROM pg_settings WHERE name = 'fsync' AND setting = 'off'";
    assert_eq!(run(&cluster, "postgres", off), Ok(0), "a full cluster syncs");
}

#[test]
fn a_second_program_on_the_same_home_is_refused_and_told_who_has_it() {
    let homes = homes();
    let (mut first, folder) = begin("kept", homes.path());
    let error = Cluster::start(homes.path(), &quick()).unwrap_err();
    assert!(error.to_string().contains(&format!("process {}.", first.id())), "{error}");
    assert!(lives(server_of(&folder)), "the first one's server is left alone");
    first.kill().unwrap();
    first.wait().unwrap();
    Cluster::start(homes.path(), &quick()).unwrap().stop().unwrap();
}

#[test]
fn after_kill_9_of_the_program_the_next_start_takes_over() {
    let homes = homes();
    let (mut program, folder) = begin("kept", homes.path());
    let server = server_of(&folder);
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(lives(server), "the server outlives the program");

    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    assert_eq!(run(&cluster, "postgres", "SELECT FROM deed"), Ok(0), "its table is there");
    assert!(!lives(server), "the old server is gone");
    assert_ne!(server_of(cluster.folder()), server);
}

#[test]
fn after_kill_9_of_the_server_the_next_start_waits_for_its_sessions_and_recovers() {
    let homes = homes();
    let (mut program, folder) = begin("kept", homes.path());
    let mut ask = Command::new(Binaries::find(&Search::Installed).unwrap().program("psql"));
    // A session that works, and so does not notice that its postmaster is gone.
    let busy = "SELECT count(*) FROM generate_series(1, 30000000)";
    let url = fs::read_to_string(folder.join("url")).unwrap();
    let mut session = ask.args(["-c", busy, &url]).spawn().unwrap();
    let children = format!("/proc/{0}/task/{0}/children", server_of(&folder));
    let mut backend = 0;
    within(Duration::from_secs(10), "the session", || {
        let all = fs::read_to_string(&children).unwrap();
        let busy = all.split_whitespace().find(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&line).contains(" SELECT")
        });
        backend = busy.map_or(0, |pid| pid.parse().unwrap());
        backend > 0
    });
    kill(server_of(&folder), Signal::SIGKILL).unwrap();
    program.kill().unwrap();
    program.wait().unwrap();
    assert!(lives(Pid::from_raw(backend)), "the session goes on");
    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    assert!(!lives(Pid::from_raw(backend)), "two servers never write the same data");
    assert_eq!(run(&cluster, "postgres", "SELECT FROM deed"), Ok(0));
    session.wait().unwrap();
}

#[test]
fn ctrl_c_at_the_terminal_does_not_reach_the_server() {
    let homes = homes();
    let (mut program, folder) = begin("kept", homes.path());
    let server = server_of(&folder);
    // The terminal signals the program's whole group. With KILL, as a background job ignores INT.
    killpg(Pid::from_raw(program.id().cast_signed()), Signal::SIGKILL).unwrap();
    program.wait().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    assert!(lives(server));
    drop(Cluster::start(homes.path(), &quick()).unwrap());
    assert!(!lives(server));
}

#[test]
fn a_stale_pid_file_does_not_hinder_a_start() {
    let homes = homes();
    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    let folder = cluster.folder().to_owned();
    cluster.stop().unwrap();
    // After a restart of the machine, the number in the file may be any process of that user's.
    let owner = fs::metadata(folder.join("cluster")).unwrap();
    let mut sleep = Command::new("sleep");
    sleep.arg("60").current_dir("/");
    if geteuid().is_root() {
        sleep.uid(owner.uid()).gid(owner.gid());
    }
    let mut stranger = sleep.spawn().unwrap();
    let data = folder.join("cluster/data");
    let run = folder.join("cluster/run");
    let text =
        format!("{}\n{}\n1700000000\n5432\n{}\n\n", stranger.id(), data.display(), run.display());
    let pid_file = data.join("postmaster.pid");
    fs::write(&pid_file, text).unwrap();
    fs::set_permissions(&pid_file, Permissions::from_mode(0o644)).unwrap();

    Cluster::start(homes.path(), &quick()).unwrap().stop().unwrap();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger is left alone");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn an_initdb_cut_short_is_begun_anew() {
    let homes = homes();
    let home = homes.path().join("home");
    let cluster = home.join("postgres/cluster");
    let partial = || {
        let mut entries = fs::read_dir(&cluster).into_iter().flatten().flatten();
        entries.any(|entry| entry.file_name().to_string_lossy().starts_with("partial-"))
    };
    let mut child = program("kept", &home).spawn().unwrap();
    within(Duration::from_secs(20), "initdb", partial);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(partial() && !cluster.join("data").exists());
    Cluster::start(&home, &quick()).unwrap();
    within(Duration::from_secs(20), "the end of the orphan", || {
        // It may have been writing at the second start. The third finds it ended.
        drop(Cluster::start(&home, &quick()).unwrap());
        !partial()
    });
}

#[test]
fn a_home_that_cannot_be_written_is_named() {
    let homes = homes();
    let file = homes.path().join("file");
    fs::write(&file, "").unwrap();
    let error = Cluster::start(&file.join("home"), &quick()).unwrap_err().to_string();
    assert!(error.contains(&format!("{}", file.join("home").display())), "{error}");

    if !geteuid().is_root() {
        fs::set_permissions(homes.path(), Permissions::from_mode(0o555)).unwrap();
        let error = Cluster::start(&homes.path().join("home"), &quick()).unwrap_err().to_string();
        fs::set_permissions(homes.path(), Permissions::from_mode(0o755)).unwrap();
        assert!(error.contains("home: Permission denied"), "{error}");
    }
}

#[test]
fn data_of_another_major_version_is_refused_and_left_alone() {
    let homes = homes();
    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    let version = cluster.folder().join("cluster/data/PG_VERSION");
    cluster.stop().unwrap();
    fs::write(&version, "9\n").unwrap();
    let options = Options { search: Search::Installed, ..quick() };
    let error = Cluster::start(homes.path(), &options).unwrap_err();
    assert!(matches!(error, EmbeddedError::OtherMajor { major: 9, .. }), "{error}");
    assert!(error.to_string().contains("Install Postgres 9"), "{error}");
    assert_eq!(fs::read_to_string(version).unwrap(), "9\n");
}

#[test]
fn a_server_that_does_not_start_shows_its_log() {
    let settings = vec![("shared_buffers".to_owned(), "plenty".to_owned())];
    let error = Cluster::start_disposable(&Options { settings, ..quick() }).unwrap_err();
    let said = "invalid value for parameter \"shared_buffers\"";
    assert!(error.to_string().contains(said), "{error}");
}

#[test]
fn a_disposable_cluster_goes_when_it_is_dropped() {
    let cluster = Cluster::start_disposable(&quick()).unwrap();
    let (folder, server) = (cluster.folder().to_owned(), server_of(cluster.folder()));
    let off = "SELECT FROM pg_settings WHERE name = 'fsync' AND setting = 'off'";
    assert_eq!(run(&cluster, "postgres", off), Ok(1));
    drop(cluster);
    assert!(!folder.exists() && !lives(server));
}

#[test]
fn a_disposable_cluster_goes_when_its_owner_is_killed() {
    let homes = homes();
    let (mut owner, folder) = begin("disposable", homes.path());
    let server = server_of(&folder);
    owner.kill().unwrap();
    owner.wait().unwrap();
    within(Duration::from_secs(20), "the end", || !folder.exists() && !lives(server));
}

#[test]
fn a_home_with_a_long_path_works() {
    let homes = homes();
    let home = homes.path().join("x".repeat(120)).join("a, \"b\" 乡约");
    let cluster = Cluster::start(&home, &quick()).unwrap();
    assert_eq!(run(&cluster, "postgres", "SELECT 1"), Ok(1));
    let url = cluster.url("postgres");
    let folder = url.split_once("@%2Ftmp%2F").unwrap().1.split_once(':').unwrap().0;
    let folder = Path::new("/tmp").join(folder);
    assert_eq!(fs::metadata(&folder).unwrap().mode() & 0o777, 0o700);
    drop(cluster);
    assert!(!folder.exists());
}

#[test]
fn databases_are_created_copied_and_dropped() {
    let cluster = Cluster::start_disposable(&quick()).unwrap();
    cluster.create_database("Template \"1\"").unwrap();
    run(&cluster, "Template \"1\"", "CREATE TABLE deed AS SELECT 1").unwrap();
    cluster.create_database_from_template("copy", "Template \"1\"").unwrap();
    assert_eq!(run(&cluster, "copy", "SELECT FROM deed"), Ok(1));
    let again = cluster.create_database("copy").unwrap_err().to_string();
    assert!(again.contains("database \"copy\" already exists"), "{again}");
    let _session = PgConnection::establish(&cluster.url("copy")).unwrap();
    cluster.drop_database("copy").unwrap();
    assert!(!cluster.has_database("copy").unwrap());
    cluster.drop_database("copy").unwrap();
    let long = cluster.create_database(&"x".repeat(64)).unwrap_err();
    assert!(matches!(long, EmbeddedError::DatabaseName { .. }));
}

#[test]
fn the_server_sorts_and_keeps_time_alike_everywhere() {
    let cluster = Cluster::start_disposable(&quick()).unwrap();
    let expected = [("server_encoding", "UTF8"), ("TimeZone", "UTC"), ("listen_addresses", "")];
    for (name, value) in expected {
        let statement =
            format!("SELECT FROM pg_settings WHERE name = '{name}' AND setting = '{value}'");
        assert_eq!(run(&cluster, "postgres", &statement), Ok(1), "{name}");
    }
    assert_eq!(run(&cluster, "postgres", "SELECT 1 WHERE 'B' < 'a'"), Ok(1));
}

#[test]
fn pgbench_takes_the_address() {
    let cluster = Cluster::start_disposable(&quick()).unwrap();
    let pgbench = cluster.binaries().program("pgbench");
    if !pgbench.exists() {
        eprintln!("not tested: {} is not installed", pgbench.display());
        return;
    }
    let mut command = Command::new(pgbench);
    command.args(["-i", "-q", "-I", "dt", &cluster.url("postgres")]).env("PGPORT", "1");
    assert!(command.status().unwrap().success());
}

#[test]
fn without_a_server_it_says_what_was_tried_and_what_to_install() {
    let empty = homes();
    let search = Search::Folder(empty.path().to_owned());
    let error = Binaries::find(&search).unwrap_err().to_string();
    assert!(error.contains(&format!("{}: has no program postgres", empty.path().display())));
    assert!(error.contains("apt-get install postgresql"), "{error}");
}

#[test]
fn a_download_without_a_network_fails_soon_and_clearly() {
    if geteuid().is_root() {
        // Root's downloads are kept for good. See `an_ordinary_user_has_all_of_this_too`.
        return;
    }
    let homes = homes();
    let began = Instant::now();
    let mut child = program("download", &homes.path().join("home"))
        // Nobody listens there, whether or not this machine has a network.
        .env("HTTPS_PROXY", "http://127.0.0.1:1")
        .env("XDG_CACHE_HOME", homes.path())
        .spawn()
        .unwrap();
    let mut said = String::new();
    child.stdout.take().unwrap().read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(said.contains("refused: no Postgres server of version 14 or newer"), "{said}");
    assert!(
        said.contains("- download from github.com/theseus-rs") && said.contains("HTTPS_PROXY"),
        "{said}"
    );
    assert!(began.elapsed() < Duration::from_secs(60));
    let left = fs::read_dir(homes.path().join("xiangyue")).unwrap().count();
    assert_eq!(left, 0, "nothing half done is left");
}

//! Who runs the server, and who may talk to it: root, the owner of the data, others, an ordinary user.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Command;

use infra::embedded::Cluster;
use nix::unistd::{User, geteuid};
use tempfile::TempDir;

use super::{homes, quick, run, server_of};

/// A home in root's own folder, which the server's account cannot enter.
fn roots_home() -> Option<TempDir> {
    let root = geteuid().is_root().then(|| tempfile::tempdir_in("/root").unwrap());
    if root.is_none() {
        eprintln!("not tested: only root can");
    }
    root
}

#[test]
fn root_keeps_a_cluster_where_its_server_can_enter() {
    let Some(root) = roots_home() else { return };
    let home = root.path().join("first");
    let cluster = Cluster::start(&home, &quick()).unwrap();
    let folder = cluster.folder().to_owned();
    assert!(folder.starts_with("/var/lib/xiangyue"), "{}", folder.display());
    assert_eq!(
        fs::read_to_string(home.join("postgres/location")).unwrap().trim(),
        folder.to_str().unwrap()
    );
    run(&cluster, "postgres", "CREATE TABLE deed ()").unwrap();
    drop(cluster);

    let moved = root.path().join("second");
    fs::rename(&home, &moved).unwrap();
    let cluster = Cluster::start(&moved, &quick()).unwrap();
    assert_eq!(run(&cluster, "postgres", "SELECT FROM deed"), Ok(0), "the data moved along");
    drop(cluster);

    let copy = root.path().join("third/postgres");
    fs::create_dir_all(&copy).unwrap();
    fs::copy(moved.join("postgres/location"), copy.join("location")).unwrap();
    let cluster = Cluster::start(&root.path().join("third"), &quick()).unwrap();
    let other = cluster.folder().to_owned();
    assert_ne!(other, folder, "a copy has data of its own");
    drop(cluster);
    fs::remove_dir_all(folder).unwrap();
    fs::remove_dir_all(other).unwrap();
}

#[test]
fn root_runs_the_server_as_the_owner_of_the_data() {
    if !geteuid().is_root() {
        return;
    }
    let homes = homes();
    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    let folder = cluster.folder().join("cluster");
    assert_ne!(fs::metadata(&folder).unwrap().uid(), 0);
    cluster.stop().unwrap();
    let nobody = User::from_name("nobody").unwrap().unwrap();
    let owner = format!("{}:{}", nobody.uid, nobody.gid);
    assert!(Command::new("chown").arg("-R").arg(owner).arg(&folder).status().unwrap().success());
    let cluster = Cluster::start(homes.path(), &quick()).unwrap();
    let server = fs::metadata(format!("/proc/{}", server_of(cluster.folder()))).unwrap();
    assert_eq!(server.uid(), nobody.uid.as_raw());
}

#[test]
fn another_user_of_the_machine_is_refused() {
    let Some(_) = roots_home() else { return };
    let cluster = Cluster::start_disposable(&quick()).unwrap();
    let nobody = User::from_name("nobody").unwrap().unwrap();
    let psql = cluster.binaries().program("psql");
    let ask = |url: &str| {
        let mut command = Command::new(&psql);
        command.args(["-c", "SELECT 1", url]).current_dir("/");
        command.uid(nobody.uid.as_raw()).gid(nobody.gid.as_raw());
        String::from_utf8(command.output().unwrap().stderr).unwrap()
    };
    let url = cluster.url("postgres");
    assert!(ask(&url).contains("Permission denied"), "the folder is closed");
    for folder in ["cluster", "cluster/run"] {
        let folder = cluster.folder().join(folder);
        fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    }
    let said = ask(&url);
    assert!(said.contains("Peer authentication failed"), "and so is the server: {said}");
}

#[test]
fn an_ordinary_user_has_all_of_this_too() {
    if !geteuid().is_root() {
        // Then every other test here has shown it.
        return;
    }
    let nobody = User::from_name("nobody").unwrap().unwrap();
    let folder = homes();
    let copy = folder.path().join("embedded");
    // Not written by this process: a child that another test is just starting would hold the file
    // open, and a file open for writing cannot be run.
    let exe = std::env::current_exe().unwrap();
    assert!(Command::new("cp").arg(exe).arg(&copy).status().unwrap().success());
    fs::set_permissions(&copy, Permissions::from_mode(0o755)).unwrap();
    let tests = [
        "a_kept_cluster_keeps_its_data_between_runs",
        "a_second_program_on_the_same_home_is_refused_and_told_who_has_it",
        "after_kill_9_of_the_program_the_next_start_takes_over",
        "a_stale_pid_file_does_not_hinder_a_start",
        "an_initdb_cut_short_is_begun_anew",
        "a_home_that_cannot_be_written_is_named",
        "a_disposable_cluster_goes_when_its_owner_is_killed",
        "a_download_without_a_network_fails_soon_and_clearly",
        "pgbench_takes_the_address",
    ];
    let answer = Command::new(copy)
        .arg("--exact")
        .args(tests)
        .current_dir("/")
        .uid(nobody.uid.as_raw())
        .gid(nobody.gid.as_raw())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&answer.stdout);
    assert!(said.contains(&format!("{} passed; 0 failed", tests.len())), "{said}");
}

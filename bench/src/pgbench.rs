//! pgbench with the same statements on the same data with the same number of connections: the limit
//! of what an endpoint can reach.

use std::path::PathBuf;
use std::process::Command;

use infra::embedded::Cluster;

/// A script for pgbench.
pub struct PgBench {
    program: PathBuf,
    url: String,
    script: tempfile::NamedTempFile,
}

impl PgBench {
    /// A script of statements for a database of the cluster.
    pub fn new(cluster: &Cluster, database: &str, script: &str) -> Self {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let program = cluster.binaries().program("pgbench");
        Self { program, url: cluster.url(database), script: file }
    }

    /// Runs it and gives the transactions a second. `defines` are pgbench variables.
    pub fn run(&self, connections: usize, seconds: u64, defines: &[(&str, String)]) -> f64 {
        let mut command = Command::new(&self.program);
        command.args(["-M", "prepared", "-n", "-j", "2"]);
        command.args(["-c", &connections.to_string(), "-T", &seconds.to_string()]);
        for (name, value) in defines {
            command.args(["-D", &format!("{name}={value}")]);
        }
        let output = command.arg("-f").arg(self.script.path()).arg(&self.url).output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let tps = text.lines().find_map(|line| line.strip_prefix("tps = "));
        let tps =
            tps.and_then(|rest| rest.split(' ').next()).and_then(|number| number.parse().ok());
        tps.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)))
    }
}

//! Which Postgres server to use.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::account::Account;
use super::{EmbeddedError, download};

/// The oldest major version the project's SQL is written for.
pub(super) const MAJOR_MIN: u32 = 14;

/// Folders where packages put servers outside PATH: parent, beginning of the name below it, and
/// what follows.
const PACKAGED: [(&str, &str, &str); 6] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql", "bin"),
    ("/usr/local/opt", "postgresql", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
];

/// Where to look for a server.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Search {
    /// What is installed (`pg_config`, PATH, the folders of packages), else a download.
    #[default]
    Anywhere,
    /// Only what is installed.
    Installed,
    /// Only this folder, which has `postgres` and `initdb` in it.
    Folder(PathBuf),
    /// Only a download, or what an earlier one left.
    Download,
}

/// The programs of one server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    folder: PathBuf,
    major: u32,
    version: String,
}

impl Binaries {
    /// The first server of version 14 or newer in the order of [`Search`].
    ///
    /// # Errors
    /// [`EmbeddedError::NoServer`] with every place tried; [`EmbeddedError::NoAccount`] or
    /// [`EmbeddedError::Nameless`] where there is nobody to run it as.
    pub fn find(search: &Search) -> Result<Self, EmbeddedError> {
        let account = Account::choose()?;
        Self::find_for(search, &account, None).map_err(|tried| EmbeddedError::NoServer { tried })
    }

    /// As [`Self::find`], with the account that will run it, and only `major` where data of that
    /// version is there already. On failure, a line for each place tried.
    pub(super) fn find_for(
        search: &Search,
        account: &Account,
        major: Option<u32>,
    ) -> Result<Self, Vec<String>> {
        let mut tried = Vec::new();
        let folders = match search {
            Search::Folder(folder) => vec![folder.clone()],
            Search::Download => vec![],
            Search::Anywhere | Search::Installed => installed(&mut tried),
        };
        let mut seen = BTreeSet::new();
        for folder in folders {
            // Through links to the folder the server itself believes to be in.
            let postgres = fs::canonicalize(folder.join("postgres"));
            let folder = postgres.ok().and_then(|p| Some(p.parent()?.to_owned())).unwrap_or(folder);
            if !seen.insert(folder.clone()) {
                continue;
            }
            match Self::examine(&folder, account, major) {
                Ok(binaries) => return Ok(binaries),
                Err(reason) => tried.push(format!("{}: {reason}", folder.display())),
            }
        }
        if matches!(search, Search::Anywhere | Search::Download) {
            match download::folder(account, major)
                .and_then(|folder| Self::examine(&folder, account, major))
            {
                Ok(binaries) => return Ok(binaries),
                Err(reason) => tried.push(format!("download from {}: {reason}", download::FROM)),
            }
        }
        Err(tried)
    }

    /// Whether the server in `folder` would do, asked under the account that is to run it.
    fn examine(folder: &Path, account: &Account, major: Option<u32>) -> Result<Self, String> {
        for name in ["postgres", "initdb"] {
            if !folder.join(name).is_file() {
                return Err(format!("has no program {name}"));
            }
        }
        let answer = account
            .command(&folder.join("postgres"), Path::new("/"))
            .arg("--version")
            .output()
            .map_err(|cause| format!("user {} cannot run it: {cause}", account.name))?;
        let said = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let (found, version) = parse_version(&said).ok_or_else(|| {
            let complaint = String::from_utf8_lossy(&answer.stderr).trim().to_owned();
            format!("postgres --version says {said:?} {complaint}")
        })?;
        match major {
            Some(major) if major != found => Err(format!("is version {version}, not {major}")),
            _ if found < MAJOR_MIN => Err(format!("is version {version}, older than {MAJOR_MIN}")),
            _ => Ok(Self { folder: folder.to_owned(), major: found, version }),
        }
    }

    /// The folder of the programs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The major version, 14 or higher.
    pub fn major(&self) -> u32 {
        self.major
    }

    /// The whole version, such as `15.18`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The path of a program of this server, such as `pgbench`; not every package has them all.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Folders worth examining, best first. What has no folder to show is noted in `tried`.
fn installed(tried: &mut Vec<String>) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    match Command::new("pg_config").arg("--bindir").stdin(Stdio::null()).output() {
        Ok(answer) if answer.status.success() => {
            folders.push(PathBuf::from(String::from_utf8_lossy(&answer.stdout).trim()));
        }
        Ok(answer) => tried.push(format!("pg_config --bindir: {}", answer.status)),
        Err(cause) => tried.push(format!("pg_config --bindir: {cause}")),
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).filter(|f| f.join("postgres").is_file());
    let before = folders.len();
    folders.extend(on_path);
    if folders.len() == before {
        tried.push("PATH: no program postgres in it".to_owned());
    }
    let mut packaged: Vec<_> = PACKAGED.iter().flat_map(|place| below(*place)).collect();
    if packaged.is_empty() {
        tried.push("/usr/lib/postgresql/*/bin and other folders of packages: none".to_owned());
    }
    packaged.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    folders.extend(packaged.into_iter().map(|(_, folder)| folder));
    folders
}

/// The folders of one packaging, each with the number in its name.
fn below((parent, prefix, rest): (&str, &str, &str)) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let digits = name.strip_prefix(prefix)?.trim_start_matches(['@', '-']);
            let number = leading_number(digits).unwrap_or(0);
            let folder = entry.path().join(rest);
            folder.join("postgres").is_file().then_some((number, folder))
        })
        .collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian …)` gives 15 and `15.18`; `17beta1` counts as 17.
fn parse_version(said: &str) -> Option<(u32, String)> {
    let version = said.strip_prefix("postgres (PostgreSQL) ")?.split_whitespace().next()?;
    Some((leading_number(version)?, version.to_owned()))
}

fn leading_number(text: &str) -> Option<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn a_version_is_read_as_packages_print_it() {
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)";
        assert_eq!(parse_version(debian), Some((15, "15.18".to_owned())));
        let beta = "postgres (PostgreSQL) 19beta1";
        assert_eq!(parse_version(beta), Some((19, "19beta1".to_owned())));
        assert_eq!(parse_version("bash: postgres: not found"), None);
    }
}

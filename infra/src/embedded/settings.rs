//! The settings the server is started with. They stand on its command line, so that
//! `postgresql.conf` stays free for whoever tunes a kept cluster; what is set here wins over it.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use super::access::Access;
use super::socket::PORT;
use super::{Durability, Options};

/// The server's command line after `-D data`.
pub(super) fn arguments(access: &Access, socket: &Path, options: &Options) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = Vec::new();
    let mut set = |name: &str, value: &OsStr| {
        let mut setting = OsString::from(format!("{name}="));
        setting.push(value);
        arguments.extend(["-c".into(), setting]);
    };
    set("hba_file", access.hba.as_os_str());
    set("ident_file", access.ident.as_os_str());
    // A list, in which a name may be quoted.
    let mut quoted = OsString::from("\"");
    quoted.push(socket);
    quoted.push("\"");
    set("unix_socket_directories", &quoted);
    let connections = options.max_connections.to_string();
    let fixed = [
        ("listen_addresses", ""),
        ("port", &PORT.to_string()),
        ("max_connections", &connections),
        ("cluster_name", "xiangyue"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        ("logging_collector", "off"),
        ("log_checkpoints", "off"),
    ];
    let relaxed: &[(&str, &str)] = match options.durability {
        Durability::Full => &[],
        Durability::Relaxed => &[
            ("fsync", "off"),
            ("synchronous_commit", "off"),
            ("full_page_writes", "off"),
            ("wal_level", "minimal"),
            ("max_wal_senders", "0"),
        ],
    };
    let extra = options.settings.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in fixed.into_iter().chain(relaxed.iter().copied()).chain(extra) {
        set(name, value.as_ref());
    }
    arguments
}

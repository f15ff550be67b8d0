//! Sees that a disposable cluster goes when its owner goes, however that ends.
//!
//! A test program holds its cluster in a static, which Rust never drops, and may be killed with
//! -9. So a small shell waits at the other end of a pipe: the kernel closes our end with us, and
//! then it ends the server and removes the folder. It runs as we do, not as the server, and takes
//! the server's process id from us alone.

use std::fs;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use super::EmbeddedError;

/// Tries to remove the folder for about 30 seconds: an initdb cut off may still write into it.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
server=
while read -r line; do server=$line; done
if [ -n "$server" ]; then kill -QUIT "$server" 2>/dev/null; fi
tries=0
while [ -e "$1" ] && [ "$tries" -lt 300 ]; do
    rm -rf "$1" 2>/dev/null || sleep 0.1
    tries=$((tries + 1))
done
"#;

/// The shell and our end of its pipe.
#[derive(Debug)]
pub(super) struct Guardian {
    shell: Child,
    pipe: Option<ChildStdin>,
    folder: PathBuf,
}

impl Guardian {
    /// Starts to watch over `folder`.
    pub(super) fn watch(folder: &Path) -> Result<Self, EmbeddedError> {
        let program = PathBuf::from("/bin/sh");
        let spawned = Command::new(&program)
            .args(["-c", SCRIPT, "xiangyue-guardian"])
            .arg(folder)
            .current_dir("/")
            // Not among those whom a Ctrl-C at the terminal ends.
            .process_group(0)
            .stdin(Stdio::piped())
            // Else whoever reads our output would wait for the shell too.
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        match spawned {
            Ok(mut shell) => {
                let pipe = shell.stdin.take();
                Ok(Self { shell, pipe, folder: folder.to_owned() })
            }
            Err(cause) => {
                let _ = fs::remove_dir_all(folder);
                Err(EmbeddedError::Spawn { program, user: "this one".to_owned(), cause })
            }
        }
    }

    /// Names the server to end. A later one takes the place of an earlier.
    pub(super) fn tell(&mut self, server: u32) {
        if let Some(pipe) = &mut self.pipe {
            // Should the shell be gone, the folder stays behind; no reason to fail.
            let _ = writeln!(pipe, "{server}");
        }
    }
}

impl Drop for Guardian {
    /// Lets the shell do its work, and waits for it. The server must have ended by now.
    fn drop(&mut self) {
        self.pipe.take();
        let _ = self.shell.wait();
        if self.folder.exists() {
            tracing::warn!("{} could not be removed", self.folder.display());
        }
    }
}

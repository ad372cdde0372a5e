//! More processes of the same program, for a port that several share.
//!
//! Rule: a sibling lives as long as the pipe to the first process, and so never longer than that.

use std::env;
use std::io::{self, Read};
use std::process::{exit, Child, Command, Stdio};
use std::thread;

const SIBLING: &str = "CLAIMS_SIBLING";

/// Whether the port is to be shared.
pub fn are_many() -> bool {
    workers() > 1
}

/// The others, called by the first one; a sibling calls none, and ends with the first.
pub fn called() -> io::Result<Vec<Child>> {
    if env::var_os(SIBLING).is_some() {
        thread::spawn(|| {
            let _ = io::stdin().read(&mut [0]);
            exit(0);
        });
        return Ok(Vec::new());
    }
    let mut sibling = Command::new(env::current_exe()?);
    sibling.env(SIBLING, "").stdin(Stdio::piped());
    (1..workers()).map(|_| sibling.spawn()).collect()
}

fn workers() -> usize {
    claims_material::told("CLAIMS_WORKERS")
        .parse()
        .expect("CLAIMS_WORKERS must be a number")
}

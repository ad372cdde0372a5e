//! What the three servers answer, and what they read to answer it.
//!
//! Rule: it knows no server. The file and the row are read anew for each request.

use std::env;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use rusqlite::{Connection, Result};
use tokio::{fs, task};

pub const HELLO: &str = "Hello World";
pub const WAIT: Duration = Duration::from_millis(10);
const QUERY: &str = "SELECT name FROM users WHERE id = ?";
const ROW_ID: u32 = 42;

static FILE: LazyLock<PathBuf> = LazyLock::new(|| told("CLAIMS_FILE").into());
static DATABASE: LazyLock<PathBuf> = LazyLock::new(|| told("CLAIMS_DATABASE").into());

/// Where to serve.
pub fn host_and_port() -> (String, u16) {
    let port = told("CLAIMS_PORT")
        .parse()
        .expect("CLAIMS_PORT must be a port");
    (told("CLAIMS_HOST"), port)
}

/// The text of the file, then the name in the row.
///
/// Tokio reads files, as SQLite does, on threads that may block: neither holds up its workers.
pub async fn page() -> String {
    let mut page = fs::read_to_string(&*FILE)
        .await
        .expect("CLAIMS_FILE must be readable");
    let name = task::spawn_blocking(name)
        .await
        .expect("a read of the database ends");
    page.push_str(&name.expect("CLAIMS_DATABASE must have the row"));
    page
}

fn name() -> Result<String> {
    Connection::open(&*DATABASE)?.query_row(QUERY, [ROW_ID], |row| row.get(0))
}

/// A variable of the environment.
pub fn told(variable: &str) -> String {
    env::var(variable).unwrap_or_else(|_| panic!("set {variable}"))
}

//! The article's handlers, and those that the probes of defects ask, on hyperlane.
//!
//! `article PORT bare` has the handlers alone; `article PORT readme` the middleware of its README
//! around them, whose last one sends what a handler has set.

mod blocking;
mod probed;
mod silent;
mod stopwatch;
mod waiting;

use hyperlane::*;

async fn send(ctx: Context) {
    let _ = ctx.send().await;
}

#[tokio::main]
async fn main() {
    let words: Vec<String> = std::env::args().collect();
    let server = Server::new();
    server.host("127.0.0.1").await;
    server.port(words[1].parse().expect("a port")).await;
    server.enable_nodelay().await;
    server.disable_linger().await;
    server.http_buffer_size(4096).await;
    server.ws_buffer_size(4096).await;
    if words[2] == "readme" {
        server.response_middleware(send).await;
        server.route("/", probed::hello).await;
        server.route("/echo", probed::echo).await;
        server.route("/panic", probed::panics).await;
        server.route("/ws", probed::echo_message).await;
    } else {
        server.route("/", probed::hello_sent).await;
        server.route("/blocking", blocking::blocking).await;
        server.route("/silent", silent::silent).await;
        server.route("/stopwatch", stopwatch::stopwatch).await;
        server.route("/waiting", waiting::waiting).await;
    }
    server.run().await.unwrap();
}

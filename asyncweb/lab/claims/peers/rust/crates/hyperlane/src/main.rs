//! hyperlane as of July 2025, set up as its README advises.
//!
//! Rule: a handler answers only because a response middleware sends what it has set.

use claims_material::{host_and_port, page, HELLO, WAIT};
use hyperlane::*;

const BUFFER_BYTES: usize = 4096;

async fn content_type(ctx: Context) {
    ctx.set_response_header(CONTENT_TYPE, TEXT_PLAIN).await;
}

async fn send(ctx: Context) {
    let _ = ctx.send().await;
}

async fn hello(ctx: Context) {
    ctx.set_response_status_code(200)
        .await
        .set_response_body(HELLO)
        .await;
}

async fn wait(ctx: Context) {
    tokio::time::sleep(WAIT).await;
    ctx.set_response_status_code(200)
        .await
        .set_response_body(HELLO)
        .await;
}

async fn read(ctx: Context) {
    ctx.set_response_status_code(200)
        .await
        .set_response_body(page().await)
        .await;
}

#[tokio::main]
async fn main() {
    let (host, port) = host_and_port();
    let server = Server::new();
    server.host(host).await;
    server.port(port.into()).await;
    server.enable_nodelay().await;
    server.disable_linger().await;
    server.http_buffer_size(BUFFER_BYTES).await;
    server.request_middleware(content_type).await;
    server.response_middleware(send).await;
    server.route("/", hello).await;
    server.route("/wait", wait).await;
    server.route("/read", read).await;
    server.run().await.expect("the port must be free");
}

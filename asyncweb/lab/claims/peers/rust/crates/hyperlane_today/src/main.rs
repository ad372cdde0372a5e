//! hyperlane as it is today.
//!
//! Rule: a handler answers only because a response middleware sends what it has set.

use claims_material::{host_and_port, page, HELLO, WAIT};
use hyperlane::*;

struct ContentType;
struct Send;
struct Hello;
struct Wait;
struct Read;

/// A hook that keeps nothing: for each request one is made, and then handles it.
macro_rules! hook {
    ($name:ident, |$stream:ident, $ctx:ident| $body:block) => {
        impl ServerHook for $name {
            async fn new(_: &mut Stream, _: &mut Context) -> Self {
                Self
            }

            async fn handle(self, $stream: &mut Stream, $ctx: &mut Context) -> Status {
                $body
                Status::Continue
            }
        }
    };
}

hook!(ContentType, |_stream, ctx| {
    ctx.get_mut_response().set_header(CONTENT_TYPE, TEXT_PLAIN);
});

hook!(Send, |stream, ctx| {
    let data = ctx.get_mut_response().build();
    if stream.try_send(data).await.is_err() {
        stream.set_closed(true);
    }
});

hook!(Hello, |_stream, ctx| {
    ctx.get_mut_response().set_body(HELLO);
});

hook!(Wait, |_stream, ctx| {
    tokio::time::sleep(WAIT).await;
    ctx.get_mut_response().set_body(HELLO);
});

hook!(Read, |_stream, ctx| {
    let page = page().await;
    ctx.get_mut_response().set_body(page);
});

#[tokio::main]
async fn main() {
    let (host, port) = host_and_port();
    let mut config = ServerConfig::default();
    config
        .set_address(Server::format_bind_address(host, port))
        .set_nodelay(Some(true));
    let mut server = Server::default();
    // Its default closes a connection that is idle for six seconds.
    server
        .server_config(config)
        .request_config(RequestConfig::low_security());
    server
        .request_middleware::<ContentType>()
        .response_middleware::<Send>();
    server
        .route::<Hello>("/")
        .route::<Wait>("/wait")
        .route::<Read>("/read");
    server
        .run()
        .await
        .expect("the port must be free")
        .wait()
        .await;
}

//! What the probes ask, on the hyperlane of today, with the limits that it has by itself.

use hyperlane::*;

struct Send;
struct Hello;
struct Echo;
struct Panics;

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

hook!(Send, |stream, ctx| {
    let data = ctx.get_mut_response().build();
    if stream.try_send(data).await.is_err() {
        stream.set_closed(true);
    }
});

hook!(Hello, |_stream, ctx| {
    ctx.get_mut_response().set_body("Hello World");
});

hook!(Echo, |_stream, ctx| {
    let body = ctx.get_request().get_body().clone();
    ctx.get_mut_response().set_body(body);
});

hook!(Panics, |_stream, _ctx| {
    let reason = "on purpose";
    if !reason.is_empty() {
        panic!("{reason}");
    }
});

#[tokio::main]
async fn main() {
    let port = std::env::args()
        .nth(1)
        .and_then(|word| word.parse().ok())
        .expect("a port");
    let mut config = ServerConfig::default();
    config
        .set_address(Server::format_bind_address("127.0.0.1", port))
        .set_nodelay(Some(true));
    let mut server = Server::default();
    server.server_config(config);
    server.response_middleware::<Send>();
    server
        .route::<Hello>("/")
        .route::<Echo>("/echo")
        .route::<Panics>("/panic");
    server
        .run()
        .await
        .expect("the port must be free")
        .wait()
        .await;
}

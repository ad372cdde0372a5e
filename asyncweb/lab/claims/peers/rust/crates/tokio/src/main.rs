//! Tokio with hyper alone: what a framework in Rust stands on.
//!
//! Rule: it does what the questions need, and nothing more.

mod siblings;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use claims_material::{host_and_port, page, HELLO, WAIT};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderValue, CONTENT_TYPE};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

const BACKLOG: u32 = 1024; // as tokio's own TcpListener::bind
const PAUSE: Duration = Duration::from_millis(100);

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let body = match request.uri().path() {
        "/" => HELLO.into(),
        "/wait" => {
            tokio::time::sleep(WAIT).await;
            HELLO.into()
        }
        "/read" => page().await.into(),
        _ => {
            let mut response = Response::new(Full::default());
            *response.status_mut() = StatusCode::NOT_FOUND;
            return Ok(response);
        }
    };
    let mut response = Response::new(Full::new(body));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    Ok(response)
}

async fn serve(stream: TcpStream) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(answer);
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// Listens; where `shared`, on a port that other processes listen on, too.
fn listen(shared: bool) -> io::Result<TcpListener> {
    let (host, port) = host_and_port();
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    #[cfg(unix)]
    socket.set_reuseport(shared)?;
    socket.bind(SocketAddr::new(
        host.parse().expect("CLAIMS_HOST must be an address"),
        port,
    ))?;
    socket.listen(BACKLOG)
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let _siblings = siblings::called()?;
    let listener = listen(siblings::are_many())?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => drop(tokio::spawn(serve(stream))),
            // Out of descriptors, perhaps: neither the end of the server nor a reason to spin.
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

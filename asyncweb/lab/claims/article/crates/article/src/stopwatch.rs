use hyperlane::*;
use std::time::{Duration, Instant};

pub async fn stopwatch(ctx: Context) {
    tokio::time::sleep(Duration::from_millis(10)).await; // the work
    let began = Instant::now();
    ctx.set_response_status_code(200)
        .await
        .set_response_body("done")
        .await;
    let took = format!("{} ms", began.elapsed().as_millis());
    ctx.set_response_header("x-response-time", took).await;
    let _ = ctx.send().await;
}

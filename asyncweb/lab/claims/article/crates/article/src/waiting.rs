use hyperlane::*;
use std::time::Duration;

pub async fn waiting(ctx: Context) {
    tokio::time::sleep(Duration::from_millis(10)).await;
    ctx.set_response_status_code(200)
        .await
        .set_response_body("done")
        .await;
    let _ = ctx.send().await;
}

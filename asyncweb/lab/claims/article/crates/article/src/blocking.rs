use hyperlane::*;
use std::{fs, thread, time::Duration};

pub async fn blocking(ctx: Context) {
    thread::sleep(Duration::from_millis(10)); // the query
    let page = fs::read_to_string("template.html").unwrap_or_default();
    ctx.set_response_status_code(200)
        .await
        .set_response_body(page)
        .await;
    let _ = ctx.send().await;
}

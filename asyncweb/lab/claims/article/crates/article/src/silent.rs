use hyperlane::*;

pub async fn silent(ctx: Context) {
    let page = tokio::fs::read_to_string("template.html")
        .await
        .unwrap_or_default();
    ctx.set_response_status_code(200)
        .await
        .set_response_body(page)
        .await;
} // and nobody has called ctx.send()

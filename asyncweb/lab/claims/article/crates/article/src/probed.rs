use hyperlane::*;

pub async fn hello(ctx: Context) {
    ctx.set_response_status_code(200)
        .await
        .set_response_body("Hello World")
        .await;
}

pub async fn hello_sent(ctx: Context) {
    hello(ctx.clone()).await;
    let _ = ctx.send().await;
}

pub async fn echo(ctx: Context) {
    let body = ctx.get_request_body().await;
    ctx.set_response_status_code(200)
        .await
        .set_response_body(body)
        .await;
}

pub async fn panics(_ctx: Context) {
    panic!("on purpose");
}

pub async fn echo_message(ctx: Context) {
    let message = ctx.get_request_body().await;
    let _ = ctx.set_response_body(message).await.send_body().await;
}

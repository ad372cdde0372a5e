// The same with a static that both threads write.
use std::sync::Barrier;
use std::thread;

static BOTH_HAVE_READ: std::sync::LazyLock<Barrier> = std::sync::LazyLock::new(|| Barrier::new(2));
static mut VISITS: u32 = 0;

fn visit() {
    let seen = unsafe { VISITS };
    BOTH_HAVE_READ.wait();
    unsafe { VISITS = seen + 1 };
}

fn main() {
    thread::scope(|threads| {
        threads.spawn(visit);
        threads.spawn(visit);
    });
    let visits = unsafe { VISITS };
    println!("{}", if visits == 2 { "sound" } else { "harm" });
}

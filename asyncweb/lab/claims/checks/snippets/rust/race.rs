// Two threads count a visit each, on one number that both write.
use std::sync::Barrier;
use std::thread;

fn main() {
    let both_have_read = Barrier::new(2);
    let mut visits = 0;
    thread::scope(|threads| {
        for _ in 0..2 {
            threads.spawn(|| {
                let seen = visits;
                both_have_read.wait();
                visits = seen + 1;
            });
        }
    });
    println!("{}", if visits == 2 { "sound" } else { "harm" });
}

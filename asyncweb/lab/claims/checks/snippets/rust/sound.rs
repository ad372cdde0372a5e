// No fault: what shows that the compiler works.
fn main() {
    println!("sound");
}

// The same with a raw pointer, which the compiler does not follow.
fn name_of_a_user() -> *const [u8; 64] {
    let user = Box::new([b'A'; 64]);
    &raw const *user
}

fn main() {
    let name = name_of_a_user();
    let other = Box::new([b'B'; 64]);
    let first = unsafe { name.cast::<u8>().read_volatile() };
    println!("{}", if first == b'A' && other[0] == b'B' { "sound" } else { "harm" });
}

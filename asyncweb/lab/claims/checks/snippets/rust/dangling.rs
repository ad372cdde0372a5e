// A reference to a name that lives for a shorter time than the reference.
fn main() {
    let name: &String;
    {
        let user = String::from("Ada");
        name = &user;
    }
    println!("{}", if name == "Ada" { "sound" } else { "harm" });
}

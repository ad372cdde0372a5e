// Each request leaves a page in a cache that nothing is ever removed from.
struct Cache {
    pages: Vec<String>,
}

fn answer(cache: &mut Cache, number: u32) -> usize {
    cache.pages.push(format!("page {number}"));
    cache.pages[cache.pages.len() - 1].len()
}

fn main() {
    let mut cache = Cache { pages: Vec::new() };
    let bytes: usize = (0..1000).map(|number| answer(&mut cache, number)).sum();
    assert!(bytes > 0);
    println!("{}", if cache.pages.is_empty() { "sound" } else { "harm" });
}

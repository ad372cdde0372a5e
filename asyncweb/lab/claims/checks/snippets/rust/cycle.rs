// Two users follow each other. Both counts stay at one when nobody else holds them.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

thread_local!(static DROPPED: Cell<u32> = const { Cell::new(0) });

struct User {
    follows: RefCell<Option<Rc<User>>>,
}

impl Drop for User {
    fn drop(&mut self) {
        DROPPED.with(|dropped| dropped.set(dropped.get() + 1));
    }
}

fn main() {
    {
        let ada = Rc::new(User { follows: RefCell::new(None) });
        let bob = Rc::new(User { follows: RefCell::new(Some(ada.clone())) });
        *ada.follows.borrow_mut() = Some(bob.clone());
    }
    println!("{}", if DROPPED.with(Cell::get) == 2 { "sound" } else { "harm" });
}

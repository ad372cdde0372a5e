// Two users follow each other. Nobody else holds them. Needs node --expose-gc.
function meet() {
  const ada = {};
  const bob = { follows: ada };
  ada.follows = bob;
  return new WeakRef(ada);
}

const ada = meet();
// A WeakRef holds what it refers to until the turn of the loop that made it has ended.
setTimeout(() => {
  gc();
  console.log(ada.deref() === undefined ? "sound" : "harm");
}, 0);

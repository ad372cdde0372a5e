// Each request leaves a page in a cache that nothing is ever removed from.
const cache = new Map();

function answer(number) {
  cache.set(number, `page ${number}`);
  return cache.get(number);
}

for (let number = 0; number < 1000; number++) answer(number);
console.log(cache.size === 0 ? "sound" : "harm");

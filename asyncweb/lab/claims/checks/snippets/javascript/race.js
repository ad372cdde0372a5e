// Two threads count a visit each. Objects are never shared by threads; these bytes are.
const { Worker, isMainThread, workerData } = require("node:worker_threads");

const VISITS = 0, HAVE_READ = 1;

function visit(shared) {
  const seen = shared[VISITS];
  Atomics.add(shared, HAVE_READ, 1);
  Atomics.notify(shared, HAVE_READ);
  Atomics.wait(shared, HAVE_READ, 1);
  shared[VISITS] = seen + 1;
}

if (isMainThread) {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const visitors = [1, 2].map(() => new Worker(__filename, { workerData: shared }));
  const ends = visitors.map((visitor) => new Promise((end) => visitor.on("exit", end)));
  Promise.all(ends).then(() => console.log(shared[VISITS] === 2 ? "sound" : "harm"));
} else {
  visit(workerData);
}

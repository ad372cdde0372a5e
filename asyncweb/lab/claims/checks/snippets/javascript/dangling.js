// A reference to what would be gone with the function that made it: it lives on.
function user() {
  const user = { name: "Ada" };
  return () => user.name;
}

const name = user();
gc();
console.log(name() === "Ada" ? "sound" : "harm");

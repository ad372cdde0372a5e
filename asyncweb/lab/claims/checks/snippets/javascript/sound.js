// No fault: what shows that the runtime works.
console.log("sound");

// A reference to what would be gone with the function that made it: it lives on.
package main

import (
	"fmt"
	"runtime"
)

func nameOfAUser() *string {
	name := fmt.Sprint("A", "da")
	return &name
}

func main() {
	name := nameOfAUser()
	runtime.GC()
	if *name == "Ada" {
		fmt.Println("sound")
	} else {
		fmt.Println("harm")
	}
}

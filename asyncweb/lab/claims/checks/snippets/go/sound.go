// No fault: what shows that the compiler and its run-time checks work.
package main

import "fmt"

func main() {
	fmt.Println("sound")
}

// Two users follow each other. Nobody else holds them.
package main

import (
	"fmt"
	"runtime"
)

const megabytes = 1 << 20

type User struct {
	follows *User
	photo   []byte
}

//go:noinline
func meet() int {
	ada := &User{photo: make([]byte, 32*megabytes)}
	bob := &User{photo: make([]byte, 32*megabytes), follows: ada}
	ada.follows = bob
	return len(ada.follows.photo)
}

func held() uint64 {
	var memory runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&memory)
	return memory.HeapAlloc
}

func main() {
	before := held()
	if meet() > 0 && held() < before+megabytes {
		fmt.Println("sound")
	} else {
		fmt.Println("harm")
	}
}

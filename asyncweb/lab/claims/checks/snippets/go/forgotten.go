// Each request leaves a page in a cache that nothing is ever removed from.
package main

import "fmt"

var cache = map[int]string{}

func answer(number int) string {
	cache[number] = fmt.Sprint("page ", number)
	return cache[number]
}

func main() {
	for number := 0; number < 1000; number++ {
		answer(number)
	}
	if len(cache) == 0 {
		fmt.Println("sound")
	} else {
		fmt.Println("harm")
	}
}

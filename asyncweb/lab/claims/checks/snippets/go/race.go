// Two goroutines count a visit each, on one number that both write.
package main

import (
	"fmt"
	"sync"
)

var visits int

func main() {
	var haveRead, haveWritten sync.WaitGroup
	haveRead.Add(2)
	haveWritten.Add(2)
	visit := func() {
		defer haveWritten.Done()
		seen := visits
		haveRead.Done()
		haveRead.Wait()
		visits = seen + 1
	}
	go visit()
	go visit()
	haveWritten.Wait()
	if visits == 2 {
		fmt.Println("sound")
	} else {
		fmt.Println("harm")
	}
}

/* No fault: what shows that the compiler and its run-time checks work. */
#include <stdio.h>

int main(void) {
    puts("sound");
    return 0;
}

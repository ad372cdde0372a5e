/* Two users follow each other. Nobody holds them any more, and nobody has freed them. */
#include <stdio.h>
#include <stdlib.h>

struct user {
    struct user *follows;
};

static int alive = 0;

static struct user *new_user(void) {
    struct user *user = calloc(1, sizeof *user);
    if (!user)
        abort();
    alive++;
    return user;
}

static void meet(void) {
    struct user *ada = new_user();
    struct user *bob = new_user();
    ada->follows = bob;
    bob->follows = ada;
}

int main(void) {
    meet();
    puts(alive == 0 ? "sound" : "harm");
    return 0;
}

/* A name that is read after its user is gone, and after another has come into the same place. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct user {
    char name[64];
};

static struct user *new_user(const char *name) {
    struct user *user = calloc(1, sizeof *user);
    if (!user)
        abort();
    strcpy(user->name, name);
    return user;
}

static void leave(struct user *user) {
    free(user);
}

int main(void) {
    struct user *ada = new_user("Ada");
    const volatile char *name = ada->name;
    leave(ada);
    struct user *bob = new_user("Bob");
    puts(name[0] == 'A' ? "sound" : "harm");
    leave(bob);
    return 0;
}

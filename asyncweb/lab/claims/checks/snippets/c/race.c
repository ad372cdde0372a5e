/* Two threads count a visit each, on one number that both write. */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

static int visits = 0;
static atomic_int have_read = 0;

static void *visit(void *nothing) {
    int seen = visits;
    int before_me = atomic_fetch_add(&have_read, 1);
    while (atomic_load(&have_read) < 2)
        sched_yield();
    /* Not in the same nanosecond: a sanitizer that looks at both writes at once can miss both. */
    nanosleep(&(struct timespec){.tv_nsec = before_me * 1000 * 1000}, NULL);
    visits = seen + 1;
    return nothing;
}

int main(void) {
    pthread_t one, two;
    pthread_create(&one, NULL, visit, NULL);
    pthread_create(&two, NULL, visit, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    puts(visits == 2 ? "sound" : "harm");
    return 0;
}

/* Each request leaves a page in a cache that nothing is ever removed from. */
#include <stdio.h>
#include <stdlib.h>

struct page {
    struct page *older;
    int number;
};

static struct page *cache = NULL;

static void answer(int number) {
    struct page *page = malloc(sizeof *page);
    if (!page)
        abort();
    page->older = cache;
    page->number = number;
    cache = page;
}

int main(void) {
    for (int number = 0; number < 1000; number++)
        answer(number);
    puts(cache == NULL ? "sound" : "harm");
    return 0;
}

/* entry -- one item of a list, used again for each. */
#include "base/mem.h"
#include "list.h"

/* Room for one more item of the given size; NULL when out of memory. */
static void *grow(void *items, size_t count, size_t *room, size_t size)
{
    size_t more = *room ? 2 * *room : 4;
    void *grown;

    if (count < *room)
        return items;
    grown = mem_resize(items, more * size);
    if (grown)
        *room = more;
    return grown;
}

bool texts_add(struct texts *t, const char *text, struct err *e)
{
    char **items = grow(t->items, t->count, &t->room, sizeof(*items));
    char *copy = items ? mem_text(text) : NULL;

    if (items)
        t->items = items;
    if (!copy)
        return err_memory(e, "target list");
    t->items[t->count++] = copy;
    return true;
}

void texts_clear(struct texts *t)
{
    while (t->count > 0)
        mem_free(t->items[--t->count]);
}

void texts_release(struct texts *t)
{
    texts_clear(t);
    mem_free(t->items);
    *t = (struct texts){ 0 };
}

bool entry_add_host(struct entry *entry, const char *text,
                    const struct spot *at, struct err *e)
{
    struct entry_host *hosts =
        grow(entry->hosts, entry->nhosts, &entry->room, sizeof(*hosts));
    char *copy = hosts ? mem_text(text) : NULL;

    if (hosts)
        entry->hosts = hosts;
    if (!copy)
        return err_memory(e, "target list");
    entry->hosts[entry->nhosts++] =
        (struct entry_host){ .text = copy, .at = *at };
    return true;
}

void entry_clear(struct entry *entry)
{
    while (entry->nhosts > 0)
        mem_free(entry->hosts[--entry->nhosts].text);
    texts_clear(&entry->profiles);
    texts_clear(&entry->tags);
    options_release(&entry->words);
    entry->bad = false;
}

void entry_release(struct entry *entry)
{
    entry_clear(entry);
    mem_free(entry->hosts);
    texts_release(&entry->profiles);
    texts_release(&entry->tags);
    *entry = (struct entry){ 0 };
}

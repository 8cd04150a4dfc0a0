#include "targets.h"

#include "base/mem.h"

void target_free(struct target *t)
{
    if (!t)
        return;
    mem_free(t->text);
    mem_free(t->host);
    mem_free(t->port);
    mem_free(t->address);
    mem_free(t->path);
    mem_free(t->profile);
    for (size_t i = 0; i < t->ntags; i++)
        mem_free(t->tags[i]);
    mem_free(t->tags);
    mem_free(t->place);
    options_release(&t->words);
    mem_free(t);
}

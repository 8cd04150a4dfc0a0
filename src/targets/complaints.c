#include "complaints.h"

#include "base/text.h"

#include <string.h>

void spot_tell(const struct spot *at, struct err *e)
{
    const struct err why = *e;

    *e = (struct err){ .stage = why.stage };
    if (at->line == 0)
        err_set(e, why.code, "%.150s: %s", at->file, why.msg);
    else
        err_set(e, why.code, "%.150s:%zu:%zu: %s", at->file, at->line,
                at->column, why.msg);
}

bool complain(struct complaints *c, const struct spot *at,
              const struct err *why, struct err *e)
{
    struct err here = *why;

    if (err_row(why->code)->status == STATUS_INTERNAL || c->count > c->enough)
        return err_set(e, why->code, "%s", why->msg);
    spot_tell(at, &here);
    if (c->count++ == 0)
        c->first = here;
    if (c->count > c->enough)
        return err_set(e, here.code, "%s", here.msg);
    if (c->count <= COMPLAINTS_SHOWN) {
        text_encode(c->out, here.msg, strlen(here.msg), TEXT_LINE);
        buf_byte(c->out, '\n');
    }
    return true;
}

void complaints_finish(struct complaints *c, struct err *e)
{
    if (c->count > COMPLAINTS_SHOWN)
        buf_printf(c->out, "and %s%zu more\n",
                   c->count > c->enough ? "at least " : "",
                   c->count - COMPLAINTS_SHOWN);
    if (c->count > 0
        && (e->code == ERR_NONE
            || err_row(e->code)->status != STATUS_INTERNAL)) {
        err_clear(e);
        err_set(e, c->first.code, "%s", c->first.msg);
    }
}

#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *stage_name(enum stage stage)
{
    static const char *const names[] = {
#define X(id, name) [STAGE_##id] = name,
        STAGES(X)
#undef X
    };
    return names[stage];
}

const char *status_name(enum status status)
{
    static const char *const names[] = {
#define X(id, name, meaning) [STATUS_##id] = name,
        STATUSES(X)
#undef X
    };
    return names[status];
}

const char *status_meaning(enum status status)
{
    static const char *const meanings[] = {
#define X(id, name, meaning) [STATUS_##id] = meaning,
        STATUSES(X)
#undef X
    };
    return meanings[status];
}

const struct err_row *err_row(enum err_code code)
{
    static const struct err_row rows[] = {
#define X(id_, name_, status_, passing_, meaning_) \
    [ERR_##id_] = { .name = name_,                 \
                    .meaning = meaning_,           \
                    .status = STATUS_##status_,    \
                    .may_pass = passing_ },
        ERR_CODES(X)
#undef X
    };
    return &rows[code];
}

bool err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;

    if (e->code != ERR_NONE)
        return false;
    e->code = code;
    va_start(ap, fmt);
    vsnprintf(e->msg, sizeof(e->msg), fmt, ap);
    va_end(ap);
    return false;
}

static enum err_code code_of(int sys, enum err_code otherwise)
{
    switch (sys) {
    case ENOMEM:
    case ENOBUFS:
        return ERR_NO_MEMORY;
    case EMFILE:
    case ENFILE:
        return ERR_NO_DESCRIPTORS;
    case EADDRNOTAVAIL:
        return otherwise == ERR_BIND_FAILED ? otherwise : ERR_NO_PORTS;
    default:
        return otherwise;
    }
}

bool err_sys(struct err *e, enum err_code code, int sys, const char *what)
{
    char text[96];

    if (e->code == ERR_NONE)
        e->sys = sys;
    return err_set(e, code_of(sys, code), "%s: %s", what,
                   strerror_r(sys, text, sizeof(text)));
}

bool err_memory(struct err *e, const char *what)
{
    return err_set(e, ERR_NO_MEMORY, "%s: out of memory", what);
}

void err_clear(struct err *e)
{
    *e = (struct err){ .stage = e->stage };
}

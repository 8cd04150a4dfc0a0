/* reason -- OpenSSL's error queue, read once and emptied. */
#include "base/mem.h"
#include "tls_room.h"

#include <errno.h>
#include <openssl/x509err.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

void reason_printable(char *to, size_t room, const void *bytes, size_t len)
{
    const unsigned char *from = bytes;
    size_t n = 0;

    for (; n < len && n + 1 < room; n++)
        to[n] = from[n] >= ' ' && from[n] <= '~' ? (char)from[n] : '.';
    to[n] = '\0';
}

static enum err_code fault_of(unsigned long code)
{
    int reason = ERR_GET_REASON(code);

    if (ERR_SYSTEM_ERROR(code)) {
        if (reason == EMFILE || reason == ENFILE)
            return ERR_NO_DESCRIPTORS;
        return reason == ENOMEM ? ERR_NO_MEMORY : ERR_NONE;
    }
    if (reason == ERR_R_MALLOC_FAILURE)
        return ERR_NO_MEMORY;
    return ERR_GET_LIB(code) == ERR_LIB_RAND ? ERR_NO_ENTROPY : ERR_NONE;
}

/* What stands behind the last colon of OpenSSL's own text: of reasons that have
 * no name, each version prints another number. */
static const char *reason_number(unsigned long code, char *room, size_t size)
{
    enum { COLONS = 4 };
    const char *at = room;

    ERR_error_string_n(code, room, size);
    for (int i = 0; i < COLONS; i++)
        at += strcspn(at, ":") + (strchr(at, ':') != NULL);
    return at;
}

/* NULL when there is none. */
static const char *reason_name(unsigned long code)
{
    if (ERR_SYSTEM_ERROR(code))
        return strerrordesc_np(ERR_GET_REASON(code));
    return ERR_reason_error_string(code);
}

/* One error of the queue. */
struct queued {
    unsigned long code;
    const char *file, *function, *data;
    int line, flags;
};

/* The number of the thread is what ERR_print_errors() makes of it: the bytes of
 * pthread_self() in the order in which they lie. */
static void add_line(struct buf *lines, const struct queued *q)
{
    const pthread_t self = pthread_self();
    const unsigned char *bytes = (const unsigned char *)&self;
    const char *library = ERR_lib_error_string(q->code);
    const char *reason = reason_name(q->code);
    char number[24], text[256];

    for (size_t i = 0; i < sizeof(self); i++)
        buf_printf(lines, "%02X", bytes[i]);
    snprintf(number, sizeof(number), "lib(%d)", ERR_GET_LIB(q->code));
    buf_printf(lines, ":error:%08lX:%s:%s:", q->code,
               library ? library : number, q->function);
    if (!reason)
        reason = reason_number(q->code, text, sizeof(text));
    buf_printf(lines, "%s:%s:%d:%s\n", reason, q->file, q->line,
               q->flags & ERR_TXT_STRING ? q->data : "");
}

static void note(struct reason *why, const struct queued *q)
{
    if (why->code == 0) {
        why->code = q->code;
        if (q->flags & ERR_TXT_STRING)
            reason_printable(why->data, sizeof(why->data), q->data,
                             strlen(q->data));
    }
    if (why->fault == ERR_NONE)
        why->fault = fault_of(q->code);
    if (ERR_GET_LIB(q->code) == ERR_LIB_SSL
        && ERR_GET_REASON(q->code) == SSL_R_CERTIFICATE_VERIFY_FAILED)
        why->verify = true;
}

void reason_take(struct reason *why, struct buf *lines)
{
    struct queued q;

    while ((q.code = ERR_get_error_all(&q.file, &q.line, &q.function, &q.data,
                                       &q.flags))
           != 0) {
        note(why, &q);
        if (lines)
            add_line(lines, &q);
    }
    /* OpenSSL does not always say that it ran out of memory. */
    if (mem_refused())
        why->fault = ERR_NO_MEMORY;
}

const char *reason_text(const struct reason *why, char text[32])
{
    const char *name = reason_name(why->code);

    if (name)
        return name;
    snprintf(text, 32, "OpenSSL error %08lX", why->code);
    return text;
}

int reason_alert(const struct reason *why)
{
    int number = ERR_GET_REASON(why->code) - SSL_AD_REASON_OFFSET;

    if (why->code == 0 || ERR_GET_LIB(why->code) != ERR_LIB_SSL)
        return -1;
    return number >= 0 && number <= 255 ? number : -1;
}

bool tls_reason(struct err *e, enum err_code code, const char *what)
{
    struct reason why = { .code = 0 };
    char text[32];

    reason_take(&why, NULL);
    if (e->code == ERR_NONE)
        e->ossl = why.code;
    if (why.fault == ERR_NO_MEMORY)
        return err_memory(e, what);
    if (why.fault != ERR_NONE)
        code = why.fault;
    if (why.code == 0)
        return err_set(e, code, "%s: OpenSSL gives no reason", what);
    return err_set(e, code, "%s: %s%s%s", what, reason_text(&why, text),
                   why.data[0] ? ": " : "", why.data);
}

#include "told.h"

#include <criterion/criterion.h>

#include <string.h>
#include <unistd.h>

struct identity told_leaf;

void told_init(void)
{
    told_leaf = identity_make(&(struct cert_spec){ .cn = "leaf" }, NULL);
}

void told_fini(void)
{
    identity_release(&told_leaf);
}

void told_shake(struct tls_peer *p)
{
    p->identity = &told_leaf;
    tls_peer_start(p);
    cr_assert(tls_peer_handshake(p), "%s", p->e.msg);
    tls_shutdown(&p->conn);
}

static void stay_silent(int fd)
{
    char byte;

    while (read(fd, &byte, 1) > 0)
        ;
}

void told_wait(struct tls_peer *p)
{
    p->raw = stay_silent;
    tls_peer_start(p);
    p->conn.when = deadline_in(20);
    cr_expect(!tls_peer_handshake(p));
    cr_expect_eq(p->e.code, ERR_TIMED_OUT, "%s", p->e.msg);
}

void told_is(const struct buf *lines, const char *text)
{
    cr_expect_str_eq(buf_string(lines), text);
}

void told_has(const struct buf *lines, const char *part)
{
    cr_expect(strstr(buf_string(lines), part), "no \"%s\" in\n%s", part,
              buf_string(lines));
}

void told_lacks(const struct buf *lines, const char *part)
{
    cr_expect_null(strstr(buf_string(lines), part), "\"%s\" in\n%s", part,
                   buf_string(lines));
}

size_t told_count(const struct buf *lines, const char *part)
{
    const char *at = buf_string(lines);
    size_t count = 0;

    while ((at = strstr(at, part)) != NULL) {
        at += strlen(part);
        count++;
    }
    return count;
}

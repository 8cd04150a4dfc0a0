#include "sample.h"

#include "base/mem.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static void set_pair(struct record *r, enum field_id id, const char *value)
{
    const char *sign = strchr(value, '=');

    cr_assert_not_null(sign);
    record_add(r, id, value, (size_t)(sign - value));
    record_add(r, id, sign + 1, strlen(sign + 1));
}

void sample_set(struct record *r, const char *field, const char *value)
{
    enum field_id id = field_find(field);

    cr_assert_neq(id, FIELDS_COUNT, "no field %s", field);
    if (strcmp(value, "(none)") == 0 || strcmp(value, "(not asked)") == 0) {
        record_state(r, id, value[3] == 'n' ? VALUE_NONE : VALUE_NOT_ASKED);
        return;
    }
    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        record_text(r, id, value);
        break;
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_TIME:
        record_number(r, id, strtoll(value, NULL, 10));
        break;
    case FIELD_BOOL:
        record_number(r, id, strcmp(value, "yes") == 0);
        break;
    case FIELD_LIST:
        record_add(r, id, value, strlen(value));
        break;
    case FIELD_TAGS:
        set_pair(r, id, value);
        break;
    case FIELD_CHAIN:
        cert_bytes(r, record_add_cert(r), CERT_subject, value, strlen(value));
        break;
    }
}

struct record *sample_record(const char *field, ...)
{
    struct record *r = record_new();
    va_list ap;

    cr_assert_not_null(r);
    va_start(ap, field);
    for (; field; field = va_arg(ap, const char *))
        sample_set(r, field, va_arg(ap, const char *));
    va_end(ap);
    return r;
}

const char *sample_file(const void *content, size_t len)
{
    static char name[64];
    int fd = memfd_create("sample", MFD_CLOEXEC);

    cr_assert_geq(fd, 0);
    for (size_t done = 0; done < len;) {
        ssize_t n = write(fd, (const char *)content + done, len - done);

        cr_assert_gt(n, 0);
        done += (size_t)n;
    }
    snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
    return name;
}

const char *sample_text(const char *content)
{
    return sample_file(content, strlen(content));
}

void sample_rewrite(const char *name, const char *content)
{
    int fd = open(name, O_WRONLY | O_TRUNC | O_CLOEXEC);

    cr_assert_geq(fd, 0);
    cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
    close(fd);
}

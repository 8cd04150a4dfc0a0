#include "base/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

Test(err, the_first_reason_wins)
{
    struct err e = { .stage = STAGE_CONNECT };

    cr_assert_not(err_set(&e, ERR_REFUSED, "%s: %d", "a", 1));
    cr_assert_not(err_set(&e, ERR_CLOSED, "later"));
    cr_assert_not(err_sys(&e, ERR_SYSTEM, EIO, "later"));
    cr_assert_not(err_memory(&e, "later"));
    cr_assert_eq(e.code, ERR_REFUSED);
    cr_assert_eq(e.stage, STAGE_CONNECT);
    cr_assert_eq(e.sys, 0);
    cr_assert_str_eq(e.msg, "a: 1");
}

Test(err, a_long_message_is_cut)
{
    struct err e = { 0 };

    cr_assert_not(err_set(&e, ERR_USAGE, "%0999d", 7));
    cr_assert_eq(strlen(e.msg), ERR_MSG_MAX - 1);
}

Test(err, a_system_error_says_what_and_why)
{
    struct err e = { 0 };

    cr_assert_not(err_sys(&e, ERR_FILE, ENOENT, "ca.pem"));
    cr_assert_eq(e.code, ERR_FILE);
    cr_assert_eq(e.sys, ENOENT);
    cr_assert_str_eq(e.msg, "ca.pem: No such file or directory");
}

Test(err, what_ran_out_on_our_side_is_never_another_code)
{
    static const struct {
        int sys;
        enum err_code said, code;
    } rows[] = {
        { ENOMEM, ERR_CONNECT_FAILED, ERR_NO_MEMORY },
        { ENOBUFS, ERR_CONNECT_FAILED, ERR_NO_MEMORY },
        { EMFILE, ERR_FILE, ERR_NO_DESCRIPTORS },
        { ENFILE, ERR_CONNECT_FAILED, ERR_NO_DESCRIPTORS },
        { EADDRNOTAVAIL, ERR_CONNECT_FAILED, ERR_NO_PORTS },
        { EADDRNOTAVAIL, ERR_BIND_FAILED, ERR_BIND_FAILED },
        { ECONNREFUSED, ERR_REFUSED, ERR_REFUSED },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct err e = { 0 };

        cr_assert_not(err_sys(&e, rows[i].said, rows[i].sys, "x"));
        cr_assert_eq(e.code, rows[i].code, "row %zu", i);
    }
}

Test(err, out_of_memory_is_internal)
{
    struct err e = { 0 };

    cr_assert_not(err_memory(&e, "list"));
    cr_assert_str_eq(e.msg, "list: out of memory");
    cr_assert_eq(err_row(e.code)->status, STATUS_INTERNAL);
}

Test(err, clearing_keeps_the_stage_only)
{
    struct err e = { .stage = STAGE_STARTTLS, .ossl = 5 };

    cr_assert_not(err_sys(&e, ERR_SYSTEM, EIO, "x"));
    err_clear(&e);
    cr_assert_eq(e.stage, STAGE_STARTTLS);
    cr_assert_eq(e.code, ERR_NONE);
    cr_assert_eq(e.sys, 0);
    cr_assert_eq(e.ossl, 0);
    cr_assert_str_eq(e.msg, "");
}

/* Fails when two rows share a name or a row has none. */
static void assert_distinct(const char *(*name)(size_t), size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cr_assert(name(i) && *name(i));
        cr_assert_eq(strspn(name(i), "abcdefghijklmnopqrstuvwxyz_"),
                     strlen(name(i)), "%s", name(i));
        for (size_t j = 0; j < i; j++)
            cr_assert_str_neq(name(i), name(j));
    }
}

static const char *stage_at(size_t i)
{
    return stage_name((enum stage)i);
}

static const char *status_at(size_t i)
{
    return status_name((enum status)i);
}

static const char *code_at(size_t i)
{
    return err_row((enum err_code)i)->name;
}

Test(err, stages_statuses_and_codes_have_names_of_their_own)
{
    assert_distinct(stage_at, STAGE_COUNT);
    assert_distinct(status_at, STATUS_COUNT);
    assert_distinct(code_at, ERR_COUNT);
}

Test(err, every_status_and_code_has_a_meaning)
{
    for (enum status s = 0; s < STATUS_COUNT; s++)
        cr_assert_gt(strlen(status_meaning(s)), 5);
    for (enum err_code c = 0; c < ERR_COUNT; c++) {
        cr_assert_gt(strlen(err_row(c)->meaning), 5);
        cr_assert_eq(err_row(c)->status == STATUS_OK, c == ERR_NONE);
    }
}

#include "../../../src/report/order.h"
#include "base/fault.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct order o;
static struct buf out;
static struct err e;

static void begin(void)
{
    buf_init(&out, 64 << 20);
    order_init(&o, 8 << 20);
}

static void end(void)
{
    order_release(&o);
    buf_release(&out);
}

TestSuite(order, .init = begin, .fini = end, .timeout = 300);

/* What the record of that place says: of several lengths, one in 50 longer
 * than a chunk of the spill file. */
static size_t text_of(uint64_t seq, char *text, size_t size)
{
    size_t len = (size_t)snprintf(text, size, "<%" PRIu64 ":", seq);
    size_t pad = seq % 50 == 7 ? 5000 : seq % 13;

    memset(text + len, 'a' + (int)(seq % 26), pad);
    text[len + pad] = '>';
    return len + pad + 1;
}

static bool put(uint64_t seq)
{
    char text[6000];
    size_t len = text_of(seq, text, sizeof(text));

    return order_put(&o, seq, text, len, &e);
}

static size_t take_all(void)
{
    size_t count = 0;

    while (order_take(&o, &out, &e))
        count++;
    return count;
}

/* The records from 0 to count - 1 are in out, in order. */
static void assert_in_order(uint64_t count)
{
    const char *at = buf_string(&out);

    for (uint64_t seq = 0; seq < count; seq++) {
        char text[6000];
        size_t len = text_of(seq, text, sizeof(text));

        cr_assert_eq(memcmp(at, text, len), 0, "record %" PRIu64, seq);
        at += len;
    }
    cr_assert_eq(at, out.data + out.len);
}

Test(order, the_next_record_passes_at_once)
{
    for (uint64_t seq = 0; seq < 1000; seq++) {
        cr_assert(put(seq));
        cr_assert_eq(take_all(), 1);
    }
    cr_assert_eq(o.memory, 0);
    assert_in_order(1000);
}

Test(order, a_later_record_waits_for_the_earlier)
{
    cr_assert(put(2));
    cr_assert(put(1));
    cr_assert_eq(take_all(), 0);
    cr_assert(put(0));
    cr_assert_eq(take_all(), 3);
    assert_in_order(3);
}

/* A fixed shuffle of 0..n-1. */
static void shuffle(uint64_t *seqs, size_t n)
{
    uint64_t state = 88172645463325252u;

    for (size_t i = 0; i < n; i++)
        seqs[i] = i;
    for (size_t i = n - 1; i > 0; i--) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        size_t other = state % (i + 1);
        uint64_t held = seqs[i];

        seqs[i] = seqs[other];
        seqs[other] = held;
    }
}

enum { MANY = 5000 };
static uint64_t shuffled[MANY];

static void put_shuffled(void)
{
    shuffle(shuffled, MANY);
    for (size_t i = 0; i < MANY; i++) {
        cr_assert(put(shuffled[i]), "%s", e.msg);
        take_all();
        cr_assert_leq(o.memory, o.memory_max);
    }
    cr_assert_eq(e.code, ERR_NONE);
    cr_assert_eq(o.count, 0);
    assert_in_order(MANY);
}

Test(order, any_order_of_completion_gives_the_list_order)
{
    put_shuffled();
    cr_assert_eq(o.spill.fd, -1);
}

Test(order, what_memory_may_not_hold_is_spilled_and_comes_back)
{
    o.memory_max = 1000;
    put_shuffled();
    cr_assert_geq(o.spill.fd, 0);
}

Test(order, everything_may_be_spilled)
{
    o.memory_max = 0;
    put_shuffled();
}

Test(order, an_empty_spill_file_starts_afresh)
{
    o.memory_max = 0;
    for (uint64_t seq = 0; seq < 300; seq += 3) {
        cr_assert(put(seq + 2));
        cr_assert(put(seq + 1));
        cr_assert_eq(take_all(), 0);
        cr_assert_gt(lseek(o.spill.fd, 0, SEEK_END), 0);
        cr_assert(put(seq));
        cr_assert_eq(take_all(), 3);
        cr_assert_eq(lseek(o.spill.fd, 0, SEEK_END), 0);
    }
    assert_in_order(300);
}

Test(order, an_empty_record_keeps_its_place)
{
    cr_assert(order_put(&o, 1, "", 0, &e));
    cr_assert_eq(take_all(), 0);
    cr_assert(order_put(&o, 0, "", 0, &e));
    cr_assert_eq(take_all(), 2);
    cr_assert_eq(out.len, 0);
}

Test(order, missing_records_are_passed_over_at_the_end)
{
    char expected[600] = "";

    o.memory_max = 10;
    for (uint64_t seq = 3; seq < 40; seq += 9) {
        char text[64];

        text[text_of(seq, text, sizeof(text))] = '\0';
        memcpy(expected + strlen(expected), text, strlen(text) + 1);
        cr_assert(put(seq));
    }
    cr_assert_eq(take_all(), 0);
    order_pass_gaps(&o);
    cr_assert_eq(take_all(), 5);
    cr_assert_str_eq(out.data, expected);
}

Test(order, a_place_beyond_all_memory_is_an_error)
{
    cr_assert_not(put(UINT64_MAX / 2));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
}

Test(order, a_folder_that_does_not_exist_is_named)
{
    setenv("TMPDIR", "/nowhere/at/all", 1);
    o.memory_max = 0;
    cr_assert_not(put(1));
    cr_assert_eq(e.code, ERR_OUTPUT);
    cr_assert_not_null(strstr(e.msg, "'/nowhere/at/all'"));
}

/* Three records, all spilled, the last first. */
static bool run(void)
{
    bool done = put(2) && put(1) && put(0);

    if (done)
        take_all();
    return done && e.code == ERR_NONE && buf_ok(&out);
}

static void again(void)
{
    order_release(&o);
    order_init(&o, 0);
    buf_release(&out);
    e = (struct err){ 0 };
}

Test(order, a_failure_at_any_call_is_told)
{
    long refused = 0, calls;

    again();
    fault_arm(0);
    cr_assert(run());
    calls = fault_seen();
    cr_assert_gt(calls, 8);
    for (long n = 1; n <= calls; n++) {
        again();
        fault_arm(n);
        bool done = run();

        fault_arm(-1);
        if (done) /* a file without a name can be had another way */
            assert_in_order(3);
        else
            cr_assert(e.code != ERR_NONE || !buf_ok(&out));
        refused += !done;
    }
    cr_assert_eq(refused, calls - 1);
}

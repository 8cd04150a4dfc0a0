#include "../../../src/judge/places.h"

#include "base/fault.h"
#include "sample.h"

#include <criterion/criterion.h>

enum { ROOM = 64 };

static struct places p;

static void begin(void)
{
    cr_assert(places_init(&p, &(struct err){ 0 }));
}

static void end(void)
{
    places_release(&p);
}

TestSuite(places, .init = begin, .fini = end);

static struct key key(uint64_t place, uint32_t rest, bool vague)
{
    return (struct key){ .place = place * UINT64_C(0x100000001),
                         .rest = rest,
                         .vague = vague };
}

static void add(struct key k, uint64_t offset)
{
    struct err e = { 0 };

    cr_assert(places_add(&p, &k, offset, &e), "%s", e.msg);
}

static void build(void)
{
    struct err e = { 0 };

    cr_assert(places_build(&p, &e), "%s", e.msg);
}

/* The rows found are these. */
static void expect_found(struct key k, const uint32_t *wanted, size_t n)
{
    uint32_t rows[ROOM];

    cr_assert_eq(places_find(&p, &k, rows, ROOM), n);
    for (size_t i = 0; i < n; i++)
        cr_assert_eq(rows[i], wanted[i]);
}

Test(places, nothing_is_found_in_nothing)
{
    struct key k = key(1, 1, false);

    build();
    expect_found(k, NULL, 0);
    cr_assert_not(places_take(&p, &k, 0));
    cr_assert_eq(places_left(&p, 0), 0);
}

Test(places, rows_of_one_key_come_in_the_order_of_the_file)
{
    add(key(1, 7, false), 10);
    add(key(2, 7, false), 20);
    add(key(1, 7, false), 30);
    add(key(1, 8, false), 40);
    add(key(1, 7, false), 50);
    build();
    expect_found(key(1, 7, false), (uint32_t[]){ 0, 2, 4 }, 3);
    expect_found(key(2, 7, false), (uint32_t[]){ 1 }, 1);
    expect_found(key(1, 9, false), NULL, 0);
    expect_found(key(3, 7, false), NULL, 0);
    cr_assert_eq(places_offset(&p, 3), 40);
}

Test(places, no_more_are_found_than_asked_for)
{
    struct key k = key(1, 1, false);
    uint32_t rows[2];

    for (int i = 0; i < 5; i++)
        add(k, 0);
    build();
    cr_assert_eq(places_find(&p, &k, rows, 2), 2);
    cr_assert_eq(rows[1], 1);
}

Test(places, a_row_is_taken_once)
{
    struct key k = key(1, 1, false);

    for (int i = 0; i < 3; i++)
        add(k, 0);
    build();
    cr_assert(places_take(&p, &k, 1));
    cr_assert_not(places_take(&p, &k, 1));
    expect_found(k, (uint32_t[]){ 0, 2 }, 2);
    cr_assert(places_take(&p, &k, 0));
    cr_assert(places_take(&p, &k, 2));
    cr_assert_not(places_take(&p, &k, 2));
    expect_found(k, NULL, 0);
}

Test(places, what_is_left_is_counted_in_the_order_of_the_file)
{
    for (uint64_t i = 0; i < 4; i++)
        add(key(i, 1, false), 0);
    build();
    cr_assert(places_take(&p, &(struct key){ 0, 1, false }, 0));
    cr_assert(
        places_take(&p, &(struct key){ key(2, 1, false).place, 1, false }, 2));
    cr_assert_eq(places_left(&p, 0), 1);
    cr_assert_eq(places_left(&p, 2), 3);
    cr_assert_eq(places_left(&p, 4), 4);
}

Test(places, a_vague_key_finds_all_of_its_place_and_all_find_a_vague_row)
{
    add(key(1, 7, false), 0);
    add(key(1, 8, false), 0);
    add(key(1, 0, true), 0);
    build();
    expect_found(key(1, 5, true), (uint32_t[]){ 0, 1, 2 }, 3);
    expect_found(key(1, 9, false), (uint32_t[]){ 2 }, 1);
    expect_found(key(1, 8, false), (uint32_t[]){ 1 }, 1);
    expect_found(key(1, 0, true), (uint32_t[]){ 2 }, 1);
    expect_found(key(2, 0, true), NULL, 0);
}

/* All begin at one slot of the table. */
Test(places, places_that_collide_are_kept_apart)
{
    struct key keys[40];

    for (uint64_t i = 0; i < 40; i++) {
        keys[i] = (struct key){ .place = i << 32, .rest = 1 };
        add(keys[i], i);
        add(keys[i], i);
    }
    build();
    for (uint32_t i = 0; i < 40; i++)
        expect_found(keys[i], (uint32_t[]){ 2 * i, 2 * i + 1 }, 2);
    for (uint32_t i = 0; i < 40; i += 2) {
        cr_assert(places_take(&p, &keys[i], 2 * i));
        cr_assert(places_take(&p, &keys[i], 2 * i + 1));
    }
    for (uint32_t i = 0; i < 40; i++)
        expect_found(keys[i], (uint32_t[]){ 2 * i, 2 * i + 1 },
                     i % 2 == 0 ? 0 : 2);
}

Test(places, many_rows_are_all_found)
{
    enum { MANY = 100 * 1000 };

    for (uint64_t i = 0; i < MANY; i++)
        add((struct key){ .place = i * UINT64_C(0x9e3779b97f4a7c15) }, i);
    build();
    for (uint64_t i = 0; i < MANY; i++) {
        struct key k = { .place = i * UINT64_C(0x9e3779b97f4a7c15) };
        uint32_t row;

        cr_assert_eq(places_find(&p, &k, &row, 1), 1);
        cr_assert_eq(row, i);
    }
    cr_assert_leq(sizeof(struct place), 24);
    cr_assert_leq((p.mask + 1) * 3, MANY * 8, "at most 11 bytes a row");
}

Test(places, a_crowd_of_one_key_is_indexed_and_taken_in_no_time)
{
    enum { CROWD = 200 * 1000 };
    struct key k = key(1, 1, false);

    for (int i = 0; i < CROWD; i++)
        add(k, 0);
    build();
    for (uint32_t i = 0; i < CROWD; i++) {
        uint32_t row;

        cr_assert_eq(places_find(&p, &k, &row, 1), 1);
        cr_assert_eq(row, i);
        cr_assert(places_take(&p, &k, row));
    }
}

Test(places, refused_memory_is_told)
{
    struct key k = key(1, 1, false);
    struct err e = { 0 };

    fault_arm(1);
    cr_assert_not(places_add(&p, &k, 0, &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    fault_arm(0);
    add(k, 0);
    err_clear(&e);
    fault_arm(1);
    cr_assert_not(places_build(&p, &e));
    cr_assert_eq(e.code, ERR_NO_MEMORY);
    fault_arm(0);
}

/* ---- keys ---- */

static struct key key_of_pairs(const char *field, const char *value)
{
    struct record *r =
        sample_record("host", "h", "port", "443", "sni", "h", "starttls",
                      "(none)", "profile", "(none)", "target", "h:443", NULL);
    struct key k;

    if (strcmp(value, "(unknown)") == 0)
        record_state(r, field_find(field), VALUE_UNKNOWN);
    else
        sample_set(r, field, value);
    k = key_of(r, false);
    record_free(r);
    return k;
}

Test(places, host_port_sni_starttls_and_profile_make_the_key)
{
    struct key base = key_of_pairs("host", "h");

    cr_expect_neq(key_of_pairs("host", "i").place, base.place);
    cr_expect_neq(key_of_pairs("port", "444").place, base.place);
    cr_expect_neq(key_of_pairs("sni", "i").rest, base.rest);
    cr_expect_neq(key_of_pairs("sni", "(none)").rest, base.rest);
    cr_expect_neq(key_of_pairs("starttls", "smtp").rest, base.rest);
    cr_expect_neq(key_of_pairs("profile", "old").rest, base.rest);
    cr_expect_eq(key_of_pairs("address", "1.2.3.4").rest, base.rest);
    cr_expect_eq(key_of_pairs("target", "x").place, base.place);
    cr_expect_eq(key_of_pairs("cipher", "x").rest, base.rest);
    cr_expect_eq(key_of_pairs("starttls", "none").rest, base.rest,
                 "the word is the state");
    cr_expect_not(base.vague);
    cr_expect(key_of_pairs("sni", "(unknown)").vague);
}

Test(places, the_address_is_part_of_the_key_when_all_are_probed)
{
    struct record *a = sample_record("host", "h", "address", "1.2.3.4", NULL);
    struct record *b = sample_record("host", "h", "address", "1.2.3.5", NULL);

    cr_expect_neq(key_of(a, true).rest, key_of(b, true).rest);
    cr_expect_eq(key_of(a, false).rest, key_of(b, false).rest);
    cr_expect(key_fits(a, b, false));
    cr_expect_not(key_fits(a, b, true));
    record_free(a);
    record_free(b);
}

Test(places, without_a_host_the_target_is_the_key)
{
    struct record *a = sample_record("target", "a b", NULL);
    struct record *b = sample_record("target", "a c", NULL);

    cr_expect_neq(key_of(a, false).place, key_of(b, false).place);
    cr_expect_not(key_fits(a, b, false));
    cr_expect(key_fits(a, a, false));
    record_free(a);
    record_free(b);
}

Test(places, what_is_not_known_fits)
{
    struct record *a =
        sample_record("host", "h", "port", "1", "sni", "a", NULL);
    struct record *b = sample_record("host", "h", "port", "1", NULL);
    struct record *c =
        sample_record("host", "h", "port", "1", "sni", "c", NULL);
    struct record *d = sample_record("host", "h", NULL);

    cr_expect(key_fits(a, b, false));
    cr_expect_not(key_fits(a, c, false));
    cr_expect_not(key_fits(b, d, false), "the port is always known");
    record_free(a);
    record_free(b);
    record_free(c);
    record_free(d);
}

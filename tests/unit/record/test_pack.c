/* Records as bytes and back. */
#include "record.h"

#include "base/fault.h"
#include "base/mem.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

enum { PACKED_MAX = 1024 * 1024 };

static struct record *r;
static struct buf packed;

static void fill_field(enum field_id id)
{
    switch (field_rows[id].kind) {
    case FIELD_TEXT:
        record_bytes(r, id, "a\0b\xff", 4);
        break;
    case FIELD_INT:
    case FIELD_MS:
    case FIELD_BOOL:
    case FIELD_TIME:
        record_number(r, id, id % 2 ? -1234567890123 : 1);
        break;
    case FIELD_LIST:
    case FIELD_TAGS:
        record_add(r, id, "one", 3);
        record_add(r, id, "", 0);
        break;
    case FIELD_CHAIN:
        break;
    }
}

static void begin(void)
{
    struct buf text;

    r = record_new();
    for (size_t i = 0; i < FIELDS_COUNT; i++)
        if (i % 5 == 4)
            record_state(r, (enum field_id)i, (enum value_state)(i % 3));
        else
            fill_field((enum field_id)i);
    for (int n = 0; n < 3; n++) {
        struct cert *c = record_add_cert(r);

        cert_bytes(r, c, CERT_subject, "CN = x", 6);
        cert_number(c, CERT_key_bits, 2048 + n);
        cert_add(r, c, CERT_san, "DNS:x", 5);
    }
    buf_init(&text, 100);
    buf_text(&text, "depth=0 CN = x\n");
    record_take(r, &r->log, &text);
    r->more = record_new();
    record_text(r->more, REC_target, "second");
    buf_init(&packed, PACKED_MAX);
    record_pack(r, &packed);
    cr_assert(buf_ok(&packed));
}

static void end(void)
{
    record_free(r);
    buf_release(&packed);
}

TestSuite(pack, .init = begin, .fini = end);

Test(pack, what_comes_back_packs_to_the_same_bytes)
{
    struct record *again = record_unpack(packed.data, packed.len);
    struct buf twice;

    cr_assert_not_null(again);
    cr_expect_str_eq(record_get(again->more, REC_target), "second");
    cr_expect_eq(again->nchain, 3);
    buf_init(&twice, PACKED_MAX);
    record_pack(again, &twice);
    cr_assert_eq(twice.len, packed.len);
    cr_expect_arr_eq(twice.data, packed.data, packed.len);
    buf_release(&twice);
    record_free(again);
}

Test(pack, bytes_that_are_cut_anywhere_are_no_record)
{
    for (size_t len = 0; len < packed.len; len++) {
        /* A copy of exactly that size lets a sanitizer see any step too far. */
        char *cut = mem_copy(packed.data, len);

        cr_assert_null(record_unpack(cut, len), "%zu bytes", len);
        mem_free(cut);
    }
}

Test(pack, bytes_too_many_are_no_record)
{
    buf_byte(&packed, '\0');
    cr_expect_null(record_unpack(packed.data, packed.len));
}

Test(pack, spoilt_bytes_do_no_harm)
{
    for (size_t i = 0; i < packed.len; i++) {
        const char was = packed.data[i];

        packed.data[i] = (char)~was;
        record_free(record_unpack(packed.data, packed.len));
        packed.data[i] = was;
    }
}

Test(pack, without_memory_there_is_no_record_and_no_leak)
{
    struct record *again = NULL;

    for (long nth = 1; !again; nth++) {
        fault_arm(nth);
        again = record_unpack(packed.data, packed.len);
        cr_assert(again || nth <= fault_seen());
    }
    fault_arm(0);
    record_free(again);
}
